"""The commands. Heavy imports stand inside them, so that each starts with no more than it needs."""

import asyncio
import json
import sys
from collections.abc import Coroutine, Sequence
from dataclasses import asdict, replace
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from bot.languages import LANGUAGES, Language, as_language
from bot.settings import Settings, SettingsError, address, read_settings

if TYPE_CHECKING:
    from bot.app import Plan
    from bot.content.load import Checked
    from bot.content.problems import ContentProblems, Problem
    from bot.dialog.phrases import Content
    from bot.knowledge.answering import Context
    from bot.knowledge.entries import Knowledge
    from bot.knowledge.evaluation import Labelled

app = typer.Typer(add_completion=False, no_args_is_help=False, rich_markup_mode=None, pretty_exceptions_enable=False)
sessions_app = typer.Typer(no_args_is_help=True, help="The recorded sessions.")
app.add_typer(sessions_app, name="sessions")
questions_app = typer.Typer(no_args_is_help=True, help="What the bot could not answer, and what owners thought of it.")
app.add_typer(questions_app, name="questions")

knowledge_app = typer.Typer(no_args_is_help=True, help="What the staff taught the bot.")
app.add_typer(knowledge_app, name="knowledge")

Lang = Annotated[str, typer.Option("--language", "-l", help="en, pt, bg or fi")]
AsJson = Annotated[bool, typer.Option("--json", help="for programs to read")]


class Picture(StrEnum):
    """The forms of the picture of the tree."""

    SVG = "svg"
    DOT = "dot"
    MERMAID = "mermaid"


def main() -> None:
    """The `advisor` command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without our letters shows their numbers
    try:
        app()
    except SettingsError as error:
        _stop(str(error))


def _stop(message: str, code: int = 1) -> NoReturn:
    print(message, file=sys.stderr)
    raise SystemExit(code)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(version("outsourcing-advisor"))
        raise typer.Exit


@app.callback(invoke_without_command=True)
def advisor(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say it.")] = False,
) -> None:
    """Advises owners of small businesses on outsourcing, on Telegram.

    Without a command: runs the bot when ADVISOR_TELEGRAM_TOKEN is set, else the preview.
    """
    if context.invoked_subcommand is None:
        settings = read_settings()
        if settings.token() is None:
            print("No ADVISOR_TELEGRAM_TOKEN is set, so this is the preview.", file=sys.stderr)
            preview()
        else:
            run()


@app.command()
def run() -> None:
    """Run the bot on Telegram. Needs ADVISOR_TELEGRAM_TOKEN (or ..._FILE)."""
    settings = read_settings()
    token = settings.token()
    if token is None:
        _stop(
            "ADVISOR_TELEGRAM_TOKEN is not set. Get a token from @BotFather, or try `advisor preview` without one.", 2
        )
    _log(settings, token)
    _run(_plan(settings, token, settings.telegram_api, settings.database))


@app.command()
def preview(
    listen: Annotated[str, typer.Option(help="address of the chat page; loopback only unless given")] = "",
    database: Annotated[Path, typer.Option(help="where the preview keeps its sessions")] = Path("preview.db"),
) -> None:
    """Run the same bot on a pretend Telegram, no token needed: a chat page in the browser, the staff's group beside."""
    from bot.preview.cast import OLGA, STAFF, STAFF_GROUP, seat_staff
    from bot.preview.guard import LOOPBACK_HOSTS
    from bot.preview.keepsake import keep, recall
    from bot.preview.pretend import PREVIEW_TOKEN, PretendTelegram
    from bot.preview.request import PretendRequest
    from bot.preview.serve import bound, serve
    from bot.staff.moment import Person

    settings = read_settings()
    _log(settings, PREVIEW_TOKEN)
    host, port = address(listen or settings.listen)
    if not listen and host not in LOOPBACK_HOSTS:
        _stop(f"The preview answers on loopback only, unless you say so: advisor preview --listen {settings.listen}")
    try:
        listening = bound(host, port)
    except OSError as error:
        _stop(
            f"The page cannot be served at {host}:{port}: {error.strerror}. "
            "Choose another: `advisor preview --listen 127.0.0.1:8081`, or set ADVISOR_LISTEN."
        )
    telegram, chats = PretendTelegram(PREVIEW_TOKEN), Path(f"{database}.chats")
    recall(telegram, chats)
    seat_staff(telegram)
    plan = _plan(settings, PREVIEW_TOKEN, "http://pretend", database, rates=False)
    staff = tuple(Person(one.id, "staff", one.first_name) for one, place in STAFF.items() if place == "staff")
    plan = replace(plan, desk=replace(plan.desk, chat=STAFF_GROUP), admins=(OLGA.id,), staff=staff)
    requests = (PretendRequest(telegram), PretendRequest(telegram))
    shown = f"[{host}]" if ":" in host else host
    print(f"The preview answers at http://{shown}:{listening.getsockname()[1]} (stop it with Ctrl+C)", flush=True)
    page = serve(telegram, listening, staff=True)
    _run(replace(plan, requests=requests, beside=(page, keep(telegram, chats))))


def _plan(settings: Settings, token: str, api: str, database: Path, *, rates: bool = True) -> "Plan":
    from bot.app import plan
    from bot.content.problems import ContentProblems

    try:
        return plan(token, api, database, settings, settings.rates if rates else None)
    except ContentProblems as error:
        _refuse(error)


def _run(plan: "Plan") -> None:
    from bot.app import TokenRefusedError
    from bot.app import run as run_bot
    from bot.store.database import DatabaseRefusedError

    try:
        asyncio.run(run_bot(plan))
    except (TokenRefusedError, DatabaseRefusedError) as error:
        _stop(str(error))


def _log(settings: Settings, token: str) -> None:
    from bot import logs

    logs.set_up(token)


def _content(settings: Settings) -> "Content":
    """The content. Ends the process with every problem when it has any."""
    from bot.app import read_content
    from bot.content.problems import ContentProblems

    try:
        return read_content(settings)
    except ContentProblems as error:
        _refuse(error)


def _refuse(error: "ContentProblems") -> NoReturn:
    _stop(f"{error}\n{_counted(error.problems)} in the content. Mend that, then start again.")


@app.command()
def check(as_json: AsJson = False) -> None:
    """Show every mistake in the content, each with file, line, column and a hint, and how much the knowledge covers."""
    from bot.content.load import checked
    from bot.content.problems import ContentProblems

    settings = read_settings()
    try:
        found = checked(settings.dialogs, settings.knowledge)
    except ContentProblems as error:
        _show_problems(error.problems, None, as_json)
        raise SystemExit(1) from None
    _show_problems(found.problems, found, as_json)
    if found.problems:
        raise SystemExit(1)
    if not as_json:
        print(f"{settings.dialogs}: {found.questions} questions, no mistakes.\n{found.coverage}")


def _counted(problems: "Sequence[Problem]") -> str:
    return "1 problem" if len(problems) == 1 else f"{len(problems)} problems"


def _show_problems(problems: "Sequence[Problem]", found: "Checked | None", as_json: bool) -> None:
    """With `as_json` also what there is, in figures."""
    if as_json:
        figures = {"questions": found.questions, "knowledge": asdict(found.coverage)} if found else {}
        rows = {"problems": [asdict(problem) for problem in problems], **figures}
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    elif problems:
        print("\n".join(map(str, problems)))
        print("\n".join([*([str(found.coverage)] if found else []), _counted(problems)]), file=sys.stderr)


@app.command()
def chat(language: Lang = "en") -> None:
    """Talk to the dialog in the terminal: no store, no Telegram."""
    from bot.terminal import talk

    talk(_content(read_settings()), _language(language))


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

    content = _content(read_settings())
    if batch is not None:
        for one in asking.judged(content.knowledge, _questions(batch)):
            print(asking.prediction(one))
        return
    if not question.strip():
        _stop('Ask something: advisor ask "what is bpo", or advisor ask --batch FILE.', 2)
    said = answer(content.knowledge, question, _language(language), _context(context))
    print(json.dumps(asking.as_row(said), ensure_ascii=False) if as_json else asking.told(content, said))


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="labelled questions, one JSON object a line")],
    as_json: AsJson = False,
) -> None:
    """Put a file of labelled questions to the knowledge, and show how well it answers, by language."""
    from bot import asking

    questions, knowledge = _questions(file), _content(read_settings()).knowledge
    if not questions:
        _stop(f"{file} holds no questions.")
    asked = asking.judged(knowledge, questions)
    with typer.progressbar(asked, length=len(questions), label="asking", file=sys.stderr) as bar:
        rows = list(bar)
    print(json.dumps(asking.figures(rows), ensure_ascii=False, indent=2) if as_json else asking.report(rows))


def _questions(path: Path) -> "list[Labelled]":
    from bot.asking import QuestionsError, read_questions

    try:
        return read_questions(path)
    except QuestionsError as error:
        _stop(str(error))


def _context(name: str) -> "Context | None":
    from bot.asking import QuestionsError, named_context

    try:
        return named_context(name)
    except QuestionsError as error:
        _stop(str(error), 2)


@app.command()
def graph(
    form: Annotated[Picture, typer.Option("--format", "-f", help="svg, dot or mermaid")] = Picture.SVG,
    language: Lang = "en",
) -> None:
    """Draw the tree, with answers and conditions on the edges, to stdout."""
    from bot.content import graph as drawing

    dialog = _content(read_settings()).dialog
    draw = {Picture.SVG: drawing.svg, Picture.DOT: drawing.dot, Picture.MERMAID: drawing.mermaid}[form]
    print(draw(dialog, _language(language)))


def _language(code: str) -> Language:
    language = as_language(code)
    if language is None:
        _stop(f"{code!r} is not one of the languages: {', '.join(LANGUAGES)}.", 2)
    return language


@app.command()
def new(folder: Annotated[Path, typer.Argument(help="a folder that does not exist yet, or is empty")]) -> None:
    """Write a small complete advisor on another subject, as a start for your own."""
    from bot.content.starter import write_starter
    from bot.settings import shipped

    try:
        names = write_starter(folder, shipped("dialogs"), shipped("knowledge"))
    except FileExistsError:
        _stop(f"{folder} is not an empty folder. Name a new one.")
    except OSError as error:
        _stop(f"{folder} cannot be written: {error.strerror}.")
    print("\n".join(["Written:", *(f"  {folder / name}" for name in names)]))
    dialogs, knowledge, database = (quote(str(folder / name)) for name in ("dialogs", "knowledge", "preview.db"))
    print(f"Try it:\n  export ADVISOR_DIALOGS={dialogs} ADVISOR_KNOWLEDGE={knowledge}")
    print(f"  advisor check\n  advisor preview --database {database}")


@sessions_app.command("list")
def sessions_list(
    most: Annotated[int, typer.Option(min=1, help="how many, newest first")] = 50,
    database: Annotated[Path | None, typer.Option(help="another database than ADVISOR_DATABASE")] = None,
    as_json: AsJson = False,
) -> None:
    """The newest sessions, a line each."""
    from bot.sessions_report import listing

    _report(listing(_database(database), most, as_json))


@sessions_app.command("show")
def sessions_show(
    session: Annotated[int, typer.Argument(help="the session's number, as `list` shows it")],
    database: Annotated[Path | None, typer.Option(help="another database than ADVISOR_DATABASE")] = None,
    as_json: AsJson = False,
) -> None:
    """One session: its answers, and its transcript in the very words shown."""
    from bot.sessions_report import showing

    _report(showing(_database(database), session, as_json))


@questions_app.command("list")
def questions_list(
    limit: Annotated[int, typer.Option("--limit", "--most", min=1, help="how many lines")] = 50,
    each: Annotated[bool, typer.Option("--each", help="one by one, newest first")] = False,
    database: Annotated[Path | None, typer.Option(help="another database than ADVISOR_DATABASE")] = None,
    as_json: AsJson = False,
) -> None:
    """The questions that stayed unanswered: a line for those that are alike, with how many they are, most first."""
    from bot.sessions_report import grouped, unanswered

    if each:
        _report(unanswered(_database(database), limit, as_json))
    else:
        _report(grouped(_database(database), limit, as_json, _words_known()))


def _words_known() -> "Knowledge":
    """The knowledge by whose words questions are read. With mistakes in the content, they are read without any."""
    from bot.app import read_content
    from bot.content.problems import ContentProblems
    from bot.dialog.phrases import NO_KNOWLEDGE

    try:
        return read_content(read_settings()).knowledge
    except ContentProblems as error:
        found = _counted(error.problems)
        print(f"{found} in the content (see `advisor check`): terms are compared letter by letter.", file=sys.stderr)
        return NO_KNOWLEDGE


@questions_app.command("opinions")
def questions_opinions(
    limit: Annotated[int, typer.Option("--limit", "--most", min=1, help="how many, newest first")] = 50,
    database: Annotated[Path | None, typer.Option(help="another database than ADVISOR_DATABASE")] = None,
    as_json: AsJson = False,
) -> None:
    """Which answers owners found helpful, or not, a line each."""
    from bot.sessions_report import opinions

    _report(opinions(_database(database), limit, as_json))


@knowledge_app.command("export")
def knowledge_export(
    out: Annotated[Path | None, typer.Option(help="a file to write; stdout unless given")] = None,
    database: Annotated[Path | None, typer.Option(help="another database than ADVISOR_DATABASE")] = None,
    as_json: AsJson = False,
) -> None:
    """The approved answers of the staff, as YAML for the authors of knowledge/*.yaml."""
    from bot.sessions_report import export

    text = _reported(export(_database(database), as_json)).rstrip("\n")
    if not text or text == "[]":
        print("Nothing is taught and approved yet.", file=sys.stderr)
    if out is None:
        print(text, end="\n" if text else "")
    elif text:
        _write(out, text)


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        _stop(f"{out} cannot be written: {error.strerror}.")
    print(f"Written: {out}", file=sys.stderr)


def _database(named: Path | None) -> Path:
    return named or read_settings().database


def _report(work: Coroutine[Any, Any, str]) -> None:
    print(_reported(work))


def _reported(work: Coroutine[Any, Any, str]) -> str:
    from bot.store.database import DatabaseRefusedError

    try:
        return asyncio.run(work)
    except (DatabaseRefusedError, LookupError) as error:
        _stop(str(error.args[0]))
