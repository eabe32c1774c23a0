"""What is known of a file that was made up, and what all makers of such files use."""

import gzip
import re
from dataclasses import dataclass, field
from random import Random

from shared.domain.config.reading import Reading

ADDRESS = re.compile(r"[rt](\d+)@[rt]\1\.com")
"""The address of row 7 is ``r7@r7.com``; ``t7@t7.com`` stands in a text of row 7, and is nobody's."""
MARK = re.compile(r"p(\d+)p|n(\d+)n")
"""The name of row 7 begins with ``p7p``, and its note with ``n7n``."""
WORDS = (
    "hello",
    "x, y",
    "a; b",
    "Їжак",
    "O'Brien",
    "tea | milk",
    "55 cm",
    "(1, 2)",
    "-",
    "5,5",
    "a@b",
    "{x}",
    "[y]",
    "€",
)


@dataclass(frozen=True, slots=True)
class Person:
    """A row as its writer means it; *is_odd* if it may be refused although nothing is broken."""

    number: int
    name: str
    note: str
    is_odd: bool = False

    @property
    def email(self) -> str:
        """Return the address."""
        return f"r{self.number}@r{self.number}.com"


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made up.

    *emails* has the addresses of its rows; no other address may be sent. Each row of *sure* must arrive.
    *text* is the text of a CSV file whose lines can be compared with its rows; empty for other files.
    *what* tells in words what was done to the file.
    """

    name: str
    data: bytes
    emails: frozenset[str]
    sure: frozenset[str] = frozenset()
    text: str = ""
    reading: Reading = field(default_factory=Reading)
    what: tuple[str, ...] = ()


def person(random: Random, number: int, *, has_lines: bool) -> Person:
    """Make up a row."""
    words = [f"n{number}n"]
    is_odd = False
    for _ in range(random.choice((0, 0, 1, 2, 4))):
        kind = random.random()
        if kind < 0.12:
            words.append(f"t{number}@t{number}.com")
            is_odd = True
        elif kind < 0.3 and has_lines:
            words.append(random.choice(("\n", "\n\n", "\n,", "\n;;")))
        elif kind < 0.33 and has_lines:
            words.append(f"\nt{number}@t{number}.com,Eve,x\n")
            is_odd = True
        elif kind < 0.4:
            words.append(random.choice(('"', '""', ' "x" ', "\\", '\\"', "\\n", "'", '",')))
        else:
            words.append(random.choice(WORDS))
            is_odd = is_odd or "@" in words[-1]
    name = f"p{number}p" + random.choice(("", "", " Ann", ", Jr.", ' "Bo"', "\\"))
    if random.random() < 0.1:
        words.insert(0, random.choice((", Odesa", "; Kyiv", ",", "\tx")))
    return Person(number, name, random.choice((" ", " ", "")).join(words), is_odd)


def packed(random: Random, data: bytes) -> bytes:
    """Return *data* as gzip, in one stream or in several."""
    if random.random() < 0.5:
        return gzip.compress(data, 1)
    at = sorted(random.randrange(len(data) + 1) for _ in range(random.randrange(1, 4)))
    parts = [data[begin:end] for begin, end in zip([0, *at], [*at, len(data)], strict=True)]
    return random.choice((b"", b"\0", b"\0" * 9)).join(gzip.compress(part, 1) for part in parts)
