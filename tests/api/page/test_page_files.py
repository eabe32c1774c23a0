"""The files of the page as they are served: those of the manifest, gzipped once, and nothing else of the disk."""

import gzip
import json
from pathlib import Path

import azure.functions as func
import pytest

from shared.api.page.built_page import BuiltPage
from shared.api.page.serving import POLICY, page_file
from tests.api.page.built import FILES, built_page

SCREENS = ("", "exports", "exports/vip/runs/20261123t060000z-6f3a", "connections/acme", "no/such/screen", "exports/")


@pytest.fixture
def page(tmp_path: Path) -> BuiltPage:
    return BuiltPage(built_page(tmp_path))


async def get(page: BuiltPage, path: str, **headers: str) -> func.HttpResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    route = {"path": path} if path else {}
    asked = func.HttpRequest("GET", f"https://app.example/api/ui/{path}", headers=named, route_params=route, body=b"")
    return await page_file(page, asked)


@pytest.mark.parametrize("name", FILES)
async def test_a_file_comes_gzipped_to_whom_can_unpack_it_and_unpacked_to_others(page: BuiltPage, name: str) -> None:
    packed, plain = await get(page, name, Accept_Encoding="br, gzip"), await get(page, name)
    assert gzip.decompress(packed.get_body()) == plain.get_body() == FILES[name].encode()
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    for answer in (packed, plain):
        assert answer.headers["Content-Length"] == str(len(answer.get_body()))
        assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("*", True),
        ("gzip; q=1.0", True),
        ("x-gzip", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("*;q=0", False),
        ("br", False),
        ("identity", False),
        ("", False),
    ],
)
async def test_a_client_that_cannot_take_gzip_gets_none(page: BuiltPage, accepted: str, takes: bool) -> None:
    answer = await get(page, "icon.svg", Accept_Encoding=accepted)
    assert ("Content-Encoding" in answer.headers) is takes


@pytest.mark.parametrize("path", SCREENS)
async def test_every_screen_is_the_index_which_is_asked_for_anew_each_time(page: BuiltPage, path: str) -> None:
    answer = await get(page, path)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.get_body() == FILES["index.html"].encode()
    assert answer.headers["Cache-Control"] == "no-cache"


async def test_a_file_with_a_hash_in_its_name_is_kept_for_ever_and_any_other_is_not(page: BuiltPage) -> None:
    kept = {name: "immutable" in (await get(page, name)).headers["Cache-Control"] for name in FILES}
    assert kept == {name: name.startswith("assets/") for name in FILES}


@pytest.mark.parametrize(
    "path",
    [
        "assets/main-0000.js",
        "assets/old",
        "main-a1b2.js",
        "notes.txt",
        "manifest.json",
        "index.html.gz",
        "assets/main-a1b2.js.map",
        "assets/../index.html",
        "..%2fexports",
        "..%2f..%2fhost.json",
        "..\\..\\host.json",
        "/etc/passwd.txt",
        "settings.py",
    ],
)
async def test_what_is_no_file_of_the_page_is_missing_and_never_the_index(page: BuiltPage, path: str) -> None:
    answer = await get(page, path)
    assert answer.status_code == 404
    assert json.loads(answer.get_body())["code"] == "page_file_missing"
    assert answer.headers["Cache-Control"] == "no-store"


async def test_who_has_the_content_already_gets_no_body(page: BuiltPage) -> None:
    for name in FILES:
        first = await get(page, name, Accept_Encoding="gzip")
        tag = first.headers["ETag"]
        for known in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
            again = await get(page, name, If_None_Match=known)
            assert (again.status_code, again.get_body()) == (304, b"")
            assert again.headers["ETag"] == tag
            assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
        assert (await get(page, name, If_None_Match='"other"')).status_code == 200


async def test_another_content_has_another_tag(page: BuiltPage) -> None:
    tags = {(await get(page, name)).headers["ETag"] for name in FILES}
    assert len(tags) == len(FILES)


@pytest.mark.parametrize("path", ["", "icon.svg", "assets/main-a1b2.js", "assets/missing.js"])
async def test_every_answer_says_what_the_page_may_do(page: BuiltPage, path: str) -> None:
    headers = (await get(page, path)).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_the_policy_lets_in_nothing_of_another_origin_and_no_code_but_the_files() -> None:
    assert POLICY == (
        "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; "
        "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; "
        "require-trusted-types-for 'script'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


async def test_a_deployment_without_its_page_says_so(tmp_path: Path) -> None:
    for path in ("", "exports", "assets/main-a1b2.js"):
        answer = await get(BuiltPage(tmp_path / "none"), path)
        assert answer.status_code == 404
        assert json.loads(answer.get_body())["code"] == "page_missing"


async def test_a_page_that_is_built_anew_is_served_without_a_restart(page: BuiltPage, tmp_path: Path) -> None:
    assert (await get(page, "assets/main-e5f6.js")).status_code == 404
    built_page(tmp_path, {"index.html": "new", "assets/main-e5f6.js": "new"})
    assert (await get(page, "assets/main-e5f6.js")).get_body() == b"new"
    assert (await get(page, "")).get_body() == b"new"
