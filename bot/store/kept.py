"""All that is kept of a person: every row that belongs to them, of every table.

What it leaves out is not theirs: who of the staff did something, and posts to the staff that are drawn from the rest.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Table, select

from bot.store import schema
from bot.store.belongings import PERSONS
from bot.store.database import Database
from bot.store.statements import Sql, compiled

Row = dict[str, Any]

LEFT_OUT: Final[Mapping[str, frozenset[str]]] = {
    "questions": frozenset({"digest"}),
    "handover": frozenset({"claimed_by", "claimed_name"}),
    "note": frozenset({"by", "name"}),
    "taught": frozenset({"by", "by_name", "approved_by", "approved_name"}),
    "review": frozenset({"reviewed_by", "reviewed_name"}),
    "label": frozenset({"by"}),
    "remark": frozenset({"by", "name"}),
    "role": frozenset({"by"}),
}
"""Columns that say who of the staff it was, or what another column says in words."""
AS_JSON: Final = frozenset({("session", "answers"), ("transcript", "buttons"), ("outbox", "buttons")})
DRAWN: Final = ("text", "brief", "buttons")
"""What a post to the staff is drawn into: cards name who has the conversation."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A person's rows by table, each as its columns; transcripts with their words."""

    chat_id: int
    tables: Mapping[str, list[Row]]

    def rows(self, table: str) -> list[Row]:
        """Of one table."""
        return self.tables.get(table, [])

    def parts(self, most: int) -> Iterator["Kept"]:
        """The same in parts of about so many letters: the first has all but transcripts, which go on in the others."""
        lines: list[Row] = []
        size, tables = 0, dict(self.tables)
        for line in self.rows("transcript"):
            size += len(json.dumps(line, ensure_ascii=False))
            if lines and size > most:
                yield replace(self, tables={**tables, "transcript": lines})
                lines, size, tables = [], 0, {"session": self.rows("session")}
            lines.append(line)
        yield replace(self, tables={**tables, "transcript": lines})


def _reading(table: Table) -> Sql:
    where = PERSONS[table.name]
    if table is not schema.transcript:
        return compiled(select(table).where(where).order_by(*table.primary_key))
    worded, labels, line = schema.wording.alias("worded"), schema.wording.alias("labels"), table.c
    own = (column for column in table.columns if column.name not in ("digest", "buttons"))
    return compiled(
        select(*own, worded.c.text, labels.c.text.label("buttons"))
        .join_from(table, worded, worded.c.digest == line.digest)
        .outerjoin(labels, labels.c.digest == line.buttons)
        .where(where)
        .order_by(line.session_id, line.line)
    )


_READING: Final[Mapping[str, Sql]] = MappingProxyType(
    {table.name: _reading(table) for table in schema.metadata.sorted_tables if table.name in PERSONS}
)


async def kept(database: Database, chat: int) -> Kept:
    """All of it."""
    tables = {name: await database.read(sql, {"chat": chat}) for name, sql in _READING.items()}
    return Kept(chat, {name: [_shown(name, row, chat) for row in rows] for name, rows in tables.items()})


def _shown(table: str, row: Row, chat: int) -> Row:
    left_out = set(LEFT_OUT.get(table, ()))
    if table == "outbox" and chat not in (row["chat_id"], row["source_chat"]):
        left_out.update(DRAWN)
    return {name: _value(table, name, value) for name, value in row.items() if name not in left_out}


def _value(table: str, name: str, value: Any) -> Any:
    return json.loads(value) if (table, name) in AS_JSON and value else value
