"""What can reach a session. Time and ids come with the event, so that the same event always gives the same turn."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that reached us. `fresh` is the id of the session to begin, should this event begin one."""

    fresh: int = 0


@dataclass(frozen=True, slots=True)
class Pressed(Event):
    """A button, by the data it carried; whether it is one of ours is for the engine to find out."""

    data: str


@dataclass(frozen=True, slots=True)
class Said(Event):
    """A typed text."""

    text: str


@dataclass(frozen=True, slots=True)
class PastAdvice:
    """The outcome of an earlier session: its date as the owner reads it, and the candidate (`""`: not enough)."""

    date: str
    candidate: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Commanded(Event):
    """A `/name argument`. `past` is filled for `/history` alone, newest first."""

    name: str
    argument: str = ""
    past: tuple[PastAdvice, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent(Event):
    """Something that is neither text nor button: a photo, a sticker, a voice message."""

    what: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Late(Event):
    """Something from before an outage, too old to act on; `first` where no apology was given for it yet."""

    what: str
    first: bool


@dataclass(frozen=True, slots=True)
class Inquired(Event):
    """An inline query: words typed after the bot's name in any chat. It needs no consent and is not recorded."""

    text: str


@dataclass(frozen=True, slots=True)
class Edited(Event):
    """A text or a caption of the owner's, edited. What was taken stays taken; a person who was told it is told anew."""

    text: str
    is_caption: bool = False


AnyEvent = Pressed | Said | Commanded | Sent | Late | Inquired | Edited
