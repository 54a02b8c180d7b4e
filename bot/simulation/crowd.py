"""Many simulated owners, batch by batch, through the real turns into the database.

Each batch takes the next act of as many owners as there are room for, each at its own time; so the sessions are spread
over weeks, and still some hundred of them share a transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import heappop, heappush
from random import Random
from typing import Final

from bot.dialog.phrases import Content, Words
from bot.dialog.session import Session
from bot.simulation import habits, helpers
from bot.simulation.helpers import Happens
from bot.simulation.owners import Deed, Owner
from bot.simulation.removal import tidied
from bot.staff.handover import Handover
from bot.staff.moment import Desk
from bot.store import handovers, people, sessions
from bot.store.contents import Contents
from bot.store.database import Database
from bot.store.filters import DAY_MS
from bot.store.handovers import Topic
from bot.store.sessions import SIMULATED_FROM, Chat
from bot.turns import Incoming, Turns

BATCH: Final = 250
FIRST_UPDATE: Final = -SIMULATED_FROM
"""Telegram's own updates are above 0."""
HOURS: Final = (1, 0, 0, 0, 0, 1, 3, 6, 9, 10, 10, 9, 7, 8, 9, 9, 8, 7, 7, 8, 9, 8, 5, 2)
"""How busy each hour of a day is."""
WEEKEND: Final = 0.45


@dataclass(frozen=True, slots=True)
class Plan:
    """`count` owners, by this seed, who began within `days` before `until` (epoch ms)."""

    count: int
    seed: int
    until: int
    days: int = 28


@dataclass(frozen=True, order=True, slots=True)
class _Due:
    """What happens next to an owner; no deed and no event: they decide."""

    at: int
    serial: int
    number: int
    happens: Happens | None = field(default=None, compare=False)


class Crowd:
    """Simulates a plan."""

    def __init__(self, database: Database, content: Content, plan: Plan) -> None:
        self._database, self._content, self._plan = database, content, plan
        self._now = plan.until - plan.days * DAY_MS
        self._turns = Turns(database, Contents(content, lambda _: None), lambda: self._now, "", Desk(helpers.GROUP))
        self._due: list[_Due] = []
        self._serial = 0
        self._owners: dict[int, Owner] = {}
        self._busy: dict[int, int] = {}
        """Until when an owner is with the staff, or waits for them."""
        self._helped: set[int] = set()
        self._update = FIRST_UPDATE

    async def run(self, files: Mapping[str, str], told: Callable[[int], None]) -> None:
        """Simulate all. `told` hears how many owners came to their end since it was told last. Raises StoreError."""
        await tidied(self._database)
        admins = [one.id for one in (await people.known(self._database)).values() if one.role == "admin"]
        await self._turns.begin(files, admins, helpers.PEOPLE)
        await self._invite()
        while self._due:
            before = len(self._owners)
            await self._batch()
            told(before - len(self._owners))
        await tidied(self._database)

    async def _invite(self) -> None:
        """Owners in the order of their coming."""
        random = Random(f"{self._plan.seed}/times")  # noqa: S311  # nothing here is secret
        first = max(await sessions.highest_chat(self._database) + 1, SIMULATED_FROM + 1000)
        times = sorted(self._time(random) for _ in range(self._plan.count))
        for number, at in enumerate(times):
            owner = Owner(number, first + number, str(self._plan.seed), at)
            self._owners[number] = owner
            self._later(number, at)

    def _time(self, random: Random) -> int:
        """A moment of the last weeks at which somebody may begin."""
        while True:
            day = random.randrange(1, self._plan.days)
            hour = random.choices(range(24), HOURS)[0]
            at = (self._plan.until // DAY_MS - day) * DAY_MS + int((hour + random.random()) * DAY_MS / 24)
            if datetime.fromtimestamp(at / 1000, UTC).weekday() < 5 or random.random() < WEEKEND:
                return at

    def _later(self, number: int, at: int, happens: Happens | None = None) -> None:
        self._serial += 1
        heappush(self._due, _Due(at, self._serial, number, happens))

    async def _batch(self) -> None:
        due = self._next_due()
        chats = await sessions.load(self._database, (self._owners[number].chat_id for number in due))
        taken = []
        for number, one in due.items():
            owner, chat = self._owners[number], chats.get(self._owners[number].chat_id)
            item = self._incoming(owner, one, chat)
            if item is not None:
                taken.append(item)
        self._now = max((item.received_at for item in taken), default=self._now)
        await self._turns.take(taken)
        await self._help([self._owners[number] for number in due if number in self._owners])

    def _next_due(self) -> dict[int, _Due]:
        """The next of each of so many owners."""
        due: dict[int, _Due] = {}
        kept: list[_Due] = []
        while self._due and len(due) < BATCH and len(kept) < BATCH:
            one = heappop(self._due)
            if one.number in due:
                kept.append(one)
            elif one.number in self._owners:
                due[one.number] = one
        for one in kept:
            heappush(self._due, one)
        return due

    def _incoming(self, owner: Owner, one: _Due, chat: Chat | None) -> Incoming | None:
        """What reaches the bot; None: the owner left."""
        self._update += 1
        if one.happens and one.happens.in_group:
            return Incoming(self._update, "group", helpers.GROUP, in_group=one.happens.in_group, received_at=one.at)
        if one.happens is None and one.at <= self._busy.get(owner.number, 0):
            self._later(owner.number, self._busy[owner.number] + owner.pause())
            return None
        session = chat.session if chat else Session(owner.language)
        deed = one.happens.deed if one.happens else owner.next(self._content, session)
        if deed is None:
            self._left(owner, one.at, session)
            return None
        if one.happens is None:
            self._later(owner.number, one.at + owner.pause())
        return self._did(owner, deed, one.at)

    def _did(self, owner: Owner, deed: Deed, at: int) -> Incoming:
        return Incoming(
            self._update, "event", owner.chat_id, deed.event, owner.language, label=deed.label, sent_at=at,
            received_at=at, source=self._update, name=owner.name,
        )  # fmt: skip

    async def _help(self, owners: list[Owner]) -> None:
        """To whoever wishes for a person now, the staff come; until they are gone the owner does nothing else."""
        by_chat = {owner.chat_id: owner for owner in owners}
        for handover in (await handovers.newest(self._database, by_chat)).values():
            if handover.is_open and handover.id not in self._helped:
                self._helped.add(handover.id)
                await self._come(by_chat[handover.chat_id], handover)

    async def _come(self, owner: Owner, handover: Handover) -> None:
        thread, words = owner.number + 1, Words(self._content, handover.language)
        topic = Topic(owner.chat_id, helpers.GROUP, thread, owner.name, open=False)
        await self._database.write(handovers.keep_topic(topic))
        for happens in helpers.course(owner, handover, thread, words):
            at = handover.wished_at + happens.after
            self._later(owner.number, at, happens)
            self._busy[owner.number] = max(at, self._busy.get(owner.number, 0))

    def _left(self, owner: Owner, at: int, session: Session) -> None:
        """Some come back another day."""
        back = at + int(owner.random.uniform(0.3, 3) * DAY_MS)
        if session.id and not owner.went and owner.chance(habits.COMES_BACK) and back < self._plan.until:
            owner.went = True
            self._later(owner.number, back)
        else:
            del self._owners[owner.number]
