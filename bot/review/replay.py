"""Recomputes a stored session on its own dialog version, event by event, and holds it against what was said then.

What the dialog says must come out the same: questions, options, help, advice, recap, what is edited, and where the
session stands in the end. What depends on more than the dialog is taken as stored: answers of the knowledge, what
concerns a person, the wording of the bot's phrases (wording.py), and which button a typed text was taken to mean. But
after each of them, what waits in the dialog must have been shown as it is.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from bot.dialog import looked_up, place
from bot.dialog.engine import take_turn
from bot.dialog.events import Commanded, Pressed
from bot.dialog.knowledge_screens import BESIDE_ANSWER
from bot.dialog.phrases import NO_KNOWLEDGE, Content
from bot.dialog.presses import read_press
from bot.dialog.session import BY_PERSON, Reply, Session, Turn
from bot.dialog.view import View
from bot.languages import LANGUAGES, Language, as_language
from bot.review.wording import ANYTHING, alike, blurred
from bot.store import transcripts
from bot.store.contents import Contents
from bot.store.database import Database
from bot.store.transcripts import Line

OF_THE_DIALOG: Final = frozenset(
    {"answer", "back", "why", "change", "keep", "recap", "find", "start-over", "restart-yes", "restart-no"}
)
"""Where one of these buttons stands, the dialog speaks."""
IN_PASSING: Final = frozenset({"history", "terms", "compare", "human"})
"""Commands whose answers depend on more than the dialog."""


@dataclass(frozen=True, slots=True)
class Replay:
    """How a session was replayed.

    `outcome`: equal; differs; gone: it cannot be replayed, `why` says why. Where it differs: the first `line` (None:
    where the session stands in the end), what is `stored` and what was `computed`, as plain text or Telegram HTML.
    """

    session_id: int
    outcome: Literal["equal", "differs", "gone"]
    why: str = ""
    line: int | None = None
    stored: str = ""
    computed: str = ""

    @property
    def is_equal(self) -> bool:
        """Whether all came out as it is stored."""
        return self.outcome == "equal"


async def replayed(database: Database, contents: Contents, session_id: int) -> Replay:
    """This session, recomputed. Raises LookupError when there is none of this number."""
    return await Replayer(database, contents).replayed(session_id)


class Replayer:
    """Replays one session after another."""

    def __init__(self, database: Database, contents: Contents) -> None:
        self._database, self._contents = database, contents
        self._known: dict[str, Content | None] = {}

    async def replayed(self, session_id: int) -> Replay:
        """This session, recomputed. Raises LookupError when there is none of this number."""
        row = await transcripts.session(self._database, session_id)
        if row is None:
            raise LookupError(f"There is no session {session_id}.")
        content = await self.content(row["dialog_version"])
        if row["moved"] or content is None:
            return Replay(session_id, "gone", "the dialog version that it began with can no longer be loaded")
        # In a thread: of a long session that takes a while, and turns go on meanwhile.
        return await asyncio.to_thread(recomputed, content, row, await transcripts.look(self._database, session_id))

    async def content(self, version: str) -> Content | None:
        """The dialog of this version with today's phrases; None where it cannot be loaded any more."""
        if version not in self._known:
            found = await self._contents.of(self._database, version, self._contents.current)
            self._known[version] = replace(found, knowledge=NO_KNOWLEDGE) if found else None
        return self._known[version]


def recomputed(content: Content, row: Mapping[str, Any], lines: Sequence[Line]) -> Replay:
    """A session of this row of the table and this transcript, recomputed under `content`, whose knowledge is empty."""
    number: int = row["id"]
    gap = next((place for place, line in enumerate(lines) if line.line != place), len(lines))
    if gap != row["lines"] or not lines:
        return Replay(number, "differs", "a line of the transcript is missing", gap)
    found: list[Replay] = []
    for language in _beginnings(row, lines[0]):
        found.append(_Walk(content, number, language).through(row, lines))
        if found[-1].is_equal:
            return found[-1]
    return found[0]


def _beginnings(row: Mapping[str, Any], first: Line) -> list[Language]:
    """In which languages it may have begun: with consent, the button tells; after a restart, most often the last."""
    press = read_press(_data(first))
    chosen = as_language(press.word(0)) if press and press.action == "agree" else None
    last: Language = as_language(row["language"]) or "en"
    return [chosen] if chosen else [last, *(one for one in LANGUAGES if one != last)]


def _data(line: Line) -> str:
    """The data of the button that an owner pressed, or meant; `""`: none."""
    if line.kind == "pressed" and line.buttons:
        return line.buttons[0][0][1]
    return line.taken if line.taken != BY_PERSON else ""


@dataclass(frozen=True, slots=True)
class _Said:
    """What the bot must have said: its kind, its words, and the dialog's buttons."""

    kind: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()

    def is_said_by(self, line: Line) -> bool:
        """Whether the line says just that."""
        return self.kind == line.kind and alike(self.text, line.text) and self.has_buttons_of(line)

    def has_buttons_of(self, line: Line) -> bool:
        """Whether the dialog's buttons are the same ones."""
        stored = _buttons(line.buttons)
        return len(stored) == len(self.buttons) and all(
            mine[1] == other[1] and alike(mine[0], other[0]) for mine, other in zip(self.buttons, stored, strict=True)
        )


class _Walk:
    """A session, going through its transcript."""

    def __init__(self, content: Content, number: int, language: Language) -> None:
        self._content, self._number = content, number
        self._session = Session(language)

    def through(self, row: Mapping[str, Any], lines: Sequence[Line]) -> Replay:
        """From the first line to the last, and where it stands then."""
        self._session = _before(self._content, self._session.language, lines[0])
        for turn in _turns(lines):
            if found := self._differs(turn):
                return found
        return self._ends(row) or Replay(self._number, "equal")

    def _ends(self, row: Mapping[str, Any]) -> Replay | None:
        session = self._session
        for name in ("answers", "step", "open", "advised", "language"):
            stored, computed = row[name], getattr(session, name)
            if stored != computed:
                why = f"it does not end where it is stored: {name}"
                return Replay(self._number, "differs", why, None, str(stored), str(computed))
        return None

    def _differs(self, turn: list[Line]) -> Replay | None:
        """Where this turn, an owner's line and what followed, comes out differently."""
        heard, following = turn[0], turn[1:]
        event = _event(heard, self._number)
        if event is None:
            return self._beside(heard, following) or self._unshown(heard, following)
        before, computed = self._session, self._taken(self._session, event, heard, following)
        said = _said(computed)
        for place_, expected in enumerate(said):
            line = following[place_] if place_ < len(following) else None
            if line is None or line.who != "bot":
                return self._missing(heard, expected)
            if not expected.is_said_by(line) and not self._reworded(before, event, turn, place_):
                return self._other(line, expected.text, "the dialog says something else")
        self._session = computed.session
        return self._beside(heard, following[len(said) :], more=True)

    def _taken(self, before: Session, event: Pressed | Commanded, heard: Line, following: Sequence[Line]) -> Turn:
        return _take(self._content, before, event, following)

    def _reworded(self, before: Session, event: Pressed | Commanded, turn: list[Line], place_: int) -> bool:
        """Whether only phrases are other ones now."""
        said = _said(_take(blurred(self._content), before, event, turn[1:]))
        return place_ < len(said) and said[place_].is_said_by(turn[1 + place_])

    # -- what is said beside the dialog

    def _beside(self, heard: Line, lines: Sequence[Line], *, more: bool = False) -> Replay | None:
        """Where something beside the dialog showed it wrongly. `more`: the dialog had spoken to this event already."""
        for line in lines:
            if line.who != "bot":
                continue
            if line.kind == "edit" and heard.taken != BY_PERSON:
                return self._other(line, "", "an edit that the dialog does not make")
            if more and line.at == heard.at and not _after_staff(lines, line):
                return self._other(line, "", "the dialog says no more than it did before this line")
            if line.kind == "reply" and _is_screen(line.buttons) and not self._is_waiting(line):
                return self._other(line, place.again(self._view()).text, "what waits in the dialog is something else")
        return None

    def _unshown(self, heard: Line, following: Sequence[Line]) -> Replay | None:
        """After words that pressed nothing, what waits is shown once more, unless a person has the chat by then."""
        spoken = [line for line in following if line.who == "bot" and line.kind == "reply" and line.at == heard.at]
        if heard.kind != "said" or heard.taken or not _is_screen(_rows(place.again(self._view()))):
            return None
        if any(_is_screen(line.buttons) or _is_person_there(line) for line in spoken):
            return None
        return self._missing(heard, _screen(place.again(self._view())))

    def _is_waiting(self, line: Line) -> bool:
        """Whether a line shows what waits, with or without something above it."""
        return any(
            _screen(show(View(content(self._content), self._session), above)).is_said_by(line)
            for content in (lambda one: one, blurred)
            for show in (place.again, place.waiting)
            for above in (ANYTHING, "")
        )

    def _view(self) -> View:
        return View(self._content, self._session)

    def _other(self, line: Line, computed: str, why: str) -> Replay:
        return Replay(self._number, "differs", why, line.line, _shown(line.text, line.buttons), computed)

    def _missing(self, heard: Line, expected: _Said) -> Replay:
        return Replay(self._number, "differs", "something was not said", heard.line, "", expected.text)


def _take(content: Content, before: Session, event: Pressed | Commanded, following: Sequence[Line]) -> Turn:
    """The turn of an event. Consent is to today's privacy text: which one it was is no matter of the dialog's."""
    press = read_press(event.data) if isinstance(event, Pressed) else None
    if press is None or press.action != "agree" or not (following and following[0].kind == "edit"):
        return take_turn(content, before, event)
    today = replace(press, words=(press.word(0), press.word(1), content.privacy))
    return take_turn(content, replace(before, consent=""), Pressed(data=today.data(), fresh=event.fresh))


def _before(content: Content, language: Language, first: Line) -> Session:
    """The session before the one that this line began: none, or the one whose button starts over."""
    press = read_press(_data(first))
    if press is None or press.action == "agree":
        return Session(language)
    return Session(language, content.privacy, press.session, press.step)


def _turns(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Each line of the owner with what follows it."""
    turn: list[Line] = []
    for line in lines:
        if line.who == "owner" and turn:
            yield turn
            turn = []
        turn.append(line)
    yield turn


def _event(line: Line, fresh: int) -> Pressed | Commanded | None:
    """The event of an owner's line; None where it is not the dialog's alone."""
    if line.taken == BY_PERSON:
        return None
    if line.kind == "commanded":
        name, _, argument = line.text.removeprefix("/").partition(" ")
        return None if name in IN_PASSING else Commanded(name=name, argument=argument, fresh=fresh)
    data = _data(line)
    if line.kind not in ("pressed", "said") or (line.kind == "said" and not data):
        return None
    press = read_press(data)
    return None if press and press.action in looked_up.RULES else Pressed(data=data, fresh=fresh)


def _said(turn: Turn) -> list[_Said]:
    closes = [_Said("edit", turn.closes)] if turn.closes is not None else []
    toast = [_Said("toast", turn.toast)] if turn.toast else []
    return [*closes, *toast, *map(_screen, turn.replies)]


def _screen(reply: Reply) -> _Said:
    return _Said("reply", reply.text, _buttons(_rows(reply)))


def _rows(reply: Reply) -> list[list[tuple[str, str]]]:
    return [[(button.label, button.press.data()) for button in row] for row in reply.rows]


def _buttons(rows: transcripts.Labels) -> tuple[tuple[str, str], ...]:
    """The buttons that the dialog itself puts there: not those that look something up, or reach a person."""
    return tuple((label, data) for row in rows for label, data in row if _is_own(data))


def _is_own(data: str) -> bool:
    press = read_press(data)
    return press is None or not (press.action in looked_up.RULES or press.word(2) == BESIDE_ANSWER)


def _is_screen(rows: transcripts.Labels) -> bool:
    """Whether the dialog waits there."""
    return any(data.partition(":")[0] in OF_THE_DIALOG for row in rows for _, data in row)


def _is_person_there(line: Line) -> bool:
    return any(data.startswith("to-bot:") for row in line.buttons for _, data in row)


def _after_staff(lines: Sequence[Line], line: Line) -> bool:
    return any(one.who == "staff" for one in lines if one.line < line.line)


def _shown(text: str, rows: transcripts.Labels) -> str:
    return "\n".join([text, *(f"[{label}]" for row in rows for label, _ in row)])
