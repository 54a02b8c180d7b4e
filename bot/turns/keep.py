"""Puts what an event comes to into the batch: session, transcript, handover, outbox. Nothing is written here."""

from dataclasses import replace
from typing import Any

from bot.dialog.phrases import Content, Words, plain
from bot.dialog.session import Reply, Turn
from bot.dialog.view import View
from bot.staff import cards
from bot.staff.cards import Spoken
from bot.staff.handover import Handover
from bot.staff.outcome import Outcome
from bot.staff.posts import Post
from bot.store import contents, handovers, outbox, questions, sessions, transcripts
from bot.store.database import Database
from bot.store.sessions import Chat
from bot.turns.batch import Batch

Labels = list[list[tuple[str, str]]]
Spoke = tuple[str, str, str, transcripts.Labels]
"""A line of the transcript: who, kind, text, buttons."""


class Keeper:
    """Knows the ids to go on from."""

    def __init__(self, database: Database, contents_: contents.Contents) -> None:
        self.database, self.contents = database, contents_
        self._next_message = self.next_session = self.next_handover = 0

    async def begin(self, now: int) -> None:
        """Find the ids to go on from."""
        self._next_message = await outbox.newest_id(self.database) + 1
        # Seconds since 2023 as a floor: should the file be lost, a session's number stands on no other one's buttons.
        self.next_session = max(await sessions.newest_id(self.database) + 1, now // 1000 - 1_700_000_000)
        self.next_handover = await handovers.newest_id(self.database) + 1

    @property
    def ids(self) -> tuple[int, int, int]:
        """What to go back to should nothing of what is computed from here on be written: else numbers are left out."""
        return self._next_message, self.next_session, self.next_handover

    def go_back_to(self, ids: tuple[int, int, int]) -> None:
        """Go on from these ids."""
        self._next_message, self.next_session, self.next_handover = ids

    @property
    def next_row(self) -> int:
        """The outbox row of the next message."""
        return self._next_message

    def post(
        self, batch: Batch, chat_id: int, reply: Reply, edits_message: int | None = None, edits_row: int | None = None,
        source: tuple[int, int] = (0, 0),
    ) -> int:  # fmt: skip
        """Put a message to an owner into the outbox; gives its row."""
        return self._add(
            batch, chat_id=chat_id, text=reply.text, buttons=labels(reply), edits_message=edits_message,
            edits_row=edits_row, source_chat=source[0] or None, source_message=source[1] or None,
        )  # fmt: skip

    def login(self, batch: Batch, person: int, words: Words) -> None:
        """Put an invitation to the review pages into the outbox; its link is made when it is delivered."""
        buttons = [[(words.plain("review-open"), "open")], [(words.plain("review-inside"), "inside")]]
        self._add(batch, chat_id=person, text=words.say("review-link"), buttons=buttons, what="login")

    def file(self, batch: Batch, chat: Chat, reply: Reply) -> int:
        """Put a file with all that is kept of an owner into the outbox: its caption, and what it is; never what is in
        it. Gives its row."""
        kind = f"{reply.file}:{chat.session.language}"
        return self._add(batch, chat_id=chat.id, text=reply.text, what="mydata", brief=kind)

    def tell_staff(self, batch: Batch, text: str) -> None:
        """Put a line to the staff that is about no conversation any more into the outbox."""
        self._add(batch, chat_id=batch.desk.chat, text=text)

    def farewell(self, batch: Batch, chat: int, text: str, brief: str) -> None:
        """Put the last message to an owner who is forgotten into the outbox; it takes their copies in the staff's
        group with it (bot/chat/erase.py)."""
        self._add(batch, chat_id=chat, text=text, what="forgotten", brief=brief)

    def _add(self, batch: Batch, **values: Any) -> int:
        row_id = self._next_message
        self._next_message += 1
        batch.messages.append(outbox.Message(id=row_id, created_at=batch.now, **values))
        return row_id

    # -- an owner's turn

    def lines(self, batch: Batch, chat: Chat, spoken: list[Spoke], taken: str = "") -> Chat:
        """Put these into the transcript of the chat's session. `taken`: what the first of them was taken for."""
        for place, (who, kind, text, buttons) in enumerate(spoken, chat.lines):
            as_what = taken if place == chat.lines else ""
            batch.lines.append(transcripts.Line(chat.session.id, place, batch.now, who, kind, text, buttons, as_what))
        return replace(chat, lines=chat.lines + len(spoken), updated_at=batch.now)

    def said_by_us(self, turn: Turn) -> list[Spoke]:
        """What the bot said in a turn; the staff's own words are kept where they were said."""
        closes = [("bot", "edit", turn.closes, ())] if turn.closes is not None else []
        toast = [("bot", "toast", turn.toast, ())] if turn.toast else []
        return [
            *closes,
            *toast,
            *(("bot", "reply", reply.text, labels(reply)) for reply in turn.replies if reply.who == "bot"),
        ]

    def said_to_owner(self, outcome: Outcome) -> list[Spoke]:
        """What the owner heard of the staff and of the bot, in the order in which it is shown."""
        kind = "sent" if outcome.is_media else "said"
        said: list[Spoke] = [("staff", kind, outcome.said, ())] if outcome.said else []
        if outcome.turn is None:
            return said
        replies = outcome.turn.replies
        place = next((at for at, reply in enumerate(replies) if reply.who == "staff"), len(replies))
        before, after = replies[:place], replies[place:]
        return [
            *self.said_by_us(replace(outcome.turn, replies=before)),
            *said,
            *self.said_by_us(replace(outcome.turn, replies=after, toast="", closes=None)),
        ]

    def messages(
        self, batch: Batch, chat: Chat, turn: Turn, message_id: int | None, source: tuple[int, int] = (0, 0)
    ) -> Chat:
        """Put a turn's messages into the outbox. `source`: the staff's message that they bring, if they do."""
        if turn.closes is not None and (message_id or chat.question_id):
            row = None if message_id else chat.question_id
            self.post(batch, chat.id, Reply(turn.closes), message_id, row)
        for reply in turn.replies:
            brought = source if reply.who == "staff" else (0, 0)
            row_id = self.file(batch, chat, reply) if reply.file else self.post(batch, chat.id, reply, source=brought)
            chat = replace(chat, question_id=row_id) if reply.asks else chat
        return chat

    def told_owner(self, batch: Batch, outcome: Outcome, chat: Chat, source: tuple[int, int]) -> Chat:
        """What an owner gets of the staff's acts, or of time: in the transcript and in the outbox."""
        chat = self.lines(batch, chat, self.said_to_owner(outcome))
        if outcome.turn:
            chat = self.messages(batch, replace(chat, session=outcome.turn.session), outcome.turn, None, source)
        batch.chats[chat.id] = batch.changed[chat.id] = chat
        return chat

    # -- what is beside the dialog

    async def outcome(
        self, batch: Batch, outcome: Outcome, chat: Chat | None, content: Content, source: tuple[int, int] = (0, 0)
    ) -> None:
        """Put all but the owner's turn into the batch. `chat`: the owner's as it is by now, None: it is about none.

        `source`: the message that caused it, which posts without one of their own bring.
        """
        handover = outcome.handover
        if handover is not None:
            self.next_handover = max(self.next_handover, handover.id + 1)
            batch.newest[handover.chat_id] = batch.handovers[handover.id] = handover
        for post in outcome.posts:
            await self._add_post(batch, post, chat, content, source)
        if outcome.taught is not None:
            draft = outcome.taught
            row = draft.card_id or (batch.messages[-1].id if outcome.posts else 0)
            batch.drafts[draft.id] = replace(draft, card_id=row)
            batch.learned = batch.learned or draft.state == "approved"

    async def _add_post(
        self, batch: Batch, post: Post, chat: Chat | None, content: Content, source: tuple[int, int]
    ) -> None:
        if post.what == "card" and not post.text:
            assert chat is not None
            post = await self._drawn(batch, batch.newest[chat.id], chat, content)
        source = post.source if any(post.source) else source if post.brings else (0, 0)
        row = self._add(
            batch, chat_id=post.chat or batch.desk.chat, text=post.text, buttons=[list(one) for one in post.buttons],
            edits_row=post.edits or None, what=post.what, handover_id=post.handover or None, brief=post.brief,
            source_chat=source[0] or None, source_message=source[1] or None, thread=post.thread,
        )  # fmt: skip
        if post.what == "card":
            handover = replace(batch.newest[chat.id], card_id=row) if chat else None
            if handover:
                batch.newest[handover.chat_id] = batch.handovers[handover.id] = handover

    async def _drawn(self, batch: Batch, handover: Handover, chat: Chat, content: Content) -> Post:
        return cards.card(batch.moment, handover, View(content, chat.session), await self.spoken(batch, chat))

    async def spoken(self, batch: Batch, chat: Chat) -> list[Spoken]:
        """What was said last in the chat's session, by now."""
        stored = await transcripts.last(self.database, chat.session.id, cards.TURNS_SHOWN)
        fresh = [
            (line.who, line.text)
            for line in batch.lines
            if line.session_id == chat.session.id and line.kind in ("said", "pressed", "sent", "reply")
        ]
        return [Spoken(who, text if who == "owner" else plain(text)) for who, text in [*stored, *fresh]]


def judgements(batch: Batch, chat: Chat, turn: Turn) -> None:
    """What the bot could not answer, and what the owner thinks of an answer."""
    where = chat.session.id
    if asked := turn.question:
        batch.asked.append(
            questions.Unanswered(chat.id, where, asked.language, asked.text, asked.wants, asked_at=batch.now)
        )
    if said := turn.opinion:
        batch.rated.append(questions.Rated(chat.id, where, said.cell, said.language, said.helpful, batch.now))
    if turn.tell:
        batch.extra.append(questions.tell_me(chat.id, turn.tell))


def labels(reply: Reply) -> Labels:
    """A reply's buttons, as the outbox keeps them."""
    return [[(button.label, button.press.data()) for button in row] for row in reply.rows]
