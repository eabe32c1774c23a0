"""Lists, their members with the time of joining, and the flows that start when somebody joins."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow that starts when somebody joins a list; *status* is draft, manual or live."""

    id: str
    name: str
    status: str = "live"
    archived: bool = False


@dataclass(slots=True)
class ProfileList:
    """A list; *members* are positions of profiles, in the order of joining. Mutable."""

    id: str
    name: str
    opt_in_process: str = "single_opt_in"
    flows: tuple[Flow, ...] = ()
    members: "array[int]" = field(default_factory=lambda: array("Q"), repr=False)
    joined: "array[float]" = field(default_factory=lambda: array("d"), repr=False)
    _is_member: bytearray = field(default_factory=bytearray, repr=False)

    def __len__(self) -> int:
        """Return how many profiles are on the list."""
        return len(self.members)

    def add(self, positions: Sequence[int], now: float) -> None:
        """Add profiles; a profile that is on the list already keeps its place. A range is of new profiles."""
        is_member = self._is_member
        if isinstance(positions, range):
            is_member.extend(bytes(positions.start - len(is_member)) + b"\1" * len(positions))
            self.members.extend(positions)
            self.joined.extend(array("d", [now]) * len(positions))
            return
        is_member.extend(bytes(max(0, max(positions, default=0) + 1 - len(is_member))))
        for position in positions:
            if not is_member[position]:
                is_member[position] = 1
                self.members.append(position)
                self.joined.append(now)

    def clear(self) -> None:
        """Remove all members."""
        self.members, self.joined, self._is_member = array("Q"), array("d"), bytearray()
