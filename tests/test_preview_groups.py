"""Groups with topics on the pretend Telegram, as PTB's own Bot and the people in them see it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from preview_bots import keyboard, ptb_bot
from telegram import Bot, ChatMemberAdministrator, ReplyParameters, Update
from telegram.error import BadRequest, Forbidden, RetryAfter

from bot.preview.cast import IVO, JONAS, OLGA, PETRA, STAFF_GROUP, seat_staff
from bot.preview.chats import Chat, topic_of
from bot.preview.errors import ApiError, VisitorError
from bot.preview.keepsake import recall, remember
from bot.preview.pretend import PretendTelegram
from bot.preview.rates import Rates
from bot.preview.visitors import Visitors


@pytest.fixture
def telegram() -> PretendTelegram:
    return PretendTelegram(first_id=1_000)


@pytest.fixture
def group(telegram: PretendTelegram) -> Chat:
    return seat_staff(telegram)


@pytest.fixture
def acts(telegram: PretendTelegram, group: Chat) -> Visitors:
    return telegram.visitors


@pytest.fixture
async def bot(telegram: PretendTelegram, group: Chat) -> AsyncIterator[Bot]:
    async with ptb_bot(telegram) as bot:
        yield bot


async def topic(bot: Bot, name: str = "Emma") -> int:
    """A topic of the bot; its creation is confirmed."""
    created = await bot.create_forum_topic(STAFF_GROUP, name)
    await drain(bot)
    return created.message_thread_id


async def drain(bot: Bot) -> list[Update]:
    """All that waits, confirmed."""
    updates = list(await bot.get_updates())
    if updates:
        await bot.get_updates(updates[-1].update_id + 1)
    return updates


async def refused(telegram: PretendTelegram, method: str, **params: Any) -> str:
    """Telegram's words for refusing this."""
    with pytest.raises(ApiError) as caught:
        await telegram.call(method, {"chat_id": STAFF_GROUP, **params})
    assert caught.value.code == 400
    return caught.value.description


# -- topics


async def test_a_topic_is_a_message_and_comes_back_to_the_bot(bot: Bot, group: Chat) -> None:
    """createForumTopic answers the topic; the service message about it reaches the bot, though it is its own."""
    created = await bot.create_forum_topic(STAFF_GROUP, "Emma", icon_color=0xFFD67E)
    assert (created.name, created.icon_color) == ("Emma", 0xFFD67E)
    (update,) = await drain(bot)
    message = update.message
    assert message is not None
    assert message.chat.is_forum
    assert message.message_id == message.message_thread_id == created.message_thread_id
    assert message.is_topic_message
    assert message.forum_topic_created is not None
    assert message.forum_topic_created.name == "Emma"
    assert message.from_user == bot.bot


async def test_messages_in_a_topic_say_so_and_reply_to_its_creation(bot: Bot, group: Chat, acts: Visitors) -> None:
    """Plain ones "reply" to the message that created the topic; real replies to what they answer."""
    thread = await topic(bot)
    sent = await bot.send_message(STAFF_GROUP, "Emma asks", message_thread_id=thread)
    assert (sent.message_thread_id, sent.is_topic_message) == (thread, True)
    acts.say(PETRA.id, "I am on it", chat_id=STAFF_GROUP, thread_id=thread)
    acts.say(PETRA.id, "Yes?", chat_id=STAFF_GROUP, reply_to=sent.message_id)
    plain, reply = (update.message for update in await drain(bot))
    assert plain is not None
    assert reply is not None
    assert plain.reply_to_message is not None
    assert plain.reply_to_message.forum_topic_created is not None
    assert plain.reply_to_message.message_id == thread
    assert (reply.message_thread_id, reply.is_topic_message) == (thread, True)
    assert reply.reply_to_message is not None
    assert reply.reply_to_message.text == "Emma asks"
    assert [message.get("text") for message in group.in_topic(thread)][1:] == ["Emma asks", "I am on it", "Yes?"]


async def test_general_has_no_thread(bot: Bot, group: Chat, acts: Visitors) -> None:
    """Neither what is said there nor what answers it."""
    sent = await bot.send_message(STAFF_GROUP, "hello all")
    acts.say(PETRA.id, "hi", chat_id=STAFF_GROUP, reply_to=sent.message_id)
    (update,) = await drain(bot)
    assert update.message is not None
    assert (sent.message_thread_id, update.message.message_thread_id, update.message.is_topic_message) == (None,) * 3
    assert [topic_of(message) for message in group.messages.values()] == [0, 0]


async def test_a_reply_of_the_bot_goes_where_the_message_is(bot: Bot, acts: Visitors) -> None:
    """Without naming the topic."""
    thread = await topic(bot)
    said = acts.say(JONAS.id, "who is it?", chat_id=STAFF_GROUP, thread_id=thread)["message"]["message_id"]
    reply = await bot.send_message(STAFF_GROUP, "Emma", reply_parameters=ReplyParameters(said))
    assert reply.message_thread_id == thread


async def test_in_a_supergroup_without_topics_a_thread_is_only_a_chain_of_replies(bot: Bot, acts: Visitors) -> None:
    """Replies carry the id of the first message and no is_topic_message; a wanted thread is not looked at."""
    plain = acts.add_group("Friends", {PETRA.id: "member"})
    first = acts.say(PETRA.id, "one", chat_id=plain.id)["message"]["message_id"]
    second = acts.say(PETRA.id, "two", chat_id=plain.id, reply_to=first)["message"]
    third = acts.say(PETRA.id, "three", chat_id=plain.id, reply_to=second["message_id"])["message"]
    assert second["message_thread_id"] == third["message_thread_id"] == first
    assert "is_topic_message" not in third
    assert (await bot.send_message(plain.id, "x", message_thread_id=99)).message_thread_id is None


async def test_a_topic_is_renamed_closed_opened_and_deleted(bot: Bot, group: Chat) -> None:
    """Each but the deletion is told by a message that comes back; with the topic go its messages."""
    thread = await topic(bot)
    await bot.edit_forum_topic(STAFF_GROUP, thread, name="Emma, phones")
    await bot.close_forum_topic(STAFF_GROUP, thread)
    assert group.topics[thread].closed
    await bot.reopen_forum_topic(STAFF_GROUP, thread)
    edited, closed, opened = (update.message for update in await drain(bot))
    assert edited is not None
    assert edited.forum_topic_edited is not None
    assert edited.forum_topic_edited.name == "Emma, phones"
    assert closed is not None
    assert closed.forum_topic_closed is not None
    assert opened is not None
    assert opened.forum_topic_reopened is not None
    await bot.send_message(STAFF_GROUP, "in General")
    await bot.delete_forum_topic(STAFF_GROUP, thread)
    assert await drain(bot) == []
    assert [message.get("text") for message in group.messages.values()] == ["in General"]


async def test_topics_that_are_not_there(telegram: PretendTelegram, bot: Bot, acts: Visitors) -> None:
    """Sending says one thing, managing another; 1 is General's own id and no thread either."""
    thread = await topic(bot)
    acts.delete_topic(OLGA.id, STAFF_GROUP, thread)
    for gone in (thread, 1, 999_999):
        assert await refused(telegram, "sendMessage", text="x", message_thread_id=gone) == (
            "Bad Request: message thread not found"
        )
    for method in ("editForumTopic", "closeForumTopic", "reopenForumTopic", "deleteForumTopic"):
        assert await refused(telegram, method, message_thread_id=thread, name="x") == "Bad Request: TOPIC_ID_INVALID"
    assert await refused(telegram, "sendChatAction", action="typing", message_thread_id=thread) == (
        "Bad Request: message thread not found"
    )


async def test_what_changes_nothing_is_refused(telegram: PretendTelegram, bot: Bot) -> None:
    """The same name, closed twice, opened while open; and a topic needs a name."""
    thread = await topic(bot)
    assert await refused(telegram, "editForumTopic", message_thread_id=thread, name="Emma") == (
        "Bad Request: TOPIC_NOT_MODIFIED"
    )
    assert await refused(telegram, "reopenForumTopic", message_thread_id=thread) == "Bad Request: TOPIC_NOT_MODIFIED"
    await bot.close_forum_topic(STAFF_GROUP, thread)
    assert await refused(telegram, "closeForumTopic", message_thread_id=thread) == "Bad Request: TOPIC_NOT_MODIFIED"
    assert await refused(telegram, "createForumTopic", name=" ") == "Bad Request: title must be non-empty"


async def test_a_group_without_topics(telegram: PretendTelegram, acts: Visitors) -> None:
    """Has none to create."""
    plain = acts.add_group("Friends", {})
    assert await refused(telegram, "createForumTopic", chat_id=plain.id, name="x") == (
        "Bad Request: the chat is not a forum"
    )


# -- rights


@pytest.mark.parametrize("place", [{"status": "member"}, {"status": "administrator", "can_manage_topics": False}])
async def test_without_the_right_no_topic(
    telegram: PretendTelegram, bot: Bot, acts: Visitors, place: dict[str, Any]
) -> None:
    """Its own topics it may still rename; the topics of others it may neither touch nor, when closed, write to."""
    own, theirs = await topic(bot), acts.create_topic(OLGA.id, STAFF_GROUP, "Coffee")
    changed = acts.place_bot(STAFF_GROUP, by=OLGA.id, **place)["my_chat_member"]
    assert changed["old_chat_member"]["can_manage_topics"]
    assert not changed["new_chat_member"].get("can_manage_topics")
    assert await refused(telegram, "createForumTopic", name="x") == ("Bad Request: not enough rights to create a topic")
    await bot.edit_forum_topic(STAFF_GROUP, own, name="still mine")
    assert await refused(telegram, "editForumTopic", message_thread_id=theirs, name="x") == (
        "Bad Request: not enough rights to edit the topic"
    )
    assert await refused(telegram, "closeForumTopic", message_thread_id=theirs) == (
        "Bad Request: not enough rights to close or open the topic"
    )
    acts.close_topic(OLGA.id, STAFF_GROUP, theirs)
    assert await refused(telegram, "sendMessage", message_thread_id=theirs, text="x") == "Bad Request: TOPIC_CLOSED"


async def test_a_closed_topic_is_open_to_who_manages_it(bot: Bot, acts: Visitors) -> None:
    """The bot and admins write on; a member cannot, nor into a topic that is gone."""
    thread = await topic(bot)
    acts.close_topic(OLGA.id, STAFF_GROUP, thread)
    assert await bot.send_message(STAFF_GROUP, "closed, but here", message_thread_id=thread)
    acts.say(OLGA.id, "I may", chat_id=STAFF_GROUP, thread_id=thread)
    with pytest.raises(VisitorError, match="closed"):
        acts.say(PETRA.id, "and I?", chat_id=STAFF_GROUP, thread_id=thread)
    acts.reopen_topic(OLGA.id, STAFF_GROUP, thread)
    acts.say(PETRA.id, "now I may", chat_id=STAFF_GROUP, thread_id=thread)
    acts.delete_topic(OLGA.id, STAFF_GROUP, thread)
    with pytest.raises(VisitorError, match="no topic"):
        acts.say(PETRA.id, "hm", chat_id=STAFF_GROUP, thread_id=thread)
    with pytest.raises(VisitorError, match="no administrator"):
        acts.create_topic(PETRA.id, STAFF_GROUP, "mine")


async def test_members_and_administrators_in_their_real_shapes(bot: Bot, acts: Visitors) -> None:
    """People and the bot itself; getChat tells about topics and what members may do."""
    acts.expel(IVO.id, STAFF_GROUP, by=OLGA.id)
    statuses = [(await bot.get_chat_member(STAFF_GROUP, one.id)).status for one in (PETRA, OLGA, IVO)]
    assert statuses == ["member", "administrator", "kicked"]
    own = await bot.get_chat_member(STAFF_GROUP, bot.id)
    assert isinstance(own, ChatMemberAdministrator)
    assert own.can_manage_topics
    assert {one.user.id for one in await bot.get_chat_administrators(STAFF_GROUP)} == {OLGA.id, bot.id}
    with pytest.raises(BadRequest, match="There are no administrators in the private chat"):
        await bot.get_chat_administrators(PETRA.id)
    chat = await bot.get_chat(STAFF_GROUP)
    assert chat.is_forum
    assert chat.permissions is not None
    assert chat.permissions.can_send_messages


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("kicked", "Forbidden: bot was kicked from the supergroup chat"),
        ("left", "Forbidden: bot is not a member of the supergroup chat"),
    ],
)
async def test_a_bot_that_is_out(bot: Bot, acts: Visitors, status: str, words: str) -> None:
    """May neither write nor look, and hears nothing until it is back."""
    acts.place_bot(STAFF_GROUP, status, by=OLGA.id)
    acts.say(PETRA.id, "at last alone", chat_id=STAFF_GROUP)
    for refused_call in (
        bot.send_message(STAFF_GROUP, "x"),
        bot.get_chat(STAFF_GROUP),
        bot.get_chat_member(STAFF_GROUP, PETRA.id),
        bot.create_forum_topic(STAFF_GROUP, "x"),
    ):
        with pytest.raises(Forbidden, match=words):
            await refused_call
    acts.place_bot(STAFF_GROUP, "administrator", by=OLGA.id)
    acts.say(PETRA.id, "welcome back", chat_id=STAFF_GROUP)
    updates = await drain(bot)
    assert [update.my_chat_member is not None for update in updates] == [True, True, False]
    assert await bot.send_message(STAFF_GROUP, "x")


async def test_comings_and_goings(telegram: PretendTelegram, bot: Bot, acts: Visitors) -> None:
    """A message for all; a chat_member update only when it is asked for. Who is not in the group cannot act there."""
    await bot.get_updates(allowed_updates=["message", "chat_member"])
    rui = acts.add_person("Rui")
    with pytest.raises(VisitorError, match="is not in"):
        acts.say(rui.id, "let me in", chat_id=STAFF_GROUP)
    acts.join(rui.id, STAFF_GROUP, by=OLGA.id)
    acts.say(rui.id, "hello", chat_id=STAFF_GROUP)
    acts.leave(rui.id, STAFF_GROUP)
    with pytest.raises(VisitorError, match="is not in"):
        acts.press(rui.id, 1, "x", chat_id=STAFF_GROUP)
    updates = await drain(bot)
    changes = [update.chat_member.new_chat_member.status for update in updates if update.chat_member]
    assert changes == ["member", "left"]
    messages = [update.message for update in updates if update.message]
    assert [member.id for member in messages[0].new_chat_members] == [rui.id]
    assert messages[1].text == "hello"
    assert messages[2].left_chat_member is not None
    acts.place_bot(STAFF_GROUP, "member", by=OLGA.id)
    acts.join(rui.id, STAFF_GROUP)
    assert [update.chat_member for update in await drain(bot)] == [None]  # only an administrator is told more


async def test_upgrade_keeps_members_and_rights(bot: Bot, acts: Visitors) -> None:
    """And may bring topics."""
    small = acts.add_group("Small", {PETRA.id: "member"}, "group", bot="member")
    new = acts.upgrade(small.id, forum=True)
    acts.say(PETRA.id, "/start", chat_id=new)
    with pytest.raises(BadRequest, match="Not enough rights to create a topic"):
        await bot.create_forum_topic(new, "x")


# -- what the bot hears


async def test_in_privacy_mode_a_plain_member_hears_what_is_meant_for_it(
    telegram: PretendTelegram, bot: Bot, acts: Visitors
) -> None:
    """Commands, replies to its own messages, service messages. The topic's creation is nobody's reply."""
    thread = await topic(bot)
    acts.place_bot(STAFF_GROUP, "member", by=OLGA.id)
    own = (await bot.send_message(STAFF_GROUP, "I am here", message_thread_id=thread)).message_id
    said = acts.say(PETRA.id, "among us", chat_id=STAFF_GROUP, thread_id=thread)
    assert "update_id" not in said
    acts.edit(PETRA.id, said["message"]["message_id"], "still", chat_id=STAFF_GROUP)
    for text in ("/take", "/take@pretend_advisor_bot", "/take@another_bot", "take /this"):
        acts.say(PETRA.id, text, chat_id=STAFF_GROUP, thread_id=thread)
    acts.say(PETRA.id, "to you", chat_id=STAFF_GROUP, reply_to=own)
    acts.close_topic(OLGA.id, STAFF_GROUP, thread)
    heard = [update.message for update in await drain(bot) if update.message]
    assert [message.text for message in heard] == ["/take", "/take@pretend_advisor_bot", "to you", None]
    assert not (await bot.get_me()).can_read_all_group_messages
    acts.set_privacy(on=False)
    acts.say(PETRA.id, "all of it", chat_id=STAFF_GROUP)
    assert [update.message.text for update in await drain(bot) if update.message] == ["all of it"]
    assert (await bot.get_me()).can_read_all_group_messages


async def test_an_anonymous_admin_writes_as_the_group_and_presses_as_themselves(bot: Bot, acts: Visitors) -> None:
    """The message carries the id that all of them share, the press their own."""
    thread = await topic(bot)
    asked = await bot.send_message(STAFF_GROUP, "Take it?", message_thread_id=thread, reply_markup=keyboard(("take",)))
    acts.say_anonymously(STAFF_GROUP, "we take it", thread_id=thread)
    acts.press(OLGA.id, asked.message_id, "take", chat_id=STAFF_GROUP)
    said, pressed = await drain(bot)
    assert said.message is not None
    assert said.message.from_user is not None
    assert said.message.sender_chat is not None
    assert (said.message.from_user.id, said.message.sender_chat.id) == (1087968824, STAFF_GROUP)
    assert said.message.message_thread_id == thread
    assert pressed.callback_query is not None
    assert pressed.callback_query.from_user.id == OLGA.id


async def test_buttons_in_a_topic(telegram: PretendTelegram, bot: Bot, acts: Visitors) -> None:
    """The newest of that topic is tapped; the answer shows to who watches the group, with the person it is for."""
    watch = telegram.world.watch(STAFF_GROUP)
    first, second = await topic(bot, "Emma"), await topic(bot, "Ana")
    for thread in (first, second):
        await bot.send_message(STAFF_GROUP, "Take?", message_thread_id=thread, reply_markup=keyboard(("take",)))
    acts.tap(PETRA.id, "take", chat_id=STAFF_GROUP, thread_id=first)
    (update,) = await drain(bot)
    query = update.callback_query
    assert query is not None
    assert query.message is not None
    assert topic_of(query.message.to_dict()) == first
    await query.answer("Taken")
    events = []
    while (event := await watch.next(0.01)) is not None:
        events.append(event)
    assert [event["type"] for event in events] == ["topic", "message"] * 2 + ["message"] * 2 + ["answer"]
    assert (events[-1]["text"], events[-1]["person"]) == ("Taken", PETRA.id)


# -- copies, captions, edits


@pytest.mark.parametrize("kind", ["photo", "document", "voice", "sticker", "location"])
async def test_anything_can_be_copied(bot: Bot, group: Chat, acts: Visitors, kind: str) -> None:
    """From the topic to the owner and back, without a trace of who sent it; the same file."""
    thread = await topic(bot)
    sent = acts.send(PETRA.id, kind, chat_id=STAFF_GROUP, thread_id=thread)["message"]
    copied = await bot.copy_message(JONAS.id, STAFF_GROUP, sent["message_id"])
    back = await bot.copy_message(STAFF_GROUP, JONAS.id, copied.message_id, message_thread_id=thread)
    shown = group.messages[back.message_id]
    assert shown[kind] == sent[kind]
    assert (shown["from"]["id"], shown["message_thread_id"], "forward_origin" in shown) == (bot.id, thread, False)


async def test_a_copy_may_have_another_caption_buttons_and_an_answer(bot: Bot, acts: Visitors) -> None:
    """A caption of "" takes the old one away; a text keeps its words, whatever caption comes."""
    thread = await topic(bot)
    photo = acts.send(PETRA.id, "photo", caption="the old words", chat_id=STAFF_GROUP)["message"]["message_id"]
    text = acts.say(PETRA.id, "plain", chat_id=STAFF_GROUP)["message"]["message_id"]
    first = await bot.copy_message(
        STAFF_GROUP, STAFF_GROUP, photo, caption="<b>new</b>", parse_mode="HTML", message_thread_id=thread
    )
    await bot.edit_message_caption(STAFF_GROUP, first.message_id, caption="newer")
    bare = await bot.copy_message(STAFF_GROUP, STAFF_GROUP, photo, caption="", reply_markup=keyboard(("a",)))
    kept = await bot.copy_message(
        STAFF_GROUP, STAFF_GROUP, text, caption="no", reply_parameters=ReplyParameters(first.message_id)
    )
    chat = acts.world.chats[STAFF_GROUP].messages
    assert chat[first.message_id]["caption"] == "newer"
    assert "caption" not in chat[bare.message_id]
    assert "reply_markup" in chat[bare.message_id]
    assert chat[kept.message_id]["text"] == "plain"
    assert topic_of(chat[kept.message_id]) == thread


async def test_copies_and_edits_that_telegram_refuses(telegram: PretendTelegram, bot: Bot, acts: Visitors) -> None:
    """What is not there, service messages, a caption where none can be."""
    thread = await topic(bot)
    where = {"from_chat_id": STAFF_GROUP}
    assert await refused(telegram, "copyMessage", message_id=5, **where) == "Bad Request: message to copy not found"
    assert await refused(telegram, "copyMessage", message_id=thread, **where) == (
        "Bad Request: the message can't be copied"
    )
    text = (await bot.send_message(STAFF_GROUP, "x")).message_id
    photo = (await bot.send_photo(STAFF_GROUP, "some-file", caption="x")).message_id
    assert await refused(telegram, "editMessageCaption", message_id=text, caption="y") == (
        "Bad Request: there is no caption in the message to edit"
    )
    assert await refused(telegram, "editMessageText", message_id=photo, text="y") == (
        "Bad Request: there is no text in the message to edit"
    )
    same = await refused(telegram, "editMessageCaption", message_id=photo, caption="x")
    assert same.startswith("Bad Request: message is not modified")
    assert await refused(telegram, "deleteMessage", message_id=thread) == "Bad Request: message can't be deleted"


async def test_people_edit_captions_and_the_bot_deletes_what_it_may(
    telegram: PretendTelegram, bot: Bot, acts: Visitors
) -> None:
    """An administrator may delete what others wrote, a member only its own."""
    thread = await topic(bot)
    sent = acts.send(PETRA.id, "photo", caption="ol", chat_id=STAFF_GROUP, thread_id=thread)["message"]["message_id"]
    acts.edit(PETRA.id, sent, "old", chat_id=STAFF_GROUP)
    _, edited = await drain(bot)
    assert edited.edited_message is not None
    assert (edited.edited_message.caption, edited.edited_message.message_thread_id) == ("old", thread)
    acts.place_bot(STAFF_GROUP, "administrator", by=OLGA.id, can_delete_messages=False)
    assert await refused(telegram, "deleteMessage", message_id=sent) == "Bad Request: message can't be deleted"
    acts.place_bot(STAFF_GROUP, "administrator", by=OLGA.id)
    assert await bot.delete_messages(STAFF_GROUP, [sent, 5])


async def test_topics_and_copies_count_among_twenty_a_minute(telegram: PretendTelegram, bot: Bot) -> None:
    """Whatever shows in the group."""
    telegram.limit(Rates())
    thread = (await bot.create_forum_topic(STAFF_GROUP, "Emma")).message_thread_id
    await bot.edit_forum_topic(STAFF_GROUP, thread, name="Ana")
    sent = await bot.send_message(STAFF_GROUP, "x")
    for _ in range(16):
        await bot.copy_message(STAFF_GROUP, STAFF_GROUP, sent.message_id)
    await bot.close_forum_topic(STAFF_GROUP, thread)
    with pytest.raises(RetryAfter):
        await bot.edit_message_text("y", STAFF_GROUP, sent.message_id)


# -- kept over a restart


async def test_topics_outlive_a_restart(telegram: PretendTelegram, bot: Bot, acts: Visitors, tmp_path: Path) -> None:
    """With their names, closed or not, and the bot's rights."""
    thread = await topic(bot)
    await bot.close_forum_topic(STAFF_GROUP, thread)
    acts.place_bot(STAFF_GROUP, "administrator", by=OLGA.id, can_manage_topics=False)
    remember(telegram, tmp_path / "chats.json")
    later = PretendTelegram(first_id=1_000_000)
    recall(later, tmp_path / "chats.json")
    group = seat_staff(later)
    assert (group.topics[thread].name, group.topics[thread].closed) == ("Emma", True)
    assert group.seat == telegram.world.chats[STAFF_GROUP].seat
    later.visitors.say(OLGA.id, "go on", chat_id=STAFF_GROUP, thread_id=thread)


async def test_a_file_from_before_topics_still_loads(telegram: PretendTelegram, acts: Visitors, tmp_path: Path) -> None:
    """What it does not tell is as it was then."""
    remember(telegram, tmp_path / "chats.json")
    kept = json.loads((tmp_path / "chats.json").read_text(encoding="utf-8"))
    for chat in kept["chats"]:
        del chat["topics"], chat["seat"]
    (tmp_path / "chats.json").write_text(json.dumps(kept), encoding="utf-8")
    later = PretendTelegram()
    recall(later, tmp_path / "chats.json")
    assert later.world.chats[STAFF_GROUP].bot_is_admin
