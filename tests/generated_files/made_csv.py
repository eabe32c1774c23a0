"""Makes up CSV files: realistic ones, and such that something was done to."""

from random import Random

from shared.domain.config.reading import Reading
from tests.generated_files.damage import damaged
from tests.generated_files.made import Made, Person, packed, person

ORDERS = (
    ("email", "name", "note"),
    ("name", "email", "note"),
    ("note", "email", "name"),
    ("name", "note", "email"),
    ("email", "note"),
    ("note", "email"),
    ("email", "name"),
    ("id", "name", "email", "x", "note", "y"),
)
ENCODINGS = ("utf-8-sig", "utf-16", "cp1251", "utf-16-le")


def made_csv(random: Random) -> Made:
    """Make up a CSV file."""
    return _Maker(random).made()


class _Maker:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._columns = random.choice(ORDERS)
        self._delimiter = random.choice(",,,,;;\t|")
        self._end = random.choice(("\n", "\n", "\n", "\r\n", "\r"))
        self._is_backslashed = self._chance(0.25)
        self._quoting = random.choice((0.0, 0.3, 1.0))
        self._what: list[str] = []
        self._is_odd = False

    def made(self) -> Made:
        self._is_damaged = self._chance(0.6)
        people = [person(self._random, number, has_lines=True) for number in range(self._random.randrange(1, 9))]
        records = [record for each in people for record in self._records(each)]
        text = "".join([*self._top(), *(record + self._end for record in records)])
        text = text.removesuffix(self._end) if self._chance(0.1) else text
        emails = frozenset(each.email for each in people)
        sure = frozenset() if self._is_odd else frozenset(each.email for each in people if not each.is_odd)
        if self._is_damaged:
            before, (text, what) = text, damaged(self._random, text, self._delimiter, self._end)
            self._what += what
            sure = sure if text == before else frozenset()
        return self._written(text, emails, sure)

    def _written(self, text: str, emails: frozenset[str], sure: frozenset[str]) -> Made:
        random, encoding = self._random, "utf-8"
        reading = Reading(delimiter=self._delimiter, escape="backslash" if self._is_backslashed else "doubled")
        has_little_evidence = self._is_backslashed and "@t" in text
        is_told = bool(sure) or has_little_evidence or self._chance(0.5)
        if self._chance(0.1):
            encoding = random.choice(ENCODINGS)
            text = text if encoding != "cp1251" else text.encode("cp1251", "ignore").decode("cp1251")
            reading = reading.model_copy(update={"encoding": encoding})
            self._what.append(encoding)
        data = text.encode(encoding)
        name = "a" + random.choice((".csv", ".csv", ".txt", ".tsv", ""))
        if self._chance(0.1):
            data, name = packed(random, data), name + random.choice((".gz", ""))
        return Made(name, data, emails, sure, text, reading if is_told else Reading(), tuple(self._what))

    def _top(self) -> list[str]:
        top = [f"sep={self._delimiter}", ""] if self._chance(0.05) else []
        if self._chance(0.05):
            top.append("Customers of May")
            self._is_odd = True
        header = self._delimiter.join(self._quoted(name) for name in self._columns)
        return [line + self._end for line in (*top, header)]

    def _records(self, each: Person) -> list[str]:  # noqa: PLR0911 - a table of cases
        """Return the record of a row, and what stands around it."""
        cells = {"email": each.email, "name": each.name, "note": each.note, "id": str(each.number)}
        record = self._delimiter.join(self._quoted(cells.get(name, "")) for name in self._columns)
        around, delimiters = self._random.random(), self._delimiter * (len(self._columns) - 1)
        if around < 0.05:
            return [record, ""]
        if around < 0.1:
            return [delimiters, record]
        if around < 0.13:
            return [record, self._delimiter.join(self._columns)]
        if around < 0.16:
            return [record + self._delimiter]
        if around < 0.19:
            return [record, record]
        if around < 0.22 and self._columns[0] == "email" and not self._is_damaged:
            self._is_odd = True
            return [each.email]
        return [record, f"Total{self._delimiter}12"] if around < 0.24 else [record]

    def _quoted(self, cell: str) -> str:
        cell = cell.replace("\n", "\r\n") if self._end == "\r\n" and self._chance(0.5) else cell
        if not self._chance(self._quoting) and not any(sign in cell for sign in f'"{self._delimiter}\r\n'):
            return cell
        if self._is_backslashed:
            return '"' + cell.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return '"' + cell.replace('"', '""') + '"'

    def _chance(self, share: float) -> bool:
        return self._random.random() < share
