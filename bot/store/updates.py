"""Which updates were taken, which failed, which bot the file belongs to."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, func, select

from bot.store import schema
from bot.store.database import Database, DatabaseRefusedError
from bot.store.statements import Job, compiled, inserting_once, many, replacing

KEPT_MS = 48 * 3600 * 1000

_ids = func.json_each(bindparam("ids")).table_valued("value")
_SEEN = compiled(select(schema.seen_update.c.update_id).where(schema.seen_update.c.update_id.in_(select(_ids.c.value))))
_TRIES = compiled(select(schema.update_try).where(schema.update_try.c.update_id.in_(select(_ids.c.value))))
_SEE = inserting_once(schema.seen_update)
_TRY = replacing(schema.update_try)
_UNTRY = compiled(delete(schema.update_try).where(schema.update_try.c.update_id == bindparam("update_id")))
_FAIL = replacing(schema.failed_update)
_FORGET = compiled(delete(schema.seen_update).where(schema.seen_update.c.seen_at < bindparam("before")))
_FORGET_FAILED = compiled(delete(schema.failed_update).where(schema.failed_update.c.failed_at < bindparam("before")))
_BOT = compiled(select(schema.bot))
_SET_BOT = replacing(schema.bot)


async def seen(database: Database, update_ids: Iterable[int]) -> set[int]:
    """Which of these updates have been taken already."""
    rows = await database.read(_SEEN, {"ids": json.dumps(list(update_ids))})
    return {row["update_id"] for row in rows}


async def tries(database: Database, update_ids: Iterable[int]) -> dict[int, int]:
    """How often each of these was begun after an unclean stop."""
    rows = await database.read(_TRIES, {"ids": json.dumps(list(update_ids))})
    return {row["update_id"]: row["tries"] for row in rows}


def see(update_ids: Iterable[int], now: int) -> Job:
    """Remember that these were taken."""
    return many(_SEE, ({"update_id": update_id, "seen_at": now} for update_id in update_ids))


def begin_try(update_id: int, number: int) -> Job:
    """Remember that this update is about to be tried."""
    return many(_TRY, [{"update_id": update_id, "tries": number}])


def end_try(update_id: int) -> Job:
    """The try came to an end."""
    return many(_UNTRY, [{"update_id": update_id}])


def fail(update_id: int, now: int, why: str, error: str, payload: Any, chat_id: int = 0) -> Job:
    """Keep an update that broke (`why`: failed or quarantined) with its error. `chat_id`: whose it is; 0: nobody's."""
    held = json.dumps(payload, ensure_ascii=True, default=repr)
    values = {"update_id": update_id, "failed_at": now, "why": why, "error": error, "payload": held}
    return many(_FAIL, [{**values, "chat_id": chat_id}])


def forget_old(now: int) -> Job:
    """Drop the keys of updates taken more than 48 hours ago."""
    return many(_FORGET, [{"before": now - KEPT_MS}])


def prune_failed(before: int) -> Job:
    """Drop the updates that failed before this time."""
    return many(_FORGET_FAILED, [{"before": before}])


async def claim(database: Database, bot_id: int) -> bool:
    """Mark the file as this bot's and running. True when the last run was stopped uncleanly.

    Raises DatabaseRefusedError when the file belongs to another bot.
    """
    rows = await database.read(_BOT)
    if rows and rows[0]["id"] != bot_id:
        raise DatabaseRefusedError(
            f"This database belongs to the bot with the id {rows[0]['id']}, not to {bot_id}. "
            "Name another file with ADVISOR_DATABASE, or use the token of that bot."
        )
    await database.write(many(_SET_BOT, [{"id": bot_id, "running": True}]))
    return bool(rows and rows[0]["running"])


async def release(database: Database, bot_id: int) -> None:
    """Mark that the run ended in order."""
    await database.write(many(_SET_BOT, [{"id": bot_id, "running": False}]))
