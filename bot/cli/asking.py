"""`advisor ask`, `advisor evaluate`: what the knowledge answers."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shared import AsJson, Lang, a_typer, content_of, language_of, stop
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.knowledge.answering import Context
    from bot.knowledge.evaluation import Labelled

app = a_typer()


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="what an owner may ask, in any of the languages")] = "",
    language: Lang = "en",
    context: Annotated[str, typer.Option(help="what was answered before, as kpo, kpo/cost or bpo+kpo/difference")] = "",
    batch: Annotated[Path | None, typer.Option(help="a file of questions, one JSON object a line")] = None,
    as_json: AsJson = False,
) -> None:
    """Ask the knowledge a question, or a file of them: {"id": "q1", "lang": "en", "text": "what is bpo"}."""
    from bot import asking
    from bot.knowledge.answering import answer

    content = content_of(read_settings())
    if batch is not None:
        for one in asking.judged(content.knowledge, _questions(batch)):
            print(asking.prediction(one))
        return
    if not question.strip():
        stop('Ask something: advisor ask "what is bpo", or advisor ask --batch FILE.', 2)
    said = answer(content.knowledge, question, language_of(language), _context(context))
    print(json.dumps(asking.as_row(said), ensure_ascii=False) if as_json else asking.told(content, said))


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="labelled questions, one JSON object a line")],
    as_json: AsJson = False,
) -> None:
    """Put a file of labelled questions to the knowledge, and show how well it answers, by language."""
    from bot import asking

    questions, knowledge = _questions(file), content_of(read_settings()).knowledge
    if not questions:
        stop(f"{file} holds no questions.")
    asked = asking.judged(knowledge, questions)
    with typer.progressbar(asked, length=len(questions), label="asking", file=sys.stderr) as bar:
        rows = list(bar)
    print(json.dumps(asking.figures(rows), ensure_ascii=False, indent=2) if as_json else asking.report(rows))


def _questions(path: Path) -> "list[Labelled]":
    from bot.asking import QuestionsError, read_questions

    try:
        return read_questions(path)
    except QuestionsError as error:
        stop(str(error))


def _context(name: str) -> "Context | None":
    from bot.asking import QuestionsError, named_context

    try:
        return named_context(name)
    except QuestionsError as error:
        stop(str(error), 2)
