"""kill -9 while owners and staff talk: no word is lost, all come in order, once, to whom they are for."""

from pathlib import Path

import pytest
from handover_crash_run import Commit, Run, handover_crash_run, stop_at


async def test_kills_while_owners_and_staff_talk_lose_no_word(tmp_path: Path) -> None:
    """The short form of tests/handover_crash_run.py, by the same oracle."""
    run = Run(kills=2, owners=6, rate=25, seconds_between=0.7, seed=5, progress=False)
    oracle, bot = await handover_crash_run(run, tmp_path)
    assert not oracle.violations, oracle.report()
    assert oracle.number >= 5, oracle.report()
    assert oracle.went_on == oracle.began >= 4
    assert not bot.holds_secret()


@pytest.mark.parametrize(("kind", "number"), [("after-commit", 30)])
async def test_a_stop_at_a_commit_loses_no_word(tmp_path: Path, kind: Commit, number: int) -> None:
    """One of the points of `handover_crash_run.py --everywhere`."""
    oracle, stopped = await stop_at(kind, number, tmp_path)
    assert stopped
    assert not oracle.violations, oracle.report()


async def test_the_oracle_sees_a_loss(tmp_path: Path) -> None:
    """A bot that acknowledges before it has written loses what it was told in its last moment."""
    run = Run(kills=3, owners=8, rate=40, seconds_between=1.0, seed=6, sabotage="ack-first", progress=False, quiet=2)
    oracle, _ = await handover_crash_run(run, tmp_path)
    assert oracle.counts()["lost"] or oracle.counts()["due"], oracle.report()
