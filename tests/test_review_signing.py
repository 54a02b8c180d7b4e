"""Signing in to the review pages: links that work once (S4), visits that end (S5), Telegram's own proof."""

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from harness.reviewing import FORM, Reviewing, cookie_of, form_token, reviewing
from harness.telegram import TOKEN
from init_data_py import sign

from bot.preview.cast import OLGA, PETRA
from bot.review.guard import COOKIE
from bot.store.visits import IDLE_MS, LINK_MS, LONGEST_MS

REPLAYS, AT_ONCE, GUESSES = 1000, 50, 1000
MINUTE = 60 * 1000


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[Reviewing]:
    async with reviewing(tmp_path) as place:
        yield place


def _visits(place: Reviewing) -> int:
    return int(place.rows("SELECT count(*) FROM visit")[0][0])


# -- S4: the link ------------------------------------------------------------------------------------------------------


async def test_s4_a_link_signs_in_once_of_a_thousand_tries(place: Reviewing) -> None:
    """1 success, 999 refusals that all look the same; who has it is signed in as the one it was made for."""
    secret = await place.link()
    async with place.browser() as browser:
        answers = [await browser.post(f"in/{secret}") for _ in range(REPLAYS)]
        assert [one.status_code for one in answers] == [303, *[403] * (REPLAYS - 1)]
        assert len({one.text for one in answers[1:]}) == 1
        assert (await browser.get("")).status_code == 200, "replays end no visit"
    assert place.rows("SELECT person_id FROM visit") == [(OLGA.id,)]


async def test_s4_of_fifty_at_once_one_signs_in(place: Reviewing) -> None:
    """Each from a browser of its own, all at the same moment."""
    secret = await place.link()
    browsers = [place.browser() for _ in range(AT_ONCE)]
    answers = await asyncio.gather(*(browser.post(f"in/{secret}") for browser in browsers))
    assert sorted(one.status_code for one in answers) == [303, *[403] * (AT_ONCE - 1)]
    assert _visits(place) == 1
    seen = [(await browser.get("")).status_code for browser in browsers]
    assert seen.count(200) == 1


async def test_s4_looking_at_the_link_uses_nothing_up(place: Reviewing) -> None:
    """Telegram and scanners open links unasked: a thousand looks, then the button still works."""
    secret = await place.link()
    async with place.browser() as scanner:
        looks = [await scanner.request(("GET", "HEAD")[n % 2], f"in/{secret}") for n in range(REPLAYS)]
        assert {one.status_code for one in looks} == {200}
        assert not any("set-cookie" in one.headers for one in looks)
    assert _visits(place) == 0
    async with place.browser() as browser:
        assert (await browser.post(f"in/{secret}")).status_code == 303


async def test_s4_guesses_sign_nobody_in(place: Reviewing) -> None:
    """Random ones, and those near the real one; the real one still works afterwards. They cost no transaction."""
    secret = await place.link()
    near = [secret[:-1], secret + "A", secret.swapcase(), secret[::-1], "", "%00", "*", "' OR 1=1 --", "x" * 5000]
    async with place.browser() as browser, place.unwritten():
        for guess in [*near, *(secrets.token_urlsafe(16) for _ in range(GUESSES))]:
            assert (await browser.post(f"in/{guess}")).status_code in (403, 404), guess
    assert _visits(place) == 0
    async with place.browser() as browser:
        assert (await browser.post(f"in/{secret}")).status_code == 303


@pytest.mark.parametrize("waits", [LINK_MS, LINK_MS + MINUTE, 24 * 60 * MINUTE])
async def test_s4_a_link_dies_after_ten_minutes(place: Reviewing, waits: int) -> None:
    """A moment before, it is alive."""
    early, late = await place.link(), place.now
    assert LINK_MS == 10 * MINUTE
    place.now = late + LINK_MS - 1
    async with place.browser() as browser:
        assert (await browser.get(f"in/{early}")).status_code == 200
        place.now = late + waits
        assert (await browser.get(f"in/{early}")).status_code == 403
        assert (await browser.post(f"in/{early}")).status_code == 403
    assert _visits(place) == 0


async def test_s4_the_link_of_one_who_is_no_admin_any_more_is_dead(place: Reviewing) -> None:
    """It stays dead when they are appointed again: they ask for another."""
    secret = await place.link()
    await place.appoint(PETRA.id)
    async with place.browser() as browser:
        assert (await browser.post(f"in/{secret}")).status_code == 403
        await place.appoint(OLGA.id)
        assert (await browser.post(f"in/{secret}")).status_code == 403


async def test_s4_nobody_but_an_admin_is_signed_in(place: Reviewing) -> None:
    """Should a link ever be made for somebody else, it is worth nothing."""
    async with place.browser() as browser:
        assert (await browser.post(f"in/{await place.link(PETRA.id)}")).status_code == 403
    assert _visits(place) == 0


async def test_s4_the_newest_link_alone_works(place: Reviewing) -> None:
    """Of one person; another admin's link is not touched."""
    await place.appoint(OLGA.id, PETRA.id)
    first, others, second = await place.link(), await place.link(PETRA.id), await place.link()
    async with place.browser() as browser:
        assert (await browser.post(f"in/{first}")).status_code == 403
        assert (await browser.post(f"in/{second}")).status_code == 303
        assert (await browser.post(f"in/{others}")).status_code == 303


async def test_s4_nothing_stored_gives_the_link_or_the_cookie_away(place: Reviewing) -> None:
    """Neither the secret of a link, nor a cookie, nor the token of the forms stands in the file."""
    secret = await place.link()
    async with place.browser() as browser:
        await browser.post(f"in/{secret}")
        held = [secret, cookie_of(browser), await form_token(browser)]
        unused = await place.link()
    stored = b"".join(one.read_bytes() for one in place.file.parent.glob("bot.db*"))
    assert [one for one in [*held, unused] if one.encode() in stored] == []


# -- S5: the visit -----------------------------------------------------------------------------------------------------


async def test_s5_each_sign_in_has_a_cookie_of_its_own(place: Reviewing) -> None:
    """One that was planted before is not taken on (fixation), nor does it open anything afterwards."""
    planted = "planted-by-somebody-else-before-the-sign-in"
    cookies = set()
    for _ in range(20):
        async with place.browser(Cookie=f"{COOKIE}={planted}") as browser:
            answer = await browser.post(f"in/{await place.link()}")
            cookies.add(SimpleCookie(answer.headers["set-cookie"])[COOKIE].value)
    assert len(cookies) == 20
    assert planted not in cookies
    async with place.browser(Cookie=f"{COOKIE}={planted}") as browser:
        assert (await browser.get("")).status_code == 403


async def test_s5_signing_in_again_ends_the_earlier_visit(place: Reviewing) -> None:
    """Of the same browser."""
    async with await place.signed_in() as browser, place.browser() as thief:
        earlier = cookie_of(browser)
        await browser.post(f"in/{await place.link()}")
        assert (await browser.get("")).status_code == 200
        assert (await thief.get("", headers={"Cookie": f"{COOKIE}={earlier}"})).status_code == 403


async def test_s5_the_cookie_is_kept_from_scripts_other_sites_and_plain_http(place: Reviewing) -> None:
    """HttpOnly, Secure, SameSite, bound to the very host; random enough."""
    async with place.browser() as browser:
        answer = await browser.post(f"in/{await place.link()}")
    morsel = SimpleCookie(answer.headers["set-cookie"])[COOKIE]
    assert COOKIE.startswith("__Host-")
    assert (morsel["httponly"], morsel["secure"], morsel["samesite"], morsel["path"]) == (True, True, "lax", "/")
    assert morsel["domain"] == ""
    assert int(morsel["max-age"]) == LONGEST_MS // 1000
    assert len(morsel.value) >= 43


async def test_s5_a_visit_ends_when_nobody_does_anything(place: Reviewing) -> None:
    """After half an hour; until then every page prolongs it."""
    async with await place.signed_in() as browser:
        for _ in range(5):
            place.now += IDLE_MS - MINUTE
            assert (await browser.get("")).status_code == 200
        place.now += IDLE_MS + MINUTE
        assert (await browser.get("")).status_code == 403


async def test_s5_a_visit_ends_after_twelve_hours_whatever_is_done(place: Reviewing) -> None:
    """However busy it is."""
    async with await place.signed_in() as browser:
        ends = place.now + LONGEST_MS
        while place.now + 20 * MINUTE < ends:
            place.now += 20 * MINUTE
            assert (await browser.get("")).status_code == 200
        place.now = ends
        assert (await browser.get("")).status_code == 403


async def test_s5_signing_out_ends_the_visit_on_the_server(place: Reviewing) -> None:
    """A copy of the cookie is worth nothing; the visits of others go on."""
    async with await place.signed_in() as browser, await place.signed_in() as elsewhere, place.browser() as thief:
        stolen = {"Cookie": f"{COOKIE}={cookie_of(browser)}"}
        assert (await thief.get("", headers=stolen)).status_code == 200
        out = await browser.post("sign-out", data={"form": await form_token(browser)})
        assert out.status_code == 200
        assert SimpleCookie(out.headers["set-cookie"])[COOKIE]["max-age"] == "0"
        assert (await thief.get("", headers=stolen)).status_code == 403
        assert (await browser.get("")).status_code == 403
        assert (await elsewhere.get("")).status_code == 200


async def test_s5_the_loss_of_the_role_ends_every_visit(place: Reviewing) -> None:
    """At the next request, and for good: being appointed again revives none."""
    async with await place.signed_in() as one, await place.signed_in() as another:
        await place.appoint(PETRA.id)
        assert [(await browser.get("")).status_code for browser in (one, another)] == [403, 403]
        await place.appoint(OLGA.id)
        assert [(await browser.get("")).status_code for browser in (one, another)] == [403, 403]


async def test_s5_an_admin_stays_signed_in_over_a_restart(place: Reviewing) -> None:
    """A start appoints the admins of the settings again; who was one before goes on."""
    async with await place.signed_in() as browser:
        await place.appoint(PETRA.id, OLGA.id)
        assert (await browser.get("")).status_code == 200


# -- inside Telegram ---------------------------------------------------------------------------------------------------


def _proof(place: Reviewing, person: int = OLGA.id, *, token: str = TOKEN, age: int = 0, **more: str) -> str:
    """What Telegram says of who opened the page, `age` seconds ago."""
    user = json.dumps({"id": person, "first_name": "Olga"})
    return sign({"user": user, "query_id": secrets.token_hex(4), **more}, token, auth_date=place.now // 1000 - age)


async def _prove(place: Reviewing, proof: str) -> int:
    async with place.browser() as browser:
        answer = await browser.post("app", data={"proof": proof})
        return answer.status_code if answer.status_code != 303 else (await browser.get("")).status_code


async def test_telegrams_proof_signs_an_admin_in_once(place: Reviewing) -> None:
    """However often it is sent, and in whatever order or spelling its parts come."""
    proof = _proof(place)
    parts = proof.split("&")
    assert await _prove(place, proof) == 200
    same = (proof, "&".join(parts[::-1]), "&".join([*parts[:-1], parts[-1].upper().replace("HASH", "hash")]))
    for again in same:
        assert await _prove(place, again) == 403
    assert _visits(place) == 1


async def test_of_fifty_equal_proofs_at_once_one_signs_in(place: Reviewing) -> None:
    """As with the link."""
    proof = _proof(place)
    results = await asyncio.gather(*(_prove(place, proof) for _ in range(AT_ONCE)))
    assert sorted(results) == [200, *[403] * (AT_ONCE - 1)]


@pytest.mark.parametrize(
    "changed",
    [
        {"age": 601},
        {"age": 24 * 3600},
        {"age": -120},
        {"person": PETRA.id},
        {"person": 12345},
        {"token": "4242424242:another-token_of-another-bot-entirely"},
    ],
)
async def test_a_proof_that_is_old_or_of_another_opens_nothing(place: Reviewing, changed: dict[str, Any]) -> None:
    """Older than ten minutes, or of the future; of one who is no admin; signed for another bot."""
    assert await _prove(place, _proof(place, **changed)) == 403
    assert _visits(place) == 0


async def test_a_proof_that_was_tampered_with_opens_nothing(place: Reviewing) -> None:
    """Another person in it, a later time, a part twice, no part, nonsense."""
    good = _proof(place, PETRA.id)
    tampered = [
        good.replace(str(PETRA.id), str(OLGA.id)),
        good + f"&user=%7B%22id%22%3A{OLGA.id}%7D",
        _proof(place, age=700).replace(f"auth_date={place.now // 1000 - 700}", f"auth_date={place.now // 1000}"),
        "", "hash=", "user=1&hash=" + "0" * 64, "%", "a" * 60_000,
    ]  # fmt: skip
    async with place.unwritten():
        for proof in tampered:
            assert await _prove(place, proof) == 403, proof[:80]
    assert _visits(place) == 0


async def test_a_proof_is_worth_nothing_once_the_role_is_lost(place: Reviewing) -> None:
    """And its visit has ended."""
    await place.appoint(PETRA.id)
    assert await _prove(place, _proof(place)) == 403


# -- the log -----------------------------------------------------------------------------------------------------------


async def test_coming_and_going_stand_in_the_audit_log(place: Reviewing) -> None:
    """Who, when, how; read on its page, newest first, page by page."""
    async with await place.signed_in() as browser:
        place.now += MINUTE
        await browser.post("sign-out", data={"form": await form_token(browser)})
    acts = place.rows("SELECT person_id, act, what FROM audit ORDER BY id")
    assert acts == [(OLGA.id, "signed-in", "by a link"), (OLGA.id, "signed-out", "")]
    assert await _prove(place, _proof(place)) == 200
    assert place.rows("SELECT what FROM audit ORDER BY id DESC")[0] == ("inside Telegram",)


async def test_the_audit_log_is_read_page_by_page(place: Reviewing) -> None:
    """Every act is on one page, newest first; it stays when visits and roles are gone."""
    for _ in range(130):
        async with await place.signed_in():
            pass
    await place.appoint(PETRA.id)
    seen: list[str] = []
    async with await place.signed_in(PETRA.id) as browser:
        path = "audit"
        while path:
            page = (await browser.get(path)).text
            seen += [part.split("<td>")[2].split("</td>")[0] for part in page.split("<tr>")[2:]]
            found = re.search(r'href="/review/([^"]+)" rel="next"', page)
            path = found[1] if found else ""
    assert seen == [str(PETRA.id), *[str(OLGA.id)] * 130]


async def test_a_link_in_a_form_of_another_site_signs_nobody_in(place: Reviewing) -> None:
    """Signing a victim in as somebody else (login CSRF) is refused, and the link stays good."""
    secret = await place.link()
    async with place.browser() as browser:
        for foreign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
            answer = await browser.post(f"in/{secret}", headers=foreign)
            assert answer.status_code == 403
        assert _visits(place) == 0
        like_chromium = {"Origin": "null", "Sec-Fetch-Site": "same-origin", **FORM}
        assert (await browser.post(f"in/{secret}", headers=like_chromium)).status_code == 303


async def test_every_answer_keeps_addresses_to_itself(place: Reviewing) -> None:
    """No answer of the sign-in lets a browser tell another site where it was, or keep a copy."""
    secret = await place.link()
    async with place.browser() as browser:
        answers: list[httpx.Response] = [
            await browser.get(f"in/{secret}"), await browser.get("in/none"), await browser.post(f"in/{secret}"),
            await browser.get(""), await browser.get("none"), await browser.get("app"),
        ]  # fmt: skip
    for answer in answers:
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
