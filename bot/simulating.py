"""`advisor simulate`: sessions of owners who do not exist, into a database that no bot runs on; and out again."""

from collections.abc import Callable

from bot.hot_content import Read
from bot.simulation import removal
from bot.simulation.crowd import Crowd, Plan
from bot.store.database import opened
from bot.store.database_file import DatabaseFile


async def simulated(at: DatabaseFile, read: Read, plan: Plan, told: Callable[[int], None]) -> dict[str, int]:
    """Simulate a plan; how many sessions and turns it came to. `told` hears of owners who came to their end.

    Raises DatabaseRefusedError (a bot runs on the file, or it is none of ours), StoreError.
    """
    async with opened(at.path, at.keys) as database:
        before = await removal.counted(database)
        await Crowd(database, read.content, plan).run(read.files, told)
        after = await removal.counted(database)
    return {"owners": plan.count, **{name: after[name] - before[name] for name in ("sessions", "lines")}}


async def removed(at: DatabaseFile, begin: Callable[[int], Callable[[int], None]]) -> dict[str, int]:
    """Take all out again; how much it was. `begin` is told how many owners there are, and gives who hears of each.

    Raises DatabaseRefusedError, StoreError.
    """
    async with opened(at.path, at.keys) as database:
        found = await removal.counted(database)
        await removal.remove(database, begin(found["owners"]))
    return found
