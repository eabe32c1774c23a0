"""The Klaviyo account that a run has sent to."""

from shared.pipeline.phase import PhaseContext
from shared.pipeline.watching.account_check import known_account
from shared.ports import Sink


async def account_of_run(context: PhaseContext) -> Sink | None:
    """Return the account that the run has sent to, or None when the run has sent nothing.

    Raises `ConfigurationError` for a key that was exchanged for one of another account: there all jobs would seem to
    have vanished.
    """
    plan, resources = context.planned(), context.resources
    if not context.run.parts:
        return None
    sink = resources.sinks(plan.secret_name, plan.account_id)
    if plan.account_id and context.run.legs > 1:
        await known_account(sink, plan.account_id, plan.secret_name)
    return sink
