"""Says which values of rows cannot be sent and stay behind, in a run and in its preview."""

from collections.abc import Mapping

_PHONE = "phone_number"
_TIP = " Check these numbers, and phone_region of the export where they have no country code."


def tell_of_left_out(left_out: Mapping[str, int]) -> list[str]:
    """Return a sentence for each field that had values which cannot be sent; *left_out* counts them by field."""
    return [
        (
            f"1 value of {field} cannot be sent and was left out; its row went without it."
            if count == 1
            else f"{count:,} values of {field} cannot be sent and were left out; their rows went without them."
        )
        + (_TIP if field == _PHONE else "")
        for field, count in left_out.items()
    ]


def warn_of_left_out(left_out: Mapping[str, int], rows: int) -> list[str]:
    """Return the same of the first *rows* rows, which nobody has sent."""
    return [
        f"Of the first {rows:,} rows, {count:,} {'has' if count == 1 else 'have'} a {field} that cannot be sent; they "
        "would go without it." + (_TIP if field == _PHONE else "")
        for field, count in left_out.items()
    ]
