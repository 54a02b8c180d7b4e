"""Turns: computes a batch and writes it. The law (design.md, 3.3): a batch is computed first, in memory; an update
that breaks has written nothing and is kept as failed, alone; then all is written together. If the write fails on its
data, the batch is redone one update a transaction. If the store fails, StoreError goes up, and nothing may be
acknowledged.
"""

import asyncio
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import structlog

from bot.dialog.phrases import Content, Words
from bot.dialog.session import Reply
from bot.languages import LANGUAGES
from bot.staff.events import Changed, Grew
from bot.staff.moment import Desk, Person
from bot.store import contents, handovers, people, sessions, taught, updates
from bot.store.database import DATA_ERRORS, Database, StoreError
from bot.turns.batch import Answer, AnyAnswer, Batch, Incoming
from bot.turns.heeding import Heeding
from bot.turns.keep import Keeper
from bot.turns.looking import Looking
from bot.turns.owners import LATE_MS, Owners
from bot.turns.setting_aside import set_aside
from bot.turns.staffing import Staffing
from bot.turns.teaching import Teaching
from bot.turns.ticking import Step, Ticking

GROUP_NOTICE_MS: Final = 24 * 3600 * 1000
LAST_TRY: Final = 3
UNUSED_MS: Final = 24 * 3600 * 1000
"""So long a dialog version is kept with which no session began."""

log = structlog.get_logger(__name__)


class Turns:
    """The writer of turns. One of it works on a database."""

    def __init__(
        self,
        database: Database,
        contents_: contents.Contents,
        clock: Callable[[], int],
        bot_name: str,
        desk: Desk | None = None,
    ) -> None:
        """`clock` gives epoch milliseconds; `bot_name` is the bot's user name, for links to it; `desk`: the staff."""
        self._database, self._contents, self._clock, self._bot_name = database, contents_, clock, bot_name
        self.desk = desk or Desk()
        self._configured = self.desk.chat
        self._keeper = Keeper(database, contents_)
        look = Looking(database, contents_, bot_name)
        self._owners = Owners(self._keeper, self._told_until)
        self._staffing, self._ticking = Staffing(self._keeper, look, self._told_until), Ticking(self._keeper, look)
        self._heeding = Heeding(self._keeper, self._staffing)
        self.teaching = Teaching(self._keeper, look, self._staffing.fresh_draft, self._alone)
        self._one_at_a_time = asyncio.Lock()
        self.group_changed = asyncio.Event()
        """What we may do in the staff's group may have changed."""
        self._told: dict[Any, int] = {}
        """Chats without consent that got an apology, and groups that got the notice: until when it holds."""

    async def begin(self, files: Mapping[str, str], admins: Sequence[int] = (), staff: Sequence[Person] = ()) -> None:
        """Get ready: store the running dialog version, find the ids to go on from.

        These are the admins, and the staff as far as nothing is stored of them.
        """
        now = self._clock()
        await self.go_on_with(self._contents.current, files)
        await self._keeper.begin(now)
        await self._staffing.begin()
        await self._database.write((*people.appoint(admins, now), *people.seat(staff, now)))
        if self._configured:
            chat, _ = await people.group(self._database, self._configured)
            self.desk = replace(self.desk, chat=chat)

    async def go_on_with(self, content: Content, files: Mapping[str, str]) -> None:
        """Store this content's dialog version, then take every batch that begins from now on under it.

        `files` are the dialog files. Raises StoreError: all stays as it is.
        """
        now, used = self._clock(), (content.dialog.version, self._contents.current.dialog.version)
        stored = contents.keep(content.dialog.version, files, now)
        await self._database.write((*stored, *contents.prune(used, now - UNUSED_MS)))
        async with self._one_at_a_time:
            self._contents.go_on_with(await self._with_taught(content))

    async def _with_taught(self, content: Content) -> Content:
        """The content with what the staff taught. One at a time: an approval meanwhile must not be forgotten."""
        known = content.knowledge.with_taught(await taught.approved(self._database))
        await asyncio.to_thread(lambda: [known.shelf(language) for language in LANGUAGES])
        return replace(content, knowledge=known)

    @property
    def content(self) -> Content:
        """What runs now."""
        return self._contents.current

    def batch_heading(self, n: int) -> str:
        """Above so many new cards that are told together."""
        return Words(self.content, self.desk.language).say("staff-batch", n=n)

    async def take(self, incoming: Sequence[Incoming], *, tried: bool = False) -> list[AnyAnswer]:
        """Take these updates, in order, in one transaction; what has been taken before is left out.

        `tried`: their tries were noted (see `take_again`), and come to their end with this transaction.
        Returns what callback and inline queries are to be answered with. Raises StoreError: nothing was written.
        """
        async with self._one_at_a_time:
            return await self._take(incoming, tried=tried)

    async def _take(self, incoming: Sequence[Incoming], *, tried: bool = False) -> list[AnyAnswer]:
        done = await updates.seen(self._database, [item.update_id for item in incoming])
        fresh = {item.update_id: item for item in incoming if item.update_id not in done}
        # Nothing for a repeated inline query: an empty answer would be kept by the clients for minutes.
        repeated: list[AnyAnswer] = [
            Answer(item.callback) for item in incoming if item.callback and item.update_id in done
        ]
        in_order = sorted(fresh.values(), key=lambda item: item.update_id)
        ids = self._keeper.ids
        batch = await self._computed(in_order)
        if batch.forgotten and len(fresh) > 1:
            # What is deleted must be neither written by what comes before it nor deleted after what follows it.
            self._keeper.go_back_to(ids)
            return repeated + await self._take_each(in_order, tried=tried)
        if tried:
            batch.extra += [updates.end_try(update_id) for update_id in batch.taken]
        try:
            await self._database.write(batch.job())
        except DATA_ERRORS:
            self._keeper.go_back_to(ids)
            if len(fresh) == 1:
                return repeated + await self._fail(in_order[0], "failed", traceback.format_exc())
            return repeated + await self._take_each(in_order)
        await self._remember(batch)
        return repeated + batch.answers

    async def _take_each(self, incoming: Sequence[Incoming], *, tried: bool = False) -> list[AnyAnswer]:
        return [answer for item in incoming for answer in await self._take([item], tried=tried)]

    async def tick(self) -> bool:
        """Time passed: alerts, and chats that go back to the bot. Whether anything came of it.

        What breaks is logged, and tried again at the next tick. Raises StoreError.
        """
        if not self.desk.is_staffed:
            return False
        async with self._one_at_a_time:
            due = await self._ticking.due(self._new_batch())
        return any([await self._step(step) for step in due])

    async def _step(self, step: Step) -> bool:
        """One thing that is due, in a transaction of its own. Whether it was done."""
        try:
            await self._alone(step)
        except StoreError:
            raise
        except Exception as error:
            log.error("what was due could not be done", exc_info=error)
            return False
        return True

    async def _alone(self, step: Step) -> None:
        """A step in a transaction of its own, between two batches. Raises what it raises, and StoreError."""
        async with self._one_at_a_time:
            batch = self._new_batch()
            await step(batch)
            await self._database.write(batch.job())
            await self._remember(batch)

    def _new_batch(self) -> Batch:
        return Batch(self._clock(), self._contents.current, self.desk, {})

    async def moved(self, chat: int) -> None:
        """The staff's group has another id now (it became a supergroup)."""
        async with self._one_at_a_time:
            if chat != self.desk.chat:
                await self._database.write(self._staffing.moving(self._configured, self.desk.chat, chat))
                self.desk = replace(self.desk, chat=chat)
                self.group_changed.set()

    async def shut_out(self, chat: int) -> None:
        """Nothing reaches this owner any more (blocked, or gone): whoever of the staff is with them is told."""
        if self.desk.is_staffed:
            await self._step(lambda batch: self._ticking.shut_out(chat, batch))

    async def lacking(self, lacks: Sequence[str]) -> bool:
        """Tell the admins what we lack in the staff's group, once. Whether there was anything to tell."""
        async with self._one_at_a_time:
            chat, told = await people.group(self._database, self._configured)
            if list(lacks) == told:
                return False
            batch = self._new_batch()
            await self._staffing.tell_lacks(batch, lacks)
            batch.extra.append(people.keep_group(self._configured, chat, lacks))
            await self._database.write(batch.job())
            return True

    async def take_again(self, incoming: Sequence[Incoming]) -> list[AnyAnswer]:
        """As `take`, one by one, after an unclean stop: each with its try committed before it is begun.

        An update that was begun twice since, and so brought the process down three times, is quarantined.
        """
        listed = [item.update_id for item in incoming]
        done, before = await updates.seen(self._database, listed), await updates.tries(self._database, listed)
        answers: list[AnyAnswer] = []
        for item in sorted(incoming, key=lambda item: item.update_id):
            number = 0 if item.update_id in done else before.get(item.update_id, 1) + 1
            answers += await self._try(item, number)
        return answers

    async def _try(self, item: Incoming, number: int) -> list[AnyAnswer]:
        """Take one update, its try of this number; 0: it was taken before and only needs its answer."""
        if number > LAST_TRY:
            return await self._fail(item, "quarantined", "the process died on it three times")
        if number:
            await self._database.write(updates.begin_try(item.update_id, number))
        return await self.take([item], tried=True)

    async def _fail(self, item: Incoming, why: str, error: str) -> list[AnyAnswer]:
        """Keep an update whose turn cannot be written, or must not be tried again."""
        batch = await self._batch(item)
        batch.taken.append(item.update_id)
        batch.extra.append(updates.end_try(item.update_id))
        set_aside(self._keeper, batch, item, why, error)
        await self._database.write(batch.job())
        return batch.answers

    # -- computing: nothing is written here ---------------------------------------------------------------------------

    async def _batch(self, *incoming: Incoming) -> Batch:
        chats = {item.chat_id for item in incoming if item.chat_id}
        known = await sessions.load(self._database, chats)
        newest = await handovers.newest(self._database, known) if self.desk.is_staffed and known else {}
        return Batch(self._clock(), self._contents.current, self.desk, known, newest)

    async def _computed(self, incoming: Iterable[Incoming]) -> Batch:
        listed = list(incoming)
        batch = await self._batch(*listed)
        for item in listed:
            await asyncio.sleep(0)
            batch.now = item.received_at or batch.now
            verdict = self._heeding.verdict(batch, item)
            before = batch.copy()
            try:
                if await self._heeding.is_read(batch, item, verdict, is_staffs=self._is_staffs(batch, item)):
                    await self._add(batch, item)
            except StoreError:
                raise
            except Exception as error:
                batch = before
                if item.kind != "broken":
                    log.error("a turn failed", update_id=item.update_id, exc_info=error)
                set_aside(self._keeper, batch, item, "failed", "".join(traceback.format_exception(error)))
            batch.taken.append(item.update_id)
        return batch

    async def _add(self, batch: Batch, item: Incoming) -> None:
        match item.kind:
            case "event":
                if not await self._staffing.add_review(batch, item):
                    await self._owners.add(batch, item)
            case "inquiry":
                self._owners.add_inquiry(batch, item)
            case "group":
                await self._add_group(batch, item)
            case "blocked" | "unblocked":
                await self._owners.add_block(batch, item)
            case "broken":
                raise ValueError(item.error)
            case "ignored":
                if item.callback:
                    batch.answers.append(Answer(item.callback))

    async def _add_group(self, batch: Batch, item: Incoming) -> None:
        """The staff's group; any other one is told how to reach us."""
        if self._is_staffs(batch, item):
            batch.group_changed = batch.group_changed or isinstance(item.in_group, Changed | Grew)
            await self._staffing.add(batch, item, self._configured)
            return
        if item.callback:
            batch.answers.append(Answer(item.callback))
        if item.addressed:
            self._add_group_notice(batch, item)

    def _is_staffs(self, batch: Batch, item: Incoming) -> bool:
        return batch.desk.is_staffed and item.chat_id in (batch.desk.chat, self._configured)

    def _add_group_notice(self, batch: Batch, item: Incoming) -> None:
        """One polite line how to reach us in private, at most once a day."""
        if batch.now < self._told_until(batch, item.chat_id):
            return
        batch.told[item.chat_id] = batch.now + GROUP_NOTICE_MS
        link = f"https://t.me/{self._bot_name}"
        self._keeper.post(batch, item.chat_id, Reply(Words(batch.content, item.language).say("group", link=link)))

    def _told_until(self, batch: Batch, key: Any) -> int:
        return batch.told.get(key) or self._told.get(key, 0)

    async def _remember(self, batch: Batch) -> None:
        """Only what was written has been told, and learned, and moved."""
        if len(self._told) > 10_000:
            self._told = {chat: time for chat, time in self._told.items() if time > batch.now - LATE_MS}
        self._told |= batch.told
        self._heeding.keep(batch)
        for chat in batch.forgotten:
            self._told.pop(chat, None)
            self._told.pop(("mydata", chat), None)
            self._ticking.forget(chat)
            self._database.untidy.set()
        self.desk = batch.desk
        if batch.group_changed:
            self.group_changed.set()
        if batch.learned:
            self._ticking.learned = True
            self._contents.current = await self._with_taught(self._contents.current)
