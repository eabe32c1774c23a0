"""The profiles of an account, stored compactly because there can be a million."""

from array import array
from collections.abc import Collection
from typing import Any

import orjson

from local.klaviyo.rules.profile_reader import ImportedProfiles

NEVER_SUBSCRIBED = "NEVER_SUBSCRIBED"
_MERGED = ("location", "properties")


class Profiles:
    """Profiles in the order of creation; a position in that order names a profile. Mutable.

    An *identifier* is an e-mail address in lower case, or ``field:value`` for a profile without an address.
    """

    def __init__(self) -> None:
        self._positions: dict[str, int] = {}
        self._pieces: list[bytes] = []
        self._piece = array("I")
        self._begin = array("I")
        self._end = array("I")
        self._created = array("d")
        self._updated = array("d")
        self._consent: dict[int, str] = {}

    def __len__(self) -> int:
        """Return the number of profiles."""
        return len(self._piece)

    def upsert(self, incoming: ImportedProfiles, left_out: Collection[int], now: float) -> list[int]:
        """Create or update the profiles; return their positions.

        An update keeps each attribute that the new profile does not have, also within location and properties.
        Profiles whose index is in *left_out* are skipped.
        """
        if not left_out and self._are_new(incoming.identifiers):
            return self._append_all(incoming, now)
        positions: list[int] = []
        begin, piece = 0, None
        for index, (identifier, end) in enumerate(zip(incoming.identifiers, incoming.ends, strict=True)):
            if index not in left_out:
                position = self._positions.setdefault(identifier, len(self._piece))
                if position == len(self._piece):
                    piece = self._keep(incoming.payload) if piece is None else piece
                    self._append(piece, begin, end, now)
                else:
                    self._merge(position, incoming.payload[begin:end], now)
                positions.append(position)
            begin = end
        return positions

    def find(self, identifier: str) -> int | None:
        """Return the position of a profile, or None."""
        return self._positions.get(identifier)

    def encoded(self, position: int) -> bytes:
        """Return the attributes as JSON."""
        return self._pieces[self._piece[position]][self._begin[position] : self._end[position]]

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

    def _are_new(self, identifiers: list[str]) -> bool:
        return len({*identifiers}) == len(identifiers) and self._positions.keys().isdisjoint(identifiers)

    def _append_all(self, incoming: ImportedProfiles, now: float) -> list[int]:
        """Create all profiles at once, which is several times as fast as one by one."""
        count = len(incoming)
        positions = [*range(len(self), len(self) + count)]
        self._positions.update(zip(incoming.identifiers, positions, strict=True))
        piece, times = self._keep(incoming.payload), array("d", [now]) * count
        self._piece.extend(array("I", [piece]) * count)
        self._begin.extend(array("I", [0, *incoming.ends[:-1]]))
        self._end.extend(incoming.ends)
        self._created.extend(times)
        self._updated.extend(times)
        return positions

    def _keep(self, piece: bytes) -> int:
        self._pieces.append(piece)
        return len(self._pieces) - 1

    def _append(self, piece: int, begin: int, end: int, now: float) -> None:
        self._piece.append(piece)
        self._begin.append(begin)
        self._end.append(end)
        self._created.append(now)
        self._updated.append(now)

    def _merge(self, position: int, change: bytes, now: float) -> None:
        old = self.encoded(position)
        if old != change:
            merged = _merged(old, change)
            self._piece[position], self._begin[position], self._end[position] = self._keep(merged), 0, len(merged)
            self._updated[position] = now


def _merged(old: bytes, new: bytes) -> bytes:
    before, change = orjson.loads(old), orjson.loads(new)
    for name in _MERGED:
        if name in before and name in change:
            change[name] = {**before[name], **change[name]}
    return orjson.dumps({**before, **change})
