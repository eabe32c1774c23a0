"""Makes a list in a Klaviyo account, unless there is one with that name."""

from shared.control.connections.find_lists import find_lists
from shared.ports import ListInfo, Sink
from shared.store.audit_trail import AuditTrail, Author


async def make_list(
    sink: Sink, name: str, *, connection_id: str, author: Author, audit: AuditTrail
) -> tuple[ListInfo, bool]:
    """Return the list *name* of the account, and whether it was made now; upper and lower case are the same.

    Two who make the same list at the very same time get two lists: Klaviyo does not mind equal names.
    """
    found = await find_lists(sink, name)
    for each in found.lists:
        if each.name.casefold() == name.casefold():
            return each, False
    await audit.note(author, "list.made", f"connections/{connection_id}", after={"list": name})
    return await sink.make_list(name), True
