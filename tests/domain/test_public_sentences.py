"""Only administrators read the name of a secret, of a vault or of a Klaviyo account."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import shared
from shared.domain.errors import CONNECTION_TROUBLE, ExportError

ROOT = Path(__file__).parents[2]
TELLING = re.compile(r"\{(secret|vault|account)\}|\bKey Vault\b.*\.|\bKEY_VAULT_URL\b.*\.|Klaviyo account \{")
"""What stands in the template of a sentence that names one of them."""


def error_names(root: type[ExportError] = ExportError) -> set[str]:
    return {root.__name__}.union(*(error_names(kind) for kind in root.__subclasses__()))


def templates(tree: ast.AST) -> Iterator[str]:
    """Yield every text in the module *tree* that is no docstring."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def telling_modules() -> list[Path]:
    files = sorted((ROOT / "shared").rglob("*.py"))
    return [file for file in files if any(map(TELLING.search, templates(ast.parse(file.read_text()))))]


def made_errors(tree: ast.AST) -> list[ast.Call]:
    """Return the calls in *tree* that make an error of the product."""
    for module in pkgutil.walk_packages(shared.__path__, "shared."):
        importlib.import_module(module.name)
    names = error_names()
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [call for call in calls if ast.unparse(call.func).rpartition(".")[2] in names]


def test_the_modules_with_such_sentences_are_found() -> None:
    found = {file.name for file in telling_modules()}
    assert {"vault_errors.py", "secrets.py", "account_key.py", "account_check.py", "account_turn.py"} <= found
    assert "errors.py" not in found


@pytest.mark.parametrize("file", telling_modules(), ids=lambda file: file.name)
def test_every_error_of_a_module_with_such_a_sentence_has_a_public_one(file: Path) -> None:
    for call in made_errors(ast.parse(file.read_text())):
        given = {keyword.arg for keyword in call.keywords}
        assert "public" in given, f"{file.name}:{call.lineno}: {ast.unparse(call)}"


def test_the_public_sentence_about_a_connection_names_none_of_them() -> None:
    assert CONNECTION_TROUBLE.params == {}
    assert not TELLING.search(CONNECTION_TROUBLE.detail)
