"""What a session came to: its answers, and the advice that they carry, under its own dialog version."""

from dataclasses import dataclass

from bot.dialog.advice import Advice, Reason, advise
from bot.dialog.path import walk
from bot.dialog.phrases import Content, plain
from bot.dialog.tree import Dialog, Node
from bot.languages import Language, Text, as_language
from bot.store.records import Record


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and its answer, in the session's language. `counts`: it is on the path."""

    node: str
    question: str
    answer: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Weighed:
    """A reason as the page tells it."""

    points: int
    because: str
    question: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A candidate with its points and reasons; `out`: what rules it out, "" when nothing does."""

    id: str
    name: str
    points: int
    reasons: tuple[Weighed, ...]
    out: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`best`: the candidate that the answers recommend, "" for none; `said`: what was recommended last.

    `next`: the question that waits, "" at the end; `would_help`: questions whose answer "not sure" is in the way.
    """

    answers: tuple[Answered, ...]
    standings: tuple[Standing, ...]
    best: str
    said: str
    next: str
    would_help: tuple[str, ...]
    cautions: tuple[str, ...]


def outcome(content: Content, record: Record) -> Outcome:
    """Computed anew from the answers of this session."""
    dialog, language = content.dialog, as_language(record.language) or "en"
    path = walk(dialog, record.answers)
    advice = advise(dialog, path)
    return Outcome(
        _answers(dialog, record, language),
        (*_ranked(advice, language), *_out(advice, language)),
        advice.best.candidate.id if advice.best else "",
        record.advice,
        _said(path.current.text, language) if path.current else "",
        tuple(_said(node.title, language) for node in advice.would_help),
        tuple(_said(one.text, language) for one in advice.cautions),
    )


def _said(text: Text, language: Language) -> str:
    return plain(text.to(language))


def _answers(dialog: Dialog, record: Record, language: Language) -> tuple[Answered, ...]:
    path = walk(dialog, record.answers)
    counting = path.answers()
    order = [*counting, *(node for node in record.answers if node not in counting)]
    return tuple(_answered(dialog.nodes.get(node), node, record, language, node in counting) for node in order)


def _answered(node: Node | None, name: str, record: Record, language: Language, counts: bool) -> Answered:
    given = record.answers[name]
    option = node.option(given) if node else None
    answer = _said(option.label, language) if option and option.label else given.replace("-", " ")
    return Answered(name, _said(node.title, language) if node else name, answer, counts)


def _ranked(advice: Advice, language: Language) -> tuple[Standing, ...]:
    return tuple(
        Standing(one.candidate.id, _said(one.candidate.name, language), one.points, _weighed(one.reasons, language))
        for one in advice.ranked
    )


def _out(advice: Advice, language: Language) -> tuple[Standing, ...]:
    return tuple(
        Standing(one.id, _said(one.name, language), 0, (), _said(reason.weight.because, language))
        for one, reason in advice.ruled_out
    )


def _weighed(reasons: tuple[Reason, ...], language: Language) -> tuple[Weighed, ...]:
    return tuple(
        Weighed(one.points, _said(one.weight.because, language), _said(one.node.title, language)) for one in reasons
    )
