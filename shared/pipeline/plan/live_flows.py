"""Nobody is surprised: flows that would write to everybody on a list are told before the first run into it.

A list is known to an export from the first run on that sent something to it; runs that only tried a few rows do not
count. From then on whoever works with the list in Klaviyo sees the export there, and a flow that is set live later is
taken for meant: it must not stop an export that runs every night, so it becomes a warning.
"""

from contextlib import suppress

from shared.domain.config.export import Export
from shared.domain.errors import Conflict, Fatal, ScopeMissing
from shared.domain.runs.run import Run, utc_text
from shared.ports import Clock, Documents, Flow, ListInfo, Sink
from shared.store.configured import export_path
from shared.store.runs import Runs

MAX_NAMED = 5
"""So many flows are named in one sentence."""


class LiveFlow(Fatal):
    """The first run into a list would set off flows, and nobody has said that this is wanted."""

    reason = "live_flow"


async def flow_warnings(export: Export, target: ListInfo, sink: Sink, *, is_first: bool) -> tuple[str, ...]:
    """Return what a run of *export* should warn of; raises `LiveFlow` where it must not be, `Retryable`."""
    if export.allow_flows:
        return ()
    return tell_of_flows(export, target, await ask_for_flows(sink, target.id), is_first=is_first)


async def ask_for_flows(sink: Sink, list_id: str) -> tuple[Flow, ...] | None:
    """Return the flows that take up whoever is added to the list, None where the key may not ask."""
    try:
        return await sink.live_flows(list_id)
    except ScopeMissing:
        return None


def tell_of_flows(
    export: Export, target: ListInfo, flows: tuple[Flow, ...] | None, *, is_first: bool
) -> tuple[str, ...]:
    """Return what a run should warn of, None standing for *flows* that are not known; raises `LiveFlow`."""
    if export.allow_flows:
        return ()
    if flows is None:
        return (_NOT_KNOWN,)
    if not flows:
        return ()
    effect = f"{_named(flows)} would take up whoever is added to list '{target.name}' ({target.id})"
    if is_first:
        raise LiveFlow(
            f"{effect}, and may write to everybody in the segments. This would be the first run of export "
            f"'{export.id}' into the list, so nothing was sent. Set allow_flows of the export to true if that is "
            "wanted; otherwise set the flow to draft in Klaviyo, or choose another list."
        )
    return (f"{effect}. Set allow_flows of the export to true if that is wanted, and this is not said again.",)


async def is_first_into_list(documents: Documents, export: Export) -> bool:
    """Tell whether no run of *export* has sent anything to its list before; raises `Retryable`."""
    known = await documents.get(list_path(export.id))
    return known is None or known.value.get("list_id") != export.list_id


async def remember_list(runs: Runs, run: Run, clock: Clock) -> None:
    """Note which list *run* has sent to, unless it sent nothing or only tried a few rows; raises `Retryable`."""
    plan = await runs.plan(run) if run.jobs.submitted and run.limit is None else None
    if plan is None:
        return
    path, documents = list_path(run.export_id), runs.documents
    known = await documents.get(path)
    if known and known.value.get("list_id") == plan.list_id:
        return
    if await documents.get(export_path(run.export_id)) is None:
        return  # another export may get its name, and is none the wiser
    document = {"schema": 1, "list_id": plan.list_id, "run_id": run.id, "since": utc_text(clock.now())}
    if known is None:
        await documents.insert(path, document)
        return
    with suppress(Conflict):  # only a leg of this run that was overtaken writes here as well, and it writes the same
        await documents.replace(path, document, etag=known.etag)


def list_path(export_id: str) -> str:
    """Return where it is noted which list an export has sent to."""
    return f"lists/{export_id}.json"


def _named(flows: tuple[Flow, ...]) -> str:
    names = [f"flow '{flow.name}' ({flow.id}, {flow.status})" for flow in flows[:MAX_NAMED]]
    if len(flows) > MAX_NAMED:
        names.append(f"{len(flows) - MAX_NAMED} more")
    text = ", ".join(names[:-1]) + " and " + names[-1] if names[1:] else names[0]
    return text[0].upper() + text[1:]


_NOT_KNOWN = (
    "Whether a live flow writes to those who are added to the list is not known, as the key lacks the scope "
    "flows:read. Make a key that has it, or set allow_flows of the export to true."
)
