"""Hostile words: whatever an owner is called, asks, writes, sends or edits, the staff read it as words alone.

The whole bot on the pretend Telegram, which reads HTML as strictly as Telegram and finds links and commands by itself.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from harness.inside import Bench
from harness.staff import OLGA, PETRA, STAFF_GROUP, Group, said, staffed
from harness.waiting import until

from bot.dialog.phrases import harmless, plain
from bot.preview.markup import units
from bot.staff.group import COMMANDS
from bot.staff.posts import inert
from bot.turns import flood

HOSTILE: Final = (
    "<b>bold</b>", "<b>", "</b>", "<i><b></i></b>", "<a href='https://evil.example'>your bank</a>",
    '<a href="tg://user?id=720000003">Olga</a>', "tg://user?id=720000003", "tg://resolve?domain=evil",
    "<script>alert(1)</script>", "<", ">", "&", "&lt;b&gt;", "&#60;b&#62;", "&amp;lt;", "&nbsp;", "<!-- -->",
    "<pre><code class='language-x'>", "</code></pre>", "</code>", "<tg-spoiler>", "<blockquote expandable>",
    "<tg-emoji emoji-id='1'>", "]]>", '<b a="\'>', "a < b > c & d", "@olga", "hello @evil_channel, look",
    "(@evil_channel)", "@everyone", "evil@mail.example", "mailto:evil@mail.example", "#urgent", "text#tag", "$EVIL",
    "/start", "/staff", "/queue@pretend_advisor_bot", "now /close it", "(/claim)", '"/help"', "https://evil.example",
    "HTTP://EVIL.EXAMPLE/x?y=z#w", "evil.example", "www.evil.example/path", "t.me/evil", "telegram.me/joinchat/AAAA",
    "https://t.me/+AAAA", "пример.рф", "evil。example", "1.2.3.4", "//evil.example", "\\\\evil\\share",
    "ftp://evil.example", "javascript:alert(1)", "+358401234567", "+358 40 123 45 67", "040-12 34 56 78",
    "4242 4242 4242 4242", "42 42 42 42 42 42 42 42", "\u202etxt.exe", "abc\u202a\u2066\u2067def", "\u200b\u200b",
    "@\u200bevil", "a\u2028b\u2029c", "one\ntwo\n\n#1 three", "\x00", "a\x00b", "\ud83d", "\udc00\ud83d",
    "half \ud83d emoji", "\x1b[2J\x1b]0;x\x07", "\r\rforged", "ﷺ" * 60, "x" * 4096, "x " * 2048, "<" * 4096,
    "&" * 4096, "@" * 4096, "a." * 2048, "😀" * 10000,
    "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f467" * 900, "e\u0301\u0323" * 1300,
    "https://evil.example/" + "a" * 4000, "\n" * 500 + "below", "{name} {0} {n}", "%s %n", "🟡 #1 «Olga»",
)  # fmt: skip
FIRST: Final = 30_001

LOOSE: Final = re.compile(
    r"@\w{3,}|(?<!\w)#\w*[^\W\d]\w*|\$[A-Z]{3,}|(?<![\w/])/[A-Za-z]\w*|\w+://|[^\W_]\.[^\W\d_]{2,}|"
    r"(?<![\w.])\+?\d(?:[ ()-]*\d){7,}"
)
"""What any of Telegram's apps could make something to tap, more than the pretend one finds."""
DRAFT: Final = said("teach-head", language="English")
"""Begins a draft, in which the staff's own words stand as a quotation."""
TURNING: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def test_there_are_enough_of_them() -> None:
    """All different."""
    assert len(set(HOSTILE)) == len(HOSTILE) >= 60


def loose(message: Mapping[str, Any]) -> Iterator[str]:
    """What in a post could be tapped, outside of what is marked as code; but for the staff's own commands."""
    text = message.get("text") or message.get("caption") or ""
    kept = text.encode("utf-16-le")
    entities = [*message.get("entities", ()), *message.get("caption_entities", ())]
    inside = ("code", "pre", "blockquote") if text.startswith(DRAFT) else ("code", "pre")
    for one in entities:
        if one["type"] in inside:
            start, end = 2 * one["offset"], 2 * (one["offset"] + one["length"])
            kept = kept[:start] + b"\x00\xe0" * ((end - start) // 2) + kept[end:]
    yield from (one["type"] for one in entities if one["type"] in ("text_link", "text_mention"))
    for found in LOOSE.finditer(kept.decode("utf-16-le", "replace")):
        if found[0].removeprefix("/") not in COMMANDS:
            yield found[0]


class Stage:
    """An owner for each hostile text, who is called so, too."""

    def __init__(self, desk: Bench, group: Group) -> None:
        self.desk, self.group, self.visitors = desk, group, desk.telegram.visitors
        self.owners = {FIRST + place: words for place, words in enumerate(HOSTILE)}
        for person, words in self.owners.items():
            self.visitors.add_person(words[:64] or "x", "en", person_id=person)

    async def each(self, act: Callable[[int, str], object]) -> None:
        """All of them do it; then everything is delivered."""
        for person, words in self.owners.items():
            act(person, words)
        assert await self.desk.quiet(60)

    def press(self, person: int, action: str) -> None:
        self.desk.tap(person, action)

    def handover(self, person: int) -> int:
        return int(self.desk.rows(f"SELECT max(id) FROM handover WHERE chat_id = {person}")[0][0])

    def thread(self, person: int) -> int:
        return int(self.desk.rows(f"SELECT thread_id FROM topic WHERE chat_id = {person}")[0][0])

    def tap(self, who: Any, act: str, about: int) -> None:
        """A button in the group, by its data."""
        data = next(one for one in self.group.buttons() if one[2] == f"!{act}:{_b36(about)}")
        self.visitors.press(who.id, data[0], data[2], chat_id=STAFF_GROUP)

    def sends(self, person: int, words: str) -> None:
        """In their private chat: words, a photo, and the words changed."""
        told = self.visitors.say(person, words)
        self.visitors.send(person, "photo", caption=words[:1024].replace("\x00", ""))
        self.visitors.edit(person, told["message"]["message_id"], f"{words[:4000]} changed")

    def answers(self, person: int, words: str) -> None:
        """In the topic."""
        for text in (words, f"/note {words}"):
            self.group.say(PETRA, text, self.thread(person))

    def teaches(self, person: int, words: str) -> None:
        self.group.say(PETRA, f"/teach {words}", self.thread(person))


def _b36(number: int) -> str:
    digits = ""
    while number:
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36] + digits
        number //= 36
    return digits or "0"


async def test_hostile_words_are_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a name, a question, relayed words, captions, edits, notes, staff's answers and taught answers.

    No request is refused (but an edit beyond what fits, which changes nothing), nothing that an owner put into the
    staff's posts can be tapped or turns lines around, names of topics and data of buttons keep their limits, and
    nothing is lost.
    """
    monkeypatch.setattr(flood, "IN_STORE", 10_000)  # Petra does hundreds of things in a few seconds
    desk, group = staffed(tmp_path)
    stage = Stage(desk, group)
    async with desk.running():
        await group.appoint(PETRA)
        await stage.each(lambda person, words: desk.say(person, "/start"))
        await stage.each(lambda person, words: stage.press(person, "agree"))
        await stage.each(lambda person, words: desk.say(person, f"/human {words}"))
        await stage.each(lambda person, words: stage.tap(PETRA, "claim", stage.handover(person)))
        await stage.each(stage.teaches)
        await stage.each(lambda person, words: _talk(desk, stage, person))
        await stage.each(stage.sends)
        await stage.each(stage.answers)
        await _approve_all(desk, stage)
        await stage.each(lambda person, words: stage.tap(PETRA, "close", stage.handover(person)))
        await stage.each(lambda person, words: group.say(OLGA, "Still there?", stage.thread(person)))
        await stage.each(desk.say)
        group.say(PETRA, "/queue")
        group.say(PETRA, "/mine")
        assert await desk.quiet()
    _judge(desk, group)
    assert len({one.name for one in group.topics().values()}) == len(HOSTILE)
    assert desk.rows("SELECT count(*) FROM taught WHERE state = 'approved'")[0][0] >= 60


def _talk(desk: Bench, stage: Stage, person: int) -> None:
    if desk.rows(f"SELECT kind FROM handover WHERE chat_id = {person}") == [("question",)]:
        stage.tap(PETRA, "talk", stage.handover(person))


async def _approve_all(desk: Bench, stage: Stage) -> None:
    for act, who in (("submit", PETRA), ("approve", OLGA)):
        state = {"submit": "draft", "approve": "submitted"}[act]
        for (draft,) in desk.rows(f"SELECT id FROM taught WHERE state = '{state}' AND question != ''"):
            stage.tap(who, act, draft)
        assert await desk.quiet(60)


def _judge(desk: Bench, group: Group) -> None:
    refused = [(one.method, one.outcome, str(one.params.get("text", one.params))[:80]) for one in desk.requests
               if one.code >= 400 and one.method != "getUpdates" and "not modified" not in one.outcome]  # fmt: skip
    assert not refused, refused[:10]
    assert not desk.rows("SELECT text, error FROM outbox WHERE state != 'sent'")
    assert not desk.rows("SELECT error FROM failed_update")
    ours = [one for one in group.messages() if one["from"]["is_bot"]]
    assert not [(words, one.get("text")) for one in ours for words in loose(one)][:5]
    shown = [one.get("text") or one.get("caption") or "" for one in ours]
    assert not [one for one in shown if TURNING.search(one)][:5]
    assert max(units(one.name) for one in group.topics().values()) <= 128
    assert not [one.name for one in group.topics().values() if TURNING.search(one.name) or "\n" in one.name]
    assert max(len(data.encode()) for _, _, data in group.buttons()) <= 64


async def test_many_cards_of_hostile_owners_fit_into_one_message(tmp_path: Path) -> None:
    """A rush of owners whose names and questions are emoji, told together: no message is too long."""
    desk, group = staffed(tmp_path)
    people = range(FIRST, FIRST + 24)
    for person in people:
        desk.telegram.visitors.add_person("😀" * 64, "en", person_id=person)
    async with desk.running(rates=(1000, 1000, 1)):
        for person in people:
            desk.say(person, "/start")
        assert await until(lambda: all("agree" in desk.actions(person) for person in people))
        for person in people:
            desk.tap(person, "agree")
        assert await desk.quiet()
        for person in people:
            desk.say(person, "/human " + "<@😀>" * 300)
        assert await until(lambda: bool(group.texts(0)))
    assert not [one.outcome for one in desk.requests if one.code >= 400 and one.method != "getUpdates"]
    assert group.links() == []
    assert 5 < len(group.buttons()) == len(group.texts(0)[0].split(" · English · ")) - 1


@pytest.mark.parametrize("length", [4096, 40_000])
def test_a_long_word_is_made_inert_in_no_time(length: int) -> None:
    """Nobody stops the bot with one message."""
    for words in (
        "a" * length,
        "a" * length + "@",
        ("a" * 50 + " ") * (length // 51),
        "1-" * (length // 2),
        "+" * length,
    ):
        began = time.process_time()
        inert(words)
        assert time.process_time() - began < 0.05, words[:10]


def test_the_words_can_still_be_read() -> None:
    """What is made inert says the same."""
    for words in HOSTILE:
        clean = words.encode("utf-8", "replace").decode()
        assert plain(inert(clean)) == harmless(clean)
