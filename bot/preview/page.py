"""The chat page: a Telegram chat in the browser, over a pretend Telegram; with staff, their group beside it.

GET  /             the page; ?as=<person id> chooses the person, ?start=<payload> what START sends
GET  /chat/events  what that person sees, live (server-sent events); &chat=<group id> in a group of theirs
GET  /chat/file    a file that the bot sent; ?person, &chat, &message
POST /chat/<act>   the acts of deeds.py
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.preview.cast import CAST, STAFF, STAFF_GROUP, seat_cast, seat_staff
from bot.preview.chats import Person
from bot.preview.deeds import DEEDS
from bot.preview.errors import VisitorError
from bot.preview.guard import LOOPBACK_HOSTS, Guard
from bot.preview.phrases import LANGUAGE_NAMES, page_language, words
from bot.preview.pretend import PretendTelegram
from bot.preview.profile import in_language
from bot.preview.screens import follow, gone, may_see

__all__ = ["CAST", "chat_page", "chat_routes"]

Json = dict[str, Any]

HERE = Path(__file__).parent
LONGEST_BODY = 256 * 1024
HUES = 7
BROKEN_BODY = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)


def chat_page(telegram: PretendTelegram, hosts: Iterable[str] = LOOPBACK_HOSTS, *, staff: bool = False) -> Starlette:
    """The page as an app of its own, guarded.

    In: the pretend Telegram, the host names it may be asked for, whether the staff group is seated and shown.
    """
    return Starlette(routes=chat_routes(telegram, staff=staff), middleware=[Middleware(Guard, hosts=tuple(hosts))])


def chat_routes(telegram: PretendTelegram, *, staff: bool = False) -> list[BaseRoute]:
    """Only the routes, for an app that brings its own guard."""
    page = _Page(telegram, staff=staff)
    return [
        Route("/", page.show),
        Route("/chat/events", page.events),
        Route("/chat/file", page.file),
        Route("/chat/{act}", page.act, methods=["POST"]),
        Mount("/chat/static", StaticFiles(directory=HERE / "static")),
    ]


class _Page:
    def __init__(self, telegram: PretendTelegram, *, staff: bool) -> None:
        self._telegram = telegram
        self._staff = staff
        self._seat()
        loader = FileSystemLoader(HERE / "templates")
        self._templates = Environment(loader=loader, autoescape=select_autoescape(["html"]), trim_blocks=True)

    async def show(self, request: Request) -> Response:
        self._seat()
        person = self._telegram.world.people.get(_number(request.query_params.get("as", str(CAST[0].id))))
        if person is None:
            return RedirectResponse("./")
        html = self._templates.get_template("chat.html").render(
            **self._words(person), **self._people(person), payload=request.query_params.get("start", "")
        )
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})

    async def events(self, request: Request) -> Response:
        self._seat()
        person_id = _number(request.query_params.get("person", ""))
        chat_id = _number(request.query_params.get("chat", "")) or person_id
        seen = may_see(self._telegram.world, person_id, chat_id)
        stream = follow(self._telegram, person_id, chat_id) if seen else gone()
        return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def file(self, request: Request) -> Response:
        """A file that the bot sent to a chat this person sees, to be downloaded; never shown, for it may be a page."""
        person_id, chat_id = (_number(request.query_params.get(name, "")) for name in ("person", "chat"))
        world, message_id = self._telegram.world, _number(request.query_params.get("message", ""))
        message = world.chats[chat_id].messages.get(message_id, {}) if may_see(world, person_id, chat_id) else {}
        file = world.files.get(message.get("document", {}).get("file_id", ""))
        if file is None:
            return PlainTextResponse("This file is gone: the preview keeps files until it is stopped.", status_code=404)
        disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
        headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
        return Response(file.content, media_type=file.kind, headers=headers)

    async def act(self, request: Request) -> Response:
        deed = DEEDS.get(request.path_params["act"])
        if deed is None:
            return JSONResponse({"error": "no such act"}, status_code=404)
        try:
            return JSONResponse(deed(self._telegram, json.loads(await _body(request))))
        except _TooLongError:
            return JSONResponse({"error": "that is too long"}, status_code=413)
        except (VisitorError, *BROKEN_BODY) as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    # -- the rest

    def _seat(self) -> None:
        seat_cast(self._telegram)
        if self._staff:
            seat_staff(self._telegram)

    def _words(self, person: Person) -> Json:
        world, said = self._telegram.world, words(person.language_code)
        return {
            "lang": page_language(person.language_code),
            "words": said,
            "words_json": json.dumps(said, ensure_ascii=False),
            "languages": LANGUAGE_NAMES,
            "bot_name": in_language(world.profile.names, person.language_code) or world.bot_name,
        }

    def _people(self, person: Person) -> Json:
        staff = {member.id: role for member, role in STAFF.items()}
        people = self._telegram.world.people.values()
        owners = [(one, one.id % HUES) for one in people if one.id not in staff or one is person]
        return {
            "person": person,
            "people": owners,
            "staff": list(STAFF.items()) if self._staff else [],
            "staff_group": STAFF_GROUP if self._staff else "",
        }


class _TooLongError(Exception):
    """A body longer than any act needs."""


async def _body(request: Request) -> bytes:
    """The body. Raises _TooLongError as soon as it is too long."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            raise _TooLongError
    return body


def _number(text: str) -> int:
    """An id from a query string; 0 for what is none."""
    return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else 0
