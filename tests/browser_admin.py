"""An admin in a browser: from the chat page of a preview through the link to the review pages."""

import asyncio
import sys
from pathlib import Path

from browser_owner import DESKTOP
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from bot.preview.cast import OLGA


async def simulated(database: Path, owners: int, seed: int = 5) -> None:
    """So many owners who do not exist talk with the bot, into this database."""
    command = (sys.executable, "-m", "bot", "simulate", str(owners), "--seed", str(seed), "--database", str(database))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    assert await process.wait() == 0


async def at_chat(context: BrowserContext, address: str, person: int) -> Page:
    """This person at the chat page, having written /review."""
    page = await context.new_page()
    await page.goto(f"{address}/?as={person}")
    await expect(page.locator("#description")).not_to_be_empty()  # what was said before stands there by then
    if await page.locator("#start").is_visible():
        await page.locator("#start").click()
    before = await page.locator(".message.in").count()
    await page.locator("#text").fill("/review")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.in")).not_to_have_count(before)
    return page


def link_in(page: Page) -> Locator:
    """The newest link to the review pages in a chat."""
    return page.locator(".message.in a.link", has_text="/review/in/").last


async def opened_by(context: BrowserContext, link: Locator) -> Page:
    """The page that a tap on the link opens, beside the chat."""
    async with context.expect_page() as opening:
        await link.click()
    page = await opening.value
    await page.wait_for_load_state()
    return page


async def link_for_admin(browser: Browser, address: str) -> str:
    """A fresh link, as the chat of the preview's admin shows it."""
    context = await browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    link = await link_in(await at_chat(context, address, OLGA.id)).get_attribute("href")
    await context.close()
    assert link
    return link


async def signed_in(context: BrowserContext, link: str) -> Page:
    """The overview, once the button behind the link is pressed."""
    page = await context.new_page()
    await page.goto(link)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    return page
