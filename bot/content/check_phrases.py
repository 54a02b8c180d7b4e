"""Mistakes in the bot's own words: which there are, their variables, their lengths."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter
from typing import Final

from bot.content.check_words import CONTROLS, Wording, flaws, folded
from bot.content.draft import PHRASES_FILE, Draft, Spot
from bot.content.problems import Problem, closest, listed, shortened
from bot.content.strict_yaml import BLANK
from bot.content.tree import Tree
from bot.dialog.needed import NEEDED
from bot.dialog.tree import Limit, utf16_units
from bot.knowledge.entries import FACETS
from bot.languages import LANGUAGES, Language

COMMAND: Final = "command-"
BUTTONS: Final = frozenset(
    {"agree", "find", "go-on", "start-over", "language", "privacy", "not-sure", "back", "why"}
    | {"keep-answer", "recap-button", "restart-yes", "restart-no"}
    | {"terms-button", "sources", "helpful", "unhelpful", "ask-person", "none-of-these", "speak", "compare-with"}
    | {f"facet-{facet}" for facet in FACETS}
    | {"talk-person", "talk-back", "to-bot", "no-person"}
    | {"staff-claim", "staff-release", "staff-pass", "staff-close", "staff-talk", "staff-send", "staff-edit"}
    | {"staff-teach", "review-open", "review-inside"}
    | {"mydata", "forget", "forget-yes", "forget-no"}
    | {"teach-concept", "teach-facet", "teach-submit", "teach-drop", "teach-approve", "teach-refuse"}
)
TOASTS: Final = frozenset(
    {"already-noted", "old-button", "trouble", "thanks-opinion", "person-speaks"}
    | {"forget-not"}
    | {"staff-yours", "staff-taken", "staff-sent", "staff-claim-first", "staff-over", "staff-old-button"}
    | {"staff-only-staff", "staff-only-admins", "staff-is-staff", "staff-nobody-else"}
    | {"teach-sent", "teach-live", "teach-own", "teach-no-question"}
)
LONG: Final = frozenset({"help", "staff-help"})
_LIMITS: Final = {
    "bot-description": 512,
    "bot-short-description": 120,
    **dict.fromkeys(BUTTONS, Limit.LABEL),
    **dict.fromkeys(TOASTS, 200),
    **dict.fromkeys(LONG, 3500),
    "privacy-text": 2300,  # with at most 400 for each of the four around it, it fits one message
}
_MOST: Final = 400
"""Of any other phrase: several of them, and the author's texts, make one message."""
MOST_AROUND_ADVICE: Final = 500
"""What all phrases of the longest advice may have together: at its limits the author's part takes 3,560 of 4,096."""
_VARIABLE: Final = re.compile("[a-z_]+")


@dataclass(frozen=True, slots=True)
class Form:
    """One wording of a phrase: in one language, for one (`one`) or for any number."""

    name: str
    language: Language
    one: bool
    words: str
    spot: Spot

    def variables(self) -> frozenset[str] | None:
        """The variables it names; None when its braces make no sense."""
        try:
            parts = list(Formatter().parse(self.words))
        except ValueError:
            return None
        named = [(name, spec, conversion) for _, name, spec, conversion in parts if name is not None]
        if any(spec or conversion or not _VARIABLE.fullmatch(name) for name, spec, conversion in named):
            return None
        return frozenset(name for name, _, _ in named)


def forms(draft: Draft) -> Iterator[Form]:
    """Every wording of every phrase."""
    for name, phrase in draft.phrases.items():
        for language in LANGUAGES:
            spot = draft.at("phrases", name) / language
            plural = isinstance(spot.raw, dict)
            if plural and phrase.one:
                yield Form(name, language, True, phrase.one.to(language), spot / "one")
            yield Form(name, language, False, phrase.other.to(language), spot / "other" if plural else spot)


def missing_phrases(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """Whatever the bot can say has words."""
    top = next((document for document in draft.documents if document.name == PHRASES_FILE), None)
    if top is None:
        yield Problem(PHRASES_FILE, 1, 1, f"there is no file {PHRASES_FILE}", "the bot's own words stand there")
        return
    if missing := [name for name in NEEDED if name not in draft.phrases and name not in draft.unsure]:
        yield Spot(top, ("phrases",)).key_problem(f"missing phrases: {listed(missing)}", "add each in four languages")
    if "privacy" not in draft.head and "privacy" not in draft.unsure:
        yield Spot(top).problem("`privacy:` is missing", "add the date of the privacy text")


def unknown_phrases(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """Whatever has words can be said."""
    for (section, name), spot in draft.spots.items():
        if section == "phrases" and name not in NEEDED:
            yield spot.key_problem(f"the bot has no phrase `{shortened(name)}`", closest(name, NEEDED) or "delete it")


def flawed_phrases(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """Every phrase is words, fits its place, and stays plain."""
    for form in forms(draft):
        if form.words != BLANK:
            limit = 256 if form.name.startswith(COMMAND) else _LIMITS.get(form.name, _MOST)
            yield from flaws(Wording(form.words, form.spot, limit, limit < _MOST and "description" not in form.name))


def too_much_around_advice(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """The longest advice still fits one message."""
    parts = [name for name in draft.phrases if name == "changed" or name.startswith("advice")]
    for language in LANGUAGES if "advice" in parts else ():
        units = sum(utf16_units(draft.phrases[name].other.to(language)) for name in parts)
        if units > MOST_AROUND_ADVICE:
            spot = draft.at("phrases", "advice") / language
            hint = f"at most {MOST_AROUND_ADVICE}, so that the longest advice fits one message"
            yield spot.problem(f"the phrases around an advice have {units} characters together", hint)


def braces(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """Braces are closed, and hold the name of a variable."""
    for form in forms(draft):
        if form.variables() is None:
            hint = "a variable is {like_this}; a brace that is meant as such is written twice"
            yield form.spot.problem("braces that hold no variable", hint)


def unknown_variables(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """A phrase uses only what the bot fills in."""
    for form in forms(draft):
        known = NEEDED.get(form.name)
        for name in sorted((form.variables() or frozenset()) - known if known is not None else ()):
            hint = closest(name, known or ()) or (f"it has {listed(sorted(known))}" if known else "it has none")
            yield form.spot.problem(f"this phrase has no variable `{{{shortened(name)}}}`", hint)


def variables_differ(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """Every language says as much as the first; "one" may leave its number out."""
    first: dict[str, frozenset[str]] = {}
    for form in forms(draft):
        variables = form.variables()
        if form.words == BLANK or variables is None or form.name not in NEEDED:
            continue
        expected = first.setdefault(form.name, _other(draft, form) if form.one else variables)
        left_out = {"n"} if form.one else set()
        if differing := ((expected ^ variables) & NEEDED[form.name]) - (left_out - variables):
            names = listed(f"{{{name}}}" for name in sorted(differing))
            yield form.spot.problem(f"{names} stands not in every language", "use the same variables in each")


def _other(draft: Draft, form: Form) -> frozenset[str]:
    words = draft.phrases[form.name].other.to(form.language)
    return Form(form.name, form.language, False, words, form.spot).variables() or frozenset()


def needless_plurals(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """`one` and `other` are told apart by {n}."""
    for form in forms(draft):
        if form.one and form.words != BLANK and "n" not in NEEDED.get(form.name, "n"):
            yield form.spot.key_problem("this phrase has no number `{n}`", "write one text instead of one and other")


def controls_alike(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """The buttons beside the options are told apart when typed."""
    for language in LANGUAGES:
        taken: dict[str, str] = {}
        for name in CONTROLS:
            words = draft.phrases[name].other.to(language) if name in draft.phrases else BLANK
            if words != BLANK and taken.setdefault(folded(words), name) != name:
                spot = draft.at("phrases", name) / language
                yield spot.problem(f"this reads the same as `{taken[folded(words)]}`", "make the buttons differ")
