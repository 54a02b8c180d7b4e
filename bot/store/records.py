"""What review shows of sessions: the row of a list, and what admins made of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, case, func, select

from bot.store import schema
from bot.store.database import Database
from bot.store.found import LEFT_AFTER_MS
from bot.store.statements import Sql, compiled


@dataclass(frozen=True, slots=True)
class Record:
    """A session as a line of a list. Times are epoch ms; `state`: going-on, advised or left.

    `handed`: how often a person was wished for; `rating`: of the last of them that was rated, 0: none; `helpful` and
    `unhelpful` count answers; `name`: as the staff knows the owner, "" when they do not.
    """

    id: int
    chat_id: int
    begun_at: int
    updated_at: int
    language: str
    state: str
    advice: str
    version: str
    answers: Mapping[str, str]
    lines: int
    simulated: bool
    handed: int = 0
    rating: int = 0
    helpful: int = 0
    unhelpful: int = 0
    flagged: bool = False
    reviewed_name: str = ""
    reviewed_at: int = 0
    labels: tuple[str, ...] = ()
    remarks: int = 0


_s, _h, _o, _r = schema.session.c, schema.handover.c, schema.opinions.c, schema.review.c
_l, _m = schema.label.c, schema.remark.c
_ids = select(func.json_each(bindparam("ids")).table_valued("value").c.value)
_SESSIONS = compiled(
    select(
        _s.id, _s.chat_id, _s.begun_at, _s.updated_at, _s.language, _s.advised, _s.dialog_version, _s.answers, _s.lines,
        _s.simulated, _r.flagged, _r.reviewed_name, _r.reviewed_at,
        select(func.count()).where(_m.session_id == _s.id).scalar_subquery().label("remarks"),
    )
    .outerjoin(schema.review, _r.session_id == _s.id)
    .where(_s.id.in_(_ids))
)  # fmt: skip
_BEGUN_LAST = compiled(select(_s.id).order_by(_s.begun_at.desc(), _s.id.desc()).limit(bindparam("most")))
_HANDED = compiled(select(_h.session_id, _h.rating).where(_h.session_id.in_(_ids)).order_by(_h.id))
_JUDGED = compiled(
    select(
        _o.session_id,
        func.sum(case((_o.helpful, 1), else_=0)).label("helpful"),
        func.sum(case((_o.helpful, 0), else_=1)).label("unhelpful"),
    )
    .where(_o.session_id.in_(_ids))
    .group_by(_o.session_id)
)
_LABELS = compiled(select(_l.session_id, _l.label).where(_l.session_id.in_(_ids)).order_by(_l.session_id, _l.label))
_WORDS = Sql(
    """SELECT t.session_id AS id, w.text AS text FROM json_each(:places) one
    CROSS JOIN transcript t ON t.session_id = one.value ->> 0 AND t.line = one.value ->> 1
    JOIN wording w ON w.digest = t.digest""",
    {},
)
_NAMES = compiled(select(_h.name).where(_h.chat_id == bindparam("chat"), _h.name != "").order_by(_h.id.desc()).limit(1))


async def records(database: Database, ids: Sequence[int], now: int) -> list[Record]:
    """These sessions, in this order, without those that are gone. Raises TooSlowError, StoreError."""
    if not ids:
        return []
    values = {"ids": json.dumps(list(ids))}
    rows = {row["id"]: row for row in await database.look(_SESSIONS, values)}
    handed = _grouped(await database.look(_HANDED, values))
    judged = {row["session_id"]: row for row in await database.look(_JUDGED, values)}
    labels = _grouped(await database.look(_LABELS, values))
    return [
        _record(rows[one], handed.get(one, []), judged.get(one, {}), labels.get(one, []), now)
        for one in ids
        if one in rows
    ]


async def newest(database: Database, most: int, now: int) -> list[Record]:
    """The sessions that began last, the newest first. Raises TooSlowError, StoreError."""
    return await records(database, [row["id"] for row in await database.look(_BEGUN_LAST, {"most": most})], now)


def _grouped(rows: Iterable[Mapping[str, Any]]) -> dict[int, list[Mapping[str, Any]]]:
    groups: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["session_id"], []).append(row)
    return groups


def _record(
    row: Mapping[str, Any],
    handed: Sequence[Mapping[str, Any]],
    judged: Mapping[str, Any],
    labels: Sequence[Mapping[str, Any]],
    now: int,
) -> Record:
    return Record(
        row["id"], row["chat_id"], row["begun_at"], row["updated_at"], row["language"], _state(row, now),
        row["advised"], row["dialog_version"], json.loads(row["answers"]), row["lines"], bool(row["simulated"]),
        len(handed), next((one["rating"] for one in reversed(handed) if one["rating"]), 0),
        judged.get("helpful", 0), judged.get("unhelpful", 0), bool(row["flagged"]),
        (row["reviewed_name"] or "") if row["reviewed_at"] else "", row["reviewed_at"] or 0,
        tuple(one["label"] for one in labels), row["remarks"],
    )  # fmt: skip


def _state(row: Mapping[str, Any], now: int) -> str:
    if row["advised"]:
        return "advised"
    return "left" if row["updated_at"] < now - LEFT_AFTER_MS else "going-on"


async def words_of(database: Database, lines: Mapping[int, int]) -> dict[int, str]:
    """By session, the text of one of its lines each. Raises TooSlowError, StoreError."""
    rows = await database.look(_WORDS, {"places": json.dumps(list(lines.items()))}) if lines else []
    return {row["id"]: row["text"] for row in rows}


async def name_of(database: Database, chat: int) -> str:
    """What the staff knows this owner as; "" when the owner never wished for a person."""
    rows = await database.look(_NAMES, {"chat": chat})
    return str(rows[0]["name"]) if rows else ""
