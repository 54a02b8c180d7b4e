"""Makes a database of a million sessions and measures the review pages on it.

    PYTHONPATH=. python tests/review_bench.py make /tmp/big.db --sessions 1000000
    PYTHONPATH=. python tests/review_bench.py measure /tmp/big.db
    PYTHONPATH=. python tests/review_bench.py cost /tmp/big.db

`make`: a crowd walks the shipped dialog through the real turns; its sessions are then copied as often as it takes, each
with words of its own, 15 lines each on the average, spread over a year. `measure`: times at the server, through the
whole app, 200 requests of each kind. `cost`: the same turns written with and without what review needs (into that
database and into a copy of it).
"""

import argparse
import asyncio
import contextlib
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiosqlite
from dialog_live import FOLDER, LIVE, Wanderer, a_question
from harness.walkers import NOW, walking

from bot.content.load import read_folder
from bot.dialog.events import Pressed, Said
from bot.languages import LANGUAGES
from bot.store.database import PRAGMAS, Database
from bot.store.statements import Job, Sql
from bot.store.traffic import added_up
from bot.store.transcripts import digest
from bot.store.writer import writer

DAY = 24 * 3600 * 1000
LINES_EACH = 15
BATCH = 2000
SHARE = {"en": 0.5, "pt": 0.25, "bg": 0.17, "fi": 0.08}
VERSIONS = ("bench-oldest", "bench-older")


def files() -> dict[str, str]:
    return {name: data.decode() for name, data in read_folder(FOLDER).items() if name != "phrases.yaml"}


# -- a crowd


class Owner(Wanderer):
    """Mostly answers what is asked."""

    def event(self) -> Any:
        answers = [one for one in self.newest if one.press.action == "answer"]
        roll = self.dice.random()
        if answers and roll < 0.8:
            return Pressed(data=self.dice.choice(answers).press.data())
        if roll < 0.9:
            return Said(text=a_question(LIVE, self.dice))
        return super().event()


async def crowd(path: Path, people: int) -> None:
    """Sessions to copy, in a database at `path`."""
    async with walking(path, LIVE, files()) as walked:
        for person in range(1, people + 1):
            await walked.to_first_question(person, list(LANGUAGES)[person % len(LANGUAGES)])
            owner, before = Owner(LIVE, person), walked.people[person]
            owner.session, owner.seen, owner.newest = before.session, before.seen, before.newest
            walked.people[person] = owner
            for _ in range(random.Random(person).choice((0, 0, 1, 1, 2, 3, 3, 4, 8, 13))):
                await walked.act(person)


def templates(path: Path) -> dict[str, list[tuple[dict[str, Any], list[dict[str, Any]]]]]:
    """By language, sessions with their lines and the wordings of these."""
    with sqlite3.connect(path) as db:
        db.row_factory = sqlite3.Row
        found: dict[str, list[Any]] = {language: [] for language in LANGUAGES}
        for row in db.execute("SELECT * FROM session WHERE lines > 3"):
            lines = db.execute(
                """SELECT t.*, w.text, b.text AS labels FROM transcript t JOIN wording w ON w.digest = t.digest
                LEFT JOIN wording b ON b.digest = t.buttons WHERE session_id = ? ORDER BY line""", (row["id"],),
            )  # fmt: skip
            found[row["language"]].append((dict(row), [dict(line) for line in lines]))
        return found


# -- a million sessions


class Talk:
    """Words as owners use them, the frequent ones often."""

    def __init__(self) -> None:
        self.pools: dict[str, list[str]] = {language: self._words(language) for language in LANGUAGES}
        self.dice = random.Random(7)

    @staticmethod
    def _words(language: Any) -> list[str]:
        texts = [one.question.to(language) + " " + one.answer.to(language) for one in LIVE.knowledge.entries.values()]
        return [word for text in texts for word in text.replace("<b>", "").replace("</b>", "").split()]

    def text(self, language: str) -> str:
        return " ".join(self.dice.choices(self.pools[language], k=self.dice.randint(2, 12)))


def make(path: Path, sessions: int) -> None:
    from bot.store.database import opened

    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "crowd.db"
        asyncio.run(crowd(small, 400))
        found = templates(small)
        with sqlite3.connect(small) as db:
            db.row_factory = sqlite3.Row
            for one in added_up():
                db.execute(one.sql.text)
            traffic = [dict(row) for row in db.execute("SELECT * FROM traffic")]

    async def begin() -> None:
        async with opened(path):
            pass

    asyncio.run(begin())
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        for pragma in ("journal_mode=WAL", "synchronous=OFF", "cache_size=-1500000", "wal_autocheckpoint=20000"):
            db.execute(f"PRAGMA {pragma}")
        fill(db, found, traffic, sessions)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    print(f"{path.stat().st_size / 1e9:.2f} GB")


def fill(db: sqlite3.Connection, found: Any, traffic: list[dict[str, Any]], sessions: int) -> None:
    version = next(iter(found["en"]))[0]["dialog_version"]
    kept = json.dumps(files())
    db.executemany("INSERT INTO dialog_version VALUES (?, ?, 0)", [(one, kept) for one in (version, *VERSIONS)])
    talk, dice, began = Talk(), random.Random(3), time.monotonic()
    for first in range(1, sessions + 1, BATCH):
        rows = Rows(version, talk, dice)
        for number in range(first, min(first + BATCH, sessions + 1)):
            language = dice.choices(list(SHARE), list(SHARE.values()))[0]
            at = NOW - 365 * DAY + 365 * DAY * number // (sessions + 1)
            rows.add(number, at, *dice.choice(found[language]))
        db.execute("BEGIN")
        rows.write(db)
        db.execute("COMMIT")
        progress(min(first + BATCH - 1, sessions), sessions, began)
    fill_traffic(db, [version, *VERSIONS], traffic)


def fill_traffic(db: sqlite3.Connection, versions: list[str], traffic: list[dict[str, Any]]) -> None:
    """The counts of a year: two months by day, the rest by month, each dialog version a third of the time."""
    db.execute("BEGIN")
    for back in [*range(62), *range(62, 365, 30)]:
        days = {"day": NOW // DAY - back, "dialog_version": versions[back * len(versions) // 365]}
        write_rows(db, "traffic", [{**row, **days, "n": row["n"] * 20} for row in traffic])
    db.execute("COMMIT")


class Rows:
    """What one transaction of `make` writes."""

    def __init__(self, version: str, talk: Talk, dice: random.Random) -> None:
        self.version, self.talk, self.dice = version, talk, dice
        self.tables: dict[str, list[dict[str, Any]]] = {}

    def put(self, table: str, **row: Any) -> None:
        self.tables.setdefault(table, []).append(row)

    def add(self, number: int, at: int, session: dict[str, Any], lines: list[dict[str, Any]]) -> None:
        id_, chat, roll = 100_000_000 + number, 10_000_000 + number, self.dice.random()
        version = self.version if roll < 0.6 else VERSIONS[roll < 0.7]
        done = at + self.dice.randint(60_000, 3_600_000)
        self.put("chat", id=chat, language=session["language"], consent="x", consented_at=at, session_id=id_,
                 question_id=0, texted=0, apologised_at=0, blocked_at=None)  # fmt: skip
        self.put("session", **{**session, "id": id_, "chat_id": chat, "dialog_version": version, "begun_at": at,
                 "updated_at": done, "lines": len(lines)})  # fmt: skip
        for place, line in enumerate(lines):
            self.line(id_, place, at + (done - at) * place // len(lines), session["language"], line)
        self.beside(id_, chat, at, session["language"])

    def line(self, id_: int, place: int, at: int, language: str, line: dict[str, Any]) -> None:
        text, labels = line["text"], line["labels"]
        if line["who"] == "owner" and line["kind"] == "said":
            text = self.talk.text(language)
        self.put("wording", digest=digest(text), text=text)
        if labels is not None:
            self.put("wording", digest=digest(labels), text=labels)
        self.put("transcript", session_id=id_, line=place, at=at, who=line["who"], kind=line["kind"],
                 digest=digest(text), buttons=digest(labels) if labels is not None else None,
                 taken=line["taken"])  # fmt: skip

    def beside(self, id_: int, chat: int, at: int, language: str) -> None:
        roll = self.dice.random()
        if roll < 0.03:
            self.put("handover", id=id_, chat_id=chat, session_id=id_, kind="chat", state="returned",
                     language=language, name="Ana", question="", wished_at=at, claimed_by=5, claimed_name="Bo",
                     claimed_at=at + 60_000, owner_at=at, staff_at=at, ended_at=at + DAY, ending="closed", card_id=0,
                     overdue_told=0, silence_told=0, rating=self.dice.randint(0, 5))  # fmt: skip
        if roll < 0.06:
            self.put("opinions", chat_id=chat, cell="kpo/what", session_id=id_, language=language,
                     helpful=self.dice.random() < 0.8, at=at)  # fmt: skip
        if roll < 0.01:
            self.put("review", session_id=id_, flagged=roll < 0.001, reviewed_by=5, reviewed_name="Ana",
                     reviewed_at=at + DAY)  # fmt: skip
        if roll < 0.002:
            self.put("label", session_id=id_, label=self.dice.choice(["odd", "good", "fix"]), by=5, at=at + DAY)

    def write(self, db: sqlite3.Connection) -> None:
        for table in ("chat", "session", "wording", "transcript", "handover", "opinions", "review", "label"):
            if rows := self.tables.get(table):
                write_rows(db, table, rows, "INSERT OR IGNORE" if table == "wording" else "INSERT")


def write_rows(db: sqlite3.Connection, table: str, rows: list[dict[str, Any]], how: str = "INSERT") -> None:
    names, values = ", ".join(f'"{name}"' for name in rows[0]), ", ".join(f":{name}" for name in rows[0])
    db.executemany(f"{how} INTO {table} ({names}) VALUES ({values})", rows)


def progress(done: int, all_: int, began: float) -> None:
    left = (time.monotonic() - began) / done * (all_ - done)
    bar = "#" * (40 * done // all_)
    print(f"\r[{bar:<40}] {done:,} of {all_:,}, {left:.0f} s left ", end="", file=sys.stderr, flush=True)


# -- how long pages take


async def measure(path: Path, times: int, only: str) -> None:
    """Prints what each kind of page took at the server: half of the requests, 95 of 100, the longest."""
    from harness.looking import looking

    async with looking(path, lambda: NOW) as admin:
        rows = await admin.database.look(
            Sql("SELECT min(id) AS low, max(id) AS high FROM session WHERE id > 100000000", {})
        )
        for name, request in kinds(rows[0]["low"], rows[0]["high"]).items():
            if only not in name:
                continue
            took = []
            for _ in range(times):
                address, query = request()
                began = time.perf_counter()
                answer = await admin.get(address, **query)
                took.append((time.perf_counter() - began) * 1000)
                assert answer.status in {200, 503}, (name, query, answer.words[-200:])
            took.sort()
            figures = [took[len(took) // 2], took[int(len(took) * 0.95)], took[-1]]
            print(f"{name:<44}" + "".join(f"{one:>9.1f}" for one in figures), flush=True)


def kinds(low: int, high: int) -> dict[str, Callable[[], tuple[str, dict[str, object]]]]:
    """What is asked for: each time another one."""
    dice, talk = random.Random(11), Talk()

    def a_word(least: int, most: int) -> str:
        while True:
            word = dice.choice(talk.pools[dice.choice(list(SHARE))]).strip("?.,:;()").lower()
            if len(word) >= least and word.isalpha():
                return word[: dice.randint(least, most)]

    def a_day() -> str:
        return time.strftime("%Y-%m-%d", time.gmtime((NOW - dice.randrange(360) * DAY) / 1000))

    def one_of(**choices: list[str]) -> Callable[[], tuple[str, dict[str, object]]]:
        return lambda: ("sessions", {name: dice.choice(values) for name, values in choices.items()})

    candidates = [*LIVE.dialog.candidates, "not-enough"]
    return {
        "newest page": lambda: ("sessions", {}),
        "deep page": lambda: ("sessions", {"before": dice.randint(low, high)}),
        "deep page, newer": lambda: ("sessions", {"after": dice.randint(low, high)}),
        "by language": one_of(language=list(SHARE)),
        "by state": one_of(state=["going-on", "advised", "left"]),
        "by advice": one_of(advice=candidates),
        "by version": one_of(version=list(VERSIONS)),
        "by rating": one_of(rating=["1", "5", "helpful", "unhelpful"]),
        "handed over, flagged, reviewed, labelled": one_of(handed=["yes"], flagged=["", "yes"], label=["", "odd"]),
        "left at a question": one_of(left_at=list(LIVE.dialog.nodes)),
        "until a day": lambda: ("sessions", {"until": a_day()}),
        "from a day on": lambda: ("sessions", {"since": a_day()}),
        "language and advice": one_of(language=list(SHARE), advice=candidates),
        "one session": lambda: (f"sessions/{dice.randint(low, high)}", {}),
        "one session, in a filter": lambda: (f"sessions/{dice.randint(low, high)}", {"language": "fi"}),
        "words: beginnings of 2 to 4 letters": lambda: ("sessions", {"words": a_word(2, 4)}),
        "words: whole": lambda: ("sessions", {"words": a_word(4, 40)}),
        "words: two": lambda: ("sessions", {"words": f"{a_word(3, 9)} {a_word(3, 9)}"}),
        "words: of a language": lambda: ("sessions", {"words": a_word(3, 9), "language": dice.choice(list(SHARE))}),
        "words: since a day": lambda: ("sessions", {"words": a_word(3, 9), "since": a_day()}),
        "tree with its traffic, over everything": lambda: ("tree", {}),
        "tree, one language": lambda: ("tree", {"language": dice.choice(list(SHARE))}),
    }


# -- what it costs a turn


WITHOUT = (
    "DROP TRIGGER words_written", "DROP TRIGGER words_deleted", "DROP TABLE words_known", "DROP TABLE words",
    *(f"DROP INDEX session_by_{name}" for name in ("begin", "language", "advice", "version", "place")),
    "DROP INDEX session_simulated",
    "DROP INDEX handover_by_session", "DROP INDEX handover_by_rating", "DROP INDEX opinion_by_verdict",
)  # fmt: skip


async def cost(path: Path, people: int) -> None:
    """Prints what a turn's transaction takes with and without what review needs, the same turns in turn."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        jobs = await recorded(Path(folder) / "crowd.db", people)
        plain = Path(folder) / "plain.db"
        with sqlite3.connect(path) as db, sqlite3.connect(plain) as copy:
            db.backup(copy)
        with contextlib.closing(sqlite3.connect(plain, isolation_level=None)) as db:
            for statement in WITHOUT:
                db.execute(statement)
        await as_the_bot_writes(path, plain, jobs[::3])
        for durable in (True, False):
            await compare(path, plain, jobs[1::3] if durable else jobs[2::3], durable=durable)


async def as_the_bot_writes(with_all: Path, plain: Path, jobs: list[Job]) -> None:
    """What a turn waits for: through the bot's own writer, in its thread."""
    took: dict[str, list[float]] = {"without": [], "with": []}
    async with kept(with_all) as full, kept(plain) as bare:
        for place, job in enumerate(jobs):
            for name in ("with", "without") if place % 2 else ("without", "with"):
                part = job if name == "with" else tuple(one for one in job if "INTO traffic" not in one.sql.text)
                began = time.perf_counter()
                await (full if name == "with" else bare).write(part)
                took[name].append((time.perf_counter() - began) * 1000)
    tell(f"{len(jobs)} turns, as the bot writes them", took)


@contextlib.asynccontextmanager
async def kept(path: Path) -> AsyncIterator[Database]:
    """The database as it is: `opened` would make again what `plain` lacks."""
    async with writer(path, PRAGMAS) as writing, aiosqlite.connect(path) as reading:
        database = Database(reading, writing)
        loop = asyncio.create_task(database.run())
        yield database
        loop.cancel()


async def recorded(path: Path, people: int) -> list[Job]:
    """The transactions of a crowd's turns."""
    jobs: list[Job] = []
    written = Database.write

    async def write(self: Database, job: Job) -> None:
        jobs.append(job)
        await written(self, job)

    Database.write = write  # type: ignore[method-assign]
    await crowd(path, people)
    Database.write = written  # type: ignore[method-assign]
    return [job for job in jobs if any("INTO seen_update" in one.sql.text for one in job)]


async def compare(with_all: Path, plain: Path, jobs: list[Job], *, durable: bool) -> None:
    took: dict[str, list[float]] = {"without": [], "with": []}
    databases = {
        "with": sqlite3.connect(with_all, isolation_level=None),
        "without": sqlite3.connect(plain, isolation_level=None),
    }
    for db in databases.values():
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=OFF",
            "secure_delete=ON",
            f"synchronous={'FULL' if durable else 'OFF'}",
        ):
            db.execute(f"PRAGMA {pragma}")
    for place, job in enumerate(jobs):
        for name in ("with", "without") if place % 2 else ("without", "with"):
            db, began = databases[name], time.perf_counter()
            db.execute("BEGIN IMMEDIATE")
            for one in job:
                if name == "with" or "INTO traffic" not in one.sql.text:
                    db.executemany(one.sql.text, one.rows)
            db.execute("COMMIT")
            took[name].append((time.perf_counter() - began) * 1000)
    for db in databases.values():
        db.close()
    tell(f"{len(jobs)} turns, SQL alone, {'synced to disk' if durable else 'not synced'}", took)


def tell(how: str, took: dict[str, list[float]]) -> None:
    mean = {name: sum(one) / len(one) for name, one in took.items()}
    median = {name: sorted(one)[len(one) // 2] for name, one in took.items()}
    print(f"{how}: without {mean['without']:.3f} ms, with {mean['with']:.3f} ms on the average: "
          f"{mean['with'] / mean['without'] - 1:+.1%}; median {median['without']:.3f}, {median['with']:.3f} ms: "
          f"{median['with'] / median['without'] - 1:+.1%}", flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make")
    making.add_argument("path", type=Path)
    making.add_argument("--sessions", type=int, default=1_000_000)
    measuring = commands.add_parser("measure")
    measuring.add_argument("path", type=Path)
    measuring.add_argument("--times", type=int, default=200)
    measuring.add_argument("--only", default="", help="kinds whose name holds this")
    costing = commands.add_parser("cost")
    costing.add_argument("path", type=Path)
    costing.add_argument("--people", type=int, default=200)
    given = parser.parse_args()
    if given.command == "make":
        make(given.path, given.sessions)
    else:
        measured = given.command == "measure"
        asyncio.run(measure(given.path, given.times, given.only) if measured else cost(given.path, given.people))


if __name__ == "__main__":
    main()
