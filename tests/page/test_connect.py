"""Keys that do not work: the page says why, and lets one mend it."""

from playwright.sync_api import Page, expect

from tests.page.conftest import Opener
from tests.page.stage import KEY, MISSING_SCOPE, NARROW_KEY, Stage
from tests.page.steps import connect
from tests.page.texts import Texts

EN = Texts("en")


def test_a_key_that_klaviyo_does_not_know_is_replaced(app: Stage, visit: Opener) -> None:
    page = visit(app.site("keys"), "connections/new")

    _connect(page, "pk_unknown")

    expect(page.get_by_text(EN.like("sentences.key_unknown"))).to_be_visible()
    _change_key(page)


def test_a_key_without_a_scope_is_replaced(app: Stage, visit: Opener) -> None:
    page = visit(app.site("keys"), "connections/new")

    _connect(page, NARROW_KEY)

    expect(page.get_by_text(EN("connections.trial.scopesMissing", names=MISSING_SCOPE))).to_be_visible()
    _change_key(page)


def test_a_reload_keeps_what_was_typed_but_not_the_key(app: Stage, visit: Opener) -> None:
    page = visit(app.site("keys"), "connections/new")
    page.get_by_label(EN("connect.name.label")).fill("Acme_Klaviyo")
    page.get_by_role("button", name=EN("connect.next")).click()
    page.get_by_label(EN("connect.key.label")).fill(KEY)
    page.get_by_role("button", name=EN("connect.next")).click()
    expect(page.get_by_role("checkbox", name=EN("connect.consent.agree"))).to_be_visible()
    assert KEY not in page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")

    page.reload()

    expect(page.get_by_label(EN("connect.key.label"))).to_have_value("")
    expect(page.get_by_text(EN("connect.keyGone"))).to_be_visible()
    page.get_by_role("button", name=EN("connect.back")).click()
    expect(page.get_by_label(EN("connect.name.label"))).to_have_value("Acme_Klaviyo")
    page.get_by_role("link", name=EN("shell.exports"), exact=True).click()
    page.get_by_role("button", name=EN("shell.unsaved.leave")).click()
    page.wait_for_url("**/ui/")
    page.goto(f"{page.url}connections/new")
    expect(page.get_by_label(EN("connect.name.label"))).to_have_value("")


def _connect(page: Page, key: str) -> None:
    connect(page, EN, key)
    expect(page.get_by_role("heading", name=EN("connect.test.title", name="Acme_Klaviyo"))).to_be_visible()


def _change_key(page: Page) -> None:
    page.get_by_role("button", name=EN("connections.trial.changeKey")).first.click()
    page.get_by_label(EN("connect.key.label")).fill(KEY)
    page.get_by_role("button", name=EN("connections.one.key.save")).click()
    expect(page.get_by_role("heading", name=EN("connect.test.ready", name="Acme_Klaviyo"))).to_be_visible()
