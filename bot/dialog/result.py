"""The screen at the end of a dialog: the advice with its reasons, or why there is none."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.dialog.advice import Advice, Ranked, Reason, advise
from bot.dialog.phrases import bold, italic, plain
from bot.dialog.screens import NOT_ENOUGH, candidate_name, change_rows
from bot.dialog.session import Reply, Rows
from bot.dialog.terms import cell_button
from bot.dialog.tree import MESSAGE_UNITS, utf16_units
from bot.dialog.view import View, in_rows, lines, paragraphs

REASONS_SHOWN: Final = 4
AGAINST_SHOWN: Final = 2
CELLS_SHOWN: Final = 6
GRAVE: Final = -2
"""Points from which a reason against the first choice is told; lighter ones are only colour."""


def advised(view: View) -> str:
    """The id of the candidate that the answers recommend, NOT_ENOUGH for none."""
    best = advise(view.content.dialog, view.path).best
    return best.candidate.id if best else NOT_ENOUGH


def advice(view: View, above: str = "") -> Reply:
    """The result, or what is missing for one."""
    result = advise(view.content.dialog, view.path)
    rows = (*_told_more(view, result), *_rows(view, result))
    return Reply(paragraphs(above, _fitting(view, result, above)), rows)


def advice_rows(view: View) -> Rows:
    """What can be done under a result."""
    change, over = view.phrase_button("recap-button", "recap"), view.phrase_button("start-over", "start-over")
    return ((change,), (view.phrase_button("talk-person", "human"),), (over,))


def advice_above(view: View, above: str = "") -> Reply:
    """After something in passing: the advice stands further up, with what can be done now."""
    text = paragraphs(above, view.words.say("advice-above"))
    return Reply(text, _rows(view, advise(view.content.dialog, view.path)))


def _rows(view: View, result: Advice) -> Rows:
    return (*(() if result.best else change_rows(view, result.would_help)), *advice_rows(view))


def _fitting(view: View, result: Advice, above: str) -> str:
    """The words of the result, with as many cautions as one message takes: their last ones matter least."""
    room = MESSAGE_UNITS - utf16_units(plain(above)) - 2
    text = recommendation(view, result, result.best) if result.best else not_enough(view, result)
    if utf16_units(plain(text)) <= room or not result.cautions:
        return text
    return _fitting(view, replace(result, cautions=result.cautions[:-1]), above)


def recommendation(view: View, result: Advice, best: Ranked) -> str:
    """The first choice with its reasons, the runners-up, what to watch out for, what to do next."""
    words = view.words
    close = bool(result.runners_up) and result.runners_up[0].points == best.points
    reasons = [words.of(reason.weight.because) for reason in _reasons(best)]
    against = [words.of(reason.weight.because) for reason in _against(best)]
    others = [_runner_up(view, item, best) for item in result.runners_up]
    return paragraphs(
        bold(words.say("advice", name=candidate_name(view, best.candidate.id))),
        words.of(best.candidate.summary),
        _listed(words.say("advice-why"), reasons),
        _listed(words.say("advice-against"), against),
        _listed(words.say("advice-also"), others),
        words.say("advice-close") if close else "",
        _listed(words.say("advice-watch"), [words.of(caution.text) for caution in result.cautions]),
        _listed(words.say("advice-next"), [words.of(step) for step in best.candidate.steps]),
        italic(words.say("advice-disclaimer")),
    )


def _reasons(best: Ranked) -> list[Reason]:
    return _one_an_answer(best.pros())[:REASONS_SHOWN]


def _against(best: Ranked) -> list[Reason]:
    return _one_an_answer(_grave(best))[:AGAINST_SHOWN]


def _told_more(view: View, result: Advice) -> Rows:
    """A button for each cell of the knowledge that the reasons shown rest on."""
    if result.best is None:
        return ()
    shown = (*_reasons(result.best), *_against(result.best))
    known = view.content.knowledge.by_name
    entries = [known[name] for name in dict.fromkeys(reason.weight.source for reason in shown) if name in known]
    return in_rows(cell_button(view, entry) for entry in entries[:CELLS_SHOWN])


def _one_an_answer(reasons: Iterable[Reason]) -> list[Reason]:
    """The heaviest reason of each answer: two from the same one read as one said twice."""
    first: dict[str, Reason] = {}
    for reason in reasons:
        first.setdefault(reason.node.id, reason)
    return list(first.values())


def _grave(best: Ranked) -> list[Reason]:
    """What speaks against the first choice with weight."""
    return [reason for reason in best.cons() if reason.points <= GRAVE]


def _listed(heading: str, items: list[str]) -> str:
    return lines(bold(heading), *(f"• {item}" for item in items)) if items else ""


def _runner_up(view: View, item: Ranked, best: Ranked) -> str:
    """With its heaviest reason that does not speak for the best one just as well, where it has such a reason."""
    shared = [reason.weight for reason in best.pros()]
    own = [reason for reason in item.pros() if reason.weight not in shared]
    because = (own or item.pros())[0].weight.because.to(view.session.language)
    return view.words.say("advice-also-line", name=candidate_name(view, item.candidate.id), because=because)


def not_enough(view: View, result: Advice) -> str:
    """Why there is no advice, and which answers would help."""
    words = view.words
    out = [words.of(reason.weight.because) for _, reason in result.ruled_out] if not result.ranked else []
    questions = [words.of(node.text) for node in result.would_help]
    return paragraphs(
        bold(words.say("not-enough-all-out" if out else "not-enough")),
        lines(*(f"• {because}" for because in dict.fromkeys(out))),
        _listed(words.say("not-enough-would-help"), questions),
        _listed(words.say("advice-watch"), [words.of(caution.text) for caution in result.cautions]),
        italic(words.say("advice-disclaimer")),
    )


def advice_change(view: View, before: str) -> str:
    """How the advice changed since `before` was advised; "" when none was, is, or can still be named."""
    candidates = view.content.dialog.candidates
    if view.path.current or not (before == NOT_ENOUGH or before in candidates):
        return ""
    after = advised(view)
    if before == after:
        return view.words.say("advice-same", name=candidate_name(view, after))
    return view.words.say("advice-new", before=candidate_name(view, before), after=candidate_name(view, after))
