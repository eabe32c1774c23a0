"""``python -m local release``: writes what a release at GitHub has beside the package, and its "Deploy to Azure"."""

import argparse
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from local.processes import LocalProblem

ROOT = Path(__file__).parents[2]
TEMPLATE, FORM, SUMS, NOTES, TREE = (
    "azuredeploy.json",
    "createUiDefinition.json",
    "SHA256SUMS",
    "notes.md",
    "tree.json",
)
BUTTON = "https://aka.ms/deploytoazurebutton"
_PORTAL = "https://portal.azure.com/#create/Microsoft.Template"
_TAG = re.compile(r"v(\d+\.\d+\.\d+)")
_LINK = re.compile(r"\]\((?!\w+:|#)")
_OWN_FILE = "100644"
"""The mode of a file in a tree of git."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("template", type=Path, help="infra/main.bicep, compiled")
    parser.add_argument("package", type=Path, help="the package with its requirements")
    parser.add_argument("--repository", required=True, metavar="OWNER/NAME", help="the repository at GitHub")
    parser.add_argument("--tag", required=True, help="the tag of the release, such as v0.1.0")
    parser.add_argument("--into", required=True, type=Path, metavar="FOLDER", help="where to write the files")


async def run(arguments: argparse.Namespace) -> int:
    """Write the files; raises `LocalProblem` where the tag does not fit the version of the app."""
    version = version_of(arguments.tag)
    pages = f"https://github.com/{arguments.repository}/blob/{arguments.tag}"
    changes = changes_of(version, (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), pages)
    address = f"https://github.com/{arguments.repository}/releases/download/{arguments.tag}/{arguments.package.name}"
    package = arguments.package.read_bytes()
    compiled = json.loads(arguments.template.read_text(encoding="utf-8"))
    files = {
        TEMPLATE: text_of(with_package(compiled, version, address, hashlib.sha256(package).hexdigest())),
        FORM: (ROOT / "infra" / FORM).read_text(encoding="utf-8"),
    }
    files[SUMS] = sums({arguments.package.name: package, **{name: text.encode() for name, text in files.items()}})
    files[NOTES] = f"{button(arguments.repository, arguments.tag)}\n\n{changes}"
    files[TREE] = text_of(tree({name: files[name] for name in (TEMPLATE, FORM)}))
    arguments.into.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (arguments.into / name).write_text(text, encoding="utf-8")
        print(f"{arguments.into / name}: {len(text.encode()):,} bytes")
    return 0


def version_of(tag: str) -> str:
    """Return the version that *tag* names; raises `LocalProblem` where that is not the version of the app."""
    found = _TAG.fullmatch(tag)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    version = str(project["project"]["version"])
    if not found or found[1] != version:
        raise LocalProblem(
            f"The tag {tag} does not name the version of pyproject.toml, which is {version}: v{version}."
        )
    return version


def changes_of(version: str, changelog: str, pages: str) -> str:
    """Return what *changelog* says of *version*, with its links to pages of the repository below *pages*.

    Raises `LocalProblem` where it says nothing.
    """
    _, _, after = changelog.partition(f"\n## [{version}]")
    section = after.partition("\n")[2].partition("\n## ")[0].strip()
    if not section:
        raise LocalProblem(f"CHANGELOG.md has no section about {version}.")
    return _LINK.sub(rf"]({pages}/", section) + "\n"


def with_package(compiled: Mapping[str, Any], version: str, address: str, digest: str) -> dict[str, Any]:
    """Return the template *compiled*, which deploys the package at *address* where nobody says otherwise.

    The digest is among its outputs, so that one can compare it with the file at the address.
    """
    parameters = compiled["parameters"]
    return {
        **compiled,
        "contentVersion": f"{version}.0",
        "metadata": {**compiled.get("metadata", {}), "package": {"address": address, "sha256": digest}},
        "parameters": {**parameters, "packageUri": {**parameters["packageUri"], "defaultValue": address}},
        "outputs": {**compiled["outputs"], "packageSha256": {"type": "string", "value": digest}},
    }


def sums(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of each file, as `sha256sum --check` reads it."""
    return "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())


def button(repository: str, tag: str) -> str:
    """Return the button as Markdown.

    Azure's portal fetches the template and the form inside of the browser.
    So they lie where a page of another site may read them, which the files of a release do not.
    """
    folder = f"https://raw.githubusercontent.com/{repository}/deploy-{tag}"
    template, form = (quote(f"{folder}/{name}", safe="") for name in (TEMPLATE, FORM))
    return f"[![Deploy to Azure]({BUTTON})]({_PORTAL}/uri/{template}/createUIDefinitionUri/{form})"


def tree(files: Mapping[str, str]) -> dict[str, Any]:
    """Return the request to GitHub that makes a tree of *files*."""
    entries = [{"path": name, "mode": _OWN_FILE, "type": "blob", "content": text} for name, text in files.items()]
    return {"tree": entries}


def text_of(document: Any) -> str:
    """Return *document* as a file has it."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
