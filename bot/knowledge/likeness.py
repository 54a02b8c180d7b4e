"""Whether two questions ask the same, though their words differ: a taught answer may answer only its own question.

A text is taken apart into what it asks (`?howlong`), what it is about, and small words that change nothing
(bot.knowledge.grammar). Two texts are the same when every other word of one has its word in the other: inflected
otherwise, misspelt in one place, in another order, but with the same number, place and "not". Whatever is left over
may make it another question, so then we say nothing. `NEAR` is for people to look at: most words are the same.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest, nsmallest
from typing import TYPE_CHECKING, Final, NamedTuple

from rapidfuzz.distance import OSA

from bot.knowledge.endings import apart, latin
from bot.knowledge.folding import LONGEST, folded
from bot.knowledge.grammar import GRAMMARS, NOT, WEAK, Grammar
from bot.knowledge.lexicon import Lexicon
from bot.languages import Language

if TYPE_CHECKING:
    from bot.knowledge.entries import Knowledge
    from bot.knowledge.taught import Taught

SAME: Final = 0.9
"""From here on an answer to one question may answer the other."""
NEAR: Final = 0.6
"""From here on two questions may stand in one group."""
OF_SLIP: Final = 0.05
"""What a slip takes off: with two of them a text is still the same."""
MANY_WORDS: Final = 6
"""Words of a text in which two slips are forgiven; in a shorter one it is one."""
SHORTEST_SLIP: Final = 5
"""Letters of a word that may be misspelt: many short words are a slip from another one."""
SPELT_AS_SPOKEN: Final = 2
"""So much longer it must be in Finnish, where a letter more or less is another word."""
SHORTEST_UNKNOWN: Final = 8
"""Letters of a misspelt word that is none of ours when it is spelt well; and of one with a wrong vowel."""
SHORTEST_STEM: Final = 6
TWO_SLIPS_FROM: Final = 10
VOWELS: Final = frozenset("aeiouy")
KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
LONGEST_ENDING: Final = 7
"""Letters after a colon: an ending, no word."""
LONGEST_TAIL: Final = 3
"""Letters that may hang on the name of a concept."""
LONGEST_NAME: Final = 4
"""Words of a concept's name that are read together: business process outsourcing."""
OF_ASKING: Final = 0.4
OF_LIGHT: Final = 0.5
"""What such words count where words are counted (a number, a place, a thing: 1)."""
ONE_PART_MOVED: Final = 3
RAREST: Final = 3
"""Of so many of its words a question seeks its group: the rarest."""
MOST_TRIED: Final = 40
"""Groups under a word that are looked at."""
MOST_HELD: Final = 4
"""Groups that a text is held against."""
THOUSANDS: Final = re.compile(r"(?<=\d)[.,\u00a0 ](?=\d{3}(?!\d))")
WORD: Final = re.compile(r"(?:(?<=[^\W_])([:\-–‑]))?([^\W_]+|[%€$£+#])")
DIGITS: Final = re.compile(r"\d+")


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


# comparing


def alike(one: Gist, other: Gist) -> float:
    """How much two texts ask the same: from SAME on the same, from NEAR on nearly, 0: nothing in common."""
    if one.language != other.language or not one.words or not other.words:
        return 0.0
    slips = _slips(one, other)
    return max(SAME, 1 - OF_SLIP * slips) if slips is not None else SAME * 0.99 * _shared(one, other)


def same(one: Gist, other: Gist) -> bool:
    """Whether an answer to one may answer the other."""
    return one.language == other.language and _slips(one, other) is not None


def _slips(one: Gist, other: Gist) -> int | None:
    """The slips by which two texts differ that ask the same; None when they do not."""
    if one.key != other.key or not _one_may_say(one.subjects, other.subjects):
        return None
    if not _one_may_say(one.owners, other.owners) or not _tells(one):
        return None
    pairs = _paired(one, other)
    if pairs is None or not _keeps_order(one, other, pairs):
        return None
    slips = sum(word.stem != meant.stem for word, meant in pairs)
    return slips if slips <= (2 if len(pairs) >= MANY_WORDS else 1) else None


def _one_may_say(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether who is meant agrees: "we" may stay unsaid."""
    return one == other or {one, other} == {frozenset(), frozenset("1")}


def _tells(one: Gist) -> bool:
    """Whether a text says by itself what it is about: "how long does it take?" does not."""
    light = GRAMMARS[one.language].light
    return any(word.stem[0] not in "?!#¬@" and word.stem not in light for word in one.words)


Pairs = list[tuple[Word, Word]]


def _paired(one: Gist, other: Gist) -> Pairs | None:
    """Every word of one with its own of the other; None when one has none. Slips come last."""
    free, found = list(other.words), dict[int, Word]()
    for fits in (_is_form_of, _is_slip_of):
        for place, word in enumerate(one.words):
            if place not in found and (meant := next((it for it in free if fits(word, it, one.language)), None)):
                found[place] = meant
                free.remove(meant)
    return None if free else [(word, found[place]) for place, word in enumerate(one.words)]


def _is_form_of(word: Word, other: Word, language: Language) -> bool:
    if word.stem != other.stem or not _agree(word, other):
        return False
    return language != "fi" or not _are_two_names(word.text, other.text)


def _are_two_names(one: str, other: str) -> bool:
    """Finnish words that differ in a vowel before the same ending: tilin, tilan."""
    unlike = [pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]]
    return len(one) == len(other) and len(unlike) == 1 and set(unlike[0]) <= VOWELS


def _agree(word: Word, other: Word) -> bool:
    if word.mark != other.mark and ((word.mark and other.mark) or not {word.mark, other.mark} <= WEAK | {""}):
        return False
    return not apart(word.role, other.role)


def _is_slip_of(word: Word, other: Word, language: Language) -> bool:
    """Whether one of two words is misspelt. Not when both may well be words: a short one is held against ours only."""
    if (word.known and other.known) or not _agree(word, other):
        return False
    shortest = SHORTEST_SLIP + SPELT_AS_SPOKEN * (language == "fi") if word.known or other.known else SHORTEST_UNKNOWN
    if min(len(word.text), len(other.text)) < shortest:
        return False
    if len(word.text) < SHORTEST_UNKNOWN and _is_doubled(*((other, word) if word.known else (word, other))):
        return False
    in_stem = min(len(word.stem), len(other.stem)) >= SHORTEST_STEM and _are_near(word.stem, other.stem)
    return (in_stem or _are_near(word.text, other.text)) and not _are_two_endings(word.text, other.text)


def _is_doubled(word: Word, known: Word) -> bool:
    """Whether a word is one of ours with a letter doubled: a filling is no filing, but an ofice is an office."""
    return any(word.text == known.text[:at] + letter + known.text[at:] for at, letter in enumerate(known.text))


def _are_two_endings(one: str, other: str) -> bool:
    """Whether only the last letter is other, or one more: an employee, an employer."""
    return one[:-1] == other[:-1] or one[:-1] == other or one == other[:-1]


def _are_near(one: str, other: str) -> bool:
    """Whether a finger may have slipped: a letter too many or too few, two swapped, or one hit beside the right one."""
    if one[0] != other[0] or _are_two_endings(one, other):
        return False
    most = 2 if min(len(one), len(other)) >= TWO_SLIPS_FROM else 1
    if OSA.distance(one, other, score_cutoff=most) > most:
        return False
    unlike = [pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]]
    if len(one) != len(other) or len(unlike) != 1:
        return True
    return _are_neighbours(*unlike[0]) or (len(one) >= SHORTEST_UNKNOWN and set(unlike[0]) <= VOWELS)


def _are_neighbours(one: str, other: str) -> bool:
    """Whether two letters lie beside each other on the keyboard."""
    places = [(row, line.find(letter)) for letter in (one, other) for row, line in enumerate(KEYS) if letter in line]
    return len(places) == 2 and abs(places[0][0] - places[1][0]) <= 1 and abs(places[0][1] - places[1][1]) <= 1


def _keeps_order(one: Gist, other: Gist, pairs: Pairs) -> bool:
    """Whether the words come in the same order, or with one part put before another that its own words mark as such.

    What is called and who calls must not change places; what is asked, and how much time it takes, may stand anywhere.
    """
    measures = GRAMMARS[one.language].measures
    fixed = [(word, meant) for word, meant in pairs if word.stem[0] not in "?!¬" and word.stem not in measures]
    order = sorted(fixed, key=lambda pair: other.words.index(pair[1]))
    moved = _breaks([order.index(pair) for pair in fixed])
    if not moved:
        return True
    marked = all((word.mark, word.role) == (meant.mark, meant.role) for word, meant in fixed)
    return moved <= ONE_PART_MOVED and marked and one.subjects == other.subjects


def _breaks(places: Sequence[int]) -> int:
    """How often the order breaks: 0 for the same, ONE_PART_MOVED where one part was put before another."""
    return sum(after != before + 1 for before, after in zip((-1, *places), (*places, len(places)), strict=True))


def _shared(one: Gist, other: Gist) -> float:
    """The share of words that both texts have."""
    light = GRAMMARS[one.language].light
    here, there = ({word.stem: _weight(word, light) for word in text.words} for text in (one, other))
    both = sum(weight for stem, weight in here.items() if stem in there)
    return 2 * both / (sum(here.values()) + sum(there.values()))


def _weight(word: Word, light: frozenset[str]) -> float:
    if word.stem[0] in "?!@":
        return OF_ASKING
    return OF_LIGHT if word.stem in light or word.stem == NOT else 1.0


# one among many


Shelf = Mapping[tuple[frozenset[str], int], Sequence[tuple[frozenset[str], Gist, "Taught"]]]
"""Taught answers, with the stems and the gist of their questions, by what these have in common."""
MOST_UNLIKE: Final = 4
"""Stems by which two slips make two texts differ."""


def shelved(taught: Iterable[tuple[Gist, "Taught"]]) -> Shelf:
    """The taught answers of one language, with the gists of their questions, ready to be looked through."""
    shelf: dict[tuple[frozenset[str], int], list[tuple[frozenset[str], Gist, Taught]]] = defaultdict(list)
    for about, one in taught:
        shelf[about.key].append((about.stems, about, one))
    return shelf


def likest(shelf: Shelf, asked: Gist) -> "Taught | None":
    """The taught answer whose question is the same; of two that are as like, the one approved last."""
    listed, stems = shelf.get(asked.key, ()), asked.stems
    near = ((about, one) for known, about, one in listed if len(known ^ stems) <= MOST_UNLIKE)
    found = [(alike(about, asked), one.approved_at, one.id, one) for about, one in near if same(about, asked)]
    return max(found, key=lambda row: row[:3])[3] if found else None


def groups(gists: Sequence[Gist]) -> list[list[int]]:
    """The places of those that are near to each other, group by group, in the order of the first of each."""
    grouping = _Grouping(gists)
    found: dict[int, list[int]] = {}
    for place in range(len(gists)):
        found.setdefault(grouping.first_of(place), []).append(place)
    return list(found.values())


class _Grouping:
    """Texts that find their groups one by one: a text joins the group whose first text is likest.

    It is held against few: of those that have one of its rarest words, the ones with most of its words.
    """

    def __init__(self, gists: Sequence[Gist]) -> None:
        self._gists = gists
        self._stems = [frozenset((one.language, stem) for stem in one.stems) for one in gists]
        self._counted = Counter(stem for stems in self._stems for stem in stems)
        self._firsts: dict[tuple[Language, str], list[int]] = defaultdict(list)
        self._known: dict[tuple[Language, frozenset[tuple[Language, str]]], int] = {}

    def first_of(self, place: int) -> int:
        """The place of the first text of the group; this one begins a new group when none is near."""
        words = (self._gists[place].language, self._stems[place])
        if words not in self._known:
            self._known[words] = self._nearest(place)
            if self._known[words] == place:
                for stem in self._stems[place]:
                    self._firsts[stem].append(place)
        return self._known[words]

    def _nearest(self, place: int) -> int:
        here = self._gists[place]
        near = max(((alike(self._gists[at], here), -at) for at in self._tried(place)), default=(0.0, 0))
        return -near[1] if near[0] >= NEAR else place

    def _tried(self, place: int) -> list[int]:
        stems = self._stems[place]
        rarest = nsmallest(RAREST, stems, key=lambda stem: (self._counted[stem], stem))
        found = {at for stem in rarest for at in self._firsts[stem][-MOST_TRIED:]}
        return nlargest(MOST_HELD, found, key=lambda at: (len(self._stems[at] & stems), -at))
