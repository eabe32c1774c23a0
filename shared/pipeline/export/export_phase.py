"""The second phase: the rows of the source go to Klaviyo, as far as the leg's time allows."""

from datetime import timedelta

from shared.domain.runs.progress import TIME_BUDGET
from shared.pipeline.export.export_segment import Tools, export_segment
from shared.pipeline.phase import Done, Outcome, PhaseContext, Wait
from shared.pipeline.watching.account_check import known_account


async def export(context: PhaseContext) -> Outcome:
    """Send the rows after the checkpoint; wait when the leg's time is used up before the end of the source."""
    plan, resources = context.planned(), context.resources
    sink = resources.sinks(plan.secret_name, plan.account_id)
    if context.run.legs > 1:
        # Reading up to the checkpoint takes a while. Two cheap calls first show whether Klaviyo answers, and whether
        # the key still leads to the account and the list is still there.
        await known_account(sink, plan.account_id, plan.secret_name)
        await sink.list_details(plan.list_id)
    tools = Tools(
        store=resources.store,
        segments=resources.segments,
        sink=sink,
        clock=resources.clock,
        events=resources.events,
        deadline=context.deadline,
        requests_in_flight=resources.limits.requests_in_flight,
        fence=context.account_fence,
    )
    if await export_segment(context.saver, plan, tools):
        return Done(lambda run: run)
    return Wait(TIME_BUDGET, timedelta(0), context.run.pauses)
