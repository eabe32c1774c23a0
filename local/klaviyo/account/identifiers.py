"""Ids in the form of Klaviyo's ids; the same times give the same ids."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BITS = 80
_SCATTER = 0x9E3779B97F4A7C15F39D  # odd, so that no two numbers get the same id
_SCATTER_OF_SHORT = 0x2545F491


def ulid(seconds: float, number: int) -> str:
    """Return an id of 26 characters: ten from the time, sixteen from *number*."""
    return _text(int(seconds * 1000), 10) + _text(number * _SCATTER % (1 << _BITS), 16)


def short_id(number: int) -> str:
    """Return an id of six characters, such as a list has; another *number* gives another id."""
    return _text(number * _SCATTER_OF_SHORT % (1 << 30), 6)


def _text(value: int, length: int) -> str:
    return "".join(_ALPHABET[value >> 5 * place & 31] for place in reversed(range(length)))
