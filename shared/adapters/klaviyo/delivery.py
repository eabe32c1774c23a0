"""Hands one batch to Klaviyo and takes out the rows that it refuses, so that one bad row costs no other row.

Klaviyo validates a request all or nothing. Where its answer names profiles, those are rejected and the rest is sent
again; where it names none, or the request is too large, the profiles are halved until the bad ones stand alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus

import orjson

from shared.adapters.klaviyo import wire
from shared.adapters.klaviyo.client import Answer
from shared.domain.batches.batch import Batch
from shared.domain.errors import ContractBroken, ExportError
from shared.domain.runs.isolation import MAX_EXTRA_REQUESTS_A_BATCH, IsolationBudget
from shared.domain.runs.receipt import Receipt, Sent
from shared.domain.runs.rejection import Rejection, Span
from shared.ports import SendingCut

Indexes = Sequence[int]
"""Positions of profiles in the batch, in order."""
Post = Callable[[bytes, Callable[[], object]], Awaitable[Answer]]
"""Sends a payload; what is given beside it is called when Klaviyo may have taken it without saying so."""


class Delivery:
    """The way of one batch; mutable, used once.

    *check_list* raises when the list that everything goes to does not exist.
    """

    def __init__(
        self,
        batch: Batch,
        budget: IsolationBudget,
        *,
        post: Post,
        check_list: Callable[[], Awaitable[object]],
    ) -> None:
        self._batch = batch
        self._budget = budget
        self._post = post
        self._check_list = check_list
        self._outcome = _Outcome(batch)
        self._to_send: list[Indexes] = [range(len(batch))] if len(batch) else []
        self._requests = 0
        self._asked: Indexes | None = None
        self._list_is_known = False

    async def carry_out(self) -> Sent:
        """Send until every profile is taken or rejected, or until too many extra requests were needed for it.

        What breaks it off half-way carries the receipts of what was taken until then; of what was just being asked
        that is not known.
        """
        try:
            while self._to_send:
                indexes = self._to_send.pop()
                if self._requests and not self._may_send_more():
                    self._outcome.reject_rest([indexes, *self._to_send])
                    break
                self._requests += 1
                self._asked = indexes
                answer = await self._post(self._batch.payload_of(indexes), partial(self._outcome.lose, indexes))
                self._asked = None
                await self._take(answer, indexes)
        except ExportError as error:
            error.taken = tuple(self._outcome.receipts)
            raise
        except asyncio.CancelledError as error:
            if self._asked:
                self._outcome.lose(self._asked)
            raise SendingCut(self._outcome.receipts) from error
        return self._outcome.sent(extra_requests=max(0, self._requests - 1))

    def _may_send_more(self) -> bool:
        return self._requests <= MAX_EXTRA_REQUESTS_A_BATCH and self._budget.take()

    async def _take(self, answer: Answer, indexes: Indexes) -> None:
        match answer.status:
            case HTTPStatus.OK | HTTPStatus.CREATED | HTTPStatus.ACCEPTED:
                self._receive(answer, indexes)
            case HTTPStatus.BAD_REQUEST:
                await self._take_out(wire.errors(answer.body), indexes)
            case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                self._halve(indexes, wire.ApiError("too_large", "Klaviyo says that the profile is too large.", "", 0))
            case status:
                raise ContractBroken(f"Klaviyo answered status {status} to an import, which its rules do not foresee.")

    def _receive(self, answer: Answer, indexes: Indexes) -> None:
        try:
            job = wire.new_job(answer.body)
        except ContractBroken:
            self._outcome.lose(indexes)  # taken, but as which job is not known
            raise
        self._outcome.receive(job, indexes)

    async def _take_out(self, errors: list[wire.ApiError], indexes: Indexes) -> None:
        named = {error.profile: error for error in errors if error.profile is not None and error.profile < len(indexes)}
        if not named:
            if not self._list_is_known or any(error.pointer == _UNKNOWN_LIST for error in errors):
                await self._check_list()
                self._list_is_known = True
            self._halve(indexes, errors[0] if errors else _UNNAMED)
            return
        for count, (position, error) in enumerate(sorted(named.items())):
            if count % _AT_ONCE == 0:
                await asyncio.sleep(0)  # thousands of rows must not hold up the others
            self._outcome.reject(indexes[position], error)
        if rest := [index for position, index in enumerate(indexes) if position not in named]:
            self._to_send.append(rest)

    def _halve(self, indexes: Indexes, error: wire.ApiError) -> None:
        middle = len(indexes) // 2
        if middle:
            self._to_send += (indexes[middle:], indexes[:middle])
        else:
            self._outcome.reject(indexes[0], error)


@dataclass(slots=True)
class _Outcome:
    """What became of the profiles of a batch so far; mutable."""

    batch: Batch
    receipts: list[Receipt] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    isolated: bool = True

    def receive(self, job: wire.NewJob, indexes: Indexes) -> None:
        """Note that Klaviyo took the profiles as *job*."""
        self.receipts.append(Receipt(job.job_id, job.created_at, len(indexes), self._spans(indexes)))

    def lose(self, indexes: Indexes) -> None:
        """Note that Klaviyo may have taken the profiles without saying so; once, however often it was."""
        lost = Receipt(None, None, len(indexes), self._spans(indexes))
        if lost not in self.receipts:
            self.receipts.append(lost)

    def reject(self, index: int, error: wire.ApiError) -> None:
        """Note that Klaviyo refuses profile *index*."""
        where = error.pointer.removeprefix("attributes").strip("/")
        detail = f"{error.detail} ({where})" if where else error.detail
        self._reject(index, error.code, detail)

    def reject_rest(self, groups: list[Indexes]) -> None:
        """Note that it was not found out which of these profiles Klaviyo refuses."""
        self.isolated = False
        for index in sorted(index for indexes in groups for index in indexes):
            self._reject(index, "not_isolated", _NOT_ISOLATED)

    def sent(self, *, extra_requests: int) -> Sent:
        """Return the outcome."""
        return Sent(tuple(self.receipts), tuple(self.rejections), extra_requests, self.isolated)

    def _reject(self, index: int, reason: str, detail: str) -> None:
        blob, row = self.batch.locate(self.batch.rows[index])
        fields = orjson.loads(self.batch.profile(index))["attributes"]
        self.rejections.append(Rejection(blob, row, reason, detail, refused_by="klaviyo", fields=fields))

    def _spans(self, indexes: Indexes) -> tuple[Span, ...]:
        """Return the rows from the first to the last of the profiles, by blob."""
        first = self.batch.locate(self.batch.rows[indexes[0]])
        last = self.batch.locate(self.batch.rows[indexes[-1]])
        return self.batch.spans_between(first, last)


_AT_ONCE = 1_000
_UNKNOWN_LIST = "/data"
"""Where Klaviyo points when there is no such list, as was seen of it; a list may be deleted half-way."""
_UNNAMED = wire.ApiError("invalid", "Klaviyo refuses the profile and does not say why.", "", None)
_NOT_ISOLATED = "Klaviyo refused the request that this row was in; whether for this row was not found out in time."
