"""The lists of one language, as the lexicon takes them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.knowledge.folding import folded_all
from bot.knowledge.phrases import Meaning
from bot.languages import Language

NO_PHRASES: Final = ("endings", "not-ours", "gaps")


@dataclass(frozen=True, slots=True)
class WordList:
    """The lists of one language: phrases by concept, by facet and by group, as their author wrote them or folded."""

    language: Language
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cues: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hints: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_folded: bool = False

    def phrases(self) -> Iterator[tuple[Meaning, Sequence[str]]]:
        """Every list of phrases, folded, with what they stand for; NO_PHRASES say something of words elsewhere."""
        for kind, lists in (("alias", self.aliases), ("cue", self.cues), ("hint", self.hints)):
            yield from ((Meaning(kind, value), self._folded(phrases)) for value, phrases in lists.items())
        groups = ((group, phrases) for group, phrases in self.groups.items() if group not in NO_PHRASES)
        yield from ((Meaning(group), self._folded(phrases)) for group, phrases in groups)

    def group(self, name: str) -> Sequence[str]:
        """The words of a group, folded."""
        return self._folded(self.groups.get(name, ()))

    def _folded(self, phrases: tuple[str, ...]) -> Sequence[str]:
        return phrases if self.is_folded else [phrase for phrase in folded_all(phrases) if phrase]
