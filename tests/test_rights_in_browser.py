"""An owner's rights at the chat page: the real `advisor preview`, a real browser, in four languages."""

import json
from pathlib import Path

import pytest
from browser_owner import OWNERS, PICTURES, seated, serious
from playwright.async_api import Browser, expect

from bot.dialog.phrases import Content
from bot.languages import Language

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("language", OWNERS)
async def test_an_owner_downloads_all_that_is_kept_and_is_forgotten(
    preview: str, browser: Browser, content: Content, language: Language, tmp_path: Path
) -> None:
    """/privacy offers both; the page and the JSON are downloaded and hold the owner's words; after the confirmation
    everything starts afresh, with the question for consent."""
    owner = await seated(browser, preview, content, language)
    words = owner.words
    await owner.taps_option(1)
    await owner.sees_question(2)
    mine = f"Quetzalcoatl 123 {language}?"
    await owner.types(mine)
    await owner.types("/privacy")
    await expect(owner.said(words.plain("privacy-rights")[:40])).to_have_count(1)
    await owner.page.screenshot(path=PICTURES / f"privacy-{language}.png")
    await (
        owner.said(words.plain("privacy-rights")[:40])
        .get_by_role("button", name=words.plain("mydata"), exact=True)
        .click()
    )
    files = {}
    for kind in ("html", "json"):
        link = owner.page.locator(".attachment a", has_text=f".{kind}")
        await expect(link).to_have_count(1)
        async with owner.page.expect_download() as coming:
            await link.click()
        path = tmp_path / f"mine.{kind}"
        await (await coming.value).save_as(path)
        files[kind] = path
    lines = json.loads(files["json"].read_text(encoding="utf-8"))["tables"]["transcript"]["rows"]
    assert mine in [line["text"] for line in lines]
    await _reads_well(browser, files["html"], mine, language)

    await owner.types("/forget")
    await owner.sees(words.plain("forget-sure").split("\n")[0])
    assert await serious(owner.page) == []
    await owner.taps(words.plain("forget-yes"))
    await owner.sees(words.plain("forgotten", n=30).split("\n")[0])
    await owner.page.screenshot(path=PICTURES / f"forgotten-{language}.png")
    await owner.types("hm")
    await owner.sees(words.plain("greeting-consent"))


async def _reads_well(browser: Browser, path: Path, mine: str, language: Language) -> None:
    """The page needs nothing beside itself, and is accessible on a phone."""
    page = await browser.new_page(viewport={"width": 390, "height": 844})
    await page.goto(path.as_uri())
    await expect(page.locator("h1")).to_have_count(1)
    await expect(page.locator("li.owner", has_text=mine)).to_have_count(1)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await serious(page) == []
    await page.screenshot(path=PICTURES / f"mydata-{language}.png", full_page=True)
    await page.close()
