"""The methods about queries, chats, and the way updates travel."""

from typing import Any

from bot.preview.chats import ADMINS, Chat, Seat, bot_member, chat_member, full_chat
from bot.preview.errors import EDIT_TOO_LONG, NO_ADMINS, NO_USER, OLD_QUERY, bad_request, forbidden
from bot.preview.inline import read_results
from bot.preview.params import Params
from bot.preview.world import World

Json = dict[str, Any]

LONGEST_TOAST = 200
NO_HTTPS = "bad webhook: the pretend Telegram hands updates out by getUpdates only"


def get_me(world: World, params: Params) -> Json:
    return {
        **world.bot_user(),
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy_mode,
        "supports_inline_queries": world.inline_mode,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(world: World, params: Params) -> list[Json]:
    if params.has("allowed_updates"):
        world.updates.ask_for(params.items("allowed_updates", str))
    return await world.updates.poll(params.integer("offset"), params.integer("limit", 100), params.integer("timeout"))


def answer_callback_query(world: World, params: Params) -> bool:
    text = params.text("text")
    if len(text) > LONGEST_TOAST:
        raise bad_request(EDIT_TOO_LONG)
    query_id = params.text("callback_query_id")
    answer = {"text": text, "show_alert": params.flag("show_alert"), "url": params.text("url")}
    query = world.answer_query(query_id, answer, bad_request(OLD_QUERY))
    told = {"type": "answer", "query_id": query_id, "person": query.person_id, **answer}
    world.tell(query.chat_id or query.person_id, told)
    return True


def answer_inline_query(world: World, params: Params) -> bool:
    kept = {"cache_time": params.integer("cache_time", 300), "is_personal": params.flag("is_personal")}
    answer = {"results": read_results(params), **kept}
    world.answer_query(params.text("inline_query_id"), answer, bad_request(OLD_QUERY))
    return True


def get_chat(world: World, params: Params) -> Json:
    return full_chat(_readable(world, params))


def get_chat_member(world: World, params: Params) -> Json:
    chat, user_id = _readable(world, params), params.integer("user_id")
    if user_id == world.bot_id:
        return bot_member(world.bot_user(), chat)
    if user_id not in world.people:
        raise bad_request(NO_USER)
    return chat_member(world.people[user_id].user(), chat.status_of(user_id))


def get_chat_administrators(world: World, params: Params) -> list[Json]:
    """People and the bot itself; other bots are never told."""
    chat = _readable(world, params)
    if chat.kind == "private":
        raise bad_request(NO_ADMINS)
    people = [chat_member(world.people[one].user(), status) for one, status in chat.members.items() if status in ADMINS]
    return [*people, *([bot_member(world.bot_user(), chat)] if chat.bot_is_admin else [])]


def leave_chat(world: World, params: Params) -> bool:
    chat = world.open_chat(params.chat())
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.take(Seat("left"))
    return True


def _readable(world: World, params: Params) -> Chat:
    """Thrown out of a group, the bot may not even look at it; a private chat where it is blocked stays readable."""
    chat = world.bot_chat(params.chat())
    if chat.shut and chat.kind != "private":
        raise forbidden(chat.shut)
    return chat


def set_webhook(world: World, params: Params) -> bool:
    if params.text("url"):
        raise bad_request(NO_HTTPS)
    return delete_webhook(world, params)


def delete_webhook(world: World, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    return True


def get_webhook_info(world: World, params: Params) -> Json:
    info = {"url": "", "has_custom_certificate": False, "pending_update_count": world.updates.pending}
    return {**info, **({"allowed_updates": world.updates.allowed} if world.updates.allowed else {})}


def always_true(world: World, params: Params) -> bool:
    """Methods whose effect nobody sees here: close, logOut."""
    return True
