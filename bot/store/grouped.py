"""Questions without an answer, those that ask the same together."""

from collections import Counter
from collections.abc import Sequence

from bot.dialog.phrases import harmless
from bot.knowledge.entries import Knowledge
from bot.knowledge.gist import gist
from bot.knowledge.likeness import groups
from bot.store.questions import Unanswered


def by_likeness(asked: Sequence[Unanswered], knowledge: Knowledge) -> list[list[Unanswered]]:
    """These questions in groups, each newest first; the largest first, then the newest."""
    newest_first = sorted(asked, key=lambda one: (-one.asked_at, -one.id))
    places = groups([gist(knowledge, one.text, one.language) for one in newest_first])
    found = [[newest_first[place] for place in group] for group in places]
    return sorted(found, key=lambda group: (-len(group), -group[0].asked_at))


def wording(group: Sequence[Unanswered]) -> str:
    """How most of them asked; of several wordings the one that came first."""
    counted = Counter(words(one) for one in reversed(group))
    return counted.most_common(1)[0][0]


def words(one: Unanswered) -> str:
    """A question on one line, without what steers a screen."""
    return " ".join(harmless(one.text).split()) or "(a button)"
