"""What an event in the staff's group is about: who did it, which handover, which draft; as they are by now."""

from collections.abc import Mapping, Sequence

from bot.dialog.phrases import Content, plain
from bot.knowledge.taught import Taught
from bot.staff import drafts, group
from bot.staff.cards import is_topic_of, number_in_topic
from bot.staff.events import Corrected, GroupEvent, InGroup, Tapped
from bot.staff.handover import Handover
from bot.staff.moment import Known, Person
from bot.staff.posts import Tap, read_tap
from bot.store import contents, handovers, outbox, people, sessions, taught, transcripts
from bot.store.database import Database
from bot.store.sessions import Chat
from bot.turns.batch import Batch


class Looking:
    """Reads what is stored, and what the batch has changed of it."""

    def __init__(self, database: Database, contents_: contents.Contents, bot_name: str) -> None:
        """`bot_name`: the bot's user name; what bears it in the group is ours."""
        self._database, self._contents, self._bot_name = database, contents_, bot_name

    async def people(self, batch: Batch) -> Mapping[int, Person]:
        """Everybody with a role; read once a batch."""
        if batch.people is None:
            batch.people = await people.known(self._database)
        return batch.people

    async def known(self, batch: Batch, event: GroupEvent, fresh_draft: int) -> Known:
        """Everything. `fresh_draft`: the id of the next draft."""
        tap = read_tap(event.data) if isinstance(event, Tapped) else None
        row, handover, draft = await self._about(batch, event, tap)
        return Known(
            people=await self.people(batch),
            handover=handover,
            waiting=await self.still_open(batch) if _lists(event) else (),
            draft=draft,
            last_answer=await self._last_answer(batch, handover) if _teaches(event) else "",
            row=row,
            fresh=fresh_draft,
        )

    async def _about(
        self, batch: Batch, event: GroupEvent, tap: Tap | None
    ) -> tuple[int, Handover | None, Taught | None]:
        """The owner's row that the event's message became, the handover, and the draft, as far as there are any."""
        if tap and tap.act in drafts.RULES:
            return 0, await self._in_thread(batch, event), await self._draft(batch, tap.about)
        if tap and tap.act in group.OF_HANDOVER:
            return 0, await self.handover(batch, tap.about), None
        if isinstance(event, Corrected):
            return await self._corrected(batch, event)
        if event.reply_to:
            rows, about = await outbox.about(self._database, batch.desk.chat, event.reply_to)
            draft = await self._draft_of(batch, rows)
            if about or draft:
                return 0, await self.handover(batch, about), draft
        return 0, await self._in_thread(batch, event), None

    async def _in_thread(self, batch: Batch, event: InGroup) -> Handover | None:
        if not event.thread:
            return None
        chat = await handovers.chat_of_thread(self._database, batch.desk.chat, event.thread)
        return await self.newest(batch, chat) if chat else await self._in_unnoted(batch, event)

    async def _in_unnoted(self, batch: Batch, event: InGroup) -> Handover | None:
        """A crash between making a topic and noting it leaves one that we do not know: its name tells whose it is."""
        topic = event.beginning
        if topic is None or topic.by != self._bot_name:
            return None
        named = await self.handover(batch, number_in_topic(topic.name))
        if named is None or not is_topic_of(named, topic.name, topic.at):
            return None
        return await self.newest(batch, named.chat_id)

    async def _corrected(self, batch: Batch, event: InGroup) -> tuple[int, Handover | None, None]:
        found = await outbox.brought(self._database, batch.desk.chat, event.message)
        fresh = [
            (one.id, one.chat_id)
            for one in batch.messages
            if (one.source_chat, one.source_message) == (batch.desk.chat, event.message) and one.edits_row is None
        ]
        row, chat = fresh[0] if fresh else found or (0, 0)
        return row, await self.newest(batch, chat) if row else None, None

    async def newest(self, batch: Batch, chat: int) -> Handover | None:
        """The newest handover of a chat, as it is by now."""
        if chat not in batch.newest:
            batch.newest |= await handovers.newest(self._database, [chat])
        return batch.newest.get(chat)

    async def handover(self, batch: Batch, number: int) -> Handover | None:
        """The handover of this number, as it is by now."""
        if number in batch.handovers:
            return batch.handovers[number]
        stored = await handovers.one(self._database, number) if number else None
        return await self.newest(batch, stored.chat_id) if stored and await self._is_newest(batch, stored) else stored

    async def _is_newest(self, batch: Batch, handover: Handover) -> bool:
        newest = await self.newest(batch, handover.chat_id)
        return newest is not None and newest.id == handover.id

    async def still_open(self, batch: Batch) -> tuple[Handover, ...]:
        """All that have not ended by now."""
        stored = {one.id: one for one in await handovers.still_open(self._database)}
        return tuple(one for one in {**stored, **batch.handovers}.values() if one.is_open)

    async def _draft(self, batch: Batch, number: int) -> Taught | None:
        return batch.drafts.get(number) or (await taught.read(self._database, [number])).get(number)

    async def _draft_of(self, batch: Batch, rows: Sequence[int]) -> Taught | None:
        """The draft whose message one of these rows is."""
        stored = await taught.of_cards(self._database, rows) if rows else {}
        found = next(iter(stored.values()), None)
        return batch.drafts.get(found.id, found) if found else None

    async def _last_answer(self, batch: Batch, handover: Handover | None) -> str:
        """What the staff said last while this handover went on; a text."""
        if handover is None:
            return ""
        until = handover.ended_at or batch.now
        fresh = [
            one.text
            for one in batch.lines
            if (one.session_id, one.who, one.kind) == (handover.session_id, "staff", "said") and one.at <= until
        ]
        return plain(fresh[-1] if fresh else await self._said(handover, until))

    async def _said(self, handover: Handover, until: int) -> str:
        return await transcripts.last_said(self._database, handover.session_id, "staff", handover.wished_at, until)

    async def chat(self, batch: Batch, handover: Handover | None) -> Chat | None:
        """The owner's chat, as it is by now."""
        return await self.chat_of(batch, handover.chat_id) if handover else None

    async def chat_of(self, batch: Batch, owner: int) -> Chat | None:
        """The same, by its id."""
        if owner not in batch.chats:
            batch.chats |= await sessions.load(self._database, [owner])
        return batch.chats.get(owner)

    async def content(self, batch: Batch, chat: Chat | None) -> Content:
        """What a chat's session began with."""
        if chat is None:
            return batch.content
        content = await self._contents.of(self._database, chat.dialog_version, batch.content)
        return content or batch.content


def _lists(event: GroupEvent) -> bool:
    return getattr(event, "name", "") in ("queue", "mine")


def _teaches(event: GroupEvent) -> bool:
    tap = read_tap(event.data) if isinstance(event, Tapped) else None
    return getattr(event, "name", "") == "teach" or (tap is not None and tap.act in ("teach", "send"))
