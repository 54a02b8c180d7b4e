"""`advisor prune`: what is older than owners were told, and its end."""

import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import typer

from bot.app import now_ms
from bot.store import retention, words
from bot.store.database import opened, opened_for_reading
from bot.store.database_file import DatabaseFile
from bot.store.filters import DAY_MS
from bot.store.retention import Count
from bot.store.scrubbing import scrub


async def looked_at(at: DatabaseFile, days: int, now: int) -> dict[str, Count]:
    """What there is too old, by table; also while a bot runs on it. Raises DatabaseRefusedError."""
    async with opened_for_reading(at.path, at.keys) as database:
        return await retention.counts(database, now, days * DAY_MS)


def listing(found: dict[str, Count], days: int, now: int) -> str:
    """A line a table."""
    since = _day(now - days * DAY_MS)
    head = f"Kept are {days} days: what is older than {since} goes. (Files that only serve the bot have other limits.)"
    lines = [f"{'table':<14} {'too old':>9} {'of':>9}   oldest that stays"]
    lines += [f"{name:<14} {one.old:>9} {one.all:>9}   {_day(one.oldest_kept)}" for name, one in found.items()]
    return "\n".join([head, *lines])


def as_json(found: dict[str, Count], days: int, now: int, *, deleted: bool) -> str:
    """For programs."""
    tables = {name: asdict(one) for name, one in found.items()}
    head = {"days": days, "kept_since": now - days * DAY_MS, "deleted": deleted}
    return json.dumps({**head, "tables": tables}, indent=1)


async def pruned(at: DatabaseFile, days: int, found: dict[str, Count]) -> int:
    """Delete it, with a progress bar; gives how many sessions went. Raises DatabaseRefusedError while a bot runs."""
    sessions = found["session"].old
    async with opened(at.path, at.keys) as database:
        with _progress(sessions) as step:
            gone = await retention.prune(database, now_ms(), days * DAY_MS, step, alone=True)
        await words.merge(database)
        await scrub(at.path)
    return gone


def _progress(most: int) -> Any:
    """A bar on stderr, where somebody looks at it."""
    if not sys.stderr.isatty():
        quiet: Callable[[int], None] | None = None
        return nullcontext(quiet)
    return _Bar(most)


class _Bar:
    """Typer's bar, as something to call with each step."""

    def __init__(self, most: int) -> None:
        self._bar = typer.progressbar(length=most, label="Sessions", file=sys.stderr)

    def __enter__(self) -> Callable[[int], None]:
        return self._bar.__enter__().update

    def __exit__(self, *raised: Any) -> None:
        self._bar.__exit__(*raised)


def _day(at: int | None) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat() if at is not None else "-"
