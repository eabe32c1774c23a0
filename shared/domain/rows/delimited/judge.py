"""Judges whether lines between two quotes are one record, or rows that a stray quote would swallow."""

from collections.abc import Iterable, Sequence

from shared.domain.rows.delimited.line_looks import Look


class Judge:
    """Judges lines by their looks: the first line opens a quote, and the others were read from within quotes.

    *columns* is how many columns there are, and *email* the place of the one with e-mail addresses, None where all
    columns can have them.
    """

    def __init__(self, columns: int, email: int | None) -> None:
        self.columns, self.email = columns, email

    def is_record(self, looks: Sequence[Look], *, is_freed: bool) -> bool:
        """Tell whether the lines are one record, and only the line with its e-mail address could be a row as well.

        Behind a quote that was refused, an e-mail address on another line is too much: it may be the one of that row.
        """
        first, *others = looks
        if first.afresh.is_broken or any(look.within.is_broken for look in others):
            return False
        fields = first.afresh.fields + sum(look.within.fields for look in others[:-1]) + others[-1].within.filled
        if fields > self.columns:
            return False
        email = self._email_line(looks)
        if is_freed and any(look.has_address for place, look in enumerate(looks) if place != email):
            return False
        return not self._others_like_rows(looks)

    def is_ambiguous(self, looks: Sequence[Look]) -> bool:
        """Tell whether a line could be a row although the lines are no record."""
        return any(look.is_like_row for look in looks[1:]) or self._others_like_rows(looks)

    def next_record(self, looks: Sequence[Look]) -> int:
        """Return where a record begins that explains the lines if the first line is refused; 0 if there is none."""
        start = next((place for place, look in enumerate(looks[1:-1], 1) if look.afresh.opens), 0)
        if not start or not all(look.is_row or look.is_blank for look in looks[1:start]):
            return 0
        return start if self.is_record(looks[start:], is_freed=True) else 0

    def first_too_wide(self, looks: Iterable[Look]) -> int:
        """Return how many lines, which are too wide together, it takes to have more fields than there are columns."""
        fields = count = 0
        for count, look in enumerate(looks, 1):
            fields += look.within.fields if count > 1 else look.afresh.fields
            if fields > self.columns:
                break
        return count

    def _others_like_rows(self, looks: Sequence[Look]) -> bool:
        """Tell whether a line could be a row of its own, or the end of one, beside the one with the e-mail address."""
        email = self._email_line(looks)
        others = (look for place, look in enumerate(looks) if place != email)
        ends_row = self.email is not None and email != 0 and looks[0].ends_row
        return ends_row or any(look.is_like_row for look in others)

    def _email_line(self, looks: Sequence[Look]) -> int | None:
        """Return on which of the lines the field with the e-mail address begins."""
        email, fields = self.email, looks[0].afresh.fields
        if email is None:
            return next((place for place, look in enumerate(looks) if look.is_like_row), None)
        for place, look in enumerate(looks):
            fields += look.within.fields if place else 0
            if fields > email:
                return place
        return None
