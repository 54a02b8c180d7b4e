"""Two of the staff claim the same chat at the same moment, many times over: always one has it, the other hears who.

100 times each way by default. In full, 1,000 times:

    HANDOVER_CLAIMS=1000 .venv/bin/python -m pytest tests/test_handover_claims.py
"""

import asyncio
import os
import random
from collections.abc import Iterator, Sequence

import pytest
from harness.staff import part, said
from harness.stepped import Stepped

from bot.preview.cast import JONAS, PETRA, STAFF_GROUP
from bot.preview.chats import Person
from bot.preview.keyboards import buttons_of
from bot.turns import Answer, AnyAnswer, Incoming

TIMES = int(os.environ.get("HANDOVER_CLAIMS", "100"))
AT_ONCE = 50
"""Owners who wait on one bot; then another bot is begun."""
BOTH = (PETRA, JONAS)

pytestmark = pytest.mark.timeout(3600)


@pytest.fixture
def bots() -> Iterator[list[Stepped]]:
    """Bots, each with so many owners who wait for a person."""
    listed: list[Stepped] = []
    yield listed
    for bot in listed:
        bot.end()


def waiting(bots: list[Stepped], owner: int) -> tuple[Stepped, int, str]:
    """The bot on which this owner waits, and their claim button: message and data."""
    if owner % AT_ONCE == 0:
        bots.append(begun(range(owner + 1, owner + 1 + min(AT_ONCE, TIMES))))
    bot = bots[-1]
    number = f"#{owner % AT_ONCE + 1} "
    message = next(one for one in bot.group.messages.values() if number in one.get("text", "") and buttons_of(one))
    return bot, message["message_id"], buttons_of(message)[-1]["callback_data"]


def begun(owners: Sequence[int]) -> Stepped:
    bot = Stepped()
    for owner in owners:
        bot.telegram.visitors.add_person(f"Owner {owner}", "en", person_id=owner)
        bot.telegram.visitors.say(owner, "/start")
    steps(bot)
    for owner in owners:
        bot.telegram.visitors.press(owner, *first_button(bot, owner))
    steps(bot)
    for owner in owners:
        bot.telegram.visitors.say(owner, "/human")
    steps(bot)
    assert len(bot.group.topics) == len(owners)
    return bot


def first_button(bot: Stepped, owner: int) -> tuple[int, str]:
    message = next(bot.telegram.world.chats[owner].newest())
    return message["message_id"], buttons_of(message)[0]["callback_data"]


def steps(bot: Stepped) -> None:
    bot.take(bot.came())
    bot.deliver()


async def at_once(bot: Stepped, items: Sequence[Incoming]) -> list[AnyAnswer]:
    """Each as a batch of its own, all begun together."""
    batches = await asyncio.gather(*(bot.turns.take([item]) for item in items))
    return [answer for batch in batches for answer in batch]


def judged(bot: Stepped, owner: int, callbacks: dict[str, Person], answers: Sequence[AnyAnswer]) -> str:
    """One winner, who is stored; the loser hears the winner's name; the owner is told once. Gives the winner."""
    toasts = {callbacks[one.callback].first_name: one.toast for one in answers if isinstance(one, Answer)}
    assert len(answers) == len(toasts) == 2
    winners = [name for name, toast in toasts.items() if toast == said("staff-yours")]
    assert len(winners) == 1, toasts
    loser = next(person.first_name for person in BOTH if person.first_name != winners[0])
    assert winners[0] in toasts[loser]
    assert loser not in toasts[loser]
    stored = bot.rows(f"SELECT state, claimed_name FROM handover WHERE chat_id = {owner}")
    assert stored == [("claimed", winners[0])]
    told = [call for call in bot.deliver() if call.chat == owner and call.method == "sendMessage"]
    assert [part("person-joined") in call.words for call in told] == [True]
    return winners[0]


def test_of_two_who_claim_in_one_batch_the_first_has_it(bots: list[Stepped]) -> None:
    """Telegram's order counts, whoever it is."""
    dice = random.Random(1)
    for owner in range(TIMES):
        bot, message, data = waiting(bots, owner)
        order = dice.sample(BOTH, 2)
        for person in order:
            bot.telegram.visitors.press(person.id, message, data, chat_id=STAFF_GROUP)
        items = [item for item in bot.came() if item.callback]
        callbacks = {item.callback: person for item, person in zip(items, order, strict=True)}
        assert judged(bot, owner + 1, callbacks, bot.take(items)) == order[0].first_name


def test_of_two_who_claim_in_two_batches_at_once_one_has_it(bots: list[Stepped]) -> None:
    """Two batches are computed at the same time; in whichever order they are written, there is one winner."""
    dice = random.Random(2)
    winners = set()
    for owner in range(TIMES):
        bot, message, data = waiting(bots, owner)
        order = dice.sample(BOTH, 2)
        for person in order:
            bot.telegram.visitors.press(person.id, message, data, chat_id=STAFF_GROUP)
        items = [item for item in bot.came() if item.callback]
        callbacks = {item.callback: person for item, person in zip(items, order, strict=True)}
        answers = bot.run(at_once(bot, dice.sample(items, 2)))
        winners.add(judged(bot, owner + 1, callbacks, answers))
    assert winners == {person.first_name for person in BOTH}
