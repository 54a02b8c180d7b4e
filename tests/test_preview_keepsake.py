"""The preview's chats outlive a restart of the program."""

import asyncio
from pathlib import Path

import pytest

from bot.preview.errors import VisitorError
from bot.preview.keepsake import keep, recall, remember
from bot.preview.pretend import PretendTelegram


async def test_chats_and_unconfirmed_updates_come_back(tmp_path: Path) -> None:
    """Old buttons can still be pressed, edits still find their message, and ids go on."""
    path = tmp_path / "chats.json"
    before = PretendTelegram()
    ana = before.visitors.add_person("Ana", "pt")
    group = before.visitors.add_group("Staff", {ana.id: "administrator"})
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]}
    sent = await before.call("sendMessage", {"chat_id": ana.id, "text": "Which?", "reply_markup": keyboard})
    said = before.visitors.say(ana.id, "wait")
    remember(before, path)

    after = PretendTelegram()
    recall(after, path)
    assert after.world.people[ana.id] == ana
    assert after.world.chats[group.id].members == {ana.id: "administrator"}
    assert await after.call("getUpdates", {}) == [said]
    pressed = after.visitors.tap(ana.id, "a")
    assert pressed["update_id"] > said["update_id"]
    await after.call("editMessageText", {"chat_id": ana.id, "message_id": sent["message_id"], "text": "Which? a"})
    assert after.visitors.say(ana.id, "on")["message"]["message_id"] > said["message"]["message_id"]


async def test_it_is_kept_while_it_runs_and_when_it_ends(tmp_path: Path) -> None:
    """Every change within moments, the last one at the end."""
    path = tmp_path / "chats.json"
    telegram = PretendTelegram()
    task = asyncio.create_task(keep(telegram, path, 0.01))
    ana = telegram.visitors.add_person("Ana")
    await asyncio.sleep(0.1)
    assert "Ana" in path.read_text(encoding="utf-8")
    telegram.visitors.say(ana.id, "last words")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert "last words" in path.read_text(encoding="utf-8")


def test_no_file_is_an_empty_start_and_a_foreign_file_is_refused(tmp_path: Path) -> None:
    """With what to do about it."""
    telegram = PretendTelegram()
    recall(telegram, tmp_path / "none.json")
    assert not telegram.world.people
    for text in ("nonsense", "[]", '{"people": [{}]}'):
        (tmp_path / "bad.json").write_text(text, encoding="utf-8")
        with pytest.raises(VisitorError, match="remove it"):
            recall(telegram, tmp_path / "bad.json")
