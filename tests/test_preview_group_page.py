"""The staff group beside the owner's chat: one person at the page plays the owner and everybody of the staff."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, expect
from preview_bots import RelayBot
from preview_browser import browsing, need_chromium, serving

from bot.preview.cast import CAST, IVO, JONAS, OLGA, PETRA, STAFF_GROUP
from bot.preview.page import chat_page
from bot.preview.pretend import PretendTelegram

pytestmark = pytest.mark.asyncio(loop_scope="module")

EMMA = CAST[0].id
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


@dataclass
class Desk:
    """Everything one test has on its desk."""

    telegram: PretendTelegram
    relay: RelayBot
    browser: Browser
    port: int

    async def sit(self, size: dict[str, int] = DESKTOP, query: str = "", **context: str) -> Page:
        """Somebody opens the page as Emma."""
        opened = await self.browser.new_context(viewport=size, locale="en-GB", **context)  # type: ignore[arg-type]
        page = await opened.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"the page broke: {error}"))
        page.on("console", lambda line: pytest.fail(line.text) if _is_error(line.type, line.text) else None)
        await page.goto(f"http://127.0.0.1:{self.port}/{query}")
        await expect(page.locator("#staff-status")).to_have_text("5 members" if not query else "5 jäsentä")
        return page

    async def ask(self, page: Page) -> None:
        """Emma asks for a person; a topic of hers comes up."""
        self.telegram.visitors.say(EMMA, "person, please")
        await expect(page.locator(".topic-title")).to_have_text(["General", "Emma"])


def _is_error(kind: str, text: str) -> bool:
    # A refused act is a 400, which the browser prints by itself.
    return kind == "error" and "ERR_" not in text and "400" not in text


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    need_chromium()
    async with browsing() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def desk(browser: Browser) -> AsyncIterator[Desk]:
    telegram = PretendTelegram(name="Relay")
    relay = RelayBot(telegram, STAFF_GROUP)
    async with serving(chat_page(telegram, staff=True)) as port, relay.running():
        yield Desk(telegram, relay, browser, port)
        for context in browser.contexts:
            await context.close()
        telegram.close()


def row(page: Page, name: str) -> Locator:
    """A topic in the list."""
    return page.locator(".topic-row", has_text=name)


def post(page: Page, words: str) -> Locator:
    """A message in the chosen topic."""
    return page.locator(".post", has_text=words)


async def be(page: Page, person_id: int) -> None:
    """Whoever sits at the page now plays this member of the staff."""
    await page.locator("#staff-person").select_option(str(person_id))


async def write(page: Page, words: str) -> None:
    """A text into the chosen topic, sent with Enter."""
    await page.locator("#staff-text").fill(words)
    await page.locator("#staff-text").press("Enter")


async def serious(page: Page) -> list[str]:
    """What axe-core finds serious or worse."""
    results = await Axe().run(page)
    violations = results.response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in violations if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_one_person_plays_a_whole_handover(desk: Desk, size: dict[str, int]) -> None:
    """The owner asks, Petra takes it and answers with a photo, the owner sees it; Jonas replies to her in the topic."""
    page = await desk.sit(size)
    await page.locator("#start").click()
    await desk.ask(page)
    if size is PHONE:
        await expect(page.locator(".tabs [data-pane=staff] .badge")).to_have_text("2")
        await page.locator(".tabs [data-pane=staff]").click()
    await row(page, "Emma").click()
    await page.get_by_role("button", name="take", exact=True).click()
    await expect(page.locator("#staff-toast")).to_have_text("It is yours")
    await expect(post(page, "Petra took it.").locator(".key")).to_have_count(0)

    await page.locator("#staff-text").fill("this is how it looks")
    await page.locator("#staff-attach").click()
    await page.get_by_role("menuitem", name="Photo").click()
    sent = post(page, "this is how it looks")
    await expect(sent.locator(".photo")).to_be_visible()
    await expect(sent.locator(".quoted")).to_have_count(0)  # it only "replies" to the topic's creation
    await expect(page.locator("#staff-text")).to_have_value("")
    shown = page.locator(".message.in", has_text="this is how it looks")
    await expect(shown.locator(".photo")).to_have_count(1)
    if size is PHONE:
        await expect(page.locator(".tabs [data-pane=owner] .badge")).to_have_text("1")

    await be(page, JONAS.id)
    await expect(sent.locator(".author")).to_have_text("Petra")
    await sent.hover()
    await sent.get_by_role("button", name="Reply").click()
    await expect(page.locator("#staff-strip")).to_contain_text("Reply to Petra")
    await write(page, "well drawn")
    await expect(post(page, "well drawn").locator(".quoted")).to_contain_text("this is how it looks")
    await expect(page.locator("#staff-strip")).to_be_hidden()
    reply = next(m for m in desk.telegram.world.chats[STAFF_GROUP].newest() if m.get("text") == "well drawn")
    assert (reply["from"]["id"], reply["is_topic_message"]) == (JONAS.id, True)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_words_are_changed_where_they_stand(desk: Desk) -> None:
    """Their own only; a text or a caption, by the button or with the arrow up; Escape leaves it."""
    page = await desk.sit()
    await be(page, PETRA.id)
    await write(page, "frist")
    await expect(post(page, "frist")).to_have_class("post out")
    await page.locator("#staff-text").press("ArrowUp")
    await expect(page.locator("#staff-strip")).to_contain_text("Edit message")
    await page.locator("#staff-text").press("Escape")
    await expect(page.locator("#staff-strip")).to_be_hidden()
    await post(page, "frist").get_by_role("button", name="Edit message").click()
    await page.locator("#staff-text").fill("first")
    await page.locator("#staff-send").click()
    await expect(post(page, "first")).to_contain_text("edited")
    await be(page, OLGA.id)
    await expect(post(page, "first").get_by_role("button", name="Edit message")).to_have_count(0)


async def test_unread_words_are_counted_and_gone_when_read(desk: Desk) -> None:
    """In the row of their topic; the topic last written in stands right under General."""
    page = await desk.sit()
    await desk.ask(page)
    await row(page, "Emma").click()
    acts = desk.telegram.visitors
    other = acts.create_topic(OLGA.id, STAFF_GROUP, "☕ Coffee")
    acts.say(JONAS.id, "any left?", chat_id=STAFF_GROUP, thread_id=other)
    await expect(page.locator(".topic-title")).to_have_text(["General", "☕ Coffee", "Emma"])
    await expect(row(page, "Coffee").locator(".badge")).to_contain_text("2")
    await expect(row(page, "Coffee")).to_contain_text("Jonas: any left?")
    await row(page, "Coffee").press("Enter")
    await expect(row(page, "Coffee").locator(".badge")).to_have_count(0)
    await expect(post(page, "any left?")).to_be_visible()
    await page.reload()
    await expect(page.locator("#topic-name")).to_have_text("☕ Coffee")
    await expect(row(page, "Coffee").locator(".sign")).to_have_text("C")


async def test_an_admin_closes_opens_and_deletes_a_topic(desk: Desk) -> None:
    """A member then cannot write, the admin can; the deleted topic leaves the list."""
    page = await desk.sit()
    await desk.ask(page)
    await row(page, "Emma").click()
    await expect(page.locator("#topic-more")).to_be_hidden()
    await be(page, OLGA.id)
    await page.locator("#topic-more").click()
    await page.get_by_role("menuitem", name="Close topic").click()
    await expect(page.locator("#topic-lock")).to_be_visible()
    await expect(page.locator("#staff-composer")).to_be_visible()
    await be(page, IVO.id)
    await expect(page.locator("#staff-shut")).to_have_text("This topic is closed.")
    await expect(page.locator("#staff-composer")).to_be_hidden()
    await be(page, OLGA.id)
    await page.locator("#topic-more").click()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(row(page, "Emma")).to_have_count(0)
    await expect(page.locator("#topic-name")).to_have_text("General")


async def test_the_commands_of_the_group_are_offered(desk: Desk) -> None:
    """A slash brings them, Enter sends one into the chosen topic."""
    page = await desk.sit()
    await page.locator("#staff-text").press_sequentially("/m")
    await expect(page.locator("#staff-commands").get_by_role("option")).to_have_text(["/mineWhom I took"])
    await page.locator("#staff-text").press("Enter")
    await expect(post(page, "/mine")).to_have_class("post out")
    await expect(page.locator("#staff-commands")).to_be_hidden()


async def test_what_cannot_be_done_is_said(desk: Desk) -> None:
    """Somebody who is out of the group meanwhile."""
    page = await desk.sit()
    await be(page, IVO.id)
    desk.telegram.world.chats[STAFF_GROUP].members[IVO.id] = "kicked"
    await write(page, "hello?")
    await expect(page.locator("#staff-toast")).to_have_text("That is not possible here.")


async def test_the_page_speaks_the_owners_language(desk: Desk) -> None:
    """Also about the staff."""
    page = await desk.sit(query=f"?as={CAST[3].id}")
    await expect(page.locator("#topic-name")).to_have_text("Yleinen")
    await expect(page.locator("#staff-person option").nth(2)).to_have_text("Olga (ylläpito)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_axe_finds_nothing_serious(desk: Desk, size: dict[str, int], scheme: str) -> None:
    """The list with unread words, a topic in talk, its menus, a closed one."""
    page = await desk.sit(size, color_scheme=scheme, reduced_motion="reduce")
    await desk.ask(page)
    if size is PHONE:
        await page.locator(".tabs [data-pane=staff]").click()
    assert await serious(page) == []
    await be(page, OLGA.id)
    await row(page, "Emma").click()
    acts, thread = desk.telegram.visitors, desk.relay.topics[EMMA]
    for person in (PETRA, JONAS, OLGA, IVO):
        acts.say(person.id, f"I am {person.first_name}", chat_id=STAFF_GROUP, thread_id=thread)
    await post(page, "I am Petra").get_by_role("button", name="Reply").click()
    assert await serious(page) == []
    await page.locator("#staff-text").fill("x")
    await page.locator("#staff-attach").click()
    assert await serious(page) == []
    await page.keyboard.press("Escape")
    await page.locator("#topic-more").click()
    assert await serious(page) == []
    await page.get_by_role("menuitem", name="Close topic").click()
    await be(page, IVO.id)
    await expect(page.locator("#staff-shut")).to_be_visible()
    assert await serious(page) == []


# -- the server behind the page


@pytest_asyncio.fixture(loop_scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=chat_page(PretendTelegram(), staff=True))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
        yield client


async def test_the_staff_show_only_when_asked_for(client: httpx.AsyncClient) -> None:
    """With them still no inline script or style, and a strict policy."""
    plain = PretendTelegram()
    transport = httpx.ASGITransport(app=chat_page(plain))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as without:
        assert "Petra" not in (await without.get("/")).text
    assert STAFF_GROUP not in plain.world.chats
    response = await client.get("/")
    assert "Petra" in response.text
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert " style=" not in response.text
    assert "<script>" not in response.text


@pytest.mark.parametrize(
    "query",
    [f"person={EMMA}&chat={STAFF_GROUP}", f"person={EMMA}&chat={PETRA.id}", f"person={PETRA.id}&chat=-5", "person=x"],
)
async def test_a_chat_is_shown_only_to_who_is_in_it(client: httpx.AsyncClient, query: str) -> None:
    """Neither a group of others nor a private chat of others."""
    response = await client.get(f"/chat/events?{query}")
    assert response.text == 'data: {"type": "gone"}\n\n'


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("say", {"person": EMMA, "chat": STAFF_GROUP, "text": "let me in"}),
        ("say", {"person": PETRA.id, "chat": STAFF_GROUP, "thread": 5, "text": "x"}),
        ("say", {"person": PETRA.id, "chat": "nowhere", "text": "x"}),
        ("send", {"person": PETRA.id, "chat": STAFF_GROUP, "kind": "gold"}),
        ("edit", {"person": PETRA.id, "chat": STAFF_GROUP, "message_id": 1, "text": "x"}),
        ("topic", {"person": PETRA.id, "chat": STAFF_GROUP, "thread": 5, "what": "close"}),
        ("topic", {"person": OLGA.id, "chat": STAFF_GROUP, "thread": 5, "what": "burn"}),
    ],
)
async def test_what_a_group_does_not_allow_is_a_clear_400(
    client: httpx.AsyncClient, act: str, body: dict[str, object]
) -> None:
    """Strangers, topics that are not there, nonsense."""
    response = await client.post(f"/chat/{act}", json=body)
    assert response.status_code == 400
    assert response.json()["error"]
