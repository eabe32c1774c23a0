"""Faults at the door: who and what is let in, which secrets may be named, and how long a person waits."""

from tests.mutants.mutant import Mutant

IN_ENTERING = (
    Mutant(
        "pages of other sites let in",
        "shared/api/http/entrance.py",
        "    check_origin(asked.method, headers)\n",
        "",
        "tests/api/test_foreign_pages.py",
    ),
    Mutant(
        "another app on the same site taken for the app's own page",
        "shared/api/access/origin.py",
        '_OURS = ("same-origin", "none")',
        '_OURS = ("same-origin", "same-site", "none")',
        "tests/api/test_foreign_pages.py",
    ),
    Mutant(
        "large body read before it is refused",
        "shared/api/http/entrance.py",
        'if is_too_long(headers.get("content-length", "")) or len(body',
        "if len(body",
        "tests/api/test_entrance.py",
    ),
    Mutant(
        "silence about authentication taken for yes in Azure",
        "shared/settings.py",
        "    return not _is_azure(environment) if said is None else",
        "    return True if said is None else",
        "tests/test_auth_settings.py",
    ),
    Mutant(
        "any secret of the vault read as a key",
        "shared/adapters/azure/secrets.py",
        "        if not is_key_name(name, self._prefix):\n            raise unusable_secret(",
        "        if not name:\n            raise unusable_secret(",
        "tests/adapters/azure/test_azure_secrets.py",
    ),
    Mutant(
        "any secret named in a connection",
        "shared/domain/config/connection_wish.py",
        "and (writes or name != writing.kept_secret)",
        "and writes",
        "tests/api/connections/test_connection_keys.py",
    ),
    Mutant(
        "whoever is silent not named",
        "shared/ports/heard.py",
        "    names.append(name)\n",
        '    names.append("somebody")\n    name = "somebody"\n',
        "tests/api/test_patience.py",
    ),
    Mutant(
        "old tick taken for a good one",
        "shared/control/check_health.py",
        "if clock.now() - last > LONGEST_PAUSE:",
        "if clock.now() < last:",
        "tests/api/test_health_details.py",
    ),
)
