"""The whole way as an owner goes it: the real `advisor preview`, a real browser, the shipped content, all languages."""

import re

import pytest
from browser_owner import OWNERS, PICTURES, Owner, seated, serious
from playwright.async_api import Browser, expect

from bot.dialog.phrases import Content
from bot.languages import Language

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("language", OWNERS)
async def test_an_owner_reaches_advice(preview: str, browser: Browser, content: Content, language: Language) -> None:
    """Start, consent, questions, a double tap, back, another language midway, an old button, advice, a change."""
    other = OWNERS[language][2]
    owner = await seated(browser, preview, content, language)
    page = owner.page
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
