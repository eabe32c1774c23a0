"""Everything by keys alone: the focus can be seen, and comes back to where it was after a dialog."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.builders import people
from tests.page.conftest import Opener
from tests.page.stage import KEY, LIST, LIST_NAME, SEGMENT, Stage
from tests.page.texts import Texts

EN = Texts("en")
MOST_TABS = 120
_FOCUSED = """() => {
    const at = document.activeElement;
    const box = at.getBoundingClientRect();
    return at === document.body || (box.width > 0 && box.bottom > 0 && box.top < innerHeight);
}"""


def test_an_export_is_made_from_an_empty_storage_and_run_with_keys_alone(app: Stage, visit: Opener) -> None:
    site = app.site("keys")
    app.run(site.put_segment(SEGMENT, people(3)))
    page = visit(site)
    keys = page.keyboard

    _to(page, page.get_by_role("link", name=EN("exports.empty.connectAction")))
    keys.press("Enter")
    _connect(page)
    _to(page, page.get_by_role("link", name=EN("connect.test.addExport")))
    keys.press("Enter")
    _to(page, page.get_by_role("textbox", name=EN("edit-export.name.name"), exact=True))
    keys.type("VIP people")
    _to(page, page.get_by_role("combobox", name=EN("edit-export.list.label")))
    keys.type(LIST)
    expect(page.get_by_role("option", name=LIST_NAME)).to_be_visible()
    keys.press("Enter")
    _to(page, page.get_by_role("checkbox", name=SEGMENT))
    keys.press("Space")
    email = EN("mapping.columnOf", field=EN("words.profileFields.email"))
    expect(page.get_by_role("combobox", name=email)).to_have_value("EMail")
    _to(page, page.get_by_role("button", name=EN("preview.show")))
    keys.press("Enter")
    expect(page.get_by_role("table").filter(has_text="p1@example.com")).to_be_visible()
    _to(page, page.get_by_role("combobox", name=EN("edit-export.schedule.label"), exact=True))
    keys.press("Enter")
    for _ in range(2):  # on demand, every refresh, daily
        keys.press("ArrowDown")
    keys.press("Enter")
    _to(page, page.get_by_label(EN("edit-export.schedule.time"), exact=True))
    keys.type("0600AM")
    _to(page, page.get_by_role("button", name=EN("edit-export.save"), exact=True))
    keys.press("Enter")
    _to(page, page.get_by_role("button", name=EN("edit-export.justSaved.runNow")))
    keys.press("Enter")

    page.wait_for_url(f"**/exports/{SEGMENT}-people/runs/*")
    expect(page.get_by_role("main").get_by_text(EN("parts.status.succeeded"), exact=True)).to_be_visible()
    assert len(app.klaviyo.accounts[0].lists[LIST]) == 3


def test_the_focus_comes_back_from_a_menu_and_a_dialog(app: Stage, visit: Opener) -> None:
    site = app.site("keys")
    app.fill(site)
    page = visit(site)
    menu = page.get_by_role("button", name=EN("exports.menu.label", name="VIP newsletter"))
    _to(page, menu)

    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.press("End")
    expect(page.get_by_role("menuitem", name=EN("exports.menu.remove"))).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for _ in range(4):
        page.keyboard.press("Tab")
        expect(dialog.locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(menu).to_be_focused()


def test_the_focus_comes_back_to_a_button_whose_question_was_refused(app: Stage, visit: Opener) -> None:
    site = app.site("keys")
    app.fill(site)
    page = visit(site, "connections/acme")
    button = page.get_by_role("button", name=EN("connections.one.consent.withdraw"))
    _to(page, button)

    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=EN("connections.one.withdraw.title", name="Acme_Klaviyo"))
    expect(dialog.locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")

    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()


def test_the_screen_has_the_focus_where_what_had_it_is_gone(app: Stage, visit: Opener) -> None:
    site = app.site("keys")
    app.fill(site)
    page = visit(site)
    _to(page, page.get_by_role("button", name=EN("exports.menu.label", name="VIP newsletter")))
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    _to(page, page.get_by_role("dialog").get_by_role("button", name=EN("exports.remove.action")))

    page.keyboard.press("Enter")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("main")).to_be_focused()


def test_the_first_tab_leads_past_the_navigation(app: Stage, visit: Opener) -> None:
    page = visit(app.site("keys"))
    expect(page.get_by_role("link", name=EN("exports.empty.connectAction"))).to_be_visible()

    _to(page, page.get_by_role("link", name=EN("shell.skip")), key="Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(page.get_by_role("main").locator(":focus")).to_have_count(1)


def _connect(page: Page) -> None:
    keys = page.keyboard
    expect(page.get_by_label(EN("connect.name.label"))).to_be_focused()
    keys.type("Acme_Klaviyo")
    _to(page, page.get_by_role("radio", name=EN("connect.share.administrators")))
    keys.press("ArrowDown")
    expect(page.get_by_role("radio", name=EN("connect.share.contributors"))).to_be_checked()
    keys.press("Enter")
    _to(page, page.get_by_label(EN("connect.key.label")))
    keys.type(KEY)
    keys.press("Enter")
    _to(page, page.get_by_role("checkbox", name=EN("connect.consent.agree")))
    keys.press("Space")
    _to(page, page.get_by_label(EN("connect.consent.name")))
    keys.type("Dana")
    keys.press("Enter")
    expect(page.get_by_role("heading", name=EN("connect.test.ready", name="Acme_Klaviyo"))).to_be_visible()


def _to(page: Page, target: Locator, *, key: str = "Tab") -> None:
    """Go to *target* with *key*; whatever has the focus on the way is in the window."""
    expect(target).to_be_visible()
    for _ in range(MOST_TABS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
        page.wait_for_function(_FOCUSED)
    raise AssertionError(f"{MOST_TABS} times {key} do not lead to {re.sub(' +', ' ', str(target))}")
