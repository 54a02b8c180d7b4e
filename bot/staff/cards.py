"""The card of a handover: all that a staff member needs to answer, on one screen."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from bot.dialog.advice import advise
from bot.dialog.phrases import bold, escaped, italic, plain
from bot.dialog.screens import candidate_name, option_label
from bot.dialog.tree import MESSAGE_UNITS, utf16_units
from bot.dialog.view import View, lines, paragraphs
from bot.knowledge.answering import answer
from bot.knowledge.entries import Entry, Knowledge
from bot.languages import NAMES
from bot.staff.handover import Handover
from bot.staff.moment import Moment
from bot.staff.posts import Buttons, Post, Tap, called, inert, shortened

SUGGESTED: Final = 3
TURNS_SHOWN: Final = 6
LONGEST_TURN: Final = 160
LONGEST_ANSWER: Final = 80
ANSWERS_SHOWN: Final = 12
LONGEST_QUESTION: Final = 1000
LONGEST_BRIEF: Final = 140
LABEL: Final = 40
LONGEST_NUMBERS: Final = 100
MARKS: Final = {"waiting": "🟡", "claimed": "🔵", "returned": "✅"}
LONGEST_TOPIC: Final = 128
TOPIC: Final = re.compile(r"\S+ #(?P<number>[1-9]\d{0,17}) ")
CLOCKS_APART: Final = 5 * 60_000
"""By so much our clock may be ahead of Telegram's."""
SPEAKERS: Final = {"owner": "👤", "bot": "🤖", "staff": "🧑‍💼"}


class Spoken(NamedTuple):
    """One line of the transcript: who said it (owner, bot, staff), and the words, plain."""

    who: str
    text: str


def card(moment: Moment, handover: Handover, owner: View, spoken: Sequence[Spoken]) -> Post:
    """The card as it stands. `owner`: the session, in its own dialog version; `spoken`: its last lines, in order."""
    shown = owner.into(moment.desk.language)
    suggested = suggestions(moment.content.knowledge, handover) if handover.is_open else []
    text = _fitting(moment, handover, shown, list(spoken[-TURNS_SHOWN:]), suggested)
    return Post(
        what="card", text=text, buttons=_buttons(moment, handover, suggested), handover=handover.id,
        edits=handover.card_id, brief=brief(moment, handover),
    )  # fmt: skip


def title(handover: Handover) -> str:
    """As it is called in posts: a mark of its state, number and name; HTML."""
    return f"{MARKS[handover.state]} {mark(handover.id)} {name(handover)}"


def mark(number: int) -> str:
    """A handover's number, as it stands in every post that names it; HTML."""
    return f"<b>#{number}</b>"


def numbers(listed: Iterable[int]) -> str:
    """The numbers of handovers, in a line; plain."""
    return ", ".join(f"#{one}" for one in listed)[:LONGEST_NUMBERS]


def name(handover: Handover) -> str:
    """The owner's name, so that it can be taken for nothing else; HTML."""
    return f"«{inert(handover.name)}»"


def topic_name(handover: Handover) -> str:
    """The name of its topic; plain."""
    who = f" · {called(handover.claimed_name)}" if handover.is_claimed else ""
    return f"{MARKS[handover.state]} {_owner_in_topic(handover)}{who}"[:LONGEST_TOPIC]


def _owner_in_topic(handover: Handover) -> str:
    return f"#{handover.id} {handover.name}"


def number_in_topic(name: str) -> int:
    """The number of the handover that a topic of this name is of; 0: none."""
    found = TOPIC.match(name)
    return int(found["number"]) if found else 0


def is_topic_of(handover: Handover, name: str, made_at: int) -> bool:
    """Whether a topic made at that time (epoch ms) under that name is this handover's. Numbers come again where a
    database was begun anew, names may, too: what is older than the wish is another one's."""
    _, _, rest = name.partition(" ")
    is_owners = f"{rest} ·".startswith(f"{_owner_in_topic(handover)} ·"[: LONGEST_TOPIC - 2])
    return is_owners and made_at > handover.wished_at - CLOCKS_APART


def topic(handover: Handover) -> Post:
    """Its topic, as it is to be: open for as long as the handover is."""
    return Post(
        what="topic",
        text=topic_name(handover),
        handover=handover.id,
        brief="open" if handover.is_open else "closed",
    )


def brief(moment: Moment, handover: Handover) -> str:
    """The card in a line; HTML."""
    words = moment.words.say("staff-only-person") if not handover.question else inert(shortened(handover.question, 100))
    return f"{title(handover)} · {NAMES[handover.language]} · {words}"


def minutes(moment: Moment, since: int) -> int:
    """How long ago that is, in whole minutes."""
    return max(0, (moment.now - since) // 60_000)


def suggestions(knowledge: Knowledge, handover: Handover) -> list[Entry]:
    """What the knowledge may have to say to the question."""
    said = answer(knowledge, handover.question, handover.language)
    cells = ((said.cell,) if said.cell else ()) + said.suggestions
    return [knowledge.entries[cell] for cell in cells if cell in knowledge.entries][:SUGGESTED]


def _fitting(moment: Moment, handover: Handover, owner: View, spoken: list[Spoken], suggested: list[Entry]) -> str:
    """As much of what was said last as one message takes."""
    text = paragraphs(
        _head(moment, handover), _question(moment, handover), _answers(moment, owner), _advice(moment, owner),
        _spoken(moment, spoken), _suggested(moment, handover, suggested),
        italic(moment.words.say("staff-how")) if handover.is_open else "",
    )  # fmt: skip
    if utf16_units(plain(text)) <= MESSAGE_UNITS - 96 or not spoken:
        return text
    return _fitting(moment, handover, owner, spoken[1:], suggested)


def _head(moment: Moment, handover: Handover) -> str:
    kind = moment.words.say(f"staff-kind-{handover.kind}")
    return lines(title(handover), f"{NAMES[handover.language]} · {kind}", _state(moment, handover))


def _state(moment: Moment, handover: Handover) -> str:
    words = moment.words
    if handover.state == "waiting":
        return words.say("staff-waits", time=moment.clock(handover.wished_at))
    if handover.is_claimed:
        waited = max(0, (handover.claimed_at - handover.wished_at) // 60_000)
        time = moment.clock(handover.claimed_at)
        return words.say("staff-has-it", name=handover.claimed_name, time=time, n=waited)
    stars = "⭐" * handover.rating
    return lines(words.say(f"staff-ended-{handover.ending}", time=moment.clock(handover.ended_at)), stars)


def _question(moment: Moment, handover: Handover) -> str:
    if not handover.question:
        return italic(moment.words.say("staff-only-person"))
    return f"<blockquote>{inert(shortened(handover.question, LONGEST_QUESTION))}</blockquote>"


def _answers(moment: Moment, owner: View) -> str:
    steps = owner.path.steps
    if not steps:
        return italic(moment.words.say("staff-no-answers"))
    answered = (
        f"{number}. {escaped(node.title.to(owner.session.language))}: "
        f"{escaped(shortened(option_label(owner, option), LONGEST_ANSWER))}"
        for number, (node, option) in list(enumerate(steps, 1))[-ANSWERS_SHOWN:]
    )
    return lines(bold(moment.words.say("staff-answers")), *answered)


def _advice(moment: Moment, owner: View) -> str:
    if not owner.path.steps:
        return ""
    best = advise(owner.content.dialog, owner.path).best
    named = candidate_name(owner, best.candidate.id if best else "")
    final = "staff-advice-so-far" if owner.path.current else "staff-advice"
    return moment.words.say(final, name=named)


def _spoken(moment: Moment, spoken: Iterable[Spoken]) -> str:
    told = [
        f"{SPEAKERS.get(one.who, '')} {inert(shortened(one.text, LONGEST_TURN))}" for one in spoken if one.text.strip()
    ]
    return lines(bold(moment.words.say("staff-turns")), *told) if told else ""


def _suggested(moment: Moment, handover: Handover, suggested: list[Entry]) -> str:
    listed = (f"{place}. {escaped(one.question.to(handover.language))}" for place, one in enumerate(suggested, 1))
    return lines(bold(moment.words.say("staff-suggested")), *listed) if suggested else ""


def _buttons(moment: Moment, handover: Handover, suggested: list[Entry]) -> Buttons:
    if not handover.is_open:
        answered = handover.is_answered and handover.question
        return (((moment.words.plain("staff-teach"), Tap("teach", handover.id).data()),),) if answered else ()
    return (*send_rows(moment, handover, suggested), *_state_rows(moment, handover))


def send_rows(moment: Moment, handover: Handover, entries: Iterable[Entry]) -> Buttons:
    """A row an entry: send it to the owner, or have its words to edit first."""
    words, code = moment.words, handover.id
    return tuple(
        (
            (words.plain("staff-send", n=place), Tap("send", code, (entry.cell.code, handover.language)).data()),
            (words.plain("staff-edit", n=place), Tap("edit", code, (entry.cell.code, handover.language)).data()),
        )
        for place, entry in enumerate(entries, 1)
    )


def _state_rows(moment: Moment, handover: Handover) -> Buttons:
    def act(name: str) -> tuple[str, str]:
        return moment.words.plain(f"staff-{name}"), Tap(name, handover.id).data()

    if not handover.is_claimed:
        return ((act("claim"),),)
    talk = ((act("talk"),),) if handover.kind == "question" else ()
    return (*talk, (act("pass"), act("release")), (act("close"),))
