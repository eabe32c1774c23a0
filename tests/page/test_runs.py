"""A run at work, seen and stopped on the page; Klaviyo is slow meanwhile."""

from playwright.sync_api import Locator, Page, expect

from tests.page.conftest import Opener
from tests.page.stage import HELD, Stage
from tests.page.texts import Texts

EN = Texts("en")


def test_a_run_is_cancelled_while_it_works(app: Stage, visit: Opener) -> None:
    site = app.site("keys")
    app.fill(site)
    app.change_klaviyo(latency=HELD)
    page = visit(site)
    _run(page, "VIP newsletter")

    page.get_by_role("button", name=EN("run.actions.cancel")).click()
    dialog = page.get_by_role("dialog", name=EN("run.cancel.title"))
    dialog.get_by_role("button", name=EN("run.actions.cancel")).click()
    app.let_klaviyo_answer()

    expect(_state(page, "cancelled")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name=EN("run.actions.again"))).to_be_visible()


def test_a_run_says_for_whom_it_waits_and_goes_on_after_that(app: Stage, visit: Opener) -> None:
    site = app.site("keys")
    app.fill(site, id="second", display_name="Second")
    app.fill(site)
    app.change_klaviyo(script=["slow"], slow_seconds=HELD, endpoints=["bulk_import_profiles"])
    first, second = visit(site), visit(site)
    _run(first, "VIP newsletter")
    expect(_state(first, "exporting")).to_be_visible()

    _run(second, "Second")
    expect(second.get_by_text(EN("run.messages.waiting"), exact=True)).to_be_visible()
    expect(second.get_by_text(EN.like("sentences.account_taken"))).to_be_visible()
    app.let_klaviyo_answer()

    expect(_state(first, "succeeded")).to_be_visible(timeout=30_000)
    expect(_state(second, "succeeded")).to_be_visible(timeout=30_000)


def _run(page: Page, name: str) -> None:
    page.get_by_role("button", name=EN("exports.run.nowOf", name=name)).click()
    page.get_by_role("link", name=EN("exports.run.lookOf", name=name)).click()
    expect(page.get_by_role("heading", name=EN("run.titleOf", name=name))).to_be_visible()


def _state(page: Page, status: str) -> Locator:
    return page.get_by_role("status").get_by_text(EN(f"parts.status.{status}"), exact=True)
