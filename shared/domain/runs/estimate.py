"""What a run would come to, judged by a sample of its rows."""

from dataclasses import dataclass
from math import ceil

from shared.domain.runs.import_limits import seconds_for


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run would come to; None for what the sample does not tell.

    *seconds* are those that Klaviyo's limits take, on an account that nobody else uses; import jobs end later.
    """

    rows: int | None = None
    is_exact: bool = False
    profiles: int | None = None
    requests: int | None = None
    seconds: int | None = None


def estimate(  # noqa: PLR0913 - numbers, each by name
    rows: int, *, is_exact: bool, sampled: int, sent: int, sent_bytes: int, max_profiles: int, max_bytes: int
) -> Estimate:
    """Return what *rows* rows come to, when of *sampled* ones *sent* would go, with *sent_bytes* together.

    A request takes at most *max_profiles* profiles and *max_bytes*.
    """
    if not sent:
        return Estimate(rows, is_exact, 0, 0, 0)
    profiles = round(rows * sent / sampled)
    a_request = max(1, min(max_profiles, max_bytes * sent // sent_bytes))
    requests = ceil(profiles / a_request)
    return Estimate(rows, is_exact, profiles, requests, seconds_for(requests))
