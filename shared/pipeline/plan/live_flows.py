"""Live flows at the door of a list: they may write to everybody whom a run adds to the list.

The first run of an export into a list with a live flow needs somebody's yes (``allow_flows``), see
docs/decisions/0004-flows-at-the-door-of-a-list.md.
In a later run a live flow is a warning: people who work with the list in Klaviyo have seen the export by then, and an
export that runs every night must not stop because somebody set a flow live.
"""

from shared.domain.config.export import Export
from shared.domain.errors import LiveFlow, ScopeMissing
from shared.domain.sentences import Sentence, say
from shared.ports import Flow, ListInfo, Sink

MAX_NAMED = 5
"""So many flows are named in one sentence."""


async def ask_for_flows(sink: Sink, list_id: str) -> tuple[Flow, ...] | None:
    """Return the flows that take up people who are added to the list; None when the key lacks the scope."""
    try:
        return await sink.live_flows(list_id)
    except ScopeMissing:
        return None


def tell_of_flows(
    export: Export, target: ListInfo, flows: tuple[Flow, ...] | None, *, is_first: bool
) -> tuple[Sentence, ...]:
    """Return what a run warns of; *flows* is None where they are not known.

    Raises `LiveFlow` when the run must not send.
    """
    if export.allow_flows:
        return ()
    if flows is None:
        return (say("flows_not_known", _NOT_KNOWN),)
    if not flows:
        return ()
    told = {"flows": _named(flows), "list_name": target.name, "list_id": target.id}
    if is_first:
        raise LiveFlow(say("live_flow", f"{_EFFECT}, {_FIRST}", export=export.id, **told))
    return (say("live_flow_warning", f"{_EFFECT}. {_LATER}", **told),)


def _named(flows: tuple[Flow, ...]) -> str:
    names = [f"flow '{flow.name}' ({flow.id}, {flow.status})" for flow in flows[:MAX_NAMED]]
    if len(flows) > MAX_NAMED:
        names.append(f"{len(flows) - MAX_NAMED} more")
    text = ", ".join(names[:-1]) + " and " + names[-1] if names[1:] else names[0]
    return text[0].upper() + text[1:]


_EFFECT = "{flows} would take up everybody who is added to list '{list_name}' ({list_id})"
_FIRST = (
    "and may write to everybody in the segments. This would be the first run of export '{export}' into the list, so "
    "nothing was sent. Set allow_flows of the export to true if that is wanted; otherwise set the flow to draft in "
    "Klaviyo, or choose another list."
)
_LATER = "Set allow_flows of the export to true if that is wanted, and this is not said again."
_NOT_KNOWN = (
    "Whether a live flow writes to those who are added to the list is not known, as the key lacks the scope "
    "flows:read. Make a key that has it, or set allow_flows of the export to true."
)
