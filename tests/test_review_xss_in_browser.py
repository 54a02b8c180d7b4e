"""S7: nothing that anybody wrote runs, or changes, a review page: over three hundred payloads, in headless Chromium.

They stand wherever somebody's words can come to stand (`xss_database`), and in every address. A page is bad when
something of it ran, when the policy refused something of it, when it asked another place for something, or when it has
a part that no page of ours has.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from dialog_live import FOLDER, LIVE
from harness.walkers import walking
from jinja2 import Environment
from playwright.async_api import Browser, BrowserContext, Page, expect
from preview_browser import serving
from starlette.applications import Starlette
from starlette.routing import Mount
from xss_database import CONTENT, EVIL_FILE, PAYLOADS, SESSIONS, WORD, bundles, filled

from bot.app import stored_dialog
from bot.preview.cast import OLGA
from bot.review import rendering
from bot.review.context import PREFIX, Review
from bot.review.web import ROUTES, review_pages
from bot.store import visits
from bot.store.contents import Contents
from bot.store.filters import NAMES

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINK = "link-of-the-test-of-s7"
SUM = str(7 * 7777)
"""What a template engine makes of {{7*7777}}."""
WATCH = """
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => __told("ran", name);
document.addEventListener("securitypolicyviolation", (event) =>
    __told("refused", `${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
FOREIGN = Path(__file__).with_name("xss_foreign.js").read_text("utf-8")


@dataclass
class Watched:
    """A signed-in browser at the pages, and all that should not have happened there."""

    address: str
    page: Page
    wrong: list[str] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)

    async def open(self, path: str, **query: str) -> None:
        """Open this page below /review."""
        await self.page.goto(f"{self.address}/{path}{'?' if query else ''}{urlencode(query)}")
        await self.looked(path)

    async def looked(self, name: str) -> None:
        """Note what is not as it should be on the page that is open."""
        foreign = await self.page.evaluate(FOREIGN)
        told = [f"foreign {one}" for one in foreign]
        if SUM in await self.page.content():
            told.append("computed")
        self.opened.add(name)
        self._note(*told)

    def _note(self, *told: str) -> None:
        self.wrong += [f"{self.page.url[:80]}: {one}" for one in told]
        self.kinds |= {one.split(" ")[0] for one in told}

    def told(self, what: str, of: str) -> None:
        """Something ran, or was refused."""
        self._note(f"{what} {of}")

    def asked(self, request: Any) -> None:
        """Something was asked of another place."""
        if not request.url.startswith((self.address.removesuffix(PREFIX), "data:image/svg+xml,%3Csvg")):
            self._note(f"asked {request.url[:80]}")


@asynccontextmanager
async def _watching(browser: Browser, port: int, *, policy: bool = True) -> AsyncIterator[Watched]:
    """`policy`: with our content security policy; without it, only what is escaped protects."""
    context: BrowserContext = await browser.new_context(bypass_csp=not policy)
    watched = Watched(f"http://127.0.0.1:{port}{PREFIX}", await context.new_page())
    await context.expose_function("__told", watched.told)
    await context.add_init_script(WATCH)
    context.on("request", watched.asked)
    await watched.page.goto(f"{watched.address}/in/{LINK}")
    await watched.page.get_by_role("button", name="Sign in").click()
    yield watched
    await context.close()


@asynccontextmanager
async def _pages(path: Path) -> AsyncIterator[int]:
    """The pages on a database with all payloads; gives the port."""
    files = {one.name: one.read_text("utf-8") for one in FOLDER.glob("*.yaml")}
    async with walking(path, LIVE, files, admins=[OLGA.id]) as walked:
        await filled(walked)
        await walked.database.write(visits.make_link(LINK, OLGA.id, walked.clock[0]))
        contents = Contents(CONTENT, stored_dialog)
        review = Review(walked.database, contents, lambda: walked.clock[0], "http://127.0.0.1", turns=walked.turns)
        async with serving(Starlette(routes=[Mount(PREFIX, review_pages(review))])) as port:
            yield port


async def test_s7_nothing_that_was_written_runs(browser: Browser, tmp_path: Path) -> None:
    """Every page, over every place and every address: 0 executed, 0 refused by the policy, nothing foreign."""
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 200
    async with _pages(tmp_path / "bot.db") as port, _watching(browser, port) as watched:
        await _lists(watched)
        await _ones(watched)
        await _named(watched)
        await _forms(watched)
        await _addresses(watched)
        await _taken_out(watched)
        assert watched.wrong == []
        await expect(watched.page.get_by_role("button", name="Sign out")).to_be_visible()
    pages = [route.path.strip("/") for route in ROUTES if "GET" in (route.methods or set())]
    missed = {one for one in pages if not any(re.fullmatch(_shape(one), path) for path in watched.opened)}
    assert missed == {"app", "in/{secret}"}, "of a page that is new here, too, somebody's words may be a part"


def _shape(path: str) -> str:
    return re.sub(r"\\\{[^}]*\\\}", ".+", re.escape(path))


async def _lists(watched: Watched) -> None:
    """Whatever is listed, to its end."""
    for path, query in (("sessions", {"words": WORD}), ("audit", {})):
        await watched.open(path, **query)
        assert await watched.page.get_by_text("alert(1)").count() > 10
        while await watched.page.locator('a[rel="next"]').count():
            await watched.page.locator('a[rel="next"]').click()
            await watched.looked(path)
    await watched.open("")
    await watched.open("sessions/count")
    for path in ("tree", "advice"):
        for language in ("", "en", "pt", "bg", "fi"):
            await watched.open(path, language=language)
    for language in ("", "en", "pt", "bg", "fi"):
        await watched.open("questions", language=language)
    await watched.open("handovers")


async def _ones(watched: Watched) -> None:
    """One of each: the session in which everything was said, the one of real turns, a version, an answer's form."""
    await watched.open(f"sessions/{SESSIONS}")
    assert await watched.page.locator(".talk li").count() > len(PAYLOADS) * 9
    assert await watched.page.locator(".labels li").count() > 200
    await watched.open("sessions", simulated="no", language="en", since="2026-11-01")
    await watched.open("versions/" + quote("v<script>alert(1)</script>", safe=""))
    if await watched.page.locator("pre.file").count() == 0:
        await watched.open("versions/evil")


async def _named(watched: Watched) -> None:
    """The owners' names."""
    for at in range(len(bundles())):
        await watched.open(f"sessions/{SESSIONS + at}" if at else f"sessions/{SESSIONS + 1}")
        await watched.page.get_by_role("button", name="Show the name").click()
        await expect(watched.page.get_by_text("Telegram id")).to_be_visible()
        await watched.looked("named")


async def _forms(watched: Watched) -> None:
    """What is sent and shown again because something is missing; what is sent and kept."""
    await watched.open("questions", language="pt")
    ids = await watched.page.locator("a.act").evaluate_all("all => all.map(one => one.pathname)")
    assert len(ids) >= len(bundles()), "the questions that were asked stand here"
    for path, text in zip(ids, bundles(), strict=False):
        await watched.open(path.removeprefix(f"{PREFIX}/"))
        await watched.page.evaluate("for (const one of document.querySelectorAll('[required]')) one.required = false")
        await watched.page.locator("input[name=question]").evaluate("(one, text) => { one.value = text }", text)
        await watched.page.get_by_role("button", name="Submit for approval").click()
        await expect(watched.page.get_by_role("alert")).to_be_visible()
        await watched.looked("written")


async def _addresses(watched: Watched) -> None:
    """Every page with payloads for all that can stand in its address."""
    several = bundles()
    pages = {route.path.strip("/") for route in ROUTES if "GET" in (route.methods or set()) and "{" not in route.path}
    names = [*NAMES, "done", "before", "after", "x"]
    for path in sorted(pages - {"app"}):
        for some in (names[::3], names[1::3], names[2::3]):  # all at once is more than the server takes as an address
            await watched.open(path, **dict.fromkeys(some, several[0]))
    for at, text in enumerate(several):
        await watched.open("sessions", words=text, label=PAYLOADS[at], **{"</script><script>alert(1)</script>": text})
        await watched.open("tree", version=text)
        await watched.open(quote(text.replace("\n", " "), safe=""))
    for text in PAYLOADS[:: len(PAYLOADS) // 10]:
        await watched.open("sessions", label=text, words=text)
        await watched.open(f"versions/{quote(text, safe='')}")


async def _taken_out(watched: Watched) -> None:
    """What is taken out is never shown as a page: a file, of no type that a browser runs."""
    question = await _first_question(watched)
    names = ("sessions/export.csv", "sessions/export.jsonl", f"questions/{question}/draft.yaml",
             "versions/evil/" + quote(EVIL_FILE))  # fmt: skip
    for path in names:
        answer = await watched.page.request.get(f"{watched.address}/{path}")
        assert answer.status == 200, path
        assert answer.headers["content-disposition"].startswith('attachment; filename="')
        assert re.fullmatch(r'attachment; filename="[\w.-]+"', answer.headers["content-disposition"])
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not re.search("html|xml|script|svg", answer.headers["content-type"])
        watched.opened.add(path)


async def _first_question(watched: Watched) -> str:
    await watched.open("questions", language="bg")
    path = await watched.page.locator("a.act").first.get_attribute("href")
    assert path
    return path.split("?")[0].rsplit("/", 1)[1]


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without it"])
async def test_s7_sees_what_is_not_escaped(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, policy: bool
) -> None:
    """So that the test above can fail: with pages that escape nothing, the policy refuses; without it, things run."""
    careless: Environment = rendering._ENVIRONMENT.overlay(autoescape=False)
    monkeypatch.setattr(rendering, "_ENVIRONMENT", careless)
    async with _pages(tmp_path / "bot.db") as port, _watching(browser, port, policy=policy) as watched:
        await watched.page.goto(f"{watched.address}/sessions?words={WORD}")
        await watched.looked("sessions")
    assert {"foreign", "refused" if policy else "ran"} <= watched.kinds
    assert policy == ("ran" not in watched.kinds)
