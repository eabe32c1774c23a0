"""A Klaviyo account: its keys, lists, profiles and import jobs."""

import math
from collections.abc import Callable, Iterable, Mapping

from local.klaviyo.account.identifiers import short_id
from local.klaviyo.account.jobs import Job, Jobs
from local.klaviyo.account.lists import ProfileList
from local.klaviyo.account.profiles import CountedProfiles, Profiles
from local.klaviyo.http.endpoints import ALL_SCOPES
from local.klaviyo.http.problems import throttled
from local.klaviyo.rules.imported_profiles import ImportedProfiles

DEFAULT_ACCOUNT = "SiMuLa"
DEFAULT_KEY = "pk_simulator"
DEFAULT_LIST = "Y6nRLr"
LISTS_A_DAY, DAY = 150, 86_400.0


class Account:
    """One account. Mutable. *keys*: text of a private key → its scopes."""

    def __init__(
        self,
        identifier: str = DEFAULT_ACCOUNT,
        *,
        name: str = "Simulated shop",
        is_test: bool = True,
        keys: Mapping[str, Iterable[str]] | None = None,
        lists: Iterable[ProfileList] | None = None,
    ) -> None:
        self.id = identifier
        self.name = name
        self.is_test = is_test
        self.keys: dict[str, frozenset[str]] = {}
        self.replace_keys({DEFAULT_KEY: ALL_SCOPES} if keys is None else keys)
        given = [ProfileList(DEFAULT_LIST, "VIP newsletter")] if lists is None else lists
        self.lists = {given_list.id: given_list for given_list in given}
        self._made: list[float] = []
        self.profiles = Profiles()
        self.clear()

    def count_only(self) -> None:
        """Count profiles from now on, and keep none."""
        self.profiles = CountedProfiles()

    def replace_keys(self, keys: Mapping[str, Iterable[str]]) -> None:
        """Replace all keys by these."""
        self.keys = {key: frozenset(scopes) for key, scopes in keys.items()}

    def clear(self) -> None:
        """Forget profiles, members and jobs; keys and lists stay."""
        self.profiles = type(self.profiles)()
        self.jobs = Jobs()
        for profile_list in self.lists.values():
            profile_list.clear()

    def make_list(self, name: str, now: float) -> ProfileList:
        """Make a list; raises `Refused` (429) where as many were made within a day as Klaviyo allows."""
        self._made = [made for made in self._made if made > now - DAY]
        if len(self._made) >= LISTS_A_DAY:
            raise throttled(math.ceil(self._made[0] + DAY - now))
        self._made.append(now)
        made = ProfileList(short_id(len(self.lists)), name)
        self.lists[made.id] = made
        return made

    def settle(self, now: float, names_payload: Callable[[Job, int], bool]) -> None:
        """End every import job that is due at *now*, and add its profiles."""
        self.jobs.settle(now, self._add_profiles, names_payload)

    def _add_profiles(self, job: Job, incoming: ImportedProfiles, failed: set[int]) -> None:
        positions = self.profiles.upsert(incoming, failed, job.ends)
        if job.list_id is not None:
            self.lists[job.list_id].add(positions, job.ends)
