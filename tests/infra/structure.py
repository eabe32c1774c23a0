"""Rules that a compiler would check: names, parameters, outputs, files. Each yields a sentence for each fault."""

import re
from collections.abc import Iterator
from itertools import pairwise

import tree_sitter

from tests.infra.bicep import BicepFile, Declaration, elements, text_of, walk
from tests.infra.infrastructure import AZD, FROM_ENVIRONMENT, MAIN, Infrastructure

FUNCTIONS = frozenset(
    {
        "concat",
        "empty",
        "environment",
        "guid",
        "loadTextContent",
        "replace",
        "resourceGroup",
        "resourceId",
        "split",
        "string",
        "subscription",
        "subscriptionResourceId",
        "take",
        "tenant",
        "union",
        "uniqueString",
    }
)
"""The functions of Bicep in use here; a new one is looked up in its documentation before it comes in."""
NO_STABLE_VERSION = {"Microsoft.Insights/diagnosticSettings@2021-05-01-preview"}
LOOPED_WITHIN = {"resource_declaration", "module_declaration"}
LOOPED = LOOPED_WITHIN | {"variable_declaration", "output_declaration"}
RESOURCE = re.compile(r"[A-Z]\w+(\.\w+)+(/\w+)+@20\d\d-\d\d-\d\d(-preview)?")


def parses(infrastructure: Infrastructure) -> Iterator[str]:
    for path, file in infrastructure.files.items():
        for node in _every_node(file.root):
            if node.type == "ERROR" or node.is_missing:
                yield f"{path}:{node.start_point[0] + 1} is no Bicep."
            if node.type in ("array", "object"):
                yield from (f"{path}:{line} has two values on a line." for line in _crowded(node))


def loops_stand_where_they_may(infrastructure: Infrastructure) -> Iterator[str]:
    """Look that each loop is a whole declaration, or a property of a resource or module; Bicep takes no other."""
    for path, file in infrastructure.files.items():
        for node in walk(file.root):
            if node.type != "for_statement" or (parent := node.parent) is None or parent.type in LOOPED:
                continue
            while parent is not None and not parent.type.endswith("_declaration"):
                parent = parent.parent
            if parent is None or parent.type not in LOOPED_WITHIN:
                yield f"{path}:{node.start_point[0] + 1} has a loop where Bicep takes none."


def everything_is_described(infrastructure: Infrastructure) -> Iterator[str]:
    for path, file in infrastructure.files.items():
        for each in (*file.parameters.values(), *file.outputs.values()):
            if len(str(each.decorators.get("description", ""))) < len("Tags."):
                yield f"{path}: {each.name} has no description."


def every_name_is_declared(infrastructure: Infrastructure) -> Iterator[str]:
    for path, file in infrastructure.files.items():
        for name, function in _names(file):
            if name not in (FUNCTIONS if function else file.symbols | _loop_variables(file)):
                yield f"{path} uses {name}, which nobody declares."


def every_declaration_is_used(infrastructure: Infrastructure) -> Iterator[str]:
    for path, file in infrastructure.files.items():
        used = {name for name, function in _names(file) if not function}
        declared = [
            *file.parameters,
            *file.variables,
            *(name for name, each in file.resources.items() if each.existing),
        ]
        yield from (f"{path} declares {name}, which nobody uses." for name in declared if name not in used)


def modules_are_called_rightly(infrastructure: Infrastructure) -> Iterator[str]:
    called = {MAIN, AZD}
    for path, file in infrastructure.files.items():
        for module in file.modules.values():
            target = infrastructure.called(path, module)
            called.add(target)
            if target not in infrastructure.files:
                yield f"{path}: module {module.name} is {module.target}, which is not here."
                continue
            wanted, given = set(infrastructure.files[target].parameters), set(module.at("params") or {})
            yield from (f"{path} does not give {name} to {target}." for name in sorted(wanted - given))
            yield from (f"{path} gives {name} to {target}, which takes none." for name in sorted(given - wanted))
    yield from (f"Nobody calls {path}." for path in infrastructure.files if path not in called)


def outputs_exist_and_are_used(infrastructure: Infrastructure) -> Iterator[str]:
    used: set[tuple[str, str]] = set()
    for path, file in infrastructure.files.items():
        for node in walk(file.root):
            if not (match := re.fullmatch(r"(\w+)!?\.\??outputs\.(\w+)", text_of(node))):
                continue
            module = file.modules.get(match[1])
            target = infrastructure.called(path, module) if module else ""
            used.add((target, match[2]))
            if target not in infrastructure.files or match[2] not in infrastructure.files[target].outputs:
                yield f"{path} takes {match[0]}, which is not there."
    for path, file in infrastructure.files.items():
        if "/modules/" in path:
            yield from (
                f"{path} puts out {name}, which nobody takes." for name in file.outputs if (path, name) not in used
            )


def loaded_files_exist(infrastructure: Infrastructure) -> Iterator[str]:
    loaded: set[str] = set()
    for path, file in infrastructure.files.items():
        for node in walk(file.root):
            if match := re.fullmatch(r"loadTextContent\('\.\./(.+)'\)", text_of(node)):
                loaded.add(f"infra/{match[1]}")
                if f"infra/{match[1]}" not in infrastructure.texts:
                    yield f"{path} loads {match[1]}, which is not here."
    yield from (f"Nobody loads {p}." for p in infrastructure.texts if p.endswith(".kql") and p not in loaded)


def resources_are_named_with_a_stable_version(infrastructure: Infrastructure) -> Iterator[str]:
    for path, file in infrastructure.files.items():
        for each in file.resources.values():
            if not RESOURCE.fullmatch(each.target):
                yield f"{path}: {each.target} is no type of a resource."
            elif each.target.endswith("-preview") and each.target not in NO_STABLE_VERSION:
                yield f"{path}: {each.target} is a preview."


def parameter_files_fit(infrastructure: Infrastructure) -> Iterator[str]:
    if "using 'main.bicep'" not in infrastructure.texts["infra/main.bicepparam"]:
        yield "infra/main.bicepparam does not say what it is for."
    yield from _misfits("infra/main.bicepparam", infrastructure.main, infrastructure.file_parameters())
    azd, given = infrastructure.files[AZD], infrastructure.azd_parameters()
    yield from _misfits("infra/azd/main.parameters.json", azd, given)
    for name, text in given.items():
        match = FROM_ENVIRONMENT.fullmatch(text)
        default = "" if name not in azd.parameters else str(azd.parameters[name].value or "")
        if not match:
            yield f"infra/azd/main.parameters.json: {name} does not come from the environment."
        elif match[1] is not None and match[1] not in (default, default.lower() or "false"):
            yield f"infra/azd/main.parameters.json has another default of {name} than {AZD}."


def azd_enters_by_the_same_door(infrastructure: Infrastructure) -> Iterator[str]:
    main, azd = infrastructure.main, infrastructure.files[AZD]
    if azd.scope != "subscription" or main.scope != "resourceGroup":
        yield "The scope of an entry is not what it must be."
    for name, each in main.parameters.items():
        if name in ("environmentName", "location", "tags"):  # azd's own names and tags
            continue
        if name not in azd.parameters:
            yield f"{AZD} does not know {name}."
        elif _said(azd.parameters[name]) != _said(each):
            yield f"{AZD} says something else of {name} than {MAIN}."
    yaml = infrastructure.texts["azure.yaml"]
    if not re.search(r"^  path: infra/azd\n  module: main$", yaml, re.MULTILINE):
        yield "azure.yaml does not lead to the entry of azd."
    service = re.search(
        r"^services:\n  (\w+):\n    project: \.\n    language: python\n    host: function$", yaml, re.MULTILINE
    )
    [(path, site)] = infrastructure.resources("Microsoft.Web/sites")
    if not service or f"'azd-service-name': '{service[1]}'" not in text_of(site.node):
        yield f"azure.yaml and {path} do not call the service by the same name."


def _misfits(path: str, file: BicepFile, given: dict[str, str]) -> Iterator[str]:
    yield from (f"{path} gives {name}, which nobody takes." for name in given if name not in file.parameters)
    missing = [name for name, each in file.parameters.items() if each.required and name not in given]
    yield from (f"{path} does not give {name}." for name in missing)


def _said(each: Declaration) -> tuple[object, ...]:
    return each.target, each.value, each.decorators


def _every_node(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    yield node
    for child in node.children:
        yield from _every_node(child)


def _crowded(node: tree_sitter.Node) -> Iterator[int]:
    """Yield the lines on which two values follow each other without a comma, which the parser lets pass."""
    commas = {child.start_byte for child in node.children if child.type == ","}
    for one, other in pairwise(elements(node)):
        between = any(one.end_byte <= at < other.start_byte for at in commas)
        if one.end_point[0] == other.start_point[0] and not between:
            yield one.end_point[0] + 1


def _names(file: BicepFile) -> Iterator[tuple[str, bool]]:
    """Yield each name that the file uses, and whether it is called as a function."""
    for node in walk(file.root):
        parent = node.parent
        if node.type != "identifier" or parent is None or parent.type.endswith("_declaration"):
            if node.type == "identifier" and parent and parent.named_children[-1] == node and _is_value(parent):
                yield text_of(node), False
            continue
        if parent.type in ("target_scope_assignment", "type", "for_loop_parameters"):
            continue
        if parent.type == "object_property" and parent.named_children[0] == node:
            continue
        if parent.type == "for_statement" and parent.named_children[0] == node:
            continue
        if parent.type == "call_expression" and parent.parent and parent.parent.type == "decorator":
            continue
        yield text_of(node), parent.type == "call_expression" and parent.named_children[0] == node


def _is_value(declaration: tree_sitter.Node) -> bool:
    """Tell whether *declaration* ends in a value, as `output x string = y` does."""
    return any(child.type == "=" for child in declaration.children) and len(declaration.named_children) > 1


def _loop_variables(file: BicepFile) -> set[str]:
    loops = [node for node in walk(file.root) if node.type == "for_statement"]
    return {text_of(loop.named_children[0]) for loop in loops}
