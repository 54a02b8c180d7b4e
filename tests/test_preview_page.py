"""The chat page in a browser: a little bot behind it, and a person in front."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, expect
from preview_bots import EchoBot
from preview_browser import browsing, need_chromium, serving

from bot.preview.cast import CAST
from bot.preview.page import chat_page
from bot.preview.pretend import PretendTelegram

pytestmark = pytest.mark.asyncio(loop_scope="module")

EMMA, ANA, BORIS, AINO = (person.id for person in CAST)
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


@dataclass
class Desk:
    """Everything one test has on its desk."""

    telegram: PretendTelegram
    echo: EchoBot
    browser: Browser
    port: int

    async def sit(self, person: int, size: dict[str, int] = DESKTOP, query: str = "", **context: str) -> Page:
        """A person opens the page."""
        opened = await self.browser.new_context(viewport=size, locale="en-GB", **context)  # type: ignore[arg-type]
        page = await opened.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"the page broke: {error}"))
        page.on(
            "console", lambda line: pytest.fail(line.text) if line.type == "error" and "ERR_" not in line.text else None
        )
        await page.goto(f"http://127.0.0.1:{self.port}/?as={person}{query}")
        return page

    async def begin(self, person: int = EMMA, size: dict[str, int] = DESKTOP) -> Page:
        """A person opens the page and presses START."""
        page = await self.sit(person, size)
        await page.locator("#start").click()
        await expect(page.locator(".key")).to_have_count(3)
        return page


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    need_chromium()
    async with browsing() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def desk(browser: Browser) -> AsyncIterator[Desk]:
    telegram = PretendTelegram(name="Echo")
    echo = EchoBot(telegram)
    async with echo.running(), serving(chat_page(telegram)) as port:
        yield Desk(telegram, echo, browser, port)
        for context in browser.contexts:
            await context.close()
        telegram.close()


def options(page: Page) -> Locator:
    """The commands in the menu."""
    return page.locator("#commands").get_by_role("option")


async def serious(page: Page) -> list[str]:
    """What axe-core finds serious or worse."""
    results = await Axe().run(page)
    violations = results.response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in violations if v["impact"] in ("serious", "critical")]


async def test_an_empty_chat_shows_what_the_bot_does_and_start(desk: Desk) -> None:
    """In the person's language; a deep link's payload goes with /start."""
    page = await desk.sit(ANA, query="&start=kpo")
    await expect(page.locator("#description")).to_have_text("Repete o que diz.")
    await expect(page.locator("#start")).to_have_text("Iniciar")
    await page.keyboard.press("Tab")
    await page.locator("#start").click()
    await expect(page.locator(".message.in .text")).to_contain_text("Which one? kpo")
    await expect(page.locator(".message.out .text")).to_contain_text("/start kpo")
    await expect(page.locator("#about")).to_be_hidden()


async def test_a_press_answers_edits_and_asks_on(desk: Desk) -> None:
    """A toast, the question edited in place and without its buttons, the next question below."""
    page = await desk.begin()
    await page.get_by_role("button", name="one", exact=True).click()
    await expect(page.locator("#toast")).to_have_text("Chosen: one")
    await expect(page.locator(".message.in").first.locator(".text")).to_contain_text("You chose one.")
    await expect(page.locator(".message.in").first.locator(".key")).to_have_count(0)
    await expect(page.locator(".message.in").last.locator(".key")).to_have_text(["two", "three"])
    await expect(page.locator(".waiting")).to_have_count(0)


async def test_a_double_tap_is_two_queries_and_old_buttons_stay_alive(desk: Desk) -> None:
    """The page holds nothing back: that is the bot's business."""
    page = await desk.begin()
    # Both clicks at once: on a slow machine the alert would cover the button before a mouse comes to its second.
    await page.get_by_role("button", name="alert").evaluate("node => { node.click(); node.click(); }")
    await expect(page.locator("#alert")).to_be_visible()
    await expect(page.locator("#alert-text")).to_have_text("Mind the gap")
    async with asyncio.timeout(5):
        while len(desk.telegram.journal.accepted("answerCallbackQuery")) < 2:  # noqa: ASYNC110 - the bot's own pace
            await asyncio.sleep(0.02)
    assert desk.echo.pressed == ["alert", "alert"]
    await page.wait_for_timeout(300)  # the second alert has come, too
    await page.keyboard.press("Enter")
    await expect(page.locator("#alert")).to_be_hidden()
    await page.locator("#text").fill("something else")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.in").last).to_contain_text("You said: something else")
    await page.get_by_role("button", name="two", exact=True).click()
    await expect(page.locator("#toast")).to_have_text("Chosen: two")


async def test_texts_are_shown_exactly_and_only_telegrams_html_is_drawn(desk: Desk) -> None:
    """What people type is never markup; Shift+Enter makes a line."""
    page = await desk.begin()
    await page.locator("#text").fill("<img src=x onerror=alert(1)> & <b>no</b>")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("second line")
    await page.keyboard.press("Enter")
    said = page.locator(".message.out").last.locator(".text")
    await expect(said).to_contain_text("<img src=x onerror=alert(1)> & <b>no</b>\nsecond line", use_inner_text=True)
    await page.locator("#text").fill("/html")
    await page.keyboard.press("Enter")
    drawn = page.locator(".message.in").last.locator(".text")
    await expect(drawn.locator("b")).to_have_text("bold")
    await expect(drawn.locator("a")).to_have_attribute("href", "https://example.org/")
    await expect(drawn).to_contain_text("<script>alert(1)</script>")
    await drawn.locator(".spoiler").click()
    await expect(drawn.locator(".spoiler")).to_have_class(re.compile("shown"))
    assert await page.locator("img[src=x], script:not([src])").count() == 0


async def test_the_commands_menu_by_keyboard(desk: Desk) -> None:
    """The menu button, arrows, Escape; typing / completes; Tab takes a command over, Enter sends it."""
    page = await desk.begin()
    await page.locator("#menu").click()
    await expect(options(page)).to_have_count(3)
    await page.keyboard.press("Escape")
    await expect(page.locator("#commands")).to_be_hidden()
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("/h")
    await expect(options(page)).to_have_count(2)
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("#commands [aria-selected=true]")).to_contain_text("/html")
    await page.keyboard.press("Tab")
    await expect(page.locator("#text")).to_have_value("/html ")
    await page.locator("#text").fill("/")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.out").last).to_contain_text("/start")


async def test_a_dialog_without_a_mouse(desk: Desk) -> None:
    """START, a choice and the next one, all by keys; focus does not get lost when buttons go."""
    page = await desk.sit(EMMA)
    await page.locator("#start").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".key")).to_have_count(3)
    await page.get_by_role("button", name="one", exact=True).focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".key")).to_have_text(["two", "three"])
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="two")).to_be_focused()


async def test_the_chat_outlives_a_reload_and_tabs_do_not_mix(desk: Desk) -> None:
    """The server keeps the chat; two tabs are two people, or the same one twice."""
    emma, again, ana = await desk.begin(), await desk.sit(EMMA), await desk.sit(ANA)
    await expect(again.locator(".message")).to_have_count(2)
    await expect(ana.locator(".message")).to_have_count(0)
    await emma.locator("#text").fill("hello")
    await emma.keyboard.press("Enter")
    await expect(again.locator(".message")).to_have_count(4)
    await emma.reload()
    await expect(emma.locator(".message")).to_have_count(4)
    await expect(emma.locator(".day")).to_have_text("Today")


async def test_people_and_languages_are_picked(desk: Desk) -> None:
    """The app's language changes the page's words and the menu; a person can be added."""
    page = await desk.sit(EMMA)
    await page.get_by_label("Language of the app").first.select_option("fi")
    await expect(page.locator("html")).to_have_attribute("lang", "fi")
    await expect(page.locator("#start")).to_have_text("Aloita")
    await page.get_by_role("link", name="Boris").click()
    await expect(page.locator("#people-title")).to_have_text("Разговор като")
    await page.get_by_text("Добавяне на човек").click()
    await page.get_by_label("Име").fill("Rui")
    await page.locator("#newcomer-language").select_option("pt")
    await page.get_by_role("button", name="Добавяне", exact=True).press("Enter")
    await expect(page.locator(".seat[aria-current]")).to_contain_text("Rui")
    await page.locator("#start").click()
    await expect(page.locator("#menu")).to_be_visible()
    await page.locator("#menu").click()
    await expect(options(page).first).to_contain_text("Começar")


async def test_attachments_blocking_and_editing(desk: Desk) -> None:
    """What else a person can do: send a sticker, change their last words, stop the bot and let it in again."""
    page = await desk.begin()
    await page.locator("#attach").click()
    await page.get_by_role("menuitem", name="Sticker").click()
    await expect(page.locator(".message.in").last).to_contain_text("You said: nothing")
    await page.locator("#text").fill("frist")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.in").last).to_contain_text("You said: frist")
    await page.keyboard.press("ArrowUp")
    await page.locator("#text").fill("first")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.out").last).to_contain_text("first")
    await expect(page.locator(".message.out").last).to_contain_text("edited")
    await page.locator("#more").click()
    await page.keyboard.press("Enter")
    await expect(page.locator("#composer")).to_be_hidden()
    await page.locator("#unblock").click()
    await expect(page.locator("#composer")).to_be_visible()


async def test_typing_and_scrolling(desk: Desk) -> None:
    """The line under the name tells that the bot writes; new words do not drag a reader down."""
    page = await desk.begin(size=PHONE)
    await page.locator("#text").fill("silence")
    await page.keyboard.press("Enter")
    await expect(page.locator("#status")).to_contain_text("typing")
    for number in range(20):
        desk.telegram.visitors.say(EMMA, f"line {number}")
    await expect(page.locator(".message.in").last).to_contain_text("You said: line 19")
    await expect(page.locator("#newest")).to_be_hidden()
    await expect(page.locator(".message.in").last).to_be_in_viewport()
    await page.locator("#scroller").evaluate("node => node.scrollTo({ top: 0, behavior: 'instant' })")
    await expect(page.locator("#newest")).to_be_visible()
    await desk.echo.bot.send_message(EMMA, "news")
    await expect(page.locator("#unread")).to_have_text("1")
    await expect(page.locator(".message.in").last).not_to_be_in_viewport()
    await page.locator("#newest").click()
    await expect(page.locator(".message.in").last).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_axe_finds_nothing_serious(desk: Desk, size: dict[str, int], scheme: str) -> None:
    """Empty, in talk, with the menu open, with the people open, with an alert."""
    page = await desk.sit(EMMA, size, color_scheme=scheme, reduced_motion="reduce")
    await expect(page.locator("#start")).to_be_visible()
    assert await serious(page) == []
    await page.locator("#start").click()
    await expect(page.locator(".key")).to_have_count(3)
    await page.locator("#text").fill("/html")
    await page.keyboard.press("Enter")
    await expect(page.locator(".spoiler")).to_be_visible()
    assert await serious(page) == []
    await page.locator("#menu").click()
    assert await serious(page) == []
    await page.keyboard.press("Escape")
    if size is PHONE:
        await page.locator("#people-open").click()
        assert await serious(page) == []
        await page.keyboard.press("Escape")
    await page.get_by_role("button", name="alert").click()
    await expect(page.locator("#alert")).to_be_visible()
    assert await serious(page) == []


async def test_nothing_comes_from_elsewhere_and_nothing_overflows(desk: Desk) -> None:
    """All requests go to the page's own server; a phone's width is enough, long words included."""
    page = await desk.sit(EMMA, PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.reload()
    await page.locator("#start").click()
    await page.locator("#text").fill("w" * 300)
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.in").last).to_contain_text("w" * 300)
    assert all(url.startswith(f"http://127.0.0.1:{desk.port}/") for url in asked)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_restart_of_the_server_is_noticed_and_survived(browser: Browser) -> None:
    """The page says that it is connecting, and goes on with the new server."""
    telegram = PretendTelegram(name="Echo")
    async with serving(chat_page(telegram)) as port:
        page = await Desk(telegram, EchoBot(telegram), browser, port).sit(EMMA)
        await expect(page.locator("#start")).to_be_visible()
        telegram.close()
    await expect(page.locator("#status")).to_contain_text("connecting")
    telegram = PretendTelegram(name="Echo again")
    async with EchoBot(telegram).running(), serving(chat_page(telegram), port):
        await expect(page.locator("h1")).to_have_text("Echo again", timeout=10_000)
        await page.locator("#start").click()
        await expect(page.locator(".key")).to_have_count(3)
        telegram.close()
