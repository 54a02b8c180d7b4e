"""A crowd that wanders through a dialog by the turns themselves, into a real database file; no Telegram around it."""

import contextlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dialog_live import Wanderer
from sqlalchemy import bindparam, select

from bot.app import stored_dialog
from bot.dialog import place
from bot.dialog.events import AnyEvent, Commanded, Pressed
from bot.dialog.phrases import Content
from bot.dialog.presses import Press, read_press
from bot.dialog.session import Button, Session
from bot.dialog.view import View
from bot.languages import Language
from bot.staff.moment import Desk
from bot.store import schema, sessions
from bot.store.contents import Contents
from bot.store.database import Database, opened
from bot.store.sessions import is_simulated
from bot.store.statements import compiled
from bot.turns.batch import Incoming
from bot.turns.take import Turns

NOW = 1_795_305_600_000
"""The beginning of 2026-11-22, UTC."""
HOUR = 3_600_000

_o = schema.outbox.c
_SHOWN = compiled(select(_o.id, _o.chat_id, _o.buttons).where(_o.id > bindparam("after")).order_by(_o.id))


@dataclass(slots=True)
class Walked:
    """The crowd, its turns, and the time it is for them (epoch ms)."""

    database: Database
    content: Content
    turns: Turns
    contents: Contents
    path: Path
    clock: list[int]
    people: dict[int, Wanderer] = field(default_factory=dict)
    updates: int = 0
    shown: int = 0

    def join(self, *people: int, language: Language | None = None) -> None:
        """They come, each with habits of their own; with Telegram in this language."""
        for person in people:
            owner = self.people[person] = Wanderer(self.content, person)
            owner.session = Session(language or owner.session.language)

    async def to_first_question(self, person: int, language: Language = "en") -> None:
        """Somebody new agrees and is asked."""
        self.join(person, language=language)
        await self.do((person, Commanded(name="start")))
        await self.do((person, Pressed(data=Press("agree", words=(language, "", self.content.privacy)).data())))
        await self.tap(person, "find")

    def later(self, ms: int) -> None:
        """Time passes."""
        self.clock[0] += ms

    async def act(self, *people: int) -> None:
        """Each of them does something, all in one batch."""
        await self.do(*((person, self.people[person].event()) for person in people))

    async def do(self, *events: tuple[int, AnyEvent]) -> None:
        """These people do these things, in one batch; they see what comes of it."""
        await self.turns.take([self._incoming(person, event) for person, event in events])
        await self._look()

    def _incoming(self, person: int, event: AnyEvent) -> Incoming:
        self.updates += 1
        label = event.data if isinstance(event, Pressed) else ""
        language = self.people[person].session.language
        return Incoming(self.updates, "event", person, event, language, label=label, callback="q" if label else "")

    async def _look(self) -> None:
        """What the bot wrote is seen at once."""
        for row in await self.database.read(_SHOWN, {"after": self.shown}):
            self.shown, owner = row["id"], self.people.get(row["chat_id"])
            buttons = [Button(label, press) for line in json.loads(row["buttons"] or "[]") for label, data in line
                       if (press := read_press(data)) and press.action != "forget-yes"]  # fmt: skip
            if owner and buttons:
                owner.newest, owner.seen = buttons, [*owner.seen[-60:], *buttons]
        await self._look_on()

    async def _look_on(self) -> None:
        """To simulated people nothing is sent: they know what waits."""
        for chat in (await sessions.load(self.database, filter(is_simulated, self.people))).values():
            rows = place.waiting(View(self.content, chat.session)).rows
            self.people[chat.id].seen += [button for row in rows for button in row]

    async def tap(self, person: int, action: str, *words: str) -> None:
        """They tap the newest button that does this, with these words in its data."""
        found = next(
            one.press for one in reversed(self.people[person].seen)
            if one.press.action == action and one.press.words[: len(words)] == words
        )  # fmt: skip
        await self.do((person, Pressed(data=found.data())))


@contextlib.asynccontextmanager
async def walking(
    path: Path,
    content: Content,
    files: Mapping[str, str],
    now: int = NOW,
    desk: Desk | None = None,
    admins: Sequence[int] = (),
) -> AsyncIterator[Walked]:
    """An empty crowd on a database in this file; `files`: the dialog files of this content."""
    clock = [now]
    async with opened(path) as database:
        contents = Contents(content, stored_dialog)
        turns = Turns(database, contents, lambda: clock[0], "an_advisor_bot", desk)
        await turns.begin(files, admins)
        yield Walked(database, content, turns, contents, path, clock)
