"""What a turn means for the traffic over the tree: what is counted, and where.

Two kinds of counts. What a session comes to as it stands (the questions it was shown, the answers on its path, its
advice) is counted as a difference between before and after, so that the counts always equal a recount over all
sessions as they stand. What happened (a "why?", a step back) is counted as it happens. Who left is not counted: it is
who was shown a question, did not answer it, and did not come back.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from bot.dialog.events import AnyEvent, Pressed, Said
from bot.dialog.path import Path, walk
from bot.dialog.place import CHANGE
from bot.dialog.session import Session, Turn
from bot.dialog.tree import ADVICE, Dialog

WHOLE: Final = ""
"""The place of what is counted of a session as a whole."""
ANSWER: Final = "answer:"
"""Followed by the option: how many sessions have this answer on their path."""
ADVISED: Final = "advice:"
"""Followed by the candidate: how many sessions were recommended it last."""
ACTS: Final = {"why": "help", "back": "back", "asked": "asked", "unanswered": "unanswered", "unclear": "unclear"}
"""What is counted of a turn, by what it did (`Turn.act`)."""

Counts = Counter[tuple[str, str]]
"""How often what happened where: (question, ADVICE or WHOLE; what) -> number."""


@dataclass(frozen=True, slots=True)
class Trail:
    """What a session left in the traffic so far.

    `met`: the questions it was shown, a bit each in the dialog's order (the last: the advice), as hexadecimal digits;
    "" where it was never counted: it is older than the counting, or has not begun.
    `stands`: the question it was shown and has not answered; ADVICE; WHOLE where it was shown none yet.
    """

    met: str = ""
    stands: str = WHOLE


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a turn comes to: to be added `now`, under what the session is now, and `before`, under what it was."""

    trail: Trail
    now: Counts = field(default_factory=Counter)
    before: Counts = field(default_factory=Counter)


def traffic(dialog: Dialog, before: Session, trail: Trail, event: AnyEvent, turn: Turn, *, moved: bool) -> Traffic:
    """What `turn` means. `dialog`: under which it was taken; `moved`: the session came to it from another version."""
    after = turn.session
    goes_on = before.id == after.id and not moved
    if goes_on and _is_as_it_was(before, trail, turn):
        return Traffic(trail)
    path = walk(dialog, after.answers)
    met = _met_before(dialog, path, trail) if goes_on else frozenset()
    met |= _meets(dialog, path, before, event, after)
    there = Trail(_as_digits(dialog, met), _stands(path, met))
    now = _standing(path, after, met)
    if before.id == after.id:
        now.update(_happened(before, there if moved else trail, event, turn))
    if not trail.met:
        return Traffic(there, now)
    earlier = _undone(standing(dialog, before, trail)) if goes_on else _left(trail, moved=moved)
    return Traffic(there, now, earlier)


def _is_as_it_was(before: Session, trail: Trail, turn: Turn) -> bool:
    """Nothing moved, and what happened is not counted: so it is with most of what is asked in passing."""
    after = turn.session
    same = after is before or (before.answers, before.open, before.advised, before.language) == (
        after.answers, after.open, after.advised, after.language
    )  # fmt: skip
    return same and turn.act not in ACTS and turn.wish is None and bool(trail.met)


def standing(dialog: Dialog, session: Session, trail: Trail) -> Counts:
    """What a session comes to as it stands."""
    return _standing(walk(dialog, session.answers), session, _met(dialog, trail))


def _standing(path: Path, session: Session, met: Iterable[str]) -> Counts:
    counts = Counter({(WHOLE, "begun"): 1})
    if session.advised:
        counts[WHOLE, ADVISED + session.advised] = 1
    given, here = path.answers(), _here(path)
    for place in met:
        counts[place, "shown"] = 1
        if place in given:
            counts[place, ANSWER + given[place]] = 1
        elif place != here:
            counts[place, "aside"] = 1
    return counts


def _undone(counts: Counts) -> Counts:
    return Counter({where: -n for where, n in counts.items()})


def _left(trail: Trail, *, moved: bool) -> Counts:
    """What is counted where a session ended by a new start, or went on under another version of the dialog."""
    what = "moved" if moved else "restarted"
    return Counter({(WHOLE, what): 1, **({(trail.stands, what): 1} if trail.stands else {})})


def _happened(before: Session, trail: Trail, event: AnyEvent, turn: Turn) -> Iterator[tuple[str, str]]:
    """What is counted as it happens, with where."""
    if turn.act == "answer":
        for place in _answered(before, turn.session):
            if isinstance(event, Said):
                yield place, "typed"
            if place in before.answers:
                yield place, "changed"
    elif turn.act == "why" and turn.session.open.startswith(CHANGE):
        yield turn.session.open.removeprefix(CHANGE), "help"
    elif what := ACTS.get(turn.act):
        yield trail.stands, what
    if turn.wish:
        yield trail.stands, "person"


# -- which questions a session was shown


def _met_before(dialog: Dialog, path: Path, trail: Trail) -> frozenset[str]:
    """Of a session that was never counted: all that is on its path."""
    return _met(dialog, trail) if trail.met else frozenset(path.answers())


def _meets(dialog: Dialog, path: Path, before: Session, event: AnyEvent, after: Session) -> frozenset[str]:
    """The places that a turn shows, or in which the owner answered without being asked (over an open menu)."""
    here = frozenset({after.open.removeprefix(CHANGE) if after.open.startswith(CHANGE) else _here(path)})
    here = here & {*dialog.nodes, ADVICE} if after.open.startswith(CHANGE) or not after.open else frozenset()
    own = before.id == after.id and isinstance(event, Pressed | Said)
    return here | (frozenset(_answered(before, after)) & dialog.nodes.keys() if own else frozenset())


def _answered(before: Session, after: Session) -> list[str]:
    return [place for place, option in after.answers.items() if before.answers.get(place) != option]


def _stands(path: Path, met: frozenset[str]) -> str:
    return _here(path) if _here(path) in met else WHOLE


def _here(path: Path) -> str:
    return path.current.id if path.current else ADVICE


def _places(dialog: Dialog) -> list[str]:
    return [*dialog.nodes, ADVICE]


def _met(dialog: Dialog, trail: Trail) -> frozenset[str]:
    bits = int(trail.met or "0", 16)
    return frozenset(place for at, place in enumerate(_places(dialog)) if bits >> at & 1)


def _as_digits(dialog: Dialog, met: frozenset[str]) -> str:
    return f"{sum(1 << at for at, place in enumerate(_places(dialog)) if place in met):x}"
