"""The pure functions of the scripts, tried with Node, and how much a page loads."""

import subprocess
from pathlib import Path

import playwright
import pytest
from playwright.async_api import BrowserContext, Page, expect

from forum.assets import Assets
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.system.people import connected, signed_in

HERE = Path(__file__).parent
SCRIPTS = HERE.parent.parent / "static" / "js"
NODE = Path(playwright.__file__).parent / "driver" / "node"
INSERTIONS = ("innerHTML", "outerHTML", "insertAdjacentHTML", "DOMParser", "createPolicy", "setHTML")
BEFORE_LOAD = "startTime < performance.timing.loadEventStart - performance.timeOrigin"
AT_START = {"relais", "connection", "socket", "backoff", "texts", "times"}


def test_the_pure_functions() -> None:
    files = sorted(map(str, HERE.glob("*.test.mjs")))
    run = subprocess.run([NODE, "--test", *files], capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_live_part_stays_small() -> None:
    served = {name: asset for name, asset in Assets().files.items() if name.startswith("js/live/")}
    assert len(served) == 5
    assert sum(len(asset.gzipped or asset.body) for asset in served.values()) <= 4096


@pytest.mark.parametrize("path", sorted(SCRIPTS.rglob("*.js")), ids=lambda path: path.name)
def test_a_module_is_served_line_for_line_without_its_comments(path: Path, tmp_path: Path) -> None:
    source = path.read_text()
    served = Assets().files[path.relative_to(SCRIPTS.parent).as_posix()].body.decode()
    for line, sent in zip(source.split("\n"), served.split("\n"), strict=True):
        assert sent in (line, "")
        assert sent or line.strip()[:2] in ("", "//", "/*", "*", "* ", "*/"), line
    assert not [line for line in source.split("\n") if line.count("`") % 2], "a text that spans lines"
    (tmp_path / "served.mjs").write_text(served)
    subprocess.run([NODE, "--check", tmp_path / "served.mjs"], check=True, timeout=60)


@pytest.mark.parametrize("path", sorted(SCRIPTS.rglob("*.js")), ids=lambda path: path.name)
def test_a_module_fits_on_two_screens_and_inserts_no_markup_by_itself(path: Path) -> None:
    source = path.read_text()
    assert source.count("\n") <= 130
    assert path.name == "html.js" or not any(
        word in source
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "DOMParser", "createPolicy")
    )


async def test_a_topic_page_loads_six_modules_and_the_composer_at_its_first_use(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    await a_reply(cast, topic)  # tells Alice, whose window's title counts it
    page = await signed_in(context, site, "alice")
    await page.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await connected(page, f"topic:{topic.id}")
    assert (
        await modules(page, "startTime < performance.timing.loadEventStart - performance.timeOrigin")
        == AT_START
    )
    await page.get_by_label("Text of the reply").focus()
    await expect(page.get_by_role("button", name="Bold")).to_have_attribute("tabindex", "0")
    assert {"composer", "draft", "toolbar", "forms"} <= await modules(page)


async def modules(page: Page, when: str = "true") -> set[str]:
    """The scripts that a page has loaded, of those for which this holds."""
    entries = f"performance.getEntriesByType('resource').filter(({{ startTime }}) => {when})"
    names = await page.evaluate(f"{entries}.map((entry) => entry.name)")
    return {Path(name).stem for name in names if name.endswith(".js")}
