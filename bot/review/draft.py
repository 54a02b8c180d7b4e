"""What a draft of the dialog would make of the answers that owners gave: another advice, or answers that are lost.

Position and advice are computed from the answers, so the effect of a change is seen before anybody meets it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.dialog import result
from bot.dialog.path import walk
from bot.dialog.phrases import Content
from bot.dialog.session import Session
from bot.dialog.tree import Dialog
from bot.dialog.view import View

Kind = Literal["same", "advice", "asked", "unasked", "lost"]


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of one session's answers.

    `kind`: same; advice: another candidate is recommended, `after` in place of `before`; asked: a question more comes
    before the advice (`after`: the question); unasked: advice comes earlier; lost: answers count no more (`lost`:
    their questions), which weighs heavier than the others. Candidates by their ids, `not-enough` for advice withheld,
    `""` for a session that is not at its advice.
    """

    session_id: int
    kind: Kind
    before: str = ""
    after: str = ""
    lost: tuple[str, ...] = ()


def effect(session_id: int, old: Content, draft: Content, answers: Mapping[str, str]) -> Effect:
    """What the dialog of `draft` makes of answers that were given to the dialog of `old`."""
    before, after = _outcome(old, answers), _outcome(draft, answers)
    lost = tuple(node for node in _counting(old.dialog, answers) if node not in _counting(draft.dialog, answers))
    if lost:
        return Effect(session_id, "lost", before, after, lost)
    if before and after:
        return Effect(session_id, "same" if before == after else "advice", before, after)
    if before:
        return Effect(session_id, "asked", before, _asked(draft.dialog, answers))
    return Effect(session_id, "unasked" if after else "same", before, after)


def _outcome(content: Content, answers: Mapping[str, str]) -> str:
    view = View(content, Session(answers=answers))
    return "" if view.path.current else result.advised(view)


def _counting(dialog: Dialog, answers: Mapping[str, str]) -> Mapping[str, str]:
    return walk(dialog, answers).answers()


def _asked(dialog: Dialog, answers: Mapping[str, str]) -> str:
    current = walk(dialog, answers).current
    return current.id if current else ""
