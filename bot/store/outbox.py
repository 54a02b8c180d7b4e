"""Messages decided and stored, not yet delivered."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, bindparam, delete, func, literal_column, null, or_, select, update

from bot.store import numbers, schema
from bot.store.database import Database
from bot.store.sessions import is_simulated
from bot.store.statements import Job, compiled, inserting, many

KEPT_MS = 48 * 3600 * 1000
READ_AT_ONCE = 500
ANY_ROW = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the outbox: a new message, or an edit of the message `edits_message` / of what row `edits_row` became.

    `buttons`: rows of (label, data). `what`: text, copy, caption, card or topic (bot/staff/posts.py); mydata (a file
    with all that is kept of the owner), forgotten (the last message to an owner). `handover_id`: in whose topic of the
    staff's group it is posted. `source_chat`, `source_message`: what it brings, or copies. `brief`: a card in a line; a
    topic's state; words for a copy that cannot be made; which file, and in which language; what is to be removed in the
    staff's group. `thread`: a topic of no handover.
    """

    id: int
    chat_id: int
    text: str
    buttons: Sequence[Sequence[tuple[str, str]]] = ()
    edits_message: int | None = None
    edits_row: int | None = None
    created_at: int = 0
    what: str = "text"
    handover_id: int | None = None
    source_chat: int | None = None
    source_message: int | None = None
    brief: str = ""
    thread: int = 0

    @property
    def is_edit(self) -> bool:
        """Whether it changes a message that is there."""
        return self.edits_message is not None or self.edits_row is not None


_o = schema.outbox.c
_ADD = inserting(schema.outbox)
_FIELDS = (
    _o.id, _o.chat_id, _o.text, _o.buttons, _o.edits_message, _o.edits_row, _o.created_at, _o.what, _o.handover_id,
    _o.source_chat, _o.source_message, _o.brief, _o.thread,
)  # fmt: skip
_NEW = compiled(
    select(*_FIELDS).where(_o.state == "new", _o.id > bindparam("after")).order_by(_o.id).limit(READ_AT_ONCE)
)
_SENT = compiled(
    update(schema.outbox)
    .where(_o.id == bindparam("row"))
    .values(state="sent", done_at=bindparam("at"), message_id=bindparam("message"))
)
_FAILED = compiled(
    update(schema.outbox)
    .where(_o.id == bindparam("row"))
    .values(state="failed", done_at=bindparam("at"), error=bindparam("why"))
)
_CHAT_FAILED = compiled(
    update(schema.outbox)
    .where(_o.chat_id == bindparam("chat"), _o.state == "new", _o.id < bindparam("row"))
    .where(_o.what != literal_column("'forgotten'"))
    .values(state="failed", done_at=bindparam("at"), error=bindparam("why"))
)
_BATCHED = compiled(
    update(schema.outbox)
    .where(_o.id == bindparam("row"))
    .values(state="sent", done_at=bindparam("at"), message_id=bindparam("message"), batched=True)
)
_SHOWN = compiled(
    update(schema.outbox).where(_o.id == bindparam("row")).values(message_id=bindparam("message"), batched=False)
)
_UNSHOWN = compiled(
    update(schema.outbox)
    .where(_o.handover_id == bindparam("handover"), _o.what == "card", _o.state == "sent")
    .values(message_id=null())
)
_BECAME = compiled(select(_o.message_id, _o.batched).where(_o.id == bindparam("row"), _o.chat_id == bindparam("chat")))
_CARD = compiled(
    select(_o.id, _o.message_id, _o.batched)
    .where(_o.handover_id == bindparam("handover"), _o.chat_id == bindparam("chat"))
    .where(_o.what == "card", _o.state == "sent")
    .order_by(_o.id.desc())
    .limit(1)
)
_ONE = compiled(select(*_FIELDS).where(_o.id == bindparam("row")))
_BROUGHT = compiled(
    select(_o.id, _o.chat_id)
    .where(_o.source_chat == bindparam("chat"), _o.source_message == bindparam("message"), _o.edits_row.is_(None))
    .order_by(_o.id.desc())
    .limit(1)
)
_ABOUT = compiled(
    select(_o.id, _o.handover_id)
    .where(_o.chat_id == bindparam("chat"), _o.message_id == bindparam("message"), _o.batched.is_(False))
    .order_by(_o.id.desc())
)
_GONE = compiled(delete(schema.outbox).where(_o.id == bindparam("row")))
_rows = func.json_each(bindparam("rows")).table_valued("value")
_THERE = compiled(select(_o.id).where(_o.id.in_(select(_rows.c.value))))
_MOVE = compiled(
    update(schema.outbox).where(_o.chat_id == bindparam("old"), _o.state == "new").values(chat_id=bindparam("new"))
)
_NEWEST = compiled(
    select(
        func.max(
            func.coalesce(select(func.max(_o.id)).scalar_subquery(), 0),
            func.coalesce(select(func.max(schema.chat.c.question_id)).scalar_subquery(), 0),
            func.coalesce(select(func.max(schema.handover.c.card_id)).scalar_subquery(), 0),
            func.coalesce(select(func.max(schema.taught.c.card_id)).scalar_subquery(), 0),
        ).label("newest")
    )
)
_asked = select(schema.chat.c.question_id)
_open = select(schema.handover.c.id).where(schema.handover.c.state != "returned")
_unread = schema.taught.c.state.in_([literal_column("'draft'"), literal_column("'submitted'")])
_drafted = select(schema.taught.c.card_id).where(_unread)
DONE_WITH: Final = and_(
    _o.state != "new",
    _o.done_at < bindparam("before"),
    _o.id.not_in(_asked),
    _o.id.not_in(_drafted),
    or_(_o.handover_id.is_(None), _o.handover_id.not_in(_open)),
)
"""Rows that nothing needs any more, done with before `before`."""
_PRUNE = compiled(delete(schema.outbox).where(DONE_WITH))


def add(messages: Iterable[Message]) -> Job:
    """Write these messages, undelivered. Those to simulated chats are never written, so nothing can deliver them."""
    return many(_ADD, (_row(message) for message in messages if not is_simulated(message.chat_id)))


def _row(message: Message) -> dict[str, Any]:
    return {
        "id": message.id, "chat_id": message.chat_id, "text": message.text,
        "buttons": json.dumps(message.buttons, ensure_ascii=False), "edits_message": message.edits_message,
        "edits_row": message.edits_row, "created_at": message.created_at, "state": "new", "done_at": None,
        "message_id": None, "error": None, "what": message.what, "handover_id": message.handover_id,
        "source_chat": message.source_chat, "source_message": message.source_message, "brief": message.brief,
        "thread": message.thread, "batched": False,
    }  # fmt: skip


async def undelivered(database: Database, after: int) -> list[Message]:
    """The next undelivered messages with an id above `after`, in order, at most READ_AT_ONCE."""
    rows = await database.read(_NEW, {"after": after})
    return [_message(row) for row in rows]


def _message(row: dict[str, Any]) -> Message:
    return Message(**{**row, "buttons": json.loads(row["buttons"])})


async def newest_id(database: Database) -> int:
    """The highest id that ever was."""
    stored = int((await database.read(_NEWEST))[0]["newest"])
    return max(stored, await numbers.gone(database, schema.outbox))


async def became(database: Database, row: int, chat: int) -> tuple[int | None, bool]:
    """The message of this chat that this row became (None: unknown), and whether it is a line in it among others."""
    rows = await database.read(_BECAME, {"row": row, "chat": chat})
    return (rows[0]["message_id"], bool(rows[0]["batched"])) if rows else (None, False)


async def card_of(database: Database, handover: int, chat: int) -> tuple[int, int | None, bool] | None:
    """The newest delivered card of a handover in this group: its row, the message it is (None: it went with its topic),
    and whether it is a line among others. None: none was delivered."""
    rows = await database.read(_CARD, {"handover": handover, "chat": chat})
    return (rows[0]["id"], rows[0]["message_id"], bool(rows[0]["batched"])) if rows else None


async def one(database: Database, row: int) -> Message | None:
    """This row, None when it is gone."""
    rows = await database.read(_ONE, {"row": row})
    return _message(rows[0]) if rows else None


async def brought(database: Database, chat: int, message: int) -> tuple[int, int] | None:
    """The row that brought this Telegram message elsewhere, and the chat it went to; None: it was not brought."""
    rows = await database.read(_BROUGHT, {"chat": chat, "message": message})
    return (rows[0]["id"], rows[0]["chat_id"]) if rows else None


async def about(database: Database, chat: int, message: int) -> tuple[list[int], int]:
    """The rows that became this Telegram message, newest first, and the handover they are about; 0: none."""
    rows = await database.read(_ABOUT, {"chat": chat, "message": message})
    return [row["id"] for row in rows], next((row["handover_id"] for row in rows if row["handover_id"]), 0)


def batched(row: int, message: int, at: int) -> Job:
    """This row was delivered as a line of that message."""
    return many(_BATCHED, [{"row": row, "message": message, "at": at}])


def shown(row: int, message: int) -> Job:
    """This card stands by itself now, as that message."""
    return many(_SHOWN, [{"row": row, "message": message}])


def unshown(handover: int) -> Job:
    """The card of this handover went with its topic."""
    return many(_UNSHOWN, [{"handover": handover}])


def move(old: int, new: int) -> Job:
    """What waits for a group goes to the group it became."""
    return many(_MOVE, [{"old": old, "new": new}])


def sent(row: int, message: int | None, at: int) -> Job:
    """This row was delivered, as that message."""
    return many(_SENT, [{"row": row, "message": message, "at": at}])


def gone(row: int) -> Job:
    """This row leaves no trace."""
    return many(_GONE, [{"row": row}])


async def there(database: Database, rows: Sequence[int]) -> set[int]:
    """Which of these rows there are."""
    return {row["id"] for row in await database.read(_THERE, {"rows": json.dumps(list(rows))})}


def failed(row: int, why: str, at: int) -> Job:
    """This row will not be delivered."""
    return many(_FAILED, [{"row": row, "why": why, "at": at}])


def chat_failed(chat_id: int, why: str, at: int, before: int = ANY_ROW) -> Job:
    """Nothing that waits for this chat will be delivered, as far as it stands in a row before this one: but for the
    last word to one who was forgotten, which has their copies in the staff's group to remove first."""
    return many(_CHAT_FAILED, [{"chat": chat_id, "row": before, "why": why, "at": at}])


def prune(now: int) -> Job:
    """Drop what was done with more than 48 hours ago, but the questions that may still be edited."""
    return many(_PRUNE, [{"before": now - KEPT_MS}])
