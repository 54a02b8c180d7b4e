"""A person at the chat page of a real `advisor preview`, for tests in a browser."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, expect

from bot.dialog.phrases import Content, Words
from bot.languages import NAMES, Language

PICTURES = Path(__file__).with_name("screenshots")
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
WIDE = {"width": 1440, "height": 900}
OWNERS: dict[Language, tuple[str, dict[str, int], Language]] = {
    "en": ("Emma", PHONE, "fi"),
    "pt": ("Ana", DESKTOP, "bg"),
    "bg": ("Boris", PHONE, "en"),
    "fi": ("Aino", DESKTOP, "pt"),
}


@asynccontextmanager
async def previewing(folder: Path) -> AsyncIterator[str]:
    """The address of a preview that runs as a process of its own, stopped in order at the end."""
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

    def said(self, words: str) -> Locator:
        """The messages of the bot that hold these words."""
        return self.page.locator(".message.in", has_text=words)

    async def sees_again(self, question: str) -> None:
        """The newest message is this one once more, and it can be answered."""
        await expect(self.last).to_contain_text(question.split("\n", maxsplit=1)[0])
        await expect(self.option(self.last, 1)).to_have_count(1)

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


async def seated(
    browser: Browser, address: str, content: Content, language: Language, *, newcomer: str = "", wide: bool = False
) -> Owner:
    """The owner of this language at the page, who has agreed and sees the first question.

    `newcomer`: somebody new, of this name; `wide`: on a screen that shows the staff's group beside.
    """
    name, size, _ = OWNERS[language]
    page = await (await browser.new_context(viewport=WIDE if wide else size)).new_page()  # type: ignore[arg-type]
    await page.goto(address)
    await expect(page.locator("#description")).not_to_be_empty()  # what was said before stands there by then
    if newcomer:
        await _joins(page, newcomer, language)
    else:
        seats = await page.locator("a.seat").evaluate_all("nodes => nodes.map(n => [n.textContent, n.href])")
        await page.goto(next(link for label, link in seats if name in label))
    owner = Owner(page, Words(content, language))
    await page.locator("#start").click()
    await owner.sees(owner.words.plain("greeting-consent"))
    await owner.taps(owner.words.plain("agree"))
    await owner.sees(owner.words.plain("welcome"))
    await owner.taps(owner.words.plain("find"))
    await owner.sees_question(1)
    return owner


async def _joins(page: Page, name: str, language: Language) -> None:
    """Somebody new at the page."""
    if await page.locator("#people-open").is_visible():
        await page.locator("#people-open").click()
    await page.locator(".newcomer summary").click()
    await page.locator("#newcomer-name").fill(name)
    await page.locator("#newcomer-language").select_option(language)
    async with page.expect_navigation():
        await page.locator("#newcomer button[type=submit]").click()
