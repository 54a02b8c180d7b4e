"""Keeps the chats of the preview over a restart: people, messages, and updates that the bot had not confirmed."""

import asyncio
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.preview.chats import Chat, Person, Seat, Topic
from bot.preview.errors import VisitorError
from bot.preview.pretend import PretendTelegram

Json = dict[str, Any]

KEPT_PER_CHAT = 500


def remember(telegram: PretendTelegram, path: Path) -> None:
    """Write everything to a file, whole or not at all. Raises OSError."""
    world = telegram.world
    kept = {
        "people": [asdict(person) for person in world.people.values()],
        "chats": [_kept(chat) for chat in world.chats.values()],
        "updates": world.updates.unconfirmed(),
        "next_update_id": world.updates.next_id,
    }
    fresh = path.with_name(path.name + ".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        json.dump(kept, file)
    fresh.replace(path)


def recall(telegram: PretendTelegram, path: Path) -> None:
    """Put back what was remembered; nothing when there is no file. Raises VisitorError for a file it cannot read."""
    if not path.exists():
        return
    try:
        _put_back(telegram, json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        raise VisitorError(f"{path} cannot be read ({error}); remove it to begin with empty chats") from error


async def keep(telegram: PretendTelegram, path: Path, seconds: float = 2.0) -> None:
    """Remember whatever changes, until cancelled; then once more. Raises OSError."""
    written = None
    try:
        while True:
            await asyncio.sleep(seconds)
            if (now := _version(telegram)) != written:
                remember(telegram, path)
                written = now
    finally:
        remember(telegram, path)


def _version(telegram: PretendTelegram) -> tuple[int, int, int]:
    updates = telegram.world.updates
    return telegram.journal.count, updates.next_id, len(telegram.world.people)


def _kept(chat: Chat) -> Json:
    messages = list(chat.messages.values())[-KEPT_PER_CHAT:]
    return {**asdict(chat), "messages": messages}


def _put_back(telegram: PretendTelegram, kept: Json) -> None:
    world = telegram.world
    people = [Person(**person) for person in kept["people"]]
    chats = [_chat(chat, world.first_id) for chat in kept["chats"]]
    for person in people:
        world.add_person(person)
    world.chats.update({chat.id: chat for chat in chats})
    for update in kept["updates"]:
        world.updates.inject(update)
    world.updates.go_on_from(kept["next_update_id"])


def _chat(kept: Json, first_id: int) -> Chat:
    return Chat(
        facts=kept["facts"],
        next_message_id=max(kept["next_message_id"], first_id),
        members={int(person_id): status for person_id, status in kept["members"].items()},
        messages={message["message_id"]: message for message in kept["messages"]},
        shut=kept["shut"],
        migrated_to=kept["migrated_to"],
        topics={topic["id"]: Topic(**topic) for topic in kept.get("topics", {}).values()},
        seat=Seat(**kept.get("seat", {})),
    )
