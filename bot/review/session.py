"""One session: the chat, the answers, the advice; what admins make of it; the owner's name, when it must be."""

import asyncio
from collections.abc import Awaitable, Callable
from sqlite3 import IntegrityError
from typing import Any, Final

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.languages import NAMES
from bot.review.audit import audited
from bot.review.context import form_of, review_of, visitor_of
from bot.review.outcome import outcome
from bot.review.pseudonyms import pseudonyms
from bot.review.rendering import at, page
from bot.review.replay import replayed
from bot.review.session_filter import STATE_NAMES, asked_for, read
from bot.review.talk import chat
from bot.store import found, marks, transcripts
from bot.store.database import TooSlowError
from bot.store.filters import Filter
from bot.store.records import Record, name_of, records
from bot.store.statements import Job

Form = ImmutableMultiDict[str, str]
GONE: Final = "There is no such session, or it is gone."


async def show(request: Request) -> Response:
    """The page of a session; the filter by which it was found stays in the address."""
    record = await _record(request)
    if record is None:
        return page(request, "error.html", 404, why=GONE)
    await audited(request, "looked", f"session {record.id}")
    return await _page(request, record)


async def name(request: Request) -> Response:
    """The same page with the owner's name and number; noted before it is shown."""
    record = await _record(request)
    if record is None:
        return page(request, "error.html", 404, why=GONE)
    await audited(request, "named", f"session {record.id}")
    known = await name_of(review_of(request).database, record.chat_id)
    return await _page(request, record, named=(known, record.chat_id))


async def _record(request: Request) -> Record | None:
    review, number = review_of(request), request.path_params["number"]
    if number >= found.HIGHEST:
        return None
    return next(iter(await records(review.database, [number], review.clock())), None)


async def _page(request: Request, record: Record, named: tuple[str, int] | None = None) -> Response:
    review, (what, _) = review_of(request), asked_for(request)
    content = await review.contents.of(review.database, record.version, review.contents.current)
    return page(
        request, "session.html", record=record, wanted=what, named=named,
        owner=(await pseudonyms(review.database)).of(record.chat_id),
        chat=await asyncio.to_thread(chat, await transcripts.look(review.database, record.id)),
        outcome=outcome(content, record) if content else None,
        replay=await replayed(review.database, review.contents, record.id),
        remarks=await marks.remarks(review.database, record.id),
        known_labels=await marks.known_labels(review.database),
        languages=NAMES, states=STATE_NAMES, **await _neighbours(request, what, record.id),
    )  # fmt: skip


async def _neighbours(request: Request, what: Filter, number: int) -> dict[str, int]:
    """The sessions before and after this one in the filter, 0 where there is none or it takes too long to find."""
    review = review_of(request)
    if review.database.sealed and what.words:
        return {"newer": 0, "older": 0}
    try:
        older = await found.page(review.database, what, review.clock(), 1, before=number)
        newer = await found.page(review.database, what, review.clock(), 1, after=number)
    except TooSlowError:
        return {"newer": 0, "older": 0}
    return {"newer": newer[0].id if newer else 0, "older": older[0].id if older else 0}


# -- what admins make of it: each is a form of the page, and leads back to it


def _mark(act: str, marking: Callable[[Request, int, Form], Job]) -> Callable[[Request], Awaitable[Response]]:
    """The page that takes a form: writes what `marking` makes of it (nothing: nothing), noted as `act`."""

    async def marked(request: Request) -> Response:
        record = await _record(request)
        if record is None:
            return page(request, "error.html", 404, why=GONE)
        job = marking(request, record.id, await form_of(request))
        if job and not await _written(request, job):
            return page(request, "error.html", 404, why=GONE)
        if job:
            await audited(request, act, f"session {record.id}")
        return RedirectResponse(_back(request, record.id), status_code=303)

    return marked


async def _written(request: Request, job: Job) -> bool:
    """Whether there is still a session to write about: its owner may be forgotten that very moment."""
    try:
        await review_of(request).database.write(job)
    except IntegrityError:
        return False
    return True


def _back(request: Request, number: int) -> str:
    what, _ = read(request.query_params)
    return at(f"sessions/{number}", what.set_values()) + "#marks"


def _flag(request: Request, number: int, form: Form) -> Job:
    return marks.flag(number, flagged=form.get("flagged") == "yes")


def _reviewed(request: Request, number: int, form: Form) -> Job:
    if form.get("reviewed") != "yes":
        return marks.not_reviewed(number)
    who = visitor_of(request)
    return marks.reviewed(number, who.person_id, who.name or str(who.person_id), review_of(request).clock())


def _label(request: Request, number: int, form: Form) -> Job:
    label = marks.as_label(str(form.get("label", "")))
    return marks.label(number, label, visitor_of(request).person_id, review_of(request).clock()) if label else ()


def _unlabel(request: Request, number: int, form: Form) -> Job:
    return marks.unlabel(number, str(form.get("label", "")))


def _remark(request: Request, number: int, form: Form) -> Job:
    text, who = str(form.get("text", "")).strip(), visitor_of(request)
    if not text:
        return ()
    return marks.remark(number, text, who.person_id, who.name or str(who.person_id), review_of(request).clock())


def _unremark(request: Request, number: int, form: Form) -> Job:
    remark: Any = form.get("remark", "")
    return marks.unremark(number, int(remark)) if remark.isascii() and remark.isdigit() and len(remark) < 16 else ()


_ONE: Final = "/sessions/{number:int}"
routes = [
    Route(_ONE, show),
    Route(f"{_ONE}/name", name, methods=["POST"]),
    Route(f"{_ONE}/flag", _mark("flagged", _flag), methods=["POST"]),
    Route(f"{_ONE}/reviewed", _mark("reviewed", _reviewed), methods=["POST"]),
    Route(f"{_ONE}/label", _mark("labelled", _label), methods=["POST"]),
    Route(f"{_ONE}/unlabel", _mark("unlabelled", _unlabel), methods=["POST"]),
    Route(f"{_ONE}/remark", _mark("remarked", _remark), methods=["POST"]),
    Route(f"{_ONE}/unremark", _mark("took a remark back", _unremark), methods=["POST"]),
]
