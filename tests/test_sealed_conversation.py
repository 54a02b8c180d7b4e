"""The same conversations with a key and without: the same words to everybody, the same rows, but nothing to read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from harness.keyed import DIGESTS, TEXTS, files_holding, values
from harness.staff import JONAS, OLGA, PETRA, STAFF_GROUP
from harness.stepped import Call, Stepped

from bot.preview.keyboards import buttons_of
from bot.store import retention, updates
from bot.store.schema import metadata
from bot.store.sealing import Seal, is_sealed

ANA, BEN = 7, 8
MARK = "zq-marker"
ODD = f"Will it rain on {MARK} tomorrow, Анна?"
FILES = (MARK.encode(), "Анна".encode())


class Talk:
    """Ana and Ben talk with a bot and its staff, and everything in between is written in steps."""

    def __init__(self, *, sealed: bool) -> None:
        self.bot = Stepped(sealed=sealed)
        self.calls: list[Call] = []
        self.visitors = self.bot.telegram.visitors

    def step(self) -> None:
        """What they did is taken, what follows is delivered."""
        self.bot.take(self.bot.came())
        self.calls += self.bot.deliver()
        self.bot.now += 60_000

    def say(self, person: int, text: str, chat: int = 0, thread: int = 0) -> None:
        self.visitors.say(person, text, chat_id=chat, thread_id=thread)
        self.step()

    def press(self, person: int, begin: str, chat: int = 0) -> None:
        """The newest button whose data begins so."""
        seen = self.bot.telegram.world.chats[chat or person].newest()
        message, data = next(
            (one["message_id"], button["callback_data"])
            for one in seen
            for button in buttons_of(one)
            if button.get("callback_data", "").startswith(begin)
        )
        self.visitors.press(person, message, data, chat_id=chat)
        self.step()

    def whole(self) -> None:
        """Consent, a question that stays open twice, a person, notes, a taught answer, the end; a poisoned update."""
        for person, name in ((ANA, f"Ana {MARK}"), (BEN, "Ben")):
            self.visitors.add_person(name, "en", person_id=person)
            self.say(person, "/start")
            self.press(person, "agree")
        self.say(ANA, ODD)
        self.say(ANA, ODD)
        self.press(ANA, "person")
        thread = next(iter(self.bot.group.topics))
        self.press(PETRA.id, "!claim", STAFF_GROUP)
        self.say(ANA, f"I am Анна {MARK}, 5 people")
        self.say(PETRA.id, f"Not in summer, {MARK}.", STAFF_GROUP, thread)
        self.say(PETRA.id, f"/note tall, {MARK}", STAFF_GROUP, thread)
        self.bot.restart()
        self.say(PETRA.id, "/teach", STAFF_GROUP, thread)
        self.press(PETRA.id, "!submit", STAFF_GROUP)
        self.press(OLGA.id, "!approve", STAFF_GROUP)
        self.say(ANA, "/human")
        self.say(ANA, f"Are you there, {MARK}?")
        self.press(PETRA.id, "!close", STAFF_GROUP)
        self.say(BEN, ODD)
        self.visitors.block(ANA)
        self.say(JONAS.id, "/queue", STAFF_GROUP)
        payload = {"message": {"text": MARK}}
        self.bot.run(self.bot.database.write(updates.fail(99, self.bot.now, "failed", f"Error: {MARK}", payload)))

    def seal(self) -> Seal | None:
        return self.bot.database._seal

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that is stored, as it is meant; without digests and secrets, which are random."""
        hidden = {*DIGESTS, ("seal", "token"), ("secret", "value")}
        return {table.name: sorted(self._table(table.name, hidden), key=repr) for table in metadata.sorted_tables}

    def _table(self, name: str, hidden: set[tuple[str, str]]) -> Iterator[tuple[Any, ...]]:
        seal, columns = self.seal(), [one.name for one in metadata.tables[name].columns]
        kept = [f'"{column}"' for column in columns if (name, column) not in hidden]
        for row in self.bot.rows(f'SELECT {", ".join(kept)} FROM "{name}"'):
            yield tuple(seal.unsealed(value) if seal else value for value in row)

    @property
    def path(self) -> Path:
        return self.bot.folder / "bot.db"


@pytest.fixture
def plain() -> Iterator[Talk]:
    talk = Talk(sealed=False)
    yield talk
    talk.bot.end()


@pytest.fixture
def sealed() -> Iterator[Talk]:
    talk = Talk(sealed=True)
    yield talk
    talk.bot.end()


def test_a_whole_conversation_is_the_same_with_a_key(plain: Talk, sealed: Talk) -> None:
    """Every message to the owners and in the group, and every row that is kept; also after retention took them all."""
    for talk in (plain, sealed):
        talk.whole()
    assert sealed.calls == plain.calls
    assert len(sealed.calls) > 20
    with_key, without = sealed.rows(), plain.rows()
    assert len(with_key.pop("seal")) == 1
    assert without.pop("seal") == []
    assert with_key == without
    assert {"handover", "note", "taught", "questions", "failed_update"} <= {
        name for name, rows in without.items() if rows
    }
    for talk in (plain, sealed):
        talk.bot.run(retention.prune(talk.bot.database, talk.bot.now + 1, 0))
    assert sealed.rows()["wording"] == plain.rows()["wording"]


def test_with_a_key_no_word_of_an_owner_stands_in_any_file(plain: Talk, sealed: Talk) -> None:
    """Database, log and index, while the bot runs: outbox, handover, notes, taught, failed updates, words."""
    for talk in (plain, sealed):
        talk.whole()
    assert files_holding(plain.path, *FILES) != []
    assert files_holding(sealed.path, *FILES) == []
    assert all(is_sealed(value) for _, _, value in values(sealed.path, TEXTS))
    assert {table for table, _, _ in values(sealed.path, TEXTS)} >= {"outbox", "handover", "note", "taught", "role"}
    assert sealed.bot.rows("SELECT name FROM sqlite_master WHERE sql LIKE '%fts5%'") == []
