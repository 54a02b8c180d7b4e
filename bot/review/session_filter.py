"""The filter of the sessions: read from its address, with the choices that its form offers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from starlette.requests import Request

from bot.dialog.tree import Node
from bot.languages import NAMES as LANGUAGES
from bot.review.context import review_of
from bot.store import marks, traffic
from bot.store.filters import NAMES, RATINGS, STATES, YES_NO, Filter, FilterError

STATE_NAMES: Final = {"going-on": "going on", "advised": "advised", "left": "left without advice"}
NOT_KEPT: Final = "(not kept)"
"""What the audit log says in place of words that were looked for: they may be an owner's."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be asked for, with what it can be: (value, words) each."""

    name: str
    title: str
    values: tuple[tuple[str, str], ...]


def asked_for(request: Request) -> tuple[Filter, str]:
    """The filter that the address names; and what is wrong with it, "" for nothing. A wrong value is left out."""
    return read(request.query_params)


def read(values: Mapping[str, str]) -> tuple[Filter, str]:
    """As `asked_for`, of any query."""
    try:
        return Filter.from_query(values), ""
    except FilterError as error:
        return Filter.from_query(_meant(values)), str(error)


def _meant(values: Mapping[str, str]) -> dict[str, str]:
    return {name: values[name] for name in NAMES if name in values and _can_be(name, values[name])}


def _can_be(name: str, value: str) -> bool:
    try:
        Filter.from_query({name: value})
    except FilterError:
        return False
    return True


def told(wanted: Filter) -> str:
    """The filter as the audit log keeps it: without the words that were looked for."""
    return (replace(wanted, words=NOT_KEPT) if wanted.words else wanted).as_query()


async def choices(request: Request) -> list[Choice]:
    """What can be asked for here: of the candidates, versions and labels, those there are."""
    review = review_of(request)
    candidates = review.contents.current.dialog.candidates
    names = tuple((one.id, one.name.to("en")) for one in candidates.values())
    return [
        Choice("language", "Language", tuple(LANGUAGES.items())),
        Choice("state", "State", tuple((one, STATE_NAMES[one]) for one in STATES)),
        Choice("advice", "Advice", (*names, ("not-enough", "not enough to advise"))),
        Choice("rating", "Rating", tuple((one, _rating(one)) for one in RATINGS)),
        Choice("handed", "Handed over", _yes_no("handed over", "not handed over")),
        Choice("flagged", "Flagged", _yes_no("flagged", "not flagged")),
        Choice("reviewed", "Reviewed", _yes_no("reviewed", "to be reviewed")),
        Choice("label", "Label", tuple((one, one) for one in await marks.known_labels(review.database))),
        Choice("left_at", "Left at", tuple((one.id, one.title.to("en")) for one in _nodes(request))),
        Choice("version", "Dialog version", tuple((one, one[:12]) for one in await traffic.versions(review.database))),
        Choice("simulated", "Simulated", _yes_no("simulated only", "without simulated")),
    ]


def _nodes(request: Request) -> list[Node]:
    return list(review_of(request).contents.current.dialog.nodes.values())


def _yes_no(yes: str, no: str) -> tuple[tuple[str, str], ...]:
    return tuple(zip(YES_NO, (yes, no), strict=True))


def _rating(one: str) -> str:
    return f"help rated {one}" if one.isdigit() else f"an answer was {one}"
