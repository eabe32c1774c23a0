"""The seams to the outside world: what the app needs of it. Adapters fill these needs."""

from shared.ports.clock import Clock
from shared.ports.documents import MAX_ADDED_LINE_BYTES, Document, Documents, check_line, write_over
from shared.ports.events import EventListener
from shared.ports.first_of import first_of
from shared.ports.leases import LEASE_SECONDS, Lease, Leases
from shared.ports.secrets import Secrets
from shared.ports.segments import Ranges, Segments
from shared.ports.sink import Account, Encoder, Flow, ListInfo, Sink, Sinks

__all__ = [
    "LEASE_SECONDS",
    "MAX_ADDED_LINE_BYTES",
    "Account",
    "Clock",
    "Document",
    "Documents",
    "Encoder",
    "EventListener",
    "Flow",
    "Lease",
    "Leases",
    "ListInfo",
    "Ranges",
    "Secrets",
    "Segments",
    "Sink",
    "Sinks",
    "check_line",
    "first_of",
    "write_over",
]
