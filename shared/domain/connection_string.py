"""What the connection string of a storage account looks like, so that a damaged one is found before it is used."""

import base64
import binascii


def is_connection_string(text: str) -> bool:
    """Tell whether *text* is a list of ``Name=value`` that leads to a storage account."""
    parts = _parts(text)
    is_list = all("=" in part for part in text.rstrip(";").split(";"))
    return _is_of_emulator(parts) or (is_list and not parts.keys().isdisjoint({"accountname", "blobendpoint"}))


def has_key(text: str) -> bool:
    """Tell whether the connection string *text* has what lets its user in: an account key, or a signature."""
    parts = _parts(text)
    return _is_of_emulator(parts) or "sharedaccesssignature" in parts or _is_base64(parts.get("accountkey", ""))


def _parts(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.rstrip(";").split(";")]
    return {name.strip().lower(): value for name, _, value in pairs}


def _is_of_emulator(parts: dict[str, str]) -> bool:
    """Tell whether the string is ``UseDevelopmentStorage=true``, which needs no account and no key."""
    return parts.get("usedevelopmentstorage") == "true"


def _is_base64(text: str) -> bool:
    try:
        return bool(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return False
