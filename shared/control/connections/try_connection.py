"""Tries a connection: whether it leads where it should, and everything that stands in the way of its runs."""

from dataclasses import dataclass

from shared.control.connections.key_findings import KeyFindings, find_out
from shared.domain.config.connection import Connection
from shared.domain.errors import ConfigurationError, Fatal
from shared.domain.sentences import Sentence, say
from shared.ports import Secrets, Sinks
from shared.store.store import Store


@dataclass(frozen=True, slots=True)
class ConnectionTrial:
    """What came of the trial.

    *findings* is None where Klaviyo could not be asked. Nothing keeps a run from working where *problems* is empty.
    """

    findings: KeyFindings | None
    problems: tuple[Sentence, ...]


async def try_connection(
    connection: Connection, list_id: str | None, *, store: Store, secrets: Secrets, sinks: Sinks
) -> ConnectionTrial:
    """Ask Klaviyo with the key that the connection's secret holds now, and remember the account that it leads to.

    What a person must mend is a problem in the answer. Raises `Retryable`.
    """
    problems: list[Sentence] = []
    try:
        connection.check_consent()
    except ConfigurationError as error:
        problems.append(error.sentence)
    try:
        await secrets.get(connection.secret_name, fresh=True)  # a cached key may be some minutes old
        findings = await find_out(sinks(connection.secret_name), list_id)
    except Fatal as error:
        return ConnectionTrial(None, (*problems, error.sentence))
    problems += _problems(connection, findings)
    await store.connections.remember_account(connection, findings.account.id if findings.account else None)
    return ConnectionTrial(findings, tuple(problems))


def _problems(connection: Connection, findings: KeyFindings) -> list[Sentence]:
    """Return what was found that would fail a run."""
    found = []
    if findings.account and connection.account_id not in (None, findings.account.id):
        found.append(
            say(
                "key_of_other_account",
                _OTHER_ACCOUNT,
                secret=connection.secret_name,
                found=findings.account.id,
                expected=connection.account_id,
            )
        )
    found += [
        say(
            "scope_missing",
            "The key lacks the scope {scope}, {needed_for}.",
            scope=each.name,
            needed_for=each.needed_for,
        )
        for each in findings.missing
        if each.required
    ]
    if findings.list_problem:
        found.append(findings.list_problem)
    return found


_OTHER_ACCOUNT = (
    "The key in secret '{secret}' leads to the Klaviyo account {found}, but the connection is for {expected}. "
    "Put a key of that account into the secret, or save the connection with an account_id of null when it shall be "
    "for the other one."
)
