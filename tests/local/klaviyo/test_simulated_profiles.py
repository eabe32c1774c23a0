"""Profiles and lists that take many at once: exactly as one after another."""

from hypothesis import given
from hypothesis import strategies as st

from local.klaviyo.account.lists import ProfileList
from local.klaviyo.account.profiles import CountedProfiles, Profiles
from local.klaviyo.rules.imported_profiles import Attributes, ImportedProfiles

_IMPORTS = st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=5), max_size=4)


@given(_IMPORTS, st.sets(st.integers(0, 4)))
def test_each_profile_has_its_place_its_values_and_its_membership_once(
    imports: list[list[str]], left_out: set[int]
) -> None:
    profiles, members = Profiles(), ProfileList("L", "list")
    expected: dict[str, bytes] = {}
    for number, identifiers in enumerate(imports):
        encoded = [b'{"v":%d}' % (10 * number + index) for index in range(len(identifiers))]
        skipped = left_out if number % 2 else set[int]()
        positions = profiles.upsert(ImportedProfiles(identifiers, Attributes.of(encoded)), skipped, float(number))
        members.add(positions, float(number))
        taken = [index for index in range(len(identifiers)) if index not in skipped]
        expected |= {identifiers[index]: encoded[index] for index in taken}
        assert list(positions) == [profiles.find(identifiers[index]) for index in taken]
    places = [profiles.find(identifier) for identifier in expected]
    assert places == [*range(len(profiles))] == [*members.members]
    assert [profiles.encoded(place) for place in range(len(profiles))] == [*expected.values()]


def test_profiles_that_are_only_counted_are_new_ones_without_attributes() -> None:
    profiles, members = CountedProfiles(), ProfileList("L", "list")
    for identifiers, left_out in (("abc", {1, 9}), ("ab", set[int]())):
        incoming = ImportedProfiles([*identifiers], Attributes.of([b'{"v":1}'] * len(identifiers)))
        members.add(profiles.upsert(incoming, left_out, 1.0), 1.0)
    assert (len(profiles), len(members)) == (4, 4)
    assert (profiles.find("a"), profiles.encoded(3)) == (None, b"{}")
