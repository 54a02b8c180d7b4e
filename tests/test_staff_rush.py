"""Many owners at once: the rates hold, nobody is lost, and what somebody waits for goes first."""

import random
from pathlib import Path
from typing import Any

import pytest
from staff_rush import Rush, staff_rush

from bot.chat.waiting import BATCHED_AT_ONCE, PATIENCE_MS, Waiting, is_new_card, is_owners_words
from bot.store.outbox import Message

GROUP = -1_002_000_000_001


async def test_a_rush_of_owners_is_seen_in_time(tmp_path: Path) -> None:
    """40 within 20 seconds of a clock that goes 20 times as fast: the short form of tests/staff_rush.py."""
    rush = Rush(owners=40, seconds=20, talking=4, claims=3, speed=20)
    result = await staff_rush(rush, tmp_path)
    assert not result.judge(), result.report()
    assert len(result.seen) == len(result.waited) == 40
    assert len(result.claims) == 3
    assert len(result.words) == 8
    assert result.posts < 40, "some are told together"


def generated(seed: int) -> list[Message]:
    """What may wait for the group: cards, words, claims and answers of some conversations, as they came."""
    dice = random.Random(seed)
    listed: list[Message] = []
    begun: set[int] = set()
    for number in range(1, dice.randint(2, 120)):
        about = dice.choice([None, *range(1, 40)])
        message = Message(number, GROUP, f"{number}", created_at=number * dice.randint(1, 400), handover_id=about)
        if about is not None:
            message = _one(dice, message, fresh=about not in begun and dice.random() < 0.8)
            begun.add(about)
        listed.append(message)
    return listed


def _one(dice: random.Random, message: Message, *, fresh: bool) -> Message:
    values = {name: getattr(message, name) for name in ("id", "chat_id", "text", "created_at", "handover_id")}
    if fresh:
        return Message(**values, what="card", brief="a line", buttons=[[("Claim", "!claim:1")]])
    kinds: tuple[dict[str, Any], ...] = (
        {"what": "card", "edits_row": 1},
        {"what": "topic", "brief": dice.choice(["open", "closed"])},
        {"source_chat": 7, "source_message": 7},
        {"what": "copy", "source_chat": 7, "source_message": 7},
        {"edits_row": 1},
        {},
    )
    return Message(**values, **dice.choice(kinds))


@pytest.mark.parametrize("seed", range(60))
def test_what_waits_goes_once_and_each_conversation_in_order(seed: int) -> None:
    """Whatever waits, and however much: all of it, nothing twice, no conversation's words before its card."""
    listed, queue, went = generated(seed), Waiting(), []
    for message in listed:
        queue.add(message)
    while queue:
        went += queue.take(5, 30_000)
    assert sorted(one.id for one in went) == [one.id for one in listed]
    for about in {one.handover_id for one in listed}:
        own = [one.id for one in went if one.handover_id == about]
        assert own == sorted(own)


@pytest.mark.parametrize("seed", range(60))
def test_claims_and_edits_go_before_new_cards(seed: int) -> None:
    """And cards that waited long before owners' words; more than a few new ones together, never more than 20."""
    listed, queue, now = generated(seed), Waiting(), 30_000
    for message in listed:
        queue.add(message)
    while queue:
        waiting = list(queue._messages)
        taken = queue.take(5, now)
        first = taken[0]
        urgent = [one for one in waiting if not is_new_card(one) and not is_owners_words(one)]
        assert len(taken) == 1 or all(is_new_card(one) for one in taken)
        assert len(taken) <= BATCHED_AT_ONCE
        if is_new_card(first) and urgent:
            assert any(one.handover_id in {card.handover_id for card in taken} for one in urgent)
        heads = {one.handover_id: one for one in reversed(waiting)}
        late = [one for one in heads.values() if is_new_card(one) and now - one.created_at >= PATIENCE_MS]
        if is_owners_words(first) and late:
            assert any(one.handover_id == first.handover_id for one in urgent)


def test_who_is_attended_to_is_heard_before_who_waits() -> None:
    """Owners' words wait for the staff; where somebody attends, somebody waits for them."""
    queue = Waiting()
    queue.add(Message(1, GROUP, "claimed", what="topic", brief="open", handover_id=2))
    queue.add(Message(2, GROUP, "one who waits", source_message=1, handover_id=1))
    queue.add(Message(3, GROUP, "one who is attended to", source_message=1, handover_id=2))
    assert [queue.take(5)[0].id for _ in range(3)] == [1, 3, 2]


def test_a_private_chat_is_first_come_first_served() -> None:
    """Edits, too."""
    queue = Waiting()
    for number in range(1, 6):
        queue.add(Message(number, 7, "x", edits_row=1 if number % 2 else None))
    assert [queue.take(float("inf"))[0].id for _ in range(5)] == [1, 2, 3, 4, 5]
