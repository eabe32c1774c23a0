"""Estimates the size of a run from a sample of its rows."""

from dataclasses import dataclass
from math import ceil

from shared.domain.runs.import_limits import seconds_for


@dataclass(frozen=True, slots=True)
class Estimate:
    """The size of a run; None stands where the sample does not tell. *is_exact* tells whether *rows* is exact.

    *seconds* is how long the requests take within Klaviyo's limits, when nothing else uses the account. Klaviyo works
    through the import jobs after that.
    """

    rows: int | None = None
    is_exact: bool = False
    profiles: int | None = None
    requests: int | None = None
    seconds: int | None = None


def estimate(  # noqa: PLR0913 - numbers, each by name
    rows: int, *, is_exact: bool, sampled: int, sent: int, sent_bytes: int, max_profiles: int, max_bytes: int
) -> Estimate:
    """Return the size of a run of *rows* rows.

    A sample of *sampled* rows has *sent* profiles to send, which have *sent_bytes* bytes together. A request takes at
    most *max_profiles* profiles and *max_bytes* bytes.
    """
    if not sent:
        return Estimate(rows, is_exact, 0, 0, 0)
    profiles = round(rows * sent / sampled)
    a_request = max(1, min(max_profiles, max_bytes * sent // sent_bytes))
    requests = ceil(profiles / a_request)
    return Estimate(rows, is_exact, profiles, requests, seconds_for(requests))
