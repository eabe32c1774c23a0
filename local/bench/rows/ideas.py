"""Measures other ways to handle the rows of a page beside the way that the pipeline takes."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

import orjson

from local.bench.table import Figure
from local.samples import MAPPING, SampleSpec, sample_rows
from shared.adapters.klaviyo.profiles import encode_profile
from shared.domain.config.mapping import Mapping
from shared.domain.profiles.cleaners import Cleaners
from shared.domain.profiles.mappers.profile_form import ProfileForm
from shared.domain.profiles.mappers.rules import rules_of
from shared.domain.profiles.texts import nulls_of
from shared.domain.rows.file_reader import PAGE_ROWS
from shared.domain.rows.ndjson_rows import NdjsonRows
from shared.domain.rows.rows import Row

ROWS = 20_000
ROUNDS = 9
_COLUMNS = ("CustomerId", "FirstName", "LastName", "City", "Country", "LoyaltyTier", "Points", "LastPurchase")
_MARK = orjson.Fragment(b"\n")


def measure() -> Iterator[Figure]:
    """Yield for each idea its time a row, beside that of what the pipeline does; rounds alternate."""
    rows = [row for _, row in sample_rows(SampleSpec(ROWS))]
    pages = [rows[start : start + PAGE_ROWS] for start in range(0, ROWS, PAGE_ROWS)]
    lines = [[orjson.dumps(row) for row in page] for page in pages]
    profiles = [_profiles_of(page) for page in pages]
    columns = [[[row[name] for row in page] for name in ("EMail", *_COLUMNS)] for page in pages]
    for what, idea, ours, work in (
        ("parse each line by itself", _parse_each, _parse_page, lines),
        ("encode a page in one call, and cut it", _encode_page, _encode_each, profiles),
        ("make profiles by a loop over the names", _make_by_loop, _make_by_form, columns),
        ("look into each row for each column", _look_into_each, _look_once, pages),
    ):
        idea_times, our_times = [], []
        for _ in range(ROUNDS):
            idea_times.append(_nanoseconds(idea, work))
            our_times.append(_nanoseconds(ours, work))
        ratio = statistics.median(one / other for one, other in zip(idea_times, our_times, strict=True))
        figures = (statistics.median(idea_times), statistics.median(our_times))
        yield Figure(f"idea: {what}", f"{figures[0]:.0f} ns a row, {ratio:.2f} times", f"{figures[1]:.0f} ns a row")


def _parse_each(lines: list[bytes]) -> Any:
    return list(map(orjson.loads, lines))


def _parse_page(lines: list[bytes]) -> Any:
    return NdjsonRows().feed([*lines]).rows


def _encode_each(profiles: list[dict[str, Any]]) -> Any:
    return [encode_profile(profile) for profile in profiles]


def _encode_page(profiles: list[dict[str, Any]]) -> Any:
    """Encode *profiles* with a line end between them, which JSON has nowhere else, and cut them there."""
    parts: list[Any] = [_MARK] * (2 * len(profiles) - 1)
    parts[::2] = [{"type": "profile", "attributes": profile} for profile in profiles]
    return [part.strip(b",") for part in orjson.dumps(parts)[1:-1].split(b"\n")]


def _look_into_each(page: list[Row]) -> Any:
    return [[row.get(name) for row in page] for name in _COLUMNS]


def _look_once(page: list[Row]) -> Any:
    return list(zip(*map(itemgetter(*_COLUMNS), page), strict=True))


def _make_by_form(columns: list[list[Any]]) -> Any:
    emails, *values = columns
    return _FORM.put(frozenset())(_nothing, emails, values)


def _make_by_loop(columns: list[list[Any]]) -> Any:
    made = []
    for email, *values in zip(*columns, strict=True):
        profile: dict[str, Any] = {"email": email}
        for (group, name), value in zip(_NAMES, values, strict=True):
            into = profile.setdefault(group, {}) if group else profile
            into[name] = value
        made.append(_nothing(profile))
    return made


def _nothing(_profile: dict[str, Any]) -> bytes:
    return b""


def _profiles_of(page: list[Row]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []

    def keep(profile: dict[str, Any]) -> bytes:
        made.append(profile)
        return b""

    columns = [[row[str(rule.column)] for row in page] for rule in _RULES]
    _FORM.put(frozenset())(keep, [row["EMail"] for row in page], columns)
    return made


def _nanoseconds(each: Callable[[Any], Any], work: list[Any]) -> float:
    gc.collect()
    began = time.process_time()
    for page in work:
        each(page)
    return (time.process_time() - began) / ROWS * 1e9


_RULES = rules_of(
    Mapping.written({name: column for name, column in MAPPING.items() if name != "phone_number"}),
    Cleaners(nulls_of(()), None, decimal_comma=False),
)
_NAMES = [(rule.group, rule.name) for rule in _RULES]
_FORM = ProfileForm(_RULES)
