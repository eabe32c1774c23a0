"""Does to a text what broken writers, editors and networks do."""

import re
from random import Random

from tests.generated_files.made import ADDRESS

_LINES = re.compile(r"[\r\n]").split
_STRANGER = re.compile(r"t\d+@").search
_NEAR, _FAR = 6, 60
_BREAKS = ('\\"', '"\n', '\n"', "\r", "\n", "\r\n")
_APART = ('""', '\\"', '"\n', '\n"', " ", "\r", ",", ";", "\t", "\n", "\r\n")
"""What is in no address, nor is a part of one when it stands beside it."""
SIGNS = ('"', '"', '"', '""', "\\", "\ufeff", "\0", " ", "\ufffd", "\u2028", "'")
ALONE = ('\\"', '"\n', '\n"', "\r", *"{[}]")
"""Two of these, or one beside something else, can make good rows that nobody can tell from those that were meant."""


def damaged(random: Random, text: str, delimiter: str, end: str, *, most: int = 4) -> tuple[str, list[str]]:
    """Return *text* with one to *most* things done to it, and what they are; no address becomes another one."""
    what: list[str] = []
    times = min(most, random.choice((1, 1, 1, 2, 3, 4)))
    for _ in range(times):
        if what and '"' in what[-1] and _STRANGER(text):
            break  # two broken quotes make good rows of texts, which nobody can tell from those that were meant
        kind = random.random()
        if kind < 0.3 and not any("opened" in done for done in what):
            text, done = _opened(random, text, delimiter)
        elif kind < 0.75:
            text, done = _thrown_in(
                random, text, (*SIGNS, delimiter, delimiter, *((*ALONE, end) if times == 1 else ()))
            )
        elif kind < 0.9:
            text, done = _taken_out(random, text, f'"\\{delimiter}' + (end if times == 1 else ""))
        elif times == 1:
            text, done = _cut_off(random, text)
        else:
            done = "nothing"
        what.append(done)
    return text, what


def _opened(random: Random, text: str, delimiter: str) -> tuple[str, str]:
    """Put a quote before a field: so a text that begins with a quote looks when its writer does not double quotes."""
    places = [at + 1 for at, sign in enumerate(text) if sign in (delimiter, "\n", "\r")]
    at = random.choice(places) if places else 0
    if at <= _header_end(text) or _is_near_row_in_text(text, at):
        return text, "nothing"
    if any(_STRANGER(text, start, start + 5 * _NEAR) for start in (at, text.find('"', at)) if start >= 0):
        return text, "nothing"  # a text that begins so would become a row
    return text[:at] + '"' + text[at:], f"a field opened with '\"' at {at}"


def _thrown_in(random: Random, text: str, signs: tuple[str, ...]) -> tuple[str, str]:
    at, sign = random.randrange(len(text) + 1), random.choice(signs)
    if sign != '"' and _is_within(text, at, int(sign not in _APART)):
        return text, "nothing"
    if sign in ",;\t|" and at <= _header_end(text):  # the columns would have each other's names
        return text, "nothing"
    if sign in _BREAKS and (at <= _header_end(text) or _is_near_stranger(text, at)):  # it may begin a line
        return text, "nothing"
    if _STRANGER(text, at, at + _NEAR) or _is_near_row_in_text(text, at):  # it may begin a field
        return text, "nothing"
    return text[:at] + sign + text[at:], f"{sign!r} at {at}"


def _taken_out(random: Random, text: str, signs: str) -> tuple[str, str]:
    places = [at for at, sign in enumerate(text) if sign in signs]
    if not places:
        return text, "nothing"
    at = random.choice(places)
    if text[at] in ",;\t|" and at <= _header_end(text):
        return text, "nothing"
    if _is_near_stranger(text, at) or (text[at] in ",;\t|" and _STRANGER(text)):  # it may become a cell, or a row
        return text, "nothing"
    if _is_within(text, at, 3) or (text[at] in "\r\n" and not _is_between_rows(text, at)):
        return text, "nothing"
    return text[:at] + text[at + 1 :], f"without {text[at]!r} at {at}"


def _cut_off(random: Random, text: str) -> tuple[str, str]:
    at = random.randrange(len(text) + 1)
    is_telling = _is_within(text, at, 0) or _is_near_stranger(text, at)
    return (text, "nothing") if is_telling else (text[:at], f"cut off at {at}")


def _is_near_stranger(text: str, at: int) -> bool:
    return _STRANGER(text, max(0, at - 2 * _FAR), at + 2 * _FAR) is not None


def _is_near_row_in_text(text: str, at: int) -> bool:
    """Tell whether a text near *at* has a row in it: if its quotes are broken, nobody can tell it from a row."""
    return "Eve" in text[max(0, at - 2 * _FAR) : at + 2 * _FAR]


def _header_end(text: str) -> int:
    """Return where the first row begins, or 0 where none does."""
    first = ADDRESS.search(text)
    return max(0, text.rfind("\n", 0, first.start()), text.rfind("\r", 0, first.start())) if first else 0


def _is_between_rows(text: str, at: int) -> bool:
    """Tell whether the lines around a line end have an address each: together they have too many fields."""
    before, behind = _LINES(text[:at])[-1:], _LINES(text[at + 1 :].lstrip("\n"))[:1]
    return all(ADDRESS.search(line) for line in (*before, *behind))


def _is_within(text: str, at: int, beside: int) -> bool:
    """Tell whether *at* is within an address, which may have a quote thrown into it, or beside one."""
    before, behind = text[max(0, at - 20) : at], text[at : at + 20]
    quoteless = before.replace('"', "")
    return _is_in_address(before + behind, len(before), beside) or _is_in_address(
        quoteless + behind.replace('"', ""), len(quoteless), 0
    )


def _is_in_address(text: str, at: int, beside: int) -> bool:
    return any(found.start() - beside < at < found.end() + beside for found in ADDRESS.finditer(text))
