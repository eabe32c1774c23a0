"""The build of the page, with a stand-in for npm that writes down what it was asked for."""

import json
from pathlib import Path

import pytest

from local.processes import LocalProblem
from local.web.command import build
from local.web.packing import files_of, pack

NPM = """#!/bin/sh
echo "$*" >>asked
[ "$1" = ci ] && mkdir -p node_modules && cp package-lock.json node_modules/.package-lock.json
[ "$1" = run ] && [ -e broken ] && exit 1
[ "$1" = run ] && mkdir -p ../shared/page && cp -r made/. ../shared/page/
exit 0
"""
LOCK = {
    "": {"name": "web"},
    "node_modules/react": {"integrity": "sha512-a"},
    "node_modules/for-windows": {"integrity": "sha512-b", "optional": True},
}
VITES = {
    "index.html": {"file": "assets/index-a1.js", "css": ["assets/index-b2.css"], "imports": []},
    "src/run/RunScreen.tsx": {"file": "assets/RunScreen-c3.js", "imports": ["index.html"]},
    "src/messages/load-en.ts": {"file": "assets/load-en-d4.js", "imports": ["index.html"]},
}
ASSETS = ("index-a1.js", "index-b2.css", "RunScreen-c3.js", "load-en-d4.js")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "web" / "made"
    (made / ".vite").mkdir(parents=True)
    (made / "assets").mkdir()
    (tmp_path / "web" / "package-lock.json").write_text(json.dumps({"packages": LOCK}))
    (made / ".vite" / "manifest.json").write_text(json.dumps(VITES))
    (made / "index.html").write_text("<!doctype html>")
    for name in ASSETS:
        (made / "assets" / name).write_text(name)
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(NPM)
    npm.chmod(0o700)
    return tmp_path


def make(root: Path) -> list[str]:
    return build(root, {"PATH": f"{root / 'bin'}:/usr/bin:/bin"})


def asked(root: Path) -> list[str]:
    return [line.split()[0] for line in (root / "web" / "asked").read_text().splitlines()]


def note(root: Path, packages: dict[str, object]) -> None:
    (root / "web" / "node_modules").mkdir()
    (root / "web" / "node_modules" / ".package-lock.json").write_text(json.dumps({"packages": packages}))


def test_the_page_is_built_packed_and_told_about(root: Path) -> None:
    files, screen = make(root)
    assert files.startswith("shared/page: 5 files, ")
    assert screen.startswith("the first screen: 4 files, ")
    packed = {path.relative_to(root / "shared" / "page").as_posix() for path in (root / "shared").rglob("*.*")}
    assert packed == {"manifest.json", "index.html.gz", *(f"assets/{name}.gz" for name in ASSETS)}
    assert set(files_of(root / "shared" / "page")) == packed


def test_packages_are_installed_where_they_are_not_those_of_the_lock_and_only_then(root: Path) -> None:
    make(root)
    make(root)
    assert asked(root) == ["ci", "run", "run"]
    newer = {**LOCK, "node_modules/react": {"integrity": "sha512-newer"}}
    (root / "web" / "package-lock.json").write_text(json.dumps({"packages": newer}))
    make(root)
    assert asked(root)[3:] == ["ci", "run"]


def test_a_package_for_other_machines_need_not_be_there(root: Path) -> None:
    note(root, {"node_modules/react": {"integrity": "sha512-a"}})
    make(root)
    assert asked(root) == ["run"]


def test_a_package_that_is_missing_is_installed(root: Path) -> None:
    note(root, {"node_modules/for-windows": {"integrity": "sha512-b"}})
    make(root)
    assert asked(root) == ["ci", "run"]


def test_no_older_page_is_left_where_the_build_fails(root: Path) -> None:
    make(root)
    (root / "web" / "broken").touch()
    with pytest.raises(LocalProblem, match="Building the page failed"):
        make(root)
    assert files_of(root / "shared" / "page") == []


def test_the_same_files_are_always_packed_alike(root: Path) -> None:
    made = []
    for _ in range(2):
        make(root)
        made.append({path: path.read_bytes() for path in (root / "shared").rglob("*.*")})
    assert made[0] == made[1]


def test_a_machine_without_npm_hears_what_it_needs(root: Path) -> None:
    with pytest.raises(LocalProblem, match="node 20 or newer"):
        build(root, {"PATH": str(root / "nowhere")})


@pytest.mark.parametrize(("name", "why"), [("x.exe", "what type such a file has"), ("x.js", "without an index.html")])
def test_a_page_that_cannot_be_served_is_not_packed(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / name).write_text("x")
    with pytest.raises(LocalProblem, match=why):
        pack(tmp_path)
    assert files_of(tmp_path) == []
