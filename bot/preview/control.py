"""The pretend server's second door: JSON for tests that run in another process.

    POST /control/act      {"act": "say", "person_id": 1, "text": "hello"}; or a list of those, done in order
    POST /control/faults   [{"kind": "reset_after", "chance": 0.1}, ...] stages; DELETE clears
    POST /control/rates    {} holds the bot to Telegram's rates, {"overall": 5} to others; DELETE lifts
    GET  /control/journal  ?method=sendMessage&after=120 -> {"count": ..., "calls": [...]}
    GET  /control/chat     ?id=7 -> {"messages": [...], "shut": "", "topics": [...], "members": {...}}
    GET  /control/state    counts, people, chats, the bot's profile
    POST /control/staff    {} seats the staff and their group (see cast.py) -> {"chat_id": ...}
    POST /control/reset    forgets everything; ids go on

`act` is any act of `bot.preview.visitors.Visitors`, with its parameters by name.
"""

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from bot.preview.cast import seat_staff
from bot.preview.chats import Chat
from bot.preview.errors import VisitorError
from bot.preview.faults import Fault
from bot.preview.journal import as_json
from bot.preview.pretend import PretendTelegram
from bot.preview.rates import Rates

Json = dict[str, Any]


class Control:
    """Does what a test asks. In: the pretend Telegram. Every door answers JSON and raises VisitorError for nonsense."""

    def __init__(self, telegram: PretendTelegram) -> None:
        self._telegram = telegram

    def handle(self, verb: str, name: str, query: Mapping[str, str], body: Any) -> Any:
        """One request: HTTP verb, the name behind /control/, the query string, the decoded body."""
        door = {
            ("POST", "act"): lambda: self._acts(body),
            ("POST", "faults"): lambda: self._stage(body),
            ("DELETE", "faults"): self._telegram.faults.clear,
            ("POST", "rates"): lambda: self._telegram.limit(Rates(**body)),
            ("DELETE", "rates"): lambda: self._telegram.limit(None),
            ("GET", "journal"): lambda: self._journal(query),
            ("GET", "chat"): lambda: self._chat(int(query["id"])),
            ("GET", "state"): self._state,
            ("POST", "staff"): lambda: {"chat_id": seat_staff(self._telegram).id},
            ("POST", "reset"): self._telegram.reset,
        }.get((verb, name))
        if door is None:
            raise VisitorError(f"no {verb} /control/{name}")
        return door()

    def _acts(self, body: Any) -> Any:
        return [self._act(one) for one in body] if isinstance(body, list) else self._act(body)

    def _act(self, body: Json) -> Any:
        name = str(body.get("act", ""))
        act = None if name.startswith("_") else getattr(self._telegram.visitors, name, None)
        if not callable(act):
            raise VisitorError(f"no act {name!r}")
        return _plain(act(**_ids_as_numbers({key: value for key, value in body.items() if key != "act"})))

    def _stage(self, body: list[Json]) -> int:
        for one in body:
            self._telegram.faults.stage(Fault(**{**one, "seconds": tuple(one.get("seconds", (0.0, 0.0)))}))
        return len(body)

    def _journal(self, query: Mapping[str, str]) -> Json:
        calls = self._telegram.journal.of(query.get("method", ""), int(query.get("after", "0")))
        return {"count": self._telegram.journal.count, "calls": [as_json(call) for call in calls]}

    def _chat(self, chat_id: int) -> Json:
        chat = self._telegram.world.known_chat(chat_id)
        topics = [asdict(topic) for topic in chat.topics.values()]
        return {"messages": list(chat.messages.values()), "shut": chat.shut, "topics": topics, "members": chat.members}

    def _state(self) -> Json:
        world = self._telegram.world
        return {
            "pending": world.updates.pending,
            "next_update_id": world.updates.next_id,
            "calls": self._telegram.journal.count,
            "open_queries": sum(1 for query in world.queries.values() if query.answer is None),
            "people": [asdict(person) for person in world.people.values()],
            "chats": [chat.facts for chat in world.chats.values()],
            "descriptions": world.profile.descriptions,
            "short_descriptions": world.profile.short_descriptions,
            "commands": [
                {"scope": scope, "language": language, "commands": commands}
                for (scope, language), commands in world.profile.commands.items()
            ],
        }


def _ids_as_numbers(arguments: Json) -> Json:
    """JSON objects have only text keys: the members of a group are keyed by id."""
    members = arguments.get("members")
    return {**arguments, "members": {int(key): value for key, value in members.items()}} if members else arguments


def _plain(value: Any) -> Any:
    if isinstance(value, Chat):
        return value.facts
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
