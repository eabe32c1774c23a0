"""``python -m tests.infra.snapshots``: evaluates every combination of parameters anew and keeps the snapshots."""

import json
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.infra.snapshots.combinations import AZD, COMBINATIONS, MAIN, REFUSED, Combination
from tests.infra.snapshots.compiler import PINNED, PLACE, Refused, compiled, compiler, evaluate
from tests.infra.snapshots.evaluated import IN_GROUP, NAMES, document_of
from tests.infra.snapshots.sources import INFRA, MADE_OF, SNAPSHOTS, hash_of_sources
from tests.infra.snapshots.templates import TEMPLATES, digest_of


def documents() -> dict[Path, dict[str, Any]]:
    """Return all that is kept, by its files, evaluated now."""
    with ThreadPoolExecutor(os.cpu_count()) as side_by_side:
        refused = side_by_side.map(refusal, [each for each, _ in REFUSED])
        evaluated = dict(zip(NAMES, side_by_side.map(evaluate, COMBINATIONS), strict=True))
        found: dict[Path, dict[str, Any]] = {
            TEMPLATES: digest_of(compiled(INFRA / MAIN), compiled(INFRA / AZD)),
            SNAPSHOTS / "refused.json": {each.name: said for (each, _), said in zip(REFUSED, refused, strict=True)},
            MADE_OF: {"sources": hash_of_sources(), "compiler": PINNED},
        }
    for each in COMBINATIONS:
        found[SNAPSHOTS / f"{each.name}.json"] = document_of(each, evaluated[each.name], evaluated[each.beside])
    return found


def refusal(combination: Combination) -> str:
    """Return the sentence with which *combination* is refused, or nothing where it is not."""
    try:
        evaluate(combination)
    except Refused as refused:
        return str(refused)
    return ""


def text_of(document: dict[str, Any]) -> str:
    """Return *document* as its file has it: ids of the made-up group are shortened, for they are long and many."""
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    return re.sub(
        rf"/subscriptions/{PLACE['--subscription-id']}/resourceGroups/[\w-]+/providers/", f"{IN_GROUP}/", text
    )


def main() -> int:
    if compiler() is None:
        sys.stderr.write(f"There is no Bicep compiler here: name one with BICEP=..., or install {PINNED}.\n")
        return 1
    made = documents()
    for path in set(SNAPSHOTS.glob("*.json")) - made.keys():
        path.unlink()
    for path, document in made.items():
        path.write_text(text_of(document), encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(INFRA.parent)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
