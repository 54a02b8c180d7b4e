"""The full-text table: what owners and staff wrote, found by word. Unsealed databases only.

Row ids are `session * LINES + line`, so the newest session comes first without sorting. The table holds no text, no
positions and no lengths, only which word stands in which line; beginnings of two to eight letters have lists of their
own, and longer ones are looked up among the words (FTS5 would gather all their lines first: 70 ms for 200,000).
It is derived: triggers on `transcript` keep it, in the transaction of whoever writes or deletes a line, cascades
included. They find the text in `wording`, so a wording goes after its last line, never before.
"""

import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.store.statements import Job, Sql, many

if TYPE_CHECKING:
    from bot.store.database import Database

LINES: Final = 1 << 16
"""More lines than a session has."""
MOST_TERMS: Final = 8
LONGEST_TERM: Final = 40
LONGEST_LISTED: Final = 8
"""Letters of the longest beginning that has a list."""
MOST_KNOWN: Final = 100
"""So many words may share a longer beginning; more, and FTS5 gathers them."""
STEP_PAGES: Final = 100
"""So many pages of the table are merged in one transaction: some milliseconds."""

_WRITTEN = """({line}.who IN ('owner', 'staff') AND {line}.kind <> 'pressed'
    AND ({line}.kind <> 'commanded' OR instr(coalesce({text}, ''), ' ') > 0))"""
"""Whether a line holds words of a person: not a button's label, nor a command alone."""
_TEXT = "(SELECT text FROM wording WHERE digest = {line}.digest)"
_OPTIONS = "content='', detail=none, columnsize=0, prefix='2 3 4 5 6 7 8', tokenize='unicode61 remove_diacritics 2'"


def written(line: str, text: str) -> str:
    """As SQL: whether the row `line` of `transcript`, whose wording is `text`, holds words that somebody wrote."""
    return _WRITTEN.format(line=line, text=text)


_KEY = f"{{line}}.session_id * {LINES} + {{line}}.line"
_MAKE = (
    f"CREATE VIRTUAL TABLE words USING fts5(text, {_OPTIONS})",
    "CREATE VIRTUAL TABLE words_known USING fts5vocab(words, row)",
    f"""INSERT INTO words (rowid, text) SELECT {_KEY.format(line="t")}, w.text FROM transcript t
        JOIN wording w ON w.digest = t.digest WHERE {written("t", "w.text")} ORDER BY t.session_id, t.line""",
    f"""CREATE TRIGGER words_written AFTER INSERT ON transcript
        WHEN {written("NEW", _TEXT.format(line="NEW"))}
        BEGIN INSERT INTO words (rowid, text) VALUES ({_KEY.format(line="NEW")}, {_TEXT.format(line="NEW")}); END""",
    f"""CREATE TRIGGER words_deleted BEFORE DELETE ON transcript
        WHEN {written("OLD", _TEXT.format(line="OLD"))}
        BEGIN INSERT INTO words (words, rowid, text)
        VALUES ('delete', {_KEY.format(line="OLD")}, {_TEXT.format(line="OLD")}); END""",
)
_DROP = (
    "DROP TRIGGER words_written",
    "DROP TRIGGER words_deleted",
    "DROP TABLE words_known",
    "DROP TABLE words",
)
_MERGE = Sql("INSERT INTO words (words, rank) VALUES ('merge', :pages)", {})
_KNOWN = Sql(f"SELECT term FROM words_known WHERE term >= :begin AND term < :end LIMIT {MOST_KNOWN + 1}", {})
_STRUCTURE = Sql("SELECT block FROM words_data WHERE id = 10", {})
"""Which segments there are and how far they are merged, as FTS5 keeps it."""
_SEGMENTS = Sql(
    """WITH RECURSIVE segment (n) AS (
        SELECT (SELECT min(id) >> 37 FROM words_data WHERE id >= 1 << 37) UNION ALL
        SELECT (SELECT min(id) >> 37 FROM words_data WHERE id >= (segment.n + 1) << 37) FROM segment
        WHERE segment.n IS NOT NULL
    ) SELECT n FROM segment WHERE n IS NOT NULL""",
    {},
)


def prepare(path: Path, *, sealed: bool = False) -> None:
    """Make the table in a migrated database that lacks it, of all that is stored; drop it from a sealed one.

    In one transaction: a stop on the way leaves the database as it was.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        has = _has_words(connection)
        if has == (not sealed):
            return
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("BEGIN IMMEDIATE")
        for statement in _DROP if sealed else _MAKE:
            connection.execute(statement)
        connection.execute("COMMIT")


def _has_words(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'words'").fetchone() is not None


async def merge(database: "Database") -> None:
    """Make what was deleted leave the table's bytes, too: call it after lines were deleted, before a checkpoint.

    A deleted word stays in the segments of an FTS5 table until they are merged, whatever `secure_delete` says. Each
    step is a transaction of its own, so that turns come in between; a million sessions take about a minute of steps.
    Does nothing on a sealed database. Raises StoreError.
    """
    if database.sealed:
        return
    old = now = await _segments(database)
    pages = -STEP_PAGES  # below zero: all segments into one, not only those of a size
    # They go all at once, at the end; then a turn may have made a new segment, of the number of an old one.
    while len(old) > 1 and old <= now:
        before = await database.read(_STRUCTURE)
        await database.write(_step(pages))
        pages = STEP_PAGES
        if await database.read(_STRUCTURE) == before:
            return
        now = await _segments(database)


def _step(pages: int) -> Job:
    return many(_MERGE, [{"pages": pages}])


async def _segments(database: "Database") -> set[int]:
    return {row["n"] for row in await database.read(_SEGMENTS)}


async def query(database: "Database", words: str) -> str:
    """What to MATCH for these words, all of them, each as a beginning of a word; "" when there is no word in them.

    Each term is quoted and has only letters and digits, so that nothing in it is read as syntax. A single letter
    stands for itself: as a beginning it would be every word's. Raises TooSlowError, StoreError.
    """
    return " AND ".join([await _matching(database, term) for term in terms(words)])


async def _matching(database: "Database", term: str) -> str:
    if len(term) <= LONGEST_LISTED:
        return f'"{term}"{"*" if len(term) > 1 else ""}'
    begin = folded(term)
    rows = await database.look(_KNOWN, {"begin": begin, "end": f"{begin}\U0010ffff"})
    known = [f'"{row["term"]}"' for row in rows]
    return f"({' OR '.join(known)})" if 0 < len(known) <= MOST_KNOWN else f'"{term}"*'


def terms(words: str) -> list[str]:
    """The words of a text as the table tells them apart, each once; at most MOST_TERMS."""
    plain = unicodedata.normalize("NFC", words[:1000])
    text = "".join(_kept(letter) for letter in plain)
    return list(dict.fromkeys(term[:LONGEST_TERM].casefold() for term in text.split()))[:MOST_TERMS]


def _kept(letter: str) -> str:
    """A letter or digit as it is, a lone accent as nothing, all else as a space.

    By an old Unicode, whose letters the tokenizer knows: a term that it would split makes no sense to it.
    """
    kind = unicodedata.ucd_3_2_0.category(letter)
    if kind == "Mn":
        return ""
    return letter if kind[0] in "LN" else " "


def folded(text: str) -> str:
    """A text as the table compares it: small letters, Latin ones without accents."""
    parts = unicodedata.normalize("NFC", text).casefold()
    return "".join(_bare(letter) for letter in parts)


def _bare(letter: str) -> str:
    split = unicodedata.normalize("NFD", letter)
    return split[0] if split[0].isascii() else letter


def holds(text: str, wanted: Iterable[str]) -> bool:
    """Whether a text holds a word that begins with each of these terms: what `query` finds, found by reading."""
    said = [folded(word) for _, word in placed(text)]
    return all(any(begins(word, folded(term)) for word in said) for term in wanted)


def begins(word: str, term: str) -> bool:
    """Whether a folded word begins with a folded term; a single letter is a word of its own."""
    return word.startswith(term) if len(term) > 1 else word == term


def placed(text: str) -> Iterator[tuple[int, str]]:
    """The words of a text, each with the place where it begins."""
    start = -1
    for place, letter in enumerate(f"{text} "):
        inside = _kept(letter) != " "
        if inside and start < 0:
            start = place
        elif not inside and start >= 0:
            yield start, text[start:place]
            start = -1
