"""Databases with simulated sessions, made by the real simulation, and replays of what is in them."""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.app import read_shelf, stored_dialog
from bot.dialog.phrases import Content
from bot.hot_content import Read
from bot.review.replay import Replay, Replayer
from bot.settings import Settings
from bot.simulation.crowd import Crowd, Plan
from bot.store import transcripts
from bot.store.contents import Contents
from bot.store.database import opened

UNTIL_MS = 1_795_341_600_000
"""A Sunday in November."""


def shipped() -> Read:
    """The shipped content, with its files."""
    return read_shelf(Settings())


def simulate(path: Path, read: Read, count: int, seed: int = 1) -> None:
    """Simulate so many owners into the database at `path`."""

    async def work() -> None:
        async with opened(path) as database:
            await Crowd(database, read.content, Plan(count, seed, UNTIL_MS)).run(read.files, lambda _: None)

    asyncio.run(work())


def replays(path: Path, content: Content, change: Callable[[Content], Content] = lambda one: one) -> list[Replay]:
    """All sessions replayed, under the phrases of `content` as `change` makes them, each on its stored dialog."""
    current = change(replace(content, dialog=replace(content.dialog, version="")))

    async def work() -> list[Replay]:
        async with opened(path) as database:
            replayer = Replayer(database, Contents(current, stored_dialog))
            rows = await transcripts.sessions(database, 100_000)
            return [await replayer.replayed(row["id"]) for row in rows]

    return asyncio.run(work())


def execute(path: Path, sql: str, *values: object) -> None:
    """Change the database behind the bot's back."""
    with sqlite3.connect(path) as connection:
        connection.execute(sql, values)
    connection.close()


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    """What a query finds."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()
