"""The profiles of an account, stored compactly because there can be a million."""

from array import array
from collections.abc import Collection, Sequence
from typing import Any

import orjson

from local.klaviyo.rules.imported_profiles import Attributes, ImportedProfiles

NEVER_SUBSCRIBED = "NEVER_SUBSCRIBED"
_MERGED = ("location", "properties")


class Profiles:
    """Profiles in the order of creation; a position in that order names a profile. Mutable.

    An *identifier* is an e-mail address in lower case, or ``field:value`` for a profile without an address.
    """

    def __init__(self) -> None:
        self._positions: dict[str, int] = {}
        self._imports: list[Attributes] = []
        self._import = array("I")
        self._index = array("I")
        self._merged: dict[int, bytes] = {}
        self._created = array("d")
        self._updated = array("d")
        self._consent: dict[int, str] = {}

    def __len__(self) -> int:
        """Return the number of profiles."""
        return len(self._import)

    def upsert(self, incoming: ImportedProfiles, left_out: Collection[int], now: float) -> Sequence[int]:
        """Create or update the profiles; return their positions, as a range where all are new.

        An update keeps each attribute that the new profile does not have, also within location and properties.
        Profiles whose index is in *left_out* are skipped.
        """
        if not left_out and self._take_new(incoming.identifiers):
            return self._append_all(incoming, now)
        positions: list[int] = []
        kept = None
        for index, identifier in enumerate(incoming.identifiers):
            if index in left_out:
                continue
            position = self._positions.setdefault(identifier, len(self))
            if position == len(self):
                kept = self._keep(incoming.attributes) if kept is None else kept
                self._append(kept, index, now)
            else:
                self._merge(position, incoming.encoded(index), now)
            positions.append(position)
        return positions

    def find(self, identifier: str) -> int | None:
        """Return the position of a profile, or None."""
        return self._positions.get(identifier)

    def encoded(self, position: int) -> bytes:
        """Return the attributes as JSON."""
        return self._merged.get(position) or self._imports[self._import[position]].encoded(self._index[position])

    def attributes(self, position: int) -> dict[str, Any]:
        """Return the attributes that were set."""
        attributes: dict[str, Any] = orjson.loads(self.encoded(position))
        return attributes

    def created(self, position: int) -> float:
        """Return when the profile was created, in seconds since 1970."""
        return self._created[position]

    def updated(self, position: int) -> float:
        """Return when the profile last changed, in seconds since 1970."""
        return self._updated[position]

    def consent(self, position: int) -> str:
        """Return Klaviyo's word for the consent to e-mail marketing; an import never changes that consent."""
        return self._consent.get(position, NEVER_SUBSCRIBED)

    def set_consent(self, position: int, consent: str) -> None:
        """Set the consent, as if the person had given or withdrawn it outside of an import."""
        self._consent[position] = consent

    def _take_new(self, identifiers: list[str]) -> bool:
        """Give each of *identifiers* the next position, if all are new; each is looked up once."""
        positions, first = self._positions, len(self)
        for _ in map(positions.setdefault, identifiers, range(first, first + len(identifiers))):
            pass
        if len(positions) == first + len(identifiers):
            return True
        for identifier in {*identifiers}:
            if positions[identifier] >= first:
                del positions[identifier]
        return False

    def _append_all(self, incoming: ImportedProfiles, now: float) -> range:
        """Create all profiles at once, which is several times as fast as one by one."""
        first, count = len(self), len(incoming)
        times = array("d", [now]) * count
        self._import.extend(array("I", [self._keep(incoming.attributes)]) * count)
        self._index.extend(array("I", range(count)))
        self._created.extend(times)
        self._updated.extend(times)
        return range(first, first + count)

    def _keep(self, attributes: Attributes) -> int:
        self._imports.append(attributes)
        return len(self._imports) - 1

    def _append(self, kept: int, index: int, now: float) -> None:
        self._import.append(kept)
        self._index.append(index)
        self._created.append(now)
        self._updated.append(now)

    def _merge(self, position: int, change: bytes, now: float) -> None:
        old = self.encoded(position)
        if old != change:
            self._merged[position] = _merged(old, change)
            self._updated[position] = now


class CountedProfiles(Profiles):
    """Profiles that are counted and not kept, for runs of many millions: each is a new one, without attributes."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    def __len__(self) -> int:
        """Return the number of profiles."""
        return self._count

    def upsert(self, incoming: ImportedProfiles, left_out: Collection[int], now: float) -> Sequence[int]:  # noqa: ARG002 - no time is kept
        """Count the profiles that are not in *left_out*."""
        taken = len(incoming) - sum(index < len(incoming) for index in left_out)
        first, self._count = self._count, self._count + taken
        return range(first, self._count)

    def encoded(self, position: int) -> bytes:  # noqa: ARG002 - all are alike
        """Return the attributes as JSON: none."""
        return b"{}"

    def created(self, position: int) -> float:  # noqa: ARG002 - as above
        """Return the first moment of 1970."""
        return 0.0

    updated = created


def _merged(old: bytes, new: bytes) -> bytes:
    before, change = orjson.loads(old), orjson.loads(new)
    for name in _MERGED:
        if name in before and name in change:
            change[name] = {**before[name], **change[name]}
    return orjson.dumps({**before, **change})
