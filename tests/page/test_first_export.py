"""From an empty storage to a finished run, as a marketer does it, in both languages."""

import pytest
from playwright.sync_api import Page, expect

from tests.builders import people
from tests.page.conftest import Opener
from tests.page.stage import KEY, LIST, LIST_NAME, SEGMENT, Stage
from tests.page.steps import connect
from tests.page.texts import Texts

ROWS = 5


@pytest.mark.parametrize("locale", ["en", "uk"])
def test_a_marketer_connects_exports_runs_and_sees_the_outcome(app: Stage, visit: Opener, locale: str) -> None:
    t = Texts(locale)
    site = app.site("keys")
    app.run(site.put_segment(SEGMENT, people(ROWS)))
    page = visit(site, locale=locale)

    page.get_by_role("link", name=t("exports.empty.connectAction")).click()
    _connect(page, t)
    page.get_by_role("link", name=t("connect.test.addExport")).click()
    _fill_in(page, t)
    _preview(page, t)
    _schedule(page, t)
    page.get_by_role("button", name=t("edit-export.save"), exact=True).click()
    page.get_by_role("button", name=t("edit-export.justSaved.runNow")).click()

    page.wait_for_url(f"**/exports/{SEGMENT}-people/runs/*")
    expect(page.get_by_role("main").get_by_text(t("parts.status.succeeded"), exact=True)).to_be_visible()
    row = page.get_by_role("row").filter(has_text=t("run.outcomes.names.accepted"))
    expect(row).to_contain_text(str(ROWS))
    assert len(app.klaviyo.accounts[0].lists[LIST]) == ROWS
    page.get_by_role("link", name=t("run.back")).click()
    there = page.get_by_role("row").filter(has_text="VIP people")
    expect(there).to_contain_text(LIST_NAME)
    expect(there).to_contain_text(t("parts.status.succeeded"))


def _connect(page: Page, t: Texts) -> None:
    connect(page, t, KEY, for_contributors=True)
    expect(page.get_by_role("heading", name=t("connect.test.ready", name="Acme_Klaviyo"))).to_be_visible()


def _fill_in(page: Page, t: Texts) -> None:
    page.get_by_role("textbox", name=t("edit-export.name.name"), exact=True).fill("VIP people")
    expect(page.get_by_role("combobox", name=t("edit-export.connection.label"))).to_contain_text("Acme_Klaviyo")
    page.get_by_role("combobox", name=t("edit-export.list.label")).click()
    page.keyboard.type(LIST)
    page.get_by_role("option", name=LIST_NAME).click()
    page.get_by_role("checkbox", name=SEGMENT).check()
    # The page has guessed which column has what.
    email = t("mapping.columnOf", field=t("words.profileFields.email"))
    expect(page.get_by_role("combobox", name=email)).to_have_value("EMail")


def _preview(page: Page, t: Texts) -> None:
    page.get_by_role("button", name=t("preview.show")).click()
    expect(page.get_by_role("table").filter(has_text="p1@example.com")).to_be_visible()


def _schedule(page: Page, t: Texts) -> None:
    page.get_by_role("combobox", name=t("edit-export.schedule.label"), exact=True).click()
    page.get_by_role("option", name=t("edit-export.schedule.kinds.daily")).click()
    page.get_by_label(t("edit-export.schedule.time"), exact=True).fill("06:00")
    expect(page.get_by_text(t("edit-export.schedule.next", zone="Europe/Kyiv"))).to_be_visible()
