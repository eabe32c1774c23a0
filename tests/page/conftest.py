"""Starts the app and a browser for the tests of the page; each test must leave the browser's console empty."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, expect, sync_playwright

from local.processes import LocalProblem
from local.web.command import BUILT, ROOT
from tests.page.stage import Site, Stage, stage
from tests.page.texts import Texts

MUST_RUN = "PAGE_TESTS_MUST_RUN"
"""With this in the environment the tests fail where they would be skipped."""
PICTURES = "PAGE_PICTURES"
"""A folder into which the tests put a picture of what each has seen last."""
PATIENCE = 10_000.0
"""Milliseconds within which the page must show what a test waits for."""
_REFUSED = "Failed to load resource: the server responded with a status of "
_DRAFT = "dry_run=true"
"""What is typed is checked by the app while it is not whole yet, so that a refusal is no fault."""


@dataclass
class Watch:
    """What went wrong in a browser; *refusals* are the statuses that a test provokes. Mutable."""

    origin: str
    refusals: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        address = message.location.get("url", "")
        _, is_refusal, status = message.text.partition(_REFUSED)
        is_expected = is_refusal and (_DRAFT in address or int(status.split()[0]) in self.refusals)
        if not is_expected:
            self.faults.append(f"{message.type}: {message.text} ({address})")

    def on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.faults.append(f"asks another origin: {request.url}")


Opener = Callable[..., Page]


def _unable(reason: str) -> NoReturn:
    if os.environ.get(MUST_RUN):
        pytest.fail(f"The tests of the page must run here, but: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def opened_stage() -> Iterator[Stage]:
    if not (ROOT / BUILT / "manifest.json").is_file():
        _unable("The page has not been built: run 'make setup', or 'python -m local web'.")
    try:
        with stage() as opened:
            yield opened
    except LocalProblem as problem:
        _unable(str(problem))


@pytest.fixture
def app(opened_stage: Stage) -> Stage:
    opened_stage.fresh_klaviyo()
    return opened_stage


@pytest.fixture
def site(app: Stage) -> Site:
    """Return the host that asks for keys, with an export and a run of it that has ended."""
    site = app.site("keys")
    app.fill(site)
    app.add_run(site)
    return site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield the browser of this machine, or the one that Playwright has fetched.

    It ends with the module: while it runs, no asynchronous test can run in this process.
    """
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        except Error as error:
            _unable(f"There is no browser (.ci/browser brings one): {error.message.splitlines()[0]}")
        yield started
        started.close()


@pytest.fixture
def watches() -> Iterator[list[Watch]]:
    """Yield the list of what is watched, and fail where something went wrong."""
    watching: list[Watch] = []
    yield watching
    assert [fault for watch in watching for fault in watch.faults] == []


@contextmanager
def _context(browser: Browser, site: Site, locale: str, options: dict[str, Any]) -> Iterator[BrowserContext]:
    wish = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", "service_workers": "block"}
    context = browser.new_context(locale=locale, timezone_id="Europe/Kyiv", **{**wish, **options})
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser, watches: list[Watch]) -> Iterator[Opener]:
    """Yield a function that opens a tab on a site in a browser without memory, signed in where keys are asked for."""
    expect.set_options(timeout=PATIENCE)
    tabs: list[tuple[Page, Any]] = []

    def opened(
        site: Site,
        path: str = "",
        *,
        locale: str = "en",
        signed_in: bool = True,
        refusals: tuple[int, ...] = (),
        **options: Any,
    ) -> Page:
        manager = _context(browser, site, locale, options)
        context = manager.__enter__()
        watch = Watch(site.url, set(refusals))
        watches.append(watch)
        page = context.new_page()
        tabs.append((page, manager))
        page.on("console", watch.on_console)
        page.on("pageerror", lambda error: watch.faults.append(f"thrown: {error}"))
        page.on("request", watch.on_request)
        if site.key and signed_in:
            page.add_init_script(f"sessionStorage.setItem('segment-export-key', '{site.key}')")
        page.goto(site.page + path)
        return page

    yield opened
    for number, (page, manager) in enumerate(tabs):
        if folder := os.environ.get(PICTURES):
            page.screenshot(path=f"{folder}/{request.node.name}-{number}.png", full_page=True)
        manager.__exit__(None, None, None)


@pytest.fixture
def en() -> Texts:
    return Texts("en")
