"""Reads Bicep: what a file declares, and what its expressions are made of. The rules of this folder are about that."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import tree_sitter
import tree_sitter_bicep

_PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_bicep.language()))
_DECLARATIONS = {
    "parameter_declaration": "parameters",
    "variable_declaration": "variables",
    "resource_declaration": "resources",
    "module_declaration": "modules",
    "output_declaration": "outputs",
}


@dataclass(frozen=True)
class Expression:
    """A value that only a deployment knows; *text* has single blanks where the file has any space."""

    text: str


@dataclass(frozen=True)
class Declaration:
    """A parameter, variable, resource, module or output."""

    name: str
    node: tree_sitter.Node
    decorators: dict[str, Any]
    target: str = ""
    """Of a resource its type and version, of a module its path, of a parameter or output its type."""
    existing: bool = False
    value: Any = None
    """The default, the body or the value; of a loop or condition that which is repeated or made."""

    @property
    def required(self) -> bool:
        return not any(child.type == "=" for child in self.node.children)

    def at(self, path: str) -> Any:
        """Return what lies under the dotted *path* of the body, or None."""
        found = self.value
        for step in path.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        return found


@dataclass
class BicepFile:
    """What one file declares."""

    root: tree_sitter.Node
    parameters: dict[str, Declaration] = field(default_factory=dict)
    variables: dict[str, Declaration] = field(default_factory=dict)
    resources: dict[str, Declaration] = field(default_factory=dict)
    modules: dict[str, Declaration] = field(default_factory=dict)
    outputs: dict[str, Declaration] = field(default_factory=dict)

    def of_type(self, kind: str) -> list[Declaration]:
        """Return the resources of type *kind* that the file makes."""
        return [each for each in self.resources.values() if each.target.split("@")[0] == kind and not each.existing]


def read_bicep(text: str) -> BicepFile:
    root = _PARSER.parse(text.encode()).root_node
    found = BicepFile(root)
    decorators: dict[str, Any] = {}
    for node in root.named_children:
        if node.type == "decorators":
            decorators = dict(_decorator(each) for each in node.named_children)
        elif node.type in _DECLARATIONS:
            declared = _declaration(node, decorators)
            getattr(found, _DECLARATIONS[node.type])[declared.name] = declared
            decorators = {}
    return found


def value_of(node: tree_sitter.Node) -> Any:
    """Return *node* as Python has it; what is no literal stays an `Expression`."""
    if node.type == "string" and any(child.type == "interpolation" for child in node.named_children):
        return Expression(_on_one_line(node))
    reader = _READERS.get(node.type)
    return reader(node) if reader else Expression(_on_one_line(node))


def text_of(node: tree_sitter.Node) -> str:
    return (node.text or b"").decode()


def walk(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    yield node
    for child in node.named_children:
        yield from walk(child)


def elements(node: tree_sitter.Node) -> list[tree_sitter.Node]:
    """Return the elements of an array, or the properties of an object, without comments."""
    return [child for child in node.named_children if child.type not in ("comment", "diagnostic_comment")]


def _on_one_line(node: tree_sitter.Node) -> str:
    return " ".join(text_of(node).split())


def _declaration(node: tree_sitter.Node, decorators: dict[str, Any]) -> Declaration:
    named = elements(node)
    name = text_of(named[0])
    types = [child for child in named if child.type == "type"]
    target = text_of(types[0]) if types else ""
    if node.type in ("resource_declaration", "module_declaration"):
        target = str(value_of(named[1]))
    given = any(child.type == "=" for child in node.children)
    value = value_of(named[-1]) if given else None
    return Declaration(name, node, decorators, target, any(child.type == "existing" for child in node.children), value)


def _decorator(node: tree_sitter.Node) -> tuple[str, Any]:
    call = node.named_children[0]
    arguments = [value_of(child) for child in elements(call.named_children[-1])]
    return text_of(call.named_children[0]), arguments[0] if arguments else True


def _property(node: tree_sitter.Node) -> tuple[str, Any]:
    key, *_, value = elements(node)
    name = value_of(key) if key.type == "string" else text_of(key)
    return (name.text if isinstance(name, Expression) else str(name)), value_of(value)


_READERS: dict[str, Callable[[tree_sitter.Node], Any]] = {
    "string": lambda node: "".join(text_of(child) for child in node.named_children),
    "number": lambda node: int(text_of(node)),
    "boolean": lambda node: text_of(node) == "true",
    "null": lambda _: None,
    "array": lambda node: [value_of(child) for child in elements(node)],
    "object": lambda node: dict(_property(child) for child in elements(node)),
    "for_statement": lambda node: value_of(node.named_children[-1]),
    "if_statement": lambda node: value_of(node.named_children[-1]),
}
