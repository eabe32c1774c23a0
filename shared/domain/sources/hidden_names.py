"""Hidden names: files and folders that writers use for notes of their own, such as ``_SUCCESS`` and ``_delta_log``."""

from collections.abc import Iterable


def is_hidden(steps: Iterable[str]) -> bool:
    """Tell whether one of *steps*, the names in a path, begins with ``_`` or ``.``."""
    return any(step.startswith(("_", ".")) for step in steps)
