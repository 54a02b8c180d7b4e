"""What was recorded, for the terminal: `advisor sessions`, `advisor questions`, `advisor knowledge export`."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from bot.content import taught_yaml
from bot.dialog.phrases import harmless, plain
from bot.knowledge.entries import Knowledge
from bot.store import questions, taught, transcripts
from bot.store.database import opened_for_reading
from bot.store.database_file import DatabaseFile
from bot.store.grouped import by_likeness, wording, words
from bot.store.questions import Rated, Unanswered
from bot.store.transcripts import Line

MOST_GROUPED: Final = 20_000
"""So many questions are put into groups, the newest."""


async def listing(at: DatabaseFile, most: int, as_json: bool) -> str:
    """The newest sessions. Raises DatabaseRefusedError."""
    async with opened_for_reading(at.path, at.keys) as database:
        rows = await transcripts.sessions(database, most)
    if as_json:
        return json.dumps(rows, ensure_ascii=False, indent=2)
    return "\n".join(_row(row) for row in rows) or "No sessions yet."


def _row(row: dict[str, Any]) -> str:
    answers = f"{len(row['answers'])} answers"
    return f"{row['id']:>10}  {time(row['updated_at'])}  {row['language']}  {answers:>10}  {row['advised'] or 'open'}"


async def showing(at: DatabaseFile, session_id: int, as_json: bool) -> str:
    """One session with its transcript. Raises DatabaseRefusedError; LookupError when there is no such session."""
    async with opened_for_reading(at.path, at.keys) as database:
        row = await transcripts.session(database, session_id)
        lines = await transcripts.read(database, session_id)
    if row is None:
        raise LookupError(
            f"There is no session {session_id} in {at.path}. `advisor sessions list` shows those there are."
        )
    if as_json:
        said = [{name: getattr(line, name) for name in ("at", "who", "kind", "text", "buttons")} for line in lines]
        return json.dumps({**row, "transcript": said}, ensure_ascii=False, indent=2)
    head = [f"Session {row['id']}, dialog {row['dialog_version']}, {row['language']}, begun {time(row['begun_at'])}"]
    answers = [f"  {question}: {answer}" for question, answer in row["answers"].items()]
    return "\n".join([*head, *answers, "", *(_line(line) for line in lines)])


def _line(line: Line) -> str:
    text = harmless(plain(line.text) if line.who == "bot" else line.text)
    kind = "" if line.kind in ("said", "reply") else f" ({line.kind})"
    buttons = [f"      [{label}]" for row in line.buttons for label, _ in row if line.who == "bot"]
    said = text.replace("\n", "\n      ")
    return "\n".join([f"{time(line.at)}  {line.who}{kind}:", f"      {said}", *buttons])


async def grouped(at: DatabaseFile, most: int, as_json: bool, knowledge: Knowledge) -> str:
    """The questions that the bot could not answer, those that are alike in one group, the largest first.

    `knowledge`: by whose words they are read. Raises DatabaseRefusedError.
    """
    async with opened_for_reading(at.path, at.keys) as database:
        asked = await questions.unanswered(database, MOST_GROUPED)
    found = by_likeness(asked, knowledge)[:most]
    if as_json:
        return json.dumps([_group_row(group) for group in found], ensure_ascii=False, indent=2)
    return "\n".join(_group(group) for group in found) or "No unanswered questions."


def _group(group: Sequence[Unanswered]) -> str:
    return f"{len(group):>6}  {time(group[0].asked_at)}  {group[0].language}  {wording(group)}"


def _group_row(group: Sequence[Unanswered]) -> dict[str, Any]:
    kept = ("id", "text", "wants", "asked_at", "chat_id", "session_id", "tell")
    asked = [{name: getattr(one, name) for name in kept} for one in group]
    newest, language = group[0].asked_at, group[0].language
    return {
        "count": len(group), "language": language, "newest": newest, "wording": wording(group), "questions": asked
    }  # fmt: skip


async def unanswered(at: DatabaseFile, most: int, as_json: bool) -> str:
    """The questions that the bot could not answer, one by one, newest first. Raises DatabaseRefusedError."""
    async with opened_for_reading(at.path, at.keys) as database:
        asked = await questions.unanswered(database, most)
    if as_json:
        return json.dumps([asdict(one) for one in asked], ensure_ascii=False, indent=2)
    return "\n".join(_question(one) for one in asked) or "No unanswered questions."


def _question(one: Unanswered) -> str:
    return f"{one.id:>6}  {time(one.asked_at)}  {one.language}  {one.wants:<9}  session {one.session_id}  {words(one)}"


async def export(at: DatabaseFile, as_json: bool) -> str:
    """The approved answers of the staff, for the authors; "" when there are none. Raises DatabaseRefusedError."""
    async with opened_for_reading(at.path, at.keys) as database:
        approved = await taught.approved(database)
    if as_json:
        return json.dumps(taught_yaml.rows(approved), ensure_ascii=False, indent=2)
    return taught_yaml.rendered(approved) if approved else ""


async def opinions(at: DatabaseFile, most: int, as_json: bool) -> str:
    """What owners thought of answers, newest first. Raises DatabaseRefusedError."""
    async with opened_for_reading(at.path, at.keys) as database:
        rated = await questions.rated(database, most)
    if as_json:
        return json.dumps([asdict(one) for one in rated], ensure_ascii=False, indent=2)
    return "\n".join(_opinion(one) for one in rated) or "No opinions yet."


def _opinion(one: Rated) -> str:
    said = "helpful" if one.helpful else "not helpful"
    return f"{time(one.at)}  {one.language}  {said:<11}  session {one.session_id}  {one.cell}"


def time(at: int) -> str:
    """Epoch milliseconds as a UTC time to read."""
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
