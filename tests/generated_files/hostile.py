"""Files that somebody could write to keep the reader busy: large, and of bytes that cost a reader most."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file of this *name*; *what* says in words what is in it."""

    what: str
    name: str
    make: Callable[[], bytes]


def hostile_files(size: int) -> Iterator[Hostile]:
    """Yield more than two hundred files of about *size* bytes, unpacked."""
    yield from repeating_files(size)
    yield from odd_files(size)


def repeating_files(size: int) -> Iterator[Hostile]:
    """Yield files that repeat one hostile unit, each unit at several places of CSV and JSON."""
    for what, name, begin, end in _AROUND:
        for unit in _UNITS:
            yield Hostile(f"{what} {unit!r}", name, partial(_filled, begin, unit, end, size))


def odd_files(size: int) -> Iterator[Hostile]:
    """Yield files that are hostile in a way of their own."""
    yield from _odd_gzip(size)
    yield from _odd_lines(size)
    yield from _odd_json(size)


def _filled(begin: bytes, unit: bytes, end: bytes, size: int) -> bytes:
    return begin + unit * ((size - len(begin) - len(end)) // len(unit)) + end


def _packed(begin: bytes, unit: bytes, size: int) -> bytes:
    return gzip.compress(_filled(begin, unit, b"", size))


def _odd_gzip(size: int) -> Iterator[Hostile]:
    yield Hostile("members of one byte", "a.csv.gz", lambda: gzip.compress(_HEADER) + _member(b"a") * (size // 40))
    yield Hostile("members of a line feed", "a.csv.gz", lambda: gzip.compress(_HEADER) + _member(b"\n") * (size // 40))
    yield Hostile("members of a row", "a.csv.gz", lambda: gzip.compress(_HEADER) + _member(_ROW) * (size // 60))
    yield Hostile("empty members", "a.csv.gz", lambda: gzip.compress(_HEADER) + _member(b"") * (size // 20))
    yield Hostile(
        "empty members first", "a.csv.gz", lambda: _member(b"") * (size // 20) + gzip.compress(_HEADER + _ROW)
    )
    yield Hostile("empty members of NDJSON", "a.ndjson.gz", lambda: _member(b"") * (size // 20))
    yield Hostile("zeros between members", "a.csv.gz", lambda: gzip.compress(_HEADER) + b"\0" * size + _member(_ROW))
    yield Hostile("empty blocks", "a.csv.gz", lambda: _empty_blocks(size))
    for what, unit in (("line feeds", b"\n"), ("blanks", b" "), ("zeros", b"\0"), ("quotes", b'"'), ("rows", _ROW)):
        yield Hostile(f"packed {what}", "a.csv.gz", partial(_packed, _HEADER, unit, size))
    for what, unit in (("braces", b"{"), ("brackets", b"["), ("objects", b"{}"), ("line feeds", b"\n")):
        yield Hostile(f"packed {what} of JSON", "a.ndjson.gz", partial(_packed, b"", unit, size))
    yield Hostile(
        "a packed row of JSON in 1 MB of blanks",
        "a.ndjson.gz",
        lambda: gzip.compress((b" " * 1_000_000 + b'{"email":"a@e.com"}\n') * (size // 1_000_000)),
    )


def _odd_lines(size: int) -> Iterator[Hostile]:
    blank_lines = b"\n" * (size // 2)
    for what, begin, end in (
        ("a quote before blank lines, and a broken one behind", b'a@e.com,"x', b'y"z,"\n'),
        ("a quote before blank lines, and one that closes", b'a@e.com,"x', b'y"\n'),
        ("a quote before blank lines, and a row", b'a@e.com,"x', _ROW),
    ):
        yield Hostile(what, "a.csv", partial(b"".join, (_HEADER, begin, blank_lines, end, _ROW)))
    yield Hostile("one line", "a.csv", lambda: _HEADER + b"a@e.com,x," + b"y" * size + b"\n" + _ROW)
    yield Hostile("one line of NDJSON", "a.ndjson", lambda: b'{"email":"a@e.com","note":"' + b"y" * size + b'"}\n')
    yield Hostile("one line without an end", "a.csv", lambda: b"y" * size)
    yield Hostile(
        "lines of 1 MB", "a.csv", lambda: _HEADER + (b"a@e.com,x," + b"y" * 1_000_000 + b"\n") * (size // 1_000_000)
    )
    yield Hostile(
        "lines of 1 MB of delimiters", "a.csv", lambda: _HEADER + (b"," * 1_000_000 + b"\n") * (size // 1_000_000)
    )
    yield Hostile(
        "lines of 1 MB of quotes", "a.csv", lambda: _HEADER + (b'"",' * 330_000 + b"\n") * (size // 1_000_000)
    )
    yield Hostile(
        "a header of 200 KB",
        "a.csv",
        lambda: b"email," + b",".join(b"c%d" % n for n in range(25_000)) + b"\n" + b"a@e.com\n" * 10_000,
    )
    yield Hostile(
        "a header of 30 KB, and rows of it",
        "a.csv",
        lambda: b"email" + b",c" * 15_000 + b"\n" + (b"a@e.com" + b",x" * 15_000 + b"\n") * (size // 30_000),
    )
    yield Hostile(
        "a header of 2,000 columns, and short rows",
        "a.csv",
        lambda: b"email" + b",c" * 1_999 + b"\n" + b"a@e.com\n" * (size // 8),
    )
    yield Hostile("a header of 1 MB", "a.csv", lambda: b"email," + b"c" * 1_000_000 + b"\n" + _ROW * (size // 20))
    yield Hostile(
        "a header of 1 MB of names", "a.csv", lambda: b"email" + b",c" * 500_000 + b"\n" + _ROW * (size // 20)
    )
    yield Hostile(
        "a header of 1 MB in quotes", "a.csv", lambda: b'email,"' + b"c\n" * 500_000 + b'"\n' + _ROW * (size // 20)
    )
    yield Hostile(
        "rows, each with a note of 30 lines",
        "a.csv",
        lambda: _HEADER + (b'a@e.com,x,"' + b"n,o\n" * 30 + b'"\n') * (size // 140),
    )
    yield Hostile(
        "rows, each with an address in its note",
        "a.csv",
        lambda: _HEADER + b'a@e.com,x,"one\nb@e.com,y,z\nthree"\n' * (size // 40),
    )
    yield Hostile(
        "a stray quote every 19,000 rows",
        "a.csv",
        lambda: _HEADER + (b'a@e.com,"x,y\n' + b"b,c,d\n" * 19_000) * (size // 114_000),
    )
    yield Hostile("short rows", "a.csv", lambda: _HEADER + b"a@e.com\n" * (size // 8))
    yield Hostile("repeated headers", "a.csv", lambda: _HEADER * (size // len(_HEADER)))
    yield Hostile("blank records", "a.csv", lambda: _HEADER + b",,\n" * (size // 3))
    yield Hostile("byte-order marks", "a.csv", lambda: _HEADER + b"\xef\xbb\xbf\n" * (size // 4))
    yield Hostile("carriage returns within a row", "a.csv", lambda: _HEADER + b"a@e.com,\r,\rx\n" * (size // 14))
    yield Hostile("UTF-16", "a.csv", lambda: b"\xff\xfe" + (_HEADER + _ROW * (size // 40)).decode().encode("utf-16-le"))
    yield Hostile(
        "UTF-16 of half characters",
        "a.csv",
        lambda: b"\xff\xfe" + _HEADER.decode().encode("utf-16-le") + b"\x00\xd8" * (size // 2),
    )
    yield Hostile(
        "rows that are not UTF-8",
        "a.csv",
        lambda: _HEADER + (b"a@e.com,x,y\n" * 2 + b"a@e.com,\xe9,y\n") * (size // 40),
    )
    yield Hostile(
        "very many columns of NDJSON",
        "a.ndjson",
        lambda: b"".join(b'{"email":"a@e.com","c%d":1}\n' % n for n in range(size // 32)),
    )


def _odd_json(size: int) -> Iterator[Hostile]:
    for what, name, begin, unit, end in (
        ("objects in one line", "a.json", b"[", b'{"email":"a@e.com"},', b'{"email":"b@e.com"}]'),
        ("objects in one line of NDJSON", "a.ndjson", b"", b'{"email":"a@e.com"}', b""),
        ("numbers in an array", "a.json", b"[", b"1,", b"1]"),
        ("numbers in an array, beside objects", "a.json", b'[{"email":"a@e.com"},', b"1,", b"1]"),
        ("empty objects", "a.json", b'[{"email":"a@e.com"},', b"{},", b"{}]"),
        ("empty objects a line", "a.ndjson", b'{"email":"a@e.com"}\n', b"{}\n", b""),
        ("numbers a line", "a.ndjson", b'{"email":"a@e.com"}\n', b"1\n", b""),
        ("broken objects a line", "a.ndjson", b'{"email":"a@e.com"}\n', b"{\n", b""),
        ("broken objects", "a.json", b'[{"email":"a@e.com"},\n', b'{"\n', b"{}]"),
        ("objects with NaN", "a.ndjson", b"", b'{"email":"a@e.com","n":NaN}\n', b""),
        (
            "deep objects a line",
            "a.ndjson",
            b"",
            b'{"email":"a@e.com","d":' + b"[" * 5_000 + b"]" * 5_000 + b"}\n",
            b"",
        ),
        (
            "deep objects with NaN",
            "a.ndjson",
            b"",
            b'{"email":"a@e.com","n":NaN,"d":' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}\n",
            b"",
        ),
        ("long numbers", "a.ndjson", b"", b'{"email":"a@e.com","n":NaN,"d":' + b"1" * 100_000 + b"}\n", b""),
        ("objects of 1 MB", "a.json", b"[", b'{"email":"a@e.com","d":[' + b"1," * 490_000 + b"1]},", b"{}]"),
        ("objects of 1 MB a line", "a.ndjson", b"", b'{"email":"a@e.com","d":[' + b"1," * 490_000 + b"1]}\n", b""),
        (
            "objects of 1 MB of texts a line",
            "a.ndjson",
            b"",
            b'{"email":"a@e.com","note":[' + b'"1",' * 240_000 + b'"1"]}\n',
            b"",
        ),
        (
            "objects of 1 MB with NaN",
            "a.ndjson",
            b"",
            b'{"email":"a@e.com","n":NaN,"d":[' + b"1," * 490_000 + b"1]}\n",
            b"",
        ),
        (
            "objects of many names a line",
            "a.ndjson",
            b"",
            b'{"email":"a@e.com"' + b"".join(b',"%d":1' % n for n in range(90_000)) + b"}\n",
            b"",
        ),
        ("an object around no array", "a.json", b"{", b'"a":1,', b'"b":2}'),
        ("blanks before an array", "a.json", b"", b" ", b'[{"email":"a@e.com"}]'),
        ("members behind an array", "a.json", b'{"value":[{"email":"a@e.com"}],', b'"a":{},', b'"b":2}'),
    ):
        yield Hostile(what, name, partial(_filled, begin, unit, end, size))


@cache
def _member(data: bytes) -> bytes:
    return gzip.compress(data)


def _empty_blocks(size: int) -> bytes:
    """Return gzip with blocks that hold nothing, behind a header."""
    packer = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    begin = packer.compress(_HEADER) + packer.flush(zlib.Z_FULL_FLUSH)
    return begin + b"\0\0\0\xff\xff" * (size // 5)


_HEADER = b"email,name,note\n"
_ROW = b"ann@e.com,Ann,hello\n"
_AROUND = (
    ("a field of", "a.csv", _HEADER + b'a@e.com,x,"', b'"\n' + _ROW),
    ("lines of", "a.csv", _HEADER, b"\n" + _ROW),
    ("a header of", "a.csv", b"email,", b"\n" + _ROW),
    ("an array of", "a.json", b"[", b"]"),
    ("an object with", "a.json", b'{"value":[{"email":"a@e.com","note":', b"}]}"),
    ("NDJSON of", "a.ndjson", b'{"email":"a@e.com"}\n', b"\n"),
)
_UNITS = (
    b'"',
    b"{",
    b"[",
    b"\\",
    b",",
    b"\n",
    b"\r",
    b"\0",
    b" ",
    b'"\n',
    b'",',
    b',"',
    b'\\"',
    b'{"',
    b'{"a":',
    b"[[{}],",
    b"}",
    b'""\n',
    b"\xff",
    b"\xef\xbb\xbf",
    b"a@e.com,",
    b"\n,",
    b' "',
    b"a\n",
    b'\r"',
    "é\u200b".encode(),
    b";\n",
    b'"x,y\n',
)
