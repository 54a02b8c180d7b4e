"""Finding sessions, newest first.

By number, not by last activity: a session's number never changes, so paging has no gaps and no repeats while owners go
on, and every index ends in it, so a page is read in order, without sorting. Numbers are given as sessions begin.

One thing that is asked for leads: the rarest kind that is set. Its index gives the sessions in order, and all else is
looked at session by session. The SQL is put together of the fixed parts below (values are parameters) and is SQLite's
own: CROSS JOIN and INDEXED BY keep its planner to that order, which it cannot know to be the quick one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.store import words
from bot.store.database import Database
from bot.store.filters import DAY_MS, OF_TWO, Filter
from bot.store.statements import Sql, Values

LEFT_AFTER_MS: Final = DAY_MS
"""A session without advice in which nothing happened for so long was left."""
MOST_COUNTED: Final = 1000
MOST_SCANNED: Final = 1250
"""So many of what leads are looked at for a count."""
LINES_EACH: Final = 2
"""So many lines of a session hold the words, as a guess from above."""
HIGHEST: Final = 1 << 46
"""Above every session's number."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; not `exact`: at least so many."""

    n: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A session that was found. `line`: the last of its lines with the words that were looked for, -1: none were."""

    id: int
    line: int = -1


_OF_SESSION: Final[Mapping[str, str]] = {
    "": "session INDEXED BY sqlite_autoindex_session_1 WHERE TRUE",
    "recent": "session INDEXED BY session_by_time WHERE updated_at >= :quiet",
    "simulated": "session INDEXED BY session_simulated WHERE simulated",
    "left_at": "session INDEXED BY session_by_place WHERE stands = :left_at AND updated_at < :quiet",
    "advice": "session INDEXED BY session_by_advice WHERE advised = :advice",
    "version": "session INDEXED BY session_by_version WHERE dialog_version = :version",
    "language": "session INDEXED BY session_by_language WHERE language = :language",
}
"""What leads where it stands in the session."""
_ELSEWHERE: Final[Mapping[str, str]] = {
    "words": "words WHERE words MATCH :match",
    "label": "label INDEXED BY label_by_name WHERE label = :label",
    "person": "handover INDEXED BY handover_by_rating WHERE rating > 0 AND rating = :rating",
    "knowledge": "opinions INDEXED BY opinion_by_verdict WHERE helpful = (:rating = 'helpful')",
    "flagged": "review INDEXED BY review_by_state WHERE flagged = TRUE",
    "reviewed": "review INDEXED BY sqlite_autoindex_review_1 WHERE reviewed_at > 0",
    "handed": "handover INDEXED BY handover_by_session WHERE TRUE",
}
"""What leads where it stands in another table; the rarest first."""
_CONDITIONS: Final[Mapping[str, str]] = {
    "since": "s.begun_at >= :since",
    "until": "s.begun_at < :until",
    "language": "s.language = :language",
    "advice": "s.advised = :advice",
    "version": "s.dialog_version = :version",
    "recent": "s.updated_at >= :quiet",
    "advised": "s.advised <> ''",
    "going-on": "s.advised = '' AND s.updated_at >= :quiet",
    "left": "s.advised = '' AND s.updated_at < :quiet",
    "left_at": "s.stands = :left_at AND s.updated_at < :quiet",
    "simulated": "s.simulated",
    "label": "EXISTS (SELECT 1 FROM label l WHERE l.session_id = s.id AND l.label = :label)",
    "person": "EXISTS (SELECT 1 FROM handover h WHERE h.session_id = s.id AND h.rating = :rating)",
    "knowledge": "EXISTS (SELECT 1 FROM opinions o WHERE o.session_id = s.id AND o.helpful = (:rating = 'helpful'))",
    "flagged": "EXISTS (SELECT 1 FROM review r WHERE r.session_id = s.id AND r.flagged)",
    "reviewed": "EXISTS (SELECT 1 FROM review r WHERE r.session_id = s.id AND r.reviewed_at > 0)",
    "handed": "EXISTS (SELECT 1 FROM handover h WHERE h.session_id = s.id)",
}
_COLUMN = re.compile(r"\bs\.(\w+)")
_ENDS = Sql(
    """SELECT (SELECT min(id) FROM (SELECT id FROM session INDEXED BY session_by_begin
            WHERE begun_at >= :since ORDER BY begun_at LIMIT :near)) AS low,
        (SELECT max(id) FROM (SELECT id FROM session INDEXED BY session_by_begin
            WHERE begun_at < :until ORDER BY begun_at DESC LIMIT :near)) AS high,
        (SELECT min(id) FROM session INDEXED BY session_simulated WHERE simulated) AS first_simulated,
        (SELECT max(id) FROM session INDEXED BY session_simulated WHERE simulated) AS last_simulated""",
    {"near": 200},
)
"""Between which numbers the sessions of a period lie. Numbers are given as sessions begin, so its ends tell (the 200
there, should the clock have been set back); simulated owners may have come in any order."""


async def page(
    database: Database, wanted: Filter, now: int, most: int, *, before: int = 0, after: int = 0
) -> list[Hit]:
    """The next `most` sessions older than the session `before` (0: the newest), newest first.

    With `after`: those just newer than that session, newest first, too. Raises TooSlowError, StoreError.
    """
    values = await _values(database, wanted, now, before - 1 if before else HIGHEST, after + 1 if after else 0)
    if values is None:
        return []
    order = "" if after else "DESC"
    if wanted.words:
        return await _by_line(database, wanted, values, most, order)
    rows = await database.look(_page(wanted, order), {**values, "scan": -1, "most": most})
    return sorted((Hit(row["id"]) for row in rows), key=lambda hit: -hit.id)


async def _by_line(database: Database, wanted: Filter, values: Values, most: int, order: str) -> list[Hit]:
    """As the table of words gives them, line by line, until what follows is another session's than the `most`."""
    sql, hits, part = _page(wanted, order), dict[int, int](), LINES_EACH * (most + 1)
    while len(hits) <= most:
        rows = await database.look(sql, {**values, "scan": -1, "most": part})
        for row in rows:
            hits[row["id"]] = max(row["line"], hits.get(row["id"], 0))
        if len(rows) < part:
            break
        last = rows[-1]["id"] * words.LINES + rows[-1]["line"]
        values = {**values, "high_row": last - 1} if order else {**values, "low_row": last + 1}
    kept = list(hits.items())[:most]
    return sorted((Hit(id_, line) for id_, line in kept), key=lambda hit: -hit.id)


async def count(database: Database, wanted: Filter, now: int) -> Count:
    """How many sessions there are, as far as counting is quick. Raises TooSlowError, StoreError."""
    values = await _values(database, wanted, now, HIGHEST, 0)
    if values is None:
        return Count(0, exact=True)
    rows = await database.look(_count(wanted), {**values, "scan": MOST_SCANNED, "most": MOST_COUNTED + 1})
    n = int(rows[0]["n"])
    return Count(min(n, MOST_COUNTED), n <= MOST_COUNTED and rows[0]["scanned"] < MOST_SCANNED)


async def _values(database: Database, wanted: Filter, now: int, high: int, low: int) -> Values | None:
    """The values of the query; None when there is nothing to find."""
    since, until = wanted.period
    values: Values = {**wanted.set_values(), "since": since, "until": until, "quiet": now - LEFT_AFTER_MS}
    if wanted.words:
        values["match"] = await words.query(database, wanted.words)
        if not values["match"]:
            return None
    if wanted.since or wanted.until:
        ends = (await database.look(_ENDS, values))[0]
        if ends["low"] is None or ends["high"] is None:
            return None
        low = max(low, min(ends["low"], ends["first_simulated"] or ends["low"]))
        high = min(high, max(ends["high"], ends["last_simulated"] or 0))
    rows = {"low_row": low * words.LINES, "high_row": (high + 1) * words.LINES - 1}
    return {**values, **rows, "low": low, "high": high} if low <= high else None


# -- the SQL: a source of sessions in order, then what they must fulfil


def _page(wanted: Filter, order: str) -> Sql:
    columns = "s.id AS id, s.line AS line" if wanted.words else "DISTINCT s.id AS id"
    return Sql(f"SELECT {columns} FROM ({_source(wanted, order)}) s WHERE {_conditions(wanted)} LIMIT :most", {})


def _count(wanted: Filter) -> Sql:
    source = _source(wanted, "DESC")
    found = f"SELECT DISTINCT s.id FROM ({source}) s WHERE {_conditions(wanted)} LIMIT :most"
    scanned = f"SELECT count(*) FROM ({_leading_part(wanted, 'DESC')})"
    return Sql(f"SELECT (SELECT count(*) FROM ({found})) AS n, ({scanned}) AS scanned", {})


def _source(wanted: Filter, order: str) -> str:
    name = _leads(wanted)
    if name in _OF_SESSION or (name == "words" and _conditions(wanted) == "TRUE"):
        return _leading_part(wanted, order)
    columns = ", ".join(["led.*", *(f"s.{one}" for one in _columns(wanted))])
    return f"SELECT {columns} FROM ({_leading_part(wanted, order)}) led CROSS JOIN session s ON s.id = led.id"


def _leading_part(wanted: Filter, order: str) -> str:
    """The sessions that what leads gives, in order."""
    name = _leads(wanted)
    if name in _OF_SESSION:
        columns = ", ".join(["id", *_columns(wanted)])
        return f"SELECT {columns} FROM {_OF_SESSION[name]} AND id BETWEEN :low AND :high {_order('id', order)}"
    if name == "words":
        columns = f"rowid / {words.LINES} AS id, rowid % {words.LINES} AS line"
        between = "rowid BETWEEN :low_row AND :high_row"
        return f"SELECT {columns} FROM {_ELSEWHERE[name]} AND {between} {_order('rowid', order)}"
    between = "session_id BETWEEN :low AND :high"
    return f"SELECT DISTINCT session_id AS id FROM {_ELSEWHERE[name]} AND {between} {_order('session_id', order)}"


def _columns(wanted: Filter) -> list[str]:
    """Of the session, what its conditions look at and no more: an index that holds it all spares the session itself."""
    return sorted(set(_COLUMN.findall(_conditions(wanted))) - {"id"})


def _order(key: str, order: str) -> str:
    return f"ORDER BY {key} {order} LIMIT :scan"


def _leads(wanted: Filter) -> str:
    """The name of what leads; `""`: nothing, every session is looked at."""
    asked = {name for name, value in _asked(wanted).items() if not _is_denied(name, value)}
    return next((name for name in (*_ELSEWHERE, *_OF_SESSION) if name in asked), "")


def _conditions(wanted: Filter) -> str:
    leads = _leads(wanted)
    parts = [_condition(name, value) for name, value in _asked(wanted).items() if name not in (leads, "words")]
    return " AND ".join(parts) or "TRUE"


def _condition(name: str, value: str) -> str:
    held = _CONDITIONS[value if name == "state" else name]
    return f"NOT ({held})" if _is_denied(name, value) else f"({held})"


def _is_denied(name: str, value: str) -> bool:
    return name in OF_TWO and value == "no"


def _asked(wanted: Filter) -> dict[str, str]:
    """What is set; a rating is one of a person or one of the knowledge, and what goes on is recent: that can lead."""
    asked = wanted.set_values()
    if wanted.state == "going-on":
        asked["recent"] = "yes"
    if rating := asked.pop("rating", ""):
        asked["person" if rating.isdigit() else "knowledge"] = rating
    return asked
