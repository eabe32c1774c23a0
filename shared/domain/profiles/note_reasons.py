"""Every reason for which a value or a row is noted: what becomes of it, and how people are told."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Effect = Literal["left_out", "changed", "sent"]
LEFT_OUT: Final = "left_out"
CHANGED: Final = "changed"
SENT: Final = "sent"


class Reason(NamedTuple):
    """What becomes of a noted value, and the words for it.

    *one* and *many* go on after "1 value of title" and "3 values of title"; *cure* is a sentence with the next step.
    For what is noted about whole rows, *one* and *many* are whole sentences.
    """

    effect: Effect
    one: str
    many: str
    cure: str = ""


REASONS: Mapping[str, Reason] = {
    "not_a_text": Reason(
        LEFT_OUT,
        "is no text (true, false, a list or an object)",
        "are no texts (true, false, lists or objects)",
        "Write a text or a number.",
    ),
    "digits_lost": Reason(
        LEFT_OUT,
        "is a number that has lost digits already",
        "are numbers that have lost digits already",
        "Write long numbers as texts, with all their digits.",
    ),
    "too_deep": Reason(
        LEFT_OUT, "is nested more than 10 levels deep", "are nested more than 10 levels deep", "Write flatter values."
    ),
    "no_identifier": Reason(
        LEFT_OUT,
        "is a word for nothing, such as NULL, and no identifier",
        "are words for nothing, such as NULL, and no identifiers",
        "Write an empty value, or name the word in reading.null_values of the export.",
    ),
    "shared_identifier": Reason(
        LEFT_OUT,
        "stands in an earlier row of the run already, for another person",
        "stand in earlier rows of the run already, for other people",
        "Klaviyo could merge the people; the first row keeps the value. Give each person a value of their own.",
    ),
    "not_a_phone_number": Reason(
        LEFT_OUT,
        "is no valid phone number",
        "are no valid phone numbers",
        "Write phone numbers with a plus sign and the country code, such as +380671234567, "
        "and check phone_region of the export.",
    ),
    "phone_without_country": Reason(
        LEFT_OUT,
        "is a phone number without a country code",
        "are phone numbers without a country code",
        "Set phone_region of the export, or write phone numbers with a plus sign and the country code.",
    ),
    "phone_ambiguous": Reason(
        LEFT_OUT,
        "can be read as two phone numbers, with and without a country code",
        "can be read as two phone numbers each, with and without a country code",
        "Write phone numbers with a plus sign and the country code.",
    ),
    "not_a_number": Reason(
        LEFT_OUT,
        "is no number, or one that can be read in two ways (1.234)",
        "are no numbers, or such as can be read in two ways (1.234)",
        "Write numbers as 1234.56, or set decimal_comma where they are written as 1234,56.",
    ),
    "not_an_integer": Reason(
        LEFT_OUT, "is no whole number", "are no whole numbers", "Write whole numbers, or give the mapping another type."
    ),
    "not_true_or_false": Reason(
        LEFT_OUT, "is neither true nor false", "are neither true nor false", "Write true or false, yes or no, 1 or 0."
    ),
    "not_a_date": Reason(
        LEFT_OUT,
        "is no date in the expected form",
        "are no dates in the expected form",
        "Write dates as 2026-12-31, or set date_format in the mapping.",
    ),
    "not_a_datetime": Reason(
        LEFT_OUT,
        "is no date with a time in the expected form",
        "are no dates with a time in the expected form",
        "Write times as 2026-12-31T18:30:00+02:00, or set date_format in the mapping.",
    ),
    "not_a_latitude": Reason(
        LEFT_OUT,
        "is no number from -90 to 90",
        "are no numbers from -90 to 90",
        "Write degrees as a number, such as 50.45.",
    ),
    "not_a_longitude": Reason(
        LEFT_OUT,
        "is no number from -180 to 180",
        "are no numbers from -180 to 180",
        "Write degrees as a number, such as 30.52.",
    ),
    "refused_by_klaviyo": Reason(
        LEFT_OUT,
        "was refused by Klaviyo",
        "were refused by Klaviyo",
        "Compare the values in these rows with what Klaviyo takes.",
    ),
    "control_characters": Reason(
        CHANGED,
        "has control characters, which nobody can see; they are dropped",
        "have control characters, which nobody can see; they are dropped",
        "Look at how the file is written.",
    ),
    "invisible_characters": Reason(
        CHANGED,
        "has invisible characters; they are dropped",
        "have invisible characters; they are dropped",
        "Look at where the addresses are copied from.",
    ),
    "excel_guard": Reason(
        CHANGED,
        'has a sign in front that Excel keeps text by (\'Ann or ="00123"); it is dropped',
        'have a sign in front that Excel keeps text by (\'Ann or ="00123"); it is dropped',
        "Write the file without it.",
    ),
    "looks_empty": Reason(
        SENT,
        "is a word that software writes for nothing, such as NULL or N/A",
        "are words that software writes for nothing, such as NULL or N/A",
        "If nobody is meant, name the word in reading.null_values of the export.",
    ),
    "looks_like_a_decimal": Reason(
        SENT,
        "ends in .0 or has an exponent, as if a number had become a text",
        "end in .0 or have an exponent, as if numbers had become texts",
        'Give the column "type": "integer" in the mapping, so that 12345.0 and 12345 are one customer.',
    ),
    "replacement_character": Reason(
        SENT,
        "has the character U+FFFD, which stands where the writer of the file lost a letter",
        "have the character U+FFFD, which stands where the writer of the file lost a letter",
        "Write the file anew, as UTF-8.",
    ),
    "blank_row": Reason(
        LEFT_OUT,
        "One record of a CSV file has no filled cell; it is no row.",
        "{count:,} records of CSV files have no filled cell; they are no rows.",
        "Delete the empty lines, if they are not meant.",
    ),
    "short_row": Reason(
        CHANGED,
        "One row has fewer cells than its header; the missing ones are read as empty.",
        "{count:,} rows have fewer cells than their header; the missing ones are read as empty.",
        "Look at how the file is written.",
    ),
    "repeated_header": Reason(
        LEFT_OUT,
        "One line repeats the header of its file; it is no row.",
        "{count:,} lines repeat the header of their file; they are no rows.",
        "Put files together without their headers.",
    ),
}

_UNKNOWN_VALUE = Reason(LEFT_OUT, "cannot be sent", "cannot be sent")
"""Stands for a reason that another release of the app knows, or that none was stored for."""
_UNKNOWN_ROW = Reason(CHANGED, "One line of a file is odd.", "{count:,} lines of files are odd.")


def reason_of(reason: str, *, of_a_row: bool = False) -> Reason:
    """Return what is known about *reason*; *of_a_row* tells that a whole row was noted."""
    return REASONS.get(reason) or (_UNKNOWN_ROW if of_a_row else _UNKNOWN_VALUE)


def effect_of(reason: str) -> Effect:
    """Return what becomes of a value that was noted for *reason*."""
    return reason_of(reason).effect
