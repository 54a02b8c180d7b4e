"""`advisor ask` and `advisor evaluate`: real processes, the shipped knowledge."""

import json
from pathlib import Path

from test_cli import advisor

from bot.asking import report
from bot.knowledge.answering import Answer
from bot.knowledge.entries import Facet, cell_of
from bot.knowledge.evaluation import Judged, Kind, Labelled, confusions, shares, times


def batch(folder: Path, *rows: object) -> Path:
    """A file of questions; a text stands as it is, anything else as JSON."""
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    file = folder / "questions.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_a_question_is_answered_with_its_sources() -> None:
    done = advisor("ask", "what is kpo")
    assert done.returncode == 0
    assert "KPO" in done.stdout
    assert "kpo/definition" in done.stdout
    assert "sources:" in done.stdout


def test_a_follow_up_takes_its_context() -> None:
    for context in ("kpo", "kpo/benefits"):
        done = advisor("ask", "and its drawbacks?", "--context", context, "--json")
        assert json.loads(done.stdout)["concepts"] == ["kpo"]
        assert json.loads(done.stdout)["facet"] == "drawbacks"


def test_what_is_not_known_says_which_words_are_not() -> None:
    done = advisor("ask", "who painted the mona lisa")
    assert done.returncode == 0
    assert "abstain" in done.stdout
    assert "mona" in done.stdout


def test_asking_nothing_or_with_a_wrong_context_or_language_is_explained() -> None:
    for words, told in (
        ((), "Ask something"),
        (("what is kpo", "--context", "kpo/prize"), "'prize' is not a facet: definition,"),
        (("what is kpo", "-l", "sv"), "not one of the languages"),
    ):
        done = advisor("ask", *words)
        assert done.returncode == 2
        assert told in done.stderr
        assert "Traceback" not in done.stderr


def test_a_batch_is_answered_line_by_line_each_by_itself(tmp_path: Path) -> None:
    rows = (
        {"id": "1", "lang": "en", "text": "what is kpo", "kind": "in"},
        {"id": "2", "lang": "en", "text": "and its drawbacks?"},
        {
            "id": "3",
            "lang": "en",
            "text": "and its drawbacks?",
            "context": {"concepts": ["kpo"], "facet": "definition"},
        },
        {"id": "4", "lang": "fi", "text": "haluan puhua ihmisen kanssa"},
        {"id": "5", "lang": "pt", "text": ""},
    )
    done = advisor("ask", "--batch", str(batch(tmp_path, *rows)))
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in said] == ["1", "2", "3", "4", "5"]
    assert said[0]["action"] == "answer"
    assert said[1]["action"] != "answer"
    assert (said[2]["concepts"], said[2]["facet"]) == (["kpo"], "drawbacks")
    assert [one["action"] for one in said][3:] == ["handover", "abstain"]
    assert all(one["us"] > 0 and one["lang"] in ("en", "pt", "bg", "fi") for one in said)


def test_every_broken_line_of_a_batch_is_named(tmp_path: Path) -> None:
    """Nothing is answered then: a half of the file would look like the whole."""
    good = {"id": "1", "lang": "en", "text": "what is kpo"}
    file = batch(tmp_path, good, "{", {"id": "3", "lang": "sv", "text": "vad"}, {"lang": "en", "text": "x"})
    done = advisor("ask", "--batch", str(file))
    assert done.returncode == 1
    assert done.stdout == ""
    for line, word in ((2, "JSON"), (3, "lang"), (4, "id")):
        assert f"{file}:{line}: " in done.stderr
        assert word in next(told for told in done.stderr.splitlines() if f":{line}: " in told)


def test_a_file_that_is_none_is_explained(tmp_path: Path) -> None:
    done = advisor("evaluate", str(tmp_path / "none.jsonl"))
    assert done.returncode == 1
    assert "cannot be read: No such file" in done.stderr
    empty = batch(tmp_path)
    assert "holds no questions" in advisor("evaluate", str(empty)).stderr


def test_figures_by_language_and_what_was_taken_for_what(tmp_path: Path) -> None:
    kpo = [[["kpo"], "definition"]]
    rows = (
        {"id": "a", "lang": "en", "text": "what is kpo", "kind": "in", "accept": kpo},
        {"id": "b", "lang": "en", "text": "what is bpo", "kind": "in", "accept": kpo},
        {"id": "c", "lang": "fi", "text": "mikä on kpo", "kind": "in", "accept": kpo},
        {"id": "d", "lang": "fi", "text": "mikä on bpo", "kind": "out", "note": "near"},
    )
    done = advisor("evaluate", str(batch(tmp_path, *rows)))
    right = next(line for line in done.stdout.splitlines() if line.startswith("right "))
    assert right.split() == ["right", "0.500", "1.000", "0.667"]
    assert "kpo/definition -> bpo/definition  e.g. b: what is bpo" in done.stdout
    assert "out near -> bpo/definition  e.g. d: mikä on bpo" in done.stdout
    figures = json.loads(advisor("evaluate", str(batch(tmp_path, *rows)), "--json").stdout)
    assert figures["all"]["false answers"] == 1.0
    assert figures["en"]["wrong"] == 0.5
    assert figures["en"]["handed over"] is None


def judged(kind: Kind, said: Answer, *accepted: tuple[Facet, str], us: float = 100, note: str = "") -> Judged:
    cells = frozenset(cell_of(facet, concept) for facet, concept in accepted)
    return Judged(Labelled("x", "en", "?", kind, cells, None, note), said, us)


ANSWER = Answer("answer", "en", cell_of("cost", "bpo"))
SUGGESTION = Answer("suggest", "pt", None, (cell_of("cost", "bpo"),))
SILENCE = Answer("abstain", "en")


def test_the_figures_count_what_their_names_say() -> None:
    rows = [
        judged("in", ANSWER, ("cost", "bpo"), us=10),
        judged("in", ANSWER, ("fit", "bpo"), us=20),
        judged("in", SUGGESTION, ("cost", "bpo"), us=30),
        judged("in", SILENCE, ("cost", "bpo"), us=40),
        judged("out", ANSWER, note="near"),
        judged("out", SILENCE),
        judged("human", Answer("handover", "en")),
        judged("smalltalk", Answer("handover", "en")),
    ]
    found = shares(rows)
    assert found == {
        "right": 0.25, "wrong": 0.25, "right or suggested": 0.5, "false answers": 0.25, "false, near the domain": 1.0,
        "handed over": 1.0, "others handed over": 0.2, "small talk": 0.0, "follow-ups right": None,
        "language recognised": 0.75,
    }  # fmt: skip
    assert times(rows) == (100, 100)
    assert ("bpo/cost", "suggest", 1) in [row[:3] for row in confusions(rows)]
    assert "questions" in report(rows)
