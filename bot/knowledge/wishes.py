"""Whether a text asks for a person of ours, or for what we keep of its writer.

By itself ("a real person"); by a verb that needs one and a person ("talk to someone"); or by "I need" and a person, as
long as no piece of work follows: "I need a person for the phone" is what the bot is asked about, no wish for one of us.
"""

from collections.abc import Sequence
from typing import Final

from bot.knowledge.reading import Reading, Unit

WISHES: Final = frozenset({"human-want", "human-talk", "human-person", "human-phrases"})
AROUND_PERSON: Final = (
    "human-person", "human-beside", "human-who", "function", "context", "greeting", "follow-up", "pronouns", "thanks",
    "agreement",
)  # fmt: skip
"""What may stand beside "an adviser, please"; after the person no `context`, which is a piece of work."""
ASKING: Final = frozenset({"alias", "cue"})
WORK: Final = frozenset({"alias", "cue", "hint", "context", "asks-else", "unknown"})
"""What a person is hired for ("for the phone", "who does payroll"), when it is said after "I need a person"."""
TO_HELP_ME: Final = frozenset({"definition", "benefits", "staffing"})
"""Facets that a wish for one of our people seems to name: "to explain this", "to help", "who"."""


def wants_a_person(text: Reading, parts: Sequence[Reading]) -> bool:
    """Whether some clause asks for a person and does not refuse one. Whoever asks whether we are one is told."""
    if text.says("identity") and not text.says("human-talk", "human-want"):
        return False
    return any(_wants(text, parts, place) for place, part in enumerate(parts) if not _refuses(part))


def _wants(text: Reading, parts: Sequence[Reading], place: int) -> bool:
    part = parts[place]
    if part.says("human-phrases") or not part.says("human-person"):
        return part.says("human-phrases")
    if part.says("human-talk"):
        return True
    if _asks_for_work([*part.units, *_who(parts[place + 1 :])]):
        return False
    return part.says("human-want") or text.only(*AROUND_PERSON)


def _who(rest: Sequence[Reading]) -> Sequence[Unit]:
    """The next clause, if it goes on about the person of the one before, as it must after a comma in some languages."""
    units = rest[0].units if rest else ()
    return units if units and units[0].meaning.kind == "human-who" else ()


def _asks_for_work(units: Sequence[Unit]) -> bool:
    """Whether it is a question of ours that names a person, or a piece of work is for them: "someone to do payroll"."""
    person = next(place for place, unit in enumerate(units) if unit.meaning.kind == "human-person")
    if any(unit.meaning.kind in ASKING for unit in units[:person]):
        return True
    return any(_is_work(unit, after) for after, unit in enumerate(units[person + 1 :]))


def _is_work(unit: Unit, after: int) -> bool:
    """A slip, or a word that we do not know, may belong to the person whom it follows at once."""
    kind, value = unit.meaning
    if kind == "unknown" or (unit.repaired and kind != "context"):
        return kind in WORK and after > 0
    return kind in WORK and value not in TO_HELP_ME


def _refuses(part: Reading) -> bool:
    """Whether a "not" stands right before the wish: "I don't want to talk to a human"."""
    kinds = [unit.meaning.kind for unit in part.units]
    return any(
        kind == "negation" and not WISHES.isdisjoint(kinds[place + 1 : place + 3]) for place, kind in enumerate(kinds)
    )


def wants_own_data(text: Reading, parts: Sequence[Reading]) -> bool:
    """Whether some clause asks for what is kept of its writer, or to be forgotten: by itself ("what do you know about
    me"), or by "delete" and something of one's own. With one of our concepts beside it, it asks about that."""
    return not text.says("alias") and any(map(_asks_for_own_data, parts))


def _asks_for_own_data(part: Reading) -> bool:
    return part.says("own-data-phrases") or (part.says("own-data-do") and part.says("own-data-mine"))
