"""The page of the tree: where owners go, hesitate and leave."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.dialog.tree import Dialog
from bot.languages import Language, as_language
from bot.review.context import Review, review_of
from bot.review.figures_filter import narrowed, narrowing
from bot.review.funnel import funnel
from bot.review.rendering import page
from bot.review.tree_picture import tree_picture
from bot.store import traffic
from bot.store.filters import DAY_MS, Filter


async def _show(request: Request, wanted: Filter) -> Response:
    review = review_of(request)
    language: Language = as_language(wanted.language) or "en"
    choices = await narrowing(request, wanted)
    dialog = await _dialog(review, wanted, [version for version, _ in choices.versions])
    counts = await traffic.by_place(review.database, wanted)
    found = funnel(dialog, language, counts, await traffic.still_there(review.database, wanted, review.clock()))
    return page(
        request, "tree.html",
        narrowing=choices, funnel=found, language=language, months=_is_by_month(review, wanted),
        is_other=wanted.version not in ("", dialog.version),
        # In a thread: where everything stands is computed once for a dialog, which takes a while.
        picture=await asyncio.to_thread(tree_picture, dialog, language, found) if found.begun else "",
    )  # fmt: skip


async def _dialog(review: Review, wanted: Filter, stored: list[str]) -> Dialog:
    """Of the version that is looked at; where it cannot be had any more, and for all versions, today's."""
    current = review.contents.current
    if wanted.version not in stored:
        return current.dialog
    content = await review.contents.of(review.database, wanted.version, current)
    return (content or current).dialog


def _is_by_month(review: Review, wanted: Filter) -> bool:
    """Whether the period begins, or ends, among the months that are kept as a whole."""
    begin, end = (at // DAY_MS for at in wanted.period)
    kept = traffic.folded_until(review.clock())
    return (wanted.since != "" and begin < kept) or (wanted.until != "" and end < kept)


routes = [Route("/tree", narrowed(_show))]
