"""How soon after the app's answer the page shows its first rows, where there is much to show.

The browser is a real one; the answers are made up here, so that neither the host nor the storage is measured.
"""

import gzip
import mimetypes
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from local.bench.page.editor_answers import COLUMNS, LISTS, VALUE_THAT_STAYS
from local.bench.page.large_answers import EXPORT, answer_to
from local.bench.table import Figure
from local.processes import LocalProblem

if TYPE_CHECKING:  # only the group of packages for the page has it
    from playwright.async_api import Page, Route

ORIGIN = "http://page.test"
UI = "/api/ui/"
BUILT = Path(__file__).parents[3] / "shared" / "page"
MOST_SECONDS = 1.0
AIM = f"at most {MOST_SECONDS:g} s"
_PATIENCE = 30_000.0


@dataclass(frozen=True, slots=True)
class Screen:
    """What is measured: the *path* of a screen, the call whose answer it waits for, and the first of its rows.

    With *opens* the time runs from a click there, once the answer is there.
    """

    what: str
    path: str
    call: str
    row: str
    opens: str = ""


SCREENS = (
    Screen("page: first of 500 exports", "", "/api/exports", "tbody tr"),
    Screen("page: first of 10,000 runs", "history", "/api/runs", "tbody tr"),
    Screen("page: picture of 2,160 runs", f"history?export={EXPORT}", "/api/runs", "svg[role=img] rect"),
    Screen("page: first of 10,000 rejected rows", f"exports/{EXPORT}/runs/r/rows", "rejections", "tbody tr"),
    Screen(f"page: first of {COLUMNS} columns", f"exports/{EXPORT}", "/preview", f"text={VALUE_THAT_STAYS}"),
    Screen(f"page: first of {LISTS:,} lists", f"exports/{EXPORT}", "/lists", "[role=option]", "#section-list input"),
)


@dataclass
class Answers:
    """Answers the calls of a browser; mutable: *given* is when the last answer to each path went out (monotonic)."""

    given: dict[str, float] = field(default_factory=dict)

    async def to(self, route: "Route") -> None:
        """Answer with a file of the page, or with what the app would say."""
        parts = urlsplit(route.request.url)
        if parts.path.startswith(UI) and not parts.path.endswith("settings.json"):
            name = parts.path.removeprefix(UI)
            path = BUILT / f"{name}.gz"
            if not path.is_file():
                name, path = "index.html", BUILT / "index.html.gz"
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            await route.fulfill(body=gzip.decompress(path.read_bytes()), content_type=kind)
            return
        body, kind, headers = answer_to(parts.path, parts.query)
        await route.fulfill(body=body, headers={"Content-Type": kind, **headers})
        self.given[parts.path] = time.monotonic()


async def measure() -> AsyncIterator[Figure]:
    """Yield a figure for each screen; nothing where there is no browser, or where the page was not built."""
    try:
        from playwright.async_api import async_playwright  # noqa: PLC0415 - see above
    except ImportError:
        return
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if found is None or not (BUILT / "index.html.gz").is_file():
        return
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for screen in SCREENS:
            page = await browser.new_page()
            busy = await _processor_time(page)
            seconds = await _seconds(page, screen)
            worked = f"{await busy():.2f} s of processor time from the address on"
            yield Figure(screen.what, f"{seconds:.2f} s after the answer", worked, AIM, seconds <= MOST_SECONDS)
            await page.close()
        await browser.close()


async def _processor_time(page: "Page") -> Callable[[], Awaitable[float]]:
    """Return a function that tells for how many seconds the page's own thread has worked since.

    On a busy machine the time by the clock is that of others as well.
    """
    browser = await page.context.new_cdp_session(page)
    await browser.send("Performance.enable", {"timeDomain": "threadTicks"})

    async def told() -> float:
        found = await browser.send("Performance.getMetrics")
        return float(next(each["value"] for each in found["metrics"] if each["name"] == "TaskDuration"))

    return told


async def _seconds(page: "Page", screen: Screen) -> float:
    answers = Answers()
    await page.route("**/*", answers.to)
    await page.goto(f"{ORIGIN}{UI}{screen.path}")
    clicked = await _click(page, screen) if screen.opens else 0.0
    await page.locator(screen.row).first.wait_for(timeout=_PATIENCE)
    shown = time.monotonic()
    times = [at for path, at in answers.given.items() if screen.call in path]
    if not times:
        raise LocalProblem(f"The page has not asked for {screen.call}.")
    return shown - max(clicked, *times)


async def _click(page: "Page", screen: Screen) -> float:
    """Click once all answers are there; return when."""
    await page.wait_for_load_state("networkidle")
    clicked = time.monotonic()
    await page.locator(screen.opens).click()
    return clicked
