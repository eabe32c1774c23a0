"""What the person on call reads has every reason and every code that the app gives; sentences may be reworded freely.

A sentence that is said under a code has the same parameters wherever it is said.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
SHARED = ROOT / "shared"
ABOUT_FILES = [
    *(SHARED / "domain" / "dialects").glob("*.py"),
    *(SHARED / "domain" / "sources").glob("*.py"),
    *(SHARED / "domain" / "rows").rglob("*.py"),
    SHARED / "domain" / "profiles" / "column_check.py",
    SHARED / "pipeline" / "plan" / "column_search.py",
    SHARED / "adapters" / "azure" / "segments.py",
    SHARED / "control" / "exports" / "find_segments.py",
]
TOLD = ("reason", "code")
"""What a word that says why is called, as an argument or a field; Klaviyo's API calls it code."""
SAY, SENTENCE = "say", "Sentence"
"""What takes the code of a sentence first; the keywords of the one are the parameters, the other is for documents."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def nodes() -> list[ast.AST]:
    files = [ROOT / "function_app.py", *sorted((ROOT / "shared").rglob("*.py"))]
    return [node for file in files for node in ast.walk(ast.parse(file.read_text()))]


def name_of(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def calls() -> Iterator[ast.Call]:
    return (node for node in nodes() if isinstance(node, ast.Call))


def parameters(node: ast.ClassDef | Function) -> list[str]:
    """Return the names of what *node* is called with, in order."""
    if isinstance(node, Function):
        names = [argument.arg for argument in node.args.args]
        return names[1:] if names[:1] in (["self"], ["cls"]) else names
    made = [each for each in node.body if isinstance(each, Function) and each.name == "__init__"]
    fields = (each.target for each in node.body if isinstance(each, ast.AnnAssign))
    return parameters(made[0]) if made else [field.id for field in fields if isinstance(field, ast.Name)]


def words(value: ast.expr, constants: Mapping[str, set[str]]) -> set[str]:
    """Return the texts that *value* may be; *constants* are those of names."""
    match value:
        case ast.Constant(value=str(text)) if text:
            return {text}
        case ast.IfExp(body=one, orelse=other):
            return words(one, constants) | words(other, constants)
        case ast.Name(id=name):
            return constants.get(name, set())
        case _:
            return set()


@cache
def reasons() -> set[str]:
    """Return every word that the code gives as a reason: as a class's own, or to something that takes a reason."""
    constants: dict[str, set[str]] = {}
    own: set[str] = set()
    places: dict[str, int] = {}
    for node in nodes():
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            constants.setdefault(node.targets[0].id, set()).update(words(node.value, {}))
        if isinstance(node, ast.ClassDef | Function) and node.name not in (SAY, SENTENCE, "__init__"):
            names = parameters(node)
            # The code of a function, and the one beside a reason, is that of a sentence.
            told = TOLD[:1] if isinstance(node, Function) or TOLD[0] in names else TOLD
            places.update((node.name, at) for at, each in enumerate(names) if each in told)
        if isinstance(node, ast.ClassDef):
            assigned = [each for each in node.body if isinstance(each, ast.Assign)]
            own |= {
                word for each in assigned if ast.unparse(each.targets[0]) == TOLD[0] for word in words(each.value, {})
            }
    for call in calls():
        given = [keyword.value for keyword in call.keywords if keyword.arg in TOLD]
        given += call.args[places[name_of(call)] :][:1] if name_of(call) in places else []
        own = own.union(*(words(each, constants) for each in given))
    return own


def test_every_reason_is_told_of_and_every_section_is_of_a_reason() -> None:
    headings = re.findall(r"^### (`.+`)$", OPERATIONS, re.MULTILINE)
    sections = [word for heading in headings for word in re.findall(r"`(\w+)`", heading)]
    rows = re.findall(r"^\| `(\w+)` \|", OPERATIONS, re.MULTILINE)
    assert {"configuration", "account_busy", "too_few_fields", "previous_run_active", "not_found"} <= reasons()
    assert reasons() - {*sections, *rows} == set()
    assert set(sections) - reasons() == set()
    assert len(sections) == len(set(sections))


def test_every_sentence_about_a_file_or_a_segment_stands_there_with_its_cure() -> None:
    code = rf'{SAY}\(\s*"([a-z0-9_]+)"'
    said = {word for file in ABOUT_FILES for word in re.findall(code, file.read_text())}
    assert {"no_header", "not_utf8", "segment_missing", "file_not_given_out", "column_twice"} <= said
    assert {word for word in said if f"`{word}`" not in OPERATIONS} == set()


def test_a_code_has_the_same_parameters_wherever_it_is_said() -> None:
    public = {id(keyword.value) for call in calls() for keyword in call.keywords if keyword.arg == "public"}
    said: dict[str, set[str]] = {}
    for call in sorted(calls(), key=lambda each: id(each) in public):
        match call:
            case ast.Call(args=[ast.Constant(value=str(code)), *_]) if name_of(call) == SAY:
                given = {str(keyword.arg) for keyword in call.keywords}
                usual = said.setdefault(code, given)
                assert given == usual or (id(call) in public and given < usual), code
