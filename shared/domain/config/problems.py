"""What is wrong with a document: each problem is the place of a field and a sentence; none repeats a value."""

from collections.abc import Iterable, Sequence

from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from shared.domain.errors import ConfigurationError

Problem = tuple[str, str]
"""The JSON pointer of a field (RFC 6901; empty for the whole document), and what is wrong with it."""

OURS = "wrong"
"""The type of a pydantic error whose message is a sentence of ours."""
OF_A_NAME = "wrong_name"
"""The same, where the sentence is about the name of a field and not about its value."""


class WrongFields(ConfigurationError):
    """What somebody wrote cannot be used; *problems* has everything that is wrong with it."""

    def __init__(self, what: str, problems: Sequence[Problem]) -> None:
        super().__init__(f"{what} cannot be used: {told(problems)}.")
        self.problems = tuple(problems)


def wrong(sentence: str, *, kind: str = OURS) -> PydanticCustomError:
    """Return the error that a field is refused with; *sentence* goes on where the name of the field ends."""
    return PydanticCustomError(kind, "{sentence}", {"sentence": sentence})


def wrong_items(problems: Iterable[tuple[int | None, str]]) -> ValidationError:
    """Return the error for a list: each of *problems* is about the item with that index, or about the whole list."""
    errors: list[InitErrorDetails] = [
        {"type": wrong(sentence), "loc": () if index is None else (index,), "input": None}
        for index, sentence in problems
    ]
    return ValidationError.from_exception_data("list", errors, hide_input=True)


def pointer(steps: Iterable[object]) -> str:
    """Return the JSON pointer that leads along *steps*, names of fields and indexes of items."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def told(problems: Iterable[Problem], *, mark: str = ":") -> str:
    """Return *problems* in words, with *mark* behind each place; the whole document is ``/``."""
    return "; ".join(f"{place or '/'}{mark} {sentence}" for place, sentence in problems)
