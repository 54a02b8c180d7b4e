"""Answers that admins write and judge on the review pages, by the rules of the staff's group (staff/drafts.py)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

from bot.knowledge.taught import Taught
from bot.languages import Language
from bot.staff import drafts
from bot.staff.moment import Person
from bot.staff.outcome import Outcome
from bot.staff.posts import Tap
from bot.staff.rights import may
from bot.store import taught
from bot.turns.batch import Batch
from bot.turns.keep import Keeper
from bot.turns.looking import Looking

Act = Literal["approve", "refuse"]
Judged = Literal["done", "own", "late", "gone", "forbidden"]
"""What came of it: done; not by the one who wrote it; it was judged before; there is none; not by this person."""
WRITES: Final = "approve"
"""Who may write an answer here is who may approve one: an admin."""


@dataclass(frozen=True, slots=True)
class Written:
    """An answer as it was written, plain. `concept`, `facet`: what it is about, `""` for none."""

    question: str
    answer: str
    language: Language
    concept: str = ""
    facet: str = ""


class Teaching:
    """Writes and judges answers, each in a transaction of its own."""

    def __init__(
        self,
        keeper: Keeper,
        look: Looking,
        fresh: Callable[[], int],
        alone: Callable[[Callable[[Batch], Awaitable[None]]], Awaitable[None]],
    ) -> None:
        """`fresh` numbers a draft; `alone` runs a step and writes what it comes to."""
        self._keeper, self._look, self._fresh, self._alone = keeper, look, fresh, alone

    async def write(self, written: Written, by: int) -> Taught | None:
        """Keep it for another admin to approve; its card stands in the staff's group, where there is one.

        None where this person (a Telegram id) may not. Raises StoreError.
        """
        kept: list[Taught] = []

        async def step(batch: Batch) -> None:
            person = await self._person(batch, by)
            if person and may(person.role, WRITES):
                about = (written.concept, written.facet)
                texts = (written.question, written.answer, written.language)
                outcome = drafts.written(batch.moment, *texts, about, person, self._fresh())
                await self._keep(batch, outcome)
                kept.extend(one for one in (outcome.taught,) if one)

        await self._alone(step)
        return kept[0] if kept else None

    async def judge(self, number: int, act: Act, by: int) -> Judged:
        """Someone approves or refuses the answer of this number. Raises StoreError."""
        judged: list[Judged] = []

        async def step(batch: Batch) -> None:
            judged.append(await self._judge(batch, number, act, await self._person(batch, by)))

        await self._alone(step)
        return judged[0]

    async def _judge(self, batch: Batch, number: int, act: Act, person: Person | None) -> Judged:
        if person is None or not may(person.role, act):
            return "forbidden"
        draft = (await taught.read(self._keeper.database, [number])).get(number)
        if draft is None:
            return "gone"
        outcome = drafts.RULES[act](batch.moment, draft, Tap(act, number), person)
        if outcome.taught is None:
            return "own" if draft.state == "submitted" else "late"
        await self._keep(batch, outcome)
        return "done"

    async def _person(self, batch: Batch, by: int) -> Person | None:
        return (await self._look.people(batch)).get(by)

    async def _keep(self, batch: Batch, outcome: Outcome) -> None:
        posts = outcome.posts if batch.desk.is_staffed else ()
        await self._keeper.outcome(batch, replace(outcome, posts=posts), None, batch.content)
