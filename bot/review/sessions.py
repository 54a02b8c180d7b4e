"""The list of sessions: searched, filtered, counted, exported."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.dialog.phrases import plain
from bot.languages import NAMES
from bot.review.audit import audited
from bot.review.context import review_of
from bot.review.export import FORMS, exported
from bot.review.pseudonyms import pseudonyms
from bot.review.rendering import page
from bot.review.session_filter import STATE_NAMES, asked_for, choices, told
from bot.store import found, search, words
from bot.store.database import TooSlowError
from bot.store.filters import Filter
from bot.store.found import Count, Hit
from bot.store.records import Record, records, words_of

ON_A_PAGE: Final = 50
NOTHING, MARK, MARK_END = Markup(), Markup("<mark>"), Markup("</mark>")
AROUND: Final = 60
"""Letters shown before and after a word that was found."""
TOO_SLOW: Final = "This takes too long. Choose a period, or look for rarer words."


@dataclass(frozen=True, slots=True)
class Row:
    """A session as the list shows it. `line`: where the words were found, -1: they were not looked for."""

    record: Record
    owner: str
    line: int = -1
    excerpt: Markup = NOTHING


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the list. `newer`, `older`: where the next ones begin, 0: nowhere; `searched_to`: see Searched."""

    rows: tuple[Row, ...] = ()
    newer: int = 0
    older: int = 0
    searched: search.Searched | None = None
    why_not: str = ""


async def show(request: Request) -> Response:
    """A page of it: `before` or `after` is the session where the last page ended."""
    what, wrong = asked_for(request)
    before, after = _number(request, "before"), _number(request, "after")
    await audited(request, "looked", _told(what) if not (before or after) else f"{_told(what)}, another page")
    sheet = await _sheet(request, what, before, after)
    is_all = not (before or after or sheet.older or sheet.searched or sheet.why_not)
    count_ = _as_words(Count(len(sheet.rows), exact=True)) if is_all else await _count(request, what)
    status = 400 if wrong else 503 if sheet.why_not == TOO_SLOW else 200
    return page(
        request, "sessions.html", status, wanted=what, wrong=wrong, sheet=sheet, count=count_,
        choices=await choices(request), languages=NAMES, states=STATE_NAMES,
        sealed=review_of(request).database.sealed, candidates=_names(request),
    )  # fmt: skip


def _told(what: Filter) -> str:
    return f"sessions?{told(what)}".rstrip("?")


def _names(request: Request) -> dict[str, str]:
    candidates = review_of(request).contents.current.dialog.candidates
    return {one.id: plain(one.name.to("en")) for one in candidates.values()}


def _number(request: Request, name: str) -> int:
    asked = request.query_params.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else 0


async def _sheet(request: Request, what: Filter, before: int, after: int) -> Sheet:
    review = review_of(request)
    if review.database.sealed and what.words:
        return await _searched(request, what, before)
    if what.words and not words.terms(what.words):
        return Sheet(why_not="There is no word in what you look for: write letters or digits.")
    try:
        hits = await found.page(review.database, what, review.clock(), ON_A_PAGE + 1, before=before, after=after)
        more = len(hits) > ON_A_PAGE
        hits = (hits[-ON_A_PAGE:] if after else hits[:ON_A_PAGE]) if more else hits
        rows = await _rows(request, what, hits)
    except TooSlowError:
        return Sheet(why_not=TOO_SLOW)
    newer = hits[0].id if hits and (before or (after and more)) else 0
    older = hits[-1].id if hits and (after or more) else 0
    return Sheet(rows, newer, older)


async def _searched(request: Request, what: Filter, before: int) -> Sheet:
    """A sealed database has no table of words: a stretch of the period is read."""
    review = review_of(request)
    if not (what.since and what.until):
        return Sheet(why_not="The texts are encrypted, so they are read one by one: choose from and until when.")
    try:
        done = await search.stretch(review.database, what, review.clock(), ON_A_PAGE, before=before)
        return Sheet(await _rows(request, what, done.hits), 0, done.reached, done)
    except TooSlowError:
        return Sheet(why_not=TOO_SLOW)


async def _rows(request: Request, what: Filter, hits: list[Hit]) -> tuple[Row, ...]:
    review = review_of(request)
    names = await pseudonyms(review.database)
    lines = {hit.id: hit.line for hit in hits}
    kept = await records(review.database, [hit.id for hit in hits], review.clock())
    texts = await words_of(review.database, {hit.id: hit.line for hit in hits if hit.line >= 0})
    terms = [words.folded(term) for term in words.terms(what.words)]
    return tuple(Row(one, names.of(one.chat_id), lines[one.id], excerpt(texts.get(one.id, ""), terms)) for one in kept)


def excerpt(text: str, terms: Sequence[str]) -> Markup:
    """The place in a text where a word begins with one of these (folded), marked, with some of what stands around."""
    for start, word in words.placed(text):
        if any(words.begins(words.folded(word), term) for term in terms):
            end = start + len(word)
            head, tail = text[max(start - AROUND, 0) : start], text[end : end + AROUND]
            head, tail = ("…" if start > AROUND else "") + head, tail + ("…" if len(text) > end + AROUND else "")
            return escape(head) + MARK + escape(text[start:end]) + MARK_END + escape(tail)
    return escape(text[: 2 * AROUND])


async def _count(request: Request, what: Filter) -> str:
    review = review_of(request)
    if review.database.sealed and what.words:
        return ""
    try:
        return _as_words(await found.count(review.database, what, review.clock()))
    except TooSlowError:
        return "many"


def _as_words(counted: Count) -> str:
    n = f"{counted.n:,}" if counted.exact else f"more than {counted.n:,}" if counted.n else "not yet counted"
    return f"{n} session{'' if counted.exact and counted.n == 1 else 's'}"


async def count(request: Request) -> Response:
    """How many sessions a filter has, while it is being chosen."""
    what, wrong = asked_for(request)
    return HTMLResponse(str(escape(wrong or await _count(request, what))))


async def export(request: Request) -> Response:
    """All sessions of the filter, as a file, written as it is read."""
    form = FORMS.get(request.path_params["form"])
    what, wrong = asked_for(request)
    review = review_of(request)
    if form is None or wrong:
        return page(request, "error.html", 400, why=wrong or "There is no such form: csv and jsonl are known.")
    if review.database.sealed and what.words and not (what.since and what.until):
        return page(request, "error.html", 400, why="The texts are encrypted: choose from and until when, too.")
    await audited(request, "exported", f"{_told(what)} as {form.name}")
    stream: AsyncIterator[Any] = exported(review.database, what, review.clock(), form)
    file = f'attachment; filename="sessions.{form.name}"'
    return StreamingResponse(stream, media_type=form.media_type, headers={"Content-Disposition": file})


routes = [
    Route("/sessions", show),
    Route("/sessions/count", count),
    Route("/sessions/export.{form}", export),
]
