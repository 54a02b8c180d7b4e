"""The page of the advice: what was recommended, in which language and version, and what owners thought of it all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.dialog.traffic import ADVISED
from bot.dialog.tree import Dialog
from bot.languages import LANGUAGES, NAMES
from bot.review.charts import Bar, bars
from bot.review.context import review_of
from bot.review.figures_filter import narrowed, narrowing
from bot.review.rendering import page
from bot.review.shares import share
from bot.store import figures, traffic
from bot.store.figures import Judged
from bot.store.filters import Filter

NOT_ENOUGH: Final = "not-enough"
STARS: Final = (5, 4, 3, 2, 1)

Kinds = Mapping[tuple[str, str, str], int]
"""(language, dialog version, what) -> n."""


@dataclass(frozen=True, slots=True)
class Advised:
    """One candidate: how many sessions it was recommended to last, in all, by language and by version."""

    id: str
    name: str
    n: int
    by_language: Mapping[str, int]
    by_version: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Rating:
    """What owners thought: of answers, and of the help of people (how often so many stars)."""

    helpful: int
    unhelpful: int
    stars: Mapping[int, int]

    @property
    def rated(self) -> int:
        """How many rated the help of people."""
        return sum(self.stars.values())

    @property
    def average(self) -> str:
        """Of the stars, as 4.2."""
        return f"{sum(n * stars for stars, n in self.stars.items()) / self.rated:.1f}" if self.rated else ""


async def _show(request: Request, wanted: Filter) -> Response:
    review = review_of(request)
    counts = await traffic.by_kind(review.database, wanted)
    choices = await narrowing(request, wanted)
    listed = advised(review.contents.current.dialog, counts)
    names = dict(choices.versions)
    rating = rated(await figures.judged(review.database, wanted), await figures.stars(review.database, wanted))
    return page(
        request, "advice.html",
        narrowing=choices, advised=listed, in_all=sum(one.n for one in listed), rating=rating, names=NAMES,
        languages=[one for one in LANGUAGES if any(item.by_language.get(one) for item in listed)],
        versions=[(one, names.get(one, one[:8])) for one in _versions(listed, [*names])],
        sums=_sums(listed), chart=_chart(listed), stars=_stars(rating),
    )  # fmt: skip


def advised(dialog: Dialog, counts: Kinds) -> list[Advised]:
    """Each candidate that was recommended or can be, the most often first; "not enough" at the end."""
    found = {what.removeprefix(ADVISED) for _, _, what in counts if what.startswith(ADVISED)}
    ids = [*dialog.candidates, *sorted(found - dialog.candidates.keys() - {NOT_ENOUGH}), NOT_ENOUGH]
    listed = [_advised(dialog, counts, one) for one in ids]
    return sorted(listed, key=lambda one: (one.id == NOT_ENOUGH, -one.n))


def _advised(dialog: Dialog, counts: Kinds, candidate: str) -> Advised:
    own = {(language, version): n for (language, version, what), n in counts.items() if what == ADVISED + candidate}
    return Advised(
        candidate, _name(dialog, candidate), sum(own.values()),
        _summed((language, n) for (language, _), n in own.items()),
        _summed((version, n) for (_, version), n in own.items()),
    )  # fmt: skip


def _name(dialog: Dialog, candidate: str) -> str:
    if candidate == NOT_ENOUGH:
        return "Not enough to advise"
    known = dialog.candidates.get(candidate)
    return known.name.to("en") if known else candidate


def _summed(counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, n in counted:
        sums[name] = sums.get(name, 0) + n
    return sums


def _sums(listed: Sequence[Advised]) -> dict[str, int]:
    """Of each language, and of each version."""
    return _summed(pair for one in listed for pair in (*one.by_language.items(), *one.by_version.items()))


def _versions(listed: Sequence[Advised], known: Sequence[str]) -> list[str]:
    """Those with advice, the newest first; then those that are not kept any more."""
    found = {version for one in listed for version, n in one.by_version.items() if n}
    return [*(one for one in known if one in found), *sorted(found - {*known})]


def rated(judged: Iterable[Judged], stars: Mapping[int, int]) -> Rating:
    """What owners thought, all together."""
    listed = list(judged)
    each = {one: stars.get(one, 0) for one in STARS}
    return Rating(sum(one.helpful for one in listed), sum(one.unhelpful for one in listed), each)


def _chart(listed: Sequence[Advised]) -> object:
    in_all = sum(one.n for one in listed)
    rows = [Bar(one.name, one.n, _said(one.n, in_all), one.id == NOT_ENOUGH) for one in listed]
    return bars("Sessions by what was recommended last", rows)


def _said(n: int, of: int) -> str:
    return f"{n:,} · {share(n, of)}".removesuffix(" · ")


def _stars(rating: Rating) -> object:
    return bars("Ratings of the help of people", [Bar("★" * stars, n) for stars, n in rating.stars.items()])


routes = [Route("/advice", narrowed(_show))]
