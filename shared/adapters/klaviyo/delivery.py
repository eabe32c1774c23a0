"""Hands one batch to Klaviyo and takes out the rows that it refuses, so that one bad row costs no other row.

Klaviyo validates a request all or nothing. Where its answer names profiles, those are rejected and the rest is sent
again; where it names none, or the request is too large, the profiles are halved until the bad ones stand alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

import orjson

from shared.adapters.klaviyo import wire
from shared.adapters.klaviyo.client import Answer
from shared.domain.batch import Batch
from shared.domain.errors import ContractBroken
from shared.domain.isolation import MAX_EXTRA_REQUESTS_A_BATCH, IsolationBudget
from shared.domain.receipt import Receipt, Sent
from shared.domain.rejection import Rejection, Span

Indexes = Sequence[int]
"""Positions of profiles in the batch, in order."""


class Delivery:
    """The way of one batch; mutable, used once.

    *post* sends a payload; *check_list* raises when the list that everything goes to does not exist.
    """

    def __init__(
        self,
        batch: Batch,
        budget: IsolationBudget,
        *,
        post: Callable[[bytes], Awaitable[Answer]],
        check_list: Callable[[], Awaitable[object]],
    ) -> None:
        self._batch = batch
        self._budget = budget
        self._post = post
        self._check_list = check_list
        self._outcome = _Outcome(batch)
        self._to_send: list[Indexes] = [range(len(batch))] if len(batch) else []
        self._requests = 0
        self._list_is_known = False

    async def carry_out(self) -> Sent:
        """Send until every profile is taken or rejected, or until too many extra requests were needed for it."""
        while self._to_send:
            indexes = self._to_send.pop()
            if self._requests and not self._may_send_more():
                self._outcome.reject_rest([indexes, *self._to_send])
                break
            self._requests += 1
            answer = await self._post(self._batch.payload_of(indexes))
            if answer.unanswered:
                self._outcome.receive(None, indexes)
            await self._take(answer, indexes)
        return self._outcome.sent(extra_requests=max(0, self._requests - 1))

    def _may_send_more(self) -> bool:
        return self._requests <= MAX_EXTRA_REQUESTS_A_BATCH and self._budget.take()

    async def _take(self, answer: Answer, indexes: Indexes) -> None:
        match answer.status:
            case HTTPStatus.OK | HTTPStatus.CREATED | HTTPStatus.ACCEPTED:
                self._outcome.receive(wire.new_job(answer.body), indexes)
            case HTTPStatus.BAD_REQUEST:
                await self._take_out(wire.errors(answer.body), indexes)
            case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                self._halve(indexes, wire.ApiError("too_large", "Klaviyo says that the profile is too large.", "", 0))
            case status:
                raise ContractBroken(f"Klaviyo answered status {status} to an import, which its rules do not foresee.")

    async def _take_out(self, errors: list[wire.ApiError], indexes: Indexes) -> None:
        named = {error.profile: error for error in errors if error.profile is not None and error.profile < len(indexes)}
        if not named:
            if not self._list_is_known:
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

    def receive(self, job: wire.NewJob | None, indexes: Indexes) -> None:
        """Note that Klaviyo took the profiles as *job*; None stands for an answer that never came."""
        job_id, created_at = job or (None, None)
        self.receipts.append(Receipt(job_id, created_at, len(indexes), self._spans(indexes)))

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
_UNNAMED = wire.ApiError("invalid", "Klaviyo refuses the profile and does not say why.", "", None)
_NOT_ISOLATED = "Klaviyo refused the request that this row was in; whether for this row was not found out in time."
