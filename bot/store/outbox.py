"""Messages decided and stored, not yet delivered."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, select, update

from bot.store import schema
from bot.store.database import Database
from bot.store.statements import Job, compiled, inserting, many

KEPT_MS = 48 * 3600 * 1000
READ_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the outbox: a new message, or an edit of the message `edits_message` / of what row `edits_row` became.

    `buttons`: rows of (label, data).
    """

    id: int
    chat_id: int
    text: str
    buttons: Sequence[Sequence[tuple[str, str]]] = ()
    edits_message: int | None = None
    edits_row: int | None = None
    created_at: int = 0

    @property
    def is_edit(self) -> bool:
        """Whether it changes a message that is there."""
        return self.edits_message is not None or self.edits_row is not None


_o = schema.outbox.c
_ADD = inserting(schema.outbox)
_NEW = compiled(
    select(_o.id, _o.chat_id, _o.text, _o.buttons, _o.edits_message, _o.edits_row, _o.created_at)
    .where(_o.state == "new", _o.id > bindparam("after"))
    .order_by(_o.id)
    .limit(READ_AT_ONCE)
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
    .where(_o.chat_id == bindparam("chat"), _o.state == "new")
    .values(state="failed", done_at=bindparam("at"), error=bindparam("why"))
)
_MESSAGE = compiled(select(_o.message_id).where(_o.id == bindparam("row")))
_NEWEST = compiled(
    select(
        func.max(
            func.coalesce(select(func.max(_o.id)).scalar_subquery(), 0),
            func.coalesce(select(func.max(schema.chat.c.question_id)).scalar_subquery(), 0),
        ).label("newest")
    )
)
_asked = select(schema.chat.c.question_id)
_PRUNE = compiled(
    delete(schema.outbox).where(and_(_o.state != "new", _o.done_at < bindparam("before"), _o.id.not_in(_asked)))
)


def add(messages: Iterable[Message]) -> Job:
    """Write these messages, undelivered."""
    return many(_ADD, (_row(message) for message in messages))


def _row(message: Message) -> dict[str, Any]:
    return {
        "id": message.id, "chat_id": message.chat_id, "text": message.text,
        "buttons": json.dumps(message.buttons, ensure_ascii=False), "edits_message": message.edits_message,
        "edits_row": message.edits_row, "created_at": message.created_at, "state": "new", "done_at": None,
        "message_id": None, "error": None,
    }  # fmt: skip


async def undelivered(database: Database, after: int) -> list[Message]:
    """The next undelivered messages with an id above `after`, in order, at most READ_AT_ONCE."""
    rows = await database.read(_NEW, {"after": after})
    return [Message(**{**row, "buttons": json.loads(row["buttons"])}) for row in rows]


async def newest_id(database: Database) -> int:
    """The highest id that was ever used, as far as anything still refers to it."""
    return int((await database.read(_NEWEST))[0]["newest"])


async def message_id(database: Database, row: int) -> int | None:
    """The Telegram message that this row became, None when it is unknown."""
    rows = await database.read(_MESSAGE, {"row": row})
    return rows[0]["message_id"] if rows else None


def sent(row: int, message: int | None, at: int) -> Job:
    """This row was delivered, as that message."""
    return many(_SENT, [{"row": row, "message": message, "at": at}])


def failed(row: int, why: str, at: int) -> Job:
    """This row will not be delivered."""
    return many(_FAILED, [{"row": row, "why": why, "at": at}])


def chat_failed(chat_id: int, why: str, at: int) -> Job:
    """Nothing that waits for this chat will be delivered."""
    return many(_CHAT_FAILED, [{"chat": chat_id, "why": why, "at": at}])


def prune(now: int) -> Job:
    """Drop what was done with more than 48 hours ago, but the questions that may still be edited."""
    return many(_PRUNE, [{"before": now - KEPT_MS}])
