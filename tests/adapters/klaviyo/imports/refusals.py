"""A Klaviyo that refuses what a test wants refused, and what must hold of every delivery to it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shared.adapters.klaviyo.batch_delivery import BatchDelivery
from shared.adapters.klaviyo.client.klaviyo_answer import KlaviyoAnswer
from shared.adapters.klaviyo.import_body import import_body
from shared.domain.batches.batch import Batch
from shared.domain.errors import ConfigurationError
from shared.domain.runs.isolation_budget import MAX_EXTRA_REQUESTS_A_BATCH, IsolationBudget
from shared.domain.runs.receipt import Sent
from shared.domain.runs.receipt_collector import ReceiptCollector
from shared.domain.runs.rejection import Span
from tests.adapters.klaviyo.imports.batches import attributes_in, emails_of, rejected_emails
from tests.adapters.klaviyo.network import Reply, answer, failure

PROFILES = "/data/attributes/profiles/data"
Refuse = Callable[[list[str]], Reply | None]


def naming(positions: Iterable[int], tail: str = "/attributes/email") -> Reply:
    """Return a 400 that names profiles by their positions in the request."""
    errors = [
        {"detail": f"Invalid email address {position}", "source": {"pointer": f"{PROFILES}/{position}{tail}"}}
        for position in positions
    ]
    return failure(400, *errors)


def bad_positions(emails: list[str]) -> list[int]:
    return [position for position, email in enumerate(emails) if "@refused" in email]


def names_all(emails: list[str]) -> Reply | None:
    return naming(bad) if (bad := bad_positions(emails)) else None


def names_first(emails: list[str]) -> Reply | None:
    return naming(bad[:1]) if (bad := bad_positions(emails)) else None


def names_none(emails: list[str]) -> Reply | None:
    return failure(400, {"source": {"pointer": "/data/attributes/profiles"}}) if bad_positions(emails) else None


class Klaviyo:
    """Takes what is not refused; remembers what it was sent. *collector* is told of the receipts of a delivery."""

    def __init__(self, refuse: Refuse, *, known_list: bool = True) -> None:
        self.requests: list[list[str]] = []
        self.profiles: list[dict[str, Any]] = []
        """The attributes of the profiles in the last request."""
        self.payloads: list[bytes] = []
        self.taken: list[list[str]] = []
        self.list_checks = 0
        self.collector = ReceiptCollector()
        self._refuse = refuse
        self._known_list = known_list

    async def post(self, payload: bytes, on_lost: Callable[[], object]) -> KlaviyoAnswer:
        self.payloads.append(payload)
        self.profiles = attributes_in(b"".join(import_body(payload, "Y6nRLr")))
        emails = [attributes["email"] for attributes in self.profiles]
        self.requests.append(emails)
        if reply := self._refuse(emails):
            return KlaviyoAnswer(reply.status, reply.body)
        self.taken.append(emails)
        job = {"type": "profile-bulk-import-job", "id": f"job-{len(self.taken)}"}
        created = {"status": "queued", "created_at": "2026-11-23T06:00:00+00:00", "total_count": len(emails)}
        return KlaviyoAnswer(202, answer({**job, "attributes": created}).body)

    async def check_list(self) -> None:
        self.list_checks += 1
        if not self._known_list:
            raise ConfigurationError("There is no list 'Y6nRLr'.")

    async def deliver(self, batch: Batch, *, budget: IsolationBudget | None = None) -> Sent:
        budget = budget or IsolationBudget()
        delivery = BatchDelivery(batch, budget, self.collector, post=self.post, check_list=self.check_list)
        return await delivery.carry_out()


def assert_complete(batch: Batch, sent: Sent, klaviyo: Klaviyo) -> None:
    """Every profile was either taken once, under a receipt, or rejected once, under its own row."""
    rows = dict(zip(emails_of(batch), batch.rows, strict=True))
    rejected = rejected_emails(sent)
    taken = [email for emails in klaviyo.taken for email in emails]
    assert sorted(taken + rejected) == sorted(rows)
    assert [receipt.profiles for receipt in sent.receipts] == [len(emails) for emails in klaviyo.taken]
    for rejection in sent.rejections:
        assert (rejection.blob, rejection.row) == batch.locate(rows[rejection.fields["email"]])
        assert rejection.refused_by == "klaviyo"
    for receipt, emails in zip(sent.receipts, klaviyo.taken, strict=True):
        places = [batch.locate(rows[email]) for email in emails]
        assert all(any(_holds(span, place) for span in receipt.spans) for place in places)
        assert _holds(receipt.spans[0], places[0])
        assert _holds(receipt.spans[-1], places[-1])
    assert sent.extra_requests == len(klaviyo.requests) - 1
    assert sent.extra_requests <= MAX_EXTRA_REQUESTS_A_BATCH


def without(attributes: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return *attributes* without the values of *names*, and without the groups that they leave empty."""
    groups = {
        name: {key: each for key, each in value.items() if f"{name}.{key}" not in names}
        for name, value in attributes.items()
        if isinstance(value, dict)
    }
    rest = {name: groups.get(name, value) for name, value in attributes.items() if name not in names}
    return {name: value for name, value in rest.items() if value != {}}


def _holds(span: Span, place: tuple[str, int]) -> bool:
    return span.blob == place[0] and span.first <= place[1] <= span.last
