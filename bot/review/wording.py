"""Whether two texts of the bot say the same of the dialog, whatever its phrases are by now.

A phrase may have been reworded since a session was held, and then nothing is wrong with the session. So an expected
text is made with every phrase blurred: in its place stands a gap, which any words fill, with what the phrase was given
to say (a title, an answer, a name); that must stand there, in whatever order the phrase had it.
"""

import functools
import re
from collections.abc import Iterable
from dataclasses import replace
from string import Formatter
from typing import Final

from bot.dialog.phrases import Content, Phrase
from bot.languages import LANGUAGES, Text

OPEN, NEXT, CLOSE = "\ue000", "\ue001", "\ue002"
ANYTHING: Final = OPEN + CLOSE
"""A gap that any words fill."""
_GAP: Final = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")


@functools.lru_cache(maxsize=8)
def blurred(content: Content) -> Content:
    """The content with a gap in the place of every phrase."""
    return replace(content, phrases={name: _blurred(phrase) for name, phrase in content.phrases.items()})


def _blurred(phrase: Phrase) -> Phrase:
    return Phrase(_gaps(phrase.other), _gaps(phrase.one) if phrase.one else None)


def _gaps(text: Text) -> Text:
    return Text(**{language: _gap(text.to(language)) for language in LANGUAGES})


def _gap(template: str) -> str:
    named = dict.fromkeys(name for _, name, _, _ in Formatter().parse(template) if name)
    return OPEN + NEXT.join(f"{{{name}}}" for name in named) + CLOSE


def _flat(text: str) -> str:
    """A phrase may have been given another phrase to say: a gap inside a gap says no more than the outer one."""
    depth, letters = 0, []
    for letter in text:
        closes, opens = letter == CLOSE, letter == OPEN
        inside = depth > (1 if closes else 0)
        letters.append(NEXT if (opens or closes) and inside else letter)
        depth += opens - closes
    return "".join(letters)


def alike(expected: str, stored: str) -> bool:
    """Whether `stored` is `expected`, its gaps filled."""
    if OPEN not in expected:
        return expected == stored
    first, *rest = _GAP.split(_flat(expected))
    gaps, pieces = rest[::2], rest[1::2]
    if not stored.startswith(first):
        return False
    end = len(stored) - len(pieces[-1])
    place: int | None = len(first)
    for gap, piece in zip(gaps, [*pieces[:-1], ""], strict=True):
        place = _after(stored, place, filter(None, gap.split(NEXT)))
        place = _after(stored, place, (piece,)) if place is not None else None
        if place is None:
            return False
    return place is not None and place <= end and stored.endswith(pieces[-1])


def _after(text: str, start: int | None, words: Iterable[str]) -> int | None:
    """The first place behind all of these words, each of which stands somewhere from `start` on; None: one does not."""
    assert start is not None
    places = [(text.find(word, start), len(word)) for word in words]
    if any(place < 0 for place, _ in places):
        return None
    return max((place + length for place, length in places), default=start)
