"""A small knowledge beside the small dialog: call centers and bookkeepers, and the words to ask about them in.

definition, benefits, drawbacks, cost    of a call center (`phones`)
definition, benefits, cost               of a bookkeeper (`books`)
difference                               of both
"""

from dataclasses import replace

from dialog_words import SMALL, TAGS, text

from bot.dialog.phrases import Content
from bot.knowledge.entries import Cell, Concept, Entry, Facet, Knowledge, Source, cell_of
from bot.knowledge.lexicon import Lexicon
from bot.knowledge.word_list import WordList
from bot.languages import LANGUAGES, Language, Text

ASKED: dict[str, dict[Language, str]] = {
    "phones/definition": {
        "en": "What is a call center?", "pt": "O que é um centro de chamadas?", "bg": "Какво е телефонен център?",
        "fi": "Mikä on puhelinpalvelu?",
    },
    "phones/benefits": {
        "en": "What are the benefits of a call center?", "pt": "Quais as vantagens de um centro de chamadas?",
        "bg": "Какви са ползите от телефонен център?", "fi": "Mitkä ovat puhelinpalvelun hyödyt?",
    },
    "phones/drawbacks": {
        "en": "What are the drawbacks of a call center?", "pt": "Quais as desvantagens de um centro de chamadas?",
        "bg": "Какви са минусите на телефонен център?", "fi": "Mitkä ovat puhelinpalvelun haitat?",
    },
    "phones/cost": {
        "en": "What does a call center cost?", "pt": "Quanto custa um centro de chamadas?",
        "bg": "Колко струва телефонен център?", "fi": "Paljonko puhelinpalvelu maksaa?",
    },
    "books/definition": {
        "en": "What is a bookkeeper?", "pt": "O que é um contabilista?", "bg": "Какво е счетоводител?",
        "fi": "Mikä on kirjanpitäjä?",
    },
    "books/benefits": {
        "en": "What are the benefits of a bookkeeper?", "pt": "Quais as vantagens de um contabilista?",
        "bg": "Какви са ползите от счетоводител?", "fi": "Mitkä ovat kirjanpitäjän hyödyt?",
    },
    "books/cost": {
        "en": "What does a bookkeeper cost?", "pt": "Quanto custa um contabilista?",
        "bg": "Колко струва счетоводител?", "fi": "Paljonko kirjanpitäjä maksaa?",
    },
    "books+phones/difference": {
        "en": "How does a bookkeeper differ from a call center?",
        "pt": "Em que difere um contabilista de um centro de chamadas?",
        "bg": "Каква е разликата между счетоводител и телефонен център?",
        "fi": "Mitä eroa on kirjanpitäjällä ja puhelinpalvelulla?",
    },
}  # fmt: skip
"""The question of every entry."""
ANSWERS = {
    "phones/definition": "People there answer <phones> & mails. All day long.",
    "phones/benefits": "A call center is always there:\n• by day\n• by night",
    "phones/drawbacks": "Strangers speak for you. Some speak badly.",
    "phones/cost": "You pay for each call.",
    "books/definition": "Someone who keeps your books. In order, one hopes.",
    "books/benefits": "You sleep better.",
    "books/cost": "You pay by the month.",
    "books+phones/difference": "One is quiet. The other one rings.",
}
NAMES = {
    "phones": text("call center", "centro de chamadas", "телефонен център", "puhelinpalvelu"),
    "books": text("bookkeeper", "contabilista", "счетоводител", "kirjanpitäjä"),
}

WORDS = (
    WordList(
        "en",
        {"phones": ("call center", "call centers"), "books": ("bookkeeper*", "keeping the books")},
        {
            "benefits": ("benefits",), "drawbacks": ("drawbacks", "downsides"), "cost": ("cost", "costs", "price"),
            "difference": ("differ", "difference", "compared"),
        },
        {"definition": ("what is", "what are")},
        {
            "function": ("a", "an", "the", "of", "does", "do", "how", "from", "please", "you", "me", "to", "and",
                         "what"),
            "follow-up": ("and",), "pronouns": ("its", "their"), "human-talk": ("talk to",), "human-person": ("human",),
            "greeting": ("hello",), "thanks": ("thanks",), "goodbye": ("bye bye",), "wellbeing": ("how are you",),
            "identity": ("are you a robot",), "agreement": ("great",), "insult": ("idiot",),
            "injection": ("ignore previous instructions",),
        },
    ),
    WordList(
        "pt",
        {"phones": ("centro de chamadas",), "books": ("contabilista*",)},
        {
            "benefits": ("vantagens",), "drawbacks": ("desvantagens",), "cost": ("custa", "preço"),
            "difference": ("difere", "diferença"),
        },
        {"definition": ("o que é",)},
        {
            "function": ("um", "de", "em", "que", "o", "quais", "as", "quanto"), "follow-up": ("e",),
            "thanks": ("obrigado",), "human-person": ("humano",), "human-talk": ("falar com",),
        },
    ),
    WordList(
        "bg",
        {"phones": ("телефонен център",), "books": ("счетоводител*",)},
        {
            "benefits": ("ползите",), "drawbacks": ("минусите",), "cost": ("струва", "цена"),
            "difference": ("разликата",),
        },
        {"definition": ("какво е",)},
        {
            "function": ("какви", "са", "от", "на", "колко", "каква", "между", "и", "е"), "follow-up": ("а",),
            "thanks": ("благодаря",), "human-person": ("човек",), "human-talk": ("говоря с",),
        },
    ),
    WordList(
        "fi",
        {"phones": ("puhelinpalvelu*",), "books": ("kirjanpitäjä*",)},
        {
            "benefits": ("hyödyt",), "drawbacks": ("haitat",), "cost": ("maksaa", "hinta"),
            "difference": ("eroa",),
        },
        {"definition": ("mikä on",)},
        {
            "function": ("mitkä", "ovat", "paljonko", "mitä", "on", "ja"), "follow-up": ("entä",),
            "thanks": ("kiitos",), "human-person": ("ihmisen",), "human-talk": ("puhua",),
        },
    ),
)  # fmt: skip


def entry(name: str) -> Entry:
    """One entry; its answer in English with the language behind."""
    concepts, _, facet = name.partition("/")
    cell = cell_of(facet, *concepts.split("+"))  # type: ignore[arg-type]
    question = text(**ASKED[name])
    return Entry(cell, question, text(ANSWERS[name]), ("letter", "general"), (), "2026-11-21")


def knowledge(*without: str) -> Knowledge:
    """The small knowledge; `without`: the names of entries to leave out."""
    entries = [entry(name) for name in ASKED if name not in without]
    english = WORDS[0]
    return Knowledge(
        {name: Concept(name, words) for name, words in NAMES.items()},
        {one.cell: one for one in entries},
        {
            "letter": Source("letter", text("A letter <to> owners"), "fi", text("Some & Sons"), "2015"),
            "general": Source("general", text("Common knowledge"), "", Text("", "", "", ""), ""),
        },
        {words.language: Lexicon(words, english if words is not english else None) for words in WORDS},
    )


KNOWING: Content = replace(SMALL, knowledge=knowledge())
"""The small advisor, who knows something."""


def asked(name: str, language: Language = "en") -> str:
    """The question of an entry."""
    return ASKED[name][language]


def told(name: str, language: Language = "en") -> str:
    """The answer of an entry."""
    return ANSWERS[name] + TAGS[language]


def cell(name: str) -> Cell:
    """The cell of an entry."""
    concepts, _, facet = name.partition("/")
    found: Facet = facet  # type: ignore[assignment]
    return cell_of(found, *concepts.split("+"))


assert set(LANGUAGES) == set(KNOWING.knowledge.lexicons)
