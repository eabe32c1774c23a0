"""The tree of errors."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import shared
from shared.domain import errors
from shared.domain.errors import ExportError, Retryable


def kinds(root: type[ExportError]) -> Iterator[type[ExportError]]:
    yield root
    for kind in root.__subclasses__():
        yield from kinds(kind)


OWN = [kind for kind in kinds(ExportError) if kind.__module__ == errors.__name__]


def described() -> dict[str, str]:
    """Return each error in the picture at the top of the module, with the one that it hangs from."""
    above, found = ["ExportError"], {}
    for line in (errors.__doc__ or "").splitlines():
        if branch := re.match(r"((?:[│ ]   )*)[├└]── (\w+) +\S", line):
            depth = len(branch[1]) // 4
            found[branch[2]] = above[depth]
            above[depth + 1 :] = [branch[2]]
    return found


def test_errors_are_grouped_by_what_to_do_next_as_the_picture_says() -> None:
    tree = {kind.__name__: kind.__bases__[0].__name__ for kind in OWN if kind is not ExportError}
    assert described() == tree
    assert {
        "Throttled": "Retryable",
        "ConfigurationError": "Fatal",
        "SourceChanged": "ExportError",
    }.items() <= tree.items()


def test_every_error_that_is_defined_elsewhere_is_named_below_the_picture() -> None:
    for module in pkgutil.walk_packages(shared.__path__, "shared."):
        importlib.import_module(module.name)
    elsewhere = {kind.__name__ for kind in kinds(ExportError) if kind.__module__.startswith("shared.")}
    _, _, below = (errors.__doc__ or "").partition("Further errors are defined nearer to their use")
    assert set(re.findall(r"`(\w+)`", below)) - {"ConfigurationError", "ExportError", "Fatal"} == elsewhere - {
        kind.__name__ for kind in OWN
    }


@pytest.mark.parametrize("kind", [kind for kind in OWN if issubclass(kind, Retryable)])
def test_what_may_work_later_carries_the_wait_that_was_asked_for(kind: type[Retryable]) -> None:
    assert kind("Later.").after is None
    error = kind("Later.", after=7.5)
    assert (str(error), error.after) == ("Later.", 7.5)


@pytest.mark.parametrize("kind", [kind for kind in OWN if not issubclass(kind, Retryable)])
def test_what_is_not_cured_by_waiting_has_no_wait(kind: type[ExportError]) -> None:
    assert not hasattr(kind("Why."), "after")


def test_every_error_has_a_stable_word_which_it_may_share_with_the_one_that_it_hangs_from() -> None:
    words = [kind.reason for kind in OWN if "reason" in vars(kind)]
    assert len(set(words)) == len(words)
    assert errors.Unavailable.reason == Retryable.reason == "unavailable"
    assert all(word.islower() and word.replace("_", "").isalpha() for word in words)
