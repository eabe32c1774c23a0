"""What a browser must load before the page shows its first screen, and the limits that hold for it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.processes import LocalProblem

MOST_BYTES = 300 * 1024
"""Gzipped."""
MOST_FILES = 6

ENTRY = "index.html"
"""Its script has the home screen in it."""
TEXTS = "src/messages/load-"
"""How the sources begin that load the texts of one language each; a browser loads one of them."""


@dataclass(frozen=True, slots=True)
class FirstScreen:
    """The files of the first screen with their sizes in bytes, gzipped, in the language that needs the most."""

    sizes: Mapping[str, int]

    def check(self) -> None:
        """Raise `LocalProblem` where the first screen takes more than it may."""
        if sum(self.sizes.values()) > MOST_BYTES or len(self.sizes) > MOST_FILES:
            limits = f"at most are {MOST_FILES} files and {MOST_BYTES:,} bytes"
            raise LocalProblem(f"The first screen of the page is too large: {self}; {limits}.")

    def __str__(self) -> str:
        """Return the number of files, the bytes, and each file with its bytes."""
        each = ", ".join(f"{name} {size:,}" for name, size in sorted(self.sizes.items()))
        return f"{len(self.sizes)} files, {sum(self.sizes.values()):,} bytes gzipped ({each})"


def first_screen(built: Mapping[str, Any], size_of: Callable[[str], int]) -> FirstScreen:
    """Return the first screen by Vite's manifest *built*: the entry with the home screen, and one language.

    Raises `LocalProblem` where the manifest does not have both, so that the limits hold for something.
    """
    languages = [source for source in built if source.startswith(TEXTS)]
    if ENTRY not in built:
        raise LocalProblem(f"The page was built without {ENTRY}, with which its first screen begins.")
    if not languages:
        raise LocalProblem(f"The page was built without {TEXTS}…, the texts of its languages.")
    screens = [{*_loaded(built, (ENTRY, language)), ENTRY} for language in languages]
    sizes = [{name: size_of(name) for name in screen} for screen in screens]
    return FirstScreen(max(sizes, key=lambda each: (len(each), sum(each.values()))))


def _loaded(built: Mapping[str, Any], sources: tuple[str, ...]) -> Iterator[str]:
    """Yield the files of *sources* and of all that these import at once."""
    waiting, seen = list(sources), set(sources)
    while waiting:
        part = built[waiting.pop()]
        yield from (part["file"], *part.get("css", ()), *part.get("assets", ()))
        new = set(part.get("imports", ())) - seen
        waiting += new
        seen |= new
