"""What reaches us from an owner: the dialog takes it, or the person who has the chat; wishes go to the staff."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from bot.dialog import rights, screens
from bot.dialog.engine import take_turn
from bot.dialog.events import AnyEvent, Commanded, Edited, Inquired, Late, PastAdvice, Pressed, Said, Sent
from bot.dialog.phrases import Content
from bot.dialog.session import BY_PERSON, Reply, Session, Turn
from bot.dialog.view import View
from bot.staff import owner
from bot.staff.handover import Handover
from bot.staff.outcome import Outcome
from bot.staff.posts import called
from bot.store import outbox, questions, sessions, transcripts
from bot.store.sessions import Chat
from bot.turns.batch import Answer, Batch, Incoming, InlineAnswer
from bot.turns.counting import counted
from bot.turns.forgetting import Forgetting
from bot.turns.keep import Keeper, judgements

LATE_MS: Final = 10 * 60 * 1000
FILES_MS: Final = 60 * 1000
KEPT_BY_TELEGRAM_MS: Final = 25 * 3600 * 1000
"""Telegram drops an update after a day: a date further back is a wrong clock, not an outage."""


class Owners:
    """Computes owners' turns."""

    def __init__(self, keeper: Keeper, told_until: Callable[[Batch, Any], int]) -> None:
        """`told_until`: until when an apology to a chat holds."""
        self._keeper, self._told_until = keeper, told_until
        self._forgetting = Forgetting(keeper)

    def _files_once(self, batch: Batch, item: Incoming, view: View, turn: Turn) -> Turn:
        """Files with all that is kept are made once a minute at most: they cost much."""
        if not any(reply.file for reply in turn.replies):
            return turn
        key = ("mydata", item.chat_id)
        if batch.now < self._told_until(batch, key):
            return rights.without_files(turn, rights.soon(view))
        batch.told[key] = batch.now + FILES_MS
        return turn

    async def add(self, batch: Batch, item: Incoming) -> None:
        """An event of an owner, and all that comes of it."""
        before = batch.chats.get(item.chat_id) or Chat(item.chat_id, Session(item.language))
        content = await self._keeper.contents.of(self._keeper.database, before.dialog_version, batch.content)
        notice = "" if content else "dialog-changed"
        content = content or batch.content
        event = await self._event(batch, item, before)
        outcome, content = await self._turn(batch, item, event, before, content)
        turn = outcome.turn
        if turn is None:
            return
        if turn.forgets:
            await self._forgetting.add(batch, item, View(content, turn.session))
            return
        turn = self._files_once(batch, item, View(content, before.session), turn)
        if notice and not _is_with_person(batch, item.chat_id):
            turn = replace(turn, replies=(_notice(content, turn, notice), *turn.replies))
        after = self._keep(batch, item, event, before, turn, content)
        await self._keeper.outcome(batch, outcome, after, content, (item.chat_id, item.source))

    async def _turn(
        self, batch: Batch, item: Incoming, event: AnyEvent, before: Chat, content: Content
    ) -> tuple[Outcome, Content]:
        """The person's, or the dialog's; with the content under which it was taken."""
        handover, view = batch.newest.get(item.chat_id), View(content, rights.left_by(before.session, event))
        if isinstance(event, Edited):
            return await self._edited(batch, item, event, view, handover), content
        if batch.desk.is_staffed and (outcome := owner.taken_here(batch.moment, view, handover, event)):
            return _by_person(outcome), content
        turn = take_turn(content, before.session, event)
        if turn.session.id != before.session.id and content is not batch.content:
            turn = take_turn(content := batch.content, before.session, event)
        return await self._beside(batch, item, event, before, turn, View(content, turn.session)), content

    async def _beside(
        self, batch: Batch, item: Incoming, event: AnyEvent, before: Chat, turn: Turn, view: View
    ) -> Outcome:
        """What the dialog's turn means to the staff."""
        if not batch.desk.is_staffed or not turn.recorded:
            return Outcome(turn)
        handover = batch.newest.get(item.chat_id)
        if turn.wish:
            asks = turn.wish.kind == "question"
            question = turn.wish.text or (await self._last_asked(batch, before) if asks else "")
            fresh = owner.new_handover(
                self._keeper.next_handover, before.id, turn.session.id, turn.wish, _name(item), question, batch.now
            )
            return owner.wished(batch.moment, view, turn, handover, fresh)
        words = item.event if isinstance(event, Late) else event
        if handover is None or not handover.is_open or words is None or not _is_for_person(event, words, turn):
            return Outcome(turn)
        return owner.passed_on(batch.moment, view, turn, handover, words)

    async def _last_asked(self, batch: Batch, chat: Chat) -> str:
        """The words that a wish without words is about: what was asked last in the session."""
        fresh = [one.text for one in batch.asked if one.session_id == chat.session.id and one.text]
        if fresh:
            return fresh[-1]
        asked = await questions.last_asked(self._keeper.database, chat.id, chat.session.id)
        return asked[0] if asked else ""

    async def _edited(
        self, batch: Batch, item: Incoming, event: Edited, view: View, handover: Handover | None
    ) -> Outcome:
        """Told anew to the person whom it was brought to; nothing else comes of it."""
        if handover is None or not handover.is_open or not view.agreed:
            return Outcome()
        row = await self._brought(batch, item.chat_id, item.source)
        if not row:
            return Outcome()
        return Outcome(Turn(view.session), None, (owner.corrected(handover, event, row),))

    async def _brought(self, batch: Batch, chat: int, message: int) -> int:
        fresh = [one.id for one in batch.messages if (one.source_chat, one.source_message) == (chat, message)]
        if fresh:
            return fresh[0]
        found = await outbox.brought(self._keeper.database, chat, message)
        return found[0] if found else 0

    def add_inquiry(self, batch: Batch, item: Incoming) -> None:
        """Words typed in another chat: definitions in the language of the typist, and nothing is kept."""
        assert isinstance(item.event, Inquired)
        session = batch.chats[item.chat_id].session if item.chat_id in batch.chats else Session(item.language)
        turn = take_turn(batch.content, session, item.event)
        batch.answers.append(InlineAnswer(item.inquiry, turn.definitions))

    async def add_block(self, batch: Batch, item: Incoming) -> None:
        """The owner blocked the bot, or lets it write again. A person who was with them is told."""
        blocked_at = batch.now if item.kind == "blocked" else None
        if item.kind == "blocked":
            # What follows in this batch is for an owner who may be back by then.
            before = self._keeper.next_row
            batch.extra.append(outbox.chat_failed(item.chat_id, "blocked by the owner", batch.now, before))
        chat = batch.chats.get(item.chat_id)
        if chat is None:
            return
        chat = batch.chats[chat.id] = batch.changed[chat.id] = replace(chat, blocked_at=blocked_at)
        handover = batch.newest.get(chat.id)
        if blocked_at and handover and handover.is_open:
            content = await self._keeper.contents.of(self._keeper.database, chat.dialog_version, batch.content)
            outcome = owner.blocked(batch.moment, handover)
            await self._keeper.outcome(batch, outcome, chat, content or batch.content)

    async def _event(self, batch: Batch, item: Incoming, chat: Chat) -> AnyEvent:
        """The event with what only the store and the clock know. To a person nothing comes too late."""
        assert item.event is not None
        handover = batch.newest.get(item.chat_id)
        is_late = LATE_MS < batch.now - item.sent_at < KEPT_BY_TELEGRAM_MS
        if is_late and not isinstance(item.event, Pressed | Edited) and not (handover and handover.person_speaks):
            told = max(chat.apologised_at, self._told_until(batch, chat.id))
            return Late(what=words_of(item), first=item.sent_at > told)
        event = replace(item.event, fresh=self._keeper.next_session)
        if isinstance(event, Commanded) and event.name == "history":
            past = await sessions.past(self._keeper.database, chat.id)
            return replace(event, past=tuple(PastAdvice(_day(one.at), one.candidate) for one in past))
        return event

    def _keep(self, batch: Batch, item: Incoming, event: AnyEvent, before: Chat, turn: Turn, content: Content) -> Chat:
        """Put what the turn came to into the batch: chat and session, transcript, outbox, callback answer."""
        after = self._chat_after(batch, before, turn, content)
        if isinstance(event, Late) and event.first:
            after = replace(after, apologised_at=batch.now)
            batch.told[before.id] = batch.now
        if turn.recorded:
            after = counted(batch, before, after, event, turn, content.dialog)
            after = self._keeper.lines(batch, after, [_spoken(item, event), *self._keeper.said_by_us(turn)], turn.taken)
            judgements(batch, after, turn)
        after = self._keeper.messages(batch, after, turn, item.message_id)
        if item.callback:
            batch.answers.append(Answer(item.callback, turn.toast))
        if turn.recorded:
            batch.chats[after.id] = batch.changed[after.id] = after
        elif turn.session.open != before.session.open:
            # The right to be forgotten needs no consent to a new privacy text: its question is kept, and nothing else.
            session = replace(before.session, open=turn.session.open)
            batch.chats[after.id] = batch.changed[after.id] = replace(before, session=session)
        return after

    def _chat_after(self, batch: Batch, before: Chat, turn: Turn, content: Content) -> Chat:
        after = replace(before, session=turn.session, blocked_at=None)
        if turn.session.consent != before.session.consent:
            after = replace(after, consented_at=batch.now)
        if turn.session.id != before.session.id:
            self._keeper.next_session = max(self._keeper.next_session, turn.session.id) + 1
            return replace(after, dialog_version=content.dialog.version, lines=0, begun_at=batch.now, moved=False)
        moved = before.moved or content.dialog.version != before.dialog_version
        return replace(after, dialog_version=content.dialog.version, moved=moved)


def _is_with_person(batch: Batch, chat: int) -> bool:
    handover = batch.newest.get(chat)
    return handover is not None and handover.person_speaks


def _by_person(outcome: Outcome) -> Outcome:
    return replace(outcome, turn=replace(outcome.turn, taken=BY_PERSON)) if outcome.turn else outcome


def _is_for_person(event: AnyEvent, words: AnyEvent, turn: Turn) -> bool:
    """Whether the bot had no answer, so that a person should see it. `words`: what was sent, if it came late, too."""
    asked = turn.question is not None and turn.question.wants == "unknown"
    return isinstance(words, Sent) or (isinstance(words, Said) and (asked or isinstance(event, Late)))


def _spoken(item: Incoming, event: AnyEvent) -> tuple[str, str, str, transcripts.Labels]:
    kind = type(event).__name__.lower()
    pressed = [[[item.label, event.data]]] if isinstance(event, Pressed) else ()
    return "owner", kind, words_of(item), pressed


def _name(item: Incoming) -> str:
    return called(item.name) or "?"


def _notice(content: Content, turn: Turn, phrase: str) -> Reply:
    return screens.note(View(content, turn.session), phrase)


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()


def words_of(item: Incoming) -> str:
    """What the owner said or did, in their very words where there are any."""
    match item.event:
        case Said(text=text) | Edited(text=text):
            return text
        case Pressed(data=data):
            return item.label or data
        case Commanded(name=name, argument=argument):
            return f"/{name} {argument}".strip()
        case Sent(what=what, caption=caption):
            return f"{what} {caption}".strip()
    return json.dumps(item.raw, ensure_ascii=False)
