"""A wake-up: the queue message that asks for a look at a run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WakeUp:
    """A queue message: look at this run."""

    export_id: str
    run_id: str

    def document(self) -> dict[str, str]:
        """Return the body of the message."""
        return {"export_id": self.export_id, "run_id": self.run_id}
