"""Which of the four languages a text is written in: the one whose lists know most of its words.

The language of the chat counts as a part of a word more: people rarely change it, and short texts say little. Library
detectors see none of the Bulgarian that is typed in Latin letters; the lists do.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.knowledge.folding import LONGEST
from bot.knowledge.lexicon import Found, Lexicon
from bot.knowledge.reading import Word
from bot.languages import Language

OF_CHAT: Final = 0.8
"""What the chat's language counts, in words."""
OF_LETTERS: Final = 1.2
"""What a letter counts that only one of the languages has, in words."""
NO_LETTERS: Final[frozenset[str]] = frozenset()
CYRILLIC: Final = frozenset("абвгдежзийклмнопрстуфхцчшщъьюя")
LETTERS: Final[Mapping[Language, frozenset[str]]] = {"pt": frozenset("ãõçáéíóúâêôà"), "fi": frozenset("äö")}


def recognised(
    text: str, clauses: Sequence[Sequence[Word]], lexicons: Mapping[Language, Lexicon], chat: Language
) -> tuple[Language, Found]:
    """The language of `text`, whose words are `clauses`, and those it knows of them.

    It is the chat's when nothing speaks for another.
    """
    words = {word for clause in clauses for glue, word in clause if not glue}
    letters = frozenset(text[:LONGEST].casefold())
    if not CYRILLIC.isdisjoint(letters):
        return "bg", lexicons["bg"].known(words)
    of_chat = lexicons[chat].known(words)
    if len(of_chat) == len(words):
        return chat, of_chat
    known = {language: lexicon.known(words) for language, lexicon in lexicons.items() if language != chat}
    known[chat] = of_chat
    spoken = _likeliest(known, lexicons, letters, chat)
    return spoken, known[spoken]


def _likeliest(
    known: Mapping[Language, Found], lexicons: Mapping[Language, Lexicon], letters: frozenset[str], chat: Language
) -> Language:
    everywhere = frozenset.intersection(*map(frozenset, known.values()))
    scores = {
        language: sum(lexicons[language].surely(word) for word in found.keys() - everywhere)
        + OF_CHAT * (language == chat)
        + OF_LETTERS * (not LETTERS.get(language, NO_LETTERS).isdisjoint(letters))
        for language, found in known.items()
    }
    return max(scores, key=lambda language: (scores[language], language == chat))
