"""What admins make of a session: a flag, that it was reviewed, labels, remarks."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from bot.store import schema
from bot.store.database import Database
from bot.store.statements import Job, Sql, compiled, inserting, inserting_once, many

LONGEST_LABEL: Final = 40
LONGEST_REMARK: Final = 4000
MOST_KNOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody noted, and when (epoch ms)."""

    id: int
    at: int
    name: str
    text: str


_r, _l, _m = schema.review.c, schema.label.c, schema.remark.c


def _marking(*changed: str) -> Sql:
    row = insert(schema.review).values({column.name: bindparam(column.name) for column in schema.review.columns})
    return compiled(
        row.on_conflict_do_update(index_elements=[_r.session_id], set_={name: row.excluded[name] for name in changed})
    )


_FLAG, _REVIEW = _marking("flagged"), _marking("reviewed_by", "reviewed_name", "reviewed_at")
_LABEL, _REMARK = inserting_once(schema.label), inserting(schema.remark)
_UNLABEL = compiled(delete(schema.label).where(_l.session_id == bindparam("session"), _l.label == bindparam("label")))
_UNREMARK = compiled(delete(schema.remark).where(_m.session_id == bindparam("session"), _m.id == bindparam("remark")))
_REMARKS = compiled(select(_m.id, _m.at, _m.name, _m.text).where(_m.session_id == bindparam("session")).order_by(_m.id))
_KNOWN = compiled(select(_l.label).group_by(_l.label).order_by(func.count().desc(), _l.label).limit(MOST_KNOWN))


def _row(session: int, **marks: Any) -> dict[str, Any]:
    return {"session_id": session, "flagged": False, "reviewed_by": 0, "reviewed_name": "", "reviewed_at": 0, **marks}


def flag(session: int, *, flagged: bool) -> Job:
    """Flag this session, or take the flag away."""
    return many(_FLAG, [_row(session, flagged=flagged)])


def reviewed(session: int, by: int, name: str, at: int) -> Job:
    """This person has reviewed this session."""
    return many(_REVIEW, [_row(session, reviewed_by=by, reviewed_name=name, reviewed_at=at)])


def not_reviewed(session: int) -> Job:
    """It is to be reviewed again."""
    return many(_REVIEW, [_row(session)])


def as_label(text: str) -> str:
    """A label as it is kept: one line, small letters, at most LONGEST_LABEL of them; "" for none."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split()).lower()[:LONGEST_LABEL].strip()


def label(session: int, name: str, by: int, at: int) -> Job:
    """Give this session a label (see `as_label`)."""
    return many(_LABEL, [{"session_id": session, "label": name, "by": by, "at": at}])


def unlabel(session: int, name: str) -> Job:
    """Take a label away."""
    return many(_UNLABEL, [{"session": session, "label": name}])


def remark(session: int, text: str, by: int, name: str, at: int) -> Job:
    """Note something about this session."""
    row = {"id": None, "session_id": session, "at": at, "by": by, "name": name, "text": text[:LONGEST_REMARK]}
    return many(_REMARK, [row])


def unremark(session: int, remark_id: int) -> Job:
    """Take a remark away."""
    return many(_UNREMARK, [{"session": session, "remark": remark_id}])


async def remarks(database: Database, session: int) -> list[Remark]:
    """The remarks on a session, in order."""
    return [Remark(**row) for row in await database.look(_REMARKS, {"session": session})]


async def known_labels(database: Database) -> list[str]:
    """The labels in use, the most frequent first."""
    return [row["label"] for row in await database.look(_KNOWN)]
