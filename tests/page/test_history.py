"""What became of runs: the history, and the rows that were not taken, which nothing keeps."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Request, expect

from tests.page.conftest import Opener
from tests.page.stage import RUN, Site
from tests.page.texts import Texts

EN = Texts("en")
ROWS = f"exports/vip/runs/{RUN}/rows"
PERSON = "nobody"
_KEPT = """async () => JSON.stringify([
    { ...localStorage }, { ...sessionStorage }, await indexedDB.databases(), await caches.keys(), document.cookie])"""


def test_the_history_shows_what_its_address_asks_for(site: Site, visit: Opener) -> None:
    page = visit(site, "history")
    run = page.get_by_role("row").filter(has_text="VIP newsletter")
    expect(run).to_be_visible()

    page.get_by_label(EN("history.filters.status")).select_option("failed")
    expect(page.get_by_text(EN("history.none"))).to_be_visible()
    assert parse_qs(urlsplit(page.url).query) == {"status": ["failed"]}
    page.reload()
    expect(page.get_by_text(EN("history.none"))).to_be_visible()
    page.get_by_role("button", name=EN("history.clear")).first.click()
    expect(run).to_be_visible()

    page.get_by_label(EN("history.filters.to"), exact=True).fill("2026-10-31")
    expect(page.get_by_text(EN("history.none"))).to_be_visible()
    page.get_by_label(EN("history.filters.to"), exact=True).fill("2026-11-01")
    run.locator(f"a[href$='/{RUN}/rows']").click()
    expect(page.get_by_role("heading", name=EN("rows.titleOf", name="VIP newsletter"))).to_be_visible()


def test_rows_are_looked_through_without_a_word_about_them_in_an_address(site: Site, visit: Opener) -> None:
    page = visit(site, ROWS)
    row = page.get_by_role("row").filter(has_text=PERSON)
    expect(row).to_be_visible()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - Playwright marks what it is given

    page.get_by_label(EN("rows.rejected.find")).fill("somebody")
    expect(page.get_by_text(EN("rows.rejected.nothing"))).to_be_visible()
    page.get_by_label(EN("rows.rejected.find")).fill(PERSON)
    expect(row).to_be_visible()
    expect(page.get_by_text("job1")).to_be_visible()

    assert "?" not in page.url
    assert asked == []


def test_rows_are_gone_from_the_browser_with_their_screen(site: Site, visit: Opener) -> None:
    page = visit(site, ROWS)
    expect(page.get_by_role("row").filter(has_text=PERSON)).to_be_visible()
    assert PERSON not in page.evaluate(_KEPT)
    page.get_by_role("link", name=EN("rows.back")).click()
    expect(page.get_by_role("heading", name=EN("run.titleOf", name="VIP newsletter"))).to_be_visible()

    # The rows that come again have to be asked for again.
    with page.expect_request("**/rejections?**"):
        page.go_back()
    expect(page.get_by_role("row").filter(has_text=PERSON)).to_be_visible()


def test_rows_are_downloaded_with_the_key_and_not_by_a_link(site: Site, visit: Opener) -> None:
    page = visit(site, ROWS)
    with page.expect_download() as started:
        page.get_by_role("button", name=EN("rows.rejected.download")).click()
    expect(page.get_by_text(EN("rows.rejected.done", file=started.value.suggested_filename)).first).to_be_visible()

    # A message stays for some seconds also for those who want nothing to move.
    assert (
        page.locator("[data-timer-status]").first.evaluate("each => getComputedStyle(each).animationDuration") == "6s"
    )
    content = started.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbfblob,row,")
    assert content.count(b"\n") == 2
    assert PERSON.encode() in content
