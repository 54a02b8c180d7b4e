"""Which of the four languages a text is written in: the one whose lists know most of its words.

The language of the chat counts as a part of a word more: people rarely change it, and short texts say little. Library
detectors see none of the Bulgarian that is typed in Latin letters; the lists do.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.knowledge.folding import squeezed
from bot.knowledge.lexicon import Lexicon
from bot.knowledge.reading import Word
from bot.languages import Language

OF_CHAT: Final = 0.9
"""What the chat's language counts, in words."""
OF_LETTERS: Final = 1.2
"""What a letter counts that only one of the languages has, in words."""
LETTERS: Final[Mapping[Language, frozenset[str]]] = {"pt": frozenset("ãõçáéíóúâêôà"), "fi": frozenset("äö")}


def recognised(
    text: str, clauses: Sequence[Sequence[Word]], lexicons: Mapping[Language, Lexicon], chat: Language
) -> Language:
    """The language of `text`, whose words are `clauses`; the chat's when nothing speaks for another."""
    lowered = text.casefold()
    if any("а" <= letter <= "я" for letter in lowered):
        return "bg"
    words = {word.text for clause in clauses for word in clause if not word.glued}
    of_chat = _known(words, lexicons[chat])
    if len(of_chat) == len(words):
        return chat
    known = {language: _known(words, lexicon) for language, lexicon in lexicons.items() if language != chat}
    known[chat] = of_chat
    everywhere = frozenset.intersection(*known.values())
    letters = frozenset(lowered)
    scores = {
        language: len(known[language] - everywhere)
        + OF_CHAT * (language == chat)
        + OF_LETTERS * (not LETTERS.get(language, letters - letters).isdisjoint(letters))
        for language in known
    }
    return max(scores, key=lambda language: (scores[language], language == chat))


def _known(words: set[str], lexicon: Lexicon) -> frozenset[str]:
    bulgarian = lexicon.language == "bg"
    return frozenset(word for word in words if lexicon.patterns(squeezed(word) if bulgarian else word))
