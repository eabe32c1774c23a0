"""The table of requests and answers, and the comparison of an answer with its row."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.conformance.exchange import Answered, exchange

TABLE = Path(__file__).parents[2] / "tests" / "local" / "real_host.json"
_REPEATED = re.compile(r"\{\{(.+?)\*(\d+)\}\}", re.DOTALL)
_KEY = re.compile(r"\{(key|master)\}")


@dataclass(frozen=True, slots=True)
class Case:
    """One row of the table: a request, and what is to be seen of the answer."""

    name: str
    request: Mapping[str, Any]
    answer: Mapping[str, Any]

    def needs(self) -> set[str]:
        """Return which keys of the host the request shows."""
        return set(_KEY.findall(json.dumps(self.request)))

    def play(self, url: str, keys: Mapping[str, str]) -> list[str]:
        """Send the request to the host at *url*; return what is not as in the table."""
        headers = [_filled(header, keys) for header in self.request.get("headers", ())]
        answered = exchange(
            url,
            _filled(self.request["line"], keys),
            headers,
            self.request.get("body", "").encode(),
            is_chunked=self.request.get("chunked", False),
        )
        return [*_differences(self.answer, answered)]


def cases(path: Path = TABLE) -> list[Case]:
    """Return the rows of the table."""
    return [Case(row["name"], row["request"], row["answer"]) for row in json.loads(path.read_text())["cases"]]


def _filled(text: str, keys: Mapping[str, str]) -> str:
    """Return *text* with its keys, and with ``{{a*3}}`` written out as ``aaa``."""
    text = _REPEATED.sub(lambda match: match[1] * int(match[2]), text)
    return _KEY.sub(lambda match: keys[match[1]], text)


def _differences(expected: Mapping[str, Any], answered: Answered) -> Iterator[str]:
    if expected["status"] != answered.status:
        yield f"the status is {answered.status}, not {expected['status']}"
        return
    for name, value in expected.get("headers", {}).items():
        found = answered.headers.get(name.lower())
        if found != value:
            yield f"{name} is {found!r}, not {value!r}"
    body = answered.body.decode(errors="replace")
    if "body" in expected and body != expected["body"]:
        yield f"the body is {body[:200]!r}, not {expected['body']!r}"
    for name, value in expected.get("json", {}).items():
        found = json.loads(body).get(name)
        if found != value:
            yield f"{name} is {found!r}, not {value!r}"
