"""What the person on call reads says everything that the code may say, and nothing else."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).parents[1]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
TOLD = ("reason", "code")
"""What a word that says why is called, as an argument or a field; Klaviyo's API calls it code."""
LOUD = ("warning", "error", "exception", "critical")

Call = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> list[ast.Module]:
    files = [ROOT / "function_app.py", *sorted((ROOT / "shared").rglob("*.py"))]
    return [ast.parse(file.read_text()) for file in files]


def nodes() -> Iterator[ast.AST]:
    return (node for module in modules() for node in ast.walk(module))


def parameters(node: ast.AST) -> tuple[str, list[str]]:
    """Return what is called by *node*'s name, and its parameters in order."""
    if isinstance(node, ast.ClassDef):
        for each in node.body:
            if isinstance(each, Call) and each.name == "__init__":
                return node.name, [argument.arg for argument in each.args.args[1:]]
        fields = (each.target for each in node.body if isinstance(each, ast.AnnAssign))
        return node.name, [field.id for field in fields if isinstance(field, ast.Name)]
    if isinstance(node, Call) and node.name != "__init__":
        names = [argument.arg for argument in node.args.args]
        return node.name, names[1:] if names[:1] in (["self"], ["cls"]) else names
    return "", []


def words(value: ast.expr, names: Mapping[str, set[str]] = MappingProxyType({})) -> set[str]:
    """Return the texts that *value* may be; *names* are those of constants."""
    match value:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp(body=one, orelse=other):
            return words(one, names) | words(other, names)
        case ast.Name(id=name):
            return names.get(name, set())
        case _:
            return set()


@cache
def constants() -> dict[str, set[str]]:
    """Return the texts that are assigned to each name, anywhere; names of class attributes are no names of values."""
    inside = {id(each) for node in nodes() if isinstance(node, ast.ClassDef) for each in node.body}
    found: dict[str, set[str]] = {}
    for node in nodes():
        if isinstance(node, ast.Assign) and id(node) not in inside:
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, set()).update(words(node.value))
    return found


def reasons() -> set[str]:
    """Return every word that the code gives as a reason: as a class's own, or to something that takes a reason."""
    places = {
        name: index
        for name, names in map(parameters, nodes())
        for index, each in enumerate(names)
        if each in TOLD and name
    }
    found: set[str] = set()
    for node in nodes():
        if isinstance(node, ast.ClassDef):
            for each in node.body:
                if isinstance(each, ast.Assign) and [ast.unparse(target) for target in each.targets] == ["reason"]:
                    found |= words(each.value)
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            given = [keyword.value for keyword in node.keywords if keyword.arg in TOLD]
            if name in places and len(node.args) > places[name]:
                given.append(node.args[places[name]])
            found = found.union(*(words(each, constants()) for each in given))
    return found - {""}  # which says that there is none


@cache
def sentences() -> list[str]:
    """Return every text in the code, with … where something is filled in."""
    found = []
    for node in nodes():
        if isinstance(node, ast.JoinedStr):
            parts = [str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values]
            found.append("".join(parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
    return found


def is_said(quoted: str) -> bool:
    """Tell whether the code may say *quoted*; … stands for anything, in the code and in the quotation."""
    pieces = [re.escape(piece) for piece in re.split(r"\s*…\s*", quoted.strip()) if piece.strip(" .'")]
    pattern = re.compile(".*".join(pieces))
    return bool(pieces) and any(pattern.search(sentence) for sentence in sentences())


def headed() -> list[str]:
    return re.findall(r"^### `([^`]+)`$", OPERATIONS, re.MULTILINE)


def test_every_reason_has_a_section_and_every_section_is_of_a_reason() -> None:
    told = headed()
    assert len(told) == len(set(told))
    assert {"configuration", "account_busy", "too_few_fields", "previous_run_active", "not_found"} <= reasons()
    assert set(told) ^ reasons() == set()


def test_what_is_quoted_is_what_the_app_says() -> None:
    quoted = re.findall(r"^> (.+)$", OPERATIONS, re.MULTILINE)
    assert len(quoted) > 20
    assert [line for line in quoted if not is_said(line)] == []
    assert not is_said("Export '…' was eaten.")


def test_every_loud_log_line_is_told_with_what_to_do() -> None:
    lines = [
        node.args[0].value
        for node in nodes()
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {f"logger.{level}" for level in LOUD}
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    ]
    assert len(lines) > 5
    told = {re.sub(r"%[\d.]*[sdfr]", "…", line) for line in lines}
    table = OPERATIONS[OPERATIONS.index("## Log lines") :]
    assert told ^ set(re.findall(r"^\| `([^`]+)` \| .* \|$", table, re.MULTILINE)) == set()
