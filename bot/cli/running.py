"""`advisor run`, `advisor preview`: the bot, on Telegram or on a pretend one."""

import asyncio
from dataclasses import replace
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shared import a_typer, refuse, stop
from bot.settings import Settings, address, read_settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from bot.app import Plan

app = a_typer()


@app.command()
def run() -> None:
    """Run the bot on Telegram. Needs ADVISOR_TELEGRAM_TOKEN (or ..._FILE)."""
    settings = read_settings()
    token = settings.token()
    if token is None:
        stop("ADVISOR_TELEGRAM_TOKEN is not set. Get a token from @BotFather, or try `advisor preview` without one.", 2)
    _log(settings, token)
    plan = _plan(settings, token, settings.telegram_api, settings.database)
    _run(_with_review(plan, settings) if settings.admins else plan)


def _with_review(plan: "Plan", settings: Settings) -> "Plan":
    """With the web server for the review pages. Ends the process where it cannot listen."""
    from starlette.applications import Starlette
    from starlette.routing import Mount

    from bot.review.context import PREFIX
    from bot.serving import serve, url_of

    listening = _listening(settings.address(), "The review pages", "Set ADVISOR_LISTEN to another, as 127.0.0.1:8081.")

    async def web(review: "ASGIApp") -> None:
        await serve(Starlette(routes=[Mount(PREFIX, review)]), listening)

    return replace(plan, web=web, address=settings.public_url or url_of(listening))


def _listening(at: tuple[str, int], what: str, remedy: str) -> socket:
    """A socket at this address. Ends the process where it cannot be had."""
    from bot.serving import bound

    try:
        return bound(*at)
    except OSError as error:
        stop(f"{what} cannot be served at {at[0]}:{at[1]}: {error.strerror}. {remedy}")


@app.command()
def preview(
    listen: Annotated[str, typer.Option(help="address of the chat page; loopback only unless given")] = "",
    database: Annotated[Path, typer.Option(help="where the preview keeps its sessions")] = Path("preview.db"),
) -> None:
    """Run the same bot on a pretend Telegram, no token needed: a chat page in the browser, the staff's group beside."""
    from bot.preview.cast import OLGA, STAFF, STAFF_GROUP, seat_staff
    from bot.preview.guard import LOOPBACK_HOSTS, is_here
    from bot.preview.keepsake import keep, recall
    from bot.preview.pretend import PREVIEW_TOKEN, PretendTelegram
    from bot.preview.request import PretendRequest
    from bot.preview.serve import serve
    from bot.review.context import PREFIX
    from bot.serving import url_of
    from bot.staff.moment import Person

    settings = read_settings()
    _log(settings, PREVIEW_TOKEN)
    host, port = address(listen or settings.listen)
    if not listen and host not in LOOPBACK_HOSTS:
        stop(f"The preview answers on loopback only, unless you say so: advisor preview --listen {settings.listen}")
    remedy = "Choose another: `advisor preview --listen 127.0.0.1:8081`, or set ADVISOR_LISTEN."
    listening = _listening((host, port), "The page", remedy)
    telegram, chats = PretendTelegram(PREVIEW_TOKEN), Path(f"{database}.chats")
    recall(telegram, chats)
    seat_staff(telegram)
    plan = _plan(settings, PREVIEW_TOKEN, "http://pretend", database, rates=False)
    staff = tuple(Person(one.id, "staff", one.first_name) for one, place in STAFF.items() if place == "staff")
    plan = replace(plan, desk=replace(plan.desk, chat=STAFF_GROUP), admins=(OLGA.id,), staff=staff)
    requests = (PretendRequest(telegram), PretendRequest(telegram))
    shown = f"[{host}]" if ":" in host else host
    here = f"http://{shown}:{listening.getsockname()[1]}"
    print(f"The preview answers at {here} (stop it with Ctrl+C)", flush=True)
    print(f"The review pages: write /review as {OLGA.first_name}, who is the admin: {here}/?as={OLGA.id}", flush=True)
    if not is_here(listening.getsockname()[0]):
        print("Whoever reaches this address can be anybody here and read all of it: let nobody write what is real. "
              "The review pages answer this machine alone.", flush=True)  # fmt: skip

    async def web(review: "ASGIApp") -> None:
        await serve(telegram, listening, staff=True, beside={PREFIX: review})

    address_of_review = settings.public_url or url_of(listening)
    _run(replace(plan, requests=requests, beside=(keep(telegram, chats),), web=web, address=address_of_review))


def _plan(settings: Settings, token: str, api: str, database: Path, *, rates: bool = True) -> "Plan":
    from bot.app import plan
    from bot.content.problems import ContentProblems

    try:
        return plan(token, api, database, settings, settings.rates if rates else None)
    except ContentProblems as error:
        refuse(error)


def _run(plan: "Plan") -> None:
    from bot.app import TokenRefusedError
    from bot.app import run as run_bot
    from bot.store.database import DatabaseRefusedError

    try:
        asyncio.run(run_bot(plan))
    except (TokenRefusedError, DatabaseRefusedError) as error:
        stop(str(error))


def _log(settings: Settings, token: str) -> None:
    from bot import logs

    logs.set_up(token)
