"""The rights of owners, step by step: a copy of all that is kept, and to be forgotten, whatever is under way."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from harness.staff import part
from harness.stepped import Call, Stepped

from bot.chat.files import as_json, page
from bot.dialog.phrases import Words
from bot.knowledge.taught import Taught
from bot.languages import LANGUAGES
from bot.preview.cast import PETRA, STAFF_GROUP
from bot.preview.chats import Seat
from bot.store import taught
from bot.store.kept import kept

ANA, BEN = 7, 8
HOUR = 3_600_000


@pytest.fixture
def bot() -> Iterator[Stepped]:
    stepped = Stepped()
    for person, name in ((ANA, "Ana"), (BEN, "Ben")):
        stepped.telegram.visitors.add_person(name, "en", person_id=person)
    yield stepped
    stepped.end()


def said(bot: Stepped, person: int, *texts: str) -> list[Call]:
    """They write; everything is taken and delivered."""
    for text in texts:
        bot.telegram.visitors.say(person, text)
    bot.take(bot.came())
    return bot.deliver()


def button(bot: Stepped, person: int, action: str) -> tuple[int, str]:
    """The newest button of this action, with its message."""
    return next(
        (number, one["callback_data"])
        for number, message in reversed(bot.telegram.world.chats[person].messages.items())
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for one in row
        if one["callback_data"].startswith(f"{action}:")
    )


def pressed(bot: Stepped, person: int, action: str) -> list[Call]:
    """They press it; everything is taken and delivered."""
    bot.telegram.visitors.press(person, *button(bot, person, action))
    bot.take(bot.came())
    return bot.deliver()


def begin(bot: Stepped, person: int) -> None:
    """They agree, and are asked the first question."""
    said(bot, person, "/start")
    pressed(bot, person, "agree")
    pressed(bot, person, "find")


def words(calls: list[Call], chat: int) -> list[str]:
    return [call.words for call in calls if call.chat == chat and call.method.startswith("send") and not call.refused]


def documents(bot: Stepped, person: int) -> dict[str, str]:
    """The files they got, newest of each name."""
    messages = bot.telegram.world.chats[person].messages.values()
    sent = [one["document"] for one in messages if "document" in one]
    return {one["file_name"]: bot.telegram.world.files[one["file_id"]].content.decode() for one in sent}


# -- a copy


def test_mydata_sends_a_page_and_json_with_the_very_words(bot: Stepped) -> None:
    """Both hold what was said; nothing of it stands in the outbox; a second wish within a minute is put off."""
    begin(bot, ANA)
    said(bot, ANA, "Is <b>this</b> kept?")
    said(bot, ANA, "/mydata")
    files = documents(bot, ANA)
    assert sorted(name.rsplit(".")[-1] for name in files) == ["html", "json"]
    shown, data = (next(text for name, text in files.items() if name.endswith(kind)) for kind in ("html", "json"))
    assert "Is &lt;b&gt;this&lt;/b&gt; kept?" in shown
    lines = [row["text"] for row in json.loads(data)["tables"]["transcript"]["rows"]]
    assert "Is <b>this</b> kept?" in lines
    assert bot.rows("SELECT count(*) FROM outbox WHERE what = 'mydata' AND text || brief LIKE '%kept?%'") == [(0,)]
    assert words(said(bot, ANA, "/mydata"), ANA) == [part("mydata-soon")]
    bot.now += 61_000
    assert len(words(said(bot, ANA, "/mydata"), ANA)) == 2


def test_before_consent_mydata_says_that_nothing_is_kept_and_shows_it(bot: Stepped) -> None:
    """What they wrote is in neither file."""
    told = words(said(bot, ANA, "My secret", "/mydata"), ANA)
    assert any(part("mydata-nothing") in one for one in told)
    assert len(documents(bot, ANA)) == 2
    assert not any("My secret" in text for text in documents(bot, ANA).values())


def test_the_page_reads_in_every_language(bot: Stepped) -> None:
    """Each is made, in its own words, with the same lines of the conversation."""
    begin(bot, ANA)
    found = bot.run(kept(bot.database, ANA))
    pages = {language: page(found, Words(bot.content, language), bot.now) for language in LANGUAGES}
    assert len(set(pages.values())) == len(LANGUAGES)
    for language, text in pages.items():
        assert f'<html lang="{language}">' in text
        assert text.count('<li class="') == len(found.rows("transcript"))


def test_what_is_too_much_for_one_file_is_split(bot: Stepped) -> None:
    """Every line is in exactly one part."""
    begin(bot, ANA)
    said(bot, ANA, *(f"Word {number}" for number in range(40)))
    found = bot.run(kept(bot.database, ANA))
    parts = list(found.parts(1_000))
    lines = [line for one in parts for line in one.rows("transcript")]
    assert len(parts) > 5
    assert lines == found.rows("transcript")
    assert sum(len(one.rows("chat")) for one in parts) == 1
    assert max(len(as_json(one, Words(bot.content, "en"), 0)) for one in parts[1:]) < 10_000


# -- to be forgotten


def test_nothing_is_deleted_without_the_press(bot: Stepped) -> None:
    """Neither by the command, nor by its words typed, nor by "no"."""
    begin(bot, ANA)
    said(bot, ANA, "/forget", "Yes, delete everything", "yes")
    pressed(bot, ANA, "forget-no")
    assert bot.rows("SELECT count(*) FROM chat") == [(1,)]


def test_forgetting_is_offered_under_the_privacy_text_and_a_later_message_starts_afresh(bot: Stepped) -> None:
    begin(bot, ANA)
    begin(bot, BEN)
    said(bot, ANA, "/privacy")
    pressed(bot, ANA, "forget")
    told = words(pressed(bot, ANA, "forget-yes"), ANA)
    assert [part("forgotten") in one for one in told] == [True]
    assert bot.rows("SELECT id FROM chat") == [(BEN,)]
    assert bot.rows(f"SELECT count(*) FROM outbox WHERE chat_id = {ANA}") == [(0,)]
    assert part("greeting-consent") in words(said(bot, ANA, "Hello again"), ANA)[0]


def test_a_second_tap_and_a_button_from_before_delete_nothing_of_what_came_after(bot: Stepped) -> None:
    begin(bot, ANA)
    said(bot, ANA, "/forget")
    old = button(bot, ANA, "forget-yes")
    for _ in range(2):
        bot.telegram.visitors.press(ANA, *old)
    bot.take(bot.came())
    assert sum(part("forgotten") in one for one in words(bot.deliver(), ANA)) == 1
    bot.now += HOUR
    begin(bot, ANA)
    bot.telegram.visitors.press(ANA, *old)
    bot.take(bot.came())
    bot.deliver()
    assert bot.rows("SELECT count(*) FROM chat") == [(1,)]


LEAVING = ("Is this kept?", "/help", "/answers", "/cancel", "/mydata now", "/human")
"""What is done after the question; /mydata alone leaves it open."""


@pytest.mark.parametrize("between", LEAVING)
def test_a_press_counts_only_while_its_question_is_the_last_thing_between_us(bot: Stepped, between: str) -> None:
    """Later, or after anything else, the old button asks anew; that question's own button deletes."""
    begin(bot, ANA)
    said(bot, ANA, "/forget")
    old = button(bot, ANA, "forget-yes")
    said(bot, ANA, between)
    bot.now += HOUR
    bot.telegram.visitors.press(ANA, *old)
    bot.take(bot.came())
    told = words(bot.deliver(), ANA)
    stays_open = between.startswith("/mydata")
    assert bot.rows("SELECT count(*) FROM chat") == [(0 if stays_open else 1,)]
    assert [part("forgotten" if stays_open else "forget-sure") in one for one in told] == [True]
    if not stays_open:
        assert part("forgotten") in words(pressed(bot, ANA, "forget-yes"), ANA)[0]


def test_a_forged_press_asks_first(bot: Stepped) -> None:
    """Whoever makes up the button of their own session is asked all the same; that of another session does nothing."""
    begin(bot, ANA)
    message, data = button(bot, ANA, "answer")
    session = data.split(":")[1]
    for forged, told in ((f"forget-yes:{session}:0", 1), ("forget-yes:zzzzz:0", 0), ("forget-yes:0:0", 0)):
        bot.telegram.visitors.press(ANA, message, forged)
        bot.take(bot.came())
        assert sum(part("forget-sure") in one for one in words(bot.deliver(), ANA)) == told
        said(bot, ANA, "/cancel")
    assert bot.rows("SELECT count(*) FROM chat") == [(1,)]


def test_cancelled_it_leaves_what_waited(bot: Stepped) -> None:
    """What was open before is open again: here the answers, to be changed."""
    begin(bot, ANA)
    pressed(bot, ANA, "answer")
    shown = words(said(bot, ANA, "/answers"), ANA)[-1]
    said(bot, ANA, "/forget", "/forget")
    told = words(said(bot, ANA, "/cancel"), ANA)
    assert [part("forget-not") in one and shown in one for one in told] == [True]
    assert bot.rows("SELECT open FROM session") == [("recap",)]


def test_while_a_person_speaks_words_leave_the_question_too(bot: Stepped) -> None:
    """They go to the person; the press after them asks anew."""
    with_a_person(bot)
    said(bot, ANA, "/forget")
    said(bot, ANA, "And one more thing")
    assert part("forget-sure") in words(pressed(bot, ANA, "forget-yes"), ANA)[0]
    assert bot.rows("SELECT count(*) FROM handover") == [(1,)]
    assert part("forgotten-staff") in words(pressed(bot, ANA, "forget-yes"), ANA)[0]


def test_who_does_not_agree_to_new_words_may_be_forgotten(bot: Stepped) -> None:
    """The privacy text changed, and they do not agree to it: the question is asked, a press deletes, nothing they
    wrote meanwhile is kept."""
    begin(bot, ANA)
    with closing(sqlite3.connect(bot.folder / "bot.db", timeout=5)) as connection:
        connection.execute("UPDATE chat SET consent = 'before'")
        connection.commit()
    assert part("greeting-consent") in words(said(bot, ANA, "My secret"), ANA)[0]
    said(bot, ANA, "/forget")
    said(bot, ANA, "My secret")
    assert part("forget-sure") in words(pressed(bot, ANA, "forget-yes"), ANA)[0]
    assert bot.rows("SELECT count(*) FROM wording WHERE text LIKE '%secret%'") == [(0,)]
    assert part("forgotten") in words(pressed(bot, ANA, "forget-yes"), ANA)[0]
    assert bot.rows("SELECT count(*) FROM chat") == [(0,)]


def test_what_came_in_one_batch_with_it_is_taken_in_its_order(bot: Stepped) -> None:
    """Words before it go, too; words after it start afresh; other owners' are taken as ever."""
    begin(bot, ANA)
    begin(bot, BEN)
    said(bot, ANA, "/forget")
    yes = button(bot, ANA, "forget-yes")
    bot.telegram.visitors.say(ANA, "One more secret")
    bot.telegram.visitors.say(BEN, "A question of mine")
    bot.telegram.visitors.say(ANA, "/forget")
    bot.telegram.visitors.press(ANA, *yes)
    bot.telegram.visitors.say(ANA, "/start")
    bot.take(bot.came())
    calls = words(bot.deliver(), ANA)
    assert [part("forgotten") in one for one in calls] == [True, False]
    assert part("greeting-consent") in calls[1]
    assert bot.rows("SELECT count(*) FROM wording WHERE text = 'One more secret'") == [(0,)]
    assert bot.rows("SELECT count(*) FROM wording WHERE text = 'A question of mine'") == [(1,)]
    assert bot.rows("SELECT id FROM chat") == [(BEN,)]


def with_a_person(bot: Stepped, name: str = "Does it suit ZEBRAS?") -> int:
    """Ana asks for one, and Petra claims; gives the topic."""
    begin(bot, ANA)
    said(bot, ANA, f"/human {name}")
    topic = max(bot.group.topics)
    message, data = next(
        (number, one["callback_data"])
        for number, message in bot.group.messages.items()
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for one in row
        if one["callback_data"].startswith("!claim:")
    )
    bot.telegram.visitors.press(PETRA.id, message, data, chat_id=STAFF_GROUP)
    bot.take(bot.came())
    bot.deliver()
    return topic


def in_group(bot: Stepped, mark: str) -> list[Any]:
    return [one for one in bot.group.messages.values() if mark in json.dumps(one)]


def test_while_a_person_speaks_the_files_come_and_forgetting_ends_it(bot: Stepped) -> None:
    """The staff hear that it ended, without a word of hers; their topic of it is gone."""
    topic = with_a_person(bot)
    assert len(words(said(bot, ANA, "/mydata"), ANA)) == 2
    said(bot, ANA, "/forget")
    calls = pressed(bot, ANA, "forget-yes")
    assert topic not in bot.group.topics
    assert not in_group(bot, "ZEBRAS")
    assert any(part("staff-forgot") in one for one in words(calls, STAFF_GROUP))
    assert part("forgotten-staff") in words(calls, ANA)[0]
    assert bot.rows("SELECT count(*) FROM handover") == [(0,)]


def test_what_telegram_does_not_let_us_delete_is_told_to_both_sides(bot: Stepped) -> None:
    """Without the right to delete topics our own words go, and the topic is named by its number alone."""
    topic = with_a_person(bot)
    bot.group.take(Seat(can_delete_messages=False))
    said(bot, ANA, "/forget")
    calls = pressed(bot, ANA, "forget-yes")
    assert bot.group.topics[topic].name == "✅ #1"
    assert not [one for one in in_group(bot, "ZEBRAS") if "text" in one]
    assert part("forgotten-left") in words(calls, ANA)[0]
    assert any(part("staff-forgot-left") in one for one in words(calls, STAFF_GROUP))


def test_copies_older_than_two_days_lose_their_words(bot: Stepped) -> None:
    """Telegram deletes nothing that old in a group without topics, but what is ours can still be changed."""
    bot.group.facts.pop("is_forum", None)
    with_a_person_in_one_thread(bot)
    bot.now += 60 * HOUR
    said(bot, ANA, "/forget")
    calls = pressed(bot, ANA, "forget-yes")
    left = in_group(bot, "ZEBRAS")
    assert not [one for one in left if one["from"]["is_bot"]]
    assert part("forgotten-left") in words(calls, ANA)[0]


def with_a_person_in_one_thread(bot: Stepped) -> None:
    begin(bot, ANA)
    said(bot, ANA, "/human Does it suit ZEBRAS?")
    assert in_group(bot, "ZEBRAS")


def test_a_stop_half_way_loses_nothing_of_it(bot: Stepped) -> None:
    """Deleted and not told yet: after a new start the copies go, and the last word comes, once."""
    topic = with_a_person(bot)
    said(bot, ANA, "/forget")
    bot.telegram.visitors.press(ANA, *button(bot, ANA, "forget-yes"))
    items = bot.came()
    bot.take(items)
    bot.restart()
    bot.take(items, again=True)
    assert part("forgotten") in words(bot.deliver(), ANA)[0]
    assert topic not in bot.group.topics
    assert bot.deliver() == []


def test_nothing_under_way_comes_after_it(bot: Stepped) -> None:
    """What was not delivered yet, to her and about her, never is."""
    begin(bot, ANA)
    said(bot, ANA, "/forget")
    yes = button(bot, ANA, "forget-yes")
    bot.telegram.visitors.say(ANA, "/human Does it suit ZEBRAS?")
    bot.telegram.visitors.say(ANA, "/forget")
    bot.take(bot.came())
    bot.telegram.visitors.press(ANA, *yes)
    bot.take(bot.came())
    calls = bot.deliver()
    assert not in_group(bot, "ZEBRAS")
    assert [part("forgotten") in one for one in words(calls, ANA)] == [True]


def test_an_approved_answer_stays_without_what_tells_whose_question_it_was(bot: Stepped) -> None:
    begin(bot, ANA)
    said(bot, ANA, "/human Does it suit ZEBRAS?")
    for number, state in ((1, "approved"), (2, "draft"), (3, "submitted"), (4, "refused")):
        bot.run(bot.database.write(_taught(number, state)))
    said(bot, ANA, "/forget")
    pressed(bot, ANA, "forget-yes")
    assert bot.rows("SELECT id, handover_id FROM taught") == [(1, 0)]


def _taught(number: int, state: str) -> Any:
    draft = Taught(number, state, "en", "Zebras?", "Yes.", "", "", 1, 2, "P", 0, "", 1, 0, 0, "")
    return taught.save([draft])


def test_before_consent_there_is_nothing_to_delete(bot: Stepped) -> None:
    told = words(said(bot, ANA, "/forget"), ANA)
    assert told == [part("forget-nothing")]
