"""Requests from pages of other sites, in every way to know who asks."""

import pytest

from shared.api.access.origin import check_origin
from shared.api.http.problems import Forbidden
from shared.api.routes import ROUTES
from tests.api.calling import ADMIN, RUNS, Api, entra

HERE = {"Host": "app.example"}
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": ""},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://app.example"},
    {"Origin": "https://evil.example"},
    {"Origin": "https://app.example.evil.example"},
    {"Origin": "https://app.example:8443"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "https://[app.example"},
]
OWN = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://front.example"},
    {"Origin": "https://app.example"},
    {"Origin": "https://APP.example"},
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_a_page_of_another_site_starts_nothing_in_any_mode(headers: dict[str, str]) -> None:
    for api in (Api(), entra()):
        sent = {**HERE, **headers}
        refused = (await api.post(RUNS, headers=sent, role=ADMIN)).problem(403)
        assert refused["code"] == "foreign_origin"
        assert api.world.all_runs() == []
        assert api.world.documents.paths("audit/") == []


@pytest.mark.parametrize("headers", OWN)
async def test_pages_of_the_app_and_programs_go_on(headers: dict[str, str]) -> None:
    for api in (Api(), entra()):
        assert (await api.post(RUNS, headers={**HERE, **headers}, role=ADMIN)).status == 202


@pytest.mark.parametrize("headers", FOREIGN)
async def test_reading_is_open_since_browsers_keep_the_answer_from_other_sites(headers: dict[str, str]) -> None:
    assert (await Api().get(RUNS, headers={**HERE, **headers})).status == 200


@pytest.mark.parametrize("method", sorted({route.method for route in ROUTES} - {"GET"}))
def test_every_method_that_changes_something_is_looked_at(method: str) -> None:
    with pytest.raises(Forbidden):
        check_origin(method, {"sec-fetch-site": "cross-site"})


def test_an_origin_is_foreign_where_nobody_knows_the_name_of_the_app() -> None:
    with pytest.raises(Forbidden):
        check_origin("POST", {"origin": "https://"})
