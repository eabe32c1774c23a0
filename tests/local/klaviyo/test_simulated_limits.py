import pytest

from local.klaviyo.http.endpoints import ENDPOINTS
from local.klaviyo.http.problems import Refused
from local.klaviyo.rules.rate_limits import Quota, Rate, RateLimits

RATE = Rate(burst=10, steady=150)


def wait_asked(limits: RateLimits, now: float, account: str = "a", endpoint: str = "import") -> str | None:
    """Return what a 429 asks for, None when the request is let in."""
    try:
        limits.take(account, endpoint, RATE, now)
    except Refused as refused:
        return refused.headers["Retry-After"] if refused.status == 429 else f"a {refused.status}"
    return None


def test_the_eleventh_request_of_a_second_waits_for_the_next_one() -> None:
    limits = RateLimits()
    assert [wait_asked(limits, 0.05 * number) for number in range(10)] == [None] * 10
    assert wait_asked(limits, 0.99) == "1"
    assert wait_asked(limits, 1.0) is None


def test_the_hundred_and_fifty_first_request_of_a_minute_waits_for_the_next_one() -> None:
    limits = RateLimits()
    assert all(wait_asked(limits, number * 0.1) is None for number in range(150))
    assert wait_asked(limits, 20.5) == "40"
    assert wait_asked(limits, 59.9) == "1"
    assert wait_asked(limits, 60.0) is None


def test_a_refused_request_does_not_count() -> None:
    limits = RateLimits()
    for _ in range(40):
        wait_asked(limits, 0.0)
    assert limits.take("a", "import", RATE, 1.0) == Quota(limit=150, remaining=139, reset=59)


def test_every_account_and_every_endpoint_has_its_own_windows() -> None:
    limits = RateLimits()
    for _ in range(10):
        wait_asked(limits, 0.0)
    assert wait_asked(limits, 0.0) == "1"
    assert wait_asked(limits, 0.0, account="b") is None
    assert wait_asked(limits, 0.0, endpoint="jobs") is None


def test_the_headers_tell_of_the_minute() -> None:
    limits = RateLimits()
    limits.take("a", "import", RATE, 10.0)
    quota = limits.take("a", "import", RATE, 32.5)
    assert quota.headers() == {"RateLimit-Limit": "150", "RateLimit-Remaining": "148", "RateLimit-Reset": "38"}


@pytest.mark.parametrize(
    ("name", "rate"),
    [
        ("bulk_import_profiles", Rate(10, 150)),
        ("get_bulk_import_profiles_jobs", Rate(10, 150)),
        ("get_bulk_import_profiles_job", Rate(10, 150)),
        ("get_errors_for_bulk_import_profiles_job", Rate(10, 150)),
        ("get_accounts", Rate(1, 15)),
        ("get_lists", Rate(75, 750)),
        ("get_list", Rate(75, 750)),
        ("get_profiles_for_list", Rate(75, 750)),
        ("get_flows_triggered_by_list", Rate(3, 60)),
        ("get_flows", Rate(3, 60)),
        ("get_profiles", Rate(75, 750)),
    ],
)
def test_the_limits_are_those_that_are_published(name: str, rate: Rate) -> None:
    assert {endpoint.rate for endpoint in ENDPOINTS if endpoint.name == name} == {rate}
