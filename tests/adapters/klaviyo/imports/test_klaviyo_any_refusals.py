"""Whatever Klaviyo refuses of whom, and however it says so, every profile has one outcome."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.klaviyo.sent_profiles import MAX_TAKEN_OUT
from shared.domain.runs.isolation_budget import MAX_EXTRA_REQUESTS_A_RUN, IsolationBudget
from tests.adapters.klaviyo.imports.batches import batch_of
from tests.adapters.klaviyo.imports.refusals import PROFILES, Klaviyo, assert_complete, without
from tests.adapters.klaviyo.network import Reply, failure

NAMES = ["phone_number", "title", "location.city", "location.zip", "properties.a", "properties.b/c~d"]
VALUES = st.one_of(
    st.text(max_size=8),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
)


def pointer(name: str) -> str:
    group, _, key = name.partition(".")
    return f"/attributes/{group}/{key.replace('~', '~0').replace('/', '~1')}" if key else f"/attributes/{name}"


def names_in(attributes: Mapping[str, Any]) -> list[str]:
    """Return the fields of a profile in full."""
    return [
        full
        for name, value in attributes.items()
        for full in ([f"{name}.{key}" for key in value] if isinstance(value, dict) else [name])
    ]


def profile_of(email: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of a profile; *values* has them by their fields in full."""
    attributes: dict[str, Any] = {"email": email}
    for name, value in values.items():
        group, _, key = name.partition(".")
        (attributes.setdefault(group, {}) if key else attributes)[key or name] = value
    return attributes


class StrictKlaviyo(Klaviyo):
    """Refuses the fields *refused* of whom it has the address of; *taken_profiles* are those that it took, by address.

    It names all refused fields of a request at once or only the first, and takes no more than *too_many* profiles.
    """

    def __init__(self, refused: Mapping[str, set[str]], *, names_all: bool, too_many: int) -> None:
        super().__init__(self._answer)
        self.taken_profiles: dict[str, dict[str, Any]] = {}
        self._refused = refused
        self._most = None if names_all else 1
        self._too_many = too_many

    def _answer(self, emails: list[str]) -> Reply | None:
        if len(emails) > self._too_many:
            return failure(413, {})
        pointers = [
            f"{PROFILES}/{at}{pointer(name)}"
            for at, each in enumerate(self.profiles)
            for name in names_in(each)
            if name in self._refused[each["email"]]
        ]
        if pointers:
            return failure(400, *({"source": {"pointer": each}} for each in pointers[: self._most]))
        self.taken_profiles.update({each["email"]: each for each in self.profiles})
        return None


@settings(max_examples=80, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.dictionaries(st.sampled_from(NAMES), VALUES), st.sets(st.sampled_from(["email", *NAMES]))),
        min_size=1,
        max_size=30,
    ),
    names_all=st.booleans(),
    too_many=st.integers(1, 60),
    spent=st.integers(MAX_EXTRA_REQUESTS_A_RUN - 90, MAX_EXTRA_REQUESTS_A_RUN),
)
async def test_every_profile_goes_without_what_is_refused_of_it_or_is_rejected(
    rows: list[tuple[dict[str, Any], set[str]]], names_all: bool, too_many: int, spent: int
) -> None:
    emails = [f"p{at}@example.com" for at in range(len(rows))]
    profiles = {email: profile_of(email, values) for email, (values, _) in zip(emails, rows, strict=True)}
    refused = {email: bad.intersection(names_in(profiles[email])) for email, (_, bad) in zip(emails, rows, strict=True)}
    batch = batch_of(profiles.values())
    klaviyo = StrictKlaviyo(refused, names_all=names_all, too_many=too_many)
    sent = await klaviyo.deliver(batch, budget=IsolationBudget(spent=spent))

    assert_complete(batch, sent, klaviyo)
    assert all(len(payload) <= len(batch.payload) for payload in klaviyo.payloads)
    taken = klaviyo.taken_profiles
    assert taken == {email: without(profiles[email], *refused[email]) for email in taken}
    left_out = [(emails[row - 1], name) for row, name in sent.left_out]
    assert sorted(left_out) == sorted((email, name) for email in taken for name in refused[email])
    assert all(each.fields == profiles[each.fields["email"]] for each in sent.rejections)
    if sent.isolated:
        most = len(NAMES) if names_all else MAX_TAKEN_OUT
        assert set(taken) == {email for email, bad in refused.items() if "email" not in bad and len(bad) <= most}
