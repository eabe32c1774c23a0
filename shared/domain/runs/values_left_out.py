"""Sentences about values that cannot be sent, while the rest of their rows is sent."""

from collections.abc import Mapping

from shared.domain.sentences import Sentence, say

_PHONE = "phone_number"
_TIP = " Check these numbers, and phone_region of the export where they have no country code."


def tell_of_left_out(left_out: Mapping[str, int]) -> list[Sentence]:
    """Return a sentence for each field that a run left values out of; *left_out* counts the values by field."""
    one = "{count:,} value of {field} cannot be sent and was left out; its row went without it."
    many = "{count:,} values of {field} cannot be sent and were left out; their rows went without them."
    return [
        say("values_left_out", (one if count == 1 else many) + _tip(field), count=count, field=field)
        for field, count in left_out.items()
    ]


def warn_of_left_out(left_out: Mapping[str, int], rows: int) -> list[Sentence]:
    """Return a sentence for each field that a run would leave values out of, judged by the first *rows* rows."""
    one = "Of the first {rows:,} rows, {count:,} has a {field} that cannot be sent; they would go without it."
    many = "Of the first {rows:,} rows, {count:,} have a {field} that cannot be sent; they would go without it."
    return [
        say("values_to_leave_out", (one if count == 1 else many) + _tip(field), rows=rows, count=count, field=field)
        for field, count in left_out.items()
    ]


def _tip(field: str) -> str:
    return _TIP if field == _PHONE else ""
