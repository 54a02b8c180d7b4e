"""A stock of sessions of every kind, written through the store, with a plain reading of them to compare with."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.dialog.session import Session
from bot.staff.handover import Handover
from bot.store import contents, handovers, marks, questions, sessions, transcripts
from bot.store.database import Database
from bot.store.questions import Rated
from bot.store.sessions import SIMULATED_FROM, Chat
from bot.store.transcripts import Line

DAY = 24 * 3600 * 1000
NOW = 1_795_305_600_000
"""2026-11-22, noon."""
TEXTS = {
    "en": ("How much do payments cost?", "I need a person, please", "Is that all? Naïve question"),
    "pt": ("Quanto custam as ligações?", "Preciso de alguém à tarde", "É só isso? Não há ninguém no escritório"),
    "bg": ("Колко струват плащанията?", "Искам човек за счетоводството", "Това ли е всичко? Кафе"),
    "fi": ("Paljonko kirjanpito maksaa?", "Tarvitsen ihmisen, kiitos", "Tässäkö kaikki? Yötä päivää"),
}


@dataclass(slots=True)
class Kept:
    """A session as it was written."""

    id: int
    chat: int
    language: str
    begun_at: int
    updated_at: int
    advised: str
    version: str
    stands: str
    said: list[tuple[str, str, str]] = field(default_factory=list)
    rating: int = 0
    handed: bool = False
    helpful: set[bool] = field(default_factory=set)
    flagged: bool = False
    reviewed: bool = False
    labels: set[str] = field(default_factory=set)


async def stocked(database: Database, n: int, seed: int = 1) -> list[Kept]:
    """`n` sessions, written; numbers ascend from 1000."""
    dice = random.Random(seed)
    await database.write((*contents.keep("v1", {"a.yaml": "x: 1\n"}, 0), *contents.keep("v2", {}, 1)))
    kept = [_kept(dice, number) for number in range(1000, 1000 + n)]
    for one in kept:
        await write(database, one, dice)
    return kept


def _kept(dice: random.Random, number: int) -> Kept:
    language = dice.choice(list(TEXTS))
    begun = NOW - dice.choice((30, 10, 3, 1)) * DAY - dice.randrange(DAY)
    chat = SIMULATED_FROM + number if dice.random() < 0.2 else number
    return Kept(
        number, chat, language, begun, min(begun + dice.choice((60_000, 2 * DAY)), NOW - 1000),
        dice.choice(("", "", "kpo", "bpo", "not-enough")), dice.choice(("v1", "v2")), dice.choice(("", "work", "much")),
    )  # fmt: skip


async def write(database: Database, one: Kept, dice: random.Random) -> None:
    """Write this session with its lines and all that is beside it."""
    session = Session(one.language, "x", one.id, advised=one.advised)  # type: ignore[arg-type]  # one of ours
    chat = Chat(one.chat, session, one.version, 5, one.begun_at, stands=one.stands)
    lines = list(_lines(one, dice))
    await database.write((*sessions.save([chat], one.updated_at), *transcripts.add(lines)))
    await _beside(database, one, dice)


def _lines(one: Kept, dice: random.Random) -> Sequence[Line]:
    texts = TEXTS[one.language]
    said = [("owner", "said", dice.choice(texts)), ("owner", "pressed", "payments kirjanpito кафе")]
    said.append(("bot", "reply", "<b>payments</b> плащания"))
    if dice.random() < 0.3:
        said.append(("staff", "said", dice.choice(texts)))
    if dice.random() < 0.3:
        said += [("owner", "commanded", "/start"), ("owner", "commanded", "/compare kpo bpo")]
    if dice.random() < 0.3:
        said.append(("owner", "sent", "photo " + dice.choice(texts)))
    one.said = said
    return [Line(one.id, at, one.begun_at + at, who, kind, text) for at, (who, kind, text) in enumerate(said)]


async def _beside(database: Database, one: Kept, dice: random.Random) -> None:
    jobs: list[Any] = []
    if dice.random() < 0.3:
        one.handed, one.rating = True, dice.choice((0, 1, 4, 5))
        jobs.append(handovers.save([_handover(one)]))
    if dice.random() < 0.3:
        one.helpful = {dice.random() < 0.5}
        rated = [Rated(one.chat, one.id, "kpo/what", one.language, helpful, NOW) for helpful in one.helpful]
        jobs.append(questions.rate(rated))
    if dice.random() < 0.2:
        one.flagged = True
        jobs.append(marks.flag(one.id, flagged=True))
    if dice.random() < 0.2:
        one.reviewed = True
        jobs.append(marks.reviewed(one.id, 5, "Ana", NOW))
    for label in ("odd", "a & b", "no"):
        if dice.random() < 0.2:
            one.labels.add(label)
            jobs.append(marks.label(one.id, label, 5, NOW))
    for job in jobs:
        await database.write(job)


def _handover(one: Kept) -> Handover:
    return Handover(
        one.id, one.chat, one.id, "chat", one.language, "Maria Silva", "", one.begun_at,  # type: ignore[arg-type]
        state="returned", rating=one.rating,
    )  # fmt: skip
