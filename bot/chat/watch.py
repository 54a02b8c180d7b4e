"""Watches over the staff's group: what time brings about there, and what we lack in it."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from bot.chat.room import Room
from bot.dialog.phrases import Words
from bot.store.database import StoreError
from bot.turns import Turns

TICK_SECONDS: Final = 5.0
LOOK_SECONDS: Final = 3600.0

log = structlog.get_logger(__name__)


class Watch:
    """Two loops, until cancelled; without a staff group they only wait."""

    def __init__(self, turns: Turns, room: Room, wake_sender: Callable[[], None]) -> None:
        self._turns, self._room, self._wake_sender = turns, room, wake_sender

    async def tick(self) -> None:
        """Let time pass in the turns, every few seconds."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            try:
                if await self._turns.tick():
                    self._wake_sender()
            except StoreError as error:
                log.error("the store fails; alerts wait", error=str(error))

    async def look(self) -> None:
        """Look at the group at the start, whenever our rights there change, and every hour."""
        while self._turns.desk.is_staffed:
            self._turns.group_changed.clear()
            self._room.chat = self._turns.desk.chat
            await self._room.look()
            if self._room.chat != self._turns.desk.chat:
                await self._moved()
            await self._tell()
            try:
                await asyncio.wait_for(self._turns.group_changed.wait(), LOOK_SECONDS)
            except TimeoutError:
                continue
        await asyncio.Event().wait()

    async def _moved(self) -> None:
        """The group became a supergroup while nobody looked."""
        try:
            await self._turns.moved(self._room.chat)
        except StoreError as error:
            log.error("the store fails; the group's new id is noted later", error=str(error))

    async def _tell(self) -> None:
        lacks = self._room.lacks
        words = Words(self._turns.content, "en")
        for lack in lacks:
            log.warning("the staff's group is not set up yet", lack=lack, remedy=words.plain(f"staff-lacks-{lack}"))
        try:
            if await self._turns.lacking(lacks):
                self._wake_sender()
        except StoreError as error:
            log.error("the store fails; the admins are told later", error=str(error))
