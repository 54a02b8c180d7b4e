"""Holds what the pretend Telegram saw against the rules: was anything lost, doubled, out of order, or moved twice?

It looks at nothing but the updates that people caused and the requests that the bot made. Each chat has a ledger: the
acts of its person in order, and what they must lead to (rules.py). Every message and every edit must be the next thing
due in its chat. The one excuse: after a kill, a chat's last message may come once more.
"""

import json
import statistics
import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.rules import Act, Edits, Effect, Rules, Sees, State
from harness.screens import Screen, screen_of
from harness.telegram import Request

NOT_MODIFIED = "message is not modified"
OLD_QUERY = "query is too old"
IN_FLIGHT_SECONDS = 5.0
"""How long before a kill a message may have arrived and still count as in flight: sent, its delivery not yet noted."""
SHOWN = 12
AFTERMATH = 0.2
"""What a killed bot had asked for may take effect so long after the kill."""


@dataclass(frozen=True, slots=True)
class Event:
    """A message or an edit that took effect; `life`: how many times the bot had been started by then."""

    edit: bool
    screen: Screen
    life: int
    at: float

    def repeats(self, other: "Event | None") -> bool:
        """The same again, and not an edit (which changes nothing when it comes twice)."""
        return other is not None and not self.edit and not other.edit and self.screen.says(other.screen)


@dataclass(slots=True)
class Ledger:
    """One chat: where its person stands, what they did, what is still due."""

    chat_id: int
    state: State = field(default_factory=State)
    acts: deque[Act] = field(default_factory=deque)
    due: deque[Effect] = field(default_factory=deque)
    current: Act | None = None
    begun: bool = False
    last: Event | None = None
    screens: list[Screen] = field(default_factory=list)
    recent: deque[str] = field(default_factory=lambda: deque(maxlen=8))
    may_repeat: bool = False
    broken: bool = False
    objection: int = 0
    """Where in the list of violations its own stands, once it is broken."""

    @property
    def idle(self) -> bool:
        """Nothing is due."""
        return not self.acts and not self.due


@dataclass(slots=True)
class Query:
    """A press that must be answered."""

    chat_id: int
    update_id: int
    toast: bool = False
    answers: list[str] = field(default_factory=list)


KINDS = ("lost", "missing", "double", "order", "duplicate", "unanswered", "refused", "database")
WORDS = {
    "lost": "updates lost",
    "missing": "replies missing",
    "double": "sessions moved twice or back",
    "order": "chats out of order",
    "duplicate": "messages repeated without excuse",
    "unanswered": "presses never answered",
    "refused": "requests refused by Telegram",
    "database": "sessions that the database tells otherwise",
}


class Oracle:
    """Hears every request (`heard`), every act (`acted`), every kill (`killed`); `finish` gives what is wrong."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self.ledgers: dict[int, Ledger] = {}
        self.queries: dict[str, Query] = {}
        self.violations: list[tuple[str, str]] = []
        self.updates = self.effects = self.repeated_edits = 0
        self.kills: list[float] = []
        self.life = 0
        self.repeats: Counter[tuple[int, int]] = Counter()
        self.ages: list[float] = []
        self.first_replies: list[float] = []
        self.excused_queries = 0
        self._handed_out: dict[int, tuple[int, float]] = {}
        self._again: set[int] = set()
        self._started, self._silent, self._lives_before = 0.0, False, 0

    # -- what happens

    def ledger(self, chat_id: int) -> Ledger:
        """The ledger of a chat."""
        return self.ledgers.setdefault(chat_id, Ledger(chat_id))

    def acted(self, chat_id: int, act: Act) -> None:
        """A person did something."""
        self.updates += 1
        if act.query:
            self.queries[act.query] = Query(chat_id, act.update_id)
        ledger = self.ledger(chat_id)
        ledger.acts.append(act)
        self._skip_silent(ledger)

    def started(self) -> None:
        """The bot is being started."""
        self._started, self._silent, self._lives_before = time.monotonic(), True, self.life

    @property
    def is_silent(self) -> bool:
        """Whether the bot, since it was last started, has not replied to anybody yet."""
        return self._silent

    def killed(self) -> None:
        """The bot was killed."""
        self.kills.append(time.monotonic())

    def heard(self, request: Request) -> None:
        """The bot asked for something, and it took effect or was refused."""
        if request.method == "getMe":
            self.life += 1
        elif request.method == "getUpdates":
            self._handed(request)
        elif request.method == "answerCallbackQuery":
            self._answered(request)
        elif request.method in ("sendMessage", "editMessageText"):
            self._delivered(request)

    def _handed(self, request: Request) -> None:
        now = time.monotonic()
        for update in request.outcome if request.code == 200 else ():
            first, _ = self._handed_out.get(update["update_id"], (self.life, now))
            self._handed_out[update["update_id"]] = (first, now)
            self._again |= {update["update_id"]} if first != self.life else set()

    def _answered(self, request: Request) -> None:
        self._spoke()
        query = self.queries.get(str(request.params.get("callback_query_id")))
        if request.code == 200 and query:
            query.answers.append(str(request.params.get("text", "")))
        elif OLD_QUERY not in str(request.outcome):
            self._wrong("refused", f"{request.method}: {request.outcome}")

    def _delivered(self, request: Request) -> None:
        self._spoke()
        edit = request.method == "editMessageText"
        if request.code == 200:
            ledger = self.ledger(request.chat_id)
            event = Event(edit, screen_of(request.outcome), self.life, time.monotonic())
            if ledger.broken:
                self._name_again(ledger, event)
            else:
                self._take(ledger, event)
        elif edit and NOT_MODIFIED in str(request.outcome).lower():
            self._take_vain_edit(self.ledger(request.chat_id), int(str(request.params["message_id"])))
        else:
            self._wrong("refused", f"{request.method} in chat {request.chat_id}: {request.code} {request.outcome}")

    def _take_vain_edit(self, ledger: Ledger, message_id: int) -> None:
        """An edit that changes nothing: one that was due (its button was pressed before), or one sent again."""
        self._prepare(ledger)
        if not ledger.broken and ledger.due and ledger.due[0] == Edits(message_id):
            ledger.due.popleft()
            ledger.begun = True
        else:
            self.repeated_edits += 1

    def _spoke(self) -> None:
        if self._silent and self.life > self._lives_before:
            self.first_replies.append(time.monotonic() - self._started)
            self._silent = False

    def is_plain(self, ledger: Ledger, act: Act) -> bool:
        """Whether the reply to `act` will tell itself from the last message, should that come again after a kill."""
        state = ledger.state.copy()
        effects = self._rules.due(act, state).effects
        sees = next((effect for effect in effects if isinstance(effect, Sees)), None)
        return not (ledger.screens and sees and state.fits(sees, ledger.screens[-1]))

    # -- judging one message or edit

    def _take(self, ledger: Ledger, event: Event) -> None:
        self.effects += 1
        repeated = event.repeats(ledger.last)
        reborn = ledger.last is not None and event.life > ledger.last.life
        ledger.may_repeat = repeated and (reborn or ledger.may_repeat)
        self._prepare(ledger)
        about = f"life {event.life}: {'edit ' if event.edit else ''}{event.screen.message_id} {event.screen.about()}"
        ledger.recent.append(f"{about} | {ledger.current.about() if ledger.current else ''}")
        if ledger.due and _fits(ledger.due[0], event, ledger.state):
            self._settle(ledger, event)
        elif ledger.may_repeat:
            self._excuse(ledger, event)
        else:
            self._object(ledger, event)
        if not event.edit:
            ledger.screens.append(event.screen)
        ledger.last = event

    def _prepare(self, ledger: Ledger) -> None:
        """What is due now: of the act at hand, else of the next act that leads to any message."""
        while not ledger.due and ledger.acts:
            ledger.current, ledger.begun = ledger.acts.popleft(), False
            due = self._rules.due(ledger.current, ledger.state)
            ledger.due.extend(due.effects)
            if ledger.current.query:
                self.queries[ledger.current.query].toast = due.toast

    def _settle(self, ledger: Ledger, event: Event) -> None:
        ledger.due.popleft()
        ledger.begun = True
        if not event.edit:
            ledger.state.see(event.screen)
        self._skip_silent(ledger)

    def _skip_silent(self, ledger: Ledger) -> None:
        """Acts that lead to no message (double taps) are done when their turn comes."""
        while not ledger.due and ledger.acts:
            if self._rules.due(ledger.acts[0], ledger.state.copy()).effects:
                return
            self._prepare(ledger)

    def _excuse(self, ledger: Ledger, event: Event) -> None:
        """It came once more after a kill: counted."""
        ledger.may_repeat = False
        ledger.state.see_copy(event.screen)
        self.repeats[ledger.chat_id, event.life] += 1
        age = self._until_kill(ledger.last.at) if ledger.last else 0.0
        self.ages.append(age)
        if age > IN_FLIGHT_SECONDS:
            self._wrong("duplicate", f"chat {ledger.chat_id}: repeated {age:.1f} s after it was delivered")

    def _until_kill(self, at: float) -> float:
        """How long before the kill that came next this happened; 0 for what the dead had asked for just before."""
        return max(0.0, min((kill for kill in self.kills if kill > at - AFTERMATH), default=at) - at)

    def _object(self, ledger: Ledger, event: Event) -> None:
        ledger.broken = True
        due = _about(ledger.due[0]) if ledger.due else "nothing"
        act = ledger.current.about() if ledger.current else "no act"
        what = f"{'edit of' if event.edit else 'message'} {event.screen.message_id} {event.screen.about()}"
        before = "\n      ".join(["", *ledger.recent])
        ledger.objection = len(self.violations)
        self._wrong(self._why(ledger, event), f"chat {ledger.chat_id}: {what}; due was {due} after {act}{before}")

    def _why(self, ledger: Ledger, event: Event) -> str:
        """The name of what is wrong with an event that was not due."""
        if event.repeats(ledger.last):
            return "duplicate"
        if self._fits_later(ledger, event):
            return "missing"
        state, screen = ledger.state, event.screen
        if screen.buttons and (screen.session, screen.step) != (state.session, state.step):
            return "double"
        return "order"

    def _name_again(self, ledger: Ledger, event: Event) -> None:
        """What seemed to be missing came after all, but too late: it was out of order."""
        kind, what = self.violations[ledger.objection]
        if kind == "missing" and ledger.due and _fits(ledger.due[0], event, ledger.state):
            self.violations[ledger.objection] = "order", what

    def _fits_later(self, ledger: Ledger, event: Event) -> bool:
        state = ledger.state.copy()
        if any(_fits(effect, event, state) for effect in list(ledger.due)[1:]):
            return True
        return any(_fits(due, event, state) for act in ledger.acts for due in self._rules.due(act, state).effects)

    # -- the end

    @property
    def waiting(self) -> int:
        """How many chats something is due in."""
        return sum(1 for ledger in self.ledgers.values() if not ledger.idle and not ledger.broken)

    def finish(self) -> None:
        """Nothing more will come: what is still due is lost or missing, what is unanswered was forgotten."""
        for ledger in self.ledgers.values():
            self._close(ledger)
        for query in self.queries.values():
            self._check_query(query)

    def _close(self, ledger: Ledger) -> None:
        if ledger.broken:
            return
        while ledger.acts or ledger.due:
            self._prepare(ledger)
            if ledger.due and ledger.current:
                kind = "missing" if ledger.begun else "lost"
                self._wrong(kind, f"chat {ledger.chat_id}: {_about(ledger.due[0])} after {ledger.current.about()}")
                ledger.due.clear()

    def _check_query(self, query: Query) -> None:
        fine = query.answers and (not query.toast or any(query.answers))
        if fine or self.ledger(query.chat_id).broken:
            return
        if self._killed_beside(query.update_id) or (query.answers and query.update_id in self._again):
            self.excused_queries += 1
        else:
            what = "answered without words" if query.answers else "never answered"
            self._wrong("unanswered", f"chat {query.chat_id}: update {query.update_id} {what}")

    def _killed_beside(self, update_id: int) -> bool:
        """Whether a kill came just after this update was last handed out: a press is answered once, at that moment."""
        _, at = self._handed_out.get(update_id, (0, 0.0))
        return any(-AFTERMATH <= kill - at <= IN_FLIGHT_SECONDS for kill in self.kills)

    def compare(self, sessions: list[Mapping[str, Any]]) -> None:
        """Hold where each person stands against the database's sessions, as the command line tells them."""
        newest = {row["chat_id"]: row for row in sorted(sessions, key=lambda row: int(row["id"]))}
        for ledger in self.ledgers.values():
            state, row = ledger.state, newest.get(ledger.chat_id)
            if not state.agreed or ledger.broken:
                continue
            seen = (state.session, state.step, state.answers)
            stored = (row["id"], row["step"], row["answers"]) if row else None
            if seen != stored:
                self._wrong("database", f"chat {ledger.chat_id}: seen {seen}, stored {stored}")

    def compare_words(self, session_id: int, transcript: list[Mapping[str, Any]]) -> None:
        """Hold what a person saw in one session against its transcript: the same buttons, in order, each once."""
        chat = next((one for one in self.ledgers.values() if one.state.session == session_id), None)
        if chat is None or chat.broken:
            return
        told = [_data(line["buttons"]) for line in transcript if line["who"] == "bot" and line["buttons"]]
        shown = [[button.data for button in screen.buttons] for screen in chat.screens if _in(screen, session_id)]
        if _once(told) != _once(shown):
            self._wrong("database", f"session {session_id}: the transcript is not what was shown")

    def _wrong(self, kind: str, what: str) -> None:
        self.violations.append((kind, what))

    # -- the report

    def counts(self) -> dict[str, int]:
        """How often each thing went wrong."""
        found = Counter(kind for kind, _ in self.violations)
        return {kind: found[kind] for kind in KINDS}

    def report(self) -> str:
        """The figures, and every violation."""
        kills, repeats = len(self.kills), sum(self.repeats.values())
        lines = [f"updates {self.updates}, messages and edits {self.effects}, kills {kills}"]
        lines += [f"{count:>6}  {WORDS[kind]}" for kind, count in self.counts().items()]
        most, mean = max(self.repeats.values(), default=0), repeats / kills if kills else 0.0
        lines.append(f"repeated messages after a kill: {repeats}, at most {most} a chat and kill, {mean:.2f} a kill")
        if self.ages:
            lines.append(f"  they had arrived at most {max(self.ages) * 1000:.0f} ms before the kill")
        lines.append(f"edits sent again, without effect: {self.repeated_edits}")
        lines.append(f"presses whose answer was cut off by a kill: {self.excused_queries}")
        if self.first_replies:
            middle, longest = statistics.median(self.first_replies), max(self.first_replies)
            lines.append(f"from start to first reply: p50 {middle:.2f} s, max {longest:.2f} s")
        lines += [f"WRONG ({WORDS[kind]}) {what}" for kind, what in self.violations[:SHOWN]]
        if len(self.violations) > SHOWN:
            lines.append(f"... and {len(self.violations) - SHOWN} more")
        return "\n".join(lines)


def _fits(effect: Effect, event: Event, state: State) -> bool:
    if isinstance(effect, Edits):
        wanted = {effect.message} if effect.message else state.asked_ids
        return event.edit and event.screen.message_id in wanted and not event.screen.buttons
    return not event.edit and state.fits(effect, event.screen)


def _about(effect: Effect) -> str:
    if isinstance(effect, Edits):
        return f"an edit of {effect.message or 'the last question'}"
    return f"{'/'.join(sorted(effect.kinds))} {' or '.join(effect.begins)!r}"


def _data(rows: list[list[list[str]]]) -> list[str]:
    return [data for row in rows for _, data in row]


def _in(screen: Screen, session_id: int) -> bool:
    return bool(screen.buttons) and screen.session == session_id


def _once(rows: list[list[str]]) -> list[str]:
    """Rows in order; the same row twice in a row counts once."""
    told = [json.dumps(row) for row in rows]
    return [row for place, row in enumerate(told) if place == 0 or row != told[place - 1]]
