"""What a screen of the chat page shows: a person's chat with the bot, or a group as one of its members sees it."""

import json
from collections.abc import AsyncIterator
from typing import Any

from bot.preview.chats import ADMINS, GONE, Chat, Person
from bot.preview.phrases import guess_language
from bot.preview.pretend import PretendTelegram
from bot.preview.profile import commands_for, group_commands_for, in_language
from bot.preview.world import World

Json = dict[str, Any]

STILL_HERE_SECONDS = 15.0


def may_see(world: World, person_id: int, chat_id: int) -> bool:
    """Whether there is such a person, and such a chat of theirs; a private chat has the person's own id."""
    chat = world.chats.get(chat_id)
    if person_id not in world.people or chat is None:
        return False
    return chat_id == person_id or (chat.kind != "private" and chat.status_of(person_id) not in GONE)


async def follow(telegram: PretendTelegram, person_id: int, chat_id: int) -> AsyncIterator[bytes]:
    """Server-sent events: the whole chat, then whatever happens in it, until the server closes."""
    world = telegram.world
    watch = world.watch(chat_id)
    try:
        yield b"retry: 1000\n" + _line(state(world, person_id, chat_id))
        while not watch.closed:
            event = await watch.next(STILL_HERE_SECONDS)
            yield _line(_seen(world, person_id, chat_id, event)) if event else b": still here\n\n"
    finally:
        world.unwatch(chat_id, watch)


async def gone() -> AsyncIterator[bytes]:
    """The stream of a chat that is not there."""
    yield _line({"type": "gone"})


def state(world: World, person_id: int, chat_id: int) -> Json:
    """The whole chat as this person sees it."""
    person, chat = world.people[person_id], world.chats[chat_id]
    messages = [_view(message, person) for message in chat.messages.values()]
    kind = _private(world, person, chat) if chat.kind == "private" else _group(world, person, chat)
    return {"type": "state", "messages": messages, **kind}


def _private(world: World, person: Person, chat: Chat) -> Json:
    language = person.language_code
    return {
        "language": language,
        "name": in_language(world.profile.names, language) or world.bot_name,
        "description": in_language(world.profile.descriptions, language),
        "commands": commands_for(world, person.id, language),
        "blocked": bool(chat.shut),
    }


def _group(world: World, person: Person, chat: Chat) -> Json:
    admin = chat.status_of(person.id) in ADMINS
    return {
        "commands": group_commands_for(world, chat.id, person.id, person.language_code, admin=admin),
        "title": chat.facts["title"],
        "status": chat.status_of(person.id),
        "members": sum(status not in GONE for status in chat.members.values()) + (not chat.shut),
        "topics": [{**topic.facts(), "closed": topic.closed} for topic in chat.topics.values()],
    }


def _seen(world: World, person_id: int, chat_id: int, event: Json) -> Json:
    if event["type"] in ("profile", "members"):
        return state(world, person_id, chat_id)
    if "message" in event:
        return {**event, "message": _view(event["message"], world.people[person_id])}
    return event


def _view(message: Json, person: Person) -> Json:
    text = message.get("text") or message.get("caption") or ""
    mine = message.get("from", {}).get("id") == person.id
    return {**message, "mine": mine, "lang": guess_language(text, person.language_code)}


def _line(body: Json) -> bytes:
    return b"data: " + json.dumps(body).encode() + b"\n\n"
