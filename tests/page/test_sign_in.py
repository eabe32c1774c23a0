"""Signing in by the app's key and by one's account, and what each role sees."""

import pytest
from playwright.sync_api import Page, expect

from tests.page.conftest import Opener
from tests.page.stage import Site, Stage
from tests.page.texts import Texts

EN = Texts("en")
PEOPLE = {"read": "Reader", "contribute": "Contributor", "administer": "Administrator"}
"""The role of the app → the button of the stand-in for Microsoft's page."""


def test_the_key_opens_the_page_until_one_signs_out(app: Stage, visit: Opener) -> None:
    site = app.site("keys")
    app.fill(site)
    page = visit(site, signed_in=False, refusals=(401,))

    _give_key(page, "not-the-key")
    expect(page.get_by_text(EN("shell.signIn.refused"))).to_be_visible()
    _give_key(page, site.key)
    _expect_home(page)
    page.reload()
    _expect_home(page)
    _sign_out(page)
    expect(page.get_by_text(EN("shell.signIn.left"))).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name=EN("shell.signIn.submit"))).to_be_visible()


def test_the_account_opens_the_page_where_one_was(app: Stage, visit: Opener) -> None:
    page = visit(_entra(app), "connections/acme", refusals=(401,))

    page.get_by_role("button", name=PEOPLE["administer"]).click()
    expect(page.get_by_role("heading", name="Acme_Klaviyo", level=1)).to_be_visible()
    _sign_out(page)
    expect(page.get_by_text(EN("shell.signIn.left"))).to_be_visible()
    page.get_by_role("button", name=EN("shell.signIn.submit")).click()
    expect(page.get_by_role("button", name=PEOPLE["read"])).to_be_visible()


def test_an_account_without_a_role_is_told_so(app: Stage, visit: Opener) -> None:
    page = visit(_entra(app), refusals=(401, 403))

    page.get_by_role("button", name="Without a role").click()

    expect(page.get_by_role("heading", name=EN("shell.noAccess"))).to_be_visible()


@pytest.mark.parametrize("role", PEOPLE)
def test_each_role_is_offered_what_it_may_do(app: Stage, visit: Opener, role: str) -> None:
    page = visit(_entra(app), refusals=(401,))
    may_export, may_connect = role != "read", role == "administer"

    page.get_by_role("button", name=PEOPLE[role]).click()

    _expect_home(page)
    expect(page.get_by_text(EN("exports.readOnly"))).to_have_count(int(not may_export))
    expect(page.get_by_role("link", name=EN("exports.add"))).to_have_count(int(may_export))
    page.get_by_role("link", name="VIP newsletter").first.click()
    expect(page.get_by_role("textbox", name=EN("edit-export.name.name"), exact=True)).to_be_enabled(enabled=may_export)
    expect(page.get_by_role("button", name=EN("edit-export.save"), exact=True)).to_have_count(int(may_export))
    page.get_by_role("link", name=EN("shell.connections"), exact=True).click()
    expect(page.get_by_role("link", name="Acme_Klaviyo")).to_be_visible()
    expect(page.get_by_text(EN("connections.readOnly"))).to_have_count(int(not may_connect))
    expect(page.get_by_role("link", name=EN("connections.add"))).to_have_count(int(may_connect))
    page.get_by_role("button", name=EN("shell.account")).click()
    expect(page.get_by_text(EN(f"shell.roles.{role}"), exact=True)).to_be_visible()


def _entra(app: Stage) -> Site:
    site = app.site("entra")
    app.fill(site)
    return site


def _give_key(page: Page, key: str) -> None:
    page.get_by_label(EN("shell.signIn.key")).fill(key)
    page.get_by_role("button", name=EN("shell.signIn.submit")).click()


def _sign_out(page: Page) -> None:
    page.get_by_role("button", name=EN("shell.account")).click()
    page.get_by_role("menuitem", name=EN("shell.signOut")).click()


def _expect_home(page: Page) -> None:
    expect(page.get_by_role("heading", name=EN("exports.title"), level=1)).to_be_visible()
