"""Ids that look like Klaviyo's and are the same in every run with the same times."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BITS = 80
_SCATTER = 0x9E3779B97F4A7C15F39D  # odd, so that every number keeps an id of its own


def ulid(seconds: float, number: int) -> str:
    """Return 26 characters: ten of the time, sixteen of the *number*, one to one."""
    return _text(int(seconds * 1000), 10) + _text(number * _SCATTER % (1 << _BITS), 16)


def _text(value: int, length: int) -> str:
    return "".join(_ALPHABET[value >> 5 * place & 31] for place in reversed(range(length)))
