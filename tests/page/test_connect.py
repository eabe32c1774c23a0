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


def _connect(page: Page, key: str) -> None:
    connect(page, EN, key)
    expect(page.get_by_role("heading", name=EN("connect.test.title", name="Acme_Klaviyo"))).to_be_visible()


def _change_key(page: Page) -> None:
    page.get_by_role("button", name=EN("connections.trial.changeKey")).first.click()
    page.get_by_label(EN("connect.key.label")).fill(KEY)
    page.get_by_role("button", name=EN("connections.one.key.save")).click()
    expect(page.get_by_role("heading", name=EN("connect.test.ready", name="Acme_Klaviyo"))).to_be_visible()
