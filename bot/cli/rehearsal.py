"""`advisor replay`, `advisor simulate`: sessions held again, and sessions that nobody held."""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.shared import AsJson, AtDatabase, a_typer, content_of, database_at, language_of, refuse, reported, stop
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.dialog.phrases import Content
    from bot.replaying import Chosen
    from bot.store.database_file import DatabaseFile

app = a_typer()
PREVIEW_DATABASE = Path("preview.db")


@app.command()
def replay(
    sessions: Annotated[list[int] | None, typer.Argument(help="their numbers; without any: all that fit")] = None,
    language: Annotated[str, typer.Option("--language", "-l", help="only those in this language")] = "",
    days: Annotated[int, typer.Option(min=0, help="only those begun in the last so many days")] = 0,
    version: Annotated[str, typer.Option(help="only those of this dialog version")] = "",
    simulated: Annotated[bool | None, typer.Option("--simulated/--real", help="only the simulated, the real")] = None,
    against: Annotated[Path | None, typer.Option(help="a folder with a draft of the dialog: what would change")] = None,
    database: AtDatabase = None,
    as_json: AsJson = False,
) -> None:
    """Recompute stored sessions on their own dialog version, and show where one comes out differently.

    Answers of the knowledge, phrases, and what concerns a person are taken as stored. Ends with 1 where one differs.
    """
    from bot import replaying

    since = int((datetime.now(UTC) - timedelta(days=days)).timestamp() * 1000) if days else 0
    code = language_of(language) if language else ""
    chosen = replaying.Chosen(tuple(sessions or ()), code, version, since, simulated)
    content = content_of(read_settings())
    if against is not None:
        _replay_against(against, content, chosen, database_at(database), as_json)
        return
    found = reported(replaying.replays(database_at(database), content, chosen, _counting("replaying")))
    print(replaying.as_json(found) if as_json else replaying.told(found))
    if any(one.outcome == "differs" for one in found):
        raise SystemExit(1)


def _replay_against(
    folder: Path, content: "Content", chosen: "Chosen", database: "DatabaseFile", as_json: bool
) -> None:
    from bot import replaying
    from bot.content.problems import ContentProblems

    try:
        draft = replaying.draft_of(folder, content)
    except ContentProblems as error:
        refuse(error)
    found = reported(replaying.effects(database, content, draft, chosen, _counting("comparing")))
    print(replaying.effects_as_json(found) if as_json else replaying.effects_told(found))


def _counting(label: str) -> Callable[[Sequence[int]], Sequence[int]]:
    """A bar on stderr while the numbers are gone through, where there are enough of them to wait for."""

    def counting(ids: Sequence[int]) -> Iterator[int]:
        with typer.progressbar(ids, label=label, file=sys.stderr, hidden=len(ids) < 100) as bar:
            yield from bar

    return counting  # type: ignore[return-value]


@app.command()
def simulate(
    count: Annotated[int, typer.Argument(min=0, help="how many owners")] = 0,
    seed: Annotated[int, typer.Option(help="the same seed makes the same owners")] = 1,
    days: Annotated[int, typer.Option(min=2, max=366, help="over how many days they came, until today")] = 28,
    database: Annotated[Path, typer.Option(help="where their sessions go")] = PREVIEW_DATABASE,
    remove: Annotated[bool, typer.Option("--remove", help="take all simulated sessions out again")] = False,
    as_json: AsJson = False,
) -> None:
    """Make believable sessions with owners who do not exist, to have something to look at in the review pages.

    They are held by the real engine, are marked as simulated everywhere, and nothing of them is ever sent.
    """
    if bool(count) is remove:
        stop("Say how many: advisor simulate 2000 --seed 1 --database preview.db; or --remove.", 2)
    _remove(database, as_json) if remove else _simulate(database, count, seed, days, as_json)


def _simulate(path: Path, count: int, seed: int, days: int, as_json: bool) -> None:
    from bot.app import now_ms, read_shelf
    from bot.content.problems import ContentProblems
    from bot.simulating import simulated
    from bot.simulation.crowd import Plan

    try:
        read = read_shelf(read_settings())
    except ContentProblems as error:
        refuse(error)
    with _bar("simulating", count) as told:
        made = _done(simulated(database_at(path), read, Plan(count, seed, now_ms(), days), told))
    if as_json:
        print(json.dumps(made))
    else:
        print(f"{made['sessions']} sessions of {count} owners are in {path}, all marked as simulated.")
        where = "" if path == PREVIEW_DATABASE else f" --database {quote(str(path))}"
        print(f"Look at them: `advisor preview{where}`. Take them out: `advisor simulate --remove{where}`.")


def _remove(path: Path, as_json: bool) -> None:
    from bot.simulating import removed

    if not path.exists():
        stop(f"There is no database at {path}. Name it with --database.")
    with ExitStack() as bars:
        made = _done(removed(database_at(path), lambda count: bars.enter_context(_bar("removing", count))))
    print(json.dumps(made) if as_json else f"{made['sessions']} simulated sessions were taken out of {path}.")


@contextmanager
def _bar(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr, where there is enough to wait for."""
    with typer.progressbar(length=length, label=label, file=sys.stderr, hidden=length < 100) as bar:
        yield bar.update


def _done(work: Coroutine[Any, Any, dict[str, int]]) -> dict[str, int]:
    from bot.store.database import DatabaseRefusedError, StoreError

    try:
        return asyncio.run(work)
    except (DatabaseRefusedError, StoreError) as error:
        stop(str(error))
