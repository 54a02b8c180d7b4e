"""What stands before every review page: forms of other sites (S6), ids of others (S8), names, headers, sizes.

The routes are found from the app: a page that comes later is covered by itself.
"""

import re
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from harness.reviewing import ADDRESS, FORM, Reviewing, cookie_of, form_token, reviewing
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.preview.cast import OLGA, PETRA
from bot.review import web
from bot.review.guard import COOKIE, LONGEST_BODY, needs_no_visit
from bot.store import visits
from bot.store.database import StoreError, TooSlowError
from bot.store.schema import metadata

SEQUENTIAL = ("0", "1", "2", "3", "7", "100", "999999999", "9223372036854775807")
NO_IDS = {"form"}
"""What an address names that is nobody's: csv or jsonl."""
FORMS = re.compile(r"<form[^>]*method=\"post\"[^>]*>.*?</form>", re.DOTALL | re.IGNORECASE)
ODD = ("-1", "1.5", "1e9", "%00", "..%2f..", "' OR 1=1 --", "null", "٣", "99999999999999999999999999")


def _routes(method: str) -> list[Route]:
    """Every route that answers to this method."""
    return [route for route in web.ROUTES if method in (route.methods or set())]


def _filled(path: str, value: str) -> str:
    """The path with this for whatever it names."""
    return re.sub(r"\{[^}]+\}", value, path).lstrip("/")


def _ids() -> Iterator[str]:
    yield from SEQUENTIAL
    yield from ODD
    for _ in range(20):
        yield str(secrets.randbelow(2**62))
        yield secrets.token_urlsafe(16)


def _needs_visit(route: Route) -> bool:
    return not needs_no_visit(route.path)


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[Reviewing]:
    async with reviewing(tmp_path, (OLGA.id, PETRA.id)) as place:
        yield place


def _kept(place: Reviewing) -> list[object]:
    """All that a form could change."""
    return [place.rows(f"SELECT * FROM {name}") for name in metadata.tables]


# -- S6 ----------------------------------------------------------------------------------------------------------------


async def test_s6_no_form_of_another_site_or_visit_changes_anything(place: Reviewing) -> None:
    """Every state-changing route: without token, with a wrong one, one of another visit, from a foreign origin, as
    JSON, without type: 403, and not a row is written."""
    tried = 0
    async with await place.signed_in() as browser, await place.signed_in(PETRA.id) as other:
        mine, theirs = await form_token(browser), await form_token(other)
        before = _kept(place)
        forged: list[tuple[dict[str, str], dict[str, str]]] = [
            ({}, {}),
            ({"form": ""}, {}),
            ({"form": theirs}, {}),
            ({"form": cookie_of(browser)}, {}),
            ({"form": mine[:-1]}, {}),
            ({"form": mine}, {"Origin": "https://evil.example"}),
            ({"form": mine}, {"Origin": f"{ADDRESS}.evil.example"}),
            ({"form": mine}, {"Origin": ADDRESS.replace("https", "ftp")}),
            ({"form": mine}, {"Origin": "null"}),
            ({"form": mine}, {"Sec-Fetch-Site": "cross-site"}),
            ({"form": mine}, {"Sec-Fetch-Site": "same-site"}),
            ({"form": mine}, {"Sec-Fetch-Site": "none"}),
        ]
        for route in filter(_needs_visit, _routes("POST")):
            path = _filled(route.path, "1")
            for fields, headers in forged:
                answer = await browser.post(path, data=fields, headers={**FORM, **headers})
                assert answer.status_code == 403, (path, fields, headers)
                tried += 1
            for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x", ""):
                answer = await browser.post(path, content=f"form={mine}", headers={"Content-Type": kind})
                assert answer.status_code == 403, (path, kind)
        assert _kept(place) == before
        assert (await browser.get("")).status_code == 200
    assert tried >= len(forged)


async def test_s6_the_ways_in_refuse_other_sites_and_nonsense(place: Reviewing) -> None:
    """The state-changing routes that need no visit have their own secret: without it, 403."""
    ways = [route for route in _routes("POST") if not _needs_visit(route)]
    assert {route.path for route in ways} == {"/in/{secret}", "/app"}
    async with place.browser() as browser:
        for route in ways:
            for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": ADDRESS}):
                answer = await browser.post(_filled(route.path, "guess"), data={"proof": "x"}, headers=headers)
                assert answer.status_code == 403
    assert place.rows("SELECT count(*) FROM visit") == [(0,)]


async def test_s6_nothing_is_changed_by_reading(place: Reviewing) -> None:
    """No route takes both: what GET answers, only reads (but for the audit log and when a visit was seen)."""
    methods = {method for route in web.ROUTES for method in route.methods or set()}
    assert methods <= {"GET", "HEAD", "POST"}
    both = [route.path for route in web.ROUTES if {"GET", "POST"} <= (route.methods or set())]
    assert both == []
    async with await place.signed_in() as browser:
        token = await form_token(browser)
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"):
            answer = await browser.request(method, "sign-out", headers=FORM, content=f"form={token}")
            assert answer.status_code == 403, method
        assert (await browser.get("")).status_code == 200


# -- S8 ----------------------------------------------------------------------------------------------------------------


async def test_s8_who_is_not_signed_in_learns_nothing(place: Reviewing) -> None:
    """Signed out, of a former admin, with a made-up cookie: every address, there or not, has the same answer."""
    async with await place.signed_in(PETRA.id) as former:
        await place.appoint(OLGA.id)
        cookies = ["", f"{COOKIE}={cookie_of(former)}", f"{COOKIE}=made-up", f"{COOKIE}={'x' * 3000}", "review=1"]
    paths = {_filled(route.path, one) for route in filter(_needs_visit, web.ROUTES) for one in _ids()}
    more = {f"{word}/{one}" for word in ("sessions", "export", "nothing") for one in _ids()}
    tried = sorted({*paths, *more, "nothing/like/this", "static", "in", "apple"})
    async with place.browser() as stranger:
        answers = [
            await stranger.get(path, headers={"Cookie": cookies[n % len(cookies)]}) for n, path in enumerate(tried)
        ]
    assert {one.status_code for one in answers} == {403}
    assert len({one.text for one in answers}) == 1
    assert len(tried) > 100


async def test_s8_ids_that_are_not_there_all_look_alike(place: Reviewing) -> None:
    """Signed in: every route with an id, over ids in sequence, random and odd ones: 404, one body a route for
    what could be an id, and one for what could not."""
    async with await place.signed_in() as browser:
        token = await form_token(browser)
        for route in filter(_needs_visit, web.ROUTES):
            if not {*route.param_convertors} - NO_IDS:
                continue
            method = "POST" if "POST" in (route.methods or set()) else "GET"
            answers = {one: await _asked(browser, method, _filled(route.path, one), token) for one in _ids()}
            assert {one.status_code for one in answers.values()} == {404}, (method, route.path)
            for could_be in (_is_number, _is_none):
                bodies = {one.text for name, one in answers.items() if could_be(name)}
                assert len(bodies) == 1, (route.path, could_be)


async def test_a_number_of_thousands_of_digits_breaks_nothing(place: Reviewing) -> None:
    """It is longer than Python reads one: every route with an id answers 404, as for others that are not there."""
    async with await place.signed_in() as browser:
        token = await form_token(browser)
        for route in filter(_needs_visit, web.ROUTES):
            if {*route.param_convertors} - NO_IDS:
                method = "POST" if "POST" in (route.methods or set()) else "GET"
                answer = await _asked(browser, method, _filled(route.path, "9" * 5000), token)
                assert answer.status_code == 404, route.path


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal()


def _is_none(name: str) -> bool:
    """No number, and no address of another shape either."""
    return not _is_number(name) and "%2f" not in name


async def _asked(browser: httpx.AsyncClient, method: str, path: str, token: str) -> httpx.Response:
    sent = {"content": f"form={token}", "headers": FORM} if method == "POST" else {}
    return await browser.request(method, path, **sent)  # type: ignore[arg-type]


# -- the rest ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["evil.example", "review.example.org.evil.example", "x@review.example.org", "", "[::"])
async def test_the_pages_answer_under_their_own_name_alone(place: Reviewing, host: str) -> None:
    """A name that somebody points at us (DNS rebinding) gets nothing, signed in or not."""
    async with await place.signed_in() as browser:
        assert (await browser.get("", headers={"Host": host})).status_code == 403
        assert (await browser.get("static/review.css", headers={"Host": host})).status_code == 403
        for own in ("review.example.org", "127.0.0.1:8080", "localhost:8080", "[::1]:8080"):
            assert (await browser.get("", headers={"Host": own})).status_code == 200


async def test_a_database_that_fails_is_told_of_before_any_page_too(
    place: Reviewing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who visits cannot be found out: a page says so, with all headers, and shows nothing else."""

    async def fails(*_: object) -> None:
        raise StoreError("disk I/O error")

    async with await place.signed_in() as browser:
        monkeypatch.setattr(visits, "find", fails)
        answer = await browser.get("sessions")
    assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")
    assert "Try again" in answer.text
    assert "Sign out" not in answer.text


async def test_every_answer_has_the_headers(place: Reviewing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages, refusals, what is missing, what is too long, what broke: no script or style but our own, no frames."""

    async def breaks(request: Request) -> Response:
        raise ZeroDivisionError

    async def lasts(request: Request) -> Response:
        raise TooSlowError

    monkeypatch.setattr(web, "ROUTES", (*web.ROUTES, Route("/breaks", breaks), Route("/lasts", lasts)))
    folder = place.file.parent / "again"
    folder.mkdir()
    async with reviewing(folder) as again, await again.signed_in() as browser:
        token = await form_token(browser)
        answers = {
            200: await browser.get(""), 403: await browser.post("sign-out"), 404: await browser.get("none"),
            413: await browser.post("sign-out", content=b"form=" + b"x" * LONGEST_BODY, headers=FORM),
            500: await browser.get("breaks"), 503: await browser.get("lasts"),
        }  # fmt: skip
        static = await browser.get("static/review.css")
        assert token not in answers[500].headers.values()
    for status, answer in answers.items():
        assert answer.status_code == status
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
    assert static.headers["cache-control"] == "no-cache"
    assert "ZeroDivisionError" not in answers[500].text


def test_no_page_has_script_or_style_of_its_own_or_from_elsewhere() -> None:
    """Neither inline scripts, styles and handlers nor another host stands in a template."""
    for template in sorted((Path(web.__file__).parent / "templates").glob("*.html")):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text, re.IGNORECASE), template.name
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), template.name
        assert not re.search(r"(?:src|href|action)=[\"'](?:https?:)?//", text), template.name
        assert "| safe" not in text, template.name
        assert "|safe" not in text, template.name


def test_every_form_carries_the_token() -> None:
    """A form that posts has it, or the visitor could not send it; the ways in have a secret of their own."""
    for template in sorted((Path(web.__file__).parent / "templates").glob("*.html")):
        if template.name in ("sign_in.html", "app.html"):
            continue
        forms = FORMS.findall(template.read_text(encoding="utf-8"))
        assert all("form_token()" in form for form in forms), template.name


def test_what_is_vendored_has_its_licence_beside_it() -> None:
    """And is what it says it is."""
    vendor = Path(web.__file__).parent / "static" / "vendor"
    assert "MIT" in (vendor / "pico.LICENSE.md").read_text(encoding="utf-8")
    assert "Zero-Clause BSD" in (vendor / "htmx.LICENSE").read_text(encoding="utf-8")
    assert "Pico CSS" in (vendor / "pico.classless.min.css").read_text(encoding="utf-8")[:200]
    assert 'version:"2.0.10"' in (vendor / "htmx.min.js").read_text(encoding="utf-8")
