"""A database with `xss_payloads.txt` in every place where somebody's words can stand, and content made of the same."""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from dialog_live import LIVE
from harness.walkers import NOW, Walked
from sqlalchemy import Table

from bot.dialog.events import AnyEvent, Commanded, Said, Sent
from bot.dialog.session import Session
from bot.languages import Text
from bot.staff.handover import Handover
from bot.store import contents, handovers, marks, schema, sessions, transcripts
from bot.store.sessions import Chat
from bot.store.transcripts import Line
from bot.turns.batch import Incoming

_LETTER = re.compile(r"\{U\+([0-9A-F]{4,6})\}")


def _payloads() -> tuple[str, ...]:
    lines = Path(__file__).with_name("xss_payloads.txt").read_text("utf-8").split("\n")
    return tuple(_LETTER.sub(lambda found: chr(int(found[1], 16)), one) for one in lines if one and one[:2] != "# ")


PAYLOADS: Final = _payloads()
WORD: Final = "zebra"
"""Stands in what every owner says, so that all of it is found."""
SESSIONS: Final = 5000
"""The first of the sessions that are written; each has a payload for its label, its owner's words and much else."""
BUNDLE: Final = 60
TALKER: Final = 4999
"""The chat that says them all."""


EVIL_FILE: Final = "<svg onload=alert(1)>.svg"


def bundles(size: int = BUNDLE) -> list[str]:
    """All of them, so many together, a line each."""
    return ["\n".join(PAYLOADS[at : at + size]) for at in range(0, len(PAYLOADS), size)]


def _texts() -> Iterator[Text]:
    """One after the other, another in each language, without end."""
    at = 0
    while True:
        yield Text(*(PAYLOADS[(at + n) % len(PAYLOADS)] for n in range(4)))
        at += 4


_T = _texts()
_KNOWLEDGE = replace(
    LIVE.knowledge,
    concepts={name: replace(one, name=next(_T)) for name, one in LIVE.knowledge.concepts.items()},
    entries={cell: replace(one, question=next(_T), answer=next(_T)) for cell, one in LIVE.knowledge.entries.items()},
)
_DIALOG = replace(
    LIVE.dialog,
    nodes={
        name: replace(
            node, title=next(_T), text=next(_T), help=next(_T),
            options=tuple(replace(one, label=next(_T)) for one in node.options),
        )
        for name, node in LIVE.dialog.nodes.items()
    },
    candidates={name: replace(one, name=next(_T), summary=next(_T)) for name, one in LIVE.dialog.candidates.items()},
)  # fmt: skip
CONTENT: Final = replace(LIVE, dialog=_DIALOG, knowledge=_KNOWLEDGE)
"""The shipped content with payloads for its titles, questions, labels and names."""


async def filled(walked: Walked) -> None:
    """Write all of it: what can be said by turns, the rest into the tables."""
    await _talked(walked)
    await _written(walked)
    with sqlite3.connect(walked.path) as database:
        _beside(database)


async def _talked(walked: Walked) -> None:
    """An owner says them all, as text, as a caption, after a command: the bot's turns take it."""
    await walked.to_first_question(TALKER)
    events: list[AnyEvent] = [Said(text=one) for one in PAYLOADS]
    events += [Sent(what="document", caption=one) for one in PAYLOADS[::4]]
    events += [Commanded(name="compare", argument=one) for one in PAYLOADS[::8]]
    for start in range(0, len(events), BUNDLE):
        walked.later(10 * 60_000)
        batch = events[start : start + BUNDLE]
        await walked.turns.take([_incoming(walked, one, PAYLOADS[start % len(PAYLOADS)]) for one in batch])


def _incoming(walked: Walked, event: AnyEvent, name: str) -> Incoming:
    walked.updates += 1
    return Incoming(walked.updates, "event", TALKER, event, "en", name=name)


async def _written(walked: Walked) -> None:
    write = walked.database.write
    version = walked.content.dialog.version
    await write(contents.keep("v<script>alert(1)</script>", {one: one for one in PAYLOADS}, NOW))
    for at, one in enumerate(PAYLOADS):
        number = SESSIONS + at
        session = Session("en", "x", number, advised=one)
        chat = Chat(number, session, version, 20, walked.clock[0] - at * 60_000, stands=one)
        await write((*sessions.save([chat], NOW), *transcripts.add(list(_lines(number, one)))))
        await write(marks.label(number, one, 1, NOW))
        await write(marks.remark(number, one, 1, one, NOW))
        await write(marks.reviewed(number, 1, one, NOW))
    await write(handovers.save([_handover(at, one) for at, one in enumerate(bundles())]))
    await write(transcripts.add([line for at, one in enumerate(PAYLOADS) for line in _all_lines(at, one)]))
    for one in PAYLOADS:
        await write((*marks.label(SESSIONS, one, 1, NOW), *marks.remark(SESSIONS, one, 1, one, NOW)))


def _lines(number: int, text: str) -> Iterator[Line]:
    yield Line(number, 0, NOW, "owner", "said", f"{text} {WORD}")
    yield Line(number, 1, NOW, "staff", "said", f"{WORD} {text}")


def _all_lines(at: int, text: str) -> Iterator[Line]:
    """In every role and kind, on buttons, too; raw where the bot speaks, as if its own words were not to be trusted."""
    kinds = (("bot", "reply"), ("bot", "edit"), ("bot", "toast"), ("owner", "pressed"), ("owner", "said"),
             ("owner", "commanded"), ("owner", "sent"), ("owner", "late"), ("staff", "said"))  # fmt: skip
    for n, (who, kind) in enumerate(kinds):
        buttons = (((text, text),),) if kind in ("reply", "pressed") else ()
        yield Line(SESSIONS, 10 + at * len(kinds) + n, NOW, who, kind, text, buttons)


def _handover(at: int, text: str) -> Handover:
    """The names of owners, each as long as a bundle."""
    number = SESSIONS + at
    return Handover(number, number, number, "chat", "en", text, text, NOW, state="waiting" if at % 2 else "returned",
                    claimed_name=text)  # fmt: skip


# -- what is simply a row


def _beside(database: sqlite3.Connection) -> None:
    for at, one in enumerate(PAYLOADS):
        _add(database, schema.traffic, dialog_version=one, language=one, node=one, what="shown", n=3, day=20_000)
        _add(
            database, schema.traffic, dialog_version="", language="en", node=one, what=f"answer:{one}", n=2, day=20_000
        )
        _add(database, schema.traffic, language="en", node="", what=f"advice:{one}", n=at, day=20_000)
        _add(database, schema.audit, at=NOW, person_id=100 + at, act=one, what=f"sessions?label={one}")
        _add(database, schema.role, person_id=100 + at, role="former", name=one)
        _add(database, schema.opinions, chat_id=SESSIONS + at, cell=one, session_id=SESSIONS + at, language=one,
             helpful=at % 2, at=NOW)  # fmt: skip
        _add(database, schema.questions, chat_id=SESSIONS + at, session_id=SESSIONS + at, text=one, wants="unknown",
             language=("en", "pt", "bg", "fi")[at % 4], asked_at=NOW)  # fmt: skip
    for at, text in enumerate(bundles(3)):
        _add(database, schema.taught, id=9000 + at, state="submitted", language="en", question=text, text=text, by=3,
             by_name=text, made_at=NOW)  # fmt: skip
    _add(database, schema.dialog_version, version="evil", files=json.dumps({EVIL_FILE: PAYLOADS[0]}), stored_at=NOW)


def _add(database: sqlite3.Connection, table: Table, **values: Any) -> None:
    """A row; what is not given is nothing."""
    row = {one.name: b"" if str(one.type) == "BLOB" else "" if str(one.type) == "TEXT" else 0
           for one in table.columns if not (one.nullable or one.server_default or one.name == "id")}  # fmt: skip
    row |= values
    names: Sequence[str] = list(row)
    values_ = ", ".join("?" * len(names))
    database.execute(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({values_})", list(row.values()))
