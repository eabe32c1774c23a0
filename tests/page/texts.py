"""The texts of the page, from its files of messages: tests find what is on the screen by them."""

import json
import re
from pathlib import Path
from typing import Any

MESSAGES = Path(__file__).parents[2] / "web" / "src" / "messages"
_PLAIN = re.compile(r"\{(\w+)\}")


class Texts:
    """The texts in one language."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self._files: dict[str, Any] = {}

    def __call__(self, path: str, **values: object) -> str:
        """Return the text at *path*, such as ``exports.run.now``, with *values* in place of its parameters."""
        text = self._at(path)
        filled = _PLAIN.sub(lambda found: str(values[found[1]]), text)
        assert "{" not in filled, f"{path} has parts that depend on a number: use like()"
        return filled

    def like(self, path: str) -> re.Pattern[str]:
        """Return what the text at *path* looks like, whatever stands for its parameters."""
        parts = [re.escape(part) for part in _without_parameters(re.sub(r"</?\w+>", "", self._at(path)))]
        return re.compile(".*".join(parts))

    def _at(self, path: str) -> str:
        file, *keys = path.split(".")
        if file not in self._files:
            self._files[file] = json.loads((MESSAGES / self.locale / f"{file}.json").read_text(encoding="utf-8"))
        found = self._files[file]
        for key in keys:
            found = found[key]
        assert isinstance(found, str), path
        return found


def _without_parameters(text: str) -> list[str]:
    """Return the pieces of *text* between its parameters, which may hold others."""
    pieces, depth = [""], 0
    for sign in text:
        if sign == "{":
            depth += 1
            if depth == 1:
                pieces.append("")
        elif sign == "}":
            depth -= 1
        elif depth == 0:
            pieces[-1] += sign
    return pieces
