"""Teaching: the last answer of a staff member becomes knowledge, once an admin who is somebody else approved it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.dialog.phrases import bold, escaped, harmless, italic
from bot.dialog.view import paragraphs
from bot.knowledge.answering import answers_itself, proposed
from bot.knowledge.entries import FACETS, OF_TWO
from bot.knowledge.taught import LONGEST, Taught
from bot.languages import NAMES, Language
from bot.staff.handover import Handover
from bot.staff.moment import Moment, Person
from bot.staff.outcome import Outcome
from bot.staff.posts import Buttons, Post, Tap, cut, inert

LONGEST_ASKED: Final = 600
NONE: Final = "-"
"""Stands for no concept, or no facet, in a button's data."""


def begun(moment: Moment, handover: Handover, answer: str, by: Person, fresh: int = 0) -> Outcome:
    """A draft of this answer to the handover's question. `fresh`: its id."""
    concept, facet = proposed(moment.content.knowledge, handover.question, handover.language)
    draft = Taught(
        id=fresh, state="draft", language=handover.language, question=_asked(handover.question),
        text=cut(harmless(answer), LONGEST),
        concept=concept, facet=facet, handover_id=handover.id, by=by.id, by_name=by.name,
        approved_by=0, approved_name="", made_at=moment.now, approved_at=0, card_id=0,
    )  # fmt: skip
    return _shown(moment, draft)


def written(
    moment: Moment, question: str, answer: str, language: Language, about: tuple[str, str], by: Person, fresh: int
) -> Outcome:
    """An answer that an admin wrote by hand, ready for another one to approve. `about`: concept and facet."""
    draft = Taught(
        id=fresh, state="submitted", language=language, question=_asked(harmless(question)),
        text=cut(harmless(answer).strip(), LONGEST), concept=about[0], facet=about[1], by=by.id, by_name=by.name,
        made_at=moment.now,
    )  # fmt: skip
    return _shown(moment, draft)


def reworded(moment: Moment, draft: Taught, words: str, by: Person) -> Outcome:
    """Another wording: of the answer; of the question where it ends with a question mark. It is theirs then."""
    if draft.state != "draft":
        return Outcome(posts=(Post(text=moment.words.say("teach-closed")),))
    text = cut(harmless(words).strip(), LONGEST)
    is_question = text.endswith("?") and "\n" not in text
    changed = replace(draft, question=_asked(text)) if is_question else replace(draft, text=text)
    return _shown(moment, replace(changed, by=by.id, by_name=by.name))


def _asked(question: str) -> str:
    """A question on one line, so long that it stands in one message with its answer."""
    return cut(" ".join(question.split()), LONGEST_ASKED)


def _shown(moment: Moment, draft: Taught, toast: str = "") -> Outcome:
    """The draft as it stands: its message is made, or changed. It stands in General, where everybody sees it."""
    post = Post(text=_text(moment, draft), buttons=_buttons(moment, draft), edits=draft.card_id)
    return Outcome(posts=(post,), taught=draft, toast=toast)


def _text(moment: Moment, draft: Taught) -> str:
    words = moment.words
    never = words.say("teach-never") if _is_never_given(moment, draft) else ""
    about = words.say("teach-about", concept=_concept(moment, draft), facet=_facet(moment, draft))
    state = words.say(f"teach-{draft.state}", name=draft.approved_name or draft.by_name)
    question = bold(inert(draft.question)) if draft.question else words.say("teach-no-question")
    head = bold(words.say("teach-head", language=NAMES[draft.language]))
    return paragraphs(head, about, question, f"<blockquote>{escaped(draft.text)}</blockquote>", never, italic(state))


def _is_never_given(moment: Moment, draft: Taught) -> bool:
    """Whether the bot would give another answer to this question, or none."""
    is_open = draft.state in ("draft", "submitted")
    return is_open and bool(draft.question) and not answers_itself(moment.content.knowledge, draft)


def _concept(moment: Moment, draft: Taught) -> str:
    concept = moment.content.knowledge.concepts.get(draft.concept)
    return concept.name.to(moment.desk.language) if concept else "–"


def _facet(moment: Moment, draft: Taught) -> str:
    return moment.words.plain(f"facet-{draft.facet}") if draft.facet else "–"


def _buttons(moment: Moment, draft: Taught) -> Buttons:
    def act(name: str) -> tuple[str, str]:
        return moment.words.plain(f"teach-{name}"), Tap(name, draft.id).data()

    if draft.state == "draft":
        return ((act("concept"), act("facet")), (act("submit"), act("drop")))
    return ((act("approve"), act("refuse")),) if draft.state == "submitted" else ()


def _choose_concept(moment: Moment, draft: Taught, tap: Tap, by: Person) -> Outcome:
    known = moment.content.knowledge.concepts
    named = [(concept.name.to(moment.desk.language), name) for name, concept in known.items()]
    return _choice(moment, draft, "is-concept", named)


def _choose_facet(moment: Moment, draft: Taught, tap: Tap, by: Person) -> Outcome:
    named: list[tuple[str, str]] = [
        (moment.words.plain(f"facet-{name}"), name) for name in FACETS if name not in OF_TWO
    ]
    return _choice(moment, draft, "is-facet", named)


def _choice(moment: Moment, draft: Taught, act: str, named: list[tuple[str, str]]) -> Outcome:
    buttons = [(label, Tap(act, draft.id, (name,)).data()) for label, name in [*named, ("–", NONE)]]
    rows = tuple(tuple(buttons[place : place + 2]) for place in range(0, len(buttons), 2))
    shown = _shown(moment, draft)
    return replace(shown, posts=(replace(shown.posts[0], buttons=rows),), taught=None)


def _is_concept(moment: Moment, draft: Taught, tap: Tap, by: Person) -> Outcome:
    chosen = "" if tap.word(0) == NONE else tap.word(0)
    known = not chosen or chosen in moment.content.knowledge.concepts
    return _shown(moment, replace(draft, concept=chosen)) if known else _old(moment)


def _is_facet(moment: Moment, draft: Taught, tap: Tap, by: Person) -> Outcome:
    chosen = "" if tap.word(0) == NONE else tap.word(0)
    known = not chosen or chosen in FACETS
    return _shown(moment, replace(draft, facet=chosen)) if known else _old(moment)


def _submit(moment: Moment, draft: Taught, tap: Tap, by: Person) -> Outcome:
    if not draft.question:
        return Outcome(toast=moment.words.plain("teach-no-question"))
    return _shown(moment, replace(draft, state="submitted"), moment.words.plain("teach-sent"))


def _drop(moment: Moment, draft: Taught, tap: Tap, by: Person) -> Outcome:
    return _shown(moment, replace(draft, state="refused", approved_by=by.id, approved_name=by.name))


def _approve(moment: Moment, draft: Taught, tap: Tap, by: Person) -> Outcome:
    """Two pairs of eyes: not by the one who wrote it."""
    if by.id == draft.by:
        return Outcome(toast=moment.words.plain("teach-own"))
    return _shown(
        moment,
        replace(
            draft,
            state="approved",
            approved_by=by.id,
            approved_name=by.name,
            approved_at=moment.now,
            approved_on=moment.date,
        ),
        moment.words.plain("teach-live"),
    )


def _refuse(moment: Moment, draft: Taught, tap: Tap, by: Person) -> Outcome:
    return _shown(moment, replace(draft, state="refused", approved_by=by.id, approved_name=by.name))


def _old(moment: Moment) -> Outcome:
    return Outcome(toast=moment.words.plain("staff-old-button"))


def _while(state: str, rule: Callable[[Moment, Taught, Tap, Person], Outcome]) -> Callable[..., Outcome]:
    """A rule that holds in one state alone; later the button is an old one."""

    def ruled(moment: Moment, draft: Taught, tap: Tap, by: Person) -> Outcome:
        return rule(moment, draft, tap, by) if draft.state == state else _old(moment)

    return ruled


RULES: Final[Mapping[str, Callable[[Moment, Taught, Tap, Person], Outcome]]] = {
    "concept": _while("draft", _choose_concept),
    "facet": _while("draft", _choose_facet),
    "is-concept": _while("draft", _is_concept),
    "is-facet": _while("draft", _is_facet),
    "submit": _while("draft", _submit),
    "drop": _while("draft", _drop),
    "approve": _while("submitted", _approve),
    "refuse": _while("submitted", _refuse),
}
"""What the buttons under a draft do."""
