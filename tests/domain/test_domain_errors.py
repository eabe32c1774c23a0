"""The tree of errors."""

from collections.abc import Iterator

import pytest

from shared.domain import errors
from shared.domain.errors import ExportError, Fatal, Retryable

TREE = {
    "Retryable": "ExportError",
    "Throttled": "Retryable",
    "Unavailable": "Retryable",
    "Fatal": "ExportError",
    "ConfigurationError": "Fatal",
    "CredentialsRefused": "Fatal",
    "ContractBroken": "Fatal",
    "StopAsked": "ExportError",
    "SourceChanged": "ExportError",
    "Conflict": "ExportError",
}


def kinds(root: type[ExportError]) -> Iterator[type[ExportError]]:
    yield root
    for kind in root.__subclasses__():
        yield from kinds(kind)


OWN = [kind for kind in kinds(ExportError) if kind.__module__ == errors.__name__]


def test_errors_are_grouped_by_what_to_do_next() -> None:
    assert {kind.__name__: kind.__bases__[0].__name__ for kind in OWN if kind is not ExportError} == TREE
    for name in TREE:
        assert name in (errors.__doc__ or "")


@pytest.mark.parametrize("kind", [kind for kind in OWN if issubclass(kind, Retryable)])
def test_what_may_work_later_carries_the_wait_that_was_asked_for(kind: type[Retryable]) -> None:
    assert kind("Later.").after is None
    error = kind("Later.", after=7.5)
    assert (str(error), error.after) == ("Later.", 7.5)


@pytest.mark.parametrize("kind", [kind for kind in OWN if not issubclass(kind, Retryable)])
def test_what_is_not_cured_by_waiting_has_no_wait(kind: type[ExportError]) -> None:
    assert not hasattr(kind("Why."), "after")


def test_every_error_has_a_stable_word_of_its_own() -> None:
    words = [kind.reason for kind in OWN if kind not in (ExportError, Fatal, errors.Unavailable)]
    assert len(set(words)) == len(words)
    assert errors.Unavailable.reason == Retryable.reason == "unavailable"
    assert all(word.islower() and word.replace("_", "").isalpha() for word in words)
