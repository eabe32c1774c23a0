"""Starts what the pictures show: storage, simulator, a host full of data and an empty one, and the browser."""

import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from azure.storage.blob import BlobType
from azure.storage.blob.aio import BlobServiceClient
from playwright.async_api import Browser, Error, Page, Route, async_playwright

from local.azurite import azurite
from local.processes import LocalProblem, child
from local.screenshots import demonstration
from local.screenshots.story import FLOW, LISTS, OTHER_KEY, SECRETS, documents, segment_files
from local.screenshots.times import NOW, ZONE, Shift
from local.vault import vault
from shared.adapters.azure.client_options import STORAGE_OPTIONS

FONT = "Open Sans"
"""It stands in for Segoe UI, the font of the page on Windows, which few other machines have."""
_FONTS = f"""<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>
<include>/etc/fonts/fonts.conf</include>
<match><test name="family"><string>Segoe UI</string></test>
<edit name="family" mode="assign" binding="strong"><string>{FONT}</string></edit></match></fontconfig>
"""
_NEVER = "0 0 0 1 1 *"


@dataclass(frozen=True, slots=True)
class Stage:
    """The addresses of the app by name (full, empty, locked, which asks for a key, and demo), and the browser."""

    sites: Mapping[str, str]
    browser: Browser
    shift: Shift

    @asynccontextmanager
    async def page(
        self, *, locale: str, dark: bool = False, width: int = 1280, height: int = 860
    ) -> AsyncIterator[Page]:
        """Yield a tab whose clock stands still at the time of the pictures."""
        context = await self.browser.new_context(
            locale=locale,
            timezone_id=ZONE,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            viewport={"width": width, "height": height},
        )
        context.set_default_timeout(15_000)
        page = await context.new_page()
        await page.clock.set_fixed_time(NOW)
        await page.route("**/api/**", partial(_answer, self.shift))
        yield page
        await page.unroute_all(behavior="ignoreErrors")
        await context.close()


async def _answer(shift: Shift, route: Route) -> None:
    """Let the app answer, with the times in its answer moved to that of the pictures."""
    if "/api/ui/" in route.request.url:
        await route.continue_()
        return
    answer = await route.fetch()
    try:
        document = orjson.loads(await answer.body())
    except orjson.JSONDecodeError:
        await route.fulfill(response=answer)
        return
    shown = shift.moved(document, of_segments="/api/segments" in route.request.url)
    await route.fulfill(response=answer, body=orjson.dumps(shown))


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Start everything, and stop it when the block ends. Raises `LocalProblem` where something is missing."""
    async with AsyncExitStack() as stack:
        browser = await _browser(stack)
        storage = (await stack.enter_async_context(azurite())).connection_string
        keys = await stack.enter_async_context(vault(SECRETS))
        environment = {
            **os.environ,
            **keys.environment(),
            "AzureWebJobsStorage": storage,
            "KLAVIYO_BASE_URL": await _klaviyo(stack),
            "ALLOW_KEY_ENTRY": "true",
            "TICK_SCHEDULE": _NEVER,  # runs stay as they are in the pictures
            "REFRESH_SCHEDULE": "30 3 * * *",
            "REFRESH_TIME_ZONE": ZONE,
        }
        service = await stack.enter_async_context(BlobServiceClient.from_connection_string(storage, **STORAGE_OPTIONS))
        sites = {}
        for name, auth in (("full", "none"), ("empty", "none"), ("locked", "keys"), ("demo", "none")):
            names = {"EXPORTS_CONTAINER": f"{name}-exports", "SEGMENTS_CONTAINER": f"{name}-segments"}
            for container in names.values():
                await service.create_container(container)
            await _fill(service, names["SEGMENTS_CONTAINER"], segment_files())
            sites[name] = await _host(stack, {**environment, **names, "QUEUE_NAME": f"{name}-queue"}, auth)
        real = datetime.now(UTC).replace(microsecond=0)
        for name, kept in (("full", documents(real)), ("demo", demonstration.documents(real))):
            written = ((path, b"\n".join(map(orjson.dumps, lines))) for path, lines in kept)
            await _fill(service, f"{name}-exports", written)
        yield Stage(sites, browser, Shift(real))


async def _browser(stack: AsyncExitStack) -> Browser:
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    fonts = Path(stack.enter_context(TemporaryDirectory())) / "fonts.conf"
    fonts.write_text(_FONTS, encoding="utf-8")
    playwright = await stack.enter_async_context(async_playwright())
    environment: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
    try:
        browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox"], env=environment)
    except Error as error:
        raise LocalProblem("There is no Chromium for the pictures: '.ci/browser' installs Debian's.") from error
    stack.push_async_callback(browser.close)
    return browser


async def _klaviyo(stack: AsyncExitStack) -> str:
    lists = (word for each in LISTS.items() for word in ("--list", "=".join(each)))
    words = ("klaviyo", "--port", "0", *lists, "--flow", "=".join(FLOW), "--account", f"nordic={OTHER_KEY}")
    process = await stack.enter_async_context(child("The Klaviyo simulator", _python(*words)))
    return (await process.wait_for_line(r"^(http://\S+)$"))[1]


async def _host(stack: AsyncExitStack, environment: dict[str, str], auth: str) -> str:
    words = _python("host", "--port", "0", *(("--auth", auth) if auth != "none" else ()))
    host = await stack.enter_async_context(child("The functions host", words, environment=environment, grace=2))
    found = await host.wait_for_line(r"^Ready at (http://[^,\s]+)", seconds=60)
    return f"{found[1]}/api/ui/"


async def _fill(service: BlobServiceClient, container: str, files: Iterable[tuple[str, bytes]]) -> None:
    for path, body in files:
        # The app appends to its audit trail.
        kind = BlobType.APPENDBLOB if path.startswith("audit/") else BlobType.BLOCKBLOB
        await service.get_container_client(container).upload_blob(path, body + b"\n", blob_type=kind)


def _python(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "local", *words)
