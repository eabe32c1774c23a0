"""``python -m local screenshots``: makes the pictures of the page in docs/pictures/."""

import argparse
import shutil
import subprocess
from pathlib import Path

from playwright.async_api import Error, Page

from local.processes import LocalProblem
from local.screenshots.palette import small
from local.screenshots.scenes import SCENES, Scene
from local.screenshots.stage import FONT, Stage, stage

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
_PAGE = Path(__file__).parents[2] / "shared" / "page" / "manifest.json"
_STILL = """() => document.fonts.status === "loaded" && document.getAnimations().every((each) =>
    each.playState !== "running" || each.effect.getComputedTiming().endTime === Infinity)"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all of them unless named: {', '.join(SCENES)}")
    parser.add_argument("--to", type=Path, default=PICTURES, metavar="FOLDER", help="default docs/pictures")


async def run(arguments: argparse.Namespace) -> int:
    """Make the pictures; raises `LocalProblem` where one cannot be made."""
    if unknown := set(arguments.names) - set(SCENES):
        raise LocalProblem(f"There is no picture {', '.join(sorted(unknown))}.")
    if not _PAGE.is_file():
        raise LocalProblem("The page has not been built: run 'make setup', or 'python -m local web'.")
    _check_font()
    arguments.to.mkdir(parents=True, exist_ok=True)
    total = 0
    async with stage() as opened, opened.page(locale="en") as blank:
        for name in arguments.names or SCENES:
            picture = await small(await _picture(opened, name, SCENES[name]), blank)
            (arguments.to / f"{name}.png").write_bytes(picture)
            total += len(picture)
            print(f"{name}.png {len(picture):,} bytes", flush=True)
    print(f"{total:,} bytes altogether")
    return 0


def _check_font() -> None:
    """Raise `LocalProblem` where the font of the pictures is missing, so that they look the same everywhere."""
    found = shutil.which("fc-match")
    names = subprocess.run([found, FONT], capture_output=True, text=True, check=False, timeout=30) if found else None
    if names is None or FONT not in names.stdout:
        raise LocalProblem(f"The font {FONT} is missing: '.ci/fonts' installs it.")


async def _picture(opened: Stage, name: str, scene: Scene) -> bytes:
    options = {"width": scene.width, "height": scene.height}
    async with opened.page(locale=scene.locale, dark=scene.dark, **options) as page:
        try:
            await page.goto(opened.sites[scene.site] + scene.path)
            await page.locator("h1, h2").first.wait_for()
            await page.wait_for_load_state("networkidle")  # what is done then finds the screen as it stays
            await scene.step(page)
            return await _shot(page, scene.part)
        except Error as error:
            raise LocalProblem(f"The picture {name} cannot be made: {error.message}") from error


async def _shot(page: Page, part: str | None) -> bytes:
    await page.wait_for_load_state("networkidle")
    await page.wait_for_function(_STILL)
    if part:
        return await page.locator(part).screenshot(animations="disabled", caret="hide")
    return await page.screenshot(animations="disabled", caret="hide")
