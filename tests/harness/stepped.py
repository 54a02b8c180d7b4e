"""The bot step by step: real turns, a real database file and the real delivery on the pretend Telegram, in process.

No network, no loops, no waiting: a test says when updates are taken, when the outbox is delivered, and what time it is.
"""

import asyncio
import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar, cast

from telegram import Bot, InputFile
from telegram.error import BadRequest, Forbidden

from bot.app import stored_dialog
from bot.chat.deliver import Delivery
from bot.chat.files import Files
from bot.chat.room import Room
from bot.chat.updates import ALLOWED, read_update
from bot.chat.waiting import Waiting
from bot.content.draft import PHRASES_FILE
from bot.content.load import load, read_folder
from bot.dialog.phrases import Content
from bot.preview.cast import JONAS, OLGA, PETRA, STAFF_GROUP, seat_staff
from bot.preview.chats import Chat
from bot.preview.errors import ApiError
from bot.preview.pretend import PretendTelegram
from bot.staff.moment import Desk, Person
from bot.store import outbox, sessions
from bot.store.contents import Contents
from bot.store.database import Database, opened
from bot.store.database_file import migrate
from bot.turns import Answer, AnyAnswer, Incoming, Turns
from harness.content import write_small_content
from harness.keyed import key_file

Result = TypeVar("Result")

BEGAN_MS = 1_795_341_600_000
"""A Sunday in November, at ten."""
IN_MEMORY = Path("/dev/shm")
SEATED = (Person(PETRA.id, "staff", "Petra"), Person(JONAS.id, "staff", "Jonas"))
ASKS_FOR_A_PERSON = "talk to a human"


@dataclass(frozen=True, slots=True)
class Call:
    """A request of the bot: `number` is the message it became or changed, `refused` Telegram's words."""

    method: str
    chat: int
    thread: int
    words: str
    data: tuple[str, ...]
    number: int
    refused: str = ""


class DirectBot:
    """As much of PTB's Bot as delivering needs, straight on the pretend Telegram; it remembers every call."""

    def __init__(self, telegram: PretendTelegram) -> None:
        self._telegram, self.id = telegram, telegram.world.bot_id
        self.bot = SimpleNamespace(can_read_all_group_messages=False)
        self.calls: list[Call] = []

    async def do_api_request(self, method: str, api_kwargs: Mapping[str, Any], read_timeout: float) -> Any:
        """One call. Raises PTB's errors."""
        sent = {name: one.field_tuple if isinstance(one, InputFile) else one for name, one in api_kwargs.items()}
        try:
            result = await self._telegram.call(method, sent)
        except ApiError as error:
            self.calls.append(_call(method, api_kwargs, {}, error.description))
            raise (Forbidden if error.code == 403 else BadRequest)(error.description) from None
        self.calls.append(_call(method, api_kwargs, result, ""))
        return result


def _call(method: str, params: Mapping[str, Any], result: Any, refused: str) -> Call:
    words = f"copy {params['message_id']}" if method == "copyMessage" else _words(params)
    rows = (params.get("reply_markup") or {}).get("inline_keyboard") or []
    data = tuple(button["callback_data"] for row in rows for button in row if "callback_data" in button)
    made = result if isinstance(result, Mapping) else {}
    number = made.get("message_thread_id" if method == "createForumTopic" else "message_id", 0)
    thread = int(params.get("message_thread_id") or 0)
    return Call(method, int(params.get("chat_id", 0)), thread, words, data, number, refused)


def _words(params: Mapping[str, Any]) -> str:
    return unescape(str(params.get("text") or params.get("caption") or params.get("name") or ""))


@cache
def _ready() -> tuple[Content, Mapping[str, str], bytes]:
    """The small advisor, which knows one way to ask for a person; its dialog files; an empty database."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_small_content(folder / "content")
        knowledge, dialogs = folder / "content" / "knowledge", folder / "content" / "dialogs"
        words = knowledge / "words-en.yaml"
        text = words.read_text(encoding="utf-8").rstrip().removesuffix("}")
        words.write_text(f'{text}, "human": {{"phrases": "{ASKS_FOR_A_PERSON}"}}}}', encoding="utf-8")
        files = {one: data.decode() for one, data in read_folder(dialogs).items() if one != PHRASES_FILE}
        migrate(folder / "empty.db")
        return load(dialogs, knowledge), files, (folder / "empty.db").read_bytes()


class Stepped:
    """One bot with its staff, on a database of its own. `now`: the time, epoch milliseconds; `sealed`: encrypted."""

    def __init__(self, *, sealed: bool = False) -> None:
        self.now = BEGAN_MS
        self.telegram = PretendTelegram(first_id=1_000, clock=lambda: self.now / 1000)
        self.telegram.world.updates.ask_for(ALLOWED)
        self.group: Chat = seat_staff(self.telegram)
        self.bot = DirectBot(self.telegram)
        self.content, self._files, empty = _ready()
        self.folder = Path(tempfile.mkdtemp(dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
        (self.folder / "bot.db").write_bytes(empty)
        self.keys = key_file(self.folder) if sealed else None
        self._loop = asyncio.new_event_loop()
        self._stack = contextlib.AsyncExitStack()
        self._looking: sqlite3.Connection | None = None
        self.start()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Let it come to its end."""
        return self._loop.run_until_complete(work)

    # -- start and stop

    def start(self) -> None:
        """Open the database and get the turns ready."""
        self.database: Database = self.run(self._stack.enter_async_context(opened(self.folder / "bot.db", self.keys)))
        desk = Desk(STAFF_GROUP)
        contents = Contents(self.content, stored_dialog)
        self.turns = Turns(self.database, contents, lambda: self.now, "pretend_advisor_bot", desk)
        self.run(self.turns.begin(self._files, (OLGA.id,), SEATED))
        room = Room(cast(Bot, self.bot), STAFF_GROUP)
        files = Files(self.database, lambda: self.turns.content)
        bot = cast(Bot, self.bot)
        self.delivery = Delivery(bot, self.database, room, _at_once, self.database.write, files, lambda: self.now)

    def restart(self) -> None:
        """Stop, and start again on the same file."""
        self.run(self._stack.aclose())
        self._stack = contextlib.AsyncExitStack()
        self.start()

    def end(self) -> None:
        """Close everything and leave nothing behind."""
        self.run(self._stack.aclose())
        if self._looking:
            self._looking.close()
        self._loop.close()
        shutil.rmtree(self.folder)

    # -- what comes in, what goes out

    def came(self) -> list[Incoming]:
        """What Telegram has for us, as the turns see it; it is not given again."""
        listed = self.telegram.world.updates.unconfirmed()
        self.telegram.world.updates.clear()
        return [read_update(raw) for raw in listed]

    def take(self, items: Sequence[Incoming], *, again: bool = False) -> list[AnyAnswer]:
        """One batch; the presses in it are answered. `again`: one by one, as after an unclean stop."""
        answers = self.run((self.turns.take_again if again else self.turns.take)(items))
        for answer in answers:
            if isinstance(answer, Answer):
                self.run(self._answer(answer))
        return answers

    async def _answer(self, answer: Answer) -> None:
        with contextlib.suppress(BadRequest):
            params = {"callback_query_id": answer.callback, "text": answer.toast}
            await self.bot.do_api_request("answerCallbackQuery", params, 1)

    def deliver(self) -> list[Call]:
        """Everything in the outbox, in the sender's order; gives the calls that it took."""
        before = len(self.bot.calls)
        self.run(self._deliver())
        return self.bot.calls[before:]

    async def _deliver(self) -> None:
        queues: dict[int, Waiting] = {}
        for message in await outbox.undelivered(self.database, 0):
            queues.setdefault(message.chat_id, Waiting()).add(message)
        for chat, queue in queues.items():
            while queue:
                await self._deliver_one(chat, queue)

    async def _deliver_one(self, chat: int, queue: Waiting) -> None:
        """As bot/chat/send.py does it: a blocked chat is over, a refused message is kept as failed."""
        message = queue.take(float("inf"), self.now)[0]
        try:
            number = await self.delivery.deliver(message)
            is_last = message.what == "forgotten"
            job = outbox.gone(message.id) if is_last else outbox.sent(message.id, number, self.now)
        except Forbidden as error:
            queue.shut()
            job = (*sessions.block(chat, self.now), *outbox.chat_failed(chat, str(error), self.now))
            job = (*job, *outbox.gone(message.id)) if message.what == "forgotten" else job
        except BadRequest as error:
            job = outbox.failed(message.id, str(error), self.now)
        await self.database.write(job)

    # -- looking

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database holds."""
        if self._looking is None:
            self._looking = sqlite3.connect(self.folder / "bot.db", isolation_level=None)
        return self._looking.execute(sql).fetchall()


async def _at_once(chat: int) -> None:
    """No rate holds here."""
