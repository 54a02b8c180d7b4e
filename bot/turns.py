"""Takes a batch of updates and makes it one transaction: the only writer of turns.

The law (design.md, 3.3): a batch is computed first, in memory; an update that breaks has written nothing and is kept
as failed, alone; then all is written together. If the write fails on its data, the batch is redone one update a
transaction. If the store fails, StoreError goes up, and nothing may be acknowledged.
"""

import asyncio
import json
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal

import structlog

from bot.dialog import screens
from bot.dialog.engine import take_turn
from bot.dialog.events import AnyEvent, Commanded, Inquired, Late, PastAdvice, Pressed, Said, Sent
from bot.dialog.phrases import Content, Words
from bot.dialog.session import Definition, Reply, Session, Turn
from bot.dialog.view import View
from bot.languages import Language
from bot.store import contents, outbox, questions, sessions, transcripts, updates
from bot.store.database import DATA_ERRORS, Database
from bot.store.sessions import Chat
from bot.store.statements import Job

LATE_MS: Final = 10 * 60 * 1000
KEPT_BY_TELEGRAM_MS: Final = 25 * 3600 * 1000
"""Telegram drops an update after a day: a date further back is a wrong clock, not an outage."""
GROUP_NOTICE_MS: Final = 24 * 3600 * 1000
LAST_TRY: Final = 3
UNUSED_MS: Final = 24 * 3600 * 1000
"""So long a dialog version is kept with which no session began."""

log = structlog.get_logger(__name__)

Kind = Literal["event", "inquiry", "ignored", "group", "blocked", "unblocked", "broken"]


@dataclass(frozen=True, slots=True)
class Incoming:
    """An update as the turns see it.

    `kind` event: `event` came from the owner in `chat_id`; inquiry: it was typed elsewhere by the one whose private
    chat that is; group: someone spoke to us in a group; blocked and unblocked: the owner did so; ignored: nothing to
    do; broken: it could not be read, `error` says why.
    `message_id` is the message whose button was pressed, `callback` the callback query to answer, `inquiry` the inline
    query, `label` the button's words, `sent_at` when the owner sent it (epoch ms; 0: not known), `raw` the update
    itself.
    """

    update_id: int
    kind: Kind = "ignored"
    chat_id: int = 0
    event: AnyEvent | None = None
    language: Language = "en"
    message_id: int | None = None
    callback: str = ""
    inquiry: str = ""
    label: str = ""
    sent_at: int = 0
    error: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a callback query is answered with."""

    callback: str
    toast: str = ""


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """What an inline query is answered with."""

    inquiry: str
    definitions: tuple[Definition, ...]


AnyAnswer = Answer | InlineAnswer


@dataclass(slots=True)
class Batch:
    """What the updates of one transaction come to, as it is computed, under the content that ran when it began."""

    now: int
    content: Content
    chats: dict[int, Chat]
    changed: dict[int, Chat] = field(default_factory=dict)
    lines: list[transcripts.Line] = field(default_factory=list)
    messages: list[outbox.Message] = field(default_factory=list)
    asked: list[questions.Unanswered] = field(default_factory=list)
    rated: list[questions.Rated] = field(default_factory=list)
    answers: list[AnyAnswer] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    extra: list[Job] = field(default_factory=list)
    told: dict[int, int] = field(default_factory=dict)
    """What `Turns` must remember having told, once this is written."""

    def job(self) -> Job:
        """All of it, as one transaction."""
        parts: Iterable[Job] = (
            updates.see(self.taken, self.now),
            sessions.save(self.changed.values(), self.now),
            transcripts.add(self.lines),
            outbox.add(self.messages),
            questions.ask(self.asked),
            questions.rate(self.rated),
            *self.extra,
        )
        return tuple(statement for part in parts for statement in part)


class Turns:
    """The writer of turns. One of it works on a database."""

    def __init__(
        self, database: Database, contents_: contents.Contents, clock: Callable[[], int], bot_name: str
    ) -> None:
        """`clock` gives epoch milliseconds; `bot_name` is the bot's user name, for links to it."""
        self._database, self._contents, self._clock, self._bot_name = database, contents_, clock, bot_name
        self._next_message = self._next_session = 0
        self._told: dict[int, int] = {}
        """Chats without consent that got an apology, and groups that got the notice: until when it holds."""

    async def begin(self, files: Mapping[str, str]) -> None:
        """Get ready: store the running dialog version, find the ids to go on from."""
        now = self._clock()
        await self.go_on_with(self._contents.current, files)
        self._next_message = await outbox.newest_id(self._database) + 1
        # Seconds since 2023 as a floor: the id of a deleted session never comes again on another one's buttons.
        self._next_session = max(await sessions.newest_id(self._database) + 1, now // 1000 - 1_700_000_000)

    async def go_on_with(self, content: Content, files: Mapping[str, str]) -> None:
        """Store this content's dialog version, then take every batch that begins from now on under it.

        `files` are the dialog files. Raises StoreError: all stays as it is.
        """
        now, used = self._clock(), (content.dialog.version, self._contents.current.dialog.version)
        stored = contents.keep(content.dialog.version, files, now)
        await self._database.write((*stored, *contents.prune(used, now - UNUSED_MS)))
        self._contents.go_on_with(content)

    async def take(self, incoming: Sequence[Incoming], *, tried: bool = False) -> list[AnyAnswer]:
        """Take these updates, in order, in one transaction; what has been taken before is left out.

        `tried`: their tries were noted (see `take_again`), and come to their end with this transaction.
        Returns what callback and inline queries are to be answered with. Raises StoreError: nothing was written.
        """
        done = await updates.seen(self._database, [item.update_id for item in incoming])
        fresh = {item.update_id: item for item in incoming if item.update_id not in done}
        # Nothing for a repeated inline query: an empty answer would be kept by the clients for minutes.
        repeated: list[AnyAnswer] = [
            Answer(item.callback) for item in incoming if item.callback and item.update_id in done
        ]
        batch = await self._computed(sorted(fresh.values(), key=lambda item: item.update_id))
        if tried:
            batch.extra += [updates.end_try(update_id) for update_id in batch.taken]
        try:
            await self._database.write(batch.job())
        except DATA_ERRORS:
            if len(fresh) == 1:
                return repeated + await self._fail(next(iter(fresh.values())), "failed", traceback.format_exc())
            return repeated + [answer for item in fresh.values() for answer in await self.take([item])]
        self._remember(batch)
        return repeated + batch.answers

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
        self._set_aside(batch, item, why, error)
        await self._database.write(batch.job())
        return batch.answers

    # -- computing: nothing is written here ---------------------------------------------------------------------------

    async def _batch(self, *incoming: Incoming) -> Batch:
        known = await sessions.load(self._database, {item.chat_id for item in incoming if item.chat_id})
        return Batch(self._clock(), self._contents.current, known)

    async def _computed(self, incoming: Iterable[Incoming]) -> Batch:
        listed = list(incoming)
        batch = await self._batch(*listed)
        for item in listed:
            batch.taken.append(item.update_id)
            await asyncio.sleep(0)
            try:
                await self._add(batch, item)
            except Exception as error:
                self._add_failure(batch, item, error)
        return batch

    async def _add(self, batch: Batch, item: Incoming) -> None:
        match item.kind:
            case "event":
                await self._add_turn(batch, item)
            case "inquiry":
                self._add_inquiry(batch, item)
            case "group":
                self._add_group_notice(batch, item)
            case "blocked" | "unblocked":
                self._add_block(batch, item)
            case "broken":
                raise ValueError(item.error)
            case "ignored":
                if item.callback:
                    batch.answers.append(Answer(item.callback))

    def _add_failure(self, batch: Batch, item: Incoming, error: Exception) -> None:
        if item.kind != "broken":
            log.error("a turn failed", update_id=item.update_id, exc_info=error)
        self._set_aside(batch, item, "failed", "".join(traceback.format_exception(error)))

    def _set_aside(self, batch: Batch, item: Incoming, why: str, error: str) -> None:
        """Our own slip: loud, kept, and the owner is told that nothing is lost."""
        log.error("update set aside", why=why, update_id=item.update_id, error=error.strip().splitlines()[-1])
        kept = item.raw if item.chat_id in batch.chats and item.kind != "inquiry" else _shape(item.raw)
        batch.extra.append(updates.fail(item.update_id, batch.now, why, error, kept))
        if item.callback:
            batch.answers.append(Answer(item.callback))
        if item.kind == "event":
            language = batch.chats[item.chat_id].session.language if item.chat_id in batch.chats else item.language
            self._post(batch, item.chat_id, Reply(Words(batch.content, language).say("trouble")))

    async def _add_turn(self, batch: Batch, item: Incoming) -> None:
        before = batch.chats.get(item.chat_id) or Chat(item.chat_id, Session(item.language))
        content = await self._contents.of(self._database, before.dialog_version, batch.content)
        notice = "" if content else "dialog-changed"
        content = content or batch.content
        event = await self._event(batch, item, before)
        turn = take_turn(content, before.session, event)
        if turn.session.id != before.session.id and content is not batch.content:
            turn = take_turn(content := batch.content, before.session, event)
        if notice:
            turn = replace(turn, replies=(_notice(content, turn, notice), *turn.replies))
        self._keep(batch, item, event, before, turn, content)

    def _add_inquiry(self, batch: Batch, item: Incoming) -> None:
        """Words typed in another chat: definitions in the language of the typist, and nothing is kept."""
        assert isinstance(item.event, Inquired)
        session = batch.chats[item.chat_id].session if item.chat_id in batch.chats else Session(item.language)
        turn = take_turn(batch.content, session, item.event)
        batch.answers.append(InlineAnswer(item.inquiry, turn.definitions))

    async def _event(self, batch: Batch, item: Incoming, chat: Chat) -> AnyEvent:
        """The event with what only the store and the clock know."""
        assert item.event is not None
        if LATE_MS < batch.now - item.sent_at < KEPT_BY_TELEGRAM_MS and not isinstance(item.event, Pressed):
            told = max(chat.apologised_at, self._told_until(batch, chat.id))
            return Late(what=_words_of(item), first=item.sent_at > told)
        event = replace(item.event, fresh=self._next_session)
        if isinstance(event, Commanded) and event.name == "history":
            past = await sessions.past(self._database, chat.id)
            return replace(event, past=tuple(PastAdvice(_day(one.at), one.candidate) for one in past))
        return event

    def _keep(self, batch: Batch, item: Incoming, event: AnyEvent, before: Chat, turn: Turn, content: Content) -> None:
        """Put what the turn came to into the batch: chat and session, transcript, outbox, callback answer."""
        after = self._chat_after(batch, before, turn, content)
        if isinstance(event, Late) and event.first:
            after = replace(after, apologised_at=batch.now)
            batch.told[before.id] = batch.now
        if turn.recorded:
            after = self._add_lines(batch, item, event, after, turn)
            _add_judgements(batch, after, turn)
        after = self._add_messages(batch, item, after, turn)
        if item.callback:
            batch.answers.append(Answer(item.callback, turn.toast))
        if turn.recorded:
            batch.chats[after.id] = batch.changed[after.id] = after

    def _chat_after(self, batch: Batch, before: Chat, turn: Turn, content: Content) -> Chat:
        after = replace(before, session=turn.session, blocked_at=None)
        if turn.session.consent != before.session.consent:
            after = replace(after, consented_at=batch.now)
        if turn.session.id != before.session.id:
            self._next_session = max(self._next_session, turn.session.id) + 1
            after = replace(after, dialog_version=content.dialog.version, lines=0, begun_at=batch.now)
        return replace(after, dialog_version=content.dialog.version)

    def _add_lines(self, batch: Batch, item: Incoming, event: AnyEvent, chat: Chat, turn: Turn) -> Chat:
        kind = type(event).__name__.lower()
        pressed = [[[item.label, event.data]]] if isinstance(event, Pressed) else ()
        spoken: list[tuple[str, str, str, transcripts.Labels]] = [("owner", kind, _words_of(item), pressed)]
        spoken += [("bot", "edit", turn.closes, ())] if turn.closes is not None else []
        spoken += [("bot", "toast", turn.toast, ())] if turn.toast else []
        spoken += [("bot", "reply", reply.text, _labels(reply)) for reply in turn.replies]
        for place, (who, kind, text, buttons) in enumerate(spoken, chat.lines):
            batch.lines.append(transcripts.Line(chat.session.id, place, batch.now, who, kind, text, buttons))
        return replace(chat, lines=chat.lines + len(spoken))

    def _add_messages(self, batch: Batch, item: Incoming, chat: Chat, turn: Turn) -> Chat:
        if turn.closes is not None and (item.message_id or chat.question_id):
            row = None if item.message_id else chat.question_id
            self._post(batch, chat.id, Reply(turn.closes), item.message_id, row)
        for reply in turn.replies:
            row_id = self._post(batch, chat.id, reply)
            chat = replace(chat, question_id=row_id) if reply.asks else chat
        return chat

    def _post(
        self, batch: Batch, chat_id: int, reply: Reply, edits_message: int | None = None, edits_row: int | None = None
    ) -> int:
        row_id = self._next_message
        self._next_message += 1
        message = outbox.Message(row_id, chat_id, reply.text, _labels(reply), edits_message, edits_row, batch.now)
        batch.messages.append(message)
        return row_id

    def _add_group_notice(self, batch: Batch, item: Incoming) -> None:
        """One polite line how to reach us in private, at most once a day."""
        if batch.now < self._told_until(batch, item.chat_id):
            return
        batch.told[item.chat_id] = batch.now + GROUP_NOTICE_MS
        link = f"https://t.me/{self._bot_name}"
        self._post(batch, item.chat_id, Reply(Words(batch.content, item.language).say("group", link=link)))

    def _told_until(self, batch: Batch, chat_id: int) -> int:
        return batch.told.get(chat_id) or self._told.get(chat_id, 0)

    def _remember(self, batch: Batch) -> None:
        """Only what was written has been told."""
        if len(self._told) > 10_000:
            self._told = {chat: time for chat, time in self._told.items() if time > batch.now - LATE_MS}
        self._told |= batch.told

    def _add_block(self, batch: Batch, item: Incoming) -> None:
        blocked_at = batch.now if item.kind == "blocked" else None
        if item.kind == "blocked":
            batch.extra.append(outbox.chat_failed(item.chat_id, "blocked by the owner", batch.now))
        if chat := batch.chats.get(item.chat_id):
            batch.chats[chat.id] = batch.changed[chat.id] = replace(chat, blocked_at=blocked_at)


def _add_judgements(batch: Batch, chat: Chat, turn: Turn) -> None:
    """What the bot could not answer, and what the owner thinks of an answer."""
    where = chat.session.id
    if asked := turn.question:
        batch.asked.append(
            questions.Unanswered(chat.id, where, asked.language, asked.text, asked.wants, asked_at=batch.now)
        )
    if said := turn.opinion:
        batch.rated.append(questions.Rated(chat.id, where, said.cell, said.language, said.helpful, batch.now))


def _shape(value: Any) -> Any:
    """An update's keys and types, none of its words: all that may be kept of one who has not agreed."""
    if isinstance(value, Mapping):
        return {str(key): _shape(inner) for key, inner in value.items()}
    return [_shape(inner) for inner in value] if isinstance(value, list) else type(value).__name__


def _notice(content: Content, turn: Turn, phrase: str) -> Reply:
    return screens.note(View(content, turn.session), phrase)


def _labels(reply: Reply) -> list[list[tuple[str, str]]]:
    return [[(button.label, button.press.data()) for button in row] for row in reply.rows]


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()


def _words_of(item: Incoming) -> str:
    """What the owner said or did, in their very words where there are any."""
    match item.event:
        case Said(text=text):
            return text
        case Pressed(data=data):
            return item.label or data
        case Commanded(name=name, argument=argument):
            return f"/{name} {argument}".strip()
        case Sent(what=what):
            return what
    return json.dumps(item.raw, ensure_ascii=False)
