"""What a person does at the chat page: each act is a JSON body that becomes an act of a visitor.

Every body names the `person`; in a group also `chat`, and where it matters `thread` and `reply_to`.
"""

from collections.abc import Callable
from typing import Any

from bot.preview.errors import VisitorError
from bot.preview.pretend import PretendTelegram
from bot.preview.visitors import Visitors
from bot.preview.wording import LONGEST_CAPTION, LONGEST_TEXT

Json = dict[str, Any]
Deed = Callable[[PretendTelegram, Json], Json]

LONGEST_NAME = 40


def say(telegram: PretendTelegram, body: Json) -> Json:
    """A long text goes as several messages, as from Telegram's own apps."""
    text = _whole(body["text"])
    pieces = [text[start : start + LONGEST_TEXT] for start in range(0, len(text), LONGEST_TEXT)] or [""]
    updates = [telegram.visitors.say(int(body["person"]), piece, **_where(body)) for piece in pieces]
    return {"message_id": updates[-1]["message"]["message_id"]}


def press(telegram: PretendTelegram, body: Json) -> Json:
    person_id, message_id, data = int(body["person"]), int(body["message_id"]), _whole(body["data"])
    update = telegram.visitors.press(person_id, message_id, data, chat_id=_chat(body))
    return {"query_id": update["callback_query"]["id"]}


def edit(telegram: PretendTelegram, body: Json) -> Json:
    text = _whole(body["text"])[:LONGEST_TEXT]
    telegram.visitors.edit(int(body["person"]), int(body["message_id"]), text, chat_id=_chat(body))
    return {}


def send(telegram: PretendTelegram, body: Json) -> Json:
    more: Json = {**_where(body), "caption": _whole(body.get("caption", ""))[:LONGEST_CAPTION]}
    telegram.visitors.send(int(body["person"]), _whole(body["kind"]), **more)
    return {}


def forward(telegram: PretendTelegram, body: Json) -> Json:
    text, author = _whole(body["text"])[:LONGEST_TEXT], _whole(body["author"])
    place = {"chat_id": _chat(body), "thread_id": _number(body, "thread")}
    telegram.visitors.forward(int(body["person"]), text, author, **place)
    return {}


def block(telegram: PretendTelegram, body: Json) -> Json:
    telegram.visitors.block(int(body["person"]))
    return {}


def unblock(telegram: PretendTelegram, body: Json) -> Json:
    telegram.visitors.unblock(int(body["person"]))
    return {}


def language(telegram: PretendTelegram, body: Json) -> Json:
    person = telegram.visitors.speak(int(body["person"]), _whole(body["language_code"]))
    telegram.world.tell(person.id, {"type": "profile"})
    return {}


def people(telegram: PretendTelegram, body: Json) -> Json:
    name = _whole(body["first_name"]).strip()[:LONGEST_NAME]
    if not name:
        raise VisitorError("a person needs a name")
    return {"person": telegram.visitors.add_person(name, _whole(body["language_code"])).id}


def topic(telegram: PretendTelegram, body: Json) -> Json:
    """An administrator closes, reopens or deletes a topic."""
    acts = {"close": Visitors.close_topic, "reopen": Visitors.reopen_topic, "delete": Visitors.delete_topic}
    acts[body["what"]](telegram.visitors, int(body["person"]), _chat(body), _number(body, "thread"))
    return {}


DEEDS: dict[str, Deed] = {
    deed.__name__: deed for deed in (say, press, edit, send, forward, block, unblock, language, people, topic)
}


def _where(body: Json) -> dict[str, int]:
    return {
        "chat_id": _chat(body),
        "thread_id": _number(body, "thread"),
        "reply_to": _number(body, "reply_to"),
    }


def _chat(body: Json) -> int:
    return _number(body, "chat")


def _number(body: Json, name: str) -> int:
    return int(body.get(name) or 0)


def _whole(value: object) -> str:
    """A text without halves of characters, which no file or database takes."""
    return str(value).encode("utf-8", "replace").decode()
