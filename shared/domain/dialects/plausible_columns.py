"""Tells names of columns from data of customers, which must not stand in a sentence, an answer or a log."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice

LONGEST_NAME = 64
MOST_CELLS = 2000
"""So many cells of a record are looked at; hostile files have hundreds of thousands."""


def looks_like_data(cells: Iterable[str]) -> bool:
    """Tell whether a record is data, and so no header: a cell is an address, a long number, a time or an id."""
    return any(_DATA(cell.strip()) or _is_phone(cell) for cell in islice(cells, MOST_CELLS))


def plausible_columns(names: Sequence[str]) -> tuple[str, ...]:
    """Return those of *names* that may be shown as names of columns: none when the record looks like data.

    A name without an ``@``, of at most 64 characters that can be printed, that is no number, phone number or date.
    Example: of ``("email", "2026-11-28", "Zip")`` the first and the last.
    """
    return () if looks_like_data(names) else tuple(name for name in names if is_plausible(name))


def is_plausible(name: str) -> bool:
    """Tell whether *name* may be shown as the name of a column."""
    if not name.strip() or len(name) > LONGEST_NAME or "@" in name or not name.isprintable():
        return False
    return not (_NUMBER(name.strip()) or _DATE(name.strip()) or _DATA(name.strip()) or _is_phone(name))


def _is_phone(cell: str) -> bool:
    text = cell.strip()
    if len(text) > LONGEST_NAME or not _PHONE(text) or _DATE(text):
        return False
    return sum(map(str.isdigit, text)) >= _PHONE_DIGITS


_PHONE_DIGITS = 7
_PHONE = re.compile(r"(?:tel:)?\+?[\d\s()./-]+").fullmatch
_NUMBER = re.compile(r"[+-]?[\d.,\s']*\d[\d.,\s']*%?").fullmatch
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}(?:[-./]\d{1,4})?(?:[T ].*)?|\d{1,2}[-./]\d{4}").fullmatch
_DATA = re.compile(
    r".*[^\s@]@[^\s@].*"  # an e-mail address, perhaps with more around it
    r"|[+-]?\d{5,}(?:[.,]\d*)?"  # a long number
    r"|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}[T ]\d{1,2}:.*"  # a time; a date alone may be the name of a column
    r"|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}",  # an id
    re.DOTALL,
).fullmatch
