"""The page of what owners ask: in which language they are served worst, what has no answer, what was judged how."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.knowledge.answering import answer, answers_itself
from bot.knowledge.entries import Knowledge
from bot.knowledge.taught import Taught
from bot.languages import LANGUAGES, NAMES, Language
from bot.review.charts import Bar, bars
from bot.review.context import review_of, visitor_of
from bot.review.figures_filter import narrowed, narrowing
from bot.review.rendering import page
from bot.review.shares import FEW, share
from bot.store import figures, taught, traffic
from bot.store.figures import Judged
from bot.store.filters import Filter
from bot.store.grouped import by_likeness, wording
from bot.store.questions import Unanswered

MOST_GROUPED: Final = 1_000
"""So many questions are put into groups, the newest: a second's work or less."""
MOST_SHOWN: Final = 50
MOST_DRAFTS: Final = 200
ENGLISH: Final[Mapping[Language, str]] = {"en": "English", "pt": "Portuguese", "bg": "Bulgarian", "fi": "Finnish"}
"""What the languages are called in the language of these pages."""


@dataclass(frozen=True, slots=True)
class Served:
    """How a language is served: of `asked` questions so many `unanswered`; of `judged` answers so many `unhelpful`."""

    language: Language
    asked: int
    unanswered: int
    judged: int
    unhelpful: int

    @property
    def name(self) -> str:
        """The language's own."""
        return NAMES[self.language]

    @property
    def english(self) -> str:
        """As these pages call it, with its own name where that is another."""
        return f"{ENGLISH[self.language]} ({self.name})".removesuffix(" (English)")

    @property
    def badly(self) -> int:
        """Questions that were unanswered or answered badly; never more than were asked.

        (Questions are counted in the session's language, judgements in the answer's, which may be another.)
        """
        return min(self.asked, self.unanswered + self.unhelpful)

    @property
    def part(self) -> float:
        """Of the questions asked, those that were served badly."""
        return self.badly / self.asked if self.asked else 0.0

    @property
    def told(self) -> str:
        """What went badly, as a sentence for whoever sees the figures for the first time."""
        unanswered = f"{_of(self.unanswered, self.asked)} questions got no answer"
        if not self.judged:
            return f"{unanswered}; no answer was judged."
        return f"{unanswered}; {_of(self.unhelpful, self.judged)} answers that were judged did not help."

    @property
    def said(self) -> str:
        """The same in words."""
        return _of(self.badly, self.asked)


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask the same. `wording`: as most of them asked; `by_now`: today's content answers it."""

    id: int
    wording: str
    language: Language
    n: int
    newest: int
    people: int
    session_id: int
    by_now: bool


async def _show(request: Request, wanted: Filter) -> Response:
    review = review_of(request)
    knowledge, database = review.contents.current.knowledge, review.database
    judged = await figures.judged(database, wanted)
    served = by_language(await traffic.asked(database, wanted), judged)
    open_questions = await figures.unanswered(database, wanted, MOST_GROUPED)
    in_all = sum((await figures.unanswered_by_language(database, wanted)).values())
    groups = await asyncio.to_thread(grouped, open_questions, knowledge)
    waiting = [one for one in await taught.listed(database, MOST_DRAFTS) if one.state == "submitted"]
    return page(
        request, "questions.html",
        narrowing=await narrowing(request, wanted), served=served, worst=worst(served), chart=_chart(served),
        groups=groups[:MOST_SHOWN], more=max(0, len(groups) - MOST_SHOWN), in_all=in_all, looked_at=len(open_questions),
        judged=_judged(judged, knowledge)[:MOST_SHOWN], in_judged=len(judged),
        waiting=[(one, _note(knowledge, one)) for one in waiting],
        me=visitor_of(request).person_id, names=NAMES, can_write=review.turns is not None,
        done=DONE.get(request.query_params.get("done", ""), ""), few=FEW,
    )  # fmt: skip


DONE: Final[Mapping[str, str]] = {
    "written": "The answer is kept. Another admin must approve it before owners are given it.",
    "approve": "The answer is approved: owners are given it from now on.",
    "refuse": "The answer is refused; owners are not given it.",
    "own": "Whoever wrote an answer cannot approve it: a second pair of eyes is needed.",
    "late": "Somebody was quicker: it is approved or refused already.",
    "gone": "There is no such answer any more.",
    "forbidden": "Only admins do that.",
}
"""What is said after a form was sent."""


def _of(n: int, of: int) -> str:
    part = share(n, of)
    return f"{n:,} of {of:,}" + (f" ({part})" if part else "")


def by_language(asked: Mapping[tuple[str, str], int], judged: Iterable[Judged]) -> list[Served]:
    """How each language is served, the worst first; a share counts where enough was asked."""
    rated = list(judged)
    listed = [
        Served(
            language,
            asked=asked.get((language, "asked"), 0) + asked.get((language, "unanswered"), 0),
            unanswered=asked.get((language, "unanswered"), 0),
            judged=sum(one.helpful + one.unhelpful for one in rated if one.language == language),
            unhelpful=sum(one.unhelpful for one in rated if one.language == language),
        )
        for language in LANGUAGES
    ]
    return sorted(listed, key=lambda one: (one.asked >= FEW, one.part, one.badly), reverse=True)


def worst(served: Sequence[Served]) -> Served | None:
    """The language that is served worst; None where nothing is known of any."""
    return served[0] if served[0].badly else None


def grouped(asked: Sequence[Unanswered], knowledge: Knowledge) -> list[Group]:
    """Questions that are alike together, the largest group first; what is answered by now last."""
    groups = [_group(group, knowledge) for group in by_likeness(asked, knowledge)]
    return sorted(groups, key=lambda one: (one.by_now, -one.n, -one.newest))


def _group(group: Sequence[Unanswered], knowledge: Knowledge) -> Group:
    said = wording(group)
    language = group[0].language
    by_now = answer(knowledge, said, language).action in ("answer", "taught")
    chats = {one.chat_id for one in group}
    return Group(group[0].id, said, language, len(group), group[0].asked_at, len(chats), group[0].session_id, by_now)


def _chart(served: Sequence[Served]) -> object:
    rows = [Bar(one.name, one.part, one.said, is_bad=True) for one in served if one.asked]
    return bars("Questions unanswered or answered badly, by language", rows, most=1)


def _judged(judged: Iterable[Judged], knowledge: Knowledge) -> list[tuple[Judged, str]]:
    """The answers with their questions, the worst first."""
    listed = sorted(judged, key=lambda one: (-one.unhelpful, one.helpful, one.cell, one.language))
    return [(one, _question_of(one, knowledge)) for one in listed]


def _question_of(one: Judged, knowledge: Knowledge) -> str:
    entry = knowledge.by_name.get(one.cell)
    return entry.question.to(one.language) if entry and one.language in LANGUAGES else ""


def _note(knowledge: Knowledge, one: Taught) -> str:
    """What should be known before it is approved."""
    if answers_itself(knowledge, one):
        return ""
    return "The bot would give another answer to this question, or none: word the question as owners do."


routes = [Route("/questions", narrowed(_show, without="version"))]
