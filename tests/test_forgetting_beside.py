"""An owner is forgotten beside others, who go on: their numbers are neither left out nor given twice."""

from collections.abc import Iterator

import pytest
from harness.staff import part
from harness.stepped import Call, Stepped

from bot.preview.keyboards import buttons_of

ANA, BEN, CARLA = 7, 8, 9


@pytest.fixture
def bot() -> Iterator[Stepped]:
    """One that three people are at the first question with."""
    bot = Stepped()
    for owner in (ANA, BEN, CARLA):
        bot.telegram.visitors.add_person(f"Owner {owner}", "en", person_id=owner)
        bot.telegram.visitors.say(owner, "/start")
    steps(bot)
    for owner in (ANA, BEN, CARLA):
        press(bot, owner, "agree")
    steps(bot)
    yield bot
    bot.end()


def steps(bot: Stepped) -> list[Call]:
    bot.take(bot.came())
    return bot.deliver()


def press(bot: Stepped, owner: int, label: str) -> None:
    message, data = next(
        (message["message_id"], button["callback_data"])
        for message in bot.telegram.world.chats[owner].newest()
        for button in buttons_of(message)
        if button["callback_data"].startswith(label)
    )
    bot.telegram.visitors.press(owner, message, data)


def test_no_number_is_left_out(bot: Stepped) -> None:
    """The staff who see #1 and then #3 look for #2."""
    bot.telegram.visitors.say(ANA, "/forget")
    steps(bot)
    bot.telegram.visitors.say(BEN, "/human")
    press(bot, ANA, "forget-yes")
    bot.telegram.visitors.say(CARLA, "/human")
    told = steps(bot)
    assert [call.chat for call in told if part("forgotten") in call.words] == [ANA]
    assert bot.rows("SELECT id, chat_id FROM handover ORDER BY id") == [(1, BEN), (2, CARLA)]


def test_no_number_is_given_twice(bot: Stepped) -> None:
    """Not after a restart either: #1 stands in the staff's memory, and a session's number on old buttons."""
    bot.telegram.visitors.say(CARLA, "/human")
    steps(bot)
    sessions = {number for (number,) in bot.rows("SELECT id FROM session")}
    bot.telegram.visitors.say(CARLA, "/forget")
    steps(bot)
    press(bot, CARLA, "forget-yes")
    steps(bot)
    bot.restart()
    bot.telegram.visitors.say(CARLA, "/start")
    bot.telegram.visitors.say(BEN, "/human")
    steps(bot)
    press(bot, CARLA, "agree")
    steps(bot)
    assert bot.rows("SELECT id, chat_id FROM handover") == [(2, BEN)]
    assert bot.rows(f"SELECT id FROM session WHERE chat_id = {CARLA}")[0][0] not in sessions
