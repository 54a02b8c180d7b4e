"""The traffic over the tree: anonymous counts, written with the turn, read by the review pages."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Integer, and_, bindparam, cast, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from bot.store import schema
from bot.store.statements import Job, compiled, insertion, many

DAY_MS = 24 * 3600 * 1000
KEPT_BY_DAY = 62
"""Days that are kept one by one; older ones are kept by month, so that a year is read at once."""


class Kind(NamedTuple):
    """Of which sessions: the day on which they began (since 1970), dialog version, language, whether simulated."""

    day: int
    dialog_version: str
    language: str
    simulated: bool


Counted = Counter[tuple[Kind, str, str]]
"""(kind, question, what) -> how often more (or less, where a session has moved on)."""

_t = schema.traffic.c
_inserting = insertion(schema.traffic)
_COUNT = compiled(
    _inserting.on_conflict_do_update(
        index_elements=list(schema.traffic.primary_key), set_={"n": _t.n + _inserting.excluded.n}
    )
)


_month = func.date(_t.day * 86400, "unixepoch", "start of month")
_first = cast(func.julianday(_month) - func.julianday("1970-01-01"), Integer)
_is_old = and_(_t.day < bindparam("before", type_=Integer), _t.day != _first)
_same = (_t.dialog_version, _t.language, _t.simulated, _t.node, _t.what)
_folding = insert(schema.traffic).from_select(
    schema.traffic.columns.keys(),
    select(_first, *_same, func.sum(_t.n)).where(_is_old).group_by(_first, *_same),
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
