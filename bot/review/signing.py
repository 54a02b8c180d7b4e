"""The ways in and out: the one-time link, Telegram's proof inside Telegram, sign-out."""

import secrets
from datetime import UTC, datetime
from typing import Final

from init_data_py import validate_by_hash
from init_data_py.errors import InvalidInitDataError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.review.audit import audited
from bot.review.context import Review, form_of, review_of
from bot.review.guard import COOKIE
from bot.review.rendering import at, page
from bot.store import visits
from bot.store.statements import Job

COOKIE_BYTES: Final = 32
PROOF_SECONDS: Final = 600
AHEAD_SECONDS: Final = 60
"""So far our clock may be behind Telegram's: a proof must not outlive the note that it was used."""


async def ask(request: Request) -> Response:
    """The page behind the link: a button, and nothing is used up. Telegram and scanners open links unasked."""
    review = review_of(request)
    if not await visits.is_good_link(review.database, request.path_params["secret"], review.clock()):
        return _dead(request)
    return page(request, "sign_in.html")


async def sign_in(request: Request) -> Response:
    """The button: begins a visit, once. Who only guesses costs a look, and no writing."""
    review, secret = review_of(request), request.path_params["secret"]
    now, cookie = review.clock(), secrets.token_urlsafe(COOKIE_BYTES)
    if not await visits.is_good_link(review.database, secret, now):
        return _dead(request)
    return await _begun(request, visits.begin_by_link(secret, cookie, now), cookie)


async def in_telegram(request: Request) -> Response:
    """The page that Telegram opens inside itself; its script sends Telegram's proof of who looks."""
    return page(request, "app.html")


async def sign_in_by_proof(request: Request) -> Response:
    """Telegram's proof: begins a visit, once."""
    review = review_of(request)
    proof, person = _proven(review, str((await form_of(request)).get("proof", "")))
    if not await visits.is_good_proof(review.database, proof, person):
        return _dead(request)
    cookie = secrets.token_urlsafe(COOKIE_BYTES)
    return await _begun(request, visits.begin_in_app(proof, person, cookie, review.clock()), cookie)


def _proven(review: Review, data: str) -> tuple[str, int]:
    """What makes this proof the one it is, and whose it is; 0: nobody's, or too old."""
    now = datetime.fromtimestamp(review.clock() / 1000, UTC)
    try:
        proven = validate_by_hash(data, review.token, expires_in=PROOF_SECONDS, now=now)
    except InvalidInitDataError:
        return "", 0
    if proven.auth_date - AHEAD_SECONDS > now.timestamp():
        return "", 0
    return f"app:{proven.hash}", proven.user.id if proven.user else 0


async def _begun(request: Request, job: Job, cookie: str) -> Response:
    """Signed in with a cookie that nobody had before; an earlier visit of the same browser ends."""
    review = review_of(request)
    await review.database.write(job)
    if await visits.find(review.database, cookie, review.clock()) is None:
        return _dead(request)
    if earlier := request.cookies.get(COOKIE):
        await review.database.write(visits.end(earlier))
    response = RedirectResponse(at(""), status_code=303)
    response.set_cookie(
        COOKIE, cookie, max_age=visits.LONGEST_MS // 1000, path="/", secure=True, httponly=True, samesite="lax"
    )
    return response


async def sign_out(request: Request) -> Response:
    """The visit ends here, on the server."""
    await audited(request, "signed-out", "")
    await review_of(request).database.write(visits.end(request.cookies[COOKIE]))
    request.state.visitor = None
    response = page(request, "signed_out.html")
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return response


def _dead(request: Request) -> Response:
    return page(request, "dead_link.html", 403)


routes = [
    Route("/in/{secret}", ask),
    Route("/in/{secret}", sign_in, methods=["POST"]),
    Route("/app", in_telegram),
    Route("/app", sign_in_by_proof, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
]
