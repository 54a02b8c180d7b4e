"""The traffic over the tree: anonymous counts, written with the turn, read by the review pages."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Integer, Text, and_, bindparam, cast, delete, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from bot.store import schema
from bot.store.database import Database
from bot.store.filters import DAY_MS, Filter
from bot.store.statements import Job, Values, compiled, insertion, many

KEPT_BY_DAY: Final = 62
"""Days that are kept one by one; older ones are kept by month, so that a year is read at once."""


class Kind(NamedTuple):
    """Of which sessions: the day on which they began (since 1970), dialog version, language, whether simulated."""

    day: int
    dialog_version: str
    language: str
    simulated: bool


Counted = Counter[tuple[Kind, str, str]]
"""(kind, question, what) -> how often more (or less, where a session has moved on)."""

_t, _s, _v = schema.traffic.c, schema.session.c, schema.dialog_version.c
_key = (_t.dialog_version, _t.language, _t.simulated, _t.node, _t.what)
"""The key of the table without the day, in its order."""
_inserting = insertion(schema.traffic)
_COUNT = compiled(
    _inserting.on_conflict_do_update(
        index_elements=list(schema.traffic.primary_key), set_={"n": _t.n + _inserting.excluded.n}
    )
)


_month = func.date(_t.day * 86400, "unixepoch", "start of month")
_first = cast(func.julianday(_month) - func.julianday("1970-01-01"), Integer)
_is_old = and_(_t.day < bindparam("before", type_=Integer), _t.day != _first)
_folding = insert(schema.traffic).from_select(
    schema.traffic.columns.keys(),
    select(*_key, _first, func.sum(_t.n)).where(_is_old).group_by(*_key, _first),
)
_FOLD = (
    compiled(
        _folding.on_conflict_do_update(
            index_elements=list(schema.traffic.primary_key), set_={"n": _t.n + _folding.excluded.n}
        )
    ),
    compiled(delete(schema.traffic).where(_is_old)),
)
_DROP_SIMULATED = compiled(delete(schema.traffic).where(_t.simulated))


def count(counted: Counted) -> Job:
    """Add these counts."""
    rows = (
        {**kind._asdict(), "node": node, "what": what, "n": n} for (kind, node, what), n in counted.items() if n
    )  # fmt: skip
    return many(_COUNT, rows)


def _within() -> ColumnElement[bool]:
    """The rows of the sessions that are looked at; `""` is not set."""
    given = {name: bindparam(name, type_=Text) for name in ("version", "language", "simulated")}
    return and_(
        _t.day.between(bindparam("since", type_=Integer), bindparam("until", type_=Integer)),
        or_(given["version"] == "", _t.dialog_version == given["version"]),
        or_(given["language"] == "", _t.language == given["language"]),
        or_(given["simulated"] == "", _t.simulated == (given["simulated"] == "yes")),
    )


_n = func.sum(_t.n).label("n")
# In the order of the key first, which needs no sorting and leaves one row of all days.
_days = select(_t.node, _t.what, _n).where(_within()).group_by(*_key).subquery()
_BY_PLACE = compiled(
    select(_days.c.node, _days.c.what, func.sum(_days.c.n).label("n")).group_by(_days.c.node, _days.c.what)
)
_BY_KIND = compiled(
    select(_t.language, _t.dialog_version, _t.what, _n)
    .where(_within(), _t.node == "")
    .group_by(_t.language, _t.dialog_version, _t.what)
)
_BY_LANGUAGE = compiled(
    select(_t.language, _t.what, _n)
    .where(_within(), or_(_t.what == "asked", _t.what == "unanswered"))
    .group_by(_t.language, _t.what)
)
_STILL_THERE = compiled(
    select(_s.stands, func.count().label("n"))
    .where(
        _s.updated_at >= bindparam("quiet"),
        _s.stands != "",
        # `+ 0`, and `|| ''` below: the last day's few are looked at, by the index on that time, not all by another.
        (_s.begun_at + 0).between(bindparam("begin"), bindparam("end")),
        or_(bindparam("version", type_=Text) == "", _s.dialog_version == bindparam("version", type_=Text)),
        or_(bindparam("language", type_=Text) == "", _s.language == bindparam("language", type_=Text)),
        or_(
            bindparam("simulated", type_=Text) == "",
            _s.simulated == (bindparam("simulated", type_=Text) == "yes"),
        ),
    )
    .group_by(_s.stands.concat(""))
)
_VERSIONS = compiled(select(_v.version, _v.stored_at).order_by(_v.stored_at.desc()))


async def by_place(database: Database, wanted: Filter) -> dict[tuple[str, str], int]:
    """(question, what) -> how often, in the sessions that began in this period, of this language and so on."""
    return {(row["node"], row["what"]): row["n"] for row in await database.look(_BY_PLACE, _values(wanted)) if row["n"]}


async def by_kind(database: Database, wanted: Filter) -> dict[tuple[str, str, str], int]:
    """(language, dialog version, what) -> how often, of sessions as a whole."""
    rows = await database.look(_BY_KIND, _values(wanted))
    return {(row["language"], row["dialog_version"], row["what"]): row["n"] for row in rows if row["n"]}


async def asked(database: Database, wanted: Filter) -> dict[tuple[str, str], int]:
    """(language, asked or unanswered) -> how many questions; asked: those that something was answered to."""
    rows = await database.look(_BY_LANGUAGE, _values(wanted))
    return {(row["language"], row["what"]): row["n"] for row in rows if row["n"]}


async def still_there(database: Database, wanted: Filter, now: int) -> dict[str, int]:
    """How many sessions stand at each question in which something happened within the last day."""
    rows = await database.look(_STILL_THERE, {**_values(wanted), "quiet": now - DAY_MS})
    return {row["stands"]: row["n"] for row in rows}


async def versions(database: Database) -> dict[str, int]:
    """The dialog versions that are kept, the newest first, with when they were stored."""
    return {row["version"]: row["stored_at"] for row in await database.look(_VERSIONS)}


def _values(wanted: Filter) -> Values:
    begin, end = wanted.period
    return {
        "since": begin // DAY_MS, "until": end // DAY_MS - 1, "begin": begin, "end": end - 1,
        "version": wanted.version, "language": wanted.language, "simulated": wanted.simulated,
    }  # fmt: skip


def fold(now: int) -> Job:
    """Put the days of the months that ended more than two months ago together, a row a month."""
    return tuple(statement for sql in _FOLD for statement in many(sql, [{"before": folded_until(now)}]))


def folded_until(now: int) -> int:
    """The first day (since 1970) that is kept by itself."""
    then = datetime.fromtimestamp(now / 1000, UTC) - timedelta(days=KEPT_BY_DAY)
    return int(then.replace(day=1).timestamp()) // 86400


def drop_simulated() -> Job:
    """Forget all that simulated owners did."""
    return many(_DROP_SIMULATED, [{}])
