"""An update as the turns see it, and what the updates of one transaction come to."""

from collections import Counter
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, Literal

from bot.dialog.events import AnyEvent
from bot.dialog.phrases import Content
from bot.dialog.session import Definition
from bot.knowledge.taught import Taught
from bot.languages import Language
from bot.staff.events import GroupEvent
from bot.staff.handover import Handover
from bot.staff.moment import Desk, Moment, Person
from bot.store import handovers, outbox, questions, sessions, taught, traffic, transcripts, updates
from bot.store.sessions import Chat
from bot.store.statements import Job
from bot.store.traffic import Counted
from bot.turns.flood import Sender, Store

Kind = Literal["event", "inquiry", "ignored", "group", "blocked", "unblocked", "broken"]


@dataclass(frozen=True, slots=True)
class Incoming:
    """An update as the turns see it.

    `kind` event: `event` came from the owner in `chat_id`; inquiry: it was typed elsewhere by the one whose private
    chat that is; group: something happened in a group, `in_group` says what, `addressed` whether somebody spoke to us
    there; blocked and unblocked: the owner did so; ignored: nothing to do; broken: it could not be read, `error` says
    why.
    `message_id` is the message whose button was pressed, `source` the owner's own message, `callback` the callback
    query to answer, `inquiry` the inline query, `label` the button's words, `name` how the owner is called, `sent_at`
    when it was sent (epoch ms; 0: not known), `received_at` when it reached us, where that is not now (simulated
    owners), `raw` the update itself.
    """

    update_id: int
    kind: Kind = "ignored"
    chat_id: int = 0
    event: AnyEvent | None = None
    language: Language = "en"
    message_id: int | None = None
    callback: str = ""
    inquiry: str = ""
    label: str = ""
    sent_at: int = 0
    received_at: int = 0
    error: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)
    source: int = 0
    name: str = ""
    in_group: GroupEvent | None = None
    addressed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a callback query is answered with."""

    callback: str
    toast: str = ""


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """What an inline query is answered with."""

    inquiry: str
    definitions: tuple[Definition, ...]


AnyAnswer = Answer | InlineAnswer


UNCHANGED: Final = frozenset({"now", "content", "desk"})
"""What no update changes in place."""


@dataclass(slots=True)
class Batch:
    """What the updates of one transaction come to, as it is computed, under the content that ran when it began.

    `newest`: the newest handover of each chat that is about to be touched, as it is by now.
    """

    now: int
    content: Content
    desk: Desk
    chats: dict[int, Chat]
    newest: dict[int, Handover] = field(default_factory=dict)
    changed: dict[int, Chat] = field(default_factory=dict)
    left: list[Chat] = field(default_factory=list)
    """Chats as they were, with the sessions that were begun anew."""
    counts: Counted = field(default_factory=Counter)
    handovers: dict[int, Handover] = field(default_factory=dict)
    lines: list[transcripts.Line] = field(default_factory=list)
    messages: list[outbox.Message] = field(default_factory=list)
    asked: list[questions.Unanswered] = field(default_factory=list)
    rated: list[questions.Rated] = field(default_factory=list)
    answers: list[AnyAnswer] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    extra: list[Job] = field(default_factory=list)
    told: dict[Any, int] = field(default_factory=dict)
    """What `Turns` must remember having told, once this is written."""
    people: Mapping[int, Person] | None = None
    """Who has which role by now; None: nobody has looked yet."""
    group_changed: bool = False
    """Whether our place in the staff's group may have changed."""
    drafts: dict[int, Taught] = field(default_factory=dict)
    forgotten: list[int] = field(default_factory=list)
    """Chats whose owners are forgotten by this: then it holds that one update alone."""
    first: list[Job] = field(default_factory=list)
    """What is written before all else."""
    flood: dict[Sender, Store] = field(default_factory=dict)
    """How much those who sent something may still send."""
    learned: bool = False
    """Whether an answer was approved, so that the knowledge must be renewed."""

    def copy(self) -> "Batch":
        """As it is now, to go back to should the next update break half-way."""
        held = {one.name: copy(getattr(self, one.name)) for one in fields(self) if one.name not in UNCHANGED}
        return replace(self, **held)

    @property
    def moment(self) -> Moment:
        """As the staff's side sees it."""
        return Moment(self.desk, self.content, self.now)

    def job(self) -> Job:
        """All of it, as one transaction."""
        parts: Iterable[Job] = (
            *self.first,
            updates.see(self.taken, self.now),
            sessions.save(self.changed.values(), self.now, self.left),
            transcripts.add(self.lines),
            outbox.add(self.messages),
            questions.ask(self.asked),
            questions.rate(self.rated),
            handovers.save(self.handovers.values()),
            taught.save(self.drafts.values()),
            traffic.count(self.counts),
            *self.extra,
        )
        return tuple(statement for part in parts for statement in part)
