"""A session and what a turn makes of it: values, all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from bot.dialog.presses import Press
from bot.languages import Language

NOTHING: Mapping[str, str] = MappingProxyType({})
BY_PERSON: Final = "person"
"""What took an event that went to the person who has the chat."""


@dataclass(frozen=True, slots=True)
class Session:
    """One owner's walk. Where it stands is computed from `answers` (law 2); the rest cannot be.

    `id` 0: none begun. `consent`: the version of the privacy text agreed to. `step`: changes to the answers so far.
    `open`: what waits before the question (place.py): `restart`, `change:NODE`, `welcome-back:TOPIC`, `menu`, `recap`,
    `languages:` and `forget:` with what was open before.
    `advised`: the candidate last recommended in this session (`not-enough` for advice withheld), so that a change of
    the advice can be told. `texted`: the last thing we said was that we read text and buttons only. `about`: the name
    of the knowledge cell that was answered last (`kpo/benefits`), which "and its drawbacks?" goes on from.
    """

    language: Language = "en"
    consent: str = ""
    id: int = 0
    step: int = 0
    answers: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    open: str = ""
    advised: str = ""
    texted: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a reply."""

    label: str
    press: Press


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """A message: Telegram HTML and its buttons. `asks`: a typed answer to it closes it. `who`: whose words it holds.

    `file`: it is the caption of a file (`html` or `json`) with all that is kept of the owner.
    """

    text: str
    rows: Rows = ()
    asks: bool = False
    who: Literal["bot", "staff"] = "bot"
    file: Literal["", "html", "json"] = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A text that the bot could not answer, kept for staff and authors. `wants`: what the owner asked for with it.

    `suggested`: near answers were offered; `unknown`: nothing was; `person`: the owner wants a person.
    """

    text: str
    language: Language
    wants: Literal["suggested", "unknown", "person"]


@dataclass(frozen=True, slots=True)
class Wish:
    """The wish for a person. `kind`: one question is to be passed on, or the whole chat handed over.

    `text`: the question in the owner's words; `""`: about what was asked last, or nothing in particular.
    """

    kind: Literal["question", "chat"]
    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Opinion:
    """Whether an owner found a knowledge answer helpful. `cell`: its name."""

    cell: str
    language: Language
    helpful: bool


@dataclass(frozen=True, slots=True)
class Definition:
    """An answer to send from another chat (inline mode): plain title, first words, and the message as Telegram HTML."""

    id: str
    title: str
    summary: str
    text: str


Act = Literal["", "answer", "back", "why", "asked", "unanswered", "unclear"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One event and all it led to.

    `toast`: what a press is answered with. `closes`: new words for the message that was pressed (for a typed answer:
    the last question), which loses its buttons. `recorded` is False for what came before consent. `question` and
    `opinion` are kept beside the transcript; `wish` goes to the staff; `tell`: the session (not 0) whose last
    question the owner wants to hear the answer of; `definitions` answer an inline query and are not kept. `taken`: the
    data of the button that a typed text pressed, or BY_PERSON; what it was taken for then, no later words can tell.
    `act`: what the owner did, as far as the traffic counts it; asked: a question in passing; unanswered: one that we
    could not answer; unclear: words that were neither an answer nor a question.
    `forgets`: all that is kept of the owner is to be deleted.
    """

    session: Session
    replies: tuple[Reply, ...] = ()
    toast: str = ""
    closes: str | None = None
    recorded: bool = True
    question: Question | None = None
    opinion: Opinion | None = None
    wish: Wish | None = None
    tell: int = 0
    definitions: tuple[Definition, ...] = ()
    taken: str = ""
    act: Act = ""
    forgets: bool = False
