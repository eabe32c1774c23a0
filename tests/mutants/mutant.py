"""A mutant: the product with one deliberate fault, which the tests must notice."""

from dataclasses import dataclass


class Stale(Exception):
    """The fault does not apply to the code any more; the message says why."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """In *file*, *text*, which must stand there just once, becomes *fault*; *test* must fail of it.

    *name* says in words what is broken; *test* is a file or node id, as narrow and as quick as will do.
    """

    name: str
    file: str
    text: str
    fault: str
    test: str

    def planted_in(self, code: str) -> str:
        """Return *code* with the fault in it; raises `Stale`."""
        count = code.count(self.text)
        if count != 1:
            raise Stale(f"its text stands {count} times in {self.file}, not once")
        if self.fault == self.text:
            raise Stale("it changes nothing")
        return code.replace(self.text, self.fault)
