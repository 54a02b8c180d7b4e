"""The pages of sessions: what is found is shown, told apart, taken out; nothing that owners write does anything."""

import asyncio
import csv
import io
import json
import subprocess
import sys
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from dialog_live import LIVE
from harness.looking import Admin, admin_of, looking
from harness.stock import NOW, TEXTS, stocked
from harness.walkers import walking
from starlette.requests import Request
from test_review_found import read
from typer.testing import CliRunner

from bot.cli import app
from bot.dialog.events import Pressed
from bot.dialog.session import Session
from bot.review import export, session
from bot.review.export import defused, exported
from bot.review.markup import shown
from bot.review.sessions import excerpt
from bot.store import marks, sessions, transcripts, words
from bot.store.contents import keep
from bot.store.database import Database, opened
from bot.store.filters import Filter
from bot.store.records import Record
from bot.store.sessions import Chat
from bot.store.statements import Sql, Statement
from bot.store.transcripts import Line


@pytest.fixture
async def admin(tmp_path: Path) -> AsyncIterator[Admin]:
    async with looking(tmp_path / "bot.db", lambda: NOW) as admin:
        yield admin


async def talked(database: Database, number: int, *lines: tuple[str, str, str]) -> None:
    """Somebody's session with these lines: who, kind, text."""
    await database.write(keep("v1", {}, 0))
    chat = Chat(number, Session(id=number, consent="x"), "v1", len(lines), NOW - 5000)
    said = [Line(number, at, NOW - 5000 + at, *line) for at, line in enumerate(lines)]
    await database.write((*sessions.save([chat], NOW), *transcripts.add(said)))


async def test_the_list_shows_what_is_found_and_where(admin: Admin) -> None:
    """A word in Bulgarian: the sessions, their number, the place in the words, a link to the very line."""
    await talked(admin.database, 500, ("owner", "said", "Здравейте"), ("owner", "said", "Колко струват плащанията?"))
    await talked(admin.database, 501, ("owner", "said", "Нищо"))
    found = await admin.get("sessions", words="плащ")
    assert "1 session" in found.words
    assert "<mark>плащанията</mark>" in found.text
    assert "/review/sessions/500?words=%D0%BF%D0%BB%D0%B0%D1%89#l1" in found.text
    assert "sessions/501" not in found.text


async def test_every_page_of_a_filter_can_be_reached_by_its_links(admin: Admin) -> None:
    """Following "older" from the first page shows every session of the filter once; each address stands for itself."""
    kept = await stocked(admin.database, 130)
    expected, seen, query = read(kept, Filter(flagged="no")), list[int](), {"flagged": "no"}
    while True:
        page = (await admin.get("sessions", **query)).text
        seen += [int(part.split("?")[0]) for part in page.split('<a href="/review/sessions/')[1:] if part[0].isdigit()]
        if 'rel="next"' not in page:
            break
        query["before"] = str(seen[-1])
    assert seen == expected


async def test_a_filter_that_means_nothing_is_told_of(admin: Admin) -> None:
    """What is wrong is said, the rest of the filter holds, nothing breaks."""
    await stocked(admin.database, 5)
    page = await admin.get("sessions", language="xx", flagged="no", since="'; DROP TABLE session")
    assert page.status == 400
    assert "since is a day" in page.words
    assert '<option value="no" selected>not flagged' in page.text
    assert (await admin.get("sessions", words="!?")).words.count("There is no word in what you look for") == 1


async def test_one_session_is_shown_as_it_was(tmp_path: Path) -> None:
    """The very words, the buttons and which was pressed, asides, the answers, and advice computed anew."""
    files = {"a.yaml": "x: 1\n"}
    async with walking(tmp_path / "bot.db", LIVE, files, now=NOW) as walked:
        await walked.to_first_question(5, "fi")
        first = next(one for one in walked.people[5].newest if one.press.action == "answer")
        await walked.do((5, Pressed(data=first.press.data())))
        await walked.tap(5, "why")
        admin = await admin_of(walked.database, lambda: NOW)
        number = (await transcripts.sessions(walked.database, 1))[0]["id"]
        lines = await transcripts.read(walked.database, number)
        page = await admin.get(f"sessions/{number}", language="fi")
        answers = (await transcripts.session(walked.database, number) or {})["answers"]
    assert page.status == 200
    assert page.text.count('<li id="l') == len(lines)
    assert all(str(shown(line.text)) in page.text for line in lines if line.who == "bot")
    assert page.text.count('class="key pressed"') >= 2
    assert "asks why" in page.words
    assert "Replays equal" in page.words
    node = LIVE.dialog.nodes[next(iter(answers))]
    option = node.option(answers[node.id])
    assert option
    assert option.label
    assert f"{node.title.to('fi')}{option.label.to('fi')}" in page.words
    assert all(one.name.to("fi") in page.words for one in LIVE.dialog.candidates.values())


async def test_the_neighbours_are_those_of_the_filter(admin: Admin) -> None:
    """Previous and next stay within what was asked for; without a neighbour there is no link."""
    kept = await stocked(admin.database, 40)
    expected = read(kept, Filter(handed="yes"))
    middle = (await admin.get(f"sessions/{expected[1]}", handed="yes")).text
    assert f'/review/sessions/{expected[0]}?handed=yes" rel="prev"' in middle
    assert f'/review/sessions/{expected[2]}?handed=yes" rel="next"' in middle
    assert 'rel="prev"' not in (await admin.get(f"sessions/{expected[0]}", handed="yes")).text
    assert 'rel="next"' not in (await admin.get(f"sessions/{expected[-1]}", handed="yes")).text


async def test_names_are_shown_only_when_asked_for_and_that_is_noted(admin: Admin) -> None:
    """Everywhere else an owner is a pseudonym, the same in every session, from which nothing can be read."""
    kept = await stocked(admin.database, 40)
    one = next(one for one in kept if one.handed)
    listed = (await admin.get("sessions")).text + (await admin.get(f"sessions/{one.id}")).text
    assert "Maria Silva" not in listed
    assert "Telegram id" not in listed
    named = await admin.post(f"sessions/{one.id}/name", {})
    assert "Maria Silva" in named.text
    assert f"Telegram id {one.chat}" in named.words
    assert f"named session {one.id}" in (await admin.get("audit")).words


@pytest.mark.parametrize(
    ("path", "values", "noted"),
    [
        ("sessions", {"language": "fi"}, "sessions?language=fi"),
        ("sessions", {"language": "fi", "before": "70000000000000"}, "sessions?language=fi, another page"),
        ("sessions", {"after": "1"}, "sessions, another page"),
        ("questions", {"language": "pt"}, "questions?language=pt"),
        ("handovers", {}, "handovers"),
    ],
)
async def test_no_look_is_left_out_of_the_log(admin: Admin, path: str, values: dict[str, str], noted: str) -> None:
    """Nor by an address that begins in the middle of the list, as nobody who follows its links would."""
    assert (await admin.get(path, **values)).status == 200
    assert f"looked {noted} " in f"{(await admin.get('audit')).words} "


async def test_what_admins_make_of_a_session_is_kept_found_and_taken_back(admin: Admin) -> None:
    """Labels, remarks, the flag, reviewed: each shows at once, leads back to the session, and can be undone."""
    await talked(admin.database, 500, ("owner", "said", "x"))
    for act, fields in (("label", {"label": "  Odd <b> One "}), ("remark", {"text": "Look <i>\nhere"}),
                        ("flag", {"flagged": "yes"}), ("reviewed", {"reviewed": "yes"})):  # fmt: skip
        answer = await admin.post(f"sessions/500/{act}", fields, language="en")
        assert answer.headers["location"] == "/review/sessions/500?language=en#marks"
    page = await admin.get("sessions/500")
    assert "odd &lt;b&gt; one" in page.text
    assert "Look &lt;i&gt;\nhere" in page.text
    assert "Reviewed by" in page.words
    for query in ({"label": "odd <b> one"}, {"flagged": "yes"}, {"reviewed": "yes"}):
        assert "sessions/500" in (await admin.get("sessions", **query)).text
    for act, fields in (("unlabel", {"label": "odd <b> one"}), ("unremark", {"remark": "1"}),
                        ("flag", {"flagged": "no"}), ("reviewed", {"reviewed": "no"})):  # fmt: skip
        await admin.post(f"sessions/500/{act}", fields)
    again = await admin.get("sessions/500")
    assert "odd &lt;b&gt;" not in again.text.split("<datalist")[0]
    assert "Look" not in again.words
    assert "Mark as reviewed" in again.words


async def test_a_mark_on_a_session_that_was_forgotten_meanwhile_is_none(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its owner was quicker: there is no such session, and nothing of it is kept."""
    await talked(admin.database, 500, ("owner", "said", "x"))
    find = session._record

    async def just_in_time(request: Request) -> Record | None:
        record = await find(request)
        await admin.database.write((Statement(Sql("DELETE FROM session", {}), ({},)),))
        return record

    monkeypatch.setattr(session, "_record", just_in_time)
    answer = await admin.post("sessions/500/label", {"label": "x"})
    assert (answer.status, await marks.known_labels(admin.database)) == (404, [])


@pytest.mark.parametrize("act", ["label", "remark", "unremark", "unlabel"])
async def test_an_empty_mark_is_none(admin: Admin, act: str) -> None:
    """Nothing is kept, nothing breaks; of a session that is not there, neither."""
    await talked(admin.database, 500, ("owner", "said", "x"))
    for fields in ({}, {"label": " ", "text": "\n", "remark": "x"}, {"label": "\x00", "remark": "9" * 30}):
        assert (await admin.post(f"sessions/500/{act}", fields)).status == 303
        assert (await admin.post(f"sessions/9/{act}", fields)).status == 404
    assert (await admin.get("sessions/500")).status == 200


EVIL = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">x</a>',
    "<b onclick=x>b", '<a href="https://x" onmouseover="alert(1)">y</a>', "</ol></main><script>", "<!--><script>",
    "<![CDATA[<script>", "<svg/onload=alert(1)>", "<b><i>x</b></i>", "&lt;script&gt;", '"><script>',
    "<span class='tg-spoiler'>s</span>", '<pre><code class="language-x">y', "<style>*{}</style>", "<textarea>",
    "<a href=' JaVaScRiPt:x'>z", "\x00<script>", "<?php ?>", "<scr<b>ipt>",
)  # fmt: skip
HARMLESS = frozenset({"b", "i", "u", "s", "code", "pre", "blockquote", "mark", "a"})


@pytest.mark.parametrize("text", EVIL, ids=ascii)
async def test_nothing_that_was_said_becomes_a_part_of_the_page(admin: Admin, text: str) -> None:
    """Of the bot's own words the few tags of Telegram, without attributes; of anybody else's, none."""
    html = str(shown(text))
    tags = [part.split(">")[0] for part in html.split("<")[1:]]
    assert all(tag.strip("/").split(" ")[0] in HARMLESS for tag in tags)
    assert all(" " not in tag or tag.startswith('a href="http') for tag in tags)
    assert "onmouseover" not in "".join(tags)
    await talked(
        admin.database, 500, ("owner", "said", f"{text} word"), ("staff", "said", text), ("bot", "reply", text)
    )
    bare = await admin.get("sessions/501")
    assert bare.status == 404
    for page in (await admin.get("sessions/500"), await admin.get("sessions", words="word")):
        assert page.status == 200
        assert page.text.count("<script") == 2
        assert "<img" not in page.text


@pytest.mark.parametrize(
    ("text", "html"),
    [("<b>a</b> &amp; b", "<b>a</b> &amp; b"), ("1 < 2", "1 &lt; 2"), ("<b>open", "<b>open</b>"),
     ("</b>x", "&lt;/b&gt;x"),
     ('<a href="https://a.example/?b=1&amp;c">t</a>',
      '<a href="https://a.example/?b=1&amp;c" rel="noreferrer noopener nofollow">t</a>')],
)  # fmt: skip
def test_the_bots_words_keep_their_form(text: str, html: str) -> None:
    """Bold stays bold, a link a link, and what is no tag is text."""
    assert str(shown(text)) == html


def test_the_place_of_a_word_is_shown_with_what_stands_around_it() -> None:
    """Marked as it was written, accents and all; cut where the text is long."""
    assert excerpt("Quanto custa a Ligação?", ["ligac"]) == "Quanto custa a <mark>Ligação</mark>?"
    long = excerpt(f"{'a b ' * 60}плащане{' c' * 90}", ["плащ"])
    assert str(long).startswith("…")
    assert str(long).endswith("…")
    assert "<mark>плащане</mark>" in long


# -- taken out


async def test_an_export_holds_what_the_view_shows(admin: Admin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every session of the filter, newest first, in both forms, over several parts, and it is noted without words."""
    monkeypatch.setattr(export, "PART", 7)
    kept = await stocked(admin.database, 80)
    for query in ({}, {"language": "bg", "flagged": "no"}, {"words": "кафе"}, {"label": "unused"}):
        expected = [str(number) for number in read(kept, Filter(**query))]
        table = list(
            csv.DictReader(io.StringIO((await admin.get("sessions/export.csv", **query)).text.lstrip("\ufeff")))
        )
        lines = [json.loads(one) for one in (await admin.get("sessions/export.jsonl", **query)).text.splitlines()]
        assert [row["session"] for row in table] == [str(row["session"]) for row in lines] == expected
        assert all(row["owner"] == line["owner"] for row, line in zip(table, lines, strict=True))
    noted = (await admin.get("audit")).words
    assert "exported sessions?language=bg&flagged=no as csv" in noted
    assert "кафе" not in noted
    assert (await admin.get("sessions/export.xls")).status == 400
    assert (await admin.get("sessions/export.csv", state="x")).status == 400


FORMULAS = [
    *(f"{head}1+1" for head in "=+-@|%\t\r\n＝＋－＠﹢﹣﹦﹫⁼₊\u2212"),
    *(f"{space}=1+1" for space in " \u00a0\u200b\ufeff\u3000\x00\x0b\x1b\x85\u2028\u200e\u202e\u2066\u00ad"),
    "=cmd|' /C calc'!A0", "@SUM(1)", "-2+3+cmd", '=HYPERLINK("http://x","y")', "\t\t=1", " \t=1",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
async def test_s11_no_formula_is_live_in_an_export(admin: Admin, text: str) -> None:
    """S11: whatever stands in a cell, no spreadsheet computes it; plain texts stay as they are."""
    await talked(admin.database, 500, ("owner", "said", "x"))
    await admin.post("sessions/500/reviewed", {"reviewed": "yes"})
    row = {"a": text, "b": [text], "c": {text: "x"}, "d": "1", "e": 5}
    cells = next(csv.reader(io.StringIO(export.FORMS["csv"].row(row), newline="")))
    assert all(cell.startswith("'") for cell in cells[:3])
    assert cells[3:] == ["1", "5"]
    assert json.loads(export.FORMS["jsonl"].row(row)) == row
    assert defused("2026-11-22, a - b") == "2026-11-22, a - b"
    assert defused("") == ""


async def test_s11_a_big_export_is_streamed(tmp_path: Path) -> None:
    """S11: parts come one by one; memory does not grow with the number of sessions, and turns go on meanwhile."""
    async with opened(tmp_path / "bot.db") as database:
        await database.write(keep("v1", {}, 0))
        for start in range(1, 6001, 1000):
            chats = [Chat(n, Session(id=n, consent="x"), "v1", begun_at=NOW) for n in range(start, start + 1000)]
            await database.write(sessions.save(chats, NOW))
        parts = exported(database, Filter(), NOW, export.FORMS["csv"])
        await anext(parts)
        first = await anext(parts)
        tracemalloc.start()
        n, told = first.count("\n"), 0
        async for part in parts:
            await talked(database, 7000 + n, ("owner", "said", "meanwhile"))
            n, told = n + part.count("\n"), told + 1
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert n == 6000
    assert told == 6000 // export.PART - 1
    assert peak < 3_000_000


def test_the_terminal_takes_out_the_same(tmp_path: Path) -> None:
    """`advisor sessions export` writes what the page does, to a file or to stdout; a wrong filter is told of."""
    path, out = tmp_path / "bot.db", tmp_path / "out.csv"

    async def fill() -> None:
        async with opened(path) as database:
            await stocked(database, 30)

    asyncio.run(fill())
    run = [sys.executable, "-m", "bot", "sessions", "export", "--database", str(path)]
    lines = subprocess.run([*run, "--format", "jsonl", "--language", "fi"], check=True, capture_output=True, text=True)
    said = [json.loads(line) for line in lines.stdout.splitlines()]
    assert said
    assert {row["language"] for row in said} == {"fi"}
    done = subprocess.run([*run, "--out", str(out)], check=True, capture_output=True, text=True)
    assert "30 sessions" in done.stderr
    assert len(list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))))) == 30
    wrong = subprocess.run([*run, "--state", "gone"], check=False, capture_output=True, text=True)
    assert wrong.returncode == 2
    assert "state is one of going-on, advised, left" in wrong.stderr


@pytest.mark.parametrize("command", ["sessions", "knowledge"])
@pytest.mark.parametrize("out", ["bot.db", "./x/../bot.db", "linked", "hard", "bot.db-wal", "keys"])
def test_no_export_is_written_over_the_database(tmp_path: Path, command: str, out: str) -> None:
    """Nor over what belongs to it, by whatever name: all of it stays, and the remedy is told."""
    files = {"bot.db": b"all that was said", "keys": b"the only key"}
    for name, held in files.items():
        (tmp_path / name).write_bytes(held)
    (tmp_path / "x").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "bot.db")
    (tmp_path / "hard").hardlink_to(tmp_path / "bot.db")
    environment = {"ADVISOR_DATABASE_KEY_FILE": str(tmp_path / "keys")}
    asked = [command, "export", "--database", str(tmp_path / "bot.db"), "--out", str(tmp_path / out)]
    done = CliRunner().invoke(app, asked, env=environment)
    assert done.exit_code == 2
    assert "name another file" in done.output
    assert {name: (tmp_path / name).read_bytes() for name in files} == files


def test_the_words_of_the_stock_are_words() -> None:
    """What the tests look for can be found at all."""
    assert all(words.terms(text) for texts in TEXTS.values() for text in texts)
