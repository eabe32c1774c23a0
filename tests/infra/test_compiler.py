"""Where there is a Bicep compiler, it finds nothing to say, and evaluates the infrastructure to what is kept."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.infra.snapshots.__main__ import refusal, text_of
from tests.infra.snapshots.combinations import COMBINATIONS, DEFAULT, REFUSED, Combination
from tests.infra.snapshots.compiler import PINNED, compile_file, compiled, compiler, evaluate
from tests.infra.snapshots.evaluated import document_of
from tests.infra.snapshots.sources import INFRA, SNAPSHOTS, sources
from tests.infra.snapshots.templates import TEMPLATES, digest_of

pytestmark = pytest.mark.skipif(compiler() is None, reason=f"There is no Bicep compiler {PINNED} here; CI has one.")
TEMPLATE_FILES = [path for path in sources() if path.suffix == ".bicep"]
FILES = [path for path in sources() if path.suffix in (".bicep", ".bicepparam")]


@cache
def whole(name: str) -> dict[str, Any]:
    [combination] = [each for each in COMBINATIONS if each.name == name]
    return evaluate(combination)


def named(path: Path) -> str:
    return path.relative_to(INFRA).as_posix()


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_file_is_written_as_the_formatter_writes_it(path: Path) -> None:
    assert compile_file("format", path).written == path.read_text(encoding="utf-8"), f"run bicep format {named(path)}"


@pytest.mark.parametrize("path", TEMPLATE_FILES, ids=named)
def test_the_linter_has_nothing_to_say(path: Path) -> None:
    found = compile_file("lint", path)
    assert (found.code, found.written + found.complaints) == (0, "")


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_file_compiles_without_a_warning(path: Path) -> None:
    found = compile_file("build-params" if path.suffix == ".bicepparam" else "build", path)
    assert (found.code, found.complaints) == (0, "")


@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda each: each.name)
def test_a_combination_evaluates_to_what_is_kept(combination: Combination) -> None:
    kept = (SNAPSHOTS / f"{combination.name}.json").read_text(encoding="utf-8")
    assert text_of(document_of(combination, evaluate(combination), whole(combination.beside))) == kept


@pytest.mark.parametrize(("combination", "sentence"), REFUSED, ids=lambda each: getattr(each, "name", ""))
def test_what_cannot_work_is_refused_with_its_sentence(combination: Combination, sentence: str) -> None:
    assert refusal(combination) == sentence


def test_the_templates_say_what_is_kept_of_them() -> None:
    digest = digest_of(compiled(INFRA / "main.bicep"), compiled(INFRA / "azd" / "main.bicep"))
    assert text_of(digest) == TEMPLATES.read_text(encoding="utf-8")


def test_a_second_installation_in_the_same_group_shares_no_resource_with_the_first() -> None:
    first = whole(DEFAULT)["predictedResources"]
    second = evaluate(Combination("second", {"environmentName": "shop"}))["predictedResources"]
    assert len(second) == len(first)
    assert {each["id"] for each in second} & {each["id"] for each in first} == set()
