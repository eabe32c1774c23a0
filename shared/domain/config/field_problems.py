"""What is wrong with a document: each problem is the place of a field and a sentence.

The sentence goes on where the name of the field ends: "/id" and "must be a text that is not empty".
No sentence repeats a value of the document.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from shared.domain.errors import ConfigurationError
from shared.domain.sentences import Sentence, say

OURS = "wrong"
"""The type of a pydantic error that holds a sentence of ours about the value of a field."""
OF_A_NAME = "wrong_name"
"""The type of a pydantic error that holds a sentence of ours about the name of a field."""
SENTENCE = "sentence"
"""Where a pydantic error of these two types holds its sentence."""


class Problem(NamedTuple):
    """What is wrong with one field: *pointer* is its JSON pointer (RFC 6901), empty for the whole document."""

    pointer: str
    sentence: Sentence


class WrongFields(ConfigurationError):
    """What somebody wrote cannot be used; *problems* has everything that is wrong with the document."""

    def __init__(self, what: str, problems: Sequence[Problem]) -> None:
        super().__init__(unusable(what, problems))
        self.problems = tuple(problems)


def unusable(what: str, problems: Sequence[Problem]) -> Sentence:
    """Return the sentence that *what* cannot be used, with what is wrong with it."""
    return say("wrong_fields", "{what} cannot be used: {problems}.", what=what, problems=in_words(problems))


def wrong(sentence: Sentence, *, kind: str = OURS) -> PydanticCustomError:
    """Return the error that a validator raises to refuse a field."""
    return PydanticCustomError(kind, "{sentence}", {SENTENCE: sentence})


def wrong_items(problems: Iterable[tuple[int | str | None, Sentence]]) -> ValidationError:
    """Return the error for a list or an object; each of *problems* is about the item there, or about the whole."""
    errors: list[InitErrorDetails] = [
        {"type": wrong(sentence), "loc": () if index is None else (index,), "input": None}
        for index, sentence in problems
    ]
    return ValidationError.from_exception_data("list", errors, hide_input=True)


def pointer(steps: Iterable[object]) -> str:
    """Return the JSON pointer that leads along *steps*, names of fields and indexes of items."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def in_words(problems: Iterable[Problem], *, mark: str = ":") -> str:
    """Return *problems* as one text, with *mark* behind each place; the place of the whole document is ``/``."""
    return "; ".join(f"{each.pointer or '/'}{mark} {each.sentence}" for each in problems)
