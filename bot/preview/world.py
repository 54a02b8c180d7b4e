"""What the pretend server knows: people, chats, messages, open queries, and who is watching."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.preview.chats import Chat, Person
from bot.preview.errors import NO_CHAT, ApiError, VisitorError, bad_request, forbidden, upgraded
from bot.preview.updates import UpdateQueue

Json = dict[str, Any]

ANSWERABLE_SECONDS = 900.0
INLINE_SECONDS = 30.0
KEPT_QUERIES = 20_000
KEPT_FILES = 100


@dataclass
class Query:
    """A callback or inline query that waits for its answer."""

    person_id: int
    at: float
    answer: Json | None = None
    lives: float = ANSWERABLE_SECONDS
    chat_id: int = 0


@dataclass
class Profile:
    """What the bot told about itself. Keys: (scope as text, language code) for commands, language code for the rest."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)


class Watch:
    """One screen that follows what a person sees. A screen that falls 1,000 events behind is dropped."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[Json | None] = asyncio.Queue(1_000)
        self.closed = False

    def tell(self, event: Json) -> None:
        try:
            self._events.put_nowait(event)
        except asyncio.QueueFull:
            self.close()

    def close(self) -> None:
        """No more events; what waits in `next` ends."""
        self.closed = True
        if self._events.full():
            self._events.get_nowait()
        self._events.put_nowait(None)

    async def next(self, seconds: float) -> Json | None:
        """The next event; None when none came in time or the watch is closed."""
        if self.closed:
            return None
        try:
            async with asyncio.timeout(seconds):
                return await self._events.get()
        except TimeoutError:
            return None


@dataclass(frozen=True)
class File:
    """A file that the bot sent, for people to download."""

    name: str
    kind: str
    content: bytes


class World:
    """The server's whole state.

    In: the bot's id and name, the number all ids start from, a clock in seconds since 1970.
    """

    def __init__(self, bot_id: int, bot_name: str, first_id: int, clock: Callable[[], float]) -> None:
        self.bot_id = bot_id
        self.bot_name = bot_name
        self.clock = clock
        self.updates = UpdateQueue(first_id, clock)
        self.profile = Profile()
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, Query] = {}
        self._watches: dict[int, list[Watch]] = {}
        self._numbers = itertools.count(first_id)
        self.first_id = first_id
        self.files: dict[str, File] = {}
        self.inline_mode = True
        """Whether @BotFather was told /setinline."""
        self.privacy_mode = True
        """What @BotFather's /setprivacy says: as a plain member the bot then hears little of a group."""

    def now(self) -> int:
        return int(self.clock())

    def number(self) -> int:
        """A number never given before, not even before a restart."""
        return next(self._numbers)

    def bot_user(self) -> Json:
        """The bot, as a Bot API User."""
        name = self.profile.names.get("", self.bot_name)
        return {"id": self.bot_id, "is_bot": True, "first_name": name, "username": "pretend_advisor_bot"}

    # -- people and chats

    def add_person(self, person: Person) -> Person:
        """A person and their private chat; replaces the facts of one already there."""
        self.people[person.id] = person
        chat = self.chats.setdefault(person.id, Chat({}, self.first_id))
        chat.facts = person.chat()
        return person

    def person(self, person_id: int) -> Person:
        """Raises VisitorError for an unknown one."""
        if person_id not in self.people:
            raise VisitorError(f"no person {person_id}")
        return self.people[person_id]

    def known_chat(self, chat_id: int) -> Chat:
        """For visitors. Raises VisitorError for an unknown one."""
        if chat_id not in self.chats:
            raise VisitorError(f"no chat {chat_id}")
        return self.chats[chat_id]

    def bot_chat(self, chat_id: int | str) -> Chat:
        """For the bot. Raises ApiError when the bot cannot reach that chat."""
        chat = self._find(chat_id)
        if chat is None:
            raise bad_request(NO_CHAT)
        if chat.migrated_to:
            raise upgraded(chat.migrated_to)
        return chat

    def open_chat(self, chat_id: int | str) -> Chat:
        """For the bot, to send. Raises ApiError also when it was blocked or thrown out."""
        chat = self.bot_chat(chat_id)
        if chat.shut:
            raise forbidden(chat.shut)
        return chat

    def _find(self, chat_id: int | str) -> Chat | None:
        if isinstance(chat_id, int):
            return self.chats.get(chat_id)
        groups = (c for c in self.chats.values() if c.kind != "private")
        return next((c for c in groups if c.facts.get("username") == chat_id[1:]), None)

    # -- files

    def keep_file(self, number: str, name: str, kind: str, content: bytes) -> None:
        """Keep an upload under its file id; the oldest go when there are too many. Gone after a restart."""
        self.files[number] = File(name, kind, content)
        while len(self.files) > KEPT_FILES:
            del self.files[next(iter(self.files))]

    # -- queries

    def open_query(self, person_id: int, lives: float = ANSWERABLE_SECONDS, *, chat_id: int = 0) -> str:
        """The id of a new callback or inline query, which can be answered for so many seconds."""
        query_id = f"{person_id}{self.number()}"
        self.queries[query_id] = Query(person_id, self.clock(), lives=lives, chat_id=chat_id)
        if len(self.queries) > KEPT_QUERIES:
            del self.queries[next(iter(self.queries))]
        return query_id

    def answer_query(self, query_id: str, answer: Json, refusal: ApiError) -> Query:
        """Keep the answer to a query. Raises the refusal when it is unknown, answered or too old."""
        query = self.queries.get(query_id)
        if query is None or query.answer is not None or self.clock() - query.at > query.lives:
            raise refusal
        query.answer = answer
        return query

    # -- screens

    def watch(self, chat_id: int) -> Watch:
        """Follow what happens in a chat: a person's (under their id), or a group."""
        watch = Watch()
        self._watches.setdefault(chat_id, []).append(watch)
        return watch

    def unwatch(self, chat_id: int, watch: Watch) -> None:
        """Stop following."""
        watches = self._watches.get(chat_id, [])
        if watch in watches:
            watches.remove(watch)

    def tell(self, chat_id: int, event: Json) -> None:
        """Show an event to everyone who watches this chat."""
        for watch in self._watches.get(chat_id, ()):
            watch.tell(event)

    def tell_all(self, event: Json) -> None:
        """Show an event to everyone."""
        for chat_id in self._watches:
            self.tell(chat_id, event)

    def close_screens(self) -> None:
        """End every watch, so that a web server can stop in order."""
        for watches in self._watches.values():
            for watch in watches:
                watch.close()
