"""The shipped content, for properties that must hold for whatever the authors write: no test knows its words.

While a text is still missing in a language, its English words stand in for it.
"""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from bot.content.knowledge_draft import drafted_knowledge
from bot.content.load import load, load_files, read_folder
from bot.content.problems import ContentProblems
from bot.dialog.events import AnyEvent, Commanded, Inquired, Late, Pressed, Said, Sent
from bot.dialog.phrases import Content, Words
from bot.dialog.session import Button, Session, Turn
from bot.languages import LANGUAGES, Language

FOLDER = Path(__file__).parents[1] / "dialogs"
KNOWLEDGE = FOLDER.with_name("knowledge")


def _loaded() -> Content:
    try:
        return load(FOLDER, KNOWLEDGE)
    except ContentProblems:
        dialog = load_files({path.name: _filled(path) for path in FOLDER.glob("*.yaml")})
        return replace(dialog, knowledge=drafted_knowledge(read_folder(KNOWLEDGE), KNOWLEDGE.name).knowledge())


def _filled(path: Path) -> bytes:
    """A file with English words where a language is missing."""
    return json.dumps(_in_four(yaml.load(path.read_text("utf-8"), yaml.BaseLoader)), ensure_ascii=False).encode()


def _in_four(value: Any) -> Any:
    if isinstance(value, Mapping):
        if "en" in value and set(value) <= set(LANGUAGES):
            return {language: _in_four(value.get(language, value["en"])) for language in LANGUAGES}
        return {key: _in_four(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_in_four(item) for item in value]
    return int(value) if str(value).isdecimal() and len(str(value)) < 3 else value


LIVE = _loaded()


def every_screen(content: Content) -> list[tuple[str, ...]]:
    """The labels of every question in every language, "not sure", "back" and "why" last, as they can be typed."""
    return [
        (*(option.label.to(language) for option in node.options if option.label), *_beside(content, language))
        for node in content.dialog.nodes.values()
        for language in LANGUAGES
    ]


def _beside(content: Content, language: Language) -> Iterator[str]:
    words = Words(content, language)
    return (words.plain(name) for name in ("not-sure", "back", "why"))


STRAY = ("hm?", "1", "2", "3", "9", "не", "não", "ei", "<b>&", "🙂", "x" * 5000, "\u200b")
COMMANDS = (
    "start", "answers", "language", "restart", "cancel", "history", "help", "settings", "privacy", "terms", "compare",
    "forget", "mydata", "nonsense",
)  # fmt: skip


def a_question(content: Content, dice: random.Random) -> str:
    """Something that an owner may ask: an entry's question, a piece of one, with a slip, or with a stray word."""
    known = list(content.knowledge.entries.values())
    if not known:
        return "?"
    words = dice.choice(known).question.to(dice.choice(LANGUAGES))
    place, half = dice.randrange(len(words)), len(words.split()) // 2
    return dice.choice([
        words, words, words.upper(), words[:place] + words[place + 1 :], words + " " + dice.choice(STRAY)[:400],
        " ".join(words.split()[half:]), " ".join(words.split()[:half]) + "?", words + " " + dice.choice(words.split()),
    ])  # fmt: skip


class Wanderer:
    """An owner who does anything at all, seeded: mostly answers, often something else."""

    def __init__(self, content: Content, seed: int) -> None:
        self.content, self.dice = content, random.Random(seed)
        self.session = Session(self.dice.choice(LANGUAGES))
        self.seen: list[Button] = []
        self.newest: list[Button] = []
        self.events = 0

    def event(self) -> AnyEvent:
        """What they do next."""
        self.events += 1
        return replace(self._act(), fresh=self.events)

    def _act(self) -> AnyEvent:
        roll = self.dice.random()
        if roll < 0.7 and self.newest:
            return Pressed(data=self.dice.choice(self.newest).press.data())
        if roll < 0.8 and self.seen:
            return Pressed(data=self.dice.choice(self.seen).press.data())
        if roll < 0.86:
            return Said(text=self.dice.choice([*STRAY, *(a_question(self.content, self.dice) for _ in STRAY)]))
        if roll < 0.9 and self.newest:
            return Said(text=self.dice.choice(self.newest).label)
        if roll < 0.97:
            topic = self.dice.choice(["", "", *self.content.dialog.topics])
            return Commanded(name=self.dice.choice(COMMANDS), argument=topic)
        others: list[AnyEvent] = [Sent(what="photo"), Late(what="x", first=True), Late(what="x", first=False)]
        others.append(Inquired(text=a_question(self.content, self.dice)))
        return self.dice.choice(others)

    def saw(self, turn: Turn) -> None:
        """Take in what came."""
        self.session = turn.session
        shown = [button for reply in turn.replies for row in reply.rows for button in row]
        self.newest = shown or ([] if turn.closes is not None else self.newest)
        self.seen = [*self.seen[-60:], *shown]
