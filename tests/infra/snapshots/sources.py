"""The files that a deployment is made of, and the hash by which the snapshots say of which files they were made."""

import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).parents[3]
INFRA = ROOT / "infra"
SNAPSHOTS = Path(__file__).parent
MADE_OF = SNAPSHOTS / "made_of.json"
COMMAND = "python -m tests.infra.snapshots"
KINDS = {".bicep", ".bicepparam", ".json", ".kql"}


def sources() -> list[Path]:
    """Return the files below ``infra``, in order."""
    return sorted(path for path in INFRA.rglob("*") if path.suffix in KINDS)


def hash_of_sources() -> str:
    """Return a hash over the names and the contents of all sources."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(f"{path.relative_to(ROOT).as_posix()}\n{path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def hash_of_snapshots() -> str:
    """Return the hash of the sources that the kept snapshots were made of."""
    made_of: dict[str, str] = json.loads(MADE_OF.read_text(encoding="utf-8"))
    return made_of["sources"]
