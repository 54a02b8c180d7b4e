"""Answering what the bot could not: an admin writes an answer, another one approves it; or the authors get a draft."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.content.entry_draft import drafted_entry
from bot.knowledge.answering import proposed
from bot.knowledge.entries import FACETS, OF_TWO, Knowledge
from bot.knowledge.gist import gist
from bot.knowledge.likeness import NEAR, alike
from bot.knowledge.taught import LONGEST
from bot.languages import NAMES, as_language
from bot.review.audit import audited
from bot.review.context import form_of, review_of, visitor_of
from bot.review.rendering import at, page
from bot.staff.drafts import LONGEST_ASKED
from bot.store import figures
from bot.store.filters import Filter
from bot.store.grouped import words
from bot.store.questions import Unanswered
from bot.turns.teaching import Written

MOST_LIKE_IT: Final = 1_000
MOST_WORDINGS: Final = 12


async def _ask(request: Request) -> Response:
    """The form, with the question as it was asked."""
    asked = await _question(request)
    await audited(request, "looked", f"question {asked.id}")
    knowledge = review_of(request).contents.current.knowledge
    concept, facet = proposed(knowledge, asked.text, asked.language)
    return await _form(request, asked, Written(words(asked), "", asked.language, concept, facet))


async def _form(
    request: Request, asked: Unanswered, written: Written, missing: str = "", status: int = 200
) -> Response:
    review = review_of(request)
    knowledge = review.contents.current.knowledge
    return page(
        request, "write.html", status,
        asked=asked, written=written, missing=missing, wordings=await _like_it(request, asked),
        language=NAMES[asked.language], can_write=review.turns is not None, longest=LONGEST,
        longest_asked=LONGEST_ASKED, facets=[one for one in FACETS if one not in OF_TWO],
        concepts=sorted((concept.name.to("en"), name) for name, concept in knowledge.concepts.items()),
    )  # fmt: skip


async def _write(request: Request) -> Response:
    """Keep it for another admin to approve."""
    asked, fields, turns = await _question(request), await form_of(request), review_of(request).turns
    written = Written(
        fields.get("question", "").strip(), fields.get("answer", "").strip(), asked.language,
        fields.get("concept", ""), fields.get("facet", ""),
    )  # fmt: skip
    missing = _missing(written, review_of(request).contents.current.knowledge)
    if missing:
        return await _form(request, asked, written, missing, 400)
    if turns is None:
        raise HTTPException(404)
    draft = await turns.teaching.write(written, visitor_of(request).person_id)
    if draft is None:
        return _back("forbidden")
    review_of(request).wake()
    await audited(request, "wrote", f"answer {draft.id}")
    return _back("written")


def _missing(written: Written, knowledge: Knowledge) -> str:
    """What the form lacks, in words; `""`: nothing."""
    if not written.question:
        return "Write the question as owners ask it."
    if not written.answer:
        return "Write the answer."
    if len(written.question) > LONGEST_ASKED or len(written.answer) > LONGEST:
        return f"That is too long: {LONGEST_ASKED} letters for the question, {LONGEST} for the answer."
    if written.concept and written.concept not in knowledge.concepts:
        return "Choose a concept from the list."
    return "" if written.facet in ("", *FACETS) else "Choose a facet from the list."


async def _judge(request: Request) -> Response:
    """Approve an answer, or refuse it."""
    fields, turns = await form_of(request), review_of(request).turns
    number, act = fields.get("id", ""), fields.get("act", "")
    if turns is None or not (number.isdecimal() and len(number) < 19) or act not in ("approve", "refuse"):
        raise HTTPException(404)
    judged = await turns.teaching.judge(int(number), "approve" if act == "approve" else "refuse",
                                        visitor_of(request).person_id)  # fmt: skip
    if judged != "done":
        return _back(judged)
    review_of(request).wake()
    await audited(request, "approved" if act == "approve" else "refused", f"answer {int(number)}")
    return _back(act)


async def _draft(request: Request) -> Response:
    """The entry as a file for the authors."""
    asked, review = await _question(request), review_of(request)
    about = proposed(review.contents.current.knowledge, asked.text, asked.language)
    day = datetime.fromtimestamp(review.clock() / 1000, UTC).date().isoformat()
    text = drafted_entry(words(asked), asked.language, await _like_it(request, asked), *about, day)
    await audited(request, "exported", f"draft of question {asked.id}")
    name = f"draft-{asked.id}.yaml"
    return Response(
        text, media_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


async def _question(request: Request) -> Unanswered:
    """The question that the address names. Raises HTTPException where there is none (any more)."""
    number = request.path_params["number"]
    found = await figures.question(review_of(request).database, number) if number < 2**62 else None
    if found is None or not found.text or as_language(found.language) is None:
        raise HTTPException(404)
    return found


async def _like_it(request: Request, asked: Unanswered) -> list[str]:
    """How owners asked the same, among the newest questions; the question itself first."""
    knowledge = review_of(request).contents.current.knowledge
    newest = await figures.unanswered(review_of(request).database, Filter(language=asked.language), MOST_LIKE_IT)
    near = await asyncio.to_thread(_near, knowledge, asked, newest)
    return list(dict.fromkeys([words(asked), *near]))[:MOST_WORDINGS]


def _near(knowledge: Knowledge, asked: Unanswered, newest: Iterable[Unanswered]) -> list[str]:
    here = gist(knowledge, asked.text, asked.language)
    return [words(one) for one in newest if alike(gist(knowledge, one.text, one.language), here) >= NEAR]


def _back(done: str) -> Response:
    return RedirectResponse(f"{at('questions', done=done)}#done", 303)


routes = [
    Route("/questions/{number:int}", _ask),
    Route("/questions/{number:int}", _write, methods=["POST"]),
    Route("/questions/{number:int}/draft.yaml", _draft),
    Route("/questions/judge", _judge, methods=["POST"]),
]
