"""What was said, by whom, in order, in the very words shown. Each wording is stored once."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, bindparam, or_, select

from bot.store import schema
from bot.store.database import Database
from bot.store.statements import Job, compiled, inserting, inserting_once, many

Labels = Sequence[Sequence[Sequence[str]]]
"""Rows of [label, data]."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `text` is Telegram HTML where the bot speaks, plain where the owner does; for a press, the label.

    `taken`: what an owner's event was taken for, as `bot.dialog.session.Turn` tells.
    """

    session_id: int
    line: int
    at: int
    who: str
    kind: str
    text: str
    buttons: Labels = ()
    taken: str = ""


_t = schema.transcript.c
_worded, _labels = schema.wording.alias("worded"), schema.wording.alias("labels")
_WORD, _ADD = inserting_once(schema.wording), inserting(schema.transcript)
_READ = compiled(
    select(_t.session_id, _t.line, _t.at, _t.who, _t.kind, _worded.c.text, _labels.c.text.label("buttons"), _t.taken)
    .join(_worded, _worded.c.digest == _t.digest)
    .outerjoin(_labels, _labels.c.digest == _t.buttons)
    .where(_t.session_id == bindparam("session_id"))
    .order_by(_t.line)
)
_LAST = compiled(
    select(_t.line, _t.who, _t.kind, _worded.c.text)
    .join(_worded, _worded.c.digest == _t.digest)
    .where(_t.session_id == bindparam("session_id"), _t.kind != "edit", _t.kind != "toast")
    .order_by(_t.line.desc())
    .limit(bindparam("most"))
)
_LAST_SAID = compiled(
    select(_worded.c.text)
    .join_from(schema.transcript, _worded, _worded.c.digest == _t.digest)
    .where(
        _t.session_id == bindparam("session_id"),
        _t.who == bindparam("who"),
        _t.kind == "said",
        _t.at >= bindparam("since"),
        _t.at <= bindparam("until"),
    )
    .order_by(_t.line.desc())
    .limit(1)
)
_s = schema.session.c
_LIST = compiled(select(schema.session).order_by(_s.id.desc()).limit(bindparam("most")))
_CHOSEN = compiled(
    select(_s.id)
    .where(
        bindparam("language").in_(["", _s.language]),
        bindparam("version").in_(["", _s.dialog_version]),
        _s.begun_at >= bindparam("since"),
        or_(bindparam("simulated", type_=Boolean).is_(None), _s.simulated == bindparam("simulated")),
    )
    .order_by(_s.id)
)
_ONE = compiled(select(schema.session).where(_s.id == bindparam("session_id")))


def add(lines: Iterable[Line]) -> Job:
    """Write these lines."""
    listed = list(lines)
    texts = {text for line in listed for text in (line.text, _as_json(line.buttons)) if text is not None}
    return (
        *many(_WORD, ({"digest": digest(text), "text": text} for text in texts)),
        *many(_ADD, (_row(line) for line in listed)),
    )


def _row(line: Line) -> dict[str, Any]:
    buttons = _as_json(line.buttons)
    return {
        "session_id": line.session_id, "line": line.line, "at": line.at, "who": line.who, "kind": line.kind,
        "digest": digest(line.text), "buttons": digest(buttons) if buttons is not None else None, "taken": line.taken,
    }  # fmt: skip


def _as_json(buttons: Labels) -> str | None:
    return json.dumps(buttons, ensure_ascii=False) if buttons else None


def digest(text: str) -> bytes:
    """The key of a wording."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


async def read(database: Database, session_id: int) -> list[Line]:
    """The transcript of one session, in order."""
    return _lines(await database.read(_READ, {"session_id": session_id}))


def _lines(rows: list[dict[str, Any]]) -> list[Line]:
    return [Line(**{**row, "buttons": json.loads(row["buttons"]) if row["buttons"] else ()}) for row in rows]


async def look(database: Database, session_id: int) -> list[Line]:
    """As `read`, for those who look on."""
    return _lines(await database.look(_READ, {"session_id": session_id}))


async def last(database: Database, session_id: int, most: int) -> list[tuple[str, str]]:
    """Who spoke last in a session and their words, in order."""
    rows = await database.read(_LAST, {"session_id": session_id, "most": most})
    return [(row["who"], row["text"]) for row in reversed(rows)]


async def last_said(database: Database, session_id: int, who: str, since: int, until: int) -> str:
    """The last words of this speaker in a session between these times; `""`: none."""
    rows = await database.read(_LAST_SAID, {"session_id": session_id, "who": who, "since": since, "until": until})
    return str(rows[0]["text"]) if rows else ""


async def sessions(database: Database, most: int) -> list[dict[str, Any]]:
    """The newest sessions, as rows of the table."""
    return [_readable(row) for row in await database.read(_LIST, {"most": most})]


async def chosen(database: Database, language: str, version: str, since: int, simulated: bool | None) -> list[int]:
    """The numbers of the sessions in this language (`""`: in any), of this dialog version (`""`: of any), begun since
    then, in order. `simulated`: None: the real and the simulated ones."""
    values = {"language": language, "version": version, "since": since, "simulated": simulated}
    return [row["id"] for row in await database.read(_CHOSEN, values)]


async def session(database: Database, session_id: int) -> dict[str, Any] | None:
    """One session, as a row of the table; None when there is none."""
    rows = await database.read(_ONE, {"session_id": session_id})
    return _readable(rows[0]) if rows else None


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "answers": json.loads(row["answers"])}
