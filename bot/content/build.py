"""From the shapes of the YAML to the frozen values the engine works with."""

from collections.abc import Mapping
from typing import Final

from bot.content.knowledge_models import EntryShape, SourceShape
from bot.content.models import (
    AllOf,
    AnswerOf,
    AnyOf,
    CandidateShape,
    CautionShape,
    NodeShape,
    NotSureShape,
    NotThis,
    OptionShape,
    PhraseShape,
    Plural,
    RulesOut,
    WeightAgainst,
    WeightFor,
    WeightShape,
    WhenShape,
    Wordings,
)
from bot.content.strict_yaml import BLANK
from bot.dialog.conditions import ALWAYS, All, AnswerIs, Any, Condition, Not
from bot.dialog.phrases import Phrase
from bot.dialog.tree import ADVICE, NOT_SURE, Candidate, Caution, Node, Option, Weight
from bot.knowledge.entries import Cell, Entry, Source
from bot.languages import LANGUAGES, Text

NOWHERE: Final = ""
"""The target of an option that leads nowhere. `check` finds it; no loaded dialog holds it."""


def node(name: str, shape: NodeShape) -> Node:
    """One question."""
    following = _target(shape.next)
    return Node(
        id=name,
        title=text(shape.title),
        text=text(shape.text),
        help=text(shape.help),
        options=tuple(_option(key, option, following) for key, option in shape.options.items()),
        not_sure=_option(NOT_SURE, shape.not_sure, following),
        when=condition(shape.when),
        next=following,
    )


def candidate(name: str, shape: CandidateShape) -> Candidate:
    """A thing that can be recommended."""
    steps = tuple(text(step) for step in shape.steps)
    return Candidate(name, text(shape.name), text(shape.summary), steps, tuple(shape.raises))


def caution(name: str, shape: CautionShape) -> Caution:
    """What to watch out for."""
    when = condition(shape.when) if shape.when else None
    return Caution(name, text(shape.text), shape.source, tuple(shape.only_for), when)


def phrase(shape: PhraseShape) -> Phrase:
    """One of the bot's own phrases; a language without forms says the same for one."""
    forms: Mapping[str, str | Plural] = {language: getattr(shape, language) for language in LANGUAGES}
    one = {language: form.one if isinstance(form, Plural) else form for language, form in forms.items()}
    other = {language: form.other if isinstance(form, Plural) else form for language, form in forms.items()}
    return Phrase(Text(**other), Text(**one) if one != other else None)


def entry(cell: Cell, shape: EntryShape) -> Entry:
    """One answer."""
    question, answer = text(shape.question), text(shape.answer)
    return Entry(cell, question, answer, tuple(shape.sources), tuple(shape.facts), shape.checked)


def source(name: str, shape: SourceShape) -> Source:
    """A document, or what is commonly known."""
    return Source(name, text(shape.title), shape.language, text(shape.publisher), shape.year)


def text(shape: Wordings) -> Text:
    """One wording in each language."""
    return Text(en=shape.en, pt=shape.pt, bg=shape.bg, fi=shape.fi)


def condition(shape: WhenShape | None) -> Condition:
    """A condition; ALWAYS for none."""
    match shape:
        case None:
            return ALWAYS
        case AllOf():
            return All(tuple(condition(part) for part in shape.all))
        case AnyOf():
            return Any(tuple(condition(part) for part in shape.any))
        case NotThis():
            return Not(condition(shape.not_))
        case AnswerOf():
            ((question, options),) = shape.root.items()
            return AnswerIs(question, frozenset(_names(options)))


def _option(name: str, shape: OptionShape | NotSureShape, following: str | None) -> Option:
    return Option(
        id=name,
        label=text(shape.label) if isinstance(shape, OptionShape) else None,
        goto=_target(shape.goto) or following or NOWHERE,
        weighs=tuple(_weight(weight) for weight in shape.weighs),
        raises=tuple(shape.raises),
    )


def _target(name: str | None) -> str | None:
    return ADVICE if name == BLANK else name


def _weight(shape: WeightShape) -> Weight:
    because, when = text(shape.because), condition(shape.when)
    match shape:
        case WeightFor():
            return Weight("for", _names(shape.for_), shape.by, because, shape.source, when)
        case WeightAgainst():
            return Weight("against", _names(shape.against), shape.by, because, shape.source, when)
        case RulesOut():
            return Weight("rules_out", _names(shape.rules_out), 0, because, shape.source, when)


def _names(names: str | list[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)
