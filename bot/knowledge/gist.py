"""What a text is about: taken apart, so that another one can be held against it (likeness.py)."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.knowledge.endings import latin
from bot.knowledge.folding import LONGEST, folded
from bot.knowledge.grammar import GRAMMARS, WEAK, Grammar
from bot.knowledge.lexicon import Lexicon
from bot.languages import Language

if TYPE_CHECKING:
    from bot.knowledge.entries import Knowledge

LONGEST_ENDING: Final = 7
"""Letters after a colon: an ending, no word."""
LONGEST_TAIL: Final = 3
"""Letters that may hang on the name of a concept."""
LONGEST_NAME: Final = 4
"""Words of a concept's name that are read together: business process outsourcing."""
THOUSANDS: Final = re.compile(r"(?<=\d)[.,\u00a0 ](?=\d{3}(?!\d))")
WORD: Final = re.compile(r"(?:(?<=[^\W_])([:\-–‑]))?([^\W_]+|[%€$£+#])")


class Word(NamedTuple):
    """A word that counts. `stem` is compared, `text` is searched for slips; `mark`: the preposition before it.

    `role`: what its ending says; `known`: it is a word of ours, so no slip of another.
    """

    stem: str
    text: str = ""
    mark: str = ""
    role: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class Gist:
    """What a text is about. `concepts`: those that its words name; `words`: all that must be in the other text, too.

    `subjects` and `owners`: who does it and whose it is, as far as it is said (1: we, 2: you, 3: they).
    """

    language: Language
    concepts: frozenset[str]
    words: tuple[Word, ...]
    subjects: frozenset[str]
    owners: frozenset[str]

    @property
    def key(self) -> tuple[frozenset[str], int]:
        """What gists that are the same have in common."""
        return self.concepts, len(self.words)

    @property
    def stems(self) -> frozenset[str]:
        """The stems of its words."""
        return frozenset(word.stem for word in self.words)


def gist(knowledge: "Knowledge", text: str, language: Language) -> Gist:
    """What `text` is about."""
    return _Taken(GRAMMARS[language], knowledge.lexicons.get(language), knowledge.own_words(language)).gist(
        words_in(text, language), language
    )


def words_in(text: str, language: Language) -> list[str]:
    """The folded words of a text, without the endings that hang on acronyms (BPO:n); numbers in one piece."""
    found = WORD.findall(folded(THOUSANDS.sub("", text[:LONGEST])))
    kept = [word for glue, word in found if glue != ":" or len(word) > LONGEST_ENDING or word.isdecimal()]
    return [latin(word) for word in kept] if language == "bg" else kept


class _Taken:
    """A text that is taken apart."""

    def __init__(self, grammar: Grammar, lexicon: Lexicon | None, own_words: frozenset[str]) -> None:
        self._grammar, self._lexicon, self._own = grammar, lexicon, own_words
        self._found: list[Word] = []
        self._subjects: set[str] = set()
        self._owners: set[str] = set()
        self._mark = ""

    def gist(self, words: list[str], language: Language) -> Gist:
        place = 0
        while place < len(words):
            place += self._phrase(words, place) or self._name(words, place) or self._word(words[place])
        concepts = frozenset(word.stem for word in self._found if word.stem[0] == "=")
        kept = tuple(self._without_how_can())
        return Gist(language, concepts, kept, frozenset(self._subjects), frozenset(self._owners))

    def _phrase(self, words: list[str], place: int) -> int:
        """The length of a frame, or of a phrase with a meaning, that begins here; 0 for none."""
        grammar = self._grammar
        if words[place] not in grammar.begins:
            return 0
        for size in range(min(grammar.longest, len(words) - place), 0, -1):
            row = tuple(words[place : place + size])
            if row in grammar.frames:
                return size
            if row in grammar.says:
                self._take(*grammar.says[row])
                self._subjects |= {grammar.subjects[word] for word in row if word in grammar.subjects} - {"x"}
                return size
        return 0

    def _name(self, words: list[str], place: int) -> int:
        """The length of a concept's name that begins here; 0 for none."""
        if self._lexicon is None:
            return 0
        most = LONGEST_NAME if begins_name(self._lexicon, words[place]) else 0
        for size in range(1, min(most, len(words) - place) + 1):
            if concept := named(self._lexicon, words[place : place + size], self._grammar.stem):
                self._found.append(Word(f"={concept}", concept, self._marked()))
                return size
        return 0

    def _word(self, word: str) -> int:
        """Takes one word; always 1."""
        grammar = self._grammar
        if person := grammar.subjects.get(word):
            self._subjects.add(person)
        if owner := grammar.owners.get(word):
            self._owners.add(owner)
        if word in grammar.tokens:
            self._take(*grammar.tokens[word])
        elif word in grammar.marks:
            self._mark = self._mark if self._mark not in WEAK | {""} else grammar.marks[word]
        elif not (person or owner or word in grammar.dropped):
            self._found.append(self._content(word))
        return 1

    def _take(self, *names: str) -> None:
        self._found += [Word(name, mark=self._marked() if name[0] == "#" else "") for name in names]

    def _content(self, word: str) -> Word:
        if not word.isalpha():
            return Word(f"#{word}", "", self._marked())
        stem, role = self._grammar.stem(word)
        return Word(stem, word, self._marked(), role, self._knows(word))

    def _knows(self, word: str) -> bool:
        return word in self._own or bool(self._lexicon and self._lexicon.lists(self._lexicon.key(word)))

    def _marked(self) -> str:
        mark, self._mark = self._mark, ""
        return mark

    def _without_how_can(self) -> Iterator[Word]:
        """ "How can I" asks what "how do I" asks."""
        before = ""
        for word in self._found:
            if not (word.stem == "!can" and before == "?how"):
                yield word
            before = word.stem


def begins_name(lexicon: Lexicon, word: str) -> bool:
    """Whether the name of a concept can begin with this word."""
    return not lexicon.aliases.begins.isdisjoint(lexicon.patterns(lexicon.key(word)))


def named(lexicon: Lexicon, words: Sequence[str], stem: Callable[[str], tuple[str, str]]) -> str:
    """The concept that these words name: by one word, or a name in pieces (call center, or its initials); else ""."""
    joined = "".join(words)
    if len(words) == 1:
        concept = _alias(lexicon, joined)
        return concept if concept and _is_all_name(lexicon, concept, stem(joined)[0]) else ""
    if all(len(word) == 1 for word in words):
        return _alias(lexicon, joined)
    initials = "".join(word[0] for word in words) if len(words) > 2 else ""
    if initials.isalpha() and (concept := _alias(lexicon, initials)):
        rows = [lexicon.patterns(lexicon.key(word)) for word in words]
        meaning, size, _ = lexicon.aliases.longest(rows, 0)
        return concept if meaning and meaning.value == concept and size == len(words) else ""
    is_name = len(words) == 2 and joined.isalpha() and not _alias(lexicon, words[0])
    concept = _alias(lexicon, joined) if is_name else ""
    return concept if concept and _is_all_name(lexicon, concept, stem(joined)[0]) else ""


def _is_all_name(lexicon: Lexicon, concept: str, stem: str) -> bool:
    """Whether the name is all that a word holds: a compound may say more (puhelinpalvelumaksu)."""
    shorter = stem[: -LONGEST_TAIL - 1]
    return _alias(lexicon, shorter) != concept


def _alias(lexicon: Lexicon, word: str) -> str:
    patterns = lexicon.patterns(lexicon.key(word))
    meaning = lexicon.aliases.longest([patterns], 0)[0] if patterns else None
    return meaning.value if meaning else ""
