"""Words looked for in a sealed database: its texts are read one by one, a stretch of the period at a time."""

import asyncio
import json
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from bot.store import found, words
from bot.store.database import Database
from bot.store.filters import Filter
from bot.store.found import Hit
from bot.store.statements import Sql

STRETCH: Final = 2000
"""Sessions that are read for one page: some seconds."""
PART: Final = 200
_WRITTEN = Sql(
    """SELECT t.session_id AS id, t.line AS line, w.text AS text
    FROM json_each(:ids) one CROSS JOIN transcript t ON t.session_id = one.value
    JOIN wording w ON w.digest = t.digest WHERE t.who IN ('owner', 'staff') AND t.kind <> 'pressed'
    ORDER BY t.session_id DESC, t.line DESC""",
    {},
)


@dataclass(frozen=True, slots=True)
class Searched:
    """What a stretch came to. `read`: sessions that were read; `reached`: go on before this one, 0: that was all."""

    hits: list[Hit]
    read: int
    reached: int


async def stretch(database: Database, wanted: Filter, now: int, most: int, *, before: int = 0) -> Searched:
    """The sessions of a filter older than `before` whose lines hold its words: at most `most`, of at most STRETCH.

    Raises TooSlowError, StoreError.
    """
    terms, others = words.terms(wanted.words), replace(wanted, words="")
    hits: list[Hit] = []
    read = 0
    while terms and read < STRETCH:
        part = await found.page(database, others, now, PART, before=before)
        read += len(part)
        fits = {one.id: one for one in await _fitting(database, part, terms)}
        for one in part:
            before = one.id
            if one.id in fits:
                hits.append(fits[one.id])
            if len(hits) == most:
                return Searched(hits, read, before)
        if len(part) < PART:
            return Searched(hits, read, 0)
    return Searched(hits, read, before if terms else 0)


async def _fitting(database: Database, part: list[Hit], terms: list[str]) -> list[Hit]:
    rows = await database.look(_WRITTEN, {"ids": json.dumps([one.id for one in part])})
    return await asyncio.to_thread(_holding, rows, terms)


def _holding(rows: list[dict[str, Any]], terms: list[str]) -> list[Hit]:
    return [hit for _, lines in groupby(rows, lambda row: row["id"]) if (hit := _hit(list(lines), terms))]


def _hit(lines: list[dict[str, Any]], terms: list[str]) -> Hit | None:
    """The last line that holds the words."""
    return next((Hit(row["id"], row["line"]) for row in lines if words.holds(row["text"], terms)), None)
