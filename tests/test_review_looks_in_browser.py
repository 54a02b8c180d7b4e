"""How the review pages look with real content: 200 simulated sessions in four languages, light and dark, on a phone and
on a desktop; by keyboard; and each page into `tests/screenshots`, for the eye."""

import contextlib
import os
import re
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from browser_admin import link_for_admin, signed_in, simulated
from browser_owner import DESKTOP, PHONE, PICTURES, previewing
from playwright.async_api import Browser, Page, expect
from preview_browser import need_chromium

pytestmark = pytest.mark.asyncio(loop_scope="module")

OWNERS = 200
SIZES = {"phone": PHONE, "desktop": DESKTOP}
SOME = [("phone", "dark"), ("desktop", "light")]
LOOKS = [*SOME, ("phone", "light"), ("desktop", "dark")] if os.environ.get("REVIEW_LOOKS") == "all" else SOME
"""Each of them takes a minute: all four by `REVIEW_LOOKS=all`, as in tests/full_run.py."""


@dataclass(frozen=True, slots=True)
class Place:
    """A preview with simulated sessions: where it runs, and what can be looked at."""

    address: str
    session: int
    question: int
    version: str


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """It runs as a process of its own."""
    need_chromium()
    folder = tmp_path_factory.mktemp("looks")
    await simulated(folder / "p.db", OWNERS)
    with contextlib.closing(sqlite3.connect(folder / "p.db")) as database:
        session = database.execute("SELECT id FROM session WHERE language = 'bg' ORDER BY lines DESC").fetchone()[0]
        question = database.execute("SELECT id FROM questions WHERE text <> '' ORDER BY id DESC").fetchone()[0]
        version = database.execute("SELECT version FROM dialog_version").fetchone()[0]
    async with previewing(folder) as address:
        yield Place(address, session, question, version)


def _pages(place: Place) -> dict[str, str]:
    return {
        "home": "", "sessions": "sessions", "found": "sessions?words=a&language=pt", "none": "sessions?words=zzzzz",
        "wrong": "sessions?since=yesterday&words=zzzzz", "session": f"sessions/{place.session}",
        "version": f"versions/{place.version}", "tree": "tree", "questions": "questions",
        "write": f"questions/{place.question}", "advice": "advice", "handovers": "handovers", "audit": "audit",
        "missing": "nothing/here",
    }  # fmt: skip


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
async def test_the_pages_are_clean_with_all_that_owners_said(
    place: Place, browser: Browser, size: str, scheme: str
) -> None:
    """axe-core: 0 violations; one heading; nothing wider than the screen; nothing refused by the policy."""
    link = await link_for_admin(browser, place.address)
    context = await browser.new_context(
        viewport=SIZES[size],  # type: ignore[arg-type]
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    complaints: list[str] = []
    context.on("console", lambda one: complaints.append(one.text) if "Content Security Policy" in one.text else None)
    context.on("weberror", lambda one: complaints.append(str(one.error)))
    before = await context.new_page()
    await before.goto(link)
    complaints += await _looked_at(before, f"sign-in-{size}-{scheme}")
    page = await signed_in(context, link)
    for name, path in _pages(place).items():
        await page.goto(f"{place.address}/review/{path}")
        complaints += await _looked_at(page, f"{name}-{size}-{scheme}")
    await page.goto(f"{place.address}/review/sessions/{place.session}")
    await page.get_by_role("button", name="Show the name").click()
    await expect(page.get_by_text("Telegram id")).to_be_visible()
    complaints += await _looked_at(page, f"named-{size}-{scheme}")
    await page.get_by_role("button", name="Sign out").click()
    complaints += await _looked_at(page, f"signed-out-{size}-{scheme}")
    assert complaints == []
    await context.close()


@pytest.mark.parametrize(("size", "scheme"), LOOKS if len(LOOKS) > len(SOME) else SOME[:1])
async def test_the_pages_are_clean_before_anybody_came(
    tmp_path: Path, browser: Browser, size: str, scheme: str
) -> None:
    """A new installation: every page says that there is nothing yet, and is as clean."""
    async with previewing(tmp_path) as address:
        link = await link_for_admin(browser, address)
        context = await browser.new_context(
            viewport=SIZES[size],  # type: ignore[arg-type]
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion="reduce",
        )
        page = await signed_in(context, link)
        complaints: list[str] = []
        for name in ("", "sessions", "tree", "questions", "advice", "handovers", "audit"):
            await page.goto(f"{address}/review/{name}")
            complaints += await _looked_at(page, f"empty-{name or 'home'}-{size}-{scheme}")
        assert complaints == []
        await context.close()


async def _looked_at(page: Page, name: str) -> list[str]:
    """What is wrong with this page."""
    await expect(page.locator("h1")).to_have_count(1)
    await page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
    await page.screenshot(path=PICTURES / f"review-full-{name}.png", full_page=True)
    found = (await Axe().run(page)).response["violations"]
    wrong = [f"{name}: {one['id']}: {one['nodes'][0]['html']}" for one in found]
    if not await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"):
        wrong.append(f"{name}: wider than the screen")
    return wrong


async def test_by_keyboard_alone(place: Place, browser: Browser) -> None:
    """The skip link is the first stop and leads to the content; every stop is seen; j and k turn the sessions of the
    filter over, but not where one writes."""
    link = await link_for_admin(browser, place.address)
    context = await browser.new_context(viewport=DESKTOP, reduced_motion="reduce")  # type: ignore[arg-type]
    page = await signed_in(context, link)
    await page.goto(f"{place.address}/review/sessions?language=bg")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    assert await _unseen_stops(page) == []
    await page.goto(f"{place.address}/review/sessions?language=bg")
    await page.locator(".sessions tbody a").first.click()
    await expect(page.locator("h1")).to_contain_text("Session")
    await page.wait_for_load_state()
    first = await page.locator("h1").inner_text()
    assert await _unseen_stops(page) == []
    await page.locator("h1").click()
    await page.keyboard.press("j")
    await expect(page.locator("h1")).not_to_have_text(first)
    await expect(page).to_have_url(re.compile("language=bg"))
    await page.wait_for_load_state()  # keys do nothing before the script is there
    await page.keyboard.press("k")
    await expect(page.locator("h1")).to_have_text(first)
    await page.get_by_label("New remark").focus()
    await page.keyboard.type("jk")
    await expect(page.locator("h1")).to_have_text(first)
    await expect(page.get_by_label("New remark")).to_have_value("jk")
    await context.close()


_STOP = """() => {
    const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
    return [one === document.body, `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 40)}`,
            style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
            && box.width > 0 && box.height > 0 && box.right > 0 && box.left < innerWidth];
}"""


async def _unseen_stops(page: Page) -> list[str]:
    """The stops of the Tab key that do not show that the focus is on them."""
    unseen: list[str] = []
    for _ in range(40):
        await page.keyboard.press("Tab")
        over, name, seen = await page.evaluate(_STOP)
        if over:
            break
        if not seen:
            unseen.append(name)
    return unseen
