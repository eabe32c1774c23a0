"""What the person on call and the administrator see: what needs them, what to do, who changed what, and the app."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from shared.domain.runs.run import Run, RunStatus
from tests.builders import connection_document
from tests.page.conftest import Opener
from tests.page.stage import KEY, RUN, Site, Stage
from tests.page.texts import Texts

EN, UK = Texts("en"), Texts("uk")


@pytest.fixture
def site(app: Stage) -> Site:
    site = app.site("keys")
    app.fill(site)
    return site


def test_what_needs_a_person_is_told_with_what_to_do_and_a_way_there(app: Stage, site: Site, visit: Opener) -> None:
    app.fill(site, list_id="Gone42")
    page = visit(site)
    page.get_by_role("button", name=EN("exports.run.nowOf", name="VIP newsletter")).click()
    needs = page.get_by_role("region", name="1 thing needs you now")
    expect(needs.get_by_text(EN.like("sentences.list_unknown"))).to_be_visible(timeout=30_000)

    needs.get_by_role("button", name=EN("parts.cure.showOf", name="VIP newsletter")).click()
    # The words of docs/operations.md.
    expect(needs.get_by_text("A part of the configuration cannot work; the sentence names that part.")).to_be_visible()
    needs.get_by_role("link", name="VIP newsletter").click()
    expect(page.get_by_role("heading", name=EN("run.titleOf", name="VIP newsletter"))).to_be_visible()


def test_a_run_without_a_sign_of_life_is_told_with_what_to_do_and_a_way_there(
    app: Stage, site: Site, visit: Opener
) -> None:
    died = datetime.now(UTC) - timedelta(minutes=20)
    run = Run(RUN, "vip", "schedule", died, status=RunStatus.EXPORTING, heartbeat_at=died, legs=1)
    app.store_run(site, run)
    page = visit(site)
    needs = page.get_by_role("region", name="1 thing needs you now")
    expect(needs.get_by_text(EN.like("sentences.no_sign_of_life"))).to_be_visible()

    needs.get_by_role("button", name=EN("parts.cure.showOf", name="VIP newsletter")).click()
    expect(needs.get_by_text("If starts does not grow, no leg begins at all.")).to_be_visible()
    needs.get_by_role("link", name="VIP newsletter").click()
    expect(page.get_by_text(EN("run.messages.silent"), exact=True)).to_be_visible()


def test_where_nothing_needs_a_person_it_looks_so(site: Site, visit: Opener) -> None:
    page = visit(site)
    page.get_by_role("button", name=EN("exports.run.nowOf", name="VIP newsletter")).click()
    expect(page.get_by_text(EN("exports.overview.nothing"))).to_be_visible(timeout=30_000)


def test_a_key_that_expires_is_told_of_in_ukrainian_as_well(app: Stage, site: Site, visit: Opener) -> None:
    # A secret that the app has not read yet, for it keeps what it has read.
    app.vault.set("klaviyo-soon", KEY)
    app.vault.set_expiry("klaviyo-soon", datetime.now(UTC) + timedelta(days=3, hours=1))
    app.run(site.put("connections/soon.json", connection_document(id="soon", secret_name="klaviyo-soon")))
    page = visit(site, locale="uk")
    expect(page.get_by_text("через 3 дні")).to_be_visible(timeout=15_000)
    page.get_by_role("button", name=UK.like("parts.cure.showOf")).last.click()
    expect(page.get_by_text("Замінити ключ можна будь-коли")).to_be_visible()


def test_a_change_can_be_read_in_the_audit_trail(site: Site, visit: Opener) -> None:
    page = visit(site)
    _disable(page)

    page.get_by_role("link", name=EN("shell.audit"), exact=True).click()
    subject = page.get_by_label(EN("audit.filters.subject"))
    subject.focus()
    subject.select_option(label="VIP newsletter")
    expect(page.get_by_role("link", name="VIP newsletter")).to_be_visible()
    expect(subject).to_be_focused()  # whoever uses keys alone goes on from there
    page.get_by_role("button", name=re.compile("^Show .*changes?$")).first.click()
    change = page.get_by_role("row").filter(has_text=EN("audit.fields.enabled"))
    expect(change.get_by_role("cell")).to_have_text([EN("audit.fields.enabled"), EN("audit.nothing"), EN("audit.no")])


def test_the_app_is_told_about_with_its_language_and_theme(site: Site, visit: Opener) -> None:
    page = visit(site)
    page.get_by_role("button", name=EN("shell.account")).click()
    page.get_by_role("menuitem", name=EN("shell.about")).click()
    expect(page.get_by_text("Timer", exact=True)).to_be_visible()

    page.get_by_role("radio", name="Українська").click()

    expect(page.get_by_role("heading", name=UK("about.title"))).to_be_visible()
    expect(page.get_by_text("Таймер", exact=True)).to_be_visible()


def _disable(page: Page) -> None:
    page.get_by_role("button", name=EN("exports.menu.label", name="VIP newsletter")).click()
    page.get_by_role("menuitem", name=EN("exports.menu.disable")).click()
    dialog = page.get_by_role("dialog", name=EN("exports.disable.title", name="VIP newsletter"))
    dialog.get_by_role("button", name=EN("exports.disable.action"), exact=True).click()
    expect(page.get_by_text(EN("exports.disabledNow", name="VIP newsletter")).first).to_be_visible()
