"""The encodings that a file can be read in, under the names that people know."""

import codecs

UTF_8 = "utf-8"

_NAMES = {
    UTF_8: UTF_8,
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-16": "utf-16",
    **{f"cp{number}": f"windows-{number}" for number in range(1250, 1259)},
    **{f"iso8859-{number}": f"iso-8859-{number}" for number in (*range(1, 12), *range(13, 17))},
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "cp437": "cp437",
    "cp850": "cp850",
    "cp852": "cp852",
    "cp866": "cp866",
    "mac-roman": "mac-roman",
    "mac-cyrillic": "mac-cyrillic",
    "gb18030": "gb18030",
    "big5": "big5",
    "shift_jis": "shift_jis",
    "euc_jp": "euc-jp",
    "euc_kr": "euc-kr",
}
"""Python's name of a codec → the name that people know."""
_OF_UTF_8 = ("utf-8-sig", "ascii")
"""Codecs whose texts the reader reads as UTF-8."""
_LONGEST = 40

ENCODINGS = tuple(_NAMES.values())
"""The names that people know, the likeliest ones first."""


def codec_of(name: str) -> str | None:
    """Return the codec, under Python's name, that *name* stands for; None where a file cannot be read in it.

    Example: ``CP1251``, ``windows-1251`` and ``Windows_1251`` stand for ``cp1251``.
    """
    if len(name) > _LONGEST or not name.isascii() or not name.isprintable():
        return None
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        return None
    codec = UTF_8 if codec in _OF_UTF_8 else codec
    return codec if codec in _NAMES else None


def name_of(codec: str) -> str:
    """Return the name that people know for *codec*."""
    return _NAMES.get(codec, codec)
