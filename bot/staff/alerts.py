"""What time alone brings about: a person waits too long, an owner went silent, a claim gives the chat back."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.dialog.phrases import bold
from bot.dialog.view import View, lines
from bot.staff import cards, owner
from bot.staff.handover import Handover
from bot.staff.lookups import LISTED, is_overdue, waited
from bot.staff.moment import Moment
from bot.staff.outcome import Outcome
from bot.staff.posts import Post, Tap

HOUR_MS: Final = 3_600_000
SILENT_HOURS: Final = 1
"""So long after the staff's last word an owner who says nothing is told of, once."""


def overdue(moment: Moment, handovers: Iterable[Handover]) -> list[Handover]:
    """Those who wait too long and were not told of yet."""
    return [one for one in handovers if is_overdue(moment, one) and not one.overdue_told]


def overdue_post(moment: Moment, handovers: list[Handover]) -> Post:
    """One message about all of them."""
    rows = [f"{waited(moment, one)} · {cards.brief(moment, one)}" for one in handovers[:LISTED]]
    head = bold(moment.words.say("staff-overdue", n=len(handovers)))
    label = moment.words.plain("staff-claim")
    buttons = tuple(((f"{label} #{one.id}", Tap("claim", one.id).data()),) for one in handovers[:LISTED])
    return Post(text=lines(f"⏰ {head}", *rows), buttons=buttons)


def is_silent(moment: Moment, handover: Handover) -> bool:
    """Whether the owner has said nothing for long after the staff's last word, and nobody was told."""
    answered = handover.is_claimed and handover.is_answered and handover.staff_at >= handover.owner_at
    long = moment.now - handover.staff_at >= SILENT_HOURS * HOUR_MS
    return answered and long and not handover.silence_told


def silence_post(moment: Moment, handover: Handover) -> tuple[Handover, Post]:
    """In its topic, once."""
    text = moment.words.say("staff-owner-silent", time=moment.clock(handover.staff_at))
    return replace(handover, silence_told=True), Post(text=f"{cards.title(handover)}\n{text}", handover=handover.id)


def is_forgotten(moment: Moment, handover: Handover) -> bool:
    """Whether the staff have been silent for so long that the bot takes the chat again."""
    return handover.is_claimed and moment.now - handover.acted_at >= moment.desk.claim_hours * HOUR_MS


def taken_back(moment: Moment, view: View, handover: Handover) -> Outcome:
    """The bot has the chat again, at the same question."""
    return owner.went_back(moment, view, handover, "silence")
