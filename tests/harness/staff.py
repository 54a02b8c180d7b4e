"""The staff's group in tests: what Petra, Jonas, Olga the admin and Ivo, who has no role, see and do there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import yaml

from bot.preview.cast import IVO, JONAS, OLGA, PETRA, STAFF_GROUP, seat_staff
from bot.preview.chats import topic_of
from bot.preview.markup import FORMATTING
from bot.staff.group import COMMANDS
from harness.content import SHIPPED_PHRASES
from harness.inside import Bench, bench
from harness.waiting import until

__all__ = ["IVO", "JONAS", "OLGA", "PETRA", "STAFF_GROUP", "Group", "part", "said", "staffed"]


@dataclass(slots=True)
class Group:
    """The group on a bench."""

    desk: Bench
    chat: int = STAFF_GROUP

    def messages(self, thread: int | None = None) -> list[Mapping[str, Any]]:
        """What stands there, oldest first, in one topic (0: General) or in all."""
        listed = self.desk.telegram.world.chats[self.chat].messages.values()
        return [one for one in listed if thread is None or topic_of(one) == thread]

    def texts(self, thread: int | None = None) -> list[str]:
        """The bot's words there."""
        told = (one.get("text") or one.get("caption") for one in self.messages(thread) if one["from"]["is_bot"])
        return [one for one in told if one]

    def topics(self) -> dict[int, Any]:
        """The topics, by id."""
        return dict(self.desk.telegram.world.chats[self.chat].topics)

    def topic(self, words: str) -> int:
        """The topic whose name has these words."""
        return next(number for number, one in self.topics().items() if words in one.name)

    async def sees(self, *words: str, thread: int | None = None) -> str:
        """Wait for a message of the bot with all these words; gives its text."""
        assert await until(lambda: bool(self._seen(words, thread))), (words, self.texts(thread))
        return self._seen(words, thread)

    def _seen(self, words: tuple[str, ...], thread: int | None) -> str:
        return next((one for one in self.texts(thread) if all(word in one for word in words)), "")

    def buttons(self, thread: int | None = None) -> list[tuple[int, str, str]]:
        """Every button that can be pressed: message, label, data; oldest first."""
        return [
            (message["message_id"], button["text"], button["callback_data"])
            for message in self.messages(thread)
            for row in (message.get("reply_markup") or {}).get("inline_keyboard") or []
            for button in row
        ]

    def tap(self, person: Any, act: str, thread: int | None = None, word: str = "") -> Mapping[str, Any]:
        """The newest button of this act (whose label or data has this word); gives the update."""
        listed = [one for one in self.buttons(thread) if one[2].startswith(f"!{act}:") and word in one[1] + one[2]]
        message, _, data = listed[-1]
        return self.desk.telegram.visitors.press(person.id, message, data, chat_id=self.chat)

    def toast(self, update: Mapping[str, Any]) -> str:
        """What a press was answered with."""
        answer = self.desk.telegram.world.queries[update["callback_query"]["id"]].answer
        return "" if answer is None else str(answer.get("text", ""))

    async def told(self, update: Mapping[str, Any]) -> str:
        """The same, once it was."""
        query = self.desk.telegram.world.queries[update["callback_query"]["id"]]
        assert await until(lambda: query.answer is not None)
        return self.toast(update)

    def say(self, person: Any, text: str, thread: int = 0, reply_to: int = 0) -> Mapping[str, Any]:
        """They write."""
        return self.desk.telegram.visitors.say(person.id, text, chat_id=self.chat, thread_id=thread, reply_to=reply_to)

    async def appoint(self, *people: Any) -> None:
        """They ask for something, and Olga adds them to the staff."""
        for person in people:
            self.say(person, "/mine")
            assert await until(partial(self._offers, person.first_name))
            self.tap(OLGA, "grant", word=person.first_name)
            await self.sees(said("staff-granted", name=person.first_name, by="Olga"))

    def _offers(self, name: str) -> bool:
        return any(name in label for _, label, _ in self.buttons())

    def links(self) -> list[str]:
        """What in the bot's posts can be tapped, but for the commands that its own words name."""
        texts = (
            (one.get("text") or one.get("caption") or "", entity)
            for one in self.messages()
            if one["from"]["is_bot"]
            for entity in [*one.get("entities", ()), *one.get("caption_entities", ())]
            if entity["type"] not in FORMATTING or entity["type"] in ("text_link", "text_mention")
        )
        found = (_covered(text, entity["offset"], entity["length"]) for text, entity in texts)
        return [words for words in found if words.removeprefix("/") not in COMMANDS]


def _covered(text: str, offset: int, length: int) -> str:
    """What an entity covers: Telegram counts in UTF-16 units."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def said(phrase: str, **variables: object) -> str:
    """A phrase as an English reader sees it; the words of the product may change, its tests need not."""
    english = _shipped()[phrase]["en"]
    form = english if isinstance(english, str) else english["one" if variables.get("n") == 1 else "other"]
    return str(form.format(**variables))


@cache
def _shipped() -> Mapping[str, Any]:
    return dict(yaml.safe_load(SHIPPED_PHRASES.read_text(encoding="utf-8"))["phrases"])


def part(phrase: str) -> str:
    """The longest piece of a phrase that holds no variable."""
    english = _shipped()[phrase]["en"]
    form = english if isinstance(english, str) else english["other"]
    return max(re.split(r"\{\w+\}", form), key=len).strip()


def staffed(folder: Path, **settings: Any) -> tuple[Bench, Group]:
    """A bench with the staff's group, and the group."""
    desk = bench(folder)
    seat_staff(desk.telegram)
    desk.staff = {"staff_chat": STAFF_GROUP, "admins": (OLGA.id,), **settings}
    return desk, Group(desk)
