"""Documents as somebody may damage them: any JSON in any place, with an e-mail address among it."""

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

EMAIL = "dana@example.com"

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(
        ["", EMAIL, "..", "a/../b", "\0", "x" * 600, "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
"""Any JSON."""


def damaged(document: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return a strategy for *document* with some of its places missing, or with something else in them."""

    @st.composite
    def build(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Any:
        made = copy.deepcopy(document)
        for place in draw(st.lists(st.sampled_from(_places(document)), min_size=1, max_size=4)):
            _put(made, place, draw)
        return made

    return build()


def _places(value: Any, *path: Any) -> list[tuple[Any, ...]]:
    """Return the way to each place in *value*, and one to a place that is not there."""
    if isinstance(value, dict):
        steps: list[Any] = [*value, "unknown"]
    elif isinstance(value, list):
        steps = list(range(len(value)))
    else:
        return []
    inner = [_places(value[step], *path, step) for step in steps if step != "unknown"]
    return [*((*path, step) for step in steps), *(place for places in inner for place in places)]


def _put(document: Any, place: tuple[Any, ...], draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
    *way, last = place
    holder = document
    for step in way:  # something above may have been damaged before
        if not (isinstance(holder, dict) and step in holder) and not (
            isinstance(holder, list) and isinstance(step, int) and step < len(holder)
        ):
            return
        holder = holder[step]
    if isinstance(holder, dict) and not isinstance(last, str):
        return
    if isinstance(holder, dict) and draw(st.booleans()):
        holder.pop(last, None)
    elif isinstance(holder, dict) or (isinstance(holder, list) and isinstance(last, int) and last < len(holder)):
        holder[last] = draw(json_values)
