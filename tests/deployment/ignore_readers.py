"""How the tools that deploy read .funcignore: each tells for a file whether it goes into their package."""

import re
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase

from pathspec import GitIgnoreSpec

Reader = Callable[[Sequence[str], str], bool]
"""Takes the lines of the file and the path of a file."""


def by_func(lines: Sequence[str], path: str) -> bool:
    """Read as Core Tools do: paths of files only, by their beginnings; a line with "!" beats every other line."""
    out = [line.lstrip("/") for line in lines if not line.startswith("!")]
    back = [line[1:].lstrip("/") for line in lines if line.startswith("!")]
    return _begins_like(back, path) or not _begins_like(out, path)


def by_azd(lines: Sequence[str], path: str) -> bool:
    """Read as azd does: the last line that matches decides; a star after a slash at the beginning crosses folders."""
    return all(_azd_takes_one(lines, place) for place in _places(path))


def by_git(lines: Sequence[str], path: str) -> bool:
    """Read as git and the extension of VS Code do."""
    spec = GitIgnoreSpec.from_lines(lines)
    *folders, file = _places(path)
    return not spec.match_file(file) and not any(spec.match_file(f"{folder}/") for folder in folders)


READERS: dict[str, Reader] = {"func": by_func, "azd": by_azd, "git": by_git}


def _begins_like(patterns: Sequence[str], path: str) -> bool:
    written = [re.escape(each).replace(r"\*\*", "(.+)").replace(r"\*", "([^/]+)") for each in patterns]
    return any(re.match(each, path) for each in written)


def _azd_takes_one(lines: Sequence[str], place: str) -> bool:
    decided = [line for line in lines if _azd_matches(line.removeprefix("!"), place)]
    return not decided or decided[-1].startswith("!")


def _azd_matches(pattern: str, place: str) -> bool:
    steps = pattern.strip("/").split("/")
    if "**" in steps:
        return _azd_steps(place.split("/"), steps)
    return fnmatchcase(place if pattern.startswith("/") else place.rpartition("/")[2], "/".join(steps))


def _azd_steps(parts: list[str], steps: list[str]) -> bool:
    if not steps:
        return not parts
    if steps[0] == "**":
        return _azd_steps(parts, steps[1:]) or (bool(parts) and _azd_steps(parts[1:], steps))
    return bool(parts) and fnmatchcase(parts[0], steps[0]) and _azd_steps(parts[1:], steps[1:])


def _places(path: str) -> list[str]:
    """Return the folders above *path*, from the top, and *path* itself."""
    parts = path.split("/")
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
