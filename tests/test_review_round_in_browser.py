"""An admin's whole round at a running preview, with and without JavaScript: from the chat in, and out again."""

import asyncio
import csv
import io
import json

import pytest
from browser_admin import at_chat, link_in, signed_in
from browser_owner import DESKTOP, seated
from playwright.async_api import Browser, Page, expect

from bot.dialog.phrases import Content
from bot.preview.cast import OLGA

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASKED = "Кой храни каракатицата в офиса?"
FOUND_BY = "каракат"
LABEL = "рядък въпрос"


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
async def test_an_admins_round(preview: str, browser: Browser, content: Content, script: bool) -> None:
    """Sign in from the chat; find a session by the beginning of a word in Bulgarian, read it, label it, take it out;
    draft an entry from an unanswered group; sign out: the link is dead, and so are the pages."""
    await _an_owner_asks(browser, preview, content, "Борис" if script else "Бояна")
    chat = await at_chat(await browser.new_context(viewport=DESKTOP), preview, OLGA.id)  # type: ignore[arg-type]
    link = await link_in(chat).get_attribute("href")
    assert link
    context = await browser.new_context(viewport=DESKTOP, java_script_enabled=script)  # type: ignore[arg-type]
    page = await signed_in(context, link)
    number = await _finds_and_reads(page)
    await _labels_and_takes_out(page, number)
    await _drafts(page)
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading")).to_have_text("You are signed out")
    await page.goto(f"{preview}/review/sessions/{number}")
    await expect(page.get_by_role("heading")).to_have_text("You are signed out")
    await page.goto(link)
    await expect(page.get_by_role("heading")).to_have_text("This link signs nobody in")
    await context.close()
    await chat.context.close()


async def _an_owner_asks(browser: Browser, address: str, content: Content, name: str) -> None:
    owner = await seated(browser, address, content, "bg", newcomer=name)
    before = await owner.page.locator(".message.in").count()
    await owner.types(ASKED)
    await expect(owner.page.locator(".message.in")).not_to_have_count(before)
    await owner.page.context.close()


async def _finds_and_reads(page: Page) -> str:
    """The newest session in which it was asked, in the owner's own words."""
    await page.get_by_role("navigation", name="Review pages").get_by_role("link", name="Sessions").click()
    await page.get_by_label("Words that owners or staff wrote").fill(FOUND_BY)
    await page.get_by_role("button", name="Show").click()
    await expect(page.locator("mark").first).to_have_text("каракатицата")
    link = page.locator(".sessions tbody th a").first
    number = await link.inner_text()
    await link.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"Session {number}")
    await expect(page.locator(".talk li:target")).to_contain_text(ASKED)
    return number


async def _labels_and_takes_out(page: Page, number: str) -> None:
    """The label shows, is found by, and stands in both files; the audit log tells of them without the words."""
    await page.get_by_label("New label").fill(LABEL)
    await page.get_by_role("button", name="Add").click()
    await page.get_by_role("link", name=LABEL).click()
    await expect(page.get_by_role("link", name=number)).to_be_visible()
    files = [await _taken_out(page, name) for name in ("CSV", "JSON Lines")]
    rows = {row["session"]: row for row in csv.DictReader(io.StringIO(files[0].lstrip("\ufeff")))}
    lines = {str(row["session"]): row for row in map(json.loads, files[1].splitlines())}
    assert rows.keys() == lines.keys()
    assert rows[number]["labels"] == LABEL
    assert lines[number]["labels"] == [LABEL]
    await page.get_by_role("link", name="Audit").click()
    await expect(page.get_by_role("row", name=f"labelled session {number}")).to_be_visible()
    await expect(page.get_by_role("row", name="exported").first).to_contain_text(LABEL)
    await expect(page.get_by_text(FOUND_BY)).to_have_count(0)


async def _taken_out(page: Page, name: str) -> str:
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name=name, exact=True).click()
    path = await (await downloading.value).path()
    return await asyncio.to_thread(path.read_text, "utf-8")


async def _drafts(page: Page) -> None:
    """A file for the authors, and an answer that another admin approves."""
    await page.get_by_role("link", name="Questions").click()
    await page.get_by_role("link", name=f"Draft the answer to {ASKED}").click()
    await expect(page.get_by_role("listitem").filter(has_text=ASKED).first).to_be_visible()
    draft = await _taken_out(page, "download a draft in YAML")
    assert ASKED in draft
    await page.get_by_label("Your answer").fill("Никой: тя е на картинката.")
    await page.get_by_role("button", name="Submit for approval").click()
    await expect(page.get_by_role("status").first).to_be_visible()
    await expect(page.get_by_text("Никой: тя е на картинката.").first).to_be_visible()
