"""What reaches us from the staff's group, and what time alone brings about."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.dialog.phrases import Content, plain
from bot.dialog.session import Reply
from bot.dialog.view import View, paragraphs
from bot.knowledge.answering import answer
from bot.knowledge.taught import Taught
from bot.staff import alerts, drafts, group
from bot.staff.events import Changed, Corrected, Grew, GroupEvent, InGroup, Tapped
from bot.staff.group import Scene
from bot.staff.handover import Handover
from bot.staff.moment import Known
from bot.staff.outcome import Outcome
from bot.staff.posts import Tap, called, read_tap
from bot.staff.rights import STAFF
from bot.store import handovers, outbox, people, questions, sessions, taught, transcripts
from bot.store.sessions import Chat
from bot.store.statements import Job
from bot.turns.batch import Answer, Batch, Incoming
from bot.turns.keep import Keeper

HIDDEN_NOTICE_MS: Final = 10 * 60 * 1000
TOLD_AT_ONCE: Final = 50
"""Owners who are told of an answer in one tick: it is no hurry, and others wait for the same line."""


class Staffing:
    """Computes what the staff do."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper, self._database = keeper, keeper.database
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

    def moving(self, configured: int, old: int, new: int) -> Job:
        """The group has another id: what waits goes there. Topics of the old one are gone."""
        return (*people.keep_group(configured, new, ()), *outbox.move(old, new), *handovers.forget_topics(old))

    async def _add_event(self, batch: Batch, item: Incoming, event: GroupEvent) -> None:
        known = await self._known(batch, event)
        chat = await self._chat(batch, known.handover)
        content = await self._content(batch, chat)
        view = View(content, chat.session) if chat else None
        outcome = group.taken(Scene(batch.moment, known, event, view))
        self._learn_name(batch, known, event)
        await self._keep(batch, event, outcome, known, chat, content)
        if item.callback:
            batch.answers.append(Answer(item.callback, outcome.toast[:200]))

    def _learn_name(self, batch: Batch, known: Known, event: InGroup) -> None:
        """People with a role are called as they call themselves today."""
        person, name = known.people.get(event.who.id), called(event.who.name)
        if person and person.role in STAFF and name and name != person.name:
            batch.people[person.id] = replace(person, name=name)
            batch.extra.append(people.rename(person.id, name))

    async def _keep(
        self, batch: Batch, event: InGroup, outcome: Outcome, known: Known, chat: Chat | None, content: Content
    ) -> None:
        source = (batch.desk.chat, event.message)
        if chat is not None and (outcome.said or outcome.turn):
            chat = self._told_owner(batch, outcome, chat, source)
        if outcome.noted and known.handover:
            who = event.who
            batch.extra.append(handovers.note(known.handover.id, batch.now, who.id, who.name, outcome.noted))
        if outcome.people:
            batch.extra.append(people.save(outcome.people, event.who.id, batch.now))
            batch.people |= {one.id: one for one in outcome.people}
        await self._keeper.outcome(batch, outcome, chat, content, source)
        if outcome.taught:
            self._next_draft = max(self._next_draft, outcome.taught.id + 1)

    def _told_owner(self, batch: Batch, outcome: Outcome, chat: Chat, source: tuple[int, int]) -> Chat:
        """What the owner gets, in the transcript and in the outbox."""
        chat = self._keeper.lines(batch, chat, self._keeper.said_to_owner(outcome))
        if outcome.turn:
            chat = self._keeper.messages(batch, replace(chat, session=outcome.turn.session), outcome.turn, None, source)
        batch.chats[chat.id] = batch.changed[chat.id] = chat
        return chat

    # -- what an event is about

    async def _known(self, batch: Batch, event: GroupEvent) -> Known:
        tap = read_tap(event.data) if isinstance(event, Tapped) else None
        row, handover, draft = await self._about(batch, event, tap)
        return Known(
            people={**await people.known(self._database), **batch.people},
            handover=handover,
            waiting=await self._open(batch) if _lists(event) else (),
            draft=draft,
            last_answer=await self._last_answer(batch, handover) if _teaches(event) else "",
            row=row,
            fresh=self._next_draft,
        )

    async def _about(
        self, batch: Batch, event: GroupEvent, tap: Tap | None
    ) -> tuple[int, Handover | None, Taught | None]:
        """The owner's row that the event's message became, the handover, and the draft, as far as there are any."""
        if tap and tap.act in drafts.RULES:
            return 0, await self._in_thread(batch, event), await self._draft(batch, tap.about)
        if tap and tap.act in group.OF_HANDOVER:
            return 0, await self._handover(batch, tap.about), None
        if isinstance(event, Corrected):
            return await self._corrected(batch, event)
        if event.reply_to:
            rows, about = await outbox.about(self._database, batch.desk.chat, event.reply_to)
            draft = next((one for one in await self._drafts(batch) if one.card_id in rows), None)
            if about or draft:
                return 0, await self._handover(batch, about), draft
        return 0, await self._in_thread(batch, event), None

    async def _in_thread(self, batch: Batch, event: InGroup) -> Handover | None:
        if not event.thread:
            return None
        chat = await handovers.chat_of_thread(self._database, batch.desk.chat, event.thread)
        return await self._newest(batch, chat) if chat else None

    async def _corrected(self, batch: Batch, event: InGroup) -> tuple[int, Handover | None, None]:
        found = await outbox.brought(self._database, batch.desk.chat, event.message)
        fresh = [
            (one.id, one.chat_id)
            for one in batch.messages
            if (one.source_chat, one.source_message) == (batch.desk.chat, event.message) and one.edits_row is None
        ]
        row, chat = fresh[0] if fresh else found or (0, 0)
        return row, await self._newest(batch, chat) if row else None, None

    async def _newest(self, batch: Batch, chat: int) -> Handover | None:
        if chat not in batch.newest:
            batch.newest |= await handovers.newest(self._database, [chat])
        return batch.newest.get(chat)

    async def _handover(self, batch: Batch, number: int) -> Handover | None:
        if number in batch.handovers:
            return batch.handovers[number]
        stored = await handovers.one(self._database, number) if number else None
        return await self._newest(batch, stored.chat_id) if stored and await self._is_newest(batch, stored) else stored

    async def _is_newest(self, batch: Batch, handover: Handover) -> bool:
        newest = await self._newest(batch, handover.chat_id)
        return newest is not None and newest.id == handover.id

    async def _open(self, batch: Batch) -> tuple[Handover, ...]:
        stored = {one.id: one for one in await handovers.still_open(self._database)}
        return tuple(one for one in {**stored, **batch.handovers}.values() if one.is_open)

    async def _draft(self, batch: Batch, number: int) -> Taught | None:
        return batch.drafts.get(number) or (await taught.read(self._database, [number])).get(number)

    async def _drafts(self, batch: Batch) -> list[Taught]:
        stored = {one.id: one for one in await taught.listed(self._database, 200)}
        return list({**stored, **batch.drafts}.values())

    async def _last_answer(self, batch: Batch, handover: Handover | None) -> str:
        chat = await self._chat(batch, handover)
        if chat is None:
            return ""
        fresh = [one.text for one in batch.lines if one.session_id == chat.session.id and one.who == "staff"]
        return plain(fresh[-1] if fresh else await transcripts.last_said(self._database, chat.session.id, "staff"))

    async def _chat(self, batch: Batch, handover: Handover | None) -> Chat | None:
        if handover is None:
            return None
        if handover.chat_id not in batch.chats:
            batch.chats |= await sessions.load(self._database, [handover.chat_id])
        return batch.chats.get(handover.chat_id)

    async def _content(self, batch: Batch, chat: Chat | None) -> Content:
        if chat is None:
            return batch.content
        content = await self._keeper.contents.of(self._database, chat.dialog_version, batch.content)
        return content or batch.content

    async def tell_lacks(self, batch: Batch, lacks: Sequence[str]) -> None:
        """To every admin, in private: what we lack in the group, and how to mend it."""
        words = batch.moment.words
        told = [words.say(f"staff-lacks-{lack}") for lack in lacks]
        text = paragraphs(words.say("staff-lacks-heading"), *told) if told else words.say("staff-lacks-nothing")
        for person in (await people.known(self._database)).values():
            if person.role == "admin":
                self._keeper.post(batch, person.id, Reply(text))

    # -- time

    async def tick(self, batch: Batch) -> None:
        """Alerts, each once; chats that go back to the bot; owners who wanted to hear of an answer."""
        waiting = await self._open(batch)
        await self._alert(batch, waiting)
        for one in waiting:
            chat = await self._chat(batch, one)
            if chat is not None and alerts.is_forgotten(batch.moment, one):
                content = await self._content(batch, chat)
                outcome = alerts.taken_back(batch.moment, View(content, chat.session), batch.newest.get(chat.id, one))
                chat = self._told_owner(batch, outcome, chat, (0, 0))
                await self._keeper.outcome(batch, outcome, chat, content)
        await self._tell_of_answers(batch)

    async def _alert(self, batch: Batch, waiting: tuple[Handover, ...]) -> None:
        batch.newest |= {one.chat_id: one for one in waiting}
        late = alerts.overdue(batch.moment, waiting)
        if late:
            post = alerts.overdue_post(batch.moment, late)
            await self._keeper.outcome(batch, Outcome(posts=(post,)), None, batch.content)
        told = [replace(one, overdue_told=True) for one in late]
        for one in waiting:
            if alerts.is_silent(batch.moment, one):
                silent, post = alerts.silence_post(batch.moment, one)
                told.append(silent)
                await self._keeper.outcome(batch, Outcome(posts=(post,)), None, batch.content)
        for one in told:
            batch.newest[one.chat_id] = batch.handovers[one.id] = one

    async def _tell_of_answers(self, batch: Batch) -> None:
        """Whoever asked and wanted to hear of it, once the answer exists; not while a person speaks."""
        known = batch.content.knowledge
        if not known.taught:
            return
        for asked in (await questions.waiting_for_answer(self._database))[:TOLD_AT_ONCE]:
            found = known.taught_by_id.get(answer(known, asked.text, asked.language).taught)
            chat = (await sessions.load(self._database, [asked.chat_id])).get(asked.chat_id)
            handover = await self._newest(batch, asked.chat_id)
            if found is None or chat is None or (handover and handover.person_speaks):
                continue
            batch.extra += [questions.answered([asked.id], found.id), questions.told([asked.id], batch.now)]
            chat = batch.chats.get(chat.id, chat)
            turn = group.news(View(await self._content(batch, chat), chat.session), asked.text, found)
            self._told_owner(batch, Outcome(turn), chat, (0, 0))


def _lists(event: GroupEvent) -> bool:
    return getattr(event, "name", "") in ("queue", "mine")


def _teaches(event: GroupEvent) -> bool:
    tap = read_tap(event.data) if isinstance(event, Tapped) else None
    return getattr(event, "name", "") == "teach" or (tap is not None and tap.act == "teach")
