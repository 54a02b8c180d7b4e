"""What the staff look up: who waits, what is mine, what the knowledge says, who is who."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.dialog.phrases import bold, escaped
from bot.dialog.view import lines, paragraphs
from bot.knowledge.answering import answer
from bot.knowledge.entries import Entry
from bot.languages import Language, as_language
from bot.staff import cards
from bot.staff.handover import Handover
from bot.staff.moment import Moment, Person
from bot.staff.posts import Buttons, Tap

LISTED: Final = 20
FOUND: Final = 5
OVERDUE: Final = "⏰ "


def is_overdue(moment: Moment, handover: Handover) -> bool:
    """Whether somebody waits longer than they should."""
    return handover.state == "waiting" and moment.now - handover.wished_at >= moment.desk.wait_alert * 60_000


def queue(moment: Moment, handovers: Iterable[Handover]) -> tuple[str, Buttons]:
    """Those who wait, oldest first, the overdue marked, each with a button to claim."""
    waiting = sorted((one for one in handovers if one.state == "waiting"), key=lambda one: (one.wished_at, one.id))
    if not waiting:
        return moment.words.say("staff-queue-empty"), ()
    shown = waiting[:LISTED]
    more = moment.words.say("staff-queue-more", n=len(waiting) - len(shown)) if len(waiting) > len(shown) else ""
    text = paragraphs(bold(moment.words.say("staff-queue", n=len(waiting))), lines(*_listed(moment, shown)), more)
    label = moment.words.plain("staff-claim")
    buttons = [(f"{label} #{one.id}", Tap("claim", one.id).data()) for one in shown]
    return text, tuple(tuple(buttons[place : place + 2]) for place in range(0, len(buttons), 2))


def mine(moment: Moment, handovers: Iterable[Handover], person: int) -> str:
    """Those whom this staff member has; who waits for their word first."""
    held = [one for one in handovers if one.is_of(person)]
    if not held:
        return moment.words.say("staff-mine-empty")
    ordered = sorted(held, key=lambda one: (one.owner_at <= one.staff_at, one.wished_at))
    rows = [f"{'✉️ ' if one.owner_at > one.staff_at else ''}{cards.brief(moment, one)}" for one in ordered[:LISTED]]
    return paragraphs(bold(moment.words.say("staff-mine", n=len(held))), lines(*rows))


def _listed(moment: Moment, handovers: Sequence[Handover]) -> list[str]:
    return [
        f"{OVERDUE if is_overdue(moment, one) else ''}{waited(moment, one)} · {cards.brief(moment, one)}"
        for one in handovers
    ]


def waited(moment: Moment, handover: Handover) -> str:
    """How long somebody has been waiting."""
    return moment.words.say("staff-waits-minutes", n=cards.minutes(moment, handover.wished_at))


def found(moment: Moment, handover: Handover | None, words: str) -> tuple[str, Buttons]:
    """Entries for these words; in a handover's topic, with buttons to send them to the owner."""
    if not words.strip():
        return moment.words.say("staff-faq-how"), ()
    asked_in = handover.language if handover else moment.desk.language
    entries, language_ = _entries(moment, words, asked_in)
    if not entries:
        return moment.words.say("staff-faq-none"), ()
    told_in = handover.language if handover else language_
    texts = [
        f"{place}. {bold(escaped(one.question.to(told_in)))}\n{words_of(one, told_in)}"
        for place, one in enumerate(entries, 1)
    ]
    shown = [text for place, text in enumerate(texts) if sum(map(len, texts[: place + 1])) < 3500]
    listed = entries[: len(shown)]
    return paragraphs(*shown), cards.send_rows(moment, handover, listed) if handover and handover.is_open else ()


def _entries(moment: Moment, words: str, spoken: Language) -> tuple[list[Entry], Language]:
    """What is answered, what may be meant, and what else there is about the concepts that are named."""
    knowledge = moment.content.knowledge
    said = answer(knowledge, words, spoken)
    cells = ((said.cell,) if said.cell else ()) + said.suggestions
    near = [knowledge.entries[cell] for cell in cells if cell in knowledge.entries]
    concepts = {concept for entry in near for concept in entry.cell.concepts[:1]}
    more = [one for one in knowledge.entries.values() if set(one.cell.concepts) <= concepts and one not in near]
    return [*near, *more][:FOUND], said.language


def words_of(entry: Entry, told_in: Language) -> str:
    """An entry's words; HTML."""
    return escaped(entry.answer.to(told_in))


def language(tap: Tap, handover: Handover) -> Language:
    """In which an entry is sent."""
    return as_language(tap.word(1)) or handover.language


def people(moment: Moment, known: Iterable[Person]) -> tuple[str, Buttons]:
    """Who is of the staff, with a button to take the role away."""
    listed = sorted((one for one in known if one.role in ("staff", "admin")), key=lambda one: (one.role, one.name))
    rows = [f"{'⭐' if one.role == 'admin' else '👤'} {escaped(one.name)} · {one.id}" for one in listed]
    buttons = tuple(
        ((moment.words.plain("staff-revoke", name=one.name), Tap("revoke", one.id).data()),)
        for one in listed
        if one.role == "staff"
    )
    return paragraphs(
        bold(moment.words.say("staff-people")), lines(*rows), moment.words.say("staff-people-how")
    ), buttons
