"""Waiting for something to come true."""

import asyncio
import time
from collections.abc import Callable

PAUSE = 0.02


async def until(condition: Callable[[], object], seconds: float = 20.0) -> bool:
    """Wait until `condition` holds; False when it does not in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        await asyncio.sleep(PAUSE)
    return bool(condition())
