"""Who belongs to the staff: granted and taken away by an admin, lost by leaving the group."""

from dataclasses import replace

from bot.staff import lookups
from bot.staff.moment import Person
from bot.staff.outcome import Outcome
from bot.staff.posts import Tap, called
from bot.staff.rights import STAFF
from bot.staff.scene import NOTHING, Scene


def not_staff(scene: Scene) -> Outcome:
    """Somebody in the group acts as if they were of the staff: an admin can make them so, by one tap."""
    who = scene.event.who
    if not who.id:
        return replace(scene.told(scene.says("staff-hidden")), is_notice=True)
    grant = (scene.plain("staff-grant", name=scene.name), Tap("grant", who.id, (_word(scene.name),)).data())
    text = scene.tells("staff-unknown-person", name=scene.name)
    return replace(scene.told(text, buttons=((grant,),)), is_notice=True)


def _word(name: str) -> str:
    """A name as it fits a button's data."""
    return name.replace(":", " ").encode()[:36].decode(errors="ignore")


def staff(scene: Scene, argument: str) -> Outcome:
    text, buttons = lookups.people(scene.moment, scene.known.people.values())
    return scene.told(text, buttons=buttons)


def grant(scene: Scene, tap: Tap) -> Outcome:
    before = scene.known.people.get(tap.about)
    if before and before.role in STAFF:
        return Outcome(toast=scene.plain("staff-is-staff", name=before.name))
    person = Person(tap.about, "staff", called(tap.word(0)) or str(tap.about))
    text = scene.tells("staff-granted", name=person.name, by=scene.name)
    return Outcome(posts=(scene.post(text),), people=(person,))


def revoke(scene: Scene, tap: Tap) -> Outcome:
    person = scene.known.people.get(tap.about)
    if person is None or person.role != "staff":
        return Outcome(toast=scene.plain("staff-old-button"))
    text = scene.tells("staff-revoked", name=person.name, by=scene.name)
    return Outcome(posts=(scene.post(text),), people=(replace(person, role="former"),))


def left(scene: Scene) -> Outcome:
    """Whoever leaves the group has no rights any more; admins are made by the settings alone."""
    person = scene.known.people.get(scene.event.who.id)
    return Outcome(people=(replace(person, role="former"),)) if person and person.role == "staff" else NOTHING
