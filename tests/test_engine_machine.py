"""The engine against a model of it that fits on a page, walked at random by a hypothesis state machine.

A short run by default. In full, 2,000 walks of 50 steps (some minutes):

    ENGINE_WALKS=2000 .venv/bin/python -m pytest tests/test_engine_machine.py

The model knows nothing of the engine: it has a dict of answers, a path found naively in a table written here by hand,
a step counter, and what is open. It reads a button's data as the four kinds of words that stand in it. Of the reader
of questions it knows a list of texts with what each asks, written by hand; everything else asks nothing.
"""

import copy
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from dialog_knowledge import ASKED, KNOWING, asked, cell
from dialog_words import (
    CALLS,
    TAGS,
    WORDINGS,
    assert_fits_telegram,
    buttons_of,
    read_html,
)
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.dialog.engine import take_turn
from bot.dialog.events import AnyEvent, Commanded, Late, Pressed, Said, Sent
from bot.dialog.presses import base36
from bot.dialog.session import Reply, Session, Turn
from bot.languages import LANGUAGES, Language

WALKS = int(os.environ.get("ENGINE_WALKS", "60"))

# -- the small dialog, once more, by hand

GOTO = {
    "work": {"customers": "calls", "books": "volume", "papers": "secret", "not-sure": "volume"},
    "calls": {"they": "volume", "we": "volume", "not-sure": "volume"},
    "volume": {"little": "peaks", "lots": "peaks", "not-sure": "peaks"},
    "peaks": {"waves": "secret", "level": "secret", "not-sure": "secret"},
    "secret": {"yes": "end", "no": "end", "not-sure": "end"},
}
TOPICS = {"calls": {"work": "customers", "calls": "they"}, "lost": {"volume": "lots"}}
POINTS = {
    ("work", "customers"): {"phones": 2, "books": -99},
    ("work", "books"): {"books": 2, "phones": -99},
    ("work", "papers"): {"house": -99, "phones": -99, "books": -99},
    ("calls", "they"): {"phones": 2},
    ("calls", "we"): {"phones": -1},
    ("volume", "little"): {"house": 3},
    ("volume", "lots"): {"phones": 1, "books": 1},
    ("secret", "yes"): {"house": 2},
}
NAMES = {"house": "Keep it in house", "phones": "A call center", "books": "A bookkeeper"}
ENGLISH = {
    "customers": "Talking with customers", "books": "Keeping the books", "papers": "Legal papers", "little": "A little",
    "lots": "A whole lot", "waves": "In waves", "level": "About the same all year", "yes": "Yes", "no": "No",
    "not-sure": "Not sure",
}  # fmt: skip
NOTES = {
    "help": "help",
    "settings": "settings",
    "privacy": "privacy-text",
    "history": "history-empty",
    "nonsense": "unknown-command",
}
CODES = {cell(name).code: name for name in ASKED}
SIDES = {cell(f"{name}/definition").code: name for name in ("house", "phones", "books")}
LOOKED_UP = {"know", "sources", "helpful", "unhelpful", "person", "human", "tell", "terms", "compare"}
ABOVE = (
    "forget-not",
    "not-known",
    "not-understood",
    "unhelpful-more",
    "person-noted",
    "smalltalk-thanks",
    "refuse-insult",
)
"""What can be said above what waits."""
TEXTS: dict[str, tuple[str, str, str]] = {
    **{asked(name, language): ("answer", name, language) for name in ASKED for language in LANGUAGES},
    "what's the price of a bookkeeper": ("answer", "books/cost", "en"),
    "drawbacks of a bookkeeper?": ("suggest", "", "en"),
    "call center law": ("suggest", "", ""),
    "talk to a human": ("person", "", "en"),
    "puhua ihmisen": ("person", "", "fi"),
    "obrigado": ("smalltalk-thanks", "", "pt"),
    "thanks?": ("smalltalk-thanks", "", "en"),
    "you idiot": ("refuse-insult", "", "en"),
    "bookkeepers & co": ("suggest", "", ""),
    "<b>call center</b>": ("answer", "phones/definition", ""),
    "Keeping the books": ("answer", "books/definition", ""),
    "Keeping the books?": ("answer", "books/definition", ""),
    **{"Keeping the books" + tag: ("suggest", "", "") for tag in TAGS.values() if tag},
}
"""What texts ask, and in which language ("": the chat's)."""
FOLLOWING = {"and its drawbacks?": "drawbacks", "and its cost?": "cost", "and the benefits": "benefits"}
"""Texts that ask something of what was spoken of last."""
AND_THE_OTHER = "ENTÄ PUHELINPALVELU?"
"""It asks of a call center what was asked last."""
OTHER_WORDS = {"not-sure": ("no idea", "dunno"), "back": ("undo", "one back"), "why": ("why", "what for")}
MOVES = {"answer", "back", "why", "change", "keep", "start-over", "restart-yes", "restart-no"}

RIGHT = ("mydata", "forget", "forget")
RIGHTS = {"mydata", "forget", "forget-yes", "forget-no"}
LISTS = {"menu", "recap", "recap-empty", "languages"}
SPOKEN = {"en": "English", "pt": "Português", "bg": "Български", "fi": "Suomi"}

Screen = tuple[str, str]
"""What is on the screen: its kind, and the question or the first words."""
Screens = Screen | list[Screen] | None


def way(answers: dict[str, str]) -> tuple[list[str], str]:
    """The questions answered on the path, and the one that waits ("end")."""
    been: list[str] = []
    here = "work"
    while here != "end":
        if here == "peaks" and not ("work" in been and answers["work"] == "customers" and answers["volume"] == "lots"):
            here = "secret"
        elif here not in answers:
            break
        else:
            been.append(here)
            here = GOTO[here][answers[here]]
    return been, here


def unsure(answers: dict[str, str]) -> list[str]:
    """The first questions answered with "not sure"."""
    return [question for question in way(answers)[0] if answers[question] == "not-sure"][:3]


def best(answers: dict[str, str]) -> str:
    """The words that the advice begins with."""
    total = dict.fromkeys(NAMES, 0)
    chosen = [(question, answers[question]) for question in way(answers)[0]]
    if ("work", "books") in chosen and ("secret", "yes") in chosen:
        total["books"] -= 1
    for points in (POINTS.get(one, {}) for one in chosen):
        for name, by in points.items():
            total[name] += by
    if all(points < -50 for points in total.values()):
        return "Nothing fits all your answers."
    first = max(total, key=lambda name: total[name])
    return f"Our advice: {NAMES[first]}" if total[first] >= 3 else "Your answers are not enough to advise you."


@dataclass
class Model:
    """An owner, as a page of rules has it. Each act returns what must be on the screen: None for nothing."""

    language: Language = "en"
    agreed: bool = False
    session: int = 0
    step: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    open: str = ""
    mute: bool = False
    about: str = ""
    toast: str = ""
    above: str = ""
    asked: tuple[str, str] | None = None

    def where(self) -> Screen:
        """What waits."""
        kind, _, name = self.open.partition(":")
        here = way(self.answers)[1]
        if kind == "change":
            return ("changing", name)
        if kind == "recap" and here == "work":
            return ("recap-empty", "")
        if kind:
            return (kind, "")
        return ("question", here) if here != "end" else ("advice", " ".join([best(self.answers), *self.helpful()]))

    def again(self) -> Screen:
        """What waits, after something in passing: the advice is not said twice."""
        kind, where = self.where()
        return ("advice-above", " ".join(self.helpful())) if kind == "advice" else (kind, where)

    def helpful(self) -> list[str]:
        """The questions that can be changed under advice withheld."""
        return [] if best(self.answers).startswith("Our advice") else unsure(self.answers)

    def aside(self, name: str) -> Screen:
        """Something said in passing: with a way back, but not before consent and not over the menu."""
        return ("aside" if self.agreed and self.open != "menu" else "note", name)

    def covered(self) -> Screen:
        """What an open list covers."""
        kind, _, before = self.open.partition(":")
        return replace(self, open=before if kind == "languages" else "").where()

    def move(self, answers: dict[str, str]) -> Screen:
        self.answers, self.step, self.open = answers, self.step + 1, ""
        return self.where()

    def begin(self, fresh: int, topic: str) -> Screen:
        self.session, self.step, self.answers, self.open = fresh, 0, dict(TOPICS.get(topic, {})), ""
        self.about = ""
        return self.where()

    def opens(self, what: str) -> Screen:
        self.open = what
        return self.where()

    def notes(self, toast: str, screen: Screen | None = None, language: str = "") -> Screen | None:
        self.toast = WORDINGS[toast] + TAGS[language or self.language]  # type: ignore[index]
        return screen

    # -- presses

    def press(self, data: str, fresh: int) -> Screens:
        action, session, step, words = _read(data)
        if action in RIGHTS:
            return self.right(action, session)
        self.leaves()
        if not self.agreed:
            return self.greet(action, words, fresh)
        if action in LOOKED_UP:
            return self.look_up(action, *words)
        if action in ("agree", "speak", "languages", "privacy"):
            return self.anytime(action, words)
        if session != self.session:
            again = action in ("start-over", "restart-yes") and self.step == 0
            return self.notes("already-noted") if again else self.notes("old-button", self.where())
        late = step != self.step and action in MOVES
        return self.late_press(action, step, words) if late else self.take(action, words, fresh)

    def right(self, action: str, session: int) -> Screens:
        """What an owner has a right to, at any time; forgotten, they are as new, but for their language."""
        if action == "mydata":
            return [("note", "mydata")] * (2 if self.session else 3)
        if action == "forget":
            return self.asks_whether()
        if action == "forget-no":
            self.leaves()
            return self.notes("forget-not")
        if not self.session or session != self.session:
            return self.notes("old-button")
        if not self.open.startswith("forget:"):
            return self.notes("old-button", self.asks_whether())
        vars(self).update(vars(Model(language=self.language)))
        return None

    def asks_whether(self) -> Screen:
        if self.session:
            self.open = "forget:" + self.open.removeprefix("forget:")
        return ("note", "forget")

    def leaves(self) -> None:
        """Whatever is not about the rights leaves the question whether to delete."""
        self.open = self.open.removeprefix("forget:")

    def look_up(self, action: str, *words: str) -> Screens:  # noqa: PLR0911  # a rule for each button
        """What is asked in passing, by a button: nothing moves, whatever session it is of."""
        if action == "compare":
            return self.compare([SIDES[code] for code in words])
        if action == "terms":
            return ("terms", "")
        name, language = CODES.get("".join(words[:1]), ""), (*words, self.language, self.language)[1]
        if action == "know":
            return self.tell(name, language)
        if action == "sources":
            return [("sources", asked(name, language)), self.again()]  # type: ignore[arg-type]
        if action == "tell":
            return self.notes("tell-noted")
        if action in ("person", "human"):
            return self.note(asked(name, language) if name else "", language)  # type: ignore[arg-type]
        self.notes("thanks-opinion", language=language)
        return self.says("unhelpful-more", language) if action == "unhelpful" else None

    def tell(self, name: str, language: str) -> list[Screen]:
        self.about = name
        return [("answer", f"{name}:{language}"), self.again()]

    def says(self, phrase: str, language: str) -> Screen:
        self.above = WORDINGS[phrase] + TAGS[language]  # type: ignore[index]
        return self.again()

    def whole(self, phrase: str) -> Screen:
        """The advice itself, under a phrase."""
        self.says(phrase, self.language)
        return self.where()

    def note(self, text: str, language: str) -> Screen:
        self.asked = (text, "person")
        return self.says("person-noted", language)

    def compare(self, sides: list[str]) -> Screens:
        if len(sides) < 2:
            return ("choice", str(len(sides)))
        if {"phones", "books"} <= set(sides):
            self.about = "books+phones/difference"
        return [("comparison", str(len(sides))), self.again()]

    def anytime(self, action: str, words: list[str]) -> Screen | None:
        if action == "agree":
            return self.notes("already-noted")
        if action == "speak":
            self.language = words[0]  # type: ignore[assignment]
            return self.opens(self.open.removeprefix("languages:"))
        return self.choose_language() if action == "languages" else self.aside("privacy-text")

    def choose_language(self) -> Screen:
        return self.opens("languages:" + self.open.removeprefix("languages:"))

    def late_press(self, action: str, step: int, words: list[str]) -> Screen | None:
        been, here = way(self.answers)
        same = action == "answer" and self.answers.get(words[0]) == words[1]
        same |= action == "back" and words[0] not in (*been, here)
        return self.notes("already-noted") if same and step == self.step - 1 else self.notes("old-button", self.where())

    def take(self, action: str, words: list[str], fresh: int) -> Screen | None:
        acts: dict[str, Callable[[], Screen | None]] = {
            "answer": lambda: self.answer(*words),
            "back": self.back,
            "start-over": lambda: self.begin(fresh, "".join(words)),
            "restart-yes": lambda: self.begin(fresh, ""),
            "change": lambda: self.opens(f"change:{words[0]}"),
            "why": lambda: self.why(words[0]),
            "recap": lambda: self.opens("recap"),
            "keep": self.closes,
            "restart-no": self.closes,
        }
        return acts.get(action, lambda: self.opens(""))()

    def closes(self) -> Screen | None:
        return self.opens("") if self.open else self.notes("already-noted")

    def why(self, question: str) -> Screen:
        """What is typed next answers the question that was explained."""
        self.opens(f"change:{question}" if question in way(self.answers)[0] else "")
        return ("why", question)

    def answer(self, question: str, option: str) -> Screen:
        been, _ = way(self.answers)
        if question in been and self.answers[question] == option:
            return self.opens("")
        return self.move({**self.answers, question: option})

    def back(self) -> Screen:
        been = way(self.answers)[0]
        if not been:
            return ("first", "work")
        return self.move({question: option for question, option in self.answers.items() if question != been[-1]})

    def greet(self, action: str, words: list[str], fresh: int) -> Screen | None:
        if action in ("languages", "privacy"):
            return ("languages", "") if action == "languages" else ("note", "privacy-text")
        if action == "speak" or action != "agree":
            return ("greeting", words[0] if action == "speak" else self.language)
        self.language, self.agreed = words[0], True  # type: ignore[assignment]
        self.begin(fresh, words[1])
        return self.where() if self.answers else self.opens("menu")

    # -- texts and commands

    def say(self, text: str, fresh: int) -> Screens:
        self.leaves()
        if not self.agreed:
            return ("greeting", self.language)
        kind, where = self.where()
        asks, name, language = self.read(text)
        exact = self.words(text) in [self.words(label) for label in self.labels(kind, where)]
        if text.endswith("?") and asks in ("answer", "suggest", "person") and not exact:
            return self.reply(text, asks, name, language)
        named = self.named(text, kind, where) or (self.option_below(text) if kind in LISTS else "")
        if named:
            action, *words = named.split(":")
            anytime = action in ("languages", "privacy", "speak")
            return self.anytime(action, words) if anytime else self.take(action, words, fresh)
        return self.reply(text, asks, name, language)

    def read(self, text: str) -> tuple[str, str, str]:
        """What a text asks: its kind, the entry, the language."""
        if facet := FOLLOWING.get(text):
            name = self.about.split("/")[0] + "/" + facet
            return ("answer", name, "en") if name in ASKED else ("suggest", "", "en")
        if text == AND_THE_OTHER:
            name = "phones/" + self.about.partition("/")[2]
            return "answer", name if name in ASKED else "phones/definition", "fi"
        asks, name, language = TEXTS.get(text, ("not-known" if _may_ask(text) else "not-understood", "", ""))
        return asks, name, language or self.language

    def reply(self, text: str, asks: str, name: str, language: str) -> Screens:
        if asks == "answer":
            return self.tell(name, language)
        if asks == "person":
            return self.note(text, language)
        if asks in ("suggest", "not-known"):
            self.asked = (text, {"not-known": "unknown", "suggest": "suggested"}[asks])
        return [("suggest", ""), self.again()] if asks == "suggest" else self.says(asks, language)

    def option_below(self, text: str) -> str:
        """Under a list, the options of the question count by their words; its other buttons do not."""
        kind, where = self.covered()
        named = "" if text.strip(".").isdecimal() else self.named(text, kind, where)
        return named if named.startswith("answer") and not named.endswith("not-sure") else ""

    def named(self, text: str, kind: str, where: str) -> str:
        """The action that these words name on this screen, "" for none or two."""
        there = self.labels(kind, where)
        if text.strip(".").isdecimal():
            numbered = [action for action in there.values() if kind in LISTS or self.is_option(action)]
            return dict(enumerate(numbered, 1)).get(int(text.strip(".")), "")
        controls = {WORDINGS[name] + TAGS[self.language]: name for name in OTHER_WORDS}
        for label, name in controls.items():
            if label in there and text in OTHER_WORDS[name]:
                return there[label]
        said = self.words(text)
        least = {label: 5 if label in controls else 1 for label in there}
        starts = [label for label in there if self.words(label)[: len(said)] == said and len(text) >= least[label]]
        inside = [label for label in there if label not in controls and _stands_in(said, self.words(label))]
        exact = [label for label in there if self.words(label) == said]
        found = (exact or starts or (inside if len(text) >= 4 else [])) if said else []
        return there[found[0]] if len(found) == 1 else ""

    @staticmethod
    def is_option(action: str) -> bool:
        return action.startswith("answer") and not action.endswith("not-sure")

    @staticmethod
    def words(text: str) -> tuple[str, ...]:
        return tuple(re.findall(r"\w+", text.lower()))

    def labels(self, kind: str, where: str) -> dict[str, str]:
        """What can be typed on this screen, and what it does."""
        tag = TAGS[self.language]
        if kind in ("question", "changing"):
            answers = {self.label(option): f"answer:{where}:{option}" for option in GOTO[where]}
            why = {WORDINGS["why"] + tag: f"why:{where}"}
            if kind == "changing":
                return answers | why | {WORDINGS["keep-answer"] + tag: "keep", WORDINGS["back"] + tag: "keep"}
            return answers | why | {WORDINGS["back"] + tag: "back"}
        if kind == "languages":
            return {name: f"speak:{language}" for language, name in SPOKEN.items()}
        asked = {"recap": way(self.answers)[0], "advice": self.helpful()}.get(kind, [])
        changes = {question.capitalize() + tag: f"change:{question}" for question in asked}
        topic = self.open.partition(":")[2]
        named = {
            "menu": {"find": "find", "language": "languages", "privacy": "privacy"},
            "recap": {"go-on": "go-on"},
            "recap-empty": {"find": "find"},
            "restart": {"restart-yes": "restart-yes", "restart-no": "restart-no"},
            "welcome-back": {"go-on": "go-on", "start-over": f"start-over:{topic}"},
            "advice": {"recap-button": "recap", "start-over": "start-over", "back": "back"},
        }[kind]
        return changes | {WORDINGS[phrase] + tag: action for phrase, action in named.items()}

    def label(self, option: str) -> str:
        if option in ("they", "we"):
            return CALLS[option == "we"].to(self.language)
        return ENGLISH[option] + TAGS[self.language]

    def command(self, name: str, argument: str) -> Screens:
        if name in RIGHTS:
            return self.right(name, self.session)
        if name == "cancel" and self.open.startswith("forget:"):
            self.leaves()
            return self.says("forget-not", self.language) if self.where()[0] != "advice" else self.whole("forget-not")
        self.leaves()
        if name in NOTES and (self.agreed or name in ("help", "settings", "privacy")):
            return self.aside(NOTES[name])
        if not self.agreed:
            return ("languages", "") if name == "language" else ("greeting", self.language)
        answered = bool(way(self.answers)[0])
        acts: dict[str, Callable[[], Screens]] = {
            "terms": lambda: ("terms", ""),
            "compare": lambda: self.compare(COMPARED.get(argument, [])),
            "answers": lambda: self.opens("recap"),
            "language": self.choose_language,
            "cancel": lambda: self.aside("nothing-to-cancel") if self.open in ("", "menu") else self.opens(""),
            "restart": lambda: self.opens("restart" if answered else ""),
            "start": lambda: self.start(argument if argument in TOPICS else "", answered),
        }
        return acts[name]()

    def start(self, topic: str, answered: bool) -> Screen:
        if answered:
            return self.opens(f"welcome-back:{topic}")
        return self.move(dict(TOPICS[topic])) if topic else self.opens("menu")

    def send(self) -> Screen | None:
        self.leaves()
        if not self.agreed:
            return ("greeting", self.language)
        return None if self.mute else ("note", "text-only")

    def late(self, first: bool) -> Screen | None:
        self.leaves()
        if not first:
            return None
        return self.where() if self.agreed else ("greeting", self.language)


def _stands_in(said: tuple[str, ...], label: tuple[str, ...]) -> bool:
    return any(label[place : place + len(said)] == said for place in range(len(label)))


def _read(data: str) -> tuple[str, int, int, list[str]]:
    action, session, step, *words = data.split(":")
    return action, int(session, 36), int(step, 36), words


def screen_of(reply: Reply, language: Language) -> Screen:
    """What a reply is, told from its buttons; of a note, the phrase or the first word."""
    words, data = read_html(reply.text), [_read(button.press.data()) for button in buttons_of(reply)]
    actions = {action for action, *_ in data}
    if beside := _beside(words, data, actions):
        return beside
    question = next((words[0] for action, *_, words in data if action == "answer"), "")
    changes = [words[0] for action, *_, words in data if action == "change"]
    if question:
        return (_question(words, actions), question)
    if {"recap", "start-over"} <= actions:
        above = WORDINGS["advice-above"] in words
        return ("advice-above" if above else "advice", " ".join([*([] if above else [_advice(words)]), *changes]))
    kinds = {"agree": "greeting", "speak": "languages", "restart-yes": "restart", "start-over": "welcome-back",
             "change": "recap"}  # fmt: skip
    for action, kind in kinds.items():
        if action in actions:
            return (kind, language if kind == "greeting" else "")
    if "find" in actions:
        return ("menu" if "privacy" in actions else "recap-empty", "")
    return ("aside" if "go-on" in actions else "note", _note(words))


def _may_ask(text: str) -> bool:
    """Not without a letter; nor a letter by itself, nor a little word that every list has."""
    letters = re.findall("[^\\W\\d_]", text)
    is_little = len(text.split()) == 1 and (len(letters) == 1 or text == "what")
    return bool(letters) and (not is_little or text.endswith("?"))


def _beside(words: str, data: list[tuple[str, int, int, list[str]]], actions: set[str]) -> Screen | None:
    """What is said beside what waits."""
    if "helpful" in actions:
        code, language = next(words for action, *_, words in data if action == "helpful")
        return ("answer", f"{CODES[code]}:{language}")
    if WORDINGS["sources-heading"] in words:
        return ("sources", words.splitlines()[0])
    if " – " in words:
        return ("comparison", str(words.splitlines()[0].count(" – ") + 1))
    if "compare" in actions:
        return ("choice", str(len(next(words for action, *_, words in data if action == "compare")) - 1))
    if {"know", "person"} == actions:
        return ("suggest", "")
    return ("terms", "") if actions in ({"know"}, {"know", "go-on"}) else None


def _question(words: str, actions: set[str]) -> str:
    if words.startswith(WORDINGS["first-question"]):
        return "first"
    if "why" not in actions:
        assert "We ask about" in words
        return "why"
    return "changing" if "keep" in actions else "question"


def _advice(words: str) -> str:
    known = ["Nothing fits all your answers.", "Your answers are not enough to advise you."]
    known += [f"Our advice: {name}" for name in NAMES.values()]
    return next(each for each in known if each in words)


def _note(words: str) -> str:
    begins = {WORDINGS[name].split("{")[0]: name for name in ("text-only", "nothing-to-cancel", *NOTES.values())}
    first = re.match(r"\w+", words)
    return next((name for begin, name in begins.items() if words.startswith(begin)), first[0] if first else "")


# -- the walk

EXACT = [*ENGLISH.values(), *(label.to(language) for label in CALLS for language in LANGUAGES)]
TYPED = [label + TAGS[language] for label in EXACT for language in LANGUAGES if label not in ("Yes", "No")]
TYPED += [WORDINGS[name] + TAGS[language]
          for name in ("find", "back", "why", "keep-answer", "restart-yes", "restart-no", "go-on", "start-over",
                       "recap-button", "not-sure") for language in LANGUAGES]  # fmt: skip
TYPED += ["1", "2", "3", "4", "99", "", "\u200b", "qwzx", "<b>&", "{n}", "🙂", "x" * 5000, "Yes", "No", "no"]
TYPED += [*SPOKEN.values(), *(words for other in OTHER_WORDS.values() for words in other)]
TYPED += [name.capitalize() + TAGS[language] for name in GOTO for language in LANGUAGES]
TYPED += ["customers", "the books", "all year", "start over", "over", "go on", "sure", "not", "Back", "1.", "2."]
TYPED += [*TEXTS, *FOLLOWING, AND_THE_OTHER, "what", "the books?", "3.", "?!", "qwzx?"]
COMPARED = {"": [], "bookkeeper": ["books"], "call center, BOOKKEEPERS": ["phones", "books"], "qwzx": []}
GARBAGE = [
    "", ":", "answer", "answer:1", "answer:::", "history:1:0", "answer:1:0:work:customers", "keep:zz:0", "x:1:2",
    "know:1:0", "know:1:0:zzzzzzzz:en", "sources:0:0:", "helpful:0:0:zzzzzzzz", "unhelpful:0:0:zz",
    "compare:0:0:zzzzzzzz",
    "agree:0:0:xx::2026-01-01", "speak:0:0:de", "why:1:0:secret", "change:1:0:secret", "restart-yes:zzzzzz:0", "\ud800",
]  # fmt: skip


class Talk(RuleBasedStateMachine):
    """One owner, the engine and the model, side by side."""

    @initialize(language=st.sampled_from(LANGUAGES), agrees=st.sampled_from([True, True, True, False]))
    def comes(self, language: Language, agrees: bool) -> None:
        self.session, self.model = Session(language), Model(language)
        self.seen: list[str] = []
        self.newest: list[str] = []
        self.fresh = 0
        if agrees:
            self.commands("start", "")
            self.press(self.newest[0])

    @rule(place=st.integers(0, 9), times=st.sampled_from([1, 1, 1, 2]))
    def taps_what_is_newest(self, place: int, times: int) -> None:
        """Whatever stands on the newest screen is accepted; a second tap of it is judged by the model."""
        if self.newest:
            data = self.newest[place % len(self.newest)]
            turn = self.press(data)
            kind = ("thanks-opinion", "tell-noted", "forget-not")
            toasts = (WORDINGS[phrase] + tag for phrase in kind for tag in TAGS.values())
            assert turn.toast in ("", *toasts)
            for _ in range(times - 1):
                self.press(data)

    @rule(then=st.sampled_from(["forget-yes", "forget-yes", "forget-no", "mydata", "forget"]))
    def asks_to_be_forgotten(self, then: str) -> None:
        self.commands("forget", "")
        if self.model.session:
            self.press(f"{then}:{base36(self.model.session)}:{base36(self.model.step)}")

    @rule(step=st.integers(0, 3))
    def forges_the_press_that_deletes(self, step: int) -> None:
        """The question must have been asked, and be the last thing between us."""
        before, is_asked = self.session, self.model.open.startswith("forget:")
        self.press(f"forget-yes:{base36(self.session.id)}:{base36(step)}")
        assert is_asked or (self.session.id, self.session.answers) == (before.id, before.answers)

    @rule(place=st.integers(0, 9))
    def answers(self, place: int) -> None:
        """Mostly, owners answer."""
        answers = [data for data in self.newest if data.startswith(("answer", "agree", "find"))]
        if answers:
            self.press(answers[place % len(answers)])

    @rule(back=st.integers(0, 80))
    def taps_something_old(self, back: int) -> None:
        if self.seen:
            self.press(self.seen[-1 - back % len(self.seen)])

    @rule(text=st.sampled_from(TYPED))
    def says(self, text: str) -> None:
        self.meets(Said(text=text), lambda: self.model.say(text, self.fresh))

    @rule(place=st.integers(0, 9))
    def says_what_the_screen_offers(self, place: int) -> None:
        kind, where = replace(self.model, open=self.model.open.removeprefix("forget:")).where()
        if self.model.agreed:
            labels = list(self.model.labels(kind, where))
            text = labels[place % len(labels)]
            self.meets(Said(text=text), lambda: self.model.say(text, self.fresh))

    @rule(
        name=st.sampled_from(
            ["start", "answers", "language", "restart", "cancel", "cancel", "terms", "compare", *RIGHT, *NOTES]
        ),
        argument=st.sampled_from(["", "", "calls", "lost", "agree", "<b>", *COMPARED]),
    )
    def commands(self, name: str, argument: str) -> None:
        self.meets(Commanded(name=name, argument=argument), lambda: self.model.command(name, argument))

    @rule(place=st.integers(0, 9), option=st.integers(0, 9))
    def changes_an_answer(self, place: int, option: int) -> None:
        self.commands("answers", "")
        changes = [data for data in self.newest if data.startswith("change")]
        if changes:
            self.press(changes[place % len(changes)])
            self.answers(option)

    @rule(what=st.sampled_from(["photo", "photo", "late", "late and not the first"]))
    def sends_a_photo_or_wrote_too_early(self, what: str) -> None:
        if what == "photo":
            self.meets(Sent(what=what), self.model.send)
        else:
            self.meets(Late(what="x", first=what == "late"), lambda: self.model.late(what == "late"))

    @rule(data=st.sampled_from(GARBAGE))
    def forges(self, data: str) -> None:
        """Nothing that the owner could not have done anyway comes of it."""
        before = replace(self.session, texted=False)
        turn = self.take(Pressed(data=data))
        if any(reply.rows for reply in turn.replies):
            self.model.leaves()
        assert replace(turn.session, texted=False) == replace(before, open=self.model.open)
        assert turn.toast or not self.model.agreed
        self.model.mute = False

    # -- side by side

    def press(self, data: str) -> Turn:
        return self.meets(Pressed(data=data), lambda: self.model.press(data, self.fresh))

    def meets(self, event: AnyEvent, expect: Callable[[], Screens]) -> Turn:
        language, model = self.model.language, self.model
        model.toast, model.above, model.asked = "", "", None
        had, was_open = bool(model.session), model.open
        turn = self.take(event)
        found = expect()
        expected = found if isinstance(found, list) else [found] if found else []
        if not any(kind != "note" or name in ("privacy-text", "settings", "forget") for kind, name in expected):
            self.is_still_asked(event, was_open)
        model.mute = isinstance(event, Sent)
        spoken = expected[0][1] if expected and expected[0][0] == "greeting" else language
        screens = [screen_of(reply, spoken) for reply in turn.replies]  # type: ignore[arg-type]
        assert screens == expected, event
        assert turn.recorded == model.agreed
        assert turn.forgets == (had and not model.session)
        assert turn.toast == model.toast
        self.judge(turn)
        return turn

    def is_still_asked(self, event: AnyEvent, before: str) -> None:
        """What shows no other buttons does not leave the question whether to delete."""
        is_about = isinstance(event, Pressed) and event.data.split(":")[0] in RIGHTS
        is_cancelled = isinstance(event, Commanded) and event.name == "cancel"
        if not is_about and not is_cancelled and before.removeprefix("forget:") == self.model.open:
            self.model.open = before

    def judge(self, turn: Turn) -> None:
        """What stands above what waits, and what is kept of a question."""
        words = read_html(turn.replies[-1].text) if turn.replies else ""
        assert words.startswith(self.model.above)
        assert self.model.above or not words.startswith(tuple(WORDINGS[name] for name in ABOVE))
        question = turn.question
        assert (question and (question.text, question.wants)) == self.model.asked

    def take(self, event: AnyEvent) -> Turn:
        """One turn; and the engine is pure: the same again gives the same, and what went in is as it was."""
        self.fresh += 1
        event = replace(event, fresh=self.fresh)
        before = copy.deepcopy({name: getattr(self.session, name) for name in Session.__slots__ if name != "answers"})
        answers = dict(self.session.answers)
        turn = take_turn(KNOWING, self.session, event)
        assert turn == take_turn(KNOWING, self.session, event)
        assert before.items() <= {name: getattr(self.session, name) for name in Session.__slots__}.items()
        assert answers == dict(self.session.answers)
        assert_fits_telegram(turn)
        is_kept = turn.recorded or turn.forgets
        self.session = turn.session if is_kept else replace(self.session, texted=turn.session.texted)
        shown = [button.press.data() for reply in turn.replies for button in buttons_of(reply)]
        left = [] if turn.closes is not None or turn.forgets else self.newest
        self.seen, self.newest = [*self.seen, *shown], shown or left
        return turn

    @invariant()
    def the_session_is_as_the_model_has_it(self) -> None:
        if not hasattr(self, "model"):
            return
        mine, theirs = self.session, self.model
        assert (mine.consent == KNOWING.privacy, mine.id, mine.step) == (theirs.agreed, theirs.session, theirs.step)
        assert dict(mine.answers) == theirs.answers
        assert (mine.language, mine.open, mine.texted) == (theirs.language, theirs.open, theirs.mute)
        assert mine.about == theirs.about


TestTheEngineDoesWhatThePageSays = Talk.TestCase
TestTheEngineDoesWhatThePageSays.settings = settings(
    max_examples=WALKS, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
)
TestTheEngineDoesWhatThePageSays = pytest.mark.timeout(3600)(TestTheEngineDoesWhatThePageSays)
