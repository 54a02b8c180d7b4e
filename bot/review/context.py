"""What the review pages work with, and who looks at them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request

from bot.store.contents import Contents
from bot.store.database import Database
from bot.turns.take import Turns

PREFIX = "/review"
"""Where the pages stand on the web server."""


@dataclass(frozen=True, slots=True)
class Review:
    """What every page may need.

    `clock` gives epoch milliseconds. `address`: how admins reach the web server, as https://advisor.example.org.
    `token`: the bot's, against which Telegram's proofs are checked; it must appear nowhere. `turns`: the only writer of
    what concerns owners and staff; None where there is no bot. `wake`: messages wait to be sent.
    """

    database: Database
    contents: Contents
    clock: Callable[[], int]
    address: str
    token: str = field(default="", repr=False)
    turns: Turns | None = None
    wake: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Visitor:
    """The admin who is signed in. `form`: what each form must carry, so that no other site can send it."""

    person_id: int
    name: str
    form: str = field(repr=False)


def review_of(request: Request) -> Review:
    """What this app works with."""
    review = request.app.state.review
    assert isinstance(review, Review)
    return review


def visitor_of(request: Request) -> Visitor:
    """Who looks at the page. Every page but those of the sign-in has a visitor: the guard lets nobody else pass."""
    visitor = request.state.visitor
    assert isinstance(visitor, Visitor)
    return visitor


async def form_of(request: Request) -> ImmutableMultiDict[str, str]:
    """The fields of a form that was sent (text only), the last of each name by `[...]`, all by `.getlist(...)`."""
    fields = parse_qsl((await request.body()).decode(errors="replace"), keep_blank_values=True)
    return ImmutableMultiDict(fields)
