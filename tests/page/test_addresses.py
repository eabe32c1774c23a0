"""Every screen has its address: a reload there shows it again, and the back button leads back."""

from playwright.sync_api import expect

from tests.page.conftest import Opener
from tests.page.stage import RUN, Site
from tests.page.texts import Texts

EN = Texts("en")
SCREENS = {
    "": EN("exports.title"),
    "exports/new": EN("edit-export.titleNew"),
    "exports/vip": "VIP newsletter",
    f"exports/vip/runs/{RUN}": EN("run.titleOf", name="VIP newsletter"),
    f"exports/vip/runs/{RUN}/rows": EN("rows.titleOf", name="VIP newsletter"),
    "history": EN("history.title"),
    "audit": EN("audit.title"),
    "about": EN("about.title"),
    "connections": EN("connections.title"),
    "connections/new": EN("connect.title"),
    "connections/acme": "Acme_Klaviyo",
    "nowhere": EN("shell.notFound.title"),
}


def test_each_screen_comes_again_when_the_page_is_loaded_at_its_address(site: Site, visit: Opener) -> None:
    page = visit(site, "exports/vip")
    for path, heading in SCREENS.items():
        # To go to an address loads the page anew, as a reload there does.
        page.goto(site.page + path)

        expect(page.get_by_role("heading", name=heading, exact=True).first).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name=heading, exact=True).first).to_be_visible()


def test_the_back_button_leads_back_and_forward(site: Site, visit: Opener) -> None:
    page = visit(site)
    page.get_by_role("link", name="VIP newsletter").first.click()
    expect(page.get_by_role("heading", name="VIP newsletter", level=1)).to_be_visible()
    page.get_by_role("link", name=EN("shell.connections"), exact=True).click()
    expect(page.get_by_role("heading", name=EN("connections.title"), level=1)).to_be_visible()

    page.go_back()
    expect(page.get_by_role("heading", name="VIP newsletter", level=1)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name=EN("exports.title"), level=1)).to_be_visible()
    page.go_forward()
    expect(page.get_by_role("heading", name="VIP newsletter", level=1)).to_be_visible()


def test_the_back_button_leads_one_step_back_in_the_wizard(site: Site, visit: Opener) -> None:
    page = visit(site, "connections/new")
    page.get_by_label(EN("connect.name.label")).fill("Another_One")
    page.get_by_role("button", name=EN("connect.next")).click()
    expect(page.get_by_label(EN("connect.key.label"))).to_be_visible()

    page.go_back()

    expect(page.get_by_label(EN("connect.name.label"))).to_have_value("Another_One")
