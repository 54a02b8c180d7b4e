"""The first page of review: what to do something about stands there, and each finding leads to where it is from."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from harness.content import write_small_content
from harness.looker import Admin, signed_in, words_of
from harness.walkers import HOUR, NOW, Walked, walking
from test_review_figures import handover
from test_traffic import files_in

from bot.content.load import load
from bot.dialog.events import Said
from bot.review import home
from bot.store import figures, handovers
from bot.store.database import TooSlowError

OLGA = 901


@pytest.fixture
async def crowd(tmp_path: Path) -> AsyncIterator[Walked]:
    write_small_content(tmp_path / "content")
    folder = tmp_path / "content" / "dialogs"
    content = load(folder, tmp_path / "content" / "knowledge")
    async with walking(tmp_path / "bot.db", content, files_in(folder), admins=(OLGA,)) as walked:
        yield walked


@pytest.fixture
async def olga(crowd: Walked) -> AsyncIterator[Admin]:
    async with signed_in(crowd, OLGA) as (admin,):
        yield admin


async def leave_at_the_second_question(crowd: Walked) -> None:
    """Three leave at the second question, one at the first."""
    for person in range(1, 4):
        await crowd.to_first_question(person)
        await crowd.tap(person, "answer", "work", "books")
    await crowd.to_first_question(4)
    crowd.later(25 * HOUR)


async def test_where_nothing_happened_yet_it_says_so(olga: Admin) -> None:
    """An admin who comes on the first day sees whole sentences."""
    text = await olga.text("")
    assert "Nobody has begun in these days." in text
    assert "No question stayed unanswered" in text
    assert "Every question has an answer." in text
    assert "No owner waits for a person." in text
    assert "There are no sessions yet." in text


async def test_the_findings_stand_on_the_first_page(crowd: Walked, olga: Admin) -> None:
    """Where most people left, the language answered worst, the answer most wanted: each with its figures."""
    await leave_at_the_second_question(crowd)
    for person, words in ((1, "Is there parking?"), (2, "is there a parking"), (3, "Who pays?")):
        await crowd.do((person, Said(text=words)))
    await crowd.to_first_question(5, "fi")
    await crowd.do((5, Said(text="What is outsourcing?")))
    await crowd.tap(5, "unhelpful")
    crowd.later(25 * HOUR)
    text = await olga.text("")
    assert "Where people leave How much is it 3 of 3 who saw this question left at it." in text
    assert "English 3 of 3 questions got no answer; 1 of 1 answers that were judged did not help." in text
    assert "Asked 2 times by 2 people, in English; the bot has no answer." in text


async def test_each_finding_leads_to_what_it_is_counted_of(crowd: Walked, olga: Admin) -> None:
    """The sessions that were left, the draft of the answer: the links open, and the pages tell the same."""
    await leave_at_the_second_question(crowd)
    await crowd.do((4, Said(text="Is there parking?")))
    html = await olga.page("")
    links = [one.replace("&amp;", "&") for one in re.findall(r'href="/review/([^"#]*)', html.split("<main", 1)[1])]
    for link in links:
        assert (await olga.get(link)).status_code == 200, link
    (left,) = [one for one in links if "left_at" in one]
    assert "3 sessions" in await olga.text(left)
    (draft,) = [one for one in links if re.fullmatch(r"questions/\d+", one)]
    assert "Is there parking?" in await olga.page(draft)


async def test_what_is_long_ago_is_not_counted(crowd: Walked, olga: Admin) -> None:
    """It is a page of the last weeks; what was before is one link away."""
    await leave_at_the_second_question(crowd)
    crowd.later(home.DAYS * 24 * HOUR)
    text = await olga.text("")
    assert "Nobody has begun in these days." in text
    assert "Look at everything" in text


async def test_who_waits_stands_there_with_how_long(crowd: Walked, olga: Admin) -> None:
    """Those somebody already takes care of are not among them."""
    for person in (1, 2, 3):
        await crowd.to_first_question(person)
    minute = 60_000
    waiting = [handover(1, NOW, state="waiting"), handover(2, NOW + 30 * minute, state="waiting")]
    await crowd.database.write(handovers.save([*waiting, handover(3, NOW - HOUR, NOW, state="claimed")]))
    crowd.later(2 * HOUR)
    assert "2 owners The longest has waited for a person for 2 h 00 min." in await olga.text("")


async def test_the_newest_sessions_stand_there(crowd: Walked, olga: Admin) -> None:
    """The last that began, the newest first; no more than fit at a glance."""
    for person in range(1, home.MOST_SESSIONS + 3):
        await crowd.to_first_question(person)
        crowd.later(HOUR)
    listed = re.findall(r'<th scope="row"><a href="/review/sessions/(\d+)"', await olga.page(""))
    assert len(listed) == home.MOST_SESSIONS
    assert listed == sorted(listed, key=int, reverse=True)


async def test_a_finding_that_takes_too_long_does_not_take_the_others_along(
    crowd: Walked, olga: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so in its place."""

    async def slow(*_: object) -> object:
        raise TooSlowError("It takes too long.")

    await leave_at_the_second_question(crowd)
    monkeypatch.setattr(figures, "unanswered", slow)
    text = words_of(await olga.page(""))
    assert "Most wanted answer This takes too long just now" in text
    assert "3 of 3 who saw this question" in text
