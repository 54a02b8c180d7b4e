"""An admin at the chat page of a running preview signs in to the review pages, looks round, and signs out."""

import json
import re
from urllib.parse import urlencode

import pytest
from axe_playwright_python.async_playwright import Axe
from browser_admin import at_chat, link_in, opened_by
from browser_owner import DESKTOP, PHONE, PICTURES
from init_data_py import sign
from playwright.async_api import Browser, Page, expect

from bot.preview.cast import CAST, OLGA, PETRA
from bot.preview.pretend import PREVIEW_TOKEN
from bot.review.guard import COOKIE
from bot.review.web import ROUTES

pytestmark = pytest.mark.asyncio(loop_scope="module")

SIGNED_OUT = "You are signed out"


async def test_sign_in_from_the_chat_and_out_again(preview: str, browser: Browser) -> None:
    """The link opens beside the chat and shows a button; signed out, the link is dead, and so is the cookie."""
    context = await browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    chat = await at_chat(context, preview, OLGA.id)
    link = await link_in(chat).get_attribute("href")
    assert link
    page = await opened_by(context, link_in(chat))
    assert not await context.cookies(), "looking signs nobody in"
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(f"{preview}/review/")
    await expect(page.get_by_text(OLGA.first_name, exact=True)).to_be_visible()
    (cookie,) = await context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (COOKIE, True, True, "Lax")
    await page.get_by_role("link", name="Audit").first.click()
    await expect(page.get_by_role("cell", name="signed in").first).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading")).to_have_text(SIGNED_OUT)
    assert not await context.cookies()
    await page.goto(link)
    await expect(page.get_by_role("heading")).to_have_text("This link signs nobody in")
    await context.add_cookies([cookie])  # type: ignore[list-item]
    await page.goto(f"{preview}/review/audit")
    await expect(page.get_by_role("heading")).to_have_text(SIGNED_OUT)
    await context.close()


async def test_nobody_else_is_offered_a_link(preview: str, browser: Browser) -> None:
    """An owner, and one of the staff, read what they read on any word we do not know."""
    for person in (CAST[0].id, PETRA.id):
        context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
        chat = await at_chat(context, preview, person)
        await expect(link_in(chat)).to_have_count(0)
        await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
async def test_the_pages_are_clean_for_everybody(preview: str, browser: Browser, scheme: str, size: str) -> None:
    """axe-core finds nothing, light and dark, on a phone and on a desktop; nothing is refused by the policy, nothing
    loaded from elsewhere; with the keyboard the first stop leads to the content."""
    screen = PHONE if size == "phone" else DESKTOP
    context = await browser.new_context(viewport=screen, color_scheme=scheme)  # type: ignore[arg-type]
    chat = await at_chat(context, preview, OLGA.id)
    page = await opened_by(context, link_in(chat))
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("request", lambda asked: complaints.append(asked.url) if not asked.url.startswith(preview) else None)
    await _looked_at(page, f"sign-in-{size}-{scheme}")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(f"{preview}/review/")
    for path in sorted({route.path for route in ROUTES if "GET" in (route.methods or set()) and "{" not in route.path}):
        whole = (await (await context.request.get(f"{preview}/review{path}")).text()).startswith("<!doctype html>")
        if whole and await page.goto(f"{preview}/review{path}"):
            await _looked_at(page, f"{path.strip('/').replace('/', '-') or 'home'}-{size}-{scheme}")
    assert complaints == []
    await page.goto(f"{preview}/review/")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("#main$"))
    await context.close()


async def _looked_at(page: Page, name: str) -> None:
    """One heading of the first rank, no violations, nothing wider than the screen; and a picture for the eye."""
    await page.screenshot(path=PICTURES / f"review-{name}.png", full_page=True)
    await expect(page.locator("h1")).to_have_count(1)
    found = (await Axe().run(page)).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name


async def test_inside_telegram_its_proof_signs_in(preview: str, browser: Browser) -> None:
    """The page that Telegram opens reads the proof behind the #, sends it, and shows the pages; no second time, and
    nothing in a browser that has no proof."""
    user = json.dumps({"id": OLGA.id, "first_name": "Olga"})
    proof = sign({"user": user, "query_id": "AAF"}, PREVIEW_TOKEN)
    address = f"{preview}/review/app#{urlencode({'tgWebAppData': proof, 'tgWebAppVersion': '9.0'})}"
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(address)
    await expect(page).to_have_url(f"{preview}/review/")
    await expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    again = await (await browser.new_context()).new_page()
    await again.goto(address)
    await expect(again.get_by_role("heading")).to_have_text("This link signs nobody in")
    await again.goto(f"{preview}/review/")
    await again.goto(f"{preview}/review/app")
    await expect(again.get_by_text("when Telegram opens it")).to_be_visible()
    await context.close()
    await again.context.close()
