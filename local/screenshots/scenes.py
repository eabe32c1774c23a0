"""Which pictures there are: what each shows, and how one gets there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Page

from local.demo.system import EXPORT_ID
from local.screenshots.demonstration import RUN as DEMO
from local.screenshots.story import FAILED, KEY, LIVE, PARTIAL, WAITING

Step = Callable[[Page], Awaitable[None]]


async def _nothing(_page: Page) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: the address on the *site* (full, empty, locked or demo), and *step*, what is done there first.

    *part* selects what is in the picture; None is the window.
    """

    path: str = ""
    step: Step = _nothing
    part: str | None = None
    site: str = "full"
    locale: str = "en"
    dark: bool = False
    width: int = 1280
    height: int = 860


async def _next(page: Page) -> None:
    await page.get_by_role("button", name="Continue").click()


async def _to_key(page: Page) -> None:
    await page.get_by_label("Display name").fill("Acme_Klaviyo")
    await page.get_by_role("radio", name="Administrators and contributors").check()
    await _next(page)


async def _to_consent(page: Page) -> None:
    await _to_key(page)
    await page.get_by_label("Klaviyo API key").fill(KEY)
    await _next(page)
    await page.get_by_role("checkbox", name="I agree").wait_for()


async def _to_test(page: Page) -> None:
    await _to_consent(page)
    await page.get_by_role("checkbox", name="I agree").check()
    await page.get_by_label("Your name").fill("Dana")
    await page.get_by_role("button", name="Connect", exact=True).click()
    await page.get_by_role("link", name="Add export").wait_for()


async def _list(page: Page) -> None:
    await page.get_by_role("combobox", name="Klaviyo list").click()
    await page.get_by_role("option", name="Welcome series").wait_for()


async def _flow(page: Page) -> None:
    await page.get_by_text("A live flow starts from this list").wait_for()


async def _preview(page: Page) -> None:
    await page.get_by_role("button", name="Show preview").click()
    await page.get_by_text("Rows as they would be sent").wait_for()


async def _save(page: Page) -> None:
    await page.get_by_role("combobox", name="Runs", exact=True).click()
    await page.get_by_role("option", name="Every day").click()
    await page.get_by_label("At", exact=True).fill("06:00")
    await page.get_by_text("Next runs").wait_for()
    await page.get_by_role("button", name="Save", exact=True).click()
    await page.get_by_role("button", name="Run now").wait_for()


async def _column(page: Page) -> None:
    await page.get_by_role("combobox", name="E-mail", exact=False).first.wait_for()


async def _past(page: Page) -> None:
    await page.get_by_role("img", name="The last 90 days").wait_for()


async def _withdraw(page: Page) -> None:
    await page.get_by_role("button", name="Withdraw consent").click()
    await page.get_by_role("dialog").wait_for()


async def _remove_connection(page: Page) -> None:
    await page.get_by_role("button", name="Remove", exact=True).click()
    await page.get_by_role("dialog").wait_for()


async def _remove_export(page: Page) -> None:
    await page.get_by_role("button", name="More actions: VIP newsletter").click()
    await page.get_by_role("menuitem", name="Remove").click()
    await page.get_by_role("dialog").wait_for()


async def _cancel(page: Page) -> None:
    await page.get_by_role("button", name="Cancel run").click()
    await page.get_by_role("dialog").wait_for()


TALL = 3600
"""So that nothing that stays at the window's edge lies over a part of a screen."""

SCENES = {
    "sign-in": Scene(site="locked", height=560),
    "exports": Scene(),
    "exports-dark": Scene(dark=True),
    "exports-uk": Scene(locale="uk"),
    "exports-narrow": Scene(width=390, height=760),
    "exports-empty": Scene(site="empty", height=560),
    "remove-export": Scene(step=_remove_export),
    "edit-export": Scene("exports/vip"),
    "edit-export-uk": Scene("exports/vip", locale="uk"),
    "edit-list": Scene("exports/vip", step=_list),
    "edit-flow": Scene("exports/welcome", step=_flow, part="#section-list", height=TALL),
    "edit-segments": Scene("exports/vip", part="#section-segments", height=TALL),
    "edit-mapping": Scene("exports/vip", step=_column, part="#section-mapping", height=TALL),
    "edit-preview": Scene("exports/weekly", step=_preview, part="#section-preview", height=4800),
    "edit-schedule": Scene("exports/vip", part="#section-schedule", height=TALL),
    "edit-limits": Scene("exports/vip", part="#section-limits", height=TALL),
    "demo": Scene(f"exports/{EXPORT_ID}/runs/{DEMO}", site="demo", height=1240),
    "run-live": Scene(f"exports/win-back/runs/{LIVE}"),
    "run-cancel": Scene(f"exports/win-back/runs/{LIVE}", step=_cancel),
    "run-waiting": Scene(f"exports/loyalty/runs/{WAITING}", height=620),
    "run-failed": Scene(f"exports/welcome/runs/{FAILED}", height=620),
    "rows": Scene(f"exports/weekly/runs/{PARTIAL}/rows", height=760),
    "history": Scene("history"),
    "history-export": Scene("history?export=vip", step=_past),
    "audit": Scene("audit", height=620),
    "about": Scene("about", height=760),
    "connections": Scene("connections", height=620),
    "connect-name": Scene("connections/new", site="empty"),
    "connect-key": Scene("connections/new", step=_to_key, site="empty"),
    "connect-consent": Scene("connections/new", step=_to_consent, site="empty", height=1000),
    "connect-test": Scene("connections/new", step=_to_test, site="empty"),
    "connection": Scene("connections/acme"),
    "withdraw-consent": Scene("connections/acme", step=_withdraw),
    "remove-connection": Scene("connections/acme", step=_remove_connection),
    # It changes the export, so it comes last.
    "edit-saved": Scene("exports/welcome", step=_save),
}
"""The name of a picture → what it shows."""
