"""The chat page: a Telegram chat in the browser, over a pretend Telegram.

GET  /             the page; ?as=<person id> chooses the person, ?start=<payload> what START sends
GET  /chat/events  what that person sees, live (server-sent events); the first event is the whole chat
POST /chat/<act>   say, press, edit, send, forward, block, unblock, language, people
"""

import json
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.preview.chats import Person
from bot.preview.errors import VisitorError
from bot.preview.guard import LOOPBACK_HOSTS, Guard
from bot.preview.phrases import LANGUAGE_NAMES, guess_language, page_language, words
from bot.preview.pretend import PretendTelegram
from bot.preview.profile import commands_for, in_language

Json = dict[str, Any]

HERE = Path(__file__).parent
STILL_HERE_SECONDS = 15.0
LONGEST_NAME = 40
LONGEST_TEXT = 4096
LONGEST_BODY = 256 * 1024
LONGEST_ID = 18
CAST = (
    Person(710_000_001, "Emma", "en"),
    Person(710_000_002, "Ana", "pt"),
    Person(710_000_003, "Boris", "bg"),
    Person(710_000_004, "Aino", "fi"),
)
HUES = 7


def chat_page(telegram: PretendTelegram, hosts: Iterable[str] = LOOPBACK_HOSTS) -> Starlette:
    """The page as an app of its own, guarded. In: the pretend Telegram, the host names it may be asked for."""
    return Starlette(routes=chat_routes(telegram), middleware=[Middleware(Guard, hosts=tuple(hosts))])


def chat_routes(telegram: PretendTelegram) -> list[BaseRoute]:
    """Only the routes, for an app that brings its own guard."""
    page = _Page(telegram)
    return [
        Route("/", page.show),
        Route("/chat/events", page.events),
        Route("/chat/{act}", page.act, methods=["POST"]),
        Mount("/chat/static", StaticFiles(directory=HERE / "static")),
    ]


def seat_cast(telegram: PretendTelegram) -> None:
    """The people who are always there; those who are keep their language."""
    for person in CAST:
        if person.id not in telegram.world.people:
            telegram.world.add_person(person)


class _Page:
    def __init__(self, telegram: PretendTelegram) -> None:
        self._telegram = telegram
        seat_cast(telegram)
        loader = FileSystemLoader(HERE / "templates")
        self._templates = Environment(loader=loader, autoescape=select_autoescape(["html"]), trim_blocks=True)
        self._acts = {
            "say": self._say,
            "press": self._press,
            "edit": self._edit,
            "send": self._send,
            "forward": self._forward,
            "block": self._block,
            "unblock": self._unblock,
            "language": self._language,
            "people": self._people,
        }

    async def show(self, request: Request) -> Response:
        seat_cast(self._telegram)
        world = self._telegram.world
        wanted = request.query_params.get("as", str(CAST[0].id))
        if not wanted.isdecimal() or len(wanted) > LONGEST_ID or int(wanted) not in world.people:
            return RedirectResponse("./")
        person = world.people[int(wanted)]
        said = words(person.language_code)
        html = self._templates.get_template("chat.html").render(
            lang=page_language(person.language_code),
            words=said,
            words_json=json.dumps(said, ensure_ascii=False),
            person=person,
            people=[(one, one.id % HUES) for one in world.people.values()],
            languages=LANGUAGE_NAMES,
            bot_name=in_language(world.profile.names, person.language_code) or world.bot_name,
            payload=request.query_params.get("start", ""),
        )
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})

    async def events(self, request: Request) -> Response:
        seat_cast(self._telegram)
        asked = request.query_params.get("person", "")
        known = asked.isdecimal() and len(asked) <= LONGEST_ID and int(asked) in self._telegram.world.people
        stream = self._follow(int(asked)) if known else _gone()
        return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def act(self, request: Request) -> Response:
        act = self._acts.get(request.path_params["act"])
        if act is None:
            return JSONResponse({"error": "no such act"}, status_code=404)
        try:
            return JSONResponse(act(json.loads(await _body(request))))
        except _TooLongError:
            return JSONResponse({"error": "that is too long"}, status_code=413)
        except (
            VisitorError,
            LookupError,
            TypeError,
            ValueError,
            AttributeError,
            ArithmeticError,
            RecursionError,
        ) as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    # -- what a screen shows

    async def _follow(self, person_id: int) -> AsyncIterator[bytes]:
        world = self._telegram.world
        watch = world.watch(person_id)
        try:
            yield b"retry: 1000\n" + _event(self._state(person_id))
            while not watch.closed:
                event = await watch.next(STILL_HERE_SECONDS)
                yield _event(self._seen(person_id, event)) if event else b": still here\n\n"
        finally:
            world.unwatch(person_id, watch)

    def _state(self, person_id: int) -> Json:
        world = self._telegram.world
        person, chat = world.people[person_id], world.chats[person_id]
        language = person.language_code
        return {
            "type": "state",
            "language": language,
            "name": in_language(world.profile.names, language) or world.bot_name,
            "description": in_language(world.profile.descriptions, language),
            "commands": commands_for(world, person_id, language),
            "blocked": bool(chat.shut),
            "messages": [_view(message, person) for message in chat.messages.values()],
        }

    def _seen(self, person_id: int, event: Json) -> Json:
        if event["type"] == "profile":
            return self._state(person_id)
        if "message" in event:
            return {**event, "message": _view(event["message"], self._telegram.world.people[person_id])}
        return event

    # -- what a person does

    def _say(self, body: Json) -> Json:
        """A long text goes as several messages, as from Telegram's own apps."""
        text = _whole(body["text"])
        pieces = [text[start : start + LONGEST_TEXT] for start in range(0, len(text), LONGEST_TEXT)] or [""]
        updates = [self._telegram.visitors.say(int(body["person"]), piece) for piece in pieces]
        return {"message_id": updates[-1]["message"]["message_id"]}

    def _press(self, body: Json) -> Json:
        person_id, message_id = int(body["person"]), int(body["message_id"])
        update = self._telegram.visitors.press(person_id, message_id, _whole(body["data"]))
        return {"query_id": update["callback_query"]["id"]}

    def _edit(self, body: Json) -> Json:
        self._telegram.visitors.edit(int(body["person"]), int(body["message_id"]), _whole(body["text"])[:LONGEST_TEXT])
        return {}

    def _send(self, body: Json) -> Json:
        self._telegram.visitors.send(int(body["person"]), _whole(body["kind"]))
        return {}

    def _forward(self, body: Json) -> Json:
        self._telegram.visitors.forward(
            int(body["person"]), _whole(body["text"])[:LONGEST_TEXT], _whole(body["author"])
        )
        return {}

    def _block(self, body: Json) -> Json:
        self._telegram.visitors.block(int(body["person"]))
        return {}

    def _unblock(self, body: Json) -> Json:
        self._telegram.visitors.unblock(int(body["person"]))
        return {}

    def _language(self, body: Json) -> Json:
        person = self._telegram.visitors.speak(int(body["person"]), _whole(body["language_code"]))
        self._telegram.world.tell(person.id, {"type": "profile"})
        return {}

    def _people(self, body: Json) -> Json:
        name = _whole(body["first_name"]).strip()[:LONGEST_NAME]
        if not name:
            raise VisitorError("a person needs a name")
        return {"person": self._telegram.visitors.add_person(name, _whole(body["language_code"])).id}


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


def _whole(value: object) -> str:
    """A text without halves of characters, which no file or database takes."""
    return str(value).encode("utf-8", "replace").decode()


def _view(message: Json, person: Person) -> Json:
    text = message.get("text") or message.get("caption") or ""
    mine = message.get("from", {}).get("id") == person.id
    return {**message, "mine": mine, "lang": guess_language(text, person.language_code)}


def _event(body: Json) -> bytes:
    return b"data: " + json.dumps(body).encode() + b"\n\n"


async def _gone() -> AsyncIterator[bytes]:
    yield _event({"type": "gone"})
