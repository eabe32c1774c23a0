"""How fast Klaviyo takes profiles (its OpenAPI, ``POST /api/profile-bulk-import-jobs``)."""

from math import ceil

IMPORTS_A_SECOND = 10
IMPORTS_A_MINUTE = 150
_MINUTE = 60


def seconds_for(requests: int) -> int:
    """Return how many seconds *requests* imports take at least.

    They may leave at 10 a second until the 150 of a minute are used up. An account that others use as well is slower.
    """
    minutes, rest = divmod(max(requests - 1, 0), IMPORTS_A_MINUTE)
    return minutes * _MINUTE + ceil((rest + 1) / IMPORTS_A_SECOND) if requests else 0
