"""Mistakes in what an owner reads: empty, too long, marked up, alike."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.content.draft import Draft, Spot
from bot.content.problems import Problem, shortened
from bot.content.strict_yaml import BLANK
from bot.content.tree import Tree, options_of
from bot.dialog.tree import Limit, Node, Option, utf16_units
from bot.languages import LANGUAGES, Language, Text

CONTROLS: Final = ("not-sure", "back", "why")
"""The phrases that stand on buttons beside the options: what is typed may mean them."""
_HTML: Final = re.compile(r"</?[a-zA-Z][^<>]{0,100}>|&(?:[a-zA-Z]{2,8}|#[0-9]{1,6});")
_MARKDOWN: Final = re.compile(r"\*\*|__|`|\[[^\[\]]{1,100}\]\(")


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording in one language, and what it must keep to."""

    words: str
    spot: Spot
    limit: int
    one_line: bool


def wordings(draft: Draft) -> Iterator[Wording]:
    """Every wording of the dialog, without the phrases."""
    for text, spot, limit in _texts(draft):
        for language, words in text.wordings():
            if words != BLANK:
                yield Wording(words, spot / language, limit, limit < Limit.STEP)


def _texts(draft: Draft) -> Iterator[tuple[Text, Spot, int]]:
    for node in draft.nodes.values():
        yield from _node_texts(draft, node)
    for name, candidate in draft.candidates.items():
        spot = draft.at("candidates", name)
        yield candidate.name, spot / "name", Limit.NAME
        yield candidate.summary, spot / "summary", Limit.SUMMARY
        yield from ((step, spot / "steps" / index, Limit.STEP) for index, step in enumerate(candidate.steps))
    for name, caution in draft.cautions.items():
        yield caution.text, draft.at("cautions", name) / "text", Limit.CAUTION


def _node_texts(draft: Draft, node: Node) -> Iterator[tuple[Text, Spot, int]]:
    spot = draft.at("nodes", node.id)
    yield node.title, spot / "title", Limit.TITLE
    yield node.text, spot / "text", Limit.QUESTION
    yield node.help, spot / "help", Limit.HELP
    for option in options_of(node):
        yield from _option_texts(option, draft.option_at(node, option))


def _option_texts(option: Option, spot: Spot) -> Iterator[tuple[Text, Spot, int]]:
    if option.label is not None:
        yield option.label, spot / "label", Limit.LABEL
    for index, weight in enumerate(option.weighs):
        yield weight.because, spot / "weighs" / index / "because", Limit.BECAUSE


def flawed_wordings(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """Every wording of the dialog is words, fits, and stays plain."""
    for wording in wordings(draft):
        yield from flaws(wording)
        if "{" in wording.words or "}" in wording.words:
            yield wording.spot.problem("a brace in a text", "only the bot's phrases have variables")


def flaws(wording: Wording) -> Iterator[Problem]:
    """What is wrong with one wording, as plain text within its limit."""
    words, spot = wording.words, wording.spot
    if not words.strip():
        yield spot.problem("an empty text", "write the text")
    if (units := utf16_units(words)) > wording.limit:
        yield spot.problem(f"{units} characters", f"at most {wording.limit} fit here")
    if found := _HTML.search(words) or _MARKDOWN.search(words):
        yield spot.problem(f"markup in a text: {shortened(found[0], 20)}", "texts are plain words")
    if wording.one_line and "\n" in words.strip():
        yield spot.problem("a line break where one line is meant", "write it on one line")


# labels that read the same


def folded(words: str) -> str:
    """`words` as they are told apart when typed: without case, accents, punctuation and extra spaces."""
    letters = unicodedata.normalize("NFKD", words.casefold())
    kinds = ((letter, unicodedata.category(letter)[0]) for letter in letters if not unicodedata.combining(letter))
    return " ".join("".join(" " if kind in "PZC" else letter for letter, kind in kinds).split())


def labels_alike(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """What an owner types means one button only."""
    for node in draft.nodes.values():
        for language in LANGUAGES:
            yield from _labels_alike(draft, node, language)


def _labels_alike(draft: Draft, node: Node, language: Language) -> Iterator[Problem]:
    taken = {folded(words): f"the button “{words}”" for words in _controls(draft, language)}
    for option in node.options:
        words = option.label.to(language) if option.label else BLANK
        spot = draft.option_at(node, option) / "label" / language
        if words != BLANK and (read := folded(words)):
            if read.isdecimal() and len(read) == 1:
                yield spot.problem("a label that is one digit reads like an option's number", "write it in words")
            if read in taken:
                yield spot.problem(f"this reads the same as {taken[read]}", "make the labels differ in words")
            taken.setdefault(read, f"the option `{shortened(option.id)}`")


def _controls(draft: Draft, language: Language) -> Iterator[str]:
    for name in CONTROLS:
        if phrase := draft.phrases.get(name):
            yield phrase.other.to(language)
