"""What is billed for an idle month and for a large run: each count with its price, and their sum."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from local.bench.costs.counting import Kind
from local.bench.costs.prices import Price, Prices
from local.bench.costs.usage import Usage

HOURS = 720
"""The hours of a month of 30 days."""
MEMORY_GB = 2
"""The memory of an instance by default (`instanceMemoryMB`)."""
FREE = ", free"
"""How the unit of a grant ends in the document: its price is the number that costs nothing."""
_GIGA = 1_000_000_000
_TIMES = "\N{MULTIPLICATION SIGN}"

OFTEN_ASKED_ALERTS, RARELY_ASKED_ALERTS = 5, 5
LOGS_GB = 4.4
"""What a host of October 2024 on a laptop logged at most, for a month of ticks."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Requests, so many *an_hour*; *unit* names their price, and *before* stands before the count."""

    what: str
    an_hour: int
    unit: str
    before: str = ""
    remark: str = ""


_QUEUES_AND_TABLES = "10,000 requests to queues and tables"
SEEN_OF_A_HOST = (
    Seen("requests of the host: leases of the tick and of its lock", 1_560, "10,000 others", before="at most "),
    Seen("requests of the host: the timer's status is written", 120, "10,000 writes"),
    Seen(
        "requests of the host: a container is made that exists",
        120,
        "10,000 writes",
        remark=", if Azure bills an answer 409",
    ),
    Seen("requests of the tick: the poison queue is asked every 30 seconds", 120, _QUEUES_AND_TABLES),
    Seen("requests of the host: the queue is asked every 15 seconds", 240, _QUEUES_AND_TABLES),
    Seen("requests of the host: tables", 26, _QUEUES_AND_TABLES, before="16 to 36 an hour; "),
)
"""What was seen of a host of October 2024 on a laptop, for a tick every 30 seconds."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a bill: *count* of something at a *price*; *counted* tells how many, *free* how many cost nothing."""

    what: str
    counted: str
    count: float
    price: Price
    free: Price | None = None
    remark: str = ""

    @property
    def amount(self) -> float:
        """Return what it costs in USD."""
        return self._paid_for / self.price.size * self.price.amount

    @property
    def _paid_for(self) -> float:
        return max(0.0, self.count - self.free.amount) if self.free else self.count

    def worked_out(self, digits: int) -> str:
        """Return how the amount comes about, to so many *digits*."""
        free = f"{self.free.text} {self.free.unit.removesuffix(FREE)} are free" if self.free else ""
        if free and not self._paid_for:
            return free
        units = _plain(self._paid_for / self.price.size)
        product = f"{units} {_TIMES} {self.price.text} = {self.amount:.{digits}f}{self.remark}"
        return "; ".join(filter(None, (free, product))) + (" (guess)" if self.price.is_guess else "")


@dataclass(frozen=True, slots=True)
class Bill:
    """All *items* of something, told to so many *digits*; as a reader would, the sum adds up the rounded amounts."""

    items: Sequence[Item]
    digits: int

    @property
    def total(self) -> float:
        """Return the sum in USD."""
        return sum(round(item.amount, self.digits) for item in self.items)

    def added_up(self) -> str:
        """Return the amounts and their sum."""
        amounts = [f"{item.amount:.{self.digits}f}" for item in self.items if round(item.amount, self.digits)]
        return f"{' + '.join(amounts)} = {self.total:.{self.digits}f}"


def idle_month(hour: Usage, prices: Prices) -> Bill:
    """Return the bill of a month of hours such as *hour*, with all that a host asks for by itself, alerts and logs."""
    return Bill([*_counted_of_an_hour(hour, prices), *_seen_of_a_host(prices), *_watching(prices)], digits=2)


def large_run(usage: Usage, prices: Prices) -> Bill:
    """Return the bill of a run, as if nothing was free any more."""
    calls, others = sum(usage.executions.values()), usage.requests[Kind.OTHER]
    writes, reads, lists = (usage.requests[kind] for kind in (Kind.WRITE, Kind.READ, Kind.LIST))
    memory, sent = usage.billed_seconds * MEMORY_GB, usage.sent_bytes / _GIGA
    items = [
        Item("calls of functions", f"{calls:,}", calls, prices.of("10 calls")),
        Item(
            "memory while they run",
            f"{usage.billed_seconds:,.1f} {_TIMES} {MEMORY_GB} GB = {memory:,.1f} GB-s",
            memory,
            prices.of("GB-s, on demand"),
        ),
        Item("requests that write blobs", f"{writes:,}", writes, prices.of("10,000 writes")),
        Item("requests that read blobs", f"{reads:,}", reads, prices.of("10,000 reads")),
        Item("requests that list blobs", f"{lists:,}", lists, prices.of("10,000 listings")),
        Item("other requests to blobs", f"{others:,}", others, prices.of("10,000 others")),
        Item("sent to Klaviyo", f"{sent * 1_000:,.0f} MB", round(sent, 3), prices.of("GB to the internet")),
    ]
    return Bill(items, digits=4)


def _counted_of_an_hour(hour: Usage, prices: Prices) -> Iterator[Item]:
    calls = sum(hour.executions.values())
    yield Item(
        "calls of functions",
        *_a_month(calls),
        prices.of("10 calls"),
        free=prices.of("calls a month" + FREE),
    )
    yield Item(
        "memory while they run",
        f"{hour.billed_seconds:,.0f} {_TIMES} {MEMORY_GB} GB {_TIMES} {HOURS} = "
        f"{hour.billed_seconds * MEMORY_GB * HOURS:,.0f} GB-s",
        hour.billed_seconds * MEMORY_GB * HOURS,
        prices.of("GB-s, on demand"),
        free=prices.of("GB-s a month" + FREE),
    )
    yield Item("requests that list blobs", *_a_month(hour.requests[Kind.LIST]), prices.of("10,000 listings"))
    yield Item("requests that read blobs", *_a_month(hour.requests[Kind.READ]), prices.of("10,000 reads"))
    writes = hour.requests[Kind.WRITE]
    yield Item("requests that write blobs: the note on each tick", *_a_month(writes), prices.of("10,000 writes"))


def _seen_of_a_host(prices: Prices) -> Iterator[Item]:
    for seen in SEEN_OF_A_HOST:
        counted, count = _a_month(seen.an_hour)
        yield Item(seen.what, seen.before + counted, count, prices.of(seen.unit), remark=seen.remark)


def _watching(prices: Prices) -> Iterator[Item]:
    often, rarely = OFTEN_ASKED_ALERTS, RARELY_ASKED_ALERTS
    yield Item("alerts asked every 5 minutes", f"{often}", often, prices.of("alert asked every 5 minutes, a month"))
    yield Item("alerts asked more rarely", f"{rarely}", rarely, prices.of("alert asked every 15 minutes, a month"))
    free = prices.of("GB of logs a month" + FREE)
    yield Item("logs", f"at most {LOGS_GB:g} GB", LOGS_GB, prices.of("GB of logs"), free=free)


def _a_month(an_hour: int) -> tuple[str, float]:
    return f"{an_hour:,} {_TIMES} {HOURS} = {an_hour * HOURS:,}", an_hour * HOURS


def _plain(number: float) -> str:
    """Return *number* without the zeros that say nothing."""
    text = f"{number:,.4f}"
    return text.rstrip("0").rstrip(".")
