"""Finds out the encoding of a file from its top."""

import codecs
import re
from dataclasses import dataclass
from itertools import islice

from shared.domain.rows.text_encodings import UTF_8, codec_of, name_of

_MARKS = {codecs.BOM_UTF8: UTF_8, codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_ZEROS_LOOKED_AT = 4096
_LEAST_ZEROS = 0.2
"""In UTF-16 without a mark, so many of every second bytes must be zero: the high bytes of delimiters and addresses."""
_MOST_ZEROS = 0.05
"""A text in another encoding has fewer zeros than that."""
_ROWS = 2000
_PROPOSED_FROM = 2048
_CYRILLIC, _LATIN = ["cp1251", "koi8_u", "cp866"], ["cp1252", "cp1250", "iso8859_2"]
_TWO_BYTES = ["gb18030", "shift_jis"]
"""Looked at last: nearly every text can be read in these."""
_MOST_LATIN = 0.6
"""Words with a larger share of other bytes than ASCII are not in Latin letters."""
_FIRST_NOT_ASCII = 0x80
_WORDS = re.compile(rb"[\s,;|\"]+").split


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a file: *codec* is Python's name of it. *is_marked* tells that the file itself says so.

    *is_guessed* tells that only the zeros of UTF-16 show it. *is_binary* tells that the file is no text.
    """

    codec: str = UTF_8
    is_marked: bool = False
    is_guessed: bool = False
    is_binary: bool = False


def find_encoding(top: bytes, wanted: str | None) -> Encoding:
    """Return the encoding of a file with this *top*; *wanted* is what the export says, None where it says nothing.

    A byte-order mark counts more than what the export says: files with and without it may lie together.
    UTF-16 without a mark is proven by its zeros. Everything else is taken for UTF-8 here.
    """
    for mark, codec in _MARKS.items():
        if top.startswith(mark):
            return Encoding(codec, is_marked=True)
    by_zeros = _utf_16_by_zeros(top)
    if wanted is not None:
        codec = codec_of(wanted) or UTF_8
        return Encoding((by_zeros or "utf-16-le") if codec == "utf-16" else codec)
    if by_zeros:
        return Encoding(by_zeros, is_guessed=True)
    looked_at = top[:_ZEROS_LOOKED_AT]
    return Encoding(is_binary=looked_at.count(0) > _MOST_ZEROS * len(looked_at) + 1)


def are_mostly_utf_8(text: bytes, *, end: bytes = b"\r\n") -> bool:
    """Tell whether at least half of the first rows in *text* that have other bytes than ASCII are UTF-8.

    A row ends at one of the bytes *end*.
    """
    if is_utf_8(text):
        return True
    rest_of_row = re.compile(rb"[\x80-\xff][^%s]*+" % end)
    rows = [is_utf_8(found[0]) for found in islice(rest_of_row.finditer(text), _ROWS)]
    return 2 * sum(rows) >= len(rows)


def is_utf_8(text: bytes) -> bool:
    """Tell whether *text* is in UTF-8."""
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def looks_like(text: bytes) -> str | None:
    """Return the name of the encoding that *text*, which is not UTF-8, seems to be in; None where that is not clear.

    This only proposes: statistics tell such encodings apart, and they err.
    """
    from charset_normalizer import from_bytes  # noqa: PLC0415 - it takes 20 ms, and few files need it

    words = b" ".join(word for word in _WORDS(text) if not word.isascii())[:_PROPOSED_FROM]
    is_latin = sum(byte >= _FIRST_NOT_ASCII for byte in words) <= _MOST_LATIN * len(words)
    groups = (_LATIN, _CYRILLIC, _TWO_BYTES) if is_latin else (_CYRILLIC, _TWO_BYTES, _LATIN)
    bests = (from_bytes(words, cp_isolation=group).best() for group in groups)
    found = next((best for best in bests if best and _is_mostly_letters(str(best))), None)
    codec = codec_of(found.encoding) if found else None
    if codec in ("cp1250", "iso8859-2") and _is_western(words):
        codec = "cp1252"
    return name_of(codec) if codec else None


def _is_mostly_letters(words: str) -> bool:
    signs = [char for char in words if not char.isascii()]
    return 2 * sum(map(str.isalpha, signs)) > len(signs)


def _is_western(words: bytes) -> bool:
    """Tell whether *words* are all letters in windows-1252; Polish and Czech words have signs among them there."""
    return all(char.isascii() or char.isalpha() for char in words.decode("cp1252", "replace"))


def _utf_16_by_zeros(top: bytes) -> str | None:
    """Return the codec of UTF-16 without a mark, where zeros stand at every second place only; otherwise None."""
    looked_at = top[: min(len(top), _ZEROS_LOOKED_AT) // 2 * 2]
    even, odd = looked_at[::2], looked_at[1::2]
    for high, low, codec in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if high.count(0) > _LEAST_ZEROS * len(high) and not low.count(0) and _decodes(looked_at, codec):
            return codec
    return None


def _decodes(text: bytes, codec: str) -> bool:
    try:
        decoded, _ = codecs.getdecoder(codec)(text[:-2] if text[-2:] else text)
    except UnicodeDecodeError:
        return False
    return decoded.isprintable() or all(char.isprintable() or char in "\t\r\n" for char in decoded)
