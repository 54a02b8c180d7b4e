"""Makes pages of templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote_plus, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.review.context import PREFIX, Visitor
from bot.review.shares import share

HERE: Final = Path(__file__).parent
TOKEN_FIELD: Final = "form"  # noqa: S105  # the name of the field


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the pages: where it stands, what it is called, what it tells."""

    path: str
    title: str
    about: str


def at(path: str, query: Mapping[str, Any] | None = None, **more: Any) -> str:
    """The address of a page: `at("sessions", language="fi")`. What is None or empty is left out of the query."""
    filled = {name: value for name, value in {**(query or {}), **more}.items() if value not in (None, "")}
    return f"{PREFIX}/{path}{_asked(tuple(filled.items()))}"


@lru_cache(maxsize=8)
def _asked(query: tuple[tuple[str, Any], ...]) -> str:
    """Of a list it is the same for every line."""
    return f"?{urlencode(query)}" if query else ""


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """The page of this template. To each it is known who looks (`visitor`), and which pages there are (`sections`)."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    html = _ENVIRONMENT.get_template(template).render(
        visitor=visitor,
        sections=request.app.state.sections,
        here=request.url.path,
        form_token=lambda: _form_token(visitor),
        **values,
    )
    return HTMLResponse(html, status_code=status)


def _form_token(visitor: Visitor | None) -> Markup:
    """The hidden field that each form must have."""
    assert visitor is not None, "only a visitor has forms"
    return Markup('<input type="hidden" name="{}" value="{}">').format(TOKEN_FIELD, visitor.form)


_TIME, _MORE, _END = Markup('<time datetime="'), Markup('">'), Markup("</time>")


def when(ms: int) -> Markup:
    """A time as a page shows it: to the minute, UTC."""
    iso = datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds")
    return _TIME + iso + _MORE + f"{iso[:10]} {iso[11:16]}" + _END


def unquoted(address: str) -> str:
    """What an address asks for, to be read by people."""
    return unquote_plus(address) if "?" in address else address


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals["at"] = at
    environment.globals["share"] = share
    environment.filters["when"] = when
    environment.filters["unquoted"] = unquoted
    return environment


_ENVIRONMENT: Final = _environment()
