"""What time alone brings about: alerts, chats that go back to the bot, owners who wanted to hear of an answer.

Each is a step of its own, with a transaction of its own, so that one that breaks holds up no other.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Final

from bot.dialog.view import View
from bot.knowledge.answering import answer
from bot.staff import alerts, owner
from bot.staff.handover import Handover
from bot.staff.moment import Moment
from bot.staff.outcome import Outcome
from bot.staff.rights import STAFF
from bot.store import questions
from bot.store.questions import Unanswered
from bot.turns.batch import Batch
from bot.turns.keep import Keeper
from bot.turns.looking import Looking

TOLD_AT_ONCE: Final = 50
"""Owners who are told of an answer in one tick: it is no hurry, and others wait for the same line."""

Step = Callable[[Batch], Awaitable[None]]


class Ticking:
    """Finds what is due, and does it."""

    def __init__(self, keeper: Keeper, look: Looking) -> None:
        self._keeper, self._database, self._look = keeper, keeper.database, look
        self.learned = True
        """Whether there may be new answers to questions that owners wanted to hear of."""
        self._news: list[tuple[Unanswered, int]] = []

    def forget(self, chat: int) -> None:
        """This owner wants to hear of nothing any more."""
        self._news = [(one, taught) for one, taught in self._news if one.chat_id != chat]

    async def due(self, batch: Batch) -> list[Step]:
        """What is due now. `batch` is only read under."""
        still_open, people = await self._look.still_open(batch), await self._look.people(batch)
        staff = {one.id for one in people.values() if one.role in STAFF}
        steps: list[Step] = []
        if alerts.overdue(batch.moment, still_open):
            steps.append(self._tell_overdue)
        for one in still_open:
            if one.is_claimed and one.claimed_by not in staff:
                steps.append(partial(self._set_free, one.id))
            elif alerts.is_forgotten(batch.moment, one):
                steps.append(partial(self._take_back, one.id))
            elif alerts.is_silent(batch.moment, one):
                steps.append(partial(self._tell_silence, one.id))
        return steps + await self._news_due(batch)

    async def _tell_overdue(self, batch: Batch) -> None:
        late = alerts.overdue(batch.moment, await self._look.still_open(batch))
        if late:
            await self._post(batch, Outcome(posts=(alerts.overdue_post(batch.moment, late),)))
        for one in late:
            self._changed(batch, replace(one, overdue_told=True))

    async def _tell_silence(self, number: int, batch: Batch) -> None:
        handover = await self._look.handover(batch, number)
        if handover and alerts.is_silent(batch.moment, handover):
            told, post = alerts.silence_post(batch.moment, handover)
            self._changed(batch, told)
            await self._post(batch, Outcome(posts=(post,)))

    async def _take_back(self, number: int, batch: Batch) -> None:
        await self._end(number, batch, alerts.is_forgotten, alerts.taken_back)

    async def _set_free(self, number: int, batch: Batch) -> None:
        """Who has it belongs to the staff no more."""
        await self._end(number, batch, lambda _, one: one.is_claimed, owner.set_free)

    async def _end(
        self,
        number: int,
        batch: Batch,
        still: Callable[[Moment, Handover], bool],
        ends: Callable[[Moment, View, Handover], Outcome],
    ) -> None:
        handover = await self._look.handover(batch, number)
        chat = await self._look.chat(batch, handover)
        if handover is None or chat is None or not still(batch.moment, handover):
            return
        content = await self._look.content(batch, chat)
        outcome = ends(batch.moment, View(content, chat.session), handover)
        chat = self._keeper.told_owner(batch, outcome, chat, (0, 0)) if outcome.turn else chat
        await self._keeper.outcome(batch, outcome, chat, content)

    async def shut_out(self, owner_chat: int, batch: Batch) -> None:
        """An owner whom nothing reaches has nobody to talk to."""
        handover = await self._look.newest(batch, owner_chat)
        chat = await self._look.chat_of(batch, owner_chat)
        if chat and handover and handover.is_open:
            content = await self._look.content(batch, chat)
            await self._keeper.outcome(batch, owner.blocked(batch.moment, handover), chat, content)

    async def _post(self, batch: Batch, outcome: Outcome) -> None:
        await self._keeper.outcome(batch, outcome, None, batch.content)

    @staticmethod
    def _changed(batch: Batch, handover: Handover) -> None:
        batch.newest[handover.chat_id] = batch.handovers[handover.id] = handover

    # -- answers that owners wanted to hear of

    async def _news_due(self, batch: Batch) -> list[Step]:
        """Looked for only after an answer was approved: it takes a reading of every question that waits."""
        known = batch.content.knowledge
        if self.learned:
            self.learned = False
            waiting = await questions.waiting_for_answer(self._database) if known.taught else []
            answered = ((one, answer(known, one.text, one.language).taught) for one in waiting)
            self._news = [(one, taught) for one, taught in answered if taught]
        return [partial(self._tell_news, *one) for one in self._news[:TOLD_AT_ONCE]]

    async def _tell_news(self, asked: Unanswered, taught: int, batch: Batch) -> None:
        """Not while a person speaks: then it is told later."""
        if (asked, taught) not in self._news:
            return  # the owner was forgotten a moment ago
        handover = await self._look.newest(batch, asked.chat_id)
        if handover and handover.person_speaks:
            self._news.append(self._news.pop(self._news.index((asked, taught))))
            return
        self._news.remove((asked, taught))
        found = batch.content.knowledge.taught_by_id.get(taught)
        chat = await self._look.chat_of(batch, asked.chat_id)
        if found is None or chat is None:
            return
        batch.extra += [questions.answered([asked.id], found.id), questions.told([asked.id], batch.now)]
        turn = owner.news(View(await self._look.content(batch, chat), chat.session), asked.text, found)
        self._keeper.told_owner(batch, Outcome(turn), chat, (0, 0))
