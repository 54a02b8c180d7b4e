"""The pretend Telegram behaves like Telegram, as PTB's own Bot sees it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from preview_bots import keyboard, ptb_bot
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from bot.preview.attachments import KINDS
from bot.preview.chats import Person
from bot.preview.errors import ApiError
from bot.preview.faults import Fault
from bot.preview.pretend import PREVIEW_TOKEN, PretendTelegram, ids_from_clock
from bot.preview.profile import commands_for
from bot.preview.rates import Rates
from bot.preview.request import PretendRequest

NOT_MODIFIED = (
    "Message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


class Clock:
    """Seconds since 1970 that a test turns."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def telegram(clock: Clock) -> PretendTelegram:
    return PretendTelegram(first_id=1_000, clock=clock)


@pytest.fixture
def ana(telegram: PretendTelegram) -> Person:
    return telegram.visitors.add_person("Ana", "pt")


@pytest.fixture
async def bot(telegram: PretendTelegram) -> AsyncIterator[Bot]:
    async with ptb_bot(telegram) as bot:
        yield bot


# -- updates


async def test_a_text_reaches_the_bot_as_telegram_would_send_it(
    telegram: PretendTelegram, bot: Bot, ana: Person
) -> None:
    """User, chat, date and the entities of a command are there."""
    telegram.visitors.say(ana.id, "/start kpo")
    (update,) = await bot.get_updates()
    message = update.message
    assert message is not None
    assert message.from_user is not None
    assert (message.text, message.from_user.language_code, message.chat.type) == ("/start kpo", "pt", "private")
    assert message.parse_entities() == {message.entities[0]: "/start"}
    assert message.date.timestamp() == 1_790_000_000


async def test_an_update_comes_again_until_a_higher_offset_confirms_it(
    telegram: PretendTelegram, bot: Bot, ana: Person
) -> None:
    """The queue is an inbox: only the offset takes something out."""
    first, second = (telegram.visitors.say(ana.id, word)["update_id"] for word in ("one", "two"))
    assert [u.update_id for u in await bot.get_updates()] == [first, second]
    assert [u.update_id for u in await bot.get_updates(limit=1)] == [first]
    assert [u.update_id for u in await bot.get_updates(offset=second)] == [second]
    assert [u.update_id for u in await bot.get_updates(offset=0)] == [second]
    assert await bot.get_updates(offset=second + 1) == ()


async def test_a_negative_offset_forgets_all_but_the_last(telegram: PretendTelegram, bot: Bot, ana: Person) -> None:
    """getUpdates(-1) is how bots skip a backlog."""
    last = [telegram.visitors.say(ana.id, str(n))["update_id"] for n in range(5)][-1]
    assert [u.update_id for u in await bot.get_updates(offset=-1)] == [last]
    assert telegram.world.updates.pending == 1


async def test_a_long_poll_ends_when_something_comes(telegram: PretendTelegram, bot: Bot, ana: Person) -> None:
    """And not before; several acts at once come in one batch."""
    poll = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.05)
    assert not poll.done()
    for word in ("one", "two", "three"):
        telegram.visitors.say(ana.id, word)
    assert len(await poll) == 3


async def test_a_second_poll_ends_the_first_with_a_conflict(telegram: PretendTelegram, bot: Bot) -> None:
    """Two instances of one bot."""
    poll = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.02)
    assert await bot.get_updates(timeout=0) == ()
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await poll


async def test_only_wanted_kinds_come(telegram: PretendTelegram, bot: Bot, ana: Person) -> None:
    """allowed_updates sticks until it is given again."""
    await bot.get_updates(allowed_updates=[Update.CALLBACK_QUERY])
    telegram.visitors.say(ana.id, "hello")
    telegram.visitors.press(ana.id, 5, "x")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None


async def test_updates_die_after_their_time(telegram: PretendTelegram, bot: Bot, ana: Person, clock: Clock) -> None:
    """A press lives 150 seconds, a text a day."""
    telegram.visitors.say(ana.id, "hello")
    telegram.visitors.press(ana.id, 5, "x")
    clock.now += 200
    assert [u.effective_message is not None for u in await bot.get_updates()] == [True]


def test_ids_go_on_after_a_restart(clock: Clock) -> None:
    """A server started a minute later gives higher ids than the earlier one gave."""
    earlier = PretendTelegram(clock=clock)
    person = earlier.visitors.add_person("Ana", person_id=7)
    last = [earlier.visitors.say(person.id, str(n)) for n in range(300)][-1]
    clock.now += 60
    later = PretendTelegram(clock=clock)
    later.visitors.add_person("Ana", person_id=7)
    fresh = later.visitors.say(7, "again")
    assert fresh["update_id"] > last["update_id"]
    assert fresh["message"]["message_id"] > last["message"]["message_id"]
    assert ids_from_clock(clock.now) < 2**31


# -- messages


async def test_html_becomes_text_and_entities(bot: Bot, ana: Person) -> None:
    """Offsets in UTF-16 units, tags nested, entities unescaped."""
    message = await bot.send_message(ana.id, "😀 <b>a <i>b</i></b> &lt;c&gt; <code>d</code>", parse_mode="HTML")
    assert message.text == "😀 a b <c> d"
    assert [(e.type, e.offset, e.length) for e in message.entities] == [
        ("bold", 3, 3),
        ("italic", 5, 1),
        ("code", 11, 1),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<b>x", 'can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", 'unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("a < b", 'unsupported start tag "" at byte offset 2'),
        ("я<h1>x</h1>", 'unsupported start tag "h1" at byte offset 2'),
        ("x</b>", "unexpected end tag at byte offset 1"),
        ("<span>x</span>", 'tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_html_that_telegram_cannot_parse_is_refused(bot: Bot, ana: Person, text: str, reason: str) -> None:
    """With the place, in Telegram's words (PTB capitalises the first letter and so lowers what follows)."""
    with pytest.raises(BadRequest) as caught:
        await bot.send_message(ana.id, text, parse_mode="HTML")
    assert caught.value.message.lower() == f"can't parse entities: {reason}".lower()


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": ""}, "Bad Request: message text is empty"),
        ({"text": "  \n "}, "Bad Request: text must be non-empty"),
        ({"text": "x" * 4097}, "Bad Request: message is too long"),
        ({"text": "😀" * 2049}, "Bad Request: message is too long"),
        ({"text": "x", "chat_id": "5"}, "Bad Request: chat not found"),
        ({"text": "x", "chat_id": ""}, "Bad Request: chat_id is empty"),
        ({"text": "x", "parse_mode": "Wiki"}, "Bad Request: unsupported parse_mode"),
        ({"text": "x", "reply_parameters": '{"message_id": 9}'}, "Bad Request: message to be replied not found"),
        ({"text": "x", "reply_parameters": "[9]"}, "Bad Request: object expected as reply parameters"),
        ({"text": "x", "entities": "[1]"}, "Bad Request: can't parse entities JSON object"),
        ({"text": "x", "reply_markup": "[]"}, "Bad Request: object expected as reply markup"),
        ({"text": "x", "reply_markup": "{"}, "Bad Request: can't parse reply markup JSON object"),
    ],
)
async def test_messages_that_telegram_refuses(
    telegram: PretendTelegram, ana: Person, params: dict[str, str], description: str
) -> None:
    """Nothing is sent, and the reason is Telegram's."""
    with pytest.raises(ApiError) as caught:
        await telegram.call("sendMessage", {"chat_id": str(ana.id), **params})
    assert (caught.value.code, caught.value.description) == (400, description)
    assert not telegram.world.chats[ana.id].messages


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([[InlineKeyboardButton("x", callback_data="я" * 33)]], "Button_data_invalid"),
        ([[InlineKeyboardButton("x", callback_data="")]], "Button_data_invalid"),
        ([[InlineKeyboardButton("x")]], "Text buttons are unallowed in the inline keyboard"),
        ([[InlineKeyboardButton(" ", callback_data="x")]], "non-empty"),
        ([[InlineKeyboardButton("x", callback_data="x", url="https://a.b")]], "exactly one action"),
        ([[InlineKeyboardButton("x", callback_data="x")] * 9], "Reply markup is too long"),
        ([[InlineKeyboardButton("x", callback_data="x")]] * 101, "Reply markup is too long"),
        ([[InlineKeyboardButton("x", url="javascript:alert(1)")]], "is invalid"),
    ],
)
async def test_keyboards_that_telegram_refuses(
    bot: Bot, ana: Person, rows: list[list[InlineKeyboardButton]], reason: str
) -> None:
    """Data over 64 bytes, buttons without one action, too many of them."""
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await bot.send_message(ana.id, "x", reply_markup=InlineKeyboardMarkup(rows))


async def test_an_edit_changes_the_message_and_only_a_change_counts(bot: Bot, ana: Person) -> None:
    """The same edit twice is refused the second time, with the whole sentence."""
    sent = await bot.send_message(ana.id, "Which?", reply_markup=keyboard(("a",)))
    edited = await bot.edit_message_text("Which? a", ana.id, sent.message_id)
    assert isinstance(edited, type(sent))
    assert (edited.text, edited.reply_markup, edited.edit_date is not None) == ("Which? a", None, True)
    for again in (
        bot.edit_message_text("Which? a", ana.id, sent.message_id),
        bot.edit_message_reply_markup(ana.id, sent.message_id),
    ):
        with pytest.raises(BadRequest) as caught:
            await again
        assert caught.value.message == NOT_MODIFIED


async def test_what_cannot_be_edited_or_deleted(telegram: PretendTelegram, bot: Bot, ana: Person, clock: Clock) -> None:
    """Unknown, somebody else's, or too old."""
    theirs = telegram.visitors.say(ana.id, "mine")["message"]["message_id"]
    ours = (await bot.send_message(ana.id, "ours")).message_id
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", ana.id, 5)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", ana.id, theirs)
    assert await bot.delete_message(ana.id, theirs)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(ana.id, theirs)
    clock.now += 49 * 3600
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(ana.id, ours)


async def test_a_query_is_answered_once(telegram: PretendTelegram, bot: Bot, ana: Person) -> None:
    """A second answer, and one to a query that never was, come too late."""
    await bot.send_message(ana.id, "Which?", reply_markup=keyboard(("a", "b")))
    telegram.visitors.tap(ana.id, "b")
    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query is not None
    assert query.data == "b"
    assert query.message is not None
    assert await query.answer("Noted")
    for query_id in (query.id, "12"):
        with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
            await bot.answer_callback_query(query_id)


async def test_two_taps_are_two_queries_and_old_buttons_still_work(
    telegram: PretendTelegram, bot: Bot, ana: Person
) -> None:
    """Nothing but a fresh message takes a button away; a forged or inaccessible one arrives as well."""
    sent = await bot.send_message(ana.id, "Which?", reply_markup=keyboard(("a",)))
    acts = telegram.visitors
    acts.tap(ana.id, "a")
    acts.tap(ana.id, "a")
    acts.press(ana.id, sent.message_id, "forged")
    acts.press(ana.id, sent.message_id, "a", inaccessible=True)
    queries = [update.callback_query for update in await bot.get_updates()]
    assert len({query.id for query in queries if query}) == 4
    assert [query.data for query in queries if query] == ["a", "a", "forged", "a"]
    assert queries[3] is not None
    assert queries[3].message is not None
    assert not queries[3].message.is_accessible


# -- people and groups


async def test_a_blocked_bot_may_not_write(telegram: PretendTelegram, bot: Bot, ana: Person) -> None:
    """403 until it is unblocked; both reach the bot as my_chat_member."""
    telegram.visitors.block(ana.id)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ana.id, "hello?")
    telegram.visitors.unblock(ana.id)
    await bot.send_message(ana.id, "welcome back")
    changes = [u.my_chat_member.new_chat_member.status for u in await bot.get_updates() if u.my_chat_member]
    assert changes == ["kicked", "member"]


@pytest.mark.parametrize("kind", KINDS)
async def test_anything_people_send_is_a_message_that_ptb_can_read(
    telegram: PretendTelegram, bot: Bot, ana: Person, kind: str
) -> None:
    """Photos, voices, places, polls."""
    telegram.visitors.send(ana.id, kind)
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.text is None
    assert getattr(update.message, kind)


async def test_other_ways_to_write(telegram: PretendTelegram, bot: Bot, ana: Person) -> None:
    """Edits, forwards, groups, channels, anonymous admins, inline queries, and updates of any other kind."""
    acts = telegram.visitors
    group = acts.add_group("Staff", {ana.id: "administrator"})
    channel = acts.add_group("News", {}, "channel")
    said = acts.say(ana.id, "x" * 5_000)
    acts.edit(ana.id, said["message"]["message_id"], "shorter")
    acts.forward(ana.id, "wise words", "Somebody")
    acts.say(ana.id, "to all", chat_id=group.id)
    acts.say_anonymously(group.id, "from the group")
    acts.publish(channel.id, "news")
    acts.ask_inline(ana.id, "kpo")
    acts.inject({"mystery": {"a": 1}}, copies=2)
    updates = await bot.get_updates()
    assert updates[0].message is not None
    assert len(updates[0].message.text or "") == 5_000
    assert updates[1].edited_message is not None
    assert updates[1].edited_message.text == "shorter"
    assert updates[2].message is not None
    assert updates[2].message.forward_origin is not None
    assert updates[3].message is not None
    assert updates[3].message.chat.type == "supergroup"
    assert updates[4].message is not None
    assert updates[4].message.sender_chat is not None
    assert updates[5].channel_post is not None
    assert updates[6].inline_query is not None
    assert updates[7].update_id == updates[8].update_id
    member = await bot.get_chat_member(group.id, ana.id)
    assert member.status == "administrator"
    assert (await bot.get_chat(group.id)).title == "Staff"


async def test_a_group_that_became_a_supergroup(telegram: PretendTelegram, bot: Bot, ana: Person) -> None:
    """The old id answers with the new one, which also comes as a service message."""
    group = telegram.visitors.add_group("Staff", {ana.id: "member"}, "group")
    new_id = telegram.visitors.upgrade(group.id)
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group.id, "x")
    assert caught.value.new_chat_id == new_id
    assert (await bot.get_updates())[0].effective_message.migrate_to_chat_id == new_id  # type: ignore[union-attr]
    telegram.visitors.kick(new_id, ana.id)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(new_id, "x")


# -- the bot's profile


async def test_commands_and_texts_are_kept_per_scope_and_language(telegram: PretendTelegram, bot: Bot) -> None:
    """And a person sees the narrowest scope, in their language if it has one."""
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("help", "Help")])
    await bot.set_my_commands([BotCommand("start", "Begin")], scope=scope)
    await bot.set_my_commands([BotCommand("start", "Começar")], scope=scope, language_code="pt")
    assert [c.command for c in await bot.get_my_commands()] == ["help"]
    assert [c.description for c in await bot.get_my_commands(scope=scope, language_code="pt")] == ["Começar"]
    shown = [commands_for(telegram.world, 1, language)[0]["description"] for language in ("pt-BR", "fi", "")]
    assert shown == ["Começar", "Begin", "Begin"]
    await bot.delete_my_commands(scope=scope)
    assert await bot.get_my_commands(scope=scope) == ()
    await bot.set_my_description("Neuvoo.", language_code="fi")
    await bot.set_my_short_description("Lyhyesti.", language_code="fi")
    assert (await bot.get_my_description("fi")).description == "Neuvoo."
    assert (await bot.get_my_description()).description == ""
    assert (await bot.get_my_short_description("fi")).short_description == "Lyhyesti."


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("setMyCommands", {"commands": '[{"command": "Big", "description": "x"}]'}, 400),
        ("setMyCommands", {"commands": '[{"command": "ok", "description": ""}]'}, 400),
        ("setMyCommands", {"commands": "[]", "language_code": "english"}, 400),
        ("setMyDescription", {"description": "x" * 513}, 400),
        ("setMyShortDescription", {"short_description": "x" * 121}, 400),
        ("setWebhook", {"url": "https://example.org/hook"}, 400),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, 400),
        ("sendChatAction", {"chat_id": 1, "action": "typing"}, 400),
        ("sendSomething", {}, 404),
        ("getUpdates", {"allowed_updates": "3"}, 400),
        ("getUpdates", {"offset": "soon"}, 400),
        ("setMyCommands", {"commands": "[]", "scope": '["default"]'}, 400),
        ("setMyCommands", {"commands": "[]", "scope": '{"type": "galaxy"}'}, 400),
    ],
)
async def test_other_refusals(telegram: PretendTelegram, method: str, params: dict[str, object], code: int) -> None:
    """Charset, lengths, unknown chats and methods."""
    with pytest.raises(ApiError) as caught:
        await telegram.call(method, params)
    assert caught.value.code == code


async def test_a_wrong_token_opens_nothing(telegram: PretendTelegram) -> None:
    """401, which PTB calls InvalidToken."""
    stranger = Bot("42:wrong", request=PretendRequest(telegram), get_updates_request=PretendRequest(telegram))
    with pytest.raises(InvalidToken):
        await stranger.get_updates()


# -- accidents


async def test_rates_are_held(telegram: PretendTelegram, bot: Bot, ana: Person, clock: Clock) -> None:
    """After a burst of five, one message a second and chat; the rest is told how long to wait."""
    telegram.limit(Rates())
    for n in range(5):
        await bot.send_message(ana.id, str(n))
    with pytest.raises(RetryAfter):
        await bot.send_message(ana.id, "too fast")
    clock.now += 1
    await bot.send_message(ana.id, "patient")
    group = telegram.visitors.add_group("Staff", {})
    for n in range(20):
        await bot.send_message(group.id, str(n))
        clock.now += 0.1
    with pytest.raises(RetryAfter):
        await bot.send_message(group.id, "21")


async def test_staged_accidents_meet_the_right_call(telegram: PretendTelegram, bot: Bot, ana: Person) -> None:
    """429, a proxy's page, a line cut before and after the effect; then all is well."""
    for fault in (
        Fault("error", retry_after=3, times=1),
        Fault("html", times=1),
        Fault("reset_before", times=1, skip=1),
        Fault("reset_after", times=1, chat_id=ana.id),
    ):
        telegram.faults.stage(fault)
    with pytest.raises(RetryAfter):
        await bot.send_message(ana.id, "one")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(ana.id, "two")
    with pytest.raises(NetworkError, match="reset"):
        await bot.send_message(ana.id, "three, arrives")
    with pytest.raises(NetworkError, match="reset"):
        await bot.send_message(ana.id, "four")
    await bot.send_message(ana.id, "five")
    assert [m["text"] for m in telegram.world.chats[ana.id].messages.values()] == ["three, arrives", "five"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("error", "getUpdates", code=401), InvalidToken),
        (Fault("error", "getUpdates", code=409), Conflict),
        (Fault("html", "getUpdates", code=502), NetworkError),
        (Fault("truncate", "getUpdates"), Exception),
    ],
)
async def test_failing_polls(telegram: PretendTelegram, bot: Bot, fault: Fault, error: type[Exception]) -> None:
    """Whatever a poll may meet."""
    telegram.faults.stage(fault)
    with pytest.raises(error):
        await bot.get_updates()
    telegram.faults.clear()
    assert await bot.get_updates() == ()


async def test_a_call_that_outlasts_its_timeout_still_has_its_effect(
    telegram: PretendTelegram, bot: Bot, ana: Person
) -> None:
    """That is what makes sending ambiguous."""
    telegram.faults.stage(Fault("delay", seconds=(0.1, 0.1)))
    with pytest.raises(TimedOut):
        await bot.send_message(ana.id, "slow", read_timeout=0.02)
    await asyncio.sleep(0.15)
    assert [m["text"] for m in telegram.world.chats[ana.id].messages.values()] == ["slow"]


async def test_the_same_update_may_come_several_times(telegram: PretendTelegram, bot: Bot, ana: Person) -> None:
    """Again with a later batch, even after it was confirmed."""
    telegram.faults.stage(Fault("repeat", "message", copies=2, times=1))
    update = telegram.visitors.say(ana.id, "hello")
    seen = [u.update_id for u in await bot.get_updates()]
    seen += [u.update_id for u in await bot.get_updates(offset=update["update_id"] + 1)]
    assert seen == [update["update_id"]] * 3


async def test_the_journal_knows_what_was_accepted(telegram: PretendTelegram, bot: Bot, ana: Person) -> None:
    """In order, with the outcome."""
    await bot.send_message(ana.id, "one")
    with pytest.raises(BadRequest):
        await bot.send_message(ana.id, "")
    assert [call.code for call in telegram.journal.of("sendMessage")] == [200, 400]
    assert [call.outcome["text"] for call in telegram.journal.accepted("sendMessage")] == ["one"]
    telegram.reset()
    assert telegram.token == PREVIEW_TOKEN
    assert not telegram.world.people
    assert not telegram.journal.calls
