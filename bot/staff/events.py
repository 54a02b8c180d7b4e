"""What reaches us from the staff's group."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody in the group. `id` 0: hidden behind the group (an anonymous admin), or behind a channel."""

    id: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Beginning:
    """A topic was made `by` a user name, at a time (epoch ms), with this name."""

    by: str
    at: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InGroup:
    """Something that happened there. `message`: its id; `thread`: of the topic, 0: General or no topics;
    `reply_to`: the message it replies to, 0: none; `beginning`: how the topic was made, None: not told."""

    who: Who
    message: int = 0
    thread: int = 0
    reply_to: int = 0
    beginning: Beginning | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote(InGroup):
    """A text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted(InGroup):
    """A photo, a document, a voice message: anything but text. `text`: its caption."""

    what: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected(InGroup):
    """A text or a caption, edited."""

    text: str
    is_caption: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered(InGroup):
    """A `/name argument`."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped(InGroup):
    """A button, by its data, which may be forged."""

    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(InGroup):
    """`who` is not in the group any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grew(InGroup):
    """The group became a supergroup, with this id."""

    into: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed(InGroup):
    """What the bot may do in the group changed, or the group itself."""


GroupEvent = Wrote | Posted | Corrected | Ordered | Tapped | Left | Grew | Changed
