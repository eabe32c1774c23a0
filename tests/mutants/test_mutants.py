"""The list of faults, and how it is found out whether the tests catch them."""

import py_compile
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.mutants.__main__ import ROOT, main
from tests.mutants.faults import MUTANTS
from tests.mutants.mutant import Mutant, Stale
from tests.mutants.trial import Verdict, try_one

CODE = '''"""Adds."""


def add(a: int, b: int) -> int:
    while a < -1_000:
        pass
    return a + b
'''
TESTS = '''"""Tests."""

import pytest

from product import add


def test_nothing() -> None:
    assert add(0, 0) == 0


def test_a_sum() -> None:
    assert add(2, 2) == 4


def test_an_error() -> None:
    with pytest.raises(TypeError):
        add(1, "2")


def test_nothing_here() -> None:
    pytest.skip("not on this machine")
'''


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "product.py").write_text(CODE)
    (tmp_path / "test_product.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    return tmp_path


def mutant(fault: str, test: str = "a_sum", *, text: str = "a + b", name: str = "a fault") -> Mutant:
    return Mutant(name, "product.py", text, fault, f"test_product.py::test_{test}")


def test_each_fault_still_applies_to_the_code() -> None:
    stale = []
    for each in MUTANTS:
        try:
            each.planted_in((ROOT / each.file).read_text())
        except Stale as error:
            stale.append(f"{each.name}: {error}")
    assert stale == []


def test_each_fault_has_a_name_of_its_own() -> None:
    assert [name for name, count in Counter(each.name for each in MUTANTS).items() if count > 1] == []


def test_each_fault_names_tests_that_there_are() -> None:
    missing = []
    for name in {each.test for each in MUTANTS}:
        file, _, test = name.partition("::")
        function = test.partition("[")[0]
        if not (ROOT / file).is_file() or f"def {function}(" not in (ROOT / file).read_text():
            missing.append(name)
    assert missing == []


def test_a_fault_is_caught_by_the_test_that_fails_first(tree: Path) -> None:
    trial = try_one(mutant("a * b"), tree)
    assert (trial.verdict, trial.detail) == (Verdict.SURVIVED, "")  # twice two is four as well
    trial = try_one(Mutant("a fault", "product.py", "a + b", "a - b", "test_product.py"), tree)
    assert (trial.verdict, trial.detail) == (Verdict.CAUGHT, "test_product.py::test_a_sum")
    trial = try_one(mutant("a + int(b)", "an_error"), tree)
    assert (trial.verdict, trial.detail) == (Verdict.CAUGHT, "test_product.py::test_an_error")


def test_a_fault_of_the_same_size_is_not_taken_for_what_was_compiled_before(tree: Path) -> None:
    py_compile.compile(str(tree / "product.py"), doraise=True)
    assert try_one(mutant("a - b"), tree).verdict is Verdict.CAUGHT
    assert try_one(mutant("b + a"), tree).verdict is Verdict.SURVIVED


@pytest.mark.parametrize("fault", ["a + c", "a.plus(b)", "a +", "a + b\n\n\nimport nowhere"])
def test_a_fault_that_only_breaks_the_code_is_not_caught(tree: Path, fault: str) -> None:
    assert try_one(mutant(fault), tree).verdict is Verdict.CRASHED


def test_a_fault_that_makes_its_tests_hang_is_not_caught(tree: Path) -> None:
    trial = try_one(mutant("while a < 1_000:", text="while a < -1_000:"), tree, test_seconds=1)
    assert (trial.verdict, trial.detail.partition(": ")[0]) == (Verdict.HUNG, "test_product.py::test_a_sum")


def test_a_fault_whose_tests_are_skipped_has_survived(tree: Path) -> None:
    trial = try_one(mutant("a - b", "nothing_here"), tree)
    assert (trial.verdict, trial.detail) == (Verdict.SURVIVED, "some of its tests were skipped")


@pytest.mark.parametrize(
    ("text", "fault"), [("a - b", "a + b"), ("a", "b"), ("a + b", "a + b")], ids=["gone", "more than once", "no change"]
)
def test_a_fault_that_does_not_apply_any_more_is_said_to_be_stale(tree: Path, text: str, fault: str) -> None:
    trial = try_one(mutant(fault, text=text), tree)
    assert trial.verdict is Verdict.STALE
    assert trial.detail


def test_a_fault_is_taken_out_again(tree: Path) -> None:
    before = (tree / "product.py").stat()
    try_one(mutant("a - b"), tree)
    after = (tree / "product.py").stat()
    assert (tree / "product.py").read_text() == CODE
    assert after.st_mtime_ns == before.st_mtime_ns


def in_git(tree: Path) -> Path:
    subprocess.run(["git", "init", "-q"], cwd=tree, check=True)  # noqa: S607 - git of the PATH
    return tree


def test_the_command_fails_on_a_fault_that_is_not_caught_and_names_it(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = mutant("a - b"), mutant("b + a", name="one that nobody sees")
    assert main([], [good], in_git(tree)) == 0
    assert "1 of 1 faults were caught" in capsys.readouterr().out
    assert main([], [good, bad], tree) == 1
    said = capsys.readouterr().out
    assert "1 of 2 faults were caught" in said
    assert "one that nobody sees: no test notices it" in said
    assert main(["nobody sees"], [good, bad], tree) == 1
    assert main(["unheard of"], [good, bad], tree) == 1
    assert (tree / "product.py").read_text() == CODE


@pytest.mark.parametrize(
    ("code", "test"), [(CODE.replace("a + b", "a - b"), "a_sum"), (CODE, "nothing_here")], ids=["red", "skipped"]
)
def test_without_a_green_baseline_no_fault_is_looked_for(
    tree: Path, code: str, test: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "product.py").write_text(code)
    assert main([], [mutant("a * b", test, text=code[-6:-1])], in_git(tree)) == 1
    said = capsys.readouterr().out
    assert "must be green" in said
    assert "were caught" not in said


def test_a_line_of_the_log_is_not_taken_for_the_test_that_failed(tree: Path) -> None:
    noisy = "(logging.getLogger('product').error('TypeError'), a - b)[1]"
    (tree / "product.py").write_text(CODE.replace('"""Adds."""\n', '"""Adds."""\n\nimport logging\n'))
    trial = try_one(mutant(noisy), tree)
    assert (trial.verdict, trial.detail) == (Verdict.CAUGHT, "test_product.py::test_a_sum")
