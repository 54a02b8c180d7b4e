"""What reaches us from the staff's group."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.dialog.events import Commanded
from bot.dialog.phrases import Content, Words
from bot.dialog.session import Reply
from bot.dialog.view import View, paragraphs
from bot.staff import group
from bot.staff.events import Changed, Grew, GroupEvent, InGroup
from bot.staff.moment import Known
from bot.staff.outcome import Outcome
from bot.staff.posts import called
from bot.staff.rights import STAFF, may
from bot.staff.scene import Scene
from bot.store import handovers, outbox, people, taught
from bot.store.sessions import Chat
from bot.store.statements import Job
from bot.turns.batch import Answer, Batch, Incoming
from bot.turns.keep import Keeper
from bot.turns.looking import Looking

NOTICE_MS: Final = 10 * 60 * 1000


class Staffing:
    """Computes what the staff do."""

    def __init__(self, keeper: Keeper, look: Looking, told_until: Callable[[Batch, Any], int]) -> None:
        """`told_until`: until when a notice to somebody holds."""
        self._keeper, self._database, self._look, self._told_until = keeper, keeper.database, look, told_until
        self._next_draft = 0

    async def begin(self) -> None:
        """Find the ids to go on from."""
        self._next_draft = await taught.newest_id(self._database) + 1

    async def add(self, batch: Batch, item: Incoming, configured: int) -> None:
        """An event in the staff's group. `configured`: its id in the settings."""
        event = item.in_group
        if isinstance(event, Grew):
            batch.extra.append(self.moving(configured, batch.desk.chat, event.into))
            batch.desk = replace(batch.desk, chat=event.into)
        elif event is not None and not isinstance(event, Changed):
            await self._add_event(batch, item, event)
        elif item.callback:
            batch.answers.append(Answer(item.callback))

    async def add_review(self, batch: Batch, item: Incoming) -> bool:
        """`/review` of somebody who may, in private: a link for them alone. Whether it was that; to anybody else it
        is a command like any that we do not know."""
        if not isinstance(item.event, Commanded) or item.event.name != "review":
            return False
        known = await self._look.people(batch)
        person, name = known.get(item.chat_id), called(item.name)
        if person is None or not may(person.role, "review"):
            return False
        if name and name != person.name:
            batch.people = {**known, person.id: replace(person, name=name)}
            batch.extra.append(people.rename(person.id, name))
        chat = batch.chats.get(item.chat_id)
        self._keeper.login(batch, person.id, Words(batch.content, chat.session.language if chat else item.language))
        return True

    def moving(self, configured: int, old: int, new: int) -> Job:
        """The group has another id: what waits goes there. Topics of the old one are gone."""
        return (*people.keep_group(configured, new, ()), *outbox.move(old, new), *handovers.forget_topics(old))

    async def _add_event(self, batch: Batch, item: Incoming, event: GroupEvent) -> None:
        known = await self._look.known(batch, event, self._next_draft)
        chat = await self._look.chat(batch, known.handover)
        content = await self._look.content(batch, chat)
        view = View(content, chat.session) if chat else None
        outcome = self._once(batch, event, group.taken(Scene(batch.moment, known, event, view)))
        self._learn_name(batch, known, event)
        await self._keep(batch, event, outcome, known, chat, content)
        if item.callback:
            batch.answers.append(Answer(item.callback, outcome.toast[:200]))

    def _once(self, batch: Batch, event: InGroup, outcome: Outcome) -> Outcome:
        """A notice to somebody who may not do what they try comes once in a while, however often they try."""
        if not outcome.is_notice:
            return outcome
        key = ("notice", event.who.id)
        if batch.now < self._told_until(batch, key):
            return replace(outcome, posts=())
        batch.told[key] = batch.now + NOTICE_MS
        return outcome

    def _learn_name(self, batch: Batch, known: Known, event: InGroup) -> None:
        """People with a role are called as they call themselves today."""
        person, name = known.people.get(event.who.id), called(event.who.name)
        if person and person.role in STAFF and name and name != person.name:
            batch.people = {**known.people, person.id: replace(person, name=name)}
            batch.extra.append(people.rename(person.id, name))

    async def _keep(
        self, batch: Batch, event: InGroup, outcome: Outcome, known: Known, chat: Chat | None, content: Content
    ) -> None:
        source = (batch.desk.chat, event.message)
        if chat is not None and (outcome.said or outcome.turn):
            chat = self._keeper.told_owner(batch, outcome, chat, source)
        if outcome.noted and known.handover:
            who = event.who
            batch.extra.append(handovers.note(known.handover.id, batch.now, who.id, called(who.name), outcome.noted))
        if outcome.people:
            batch.extra.append(people.save(outcome.people, event.who.id, batch.now))
            batch.people = {**known.people, **{one.id: one for one in outcome.people}}
        await self._keeper.outcome(batch, outcome, chat, content, source)
        if outcome.taught:
            self._next_draft = max(self._next_draft, outcome.taught.id + 1)

    def fresh_draft(self) -> int:
        """The number of the next draft; it is taken by that."""
        self._next_draft += 1
        return self._next_draft - 1

    async def tell_too_many(self, batch: Batch, event: GroupEvent) -> None:
        """To somebody in the group who sent more than is read."""
        scene = Scene(batch.moment, Known(), event)
        told = scene.told(scene.tells("staff-too-many", name=scene.name))
        await self._keeper.outcome(batch, told, None, batch.content)

    async def tell_lacks(self, batch: Batch, lacks: Sequence[str]) -> None:
        """To every admin, in private: what we lack in the group, and how to mend it."""
        words = batch.moment.words
        told = [words.say(f"staff-lacks-{lack}") for lack in lacks]
        text = paragraphs(words.say("staff-lacks-heading"), *told) if told else words.say("staff-lacks-nothing")
        for person in (await self._look.people(batch)).values():
            if person.role == "admin":
                self._keeper.post(batch, person.id, Reply(text))
