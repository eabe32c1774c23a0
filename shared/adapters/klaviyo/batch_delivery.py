"""Hands one batch to Klaviyo and takes out what Klaviyo refuses, so that one bad row or value costs no other.

Klaviyo takes a request as a whole or not at all. A 400 that points at profiles, or at their e-mail addresses: these
profiles are rejected, and the rest is sent again. A 400 that points at other attributes: these are taken out of their
profiles, which are sent again with the rest. A 400 that points at no profile, or a 413 (too large): the profiles are
halved until each bad one stands alone.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus

import orjson

from shared.adapters.klaviyo.client.json_api import ApiError, errors
from shared.adapters.klaviyo.client.klaviyo_answer import KlaviyoAnswer
from shared.adapters.klaviyo.import_jobs import NewJob, read_new_job
from shared.adapters.klaviyo.sent_profiles import Indexes, SentProfiles
from shared.domain.batches.batch import Batch
from shared.domain.errors import ContractBroken
from shared.domain.runs.isolation_budget import MAX_EXTRA_REQUESTS_A_BATCH, IsolationBudget
from shared.domain.runs.receipt import Receipt, Sent
from shared.domain.runs.receipt_collector import ReceiptCollector
from shared.domain.runs.rejection import Rejection, Span
from shared.domain.sentences import Sentence, quoted, say

Post = Callable[[bytes, Callable[[], object]], Awaitable[KlaviyoAnswer]]
"""Sends a payload; the second argument is called for each attempt that Klaviyo may have carried out unanswered."""


class BatchDelivery:
    """The sending of one batch; mutable, used once. *collector* is told of every receipt at once.

    *check_list* raises when the list that the batch goes to does not exist.
    """

    def __init__(
        self,
        batch: Batch,
        budget: IsolationBudget,
        collector: ReceiptCollector,
        *,
        post: Post,
        check_list: Callable[[], Awaitable[object]],
    ) -> None:
        self._profiles = SentProfiles(batch)
        self._budget = budget
        self._post = post
        self._check_list = check_list
        self._outcome = _Outcome(batch, self._profiles, collector)
        self._to_send: list[Indexes] = [range(len(batch))] if len(batch) else []
        self._requests = 0
        self._list_is_known = False

    async def carry_out(self) -> Sent:
        """Send until every profile is taken or rejected, or until the extra requests are used up.

        Raises what posting and checking the list raise, and `ContractBroken`. When this is cancelled during a request,
        the collector gets a receipt without a job for it: Klaviyo may have taken the request.
        """
        while self._to_send:
            indexes = self._to_send.pop()
            if self._requests and not self._may_send_more():
                self._outcome.reject_rest([indexes, *self._to_send])
                break
            self._requests += 1
            await self._take(await self._ask(indexes), indexes)
        return self._outcome.sent(extra_requests=max(0, self._requests - 1))

    def _may_send_more(self) -> bool:
        return self._requests <= MAX_EXTRA_REQUESTS_A_BATCH and self._budget.take()

    async def _ask(self, indexes: Indexes) -> KlaviyoAnswer:
        try:
            return await self._post(self._profiles.payload_of(indexes), partial(self._outcome.lose, indexes))
        except asyncio.CancelledError:
            self._outcome.lose(indexes)
            raise

    async def _take(self, answer: KlaviyoAnswer, indexes: Indexes) -> None:
        match answer.status:
            case HTTPStatus.OK | HTTPStatus.CREATED | HTTPStatus.ACCEPTED:
                self._receive(answer, indexes)
            case HTTPStatus.BAD_REQUEST:
                await self._take_out(errors(answer.body), indexes)
            case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                self._halve(indexes, _TOO_LARGE)
            case status:
                raise ContractBroken(
                    say(
                        "klaviyo_unforeseen_import_status",
                        "Klaviyo answered status {status} to an import, which its rules do not foresee.",
                        status=status,
                    )
                )

    def _receive(self, answer: KlaviyoAnswer, indexes: Indexes) -> None:
        try:
            job = read_new_job(answer.body)
        except ContractBroken:
            self._outcome.lose(indexes)  # Klaviyo took the profiles, but does not say as which job
            raise
        self._outcome.receive(job, indexes)

    async def _take_out(self, errors: list[ApiError], indexes: Indexes) -> None:
        named = _by_position(errors, len(indexes))
        if not named:
            if not self._list_is_known or any(error.pointer == _UNKNOWN_LIST for error in errors):
                await self._check_list()
                self._list_is_known = True
            self._halve(indexes, errors[0] if errors else _UNNAMED)
            return
        rejected = set()
        for count, (position, found) in enumerate(sorted(named.items())):
            if count % _AT_ONCE == 0:
                await asyncio.sleep(0)  # thousands of rows must not hold up the other batches
            if (error := self._profiles.take_out(indexes[position], found)) is not None:
                self._outcome.reject(indexes[position], error)
                rejected.add(position)
        if rest := [index for position, index in enumerate(indexes) if position not in rejected]:
            self._to_send.append(rest)

    def _halve(self, indexes: Indexes, error: ApiError) -> None:
        middle = len(indexes) // 2
        if middle:
            self._to_send += (indexes[middle:], indexes[:middle])
        else:
            self._outcome.reject(indexes[0], error)


@dataclass(slots=True)
class _Outcome:
    """What became of the profiles of *batch* so far; mutable."""

    batch: Batch
    profiles: SentProfiles
    collector: ReceiptCollector
    rejections: list[Rejection] = field(default_factory=list)
    isolated: bool = True

    def receive(self, job: NewJob, indexes: Indexes) -> None:
        """Note that Klaviyo took the profiles as *job*."""
        self.collector.add(Receipt(job.job_id, job.created_at, len(indexes), self._spans(indexes)))

    def lose(self, indexes: Indexes) -> None:
        """Note that Klaviyo may have taken the profiles without an answer."""
        self.collector.add(Receipt(None, None, len(indexes), self._spans(indexes)))

    def reject(self, index: int, error: ApiError) -> None:
        """Note that Klaviyo refuses profile *index*."""
        where = error.pointer.removeprefix("attributes").strip("/")
        told = error.told or quoted(f"{error.detail} ({where})" if where else error.detail)
        self._reject(index, error.code, told)

    def reject_rest(self, groups: list[Indexes]) -> None:
        """Note that nobody knows which profiles of *groups* Klaviyo refuses."""
        self.isolated = False
        for index in sorted(index for indexes in groups for index in indexes):
            self._reject(index, "not_isolated", _NOT_ISOLATED)

    def sent(self, *, extra_requests: int) -> Sent:
        """Return the outcome of the whole batch."""
        left_out = tuple(self.profiles.left_out())
        return Sent(self.collector.receipts, tuple(self.rejections), extra_requests, self.isolated, left_out)

    def _reject(self, index: int, reason: str, told: Sentence) -> None:
        """Note the rejection of profile *index*, with all fields that it had at first.

        Whoever mends the source reads there which values Klaviyo refused, also those that were taken out meanwhile.
        """
        self.profiles.forget(index)
        blob, row = self.batch.locate(self.batch.rows[index])
        fields = orjson.loads(self.batch.profile(index))["attributes"]
        self.rejections.append(Rejection(blob, row, reason, told, refused_by="klaviyo", fields=fields))

    def _spans(self, indexes: Indexes) -> tuple[Span, ...]:
        """Return the rows from the first to the last of the profiles, by blob."""
        first = self.batch.locate(self.batch.rows[indexes[0]])
        last = self.batch.locate(self.batch.rows[indexes[-1]])
        return self.batch.spans_between(first, last)


def _by_position(errors: list[ApiError], profiles: int) -> dict[int, list[ApiError]]:
    """Return the errors about each of the first *profiles* profiles of a request, by its position there."""
    named: dict[int, list[ApiError]] = {}
    for error in errors:
        if error.profile is not None and error.profile < profiles:
            named.setdefault(error.profile, []).append(error)
    return named


_AT_ONCE = 1_000
_UNKNOWN_LIST = "/data"
"""Klaviyo was seen to point there when there is no such list. A list may be deleted while a batch is sent."""
_UNNAMED = ApiError(
    "invalid", "", "", None, say("klaviyo_gives_no_reason", "Klaviyo refuses the profile and does not say why.")
)
_TOO_LARGE = ApiError(
    "too_large", "", "", 0, say("klaviyo_finds_it_too_large", "Klaviyo says that the profile is too large.")
)
_NOT_ISOLATED = say(
    "row_not_isolated",
    "Klaviyo refused the request that this row was in; whether for this row was not found out in time.",
)
