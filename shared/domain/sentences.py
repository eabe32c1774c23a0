"""Sentences for people: each has a stable code, the values in it, and its English text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Value = str | int | float | None
"""What may stand in a sentence."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence for people.

    *code* never changes once it was published: programs and translations go by it.
    *params* are the values in the sentence. *detail* is the English sentence with the values in it.
    """

    code: str
    params: Mapping[str, Value] = field(default_factory=dict)
    detail: str = ""

    def __str__(self) -> str:
        """Return the English sentence."""
        return self.detail

    def document(self) -> dict[str, Any]:
        """Return the sentence as documents and answers have it."""
        return {"code": self.code, "params": dict(self.params), "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for administrators, and the *public* sentence that everybody else reads in its place."""

    sentence: Sentence
    public: Sentence

    @classmethod
    def for_everybody(cls, sentence: Sentence) -> "Notice":
        """Return the notice whose *sentence* everybody may read."""
        return cls(sentence, sentence)


def say(code: str, text: str, **params: Value) -> Sentence:
    """Return the sentence *text*, a template of `str.format`, with *params* put into it.

    Names of files, lists and folders may hold e-mail addresses, and a sentence goes into logs, documents and answers.
    So each address in *params* is masked: ``report-ann@example.com.csv`` becomes ``…@….com.csv``.
    A word that follows a whole number stands there as ``{number:one|many}``.
    Example: ``say("jobs_open", "{open:,} {open:job is|jobs are} open.", open=1)`` says "1 job is open."
    """
    shown = {name: masked(value) if isinstance(value, str) else value for name, value in params.items()}
    counts = {name: _Count(value) if type(value) is int else value for name, value in shown.items()}
    return Sentence(code, shown, text.format(**counts))


def quoted(words: str) -> Sentence:
    """Return *words* of somebody else, such as Klaviyo, as a sentence: it has no code, so nobody can translate it."""
    return Sentence("", {}, words)


class _Count(int):
    """A whole number in a template; ``{number:one|many}`` chooses between two words."""

    def __format__(self, spec: str) -> str:
        one, choice, many = spec.partition("|")
        return super().__format__(spec) if not choice else one if self == 1 else many


def holds_address(text: str) -> bool:
    """Tell whether an e-mail address stands in *text*."""
    return "@" in text and _ADDRESS(text) is not None


def masked(text: str) -> str:
    """Return *text* with ``…@…`` in the place of each e-mail address."""
    return _MASK("…@…", text) if "@" in text else text


_IN_PART = r"""[^\s@/'"<>(),;:]"""
_PATTERN = re.compile(rf"(?<!{_IN_PART}){_IN_PART}++@(?:(?!\.){_IN_PART})++")
_ADDRESS, _MASK = _PATTERN.search, _PATTERN.sub
"""The address without what follows its first period: that may be the ending of a file, and says nothing alone."""
