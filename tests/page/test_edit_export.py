"""What the editor says before it is too late: live flows, rows that are refused, changes of others, changes unsaved."""

import pytest
from playwright.sync_api import Page, expect

from tests.builders import export_document
from tests.page.conftest import Opener
from tests.page.stage import FLOW_NAME, LIST_NAME, WATCHED_NAME, Site, Stage
from tests.page.texts import Texts

EN = Texts("en")


@pytest.fixture
def site(app: Stage) -> Site:
    site = app.site("keys")
    app.fill(site, rows=2, broken=2)
    return site


def test_a_list_with_a_live_flow_takes_a_yes(site: Site, visit: Opener) -> None:
    page = visit(site, "exports/vip")
    box = page.get_by_role("combobox", name=EN("edit-export.list.label"))
    expect(box).to_have_value(LIST_NAME)

    box.click()
    page.get_by_role("option", name=WATCHED_NAME).click()

    expect(page.get_by_text(EN("edit-export.flows.title"))).to_be_visible()
    expect(page.get_by_text(FLOW_NAME)).to_be_visible()
    page.get_by_role("checkbox", name=EN("edit-export.flows.allow")).check()
    _save(page)
    page.reload()
    expect(page.get_by_role("checkbox", name=EN("edit-export.flows.allow"))).to_be_checked()


def test_a_list_is_made_and_chosen_and_one_that_is_there_is_offered(site: Site, visit: Opener) -> None:
    page = visit(site, "exports/vip", refusals=(409,))
    box = page.get_by_role("combobox", name=EN("edit-export.list.label"))
    expect(box).to_have_value(LIST_NAME)

    for name, is_there in (("Осіння кампанія", False), (WATCHED_NAME, True)):
        page.get_by_role("button", name=EN("edit-export.list.new")).click()
        dialog = page.get_by_role("dialog", name=EN("edit-export.list.newTitle"))
        dialog.get_by_label(EN("edit-export.list.newName")).fill(name)
        dialog.get_by_role("button", name=EN("edit-export.list.make")).click()
        if is_there:
            dialog.get_by_role("button", name=EN("edit-export.list.useIt")).click()
        expect(box).to_have_value(name)


def test_the_preview_shows_refused_rows_and_places_what_is_wrong_at_its_field(site: Site, visit: Opener) -> None:
    page = visit(site, "exports/vip")
    last_name = EN("words.profileFields.last_name")
    picker = page.get_by_role("combobox", name=EN("mapping.columnOf", field=last_name))
    picker.click()
    page.keyboard.type("Surname")
    page.get_by_role("option", name=EN("mapping.useTyped", name="Surname")).click()

    page.get_by_role("button", name=EN("preview.show")).click()

    refused = page.get_by_role("table").filter(has_text=EN("preview.refused.fields"))
    expect(refused).to_contain_text("nobody")
    expect(page.get_by_role("table").filter(has_text="p1@example.com")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has=picker)).to_contain_text(EN.like("sentences.column_missing"))


def test_a_change_of_somebody_else_is_shown_and_can_be_overruled(app: Stage, site: Site, visit: Opener) -> None:
    page = visit(site, "exports/vip", refusals=(412,))
    name = page.get_by_role("textbox", name=EN("edit-export.name.name"), exact=True)
    expect(name).to_have_value("VIP newsletter")
    app.run(site.put("exports/vip.json", export_document(display_name="Theirs")))

    name.fill("Mine")
    page.get_by_role("button", name=EN("edit-export.save"), exact=True).click()

    dialog = page.get_by_role("dialog", name=EN("edit-export.conflict.title"))
    expect(dialog).to_contain_text("Theirs")
    expect(dialog).to_contain_text("Mine")
    dialog.get_by_role("button", name=EN("edit-export.conflict.keepMine")).click()
    expect(name).to_have_value("Mine")
    _save(page)


def test_unsaved_changes_are_not_lost_by_the_back_button(site: Site, visit: Opener) -> None:
    page = visit(site)
    page.get_by_role("link", name="VIP newsletter").first.click()
    name = page.get_by_role("textbox", name=EN("edit-export.name.name"), exact=True)
    name.fill("Mine")

    page.go_back()
    expect(page.get_by_role("button", name=EN("shell.unsaved.stay"))).to_be_focused()
    page.get_by_role("button", name=EN("shell.unsaved.stay")).click()
    expect(name).to_have_value("Mine")
    page.go_back()
    page.get_by_role("button", name=EN("shell.unsaved.leave")).click()

    expect(page.get_by_role("heading", name=EN("exports.title"), level=1)).to_be_visible()


def _save(page: Page) -> None:
    page.get_by_role("button", name=EN("edit-export.save"), exact=True).click()
    expect(page.get_by_text(EN("edit-export.state.saved"))).to_be_visible()
