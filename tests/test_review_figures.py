"""The pages with figures: what they tell is what people did. Real turns into a real database file, real pages."""

import re
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from dialog_live import FOLDER, LIVE
from harness.content import write_small_content
from harness.looker import Admin, signed_in, words_of
from harness.walkers import HOUR, NOW, Walked, walking
from test_traffic import files_in

from bot.content.entry_draft import drafted_entry
from bot.content.load import load
from bot.dialog.events import Said
from bot.dialog.phrases import Content
from bot.languages import LANGUAGES
from bot.review import handovers as handover_pages
from bot.review.charts import Bar, bars, columns
from bot.staff.handover import Handover
from bot.staff.moment import Desk
from bot.store import grouped, handovers
from bot.store.figures import Waited
from bot.store.questions import Unanswered
from bot.store.sessions import SIMULATED_FROM

OLGA, PETRA = 901, 902
GROUP = -1005
PAGES = ("tree", "questions", "advice", "handovers")
HOSTILE = "<img src=x onerror=alert(1)>\"'</script><svg/onload=alert(2)> {{7*7}} \u202e what is this?"


@pytest.fixture
def small(tmp_path: Path) -> tuple[Content, dict[str, str]]:
    write_small_content(tmp_path / "content")
    folder = tmp_path / "content" / "dialogs"
    return load(folder, tmp_path / "content" / "knowledge"), files_in(folder)


@pytest.fixture
async def crowd(tmp_path: Path, small: tuple[Content, dict[str, str]]) -> AsyncIterator[Walked]:
    async with walking(tmp_path / "bot.db", *small, admins=(OLGA, PETRA)) as walked:
        yield walked


@pytest.fixture
async def admins(crowd: Walked) -> AsyncIterator[tuple[Admin, ...]]:
    async with signed_in(crowd, OLGA, PETRA) as both:
        yield both


@pytest.fixture
def olga(admins: tuple[Admin, ...]) -> Admin:
    return admins[0]


@pytest.fixture
def petra(admins: tuple[Admin, ...]) -> Admin:
    return admins[1]


async def walks(crowd: Walked, person: int, *answers: str, language: str = "en") -> None:
    """Somebody new answers so far: `work books`, `much lots`, ..."""
    await crowd.to_first_question(person, language)  # type: ignore[arg-type]
    for answer in answers:
        await crowd.tap(person, "answer", *answer.split())


def row(html: str, name: str) -> list[str]:
    """The cells of the row with this in its head."""
    found = next(one for one in re.findall(r"<tr.*?</tr>", html, re.DOTALL) if name in one.split("</th>")[0])
    cells = re.findall(r"<td.*?</td>", re.sub(r'<span class="unseen">.*?</span>', "", found), re.DOTALL)
    return [words_of(cell) for cell in cells]


# -- the tree


async def test_an_empty_database_says_what_will_stand_there(olga: Admin) -> None:
    """On each page, with what to do; no page is broken by nothing."""
    assert "advisor simulate" in await olga.text("tree")
    assert "No question stayed without an answer" in await olga.text("questions")
    assert "No session has come to advice yet" in await olga.text("advice")
    assert "Nobody has wished for a person yet" in await olga.text("handovers")


async def test_the_tree_tells_where_people_leave(crowd: Walked, olga: Admin) -> None:
    """25 begin; 3 leave at the first question, 10 at the second, one is still there, one is advised."""
    for person in range(1, 4):
        await walks(crowd, person)
    for person in range(4, 14):
        await walks(crowd, person, "work books")
    for person in range(14, 24):
        await walks(crowd, person, "work calls", "who not-sure")
    crowd.later(25 * HOUR)
    await walks(crowd, 24, "work books")
    await walks(crowd, 25, "work books", "much lots", "trust open")
    html = await olga.page("tree")
    text = words_of(html)
    assert "Most people leave at How much is it : 20 of 22 who were shown it." in text
    assert "The largest part" not in text
    assert row(html, "How much is it")[:5] == ["20 91%", "22", "1 5%", "0", "1"]
    assert row(html, "Which work is it")[:3] == ["3 12%", "25", "22 88%"]
    assert row(html, "Who calls whom")[:4] == ["0", "10", "10", "10"]
    assert "Sessions begun 25 Saw the first question 25 Advised 1" in text
    assert "20 left (91%)" in html
    assert 'href="/review/sessions?left_at=much"' in html


async def test_the_sessions_left_at_a_question_are_the_ones_counted(crowd: Walked, olga: Admin) -> None:
    """The list behind the number has as many as the number says; who was there within a day is not among them."""
    from bot.store import found
    from bot.store.filters import Filter

    for person in range(1, 6):
        await walks(crowd, person, "work books")
    crowd.later(25 * HOUR)
    await walks(crowd, 6, "work books")
    listed = await found.page(crowd.database, Filter(left_at="much"), crowd.clock[0], 50)
    assert len(listed) == 5
    assert row(await olga.page("tree"), "How much is it")[0] == "5"
    listed_there = await olga.page("sessions?left_at=much")
    numbers = {hit.id for hit in listed}
    assert {int(one) for one in re.findall(r'href="/review/sessions/(\d+)', listed_there)} == numbers


async def test_the_tree_is_of_the_sessions_that_were_chosen(crowd: Walked, olga: Admin) -> None:
    """By language, by the day of beginning, by version, simulated or not; the choice stays in every link."""
    await walks(crowd, 1, "work books")
    await walks(crowd, SIMULATED_FROM + 1, "work books", language="fi")
    crowd.later(5 * 24 * HOUR)
    await walks(crowd, 2, "work calls", language="fi")
    version = crowd.content.dialog.version

    async def begun(query: str) -> str:
        found = re.search(r"Sessions begun (\d+)", await olga.text(f"tree?{query}"))
        return found[1] if found else "none"

    assert [await begun(query) for query in ("", "language=fi", "language=fi&simulated=no", "simulated=yes")] == [
        "3", "2", "1", "1"
    ]  # fmt: skip
    assert [await begun(query) for query in ("until=2026-11-22", "since=2026-11-23", "since=2027-01-01")] == [
        "2", "1", "none"
    ]  # fmt: skip
    assert [await begun(f"version={version}"), await begun("version=deadbeef")] == ["3", "none"]
    crowd.later(2 * 24 * HOUR)
    assert "/review/sessions?language=fi&amp;left_at=who" in await olga.page("tree?language=fi")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("language=de", "language is one of en, pt, bg, fi; not 'de'"),
        ("since=yesterday", "since is a day, as 2026-11-30; not 'yesterday'"),
        ("since=2026-11-30&until=2026-11-01", "since (2026-11-30) is after until (2026-11-01)"),
        ("simulated=maybe", "simulated is one of yes, no"),
    ],
)
async def test_an_address_that_cannot_be_meant_is_told(olga: Admin, page: str, query: str, says: str) -> None:
    response = await olga.get(f"{page}?{query}")
    assert (response.status_code, says in words_of(response.text)) == (400, True)


@pytest.mark.parametrize("page", [*PAGES, "questions/1", "questions/1/draft.yaml"])
async def test_nobody_else_sees_a_figure(crowd: Walked, page: str) -> None:
    """Whoever is not signed in as an admin gets the same page everywhere, with no word of it."""
    async with signed_in(crowd, OLGA) as (olga,):
        await walks(crowd, 1, "work books")
        response = await olga.browser.get(page)
        assert response.status_code == 403
        assert "You are signed out" in response.text


# -- questions


async def test_the_language_that_is_answered_worst_is_named(crowd: Walked, olga: Admin) -> None:
    """By the share of what stayed unanswered or was judged badly, where enough was asked."""
    for person, language in ((1, "en"), (2, "fi")):
        await crowd.to_first_question(person, language)  # type: ignore[arg-type]
        for number in range(20):
            unknown = number < (2 if language == "en" else 10)
            await crowd.do((person, Said(text=f"Will it rain on day {number}?" if unknown else "What is outsourcing?")))
    await crowd.tap(1, "unhelpful")
    html = await olga.page("questions")
    assert (
        "Worst answered: Finnish (Suomi) . 10 of 20 (50%) questions got no answer; no answer was judged."
        in words_of(html)
    )
    assert row(html, "Suomi") == ["20", "10 50%", "0", "0"]
    assert row(html, "English") == ["20", "2 10%", "1", "1"]


async def test_questions_that_ask_the_same_stand_together(crowd: Walked, olga: Admin) -> None:
    """With how many they are and how many people asked; the most asked first."""
    said = ("Is there parking?", "is there a parking", "Is there parking?", "Who pays?")
    for person, words in enumerate(said, 1):
        await crowd.to_first_question(person)
        await crowd.do((person, Said(text=words)))
    html = await olga.page("questions")
    assert row(html, "Is there parking?")[:3] == ["English", "3", "3"]
    assert html.index("Is there parking?") < html.index("Who pays?")


async def asked(crowd: Walked, words: str, person: int = 1) -> int:
    """The number of a question that stayed unanswered."""
    await crowd.to_first_question(person)
    await crowd.do((person, Said(text=words)))
    with sqlite3.connect(crowd.path) as connection:
        return int(connection.execute("SELECT max(id) FROM questions").fetchone()[0])


async def test_an_answer_written_here_is_given_once_another_admin_approved_it(
    crowd: Walked, olga: Admin, petra: Admin
) -> None:
    """From an unanswered group to what owners get: two pairs of eyes, none of them the writer's alone."""
    question = "Is there parking at your office?"
    number = await asked(crowd, question)
    assert question in await olga.page(f"questions/{number}")
    sent = await olga.send(f"questions/{number}", question=question, answer="Yes, two places.")
    assert (sent.status_code, sent.headers["location"]) == (303, "/review/questions?done=written#done")
    assert "You wrote it: another admin approves it." in await olga.text("questions")
    assert (await olga.send("questions/judge", id="1", act="approve")).headers["location"].endswith("done=own#done")
    await crowd.do((1, Said(text=question)))
    assert "Yes, two places." not in await said_last(crowd)
    assert "Yes, two places." in await petra.text("questions")
    assert (await petra.send("questions/judge", id="1", act="approve")).headers["location"].endswith("approve#done")
    await crowd.do((1, Said(text=question)))
    assert "Yes, two places." in await said_last(crowd)
    assert "answered by now" in await olga.text("questions")
    assert (await petra.send("questions/judge", id="1", act="refuse")).headers["location"].endswith("late#done")
    audit = await olga.text("audit")
    assert "wrote answer 1" in audit
    assert "approved answer 1" in audit


async def said_last(crowd: Walked) -> str:
    with sqlite3.connect(crowd.path) as connection:
        return "\n".join(text for (text,) in connection.execute("SELECT text FROM outbox ORDER BY id DESC LIMIT 2"))


async def test_where_there_is_a_group_the_draft_stands_there_too(
    tmp_path: Path, small: tuple[Content, dict[str, str]]
) -> None:
    """Its card waits for approval there, and shows it when it was given here."""
    async with walking(tmp_path / "bot.db", *small, desk=Desk(GROUP), admins=(OLGA, PETRA)) as crowd:
        async with signed_in(crowd, OLGA, PETRA) as (olga, petra):
            number = await asked(crowd, "Is there parking?")
            await olga.send(f"questions/{number}", question="Is there parking?", answer="Yes.")
            await petra.send("questions/judge", id="1", act="approve")
        with sqlite3.connect(crowd.path) as connection:
            cards = connection.execute(
                "SELECT text, buttons, edits_row FROM outbox WHERE chat_id = ? AND text LIKE '%Yes.%' ORDER BY id",
                (GROUP,),
            ).fetchall()
            taught = connection.execute("SELECT state, by, approved_by, card_id FROM taught").fetchall()
    assert [("!approve" in buttons, edits) for _, buttons, edits in cards] == [(True, None), (False, taught[0][3])]
    assert taught[0][:3] == ("approved", OLGA, PETRA)


async def test_what_is_missing_is_told_and_nothing_is_lost(crowd: Walked, olga: Admin) -> None:
    """The form comes again with what was written; nothing is kept of it."""
    number = await asked(crowd, "Is there parking?")
    sent = await olga.send(f"questions/{number}", question=" ", answer="A long answer.")
    assert sent.status_code == 400
    assert "Write the question as owners ask it." in sent.text
    assert "A long answer." in sent.text
    assert (await olga.send(f"questions/{number}", question="Parking?", answer="x" * 3001)).status_code == 400
    assert (await olga.send(f"questions/{number}", question="P?", answer="x", concept="nonsense")).status_code == 400
    assert (await olga.send("questions/999", question="P?", answer="x")).status_code == 404
    assert (await olga.send("questions/judge", id="x", act="approve")).status_code == 404
    with sqlite3.connect(crowd.path) as connection:
        assert connection.execute("SELECT count(*) FROM taught").fetchone() == (0,)


async def test_who_lost_the_role_writes_nothing(crowd: Walked, olga: Admin) -> None:
    """Checked at the act, where turns are written, and not by the page alone."""
    from bot.turns.teaching import Written

    teaching = crowd.turns.teaching
    assert await teaching.write(Written("Why?", "Because.", "en"), 77) is None
    draft = await teaching.write(Written("Why?", "Because.", "en"), OLGA)
    assert draft
    assert [await teaching.judge(draft.id, "approve", who) for who in (77, OLGA)] == ["forbidden", "own"]
    assert await teaching.judge(99, "approve", PETRA) == "gone"


async def test_the_authors_get_a_draft_that_the_check_understands(crowd: Walked, olga: Admin) -> None:
    """YAML in four languages with slots; every wording of owners stands above it, and none can break out of it."""
    number = await asked(crowd, "Is there parking: 'for' \"all\" # of us?")
    response = await olga.get(f"questions/{number}/draft.yaml")
    assert response.headers["content-disposition"] == f'attachment; filename="draft-{number}.yaml"'
    (entry,) = yaml.safe_load(response.text)["entries"].values()
    assert entry["question"]["en"] == "Is there parking: 'for' \"all\" # of us?"
    assert [entry["question"][one] for one in LANGUAGES if one != "en"] == ["TODO"] * 3
    assert list(entry["answer"]) == list(LANGUAGES)


@pytest.mark.parametrize("odd", ["\x00", "\x1b", "\x85", "\u2028", "\u202e", "\ufffe", "\uffff", "\n- x: !!y &z"])
def test_no_character_of_an_owner_makes_a_draft_unreadable(odd: str) -> None:
    """Not even what is no character: the file is YAML, of one entry."""
    said = grouped.words(Unanswered(1, 2, "en", f"Who{odd}pays?", "", 0))
    (entry,) = yaml.safe_load(drafted_entry(said, "en", [said], "", "", "2026-11-22"))["entries"].values()
    assert entry["question"]["en"] == said


def test_a_draft_in_the_knowledge_is_checked_as_an_entry(tmp_path: Path) -> None:
    """What an author still has to do is named by the check: the source, and nothing about its form."""
    from bot.content.problems import ContentProblems

    write_small_content(tmp_path / "content")
    knowledge = tmp_path / "content" / "knowledge"
    about = next(iter(load(tmp_path / "content" / "dialogs", knowledge).knowledge.concepts))
    text = drafted_entry("Who pays?", "en", ["who pays", "Who\npays?"], about, "cost", "2026-11-22")
    (knowledge / "draft.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentProblems) as raised:
        load(tmp_path / "content" / "dialogs", knowledge)
    told = [str(one) for one in raised.value.problems if "draft.yaml" in str(one)]
    assert any("TODO" in one for one in told), told


async def test_hostile_words_are_shown_as_words(crowd: Walked, olga: Admin) -> None:
    """In groups, in the form, in drafts; no mark of theirs becomes one of the page's."""
    number = await asked(crowd, HOSTILE)
    await olga.send(f"questions/{number}", question=HOSTILE, answer=HOSTILE * 3)
    for path in ("questions", f"questions/{number}"):
        html = await olga.page(path)
        assert "onerror=alert(1)" in html
        assert "<img" not in html
        assert "<svg/onload" not in html
        assert "{{7*7}}" in html
        assert "\u202e" not in html


# -- advice


async def test_the_advice_is_counted_by_candidate_language_and_version(crowd: Walked, olga: Admin) -> None:
    await walks(crowd, 1, "work books", "much little", "trust secret")
    await walks(crowd, 2, "work books", "much little", "trust secret", language="fi")
    await walks(crowd, 3, "work calls", "who they", "much lots", "trust open")
    await walks(crowd, 4, "work not-sure", "much not-sure", "trust not-sure")
    html = await olga.page("advice")
    assert "4 sessions came to their end; most often recommended: Keep it , 2" in words_of(html)
    assert row(html, "Keep it") == ["2", "1", "1", "2"]
    assert row(html, "Hand it over") == ["1", "1", "0", "1"]
    assert row(html, "Not enough to advise") == ["1", "1", "0", "1"]
    assert "advice=in-house" in html


# -- handovers


def handover(number: int, wished: int, claimed: int = 0, state: str = "returned", **values: object) -> Handover:
    one = Handover(number, number, number, "chat", "en", "Ana", "", wished, claimed_at=claimed)
    return replace(one, state=state, **values)  # type: ignore[arg-type]


async def test_waiting_times_are_told(crowd: Walked, olga: Admin) -> None:
    """Ten were taken on after 1 to 10 minutes; one gave up, one waits since two hours."""
    for person in range(1, 13):
        await crowd.to_first_question(person)
    minute = 60_000
    kept = [handover(n, NOW, NOW + n * minute, rating=4 if n < 4 else 0) for n in range(1, 11)]
    kept += [handover(11, NOW), handover(12, NOW, state="waiting")]
    await crowd.database.write(handovers.save(kept))
    crowd.later(2 * HOUR)
    html = await olga.page("handovers")
    text = words_of(html)
    assert "1 owner waits; the longest for 2 h 00 min" in text
    assert row(html, "All") == ["12", "10", "5 min", "9 min", "10 min", "1"]
    assert row(html, "1 to 5 minutes") == ["4"]
    assert row(html, "00:00") == ["12"]
    assert "4.0 by 3" in await olga.text("advice")


@pytest.mark.parametrize(
    ("ms", "told"),
    [(0, "0 s"), (59_999, "59 s"), (60_000, "1 min"), (3_600_000, "1 h 00 min"), (90_000_000, "1 d 1 h"), (-5, "0 s")],
)
def test_a_time_span_is_told_as_people_say_it(ms: int, told: str) -> None:
    assert handover_pages.told(ms) == told


def test_of_few_waits_the_last_of_nine_in_ten_is_one_of_them() -> None:
    found = [Waited(1, "en", "chat", "returned", 0, at, 0, 0) for at in (1000, 2000, 9000)]
    whole = handover_pages.waits("All", found)
    assert (whole.median, whole.p90, whole.longest) == ("2 s", "9 s", "9 s")
    assert handover_pages.waits("All", []).median == "–"


# -- charts


def test_a_chart_escapes_its_words_and_has_a_name() -> None:
    drawn = bars("<b>", [Bar("<i>&", 3), Bar("none", 0)])
    assert "<b>" not in drawn
    assert "&lt;i&gt;&amp;" in drawn
    assert 'role="img"' in drawn
    assert "style=" not in drawn + columns("x", [1, 0], ["a", ""])


async def test_no_page_has_a_style_or_a_script_of_its_own(crowd: Walked, olga: Admin) -> None:
    """The pages' policy forbids both, so they would be lost."""
    await walks(crowd, 1, "work books", "much little", "trust secret")
    number = await asked(crowd, "Is there parking?", 2)
    for path in (*PAGES, f"questions/{number}"):
        html = await olga.page(path)
        assert not re.search(r"<style|\sstyle=|<script(?! src=)|\son\w+=", html), path


async def test_the_shipped_tree_is_drawn_whole(tmp_path: Path) -> None:
    """Every question and the advice, in each language."""

    walked = walking(tmp_path / "bot.db", LIVE, files_in(FOLDER), admins=(OLGA,))
    async with walked as crowd, signed_in(crowd, OLGA) as (olga,):
        for person, language in enumerate(LANGUAGES):
            await crowd.to_first_question(person + 1, language)
            html = await olga.page(f"tree?language={language}")
            assert html.count('class="figures"') == len(LIVE.dialog.nodes)
            assert html.count('class="end"') == 1
