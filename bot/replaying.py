"""`advisor replay`: stored sessions recomputed, and what a draft of the dialog would make of them; for the terminal."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from bot.app import stored_dialog
from bot.content.draft import PHRASES_FILE
from bot.content.load import load_dialog, read_folder
from bot.dialog.phrases import Content, harmless, plain
from bot.review.draft import Effect, Kind, effect
from bot.review.replay import Replay, Replayer
from bot.store import transcripts
from bot.store.contents import Contents
from bot.store.database import Database, opened_for_reading
from bot.store.database_file import DatabaseFile

EXAMPLES: Final = 5
"""Sessions named for each kind of effect, and defects shown in full."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which sessions: these, or without any all that fit. `since`: begun at or after, in epoch ms; `simulated`: None:
    both kinds."""

    sessions: tuple[int, ...] = ()
    language: str = ""
    version: str = ""
    since: int = 0
    simulated: bool | None = None

    async def ids(self, database: Database) -> list[int]:
        """Their numbers. Raises LookupError for a session that was named and is not there."""
        if not self.sessions:
            return await transcripts.chosen(database, self.language, self.version, self.since, self.simulated)
        for one in self.sessions:
            if await transcripts.session(database, one) is None:
                raise LookupError(f"There is no session {one}. `advisor sessions list` shows those there are.")
        return list(self.sessions)


Counting = Callable[[Sequence[int]], Sequence[int]]
"""Shows how far we are while it is gone through."""


def _alone(content: Content) -> Content:
    """So that each version is read as it is stored, the running one, too."""
    return replace(content, dialog=replace(content.dialog, version=""))


async def replays(at: DatabaseFile, content: Content, chosen: Chosen, counting: Counting) -> list[Replay]:
    """The sessions that were chosen, replayed. Raises DatabaseRefusedError, LookupError."""
    async with opened_for_reading(at.path, at.keys) as database:
        replayer = Replayer(database, Contents(_alone(content), stored_dialog))
        return [await replayer.replayed(number) for number in counting(await chosen.ids(database))]


def told(found: Sequence[Replay]) -> str:
    """In words: how many are equal, and the first of those that are not."""
    counts = Counter(one.outcome for one in found)
    head = f"{len(found)} sessions replayed: {counts['equal']} equal, {counts['differs']} differ"
    gone = f", {counts['gone']} cannot be replayed" if counts["gone"] else ""
    shown = [_told(one) for one in found if one.outcome == "differs"]
    more = [f"... and {len(shown) - EXAMPLES} more"] if len(shown) > EXAMPLES else []
    return "\n\n".join([*shown[:EXAMPLES], *more, f"{head}{gone}."])


def _told(one: Replay) -> str:
    where = "its end" if one.line is None else f"line {one.line}"
    sides = (("stored", one.stored), ("computed", one.computed))
    return "\n".join([f"Session {one.session_id}, {where}: {one.why}", *(_side(*side) for side in sides)])


def _side(name: str, text: str) -> str:
    words = harmless(plain(text)).replace("\n", "\n      ") or "(nothing)"
    return f"    {name}:\n      {words}"


def as_json(found: Sequence[Replay]) -> str:
    """For programs: the counts, and each session that did not come out equal."""
    counts = Counter(one.outcome for one in found)
    named = {name: counts[name] for name in ("equal", "differs", "gone")}
    rows = [asdict(one) for one in found if not one.is_equal]
    return json.dumps({"replayed": len(found), **named, "sessions": rows}, ensure_ascii=False, indent=2)


# -- on a draft


def draft_of(folder: Path, content: Content) -> Content:
    """The content with the dialog that stands in `folder`. Raises ContentProblems with every mistake in it."""
    files = {name: data for name, data in read_folder(folder).items() if name != PHRASES_FILE}
    return replace(content, dialog=load_dialog(files))


async def effects(
    at: DatabaseFile, content: Content, draft: Content, chosen: Chosen, counting: Counting
) -> list[Effect]:
    """What the draft makes of each session that was chosen. Raises DatabaseRefusedError, LookupError."""
    found = []
    async with opened_for_reading(at.path, at.keys) as database:
        replayer = Replayer(database, Contents(_alone(content), stored_dialog))
        for number in counting(await chosen.ids(database)):
            row = await transcripts.session(database, number)
            old = await replayer.content(row["dialog_version"]) if row else None
            if row and old:
                found.append(effect(number, old, draft, row["answers"]))
    return found


KINDS: Final[Mapping[Kind, str]] = {
    "lost": "lose answers",
    "advice": "get another advice",
    "asked": "are asked more before their advice",
    "unasked": "come to advice earlier",
    "same": "stay as they are",
}


def effects_told(found: Sequence[Effect]) -> str:
    """In words: how many are touched how, with examples."""
    parts = []
    for kind, words in KINDS.items():
        those = [one for one in found if one.kind == kind]
        cases = Counter((one.before, one.after, one.lost) for one in those).most_common(EXAMPLES)
        shown = [_case(those, *case, count) for case, count in cases] if kind != "same" else []
        parts.append("\n".join([f"{len(those):>7} {words}", *shown]))
    return "\n".join([*parts, f"{len(found):>7} sessions"])


def _case(those: Sequence[Effect], before: str, after: str, lost: tuple[str, ...], count: int) -> str:
    example = next(one.session_id for one in those if (one.before, one.after, one.lost) == (before, after, lost))
    what = f"{before or 'open'} -> {after or 'open'}" + (f", without {', '.join(lost)}" if lost else "")
    return f"          {count}: {what} (as session {example})"


def effects_as_json(found: Sequence[Effect]) -> str:
    """For programs: the counts, and each session that is touched."""
    counts = Counter(one.kind for one in found)
    rows = [asdict(one) for one in found if one.kind != "same"]
    return json.dumps({"sessions": len(found), **{kind: counts[kind] for kind in KINDS}, "touched": rows}, indent=2)
