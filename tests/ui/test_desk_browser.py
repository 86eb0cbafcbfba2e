"""The desk in a browser: seen, used by keyboard, acted on, narrow and wide, in both themes; hostile texts run nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from desk_serving import CHROMIUM, chromium, served
from desk_world import World
from newsdesk.store.database import transaction

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")]


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    with served(world.desk) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    yield page
    page.close()
    assert faults == []


def paths(world: World) -> list[str]:
    return [
        "/", f"/urls/{world.article_id}", f"/urls/{world.quarantined_id}", "/quarantine", f"/runs/{world.run_id}", "/sources/times", "/sources/post",
        f"/rows/visits?run={world.run_id}", "/rows/audit", "/reprocess", "/sources/new", "/runs", f"/batches/{world.batch_id}", f"/runs/{world.running_id}", "/find?q=nothing",
        "/rows/line?site=times.example&block=7",
    ]  # fmt: skip


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (1280, "dark")])
def test_every_page_fits_its_window_and_nothing_hostile_runs(
    page: Any, address: str, world: World, width: int, theme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=theme)
    for path in paths(world):
        page.goto(address + path)
        if path.startswith("/urls/"):  # a frame that is loaded late
            page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
            f"{path} is wider than {width}"
        )
        assert page.evaluate("window.harmed") is None, path
        for frame in page.frames[1:]:
            assert frame.evaluate("window.harmed") is None, path


def test_the_two_themes_differ_and_airflows_choice_wins(page: Any, address: str) -> None:
    def ground() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    page.emulate_media(color_scheme="light")
    page.goto(f"{address}/")
    light = ground()
    page.emulate_media(color_scheme="dark")
    dark = ground()
    assert light != dark
    page.evaluate("localStorage.setItem('theme', 'light')")
    page.goto(f"{address}/")
    assert ground() == light


def test_words_can_be_read_on_their_ground(page: Any, address: str, world: World) -> None:
    """WCAG 2.2, 1.4.3: a contrast of 4.5 at least, by what the browser paints."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for path in ("/", f"/urls/{world.article_id}", "/quarantine", "/sources/post"):
            page.goto(address + path)
            pale = page.evaluate(_CONTRAST)
            assert pale == [], f"{theme} {path}: {pale[:5]}"


_CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return canvas.getImageData(0, 0, 1, 1).data; };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const pale = [];
  for (const node of document.querySelectorAll("body *:not(iframe):not(svg *)")) {
    if (![...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()) || !node.checkVisibility() || node.closest(":disabled, .unseen")) continue;
    let at = node, ground = null;
    while (at && !ground) { const own = rgb(getComputedStyle(at).backgroundColor); if (own[3] === 255) ground = own; at = at.parentElement; }
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(ground || [255, 255, 255])].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) pale.push(`${node.tagName}.${node.className} ${node.textContent.trim().slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
  return pale;
}"""


def test_a_url_is_retried_by_keyboard_after_a_question(page: Any, address: str, world: World) -> None:
    with transaction(world.desk.dsn) as cursor:
        cursor.execute("UPDATE ops.frontier SET next_visit_at = NULL WHERE url_id = %s", (world.quarantined_id,))
    page.goto(f"{address}/urls/{world.quarantined_id}")
    page.get_by_role("button", name="Visit it again").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")  # no: nothing is done
    page.get_by_role("button", name="Visit it again").click()
    page.get_by_role("button", name="Do it").press("Enter")
    page.get_by_role("status").get_by_text("1 URL is due with the next run").wait_for()
    with transaction(world.desk.dsn) as cursor:
        cursor.execute(
            "SELECT count(*) FROM ops.audit WHERE action = 'retry' AND target = %s", (f"URL {world.quarantined_id}",)
        )
        assert cursor.fetchone() == (1,)


def test_the_first_tab_leads_to_the_content_and_every_control_has_a_name(page: Any, address: str, world: World) -> None:
    for path in paths(world):
        page.goto(address + path)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "To the content", path
        nameless = page.evaluate(
            """() => [...document.querySelectorAll("a[href], button, input, select, summary, iframe, progress, [role=region]")]
                .filter((one) => !one.closest("[aria-hidden]") && !(one.textContent.trim() || one.labels?.length || one.getAttribute("aria-label") || one.title))
                .map((one) => one.outerHTML.slice(0, 120))"""
        )
        assert nameless == [], path
        levels = page.evaluate(
            "[...document.querySelectorAll('main h1, main h2, main h3')].map((one) => Number(one.tagName[1]))"
        )
        assert levels.count(1) == 1, path
        assert all(after - before <= 1 for before, after in pairwise(levels)), path


def test_figures_leave_no_empty_cell(page: Any, address: str) -> None:
    """The boxes of each row are as wide as their frame: a hole would show the frame's colour."""
    for path in ("/", "/sources/times"):
        page.goto(address + path)
        for width in (360, 640, 700, 900, 1040, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            frame, boxes = page.evaluate(
                """() => { const frame = document.querySelector(".figures");
                return [frame.clientWidth, [...frame.children].map((one) => [Math.round(one.getBoundingClientRect().top), one.getBoundingClientRect().width])]; }"""
            )
            for top in {top for top, _ in boxes}:
                row = [wide for at, wide in boxes if at == top]
                assert abs(sum(row) + len(row) - 1 - frame) < 1, f"{path} at {width}: {row} of {frame}"


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_serious(page: Any, address: str, world: World, width: int) -> None:
    """All rules of axe-core on every page, with what is folded away opened; in the dark theme those of colour once more."""
    axe = Axe()
    page.set_viewport_size({"width": width, "height": 800})
    for path in paths(world):
        page.emulate_media(color_scheme="light")
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        page.evaluate(axe.axe_script)
        for theme, rules in (("light", None), ("dark", ["color-contrast", "link-in-text-block"])):
            page.emulate_media(color_scheme=theme)
            options = {"resultTypes": ["violations"], "iframes": False}  # a page of the web is not ours to judge
            found = page.evaluate("(options) => axe.run(options)", options | ({"runOnly": rules} if rules else {}))
            grave = [
                f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
                for one in found["violations"]
                if one["impact"] in ("serious", "critical")
            ]
            assert grave == [], f"{path} {theme} {width}"


def test_whoever_moves_by_keyboard_sees_where_they_are(page: Any, address: str) -> None:
    page.goto(f"{address}/sources/post")
    for _ in range(25):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => { const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
            return [at.outerHTML.slice(0, 100), style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2, box.bottom > 0 && box.top < innerHeight]; }"""
        )
        assert seen[1:] == [True, True], seen[0]
    page.goto(f"{address}/sources/post")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the skip link: the next stop is in the content
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@contextmanager
def changed(world: World, change: str, back: str) -> Iterator[None]:
    """The run under way, which the tests of this module share, is otherwise for a while."""

    def do(statement: str) -> None:
        with transaction(world.desk.dsn) as cursor:
            cursor.execute(statement, (world.running_id,))

    do(change)
    try:
        yield
    finally:
        do(back)


def test_a_run_that_is_over_is_not_asked_for_again(page: Any, address: str, world: World) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/live") else None)
    page.clock.install()
    page.goto(f"{address}/runs/{world.run_id}")
    page.clock.run_for(60_000)
    page.wait_for_timeout(300)
    assert asked == []
    page.goto(f"{address}/runs/{world.running_id}")
    with changed(
        world,
        "UPDATE ops.run SET state = 'done', finished_at = now() WHERE run_id = %s",
        "UPDATE ops.run SET state = 'running', finished_at = NULL WHERE run_id = %s",
    ):
        page.locator("h1 .state", has_text="done").wait_for(timeout=15_000)
        until_it_was_over = len(asked)
        assert until_it_was_over >= 1
        page.clock.run_for(60_000)
        page.wait_for_timeout(300)
        assert len(asked) == until_it_was_over


def test_a_run_under_way_moves_without_a_reload(page: Any, address: str, world: World) -> None:
    page.goto(f"{address}/")
    assert page.locator("progress").first.get_attribute("value") == "0"
    page.evaluate("window.still = true")
    of_the_run = "WHERE batch_id IN (SELECT batch_id FROM ops.batch WHERE run_id = %s)"
    with changed(
        world,
        f"UPDATE ops.visit SET outcome = 'gone', stage = 'fetch' {of_the_run}",
        f"UPDATE ops.visit SET outcome = NULL, stage = NULL {of_the_run}",
    ):
        page.locator("progress[value='1']").first.wait_for(timeout=15_000)
        assert page.evaluate("window.still")
