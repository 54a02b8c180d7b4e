"""Puts the house together: opens, wires, runs the loops, closes in order."""

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import structlog
from starlette.types import ASGIApp
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import BaseRequest

from bot.chat.invitation import Door
from bot.chat.profile import Profile
from bot.chat.rates import Rates
from bot.chat.receive import Receiver
from bot.chat.room import Room
from bot.chat.send import Sender
from bot.chat.transport import UNKNOWN_SHAPE, AiohttpRequest
from bot.chat.watch import Watch
from bot.content.draft import PHRASES_FILE
from bot.content.load import load, load_dialog, read_folder
from bot.content.problems import ContentProblems
from bot.dialog.phrases import Content
from bot.dialog.tree import Dialog
from bot.hot_content import HotContent, Read, Shelf, look
from bot.review.context import Review
from bot.review.web import review_pages
from bot.settings import Settings
from bot.staff.moment import Desk, Person
from bot.store import retention, updates
from bot.store.contents import Contents
from bot.store.database import Database, StoreError, opened
from bot.store.filters import DAY_MS
from bot.store.scrubbing import keep_scrubbed
from bot.turns import Turns

HOUSEKEEPING_SECONDS: Final = 3600
CLOCK_JUMP_MS: Final = 10 * 60 * 1000

log = structlog.get_logger(__name__)


class TokenRefusedError(Exception):
    """Telegram does not accept the token."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: where the Bot API is, with which token, content, database and rates.

    `desk`: how the staff work; `admins`: by their Telegram ids; `staff`: who belongs to it where nobody has decided
    yet (the preview's people). `first` is the content to begin with, `shelf` where it stands and may change; `requests`
    makes PTB's two requests (for calls, for polling); `beside` runs as long as the bot does. `web` serves the review
    pages until cancelled, `address` is how admins reach them; without it there are none. `keys`: the file of keys by
    which the database is encrypted.
    """

    token: str = field(repr=False)
    api: str
    database: Path
    first: Read
    shelf: Shelf
    rates: Rates | None
    desk: Desk = field(default_factory=Desk)
    admins: tuple[int, ...] = ()
    staff: tuple[Person, ...] = ()
    requests: tuple[BaseRequest, BaseRequest] = field(default_factory=lambda: (AiohttpRequest(), AiohttpRequest()))
    keys: Path | None = None
    beside: tuple[Coroutine[Any, Any, None], ...] = ()
    web: Callable[[ASGIApp], Coroutine[Any, Any, None]] | None = None
    address: str = ""


def plan(token: str, api: str, database: Path, settings: Settings, rates: Rates | None) -> Plan:
    """What to run with these settings. Raises ContentProblems when the content has any."""
    folders = (settings.dialogs, settings.knowledge)
    seen, read = look(folders), partial(read_shelf, settings)
    shelf = Shelf(folders, read, seen)
    made = Plan(token, api, database, shelf.read(), shelf, rates, settings.desk(), settings.admins)
    return replace(made, keys=settings.database_key_file)


def read_shelf(settings: Settings) -> Read:
    """The content that the settings name, with its dialog files. Raises ContentProblems with every mistake."""
    files, content = read_folder(settings.dialogs), read_content(settings)
    return Read(content, {name: data.decode() for name, data in files.items() if name != PHRASES_FILE})


def read_content(settings: Settings) -> Content:
    """The content that the settings name, checked. Raises ContentProblems with every mistake."""
    content = load(settings.dialogs, settings.knowledge)
    return replace(
        content,
        retention_days=settings.retention_days,
        backup_days=settings.backup_days,
        operator=settings.operator,
        sealed=settings.database_key_file is not None,
    )


def stored_dialog(files: Mapping[str, str]) -> Dialog | None:
    """The dialog of a stored version, None where today's code cannot load it."""
    try:
        return load_dialog({name: text.encode() for name, text in files.items()})
    except ContentProblems as error:
        log.warning("a stored dialog version cannot be loaded any more", problems=len(error.problems))
        return None


def now_ms() -> int:
    """The time, in epoch milliseconds."""
    return time.time_ns() // 1_000_000


async def run(plan: Plan) -> None:
    """Run the bot until SIGTERM or SIGINT, then stop in order.

    Raises TokenRefusedError, DatabaseRefusedError, or whatever ended one of the loops.
    """
    stopping = _stop_on_signals()
    async with opened(plan.database, plan.keys) as database, _connected(plan, stopping) as bot:
        if stopping.is_set():
            return
        unclean = await updates.claim(database, bot.id)
        contents = Contents(plan.first.content, stored_dialog)
        turns = Turns(database, contents, now_ms, bot.username, plan.desk)
        await turns.begin(plan.first.files, plan.admins, plan.staff)
        room, profile = Room(bot, turns.desk.chat), Profile(bot, turns.desk, plan.admins)
        door = Door(plan.address, now_ms) if plan.web else None
        sender = Sender(
            bot, database, plan.rates, now_ms, room, turns.moved, turns.shut_out, turns.batch_heading, door,
            lambda: turns.content,
        )  # fmt: skip

        def wake() -> None:
            room.chat = turns.desk.chat
            sender.wake()

        receiver, watch = Receiver(bot, turns, wake, unclean=unclean), Watch(turns, room, wake)
        profile.keep(plan.first.content)
        _tell(bot, plan.first.content, unclean=unclean)
        hot = HotContent(plan.shelf, _taking_up(turns, profile))
        housekeeping = _keep_house(database, plan.first.content.retention_days)
        try:
            kept = (housekeeping, keep_scrubbed(database, plan.database))
            loops = (receiver.run(), sender.run(), hot.run(), watch.tick(), watch.look(), *kept)
            await _until(stopping, *loops, *plan.beside, *_web(plan, database, contents, turns, wake))
        finally:
            profile.stop()
            await receiver.stop()
            await sender.stop()
        await _release(database, bot.id)
        log.info("stopped in order")


def _web(
    plan: Plan, database: Database, contents: Contents, turns: Turns, wake: Callable[[], None]
) -> Iterator[Coroutine[Any, Any, None]]:
    """The web server with the review pages, where there is one."""
    if plan.web:
        yield plan.web(review_pages(Review(database, contents, now_ms, plan.address, plan.token, turns, wake)))


def _tell(bot: Bot, content: Content, *, unclean: bool) -> None:
    log.info("running", bot=bot.username, dialog=content.dialog.version, after_unclean_stop=unclean)
    if not content.operator:
        log.warning("/privacy does not say who is responsible: set ADVISOR_OPERATOR to your name and an address")
    if not bot.supports_inline_queries:
        log.warning("inline mode is off, so nobody can look up a term in other chats: send /setinline to @BotFather")


def _taking_up(turns: Turns, profile: Profile) -> Callable[[Read], Awaitable[None]]:
    """What makes content the running one: for the turns, then for the bot's menus."""

    async def take_up(read: Read) -> None:
        await turns.go_on_with(read.content, read.files)
        profile.keep(read.content)

    return take_up


def _stop_on_signals() -> asyncio.Event:
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    return stopping


@contextlib.asynccontextmanager
async def _connected(plan: Plan, stopping: asyncio.Event) -> AsyncIterator[Bot]:
    """A bot that Telegram knows; waits for Telegram if it cannot be reached."""
    calls, polls = plan.requests
    bot = Bot(plan.token, base_url=f"{plan.api}/bot", request=calls, get_updates_request=polls)
    try:
        while not stopping.is_set():
            try:
                await _unless(stopping, bot.initialize())
                break
            except InvalidToken:
                raise TokenRefusedError("Telegram does not accept the token. Copy it again from @BotFather.") from None
            except (TelegramError, *UNKNOWN_SHAPE) as error:
                log.warning("Telegram cannot be reached; trying on", error=type(error).__name__)
                await _pause(stopping, 3)
        yield bot
    finally:
        await bot.shutdown()


async def _unless(stopping: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Do `work`, but drop it as soon as we are to stop. Raises what `work` raises."""
    working, waiting = asyncio.create_task(work), asyncio.create_task(stopping.wait())
    done, _ = await asyncio.wait([working, waiting], return_when=asyncio.FIRST_COMPLETED)
    for task in (working, waiting):
        task.cancel()
    await asyncio.gather(working, waiting, return_exceptions=True)
    if working in done:
        working.result()


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)


async def _until(stopping: asyncio.Event, *loops: Coroutine[Any, Any, None]) -> None:
    """Run the loops until we are to stop, or one of them ends: then its error is raised."""
    waiting = asyncio.create_task(stopping.wait())
    tasks = [asyncio.create_task(loop, name=getattr(loop, "__qualname__", None)) for loop in loops]
    done, _ = await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
    for task in (waiting, *tasks):
        task.cancel()
    await asyncio.gather(waiting, *tasks, return_exceptions=True)
    for task in done - {waiting}:
        log.error("a loop ended, so the process stops", loop=task.get_name())
        task.result()


async def _keep_house(database: Database, retention_days: int) -> None:
    """Every hour, in small steps, drop what is no longer needed, and what owners were told is deleted by now.

    Never at the start, nor once the clock has jumped: a wrong clock must not delete what is still wanted.
    """
    began, ticking = now_ms(), time.monotonic()
    while True:
        await asyncio.sleep(HOUSEKEEPING_SECONDS)
        now, passed = now_ms(), (time.monotonic() - ticking) * 1000
        if abs(now - began - passed) > CLOCK_JUMP_MS:
            jump = (now - began - passed) // 1000
            log.error("the clock jumped; nothing is deleted until the bot is started again", by_seconds=jump)
            continue
        await _clean(database, now, retention_days * DAY_MS)


async def _clean(database: Database, now: int, kept_ms: int) -> None:
    try:
        gone = await retention.prune(database, now, kept_ms)
    except StoreError as error:
        log.error("housekeeping failed", error=str(error))
    else:
        if gone:
            log.info("sessions were deleted, as old as owners were told", sessions=gone)


async def _release(database: Database, bot_id: int) -> None:
    """Note that the run ended in order; if the store cannot take it, the next start is careful, that is all."""
    try:
        await asyncio.wait_for(updates.release(database, bot_id), 1)
    except (StoreError, TimeoutError):
        log.warning("the end of the run could not be noted; the next start takes its first updates one by one")
