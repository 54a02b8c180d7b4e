"""The whole way as an owner goes it: the real `advisor preview`, a real browser, the shipped dialog, four languages."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, expect
from preview_browser import browsing, need_chromium

from bot.content.load import load
from bot.dialog.phrases import Content, Words
from bot.languages import NAMES, Language
from bot.settings import shipped

pytestmark = pytest.mark.asyncio(loop_scope="module")

PICTURES = Path(__file__).with_name("screenshots")
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
OWNERS: dict[Language, tuple[str, dict[str, int], Language]] = {
    "en": ("Emma", PHONE, "fi"),
    "pt": ("Ana", DESKTOP, "bg"),
    "bg": ("Boris", PHONE, "en"),
    "fi": ("Aino", DESKTOP, "pt"),
}


@pytest.fixture(scope="module")
def content() -> Content:
    return load(shipped("dialogs"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def preview(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of a preview that runs as a process of its own, stopped in order at the end."""
    need_chromium()
    folder = tmp_path_factory.mktemp("preview")
    command = (sys.executable, "-m", "bot", "preview", "--listen", "127.0.0.1:0", "--database", str(folder / "p.db"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ADVISOR_")}
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env=environment)
    assert process.stdout
    line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
    found = re.search(r"http://\S+", line)
    assert found, line
    try:
        yield found[0]
    finally:
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 5) == 0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    need_chromium()
    async with browsing() as browser:
        yield browser


@dataclass
class Owner:
    """A person at the page, and the words the bot has for them."""

    page: Page
    words: Words

    @property
    def last(self) -> Locator:
        """The newest message of the bot."""
        return self.page.locator(".message.in").last

    async def sees(self, words: str) -> None:
        """The newest message holds these words."""
        await expect(self.last).to_contain_text(words)

    async def sees_question(self, number: int) -> None:
        """The newest message is this question of the way."""
        wordings = [self.words.plain(phrase, number=number, n=987) for phrase in ("question-left", "question-last")]
        patterns = [re.escape(wording).replace("987", r"\d+") for wording in wordings]
        await expect(self.last).to_contain_text(re.compile("|".join(patterns)))

    async def taps(self, label: str) -> None:
        """A tap on a button of the newest message."""
        await self.last.get_by_role("button", name=label, exact=True).click()

    async def taps_option(self, number: int) -> None:
        """A tap on this option of the newest message."""
        await self.option(self.last, number).click()

    @staticmethod
    def option(message: Locator, number: int) -> Locator:
        """The button of this option."""
        return message.locator(".key", has_text=re.compile(rf"^\s*{number}\. "))

    async def types(self, text: str) -> None:
        """A typed message, sent with Enter."""
        await self.page.locator("#text").fill(text)
        await self.page.keyboard.press("Enter")

    async def speaks(self, language: Language) -> "Owner":
        """Changes the language by /language and goes on in it."""
        await self.types("/language")
        await self.sees(self.words.plain("choose-language"))
        await self.taps(NAMES[language])
        return Owner(self.page, Words(self.words.content, language))

    async def answers_to_the_end(self) -> None:
        """Takes the first option of whatever is asked, until there is nothing to ask."""
        for _ in range(12):
            if not await self.option(self.last, 1).count():
                return
            asked = await self.last.get_attribute("data-id")
            await self.taps_option(1)
            await expect(self.last).not_to_have_attribute("data-id", asked or "")
        raise AssertionError("the dialog does not end")


async def serious(page: Page) -> list[str]:
    """What axe-core finds serious or worse."""
    results = await Axe().run(page)
    return [
        f"{found['id']}: {found['nodes'][0]['html']}"
        for found in results.response["violations"]
        if found["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("language", OWNERS)
async def test_an_owner_reaches_advice(preview: str, browser: Browser, content: Content, language: Language) -> None:
    """Start, consent, questions, a double tap, back, another language midway, an old button, advice, a change."""
    name, size, other = OWNERS[language]
    page = await (await browser.new_context(viewport=size)).new_page()  # type: ignore[arg-type]
    await page.goto(preview)
    if size == PHONE:
        await page.locator("header button, header a").first.wait_for()
    seats = await page.locator("a.seat").evaluate_all("nodes => nodes.map(n => [n.textContent, n.href])")
    await page.goto(next(address for label, address in seats if name in label))
    owner = Owner(page, Words(content, language))

    await page.locator("#start").click()
    await owner.sees(owner.words.plain("greeting-consent"))
    await owner.taps(owner.words.plain("agree"))
    await owner.sees(owner.words.plain("welcome"))
    await owner.taps(owner.words.plain("find"))
    await owner.sees_question(1)
    assert await serious(page) == []
    await page.screenshot(path=PICTURES / f"question-{language}.png")

    first = page.locator(".message.in").last
    first = page.locator(f'.message[data-id="{await first.get_attribute("data-id")}"]')
    await owner.taps_option(1)
    await owner.sees_question(2)
    await expect(first.locator(".key")).to_have_count(0)
    await expect(first).to_contain_text("✓")

    await Owner.option(owner.last, 1).evaluate("button => { button.click(); button.click(); }")
    await expect(page.locator("#toast")).to_have_text(owner.words.plain("already-noted"))
    await owner.sees_question(3)

    await owner.taps(owner.words.plain("back"))
    await owner.sees_question(2)

    old = page.locator(f'.message[data-id="{await owner.last.get_attribute("data-id")}"]')
    guest = await owner.speaks(other)
    await guest.sees_question(2)
    await guest.sees(guest.words.plain("language-set"))
    await guest.types("1")
    await guest.sees_question(3)
    await Owner.option(old, 2).click()
    await expect(page.locator("#toast")).to_have_text(guest.words.plain("old-button"))
    await guest.sees_question(3)
    owner = await guest.speaks(language)
    await owner.sees_question(3)

    await owner.answers_to_the_end()
    await owner.sees(owner.words.plain("advice-disclaimer"))
    assert await serious(page) == []
    await page.screenshot(path=PICTURES / f"advice-{language}.png")

    await owner.taps(owner.words.plain("recap-button"))
    await owner.sees(owner.words.plain("recap"))
    await page.screenshot(path=PICTURES / f"recap-{language}.png")
    await owner.last.locator(".key", has_text="✏️").nth(2).click()
    await expect(owner.last).to_contain_text(re.compile(re.escape(owner.words.plain("changing", answer=""))))
    await owner.taps_option(2)
    shown = owner.words.plain("changed", title="§", before="§", after="§").split("§")[0]
    await owner.sees(shown)
    await owner.answers_to_the_end()
    await owner.sees(owner.words.plain("advice-disclaimer"))
    named = (owner.words.plain("advice-same", name="§"), owner.words.plain("advice-new", before="§", after="§"))
    starts = "|".join(re.escape(text.split("§")[0].strip()) for text in named)
    await expect(owner.last).to_contain_text(re.compile(starts))
    await page.context.close()
