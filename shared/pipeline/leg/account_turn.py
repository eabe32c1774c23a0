"""A run's turn at its Klaviyo account: one run exports over an account at a time, the oldest first."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from shared.domain.errors import AccountLeaseLost, ExportError, Retryable
from shared.domain.runs.plan import Plan
from shared.domain.runs.progress import ACCOUNT_BUSY
from shared.domain.runs.run import Run
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sentences import Sentence, say
from shared.pipeline.resources import Resources
from shared.pipeline.watching.time_limit import within
from shared.ports import Lease
from shared.ports.klaviyo_usage import waiting_for

ASK_AGAIN_SECONDS = 2.0
"""How long a leg that waits in place for the account's lease waits before it asks again."""

NOTE_SECONDS = 2.0
"""So long the note on the account's use may take."""

ANOTHER_EXPORTS = say("account_busy", "Another run exports over the same Klaviyo account.")


class AccountTurn:
    """The turn of *run* at the account of its *plan*; mutable.

    *asked_at* tells when the lease of the account was asked for last (monotonic seconds).
    """

    def __init__(self, run: Run, plan: Plan, resources: Resources) -> None:
        self._run = run
        self.asked_at = resources.clock.monotonic()
        self._clock = resources.clock
        self._leases = resources.leases
        self._turns = resources.store.turns(plan)
        self._sink = resources.sinks(plan.secret_name, plan.account_id)
        self._account = plan.account_id or plan.secret_name

    async def take(self, *, patience: float = 0.0) -> Lease | None:
        """Stand in line; return the account's lease when the account is free and no older run waits for it.

        A lease that is taken is asked for again during *patience* seconds, as a dead leg may have left it.
        """
        await self._turns.stand_in_line(self._run)
        until = self._clock.monotonic() + patience
        while await self._turns.first() == self._run.wake_up:
            self.asked_at = self._clock.monotonic()
            lease = await self._leases.take(self._turns.lease_name)
            if lease is not None or self._clock.monotonic() >= until:
                return lease
            with waiting_for(ACCOUNT_BUSY, self._clock.now(), until - self._clock.monotonic(), told_after=0.0):
                await self._clock.sleep(ASK_AGAIN_SECONDS)
        return None

    @asynccontextmanager
    async def taken(self) -> AsyncGenerator[None]:
        """Leave the line, because the run has the account now, and note that it has; then do the block.

        The block goes on at the pace of the leg that had the account before, and leaves its own to the next one.
        A leg that is cancelled leaves nothing.
        """
        await self._turns.leave_line(self._run)
        if use := await self._turns.note_holder(self._run):
            self._sink.go_on_from(use)
        try:
            yield
        except ExportError:
            await self._note_use()
            raise
        await self._note_use()

    async def _note_use(self) -> None:
        """Note how the run has used the account; without the note, the next leg only begins more slowly."""
        with suppress(Retryable):
            noting = self._turns.note_use(self._run, self._sink.use())
            await within(NOTE_SECONDS, self._clock, noting, what="The note")

    async def for_whom(self) -> Sentence:
        """Return the sentence that names the run that this run waits for, as far as that can be told."""
        first = await self._turns.first()
        if first is not None and first != self._run.wake_up:
            text = "Run {run} of export '{export}' is older and exports over the same Klaviyo account first."
            return say("account_line", text, run=first.run_id, export=first.export_id)
        holder = await self._turns.holder()
        if holder is None or holder == self._run.wake_up:
            return ANOTHER_EXPORTS
        text = "Run {run} of export '{export}' exports over the same Klaviyo account."
        return say("account_taken", text, run=holder.run_id, export=holder.export_id)

    async def next_in_line(self) -> WakeUp | None:
        """Return the wake-up of the oldest other run that waits for the account.

        Returns None as well where the storage does not answer: the tick wakes that run a little later.
        The run itself is left out, even when its turn is still in the line: otherwise the run would end its own pauses.
        """
        with suppress(Retryable):
            return await self._turns.first(besides=self._run)
        return None

    async def is_ours_now(self) -> bool:
        """Tell whether the account is free and the run is first in line; False where the storage does not answer."""
        with suppress(Retryable):
            return await self._leases.is_free(self._turns.lease_name) and await self._turns.first() == self._run.wake_up
        return False

    @property
    def what(self) -> str:
        """Return the account, as the log names it."""
        return f"account {self._account}"

    def loss(self) -> AccountLeaseLost:
        """Return the error that says that the account's lease was lost."""
        text = "The lease of account {account} was lost."
        return AccountLeaseLost(
            say("account_lease_lost", text, account=self._account),
            public=say("lease_of_account_lost", "The lease of the account was lost."),
        )
