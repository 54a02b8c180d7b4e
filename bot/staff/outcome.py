"""What an event comes to beside the dialog."""

from dataclasses import dataclass

from bot.dialog.session import Turn
from bot.knowledge.taught import Taught
from bot.staff.handover import Handover
from bot.staff.moment import Person
from bot.staff.posts import Post


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that an event of the staff, or one about a handover, leads to.

    `turn`: what the owner is told (None: nothing). `handover`: as it is now; id 0: a new one. `posts`: in order.
    `said`: the staff's words to the owner, for the transcript; HTML. `toast`: what a tap is answered with. `noted`:
    words for the staff alone. `people`: roles that changed. `taught`: a draft, or an answer that was approved.
    `is_media`: `said` tells of a photo or the like. `is_notice`: it only says that somebody may not do this.
    """

    turn: Turn | None = None
    handover: Handover | None = None
    posts: tuple[Post, ...] = ()
    said: str = ""
    toast: str = ""
    noted: str = ""
    people: tuple[Person, ...] = ()
    taught: Taught | None = None
    is_media: bool = False
    is_notice: bool = False
