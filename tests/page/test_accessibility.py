"""axe-core finds nothing on any screen: light and dark, wide and narrow."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from local.web.command import ROOT
from shared.domain.runs.run import Run, RunStatus
from tests.page.conftest import Opener
from tests.page.stage import RUN, Site, Stage
from tests.page.texts import Texts

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
EXCEPT = "[data-tabster-dummy]"
"""Fluent's own guards of the focus: they cannot be seen, and take the focus to what follows."""
LOOKS = [(theme, width) for theme in ("light", "dark") for width in (1280, 390)]
EN = Texts("en")
POPUPS = "[role='menu'], [role='listbox']"
"""They open beside the landmarks, and belong to the button or the box that opens them."""
_ASK = """async ([guards, popups]) => {
    const found = await axe.run({ exclude: [[guards]] }, { resultTypes: ["violations"] });
    return found.violations.flatMap(({ id, nodes }) => nodes
        .filter(({ target }) => id !== "region" || !document.querySelector(target[0])?.closest(popups))
        .map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
}"""
_WATCH_MOTION = """window.moved = [];
const look = () => {
    for (const each of document.getAnimations()) {
        const { duration, endTime } = each.effect.getComputedTiming();
        if (each.playState === "running" && (duration > 1 || endTime === Infinity))
            window.moved.push(`${each.animationName ?? each.transitionProperty ?? "script"} ${duration} ms`);
    }
    requestAnimationFrame(look);
};
requestAnimationFrame(look);"""
_IS_SHOWN = """(theme) => {
    const [red] = getComputedStyle(document.querySelector(".fui-FluentProvider")).backgroundColor.match(/\\d+/g);
    const isThere = (Number(red) > 127) === (theme === "light");
    return isThere && document.getAnimations().every(({ playState }) => playState !== "running");
}"""


def _key_step(page: Page) -> None:
    page.get_by_label(EN("connect.name.label")).fill("Acme_Klaviyo_2")
    page.get_by_role("button", name=EN("connect.next")).click()
    expect(page.get_by_label(EN("connect.key.label"))).to_be_visible()


def _consent_step(page: Page) -> None:
    page.get_by_label(EN("connect.key.label")).fill("pk_simulator")
    page.get_by_role("button", name=EN("connect.next")).click()
    expect(page.get_by_role("checkbox", name=EN("connect.consent.agree"))).to_be_visible()


def _wrong_fields(page: Page) -> None:
    page.get_by_role("button", name=EN("edit-export.save"), exact=True).click()
    expect(page.get_by_text(EN("page.page_name_needed"))).to_be_visible()


def _preview(page: Page) -> None:
    page.get_by_role("button", name=EN("preview.show")).click()
    expect(page.get_by_role("table").filter(has_text="p1@example.com")).to_be_visible()


def _account_menu(page: Page) -> None:
    page.get_by_role("button", name=EN("shell.account")).click()
    expect(page.get_by_role("menuitem", name=EN("shell.signOut"))).to_be_visible()


def _dialog(page: Page) -> None:
    page.get_by_role("menuitem", name=EN("exports.menu.remove")).click()
    expect(page.get_by_role("dialog")).to_be_visible()


_COPY = """() => fetch("/api/exports/vip/duplicate", { method: "POST", body: '{"id": "copy"}', headers: {
    "Content-Type": "application/json", "x-functions-key": sessionStorage.getItem("segment-export-key") } })"""


def _change(page: Page) -> None:
    page.evaluate(_COPY)
    page.get_by_label(EN("audit.filters.subject")).select_option("exports")
    page.get_by_role("button", name=EN("audit.show.made")).first.click()
    expect(page.get_by_role("region", name=EN("audit.table.label"))).to_be_visible()


def _lists(page: Page) -> None:
    page.get_by_role("combobox", name=EN("edit-export.list.label")).click()
    expect(page.get_by_role("option").first).to_be_visible()


def _schedules(page: Page) -> None:
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name=EN("edit-export.schedule.label"), exact=True).click()
    expect(page.get_by_role("option", name=EN("edit-export.schedule.kinds.daily"))).to_be_visible()


def _columns(page: Page) -> None:
    page.keyboard.press("Escape")
    email = EN("mapping.columnOf", field=EN("words.profileFields.email"))
    page.get_by_role("combobox", name=email).click()
    expect(page.get_by_role("option").first).to_be_visible()


def _more_actions(page: Page) -> None:
    page.keyboard.press("Escape")
    page.get_by_role("button", name=EN("exports.menu.label", name="VIP newsletter")).click()
    expect(page.get_by_role("menuitem", name=EN("exports.menu.remove"))).to_be_visible()


def _withdrawal(page: Page) -> None:
    page.get_by_role("button", name=EN("connections.one.consent.withdraw")).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _rejected(page: Page) -> None:
    page.get_by_role("button", name=EN("words.rejectionReasons.email_invalid")).click()
    expect(page.get_by_role("table").filter(has_text="nobody")).to_be_visible()


_RUN = EN("run.titleOf", name="VIP newsletter")
SCREENS: dict[str, tuple[str, tuple[Callable[[Page], None], ...]]] = {
    "": (EN("exports.title"), (_account_menu, _more_actions, _dialog)),
    "exports/new": (EN("edit-export.titleNew"), (_wrong_fields,)),
    "exports/vip": ("VIP newsletter", (_preview, _lists, _schedules, _columns)),
    f"exports/vip/runs/{RUN}": (_RUN, (_rejected,)),
    f"exports/vip/runs/{RUN}/rows": (EN("rows.titleOf", name="VIP newsletter"), ()),
    "history": (EN("history.title"), ()),
    "audit": (EN("audit.title"), (_change,)),
    "about": (EN("about.title"), ()),
    "connections": (EN("connections.title"), ()),
    "connections/acme": ("Acme_Klaviyo", (_withdrawal,)),
    "connections/new": (EN("connect.title"), (_key_step, _consent_step)),
    "nowhere": (EN("shell.notFound.title"), ()),
}
"""The address of a screen → its heading, and what is done there one after the other."""


@pytest.fixture
def full(app: Stage) -> Site:
    site = app.site("keys")
    app.fill(site, rows=2, broken=1)
    app.add_run(site)
    return site


@pytest.mark.parametrize("path", SCREENS)
def test_axe_finds_nothing_on_a_screen_and_on_what_one_does_there(full: Site, visit: Opener, path: str) -> None:
    heading, steps = SCREENS[path]
    page = visit(full, path, bypass_csp=True)
    expect(page.get_by_role("heading", name=heading, exact=True).first).to_be_visible()
    page.wait_for_load_state("networkidle")

    found = _faults(page)
    for step in steps:
        step(page)
        found += _faults(page)

    assert found == []


def test_nothing_moves_where_one_wishes_so(full: Site, visit: Opener) -> None:
    page = visit(full, reduced_motion="reduce")
    page.add_init_script(_WATCH_MOTION)
    page.reload()
    _more_actions(page)
    _dialog(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("link", name="VIP newsletter").first.click()
    expect(page.get_by_role("heading", name="VIP newsletter", level=1)).to_be_visible()

    assert page.evaluate("window.moved") == []


def test_axe_finds_nothing_on_the_picture_of_runs_and_its_table(app: Stage, visit: Opener) -> None:
    site = app.site("keys")
    app.fill(site)
    page = visit(site, bypass_csp=True)
    page.get_by_role("button", name=EN("exports.run.nowOf", name="VIP newsletter")).click()
    expect(page.get_by_role("cell").get_by_text(EN("parts.status.succeeded"))).to_be_visible(timeout=30_000)

    page.goto(f"{site.page}history?export=vip")
    expect(page.get_by_role("img", name="The last 90 days")).to_be_visible()
    page.get_by_role("button", name=EN("history.chart.showTable")).click()
    table = page.get_by_role("region", name=EN("history.chart.table"))
    expect(table.get_by_role("row").last.get_by_role("cell").nth(4)).to_have_text("3")

    assert _faults(page) == []


def test_axe_finds_nothing_on_what_needs_a_person_and_its_cure(app: Stage, visit: Opener) -> None:
    site = app.site("keys")
    app.fill(site)
    died = datetime.now(UTC) - timedelta(minutes=20)
    app.store_run(site, Run(RUN, "vip", "http", died, status=RunStatus.EXPORTING, heartbeat_at=died, legs=1))
    page = visit(site, bypass_csp=True)
    page.get_by_role("button", name=EN("parts.cure.showOf", name="VIP newsletter")).click()
    expect(page.get_by_text("If starts does not grow, no leg begins at all.")).to_be_visible()

    assert _faults(page) == []


def test_axe_finds_nothing_on_the_empty_home(app: Stage, visit: Opener) -> None:
    page = visit(app.site("keys"), bypass_csp=True)
    expect(page.get_by_role("link", name=EN("exports.empty.connectAction"))).to_be_visible()

    assert _faults(page) == []


def test_axe_finds_nothing_on_the_sign_in(app: Stage, visit: Opener) -> None:
    page = visit(app.site("keys"), signed_in=False, refusals=(401,), bypass_csp=True)
    page.get_by_role("button", name=EN("shell.signIn.submit")).click()
    expect(page.get_by_text(EN("shell.signIn.missing"))).to_be_visible()

    assert _faults(page) == []


def _faults(page: Page) -> list[str]:
    """Return what axe-core finds in any look of what *page* shows."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=AXE)
    found: list[str] = []
    for theme, width in LOOKS:
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(_IS_SHOWN, arg=theme)
        found += [f"{theme} {width}: {each}" for each in page.evaluate(_ASK, [EXCEPT, POPUPS])]
    return found
