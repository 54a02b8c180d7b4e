"""The files with all that is kept of an owner: a page to read, and JSON. They are made when they are sent."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from telegram import InputFile

from bot.dialog.phrases import Content, Words, plain
from bot.languages import as_language
from bot.store import schema
from bot.store.database import Database
from bot.store.kept import Kept, Row, kept
from bot.store.outbox import Message

LETTERS: Final = 8_000_000
"""In one file: at most four bytes each and the page around them stay below the 50 MB that Telegram takes."""
Params = dict[str, Any]


class Files:
    """Makes them of what is stored at the moment."""

    def __init__(self, database: Database, content: Callable[[], Content] | None) -> None:
        """`content`: what runs now, whose phrases the page is made of."""
        self._database, self._content = database, content

    async def of(self, message: Message, now: int) -> list[Params]:
        """The documents that an outbox row asks for (`html:pt`), as the parameters of sendDocument. `now`: epoch ms."""
        kind, _, code = message.brief.partition(":")
        found = await kept(self._database, message.chat_id)
        assert self._content
        words = Words(self._content(), as_language(code) or "en")
        return await asyncio.to_thread(_documents, kind, found, words, message.text, now)


def _documents(kind: str, found: Kept, words: Words, caption: str, now: int) -> list[Params]:
    make = page if kind == "html" else as_json
    parts = [make(part, words, now).encode() for part in found.parts(LETTERS)]
    day = datetime.fromtimestamp(now / 1000, UTC).date().isoformat()
    return [
        {
            "document": InputFile(part, f"advisor-{day}{f'-{place}' if len(parts) > 1 else ''}.{kind}"),
            "caption": caption if len(parts) == 1 else f"{caption} ({place}/{len(parts)})",
            "parse_mode": "HTML",
        }
        for place, part in enumerate(parts, 1)
    ]


def as_json(found: Kept, words: Words, now: int) -> str:
    """For programs: each table with what it is for, and its rows."""
    tables = {name: {"about": schema.metadata.tables[name].comment, "rows": rows} for name, rows in _filled(found)}
    head = {"made_at": now, "times": "milliseconds since 1970, UTC", "chat_id": found.chat_id}
    return json.dumps({**head, "tables": tables}, ensure_ascii=False, indent=1)


def page(found: Kept, words: Words, now: int) -> str:
    """To read: one HTML page that needs nothing beside itself."""
    return _TEMPLATES.get_template("mydata.html").render(
        language=words.language,
        say=words.plain,
        made=_time(now),
        sessions=list(_sessions(found, words)),
        questions=found.rows("questions"),
        opinions=found.rows("opinions"),
        handovers=found.rows("handover"),
        notes=found.rows("note"),
        remarks=found.rows("remark"),
        rest=[(name, rows) for name, rows in _filled(found) if name != "transcript"],
    )


def _filled(found: Kept) -> Iterator[tuple[str, list[Row]]]:
    return ((name, rows) for name, rows in found.tables.items() if rows)


def _sessions(found: Kept, words: Words) -> Iterator[Mapping[str, Any]]:
    by_session = groupby(found.rows("transcript"), key=lambda line: line["session_id"])
    lines = {number: [_line(line) for line in listed] for number, listed in by_session}
    for session in found.rows("session"):
        answers = [_answer(words, *one) for one in session["answers"].items()]
        yield {**session, "answers": answers, "transcript": lines.get(session["id"], [])}


def _line(line: Row) -> Row:
    text = line["text"] if line["who"] == "owner" else plain(line["text"])
    labels = [label for row in line["buttons"] or () for label, *_ in row] if line["who"] != "owner" else []
    return {**line, "text": text, "labels": labels}


def _answer(words: Words, node_id: str, option_id: str) -> tuple[str, str]:
    """A question and its answer in words, as far as the dialog still has them."""
    node = words.content.dialog.nodes.get(node_id)
    option = node.option(option_id) if node else None
    if node is None or option is None:
        return node_id, option_id
    label = option.label.to(words.language) if option.label else words.plain("not-sure")
    return node.title.to(words.language), label


def _time(at: int | None) -> str:
    return f"{datetime.fromtimestamp((at or 0) / 1000, UTC):%Y-%m-%d %H:%M} UTC"


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["time"] = _time
