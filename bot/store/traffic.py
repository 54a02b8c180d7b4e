"""The traffic over the tree: anonymous counts, written with the turn, read by the review pages.

A turn writes one row at the end of a small table; now and then a trigger adds them up. To add each count at once is to
change a page of the file each: what review keeps then costs a fifth of a turn's write, and so a tenth (measured by
tests/review_bench.py).
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, Text, and_, bindparam, cast, delete, func, or_, select, union_all
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.types import TypeEngine

from bot.store import schema
from bot.store.filters import DAY_MS, Filter
from bot.store.statements import Job, Sql, Statement, Values, compiled, inserting, many

if TYPE_CHECKING:
    from bot.store.database import Database

ADDED_AT_ONCE: Final = 256
"""So many rows that turns wrote are added up at once, by whichever turn writes the last of them: some milliseconds."""
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
Columns = Any
"""The columns of the table, or of what has its shape."""

_t, _s, _v = schema.traffic.c, schema.session.c, schema.dialog_version.c
_key = (_t.dialog_version, _t.language, _t.simulated, _t.node, _t.what)
"""The key of the table without the day, in its order."""
_COUNT = inserting(schema.traffic_new)

_one = func.json_each(schema.traffic_new.c.counts).table_valued("value")


def _part(place: int, kind: TypeEngine[Any]) -> ColumnElement[Any]:
    return func.json_extract(_one.c.value, f"$[{place}]", type_=kind)


_new = select(
    *(schema.traffic_new.c[name] for name in ("dialog_version", "language", "simulated")),
    _part(0, Text()).label("node"),
    _part(1, Text()).label("what"),
    schema.traffic_new.c.day,
    _part(2, Integer()).label("n"),
).subquery("traffic_new")
"""What is not added up yet, in the shape of the table."""
_ADD_UP = (
    """INSERT INTO traffic (dialog_version, language, simulated, node, what, day, n)
        SELECT dialog_version, language, simulated, json_extract(value, '$[0]'), json_extract(value, '$[1]'), day,
            sum(json_extract(value, '$[2]'))
        FROM traffic_new, json_each(traffic_new.counts) WHERE true GROUP BY 1, 2, 3, 4, 5, 6
        ON CONFLICT DO UPDATE SET n = n + excluded.n""",
    "DELETE FROM traffic_new",
)
# Whoever changes it drops it in a migration: it is made once.
_ADDED = f"""CREATE TRIGGER IF NOT EXISTS traffic_added AFTER INSERT ON traffic_new WHEN NEW.id >= {ADDED_AT_ONCE}
    BEGIN {"; ".join(_ADD_UP)}; END"""

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


def prepare(path: Path) -> None:
    """Make the trigger that adds up, in a migrated database that lacks it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(_ADDED)


def count(counted: Counted) -> Job:
    """Add these counts."""
    found: defaultdict[Kind, list[tuple[str, str, int]]] = defaultdict(list)
    for (kind, node, what), n in counted.items():
        if n:
            found[kind].append((node, what, n))
    rows = ({"id": None, **kind._asdict(), "counts": json.dumps(counts)} for kind, counts in found.items())
    return many(_COUNT, rows)


def added_up() -> Job:
    """Add up what turns counted so far."""
    return tuple(Statement(Sql(text, {}), ({},)) for text in _ADD_UP)


def _within(of: Columns) -> ColumnElement[bool]:
    """The rows of the sessions that are looked at; `""` is not set."""
    given = {name: bindparam(name, type_=Text) for name in ("version", "language", "simulated")}
    return and_(
        of.day.between(bindparam("since", type_=Integer), bindparam("until", type_=Integer)),
        or_(given["version"] == "", of.dialog_version == given["version"]),
        or_(given["language"] == "", of.language == given["language"]),
        or_(given["simulated"] == "", of.simulated == (given["simulated"] == "yes")),
    )


def _both(looked: Callable[[Columns], Select[Any]]) -> Sql:
    """The same question to what is added up and to what is not yet, at one moment; rows of one key are to be added."""
    return compiled(union_all(looked(_t), looked(_new.c)))


def _by_place(of: Columns) -> Select[Any]:
    # In the order of the key first, which needs no sorting and leaves one row of all days.
    key = (of.dialog_version, of.language, of.simulated, of.node, of.what)
    days = select(of.node, of.what, func.sum(of.n).label("n")).where(_within(of)).group_by(*key).subquery()
    return select(days.c.node, days.c.what, func.sum(days.c.n).label("n")).group_by(days.c.node, days.c.what)


def _by_kind(of: Columns) -> Select[Any]:
    key = (of.language, of.dialog_version, of.what)
    return select(*key, func.sum(of.n).label("n")).where(_within(of), of.node == "").group_by(*key)


def _by_language(of: Columns) -> Select[Any]:
    key, is_question = (of.language, of.what), or_(of.what == "asked", of.what == "unanswered")
    return select(*key, func.sum(of.n).label("n")).where(_within(of), is_question).group_by(*key)


_BY_PLACE, _BY_KIND, _BY_LANGUAGE = _both(_by_place), _both(_by_kind), _both(_by_language)
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


async def by_place(database: "Database", wanted: Filter) -> dict[tuple[str, str], int]:
    """(question, what) -> how often, in the sessions that began in this period, of this language and so on."""
    found = await _looked(database, _BY_PLACE, wanted, "node", "what")
    return {(node, what): n for (node, what), n in found.items()}


async def by_kind(database: "Database", wanted: Filter) -> dict[tuple[str, str, str], int]:
    """(language, dialog version, what) -> how often, of sessions as a whole."""
    found = await _looked(database, _BY_KIND, wanted, "language", "dialog_version", "what")
    return {(language, version, what): n for (language, version, what), n in found.items()}


async def asked(database: "Database", wanted: Filter) -> dict[tuple[str, str], int]:
    """(language, asked or unanswered) -> how many questions; asked: those that something was answered to."""
    found = await _looked(database, _BY_LANGUAGE, wanted, "language", "what")
    return {(language, what): n for (language, what), n in found.items()}


async def _looked(database: "Database", sql: Sql, wanted: Filter, *key: str) -> dict[tuple[str, ...], int]:
    """What is found, by these columns; nothing that came to nothing."""
    found = Counter[tuple[str, ...]]()
    for row in await database.look(sql, _values(wanted)):
        found[tuple(row[name] for name in key)] += row["n"]
    return {at: n for at, n in found.items() if n}


async def still_there(database: "Database", wanted: Filter, now: int) -> dict[str, int]:
    """How many sessions stand at each question in which something happened within the last day."""
    rows = await database.look(_STILL_THERE, {**_values(wanted), "quiet": now - DAY_MS})
    return {row["stands"]: row["n"] for row in rows}


async def versions(database: "Database") -> dict[str, int]:
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
    folding = (statement for sql in _FOLD for statement in many(sql, [{"before": folded_until(now)}]))
    return (*added_up(), *folding)


def folded_until(now: int) -> int:
    """The first day (since 1970) that is kept by itself."""
    then = datetime.fromtimestamp(now / 1000, UTC) - timedelta(days=KEPT_BY_DAY)
    return int(then.replace(day=1).timestamp()) // 86400


def drop_simulated() -> Job:
    """Forget all that simulated owners did."""
    return (*added_up(), *many(_DROP_SIMULATED, [{}]))
