"""What several tests of the page do on their way."""

from playwright.sync_api import Page

from tests.page.texts import Texts


def connect(page: Page, t: Texts, key: str, *, for_contributors: bool = False) -> None:
    """Go through the steps of a new connection, up to its test."""
    page.get_by_label(t("connect.name.label")).fill("Acme_Klaviyo")
    if for_contributors:
        page.get_by_role("radio", name=t("connect.share.contributors")).check()
    page.get_by_role("button", name=t("connect.next")).click()
    page.get_by_label(t("connect.key.label")).fill(key)
    page.get_by_role("button", name=t("connect.next")).click()
    page.get_by_role("checkbox", name=t("connect.consent.agree")).check()
    page.get_by_label(t("connect.consent.name")).fill("Dana")
    page.get_by_role("button", name=t("connect.connect"), exact=True).click()
