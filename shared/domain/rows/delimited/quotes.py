r"""How quotes stand in one line of CSV, read with patterns that look at each byte a fixed number of times.

A field is quoted where a quote is its first byte; blanks may stand around the quotes. Where blanks stand before the
quote, the field must close on the same line: ``Ann, "Smith" ,x`` has the field ``Smith``, but ``Ann, "Old" town,x`` has
the field `` "Old" town``. A quote closes its field where a delimiter or the end of the line follows. Any other quote in
a quoted field breaks the line; it is read as text, to learn how the line ends.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from shared.domain.rows.dialect import Escape

QUOTE = b'"'


class Afresh(NamedTuple):
    """A line, read from outside of quotes."""

    fields: int
    opens: bool
    """Tells that the line ends within its last field."""
    is_broken: bool


class Within(NamedTuple):
    """A line, read from within a quoted field; *fields* counts those that begin on the line."""

    fields: int
    filled: int
    """As *fields*, without the empty fields at the end of a line that closes."""
    closes: bool
    """Tells that the line ends outside of quotes."""
    is_broken: bool


class CsvQuotes:
    """Reads the quotes of lines with this *delimiter* and this way to write a quote within quotes."""

    def __init__(self, delimiter: bytes, escape: Escape) -> None:
        self.delimiter, self._escape = delimiter, escape
        mark, self._blanks = re.escape(delimiter), bytes(set(b" \t") - set(delimiter))
        blank, end = rb"[%s]" % self._blanks, rb"(?=%s|\r*+\Z)" % mark
        body = _BODY[escape]
        close = rb'"%s*+' % blank + end
        quoted = rb'"(?:%s)*+' % body + close
        stray = rb'"(?!%s*+(?:%s|\r*+\Z))' % (blank, mark)
        lazy = rb'"(?:%s|%s)*+' % (body, stray) + close
        padded = blank + b"++" + quoted
        bare, calm = rb'(?!")[^%s]*+' % mark, rb'[^"%s]*+' % mark

        def fields(*kinds: bytes) -> bytes:
            return rb"(?>%(kind)s)(?:%(mark)s(?>%(kind)s))*+" % {b"kind": b"|".join(kinds), b"mark": mark}

        plain = rb"(?<![^%s])%s(?=%s|\r*+\Z)" % (mark, _PLAIN[escape], mark)
        self.plain_pattern = rb'(?:[^"]*+%s)*+[^"]*+' % plain
        self.is_plain = re.compile(self.plain_pattern).fullmatch
        """Matches a line that Python's csv module reads as it is, and that ends outside of quotes.

        The pattern goes from quote to quote, not from field to field: most lines have more fields than quotes.
        """
        self.is_clean = re.compile(fields(quoted, padded, calm) + rb"\r*+").fullmatch
        """Matches a line that ends outside of quotes, and has no quote but those around a field and within quotes."""
        empty = rb'%s*+(?:"%s*+"%s*+)?+' % (blank, blank, blank)
        self.is_blank = re.compile(rb"%s(?:%s%s)*+\r*+" % (empty, mark, empty)).fullmatch
        """Matches a line without a filled cell."""
        self.has_lone_opener = re.compile(
            rb'(?:\A|%s)(?:(?!%s)(?:%s))++"[^"%s]*+%s' % (mark, mark, _UNSEEN, mark, end)
        ).search
        """Finds a field with one quote, where nothing that is seen stands before it: it may have opened the field."""
        self._hidden_opener = re.compile(
            rb'(?:\A|%s)%s*+(?:%s)(?:(?!%s)(?:%s))*+"[^"%s]*+%s' % (mark, blank, _HIDDEN, mark, _UNSEEN, mark, end)
        ).search
        lone_escape = rb'(?:\A|%s)\\++"[^"%s]*+%s' % (mark, mark, end)
        self.has_lone_escape = re.compile(lone_escape if escape == "doubled" else rb"(?!)").search
        """Finds a field with one quote behind backslashes, where backslashes escape nothing."""
        self._is_whole = re.compile(fields(quoted, padded, bare) + rb"\r*+").fullmatch
        self._is_open = re.compile(
            rb'((?:(?>%s)%s)*+)"(?:%s)*+' % (b"|".join((quoted, padded, bare)), mark, body)
        ).fullmatch
        self._closed_part = re.compile(rb"(%s)?+\r*+" % fields(lazy, padded, bare)).match
        self._drop_quoted = re.compile(rb"(?<![^%s])(?:%s|%s)" % (mark, lazy, padded)).sub
        self._close = re.compile(rb"(?:%s)*+" % body + close).match
        self._lazy_close = re.compile(rb"(?:%s|%s)*+" % (body, stray) + close).match
        self._is_body = re.compile(rb"(?:%s)*+" % body).fullmatch
        self._cell = re.compile(rb"(?:\A|%s)((?>%s|[^%s]*+))" % (mark, b"|".join((quoted, padded)), mark)).finditer
        self._oddities = [found for each in self._blanks for found in (b'%c"' % each, b'"%c' % each)]
        self._oddities += [b'\\"'] if escape == "backslash" else []
        text = re.compile(rb'(?<![^%s])%s*+"((?:%s)*+)' % (mark, blank, body) + close)
        self._quoted, self._text = text.sub, text.finditer
        self._plain_field = _with_doubled_quotes if escape == "backslash" else rb'"\1"'

    def afresh(self, line: bytes) -> Afresh:
        """Return how *line* reads from outside of quotes."""
        at = line.rfind(QUOTE)
        if at < 0:
            return Afresh(line.count(self.delimiter) + 1, False, False)
        if line.find(QUOTE) == at and (not at or line[at - 1 : at] == self.delimiter):  # most lines that open a quote
            return _opened_in(line.count(self.delimiter, 0, at) + 1)
        if opened := self._is_open(line):
            return Afresh(self._count(opened[1]), True, False)
        if self._is_whole(line):
            return Afresh(self._count(line), False, False)
        closed = self._closed_part(line)
        before = closed[1] if closed else None  # the pattern always matches
        fields = 0 if before is None else self._count(before)
        if closed and closed.end() == len(line):
            return Afresh(fields, False, True)
        return Afresh(fields + 1, True, True)

    def within(self, line: bytes) -> Within:
        """Return how *line* reads from within a quoted field."""
        at = line.find(QUOTE)
        if at < 0:
            return _ALL_TEXT
        if line[at:] in _LAST and line[at - 1 : at] != b"\\":  # most lines that close
            return _CLOSED
        close, is_broken = self._close(line), False
        if close is None:
            close = self._lazy_close(line)
            is_broken = close is not None or not self._is_body(line)
        if close is None:
            return Within(0, 0, closes=False, is_broken=is_broken)
        rest = line[close.end() :].rstrip(b"\r")
        if not rest:
            return Within(0, 0, closes=True, is_broken=is_broken)
        after = self.afresh(rest[1:])
        is_broken = is_broken or after.is_broken
        if after.opens:
            return Within(after.fields, after.fields, closes=False, is_broken=is_broken)
        filled = rest.rstrip(self.delimiter + self._blanks + QUOTE)
        count = after.fields if filled == rest else self.afresh(filled[1:]).fields if filled else 0
        return Within(after.fields, count, closes=True, is_broken=is_broken)

    def cell(self, record: bytes, place: int) -> bytes:
        """Return the field at *place* (from 0) of a *record* that is not broken, as it is written, or nothing."""
        for at, found in enumerate(self._cell(record)):
            if at == place:
                return found[1]
        return b""

    def has_hidden_opener(self, line: bytes) -> bool:
        """Tell whether a field of *line* has one quote, and before it only what is not seen, but not only blanks."""
        return self._hidden_opener(line) is not None and self._hidden_opener(self._drop_quoted(b"", line)) is not None

    def mixes_escapes(self, record: bytes) -> bool:
        r"""Tell whether a text in *record* has both ``\"`` and ``""``, and a backslash escapes a quote.

        Nobody writes so: either ends a text in one way of reading. Example: ``"Ann\"``, a line end, and ``""; Bo\""``.
        """
        if self._escape == "doubled" or b'\\"' not in record or b'""' not in record:
            return False
        texts = (found[1] for found in self._text(record))
        return any(b'\\"' in text and b'""' in text for text in texts)

    def plain(self, record: bytes) -> bytes:
        r"""Return *record*, which is not broken, as Python's csv module reads it.

        No blank stands around quotes any more, and each quote within quotes is doubled: ``"a\"b" ,x`` becomes
        ``"a""b",x``.
        """
        start = max(record.find(QUOTE) - 1, 0)
        for oddity in self._oddities:
            if record.find(oddity, start) >= 0:
                return self._quoted(self._plain_field, record)
        return record

    def _count(self, fields: bytes) -> int:
        return self._drop_quoted(b"", fields).count(self.delimiter) + 1


@cache
def quotes_of(delimiter: str, escape: Escape) -> CsvQuotes:
    """Return what reads the quotes of a file with this *delimiter* and *escape*."""
    return CsvQuotes(delimiter.encode(), escape)


@lru_cache(maxsize=256)
def _opened_in(field: int) -> Afresh:
    return Afresh(field, True, False)


def _with_doubled_quotes(field: re.Match[bytes]) -> bytes:
    return QUOTE + _ESCAPED_QUOTE(_doubled_quote, field[1] + QUOTE)


def _doubled_quote(found: re.Match[bytes]) -> bytes:
    pairs, escapes = divmod(len(found[1]), 2)
    return b"\\" * pairs + QUOTE * (1 + escapes)


_LAST = (QUOTE, QUOTE + b"\r")
_ALL_TEXT = Within(0, 0, closes=False, is_broken=False)
_CLOSED = Within(0, 0, closes=True, is_broken=False)
_ESCAPED_QUOTE = re.compile(rb'(\\++)"').sub
_HIDDEN = rb"[\x00-\x08\x0a-\x1f]|\xc2\xa0|\xe2\x80[\x80-\x8f\xa8\xa9\xaf]|\xe3\x80\x80|\xef\xbb\xbf|\xef\xbf\xbd"
"""A character that is not seen, or one that could not be decoded, in UTF-8."""
_UNSEEN = rb"[\t ]|" + _HIDDEN
_BODY: dict[Escape, bytes] = {"doubled": rb'[^"]++|""', "backslash": rb'[^"\\]++|\\(?:\\\\)*+"|\\++|""'}
_PLAIN: dict[Escape, bytes] = {
    "doubled": rb'"[^"]*+(?:""[^"]*+)*+"',
    "backslash": rb'"(?:[^"\\]++|\\++(?!")|"")*+"',
}
