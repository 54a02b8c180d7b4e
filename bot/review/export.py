"""Sessions as a file, a part at a time: as much memory for a million as for ten."""

import csv
import io
import json
import unicodedata
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot.review.pseudonyms import pseudonyms
from bot.store import found, search
from bot.store.database import Database
from bot.store.filters import Filter
from bot.store.records import Record, records

PART: Final = 200
FORMULA: Final = frozenset("=+-\u2212@|%\t\r\n")
"""What a spreadsheet takes for a formula at the head of a cell; so it may what only looks like one of these."""
UNSEEN: Final = "CZ"
"""The categories of what is not seen: controls, direction marks, spaces."""
BOM: Final = "\ufeff"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a file: what it begins with, and a session in it."""

    name: str
    media_type: str
    head: str
    row: Callable[[Row], str]


NAMES: Final = (
    "session", "owner", "begun", "last", "language", "state", "advice", "dialog_version", "answers", "lines",
    "handed_over", "rating", "helpful", "unhelpful", "flagged", "reviewed_by", "reviewed", "labels", "remarks",
    "simulated",
)  # fmt: skip


def row_of(record: Record, owner: str) -> dict[str, Any]:
    """A session as it stands in a file: times in UTC (ISO 8601), the owner by pseudonym."""
    return dict(zip(NAMES, (
        record.id, owner, _time(record.begun_at), _time(record.updated_at), record.language, record.state,
        record.advice, record.version, dict(record.answers), record.lines, record.handed, record.rating or None,
        record.helpful, record.unhelpful, record.flagged, record.reviewed_name,
        _time(record.reviewed_at) if record.reviewed_at else "", list(record.labels), record.remarks, record.simulated,
    ), strict=True))  # fmt: skip


def _time(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")


def _as_csv(row: Row) -> str:
    return _csv_line([_cell(value) for value in row.values()])


def _csv_line(cells: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow(cells)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) or value is None:
        return value
    if isinstance(value, Mapping):
        return defused("; ".join(f"{name}: {one}" for name, one in value.items()))
    return defused("; ".join(value) if isinstance(value, list) else str(value))


def defused(text: str) -> str:
    """A text that no spreadsheet reads as a formula: an apostrophe goes before what would be one."""
    head = next((one for one in text if one in FORMULA or unicodedata.category(one)[0] not in UNSEEN), "")
    return f"'{text}" if unicodedata.normalize("NFKC", head)[:1] in FORMULA else text


FORMS: Final[Mapping[str, Form]] = {
    # The mark at the head tells spreadsheets that this is UTF-8.
    "csv": Form("csv", "text/csv; charset=utf-8", BOM + _csv_line(list(NAMES)), _as_csv),
    "jsonl": Form("jsonl", "application/x-ndjson", "", lambda row: json.dumps(row, ensure_ascii=False) + "\n"),
}


async def exported(
    database: Database, wanted: Filter, now: int, form: Form, seen: Callable[[int], object] = abs
) -> AsyncIterator[str]:
    """The sessions of a filter, newest first, in parts. `seen` is told how many were written so far.

    Each part is a look of its own, so the bot goes on meanwhile. Raises TooSlowError, StoreError.
    """
    yield form.head
    names, n = await pseudonyms(database), 0
    async for ids in _numbers(database, wanted, now):
        kept = await records(database, ids, now)
        n += len(kept)
        if kept:
            yield "".join(form.row(row_of(one, names.of(one.chat_id))) for one in kept)
        seen(n)


async def _numbers(database: Database, wanted: Filter, now: int) -> AsyncIterator[list[int]]:
    before = 0
    while True:
        if database.sealed and wanted.words:
            done = await search.stretch(database, wanted, now, PART, before=before)
            hits, before = done.hits, done.reached
        else:
            hits = await found.page(database, wanted, now, PART, before=before)
            before = hits[-1].id if len(hits) == PART else 0
        yield [hit.id for hit in hits]
        if not before:
            return
