"""When a person will answer, said honestly."""

from bot.dialog.phrases import Words
from bot.staff.moment import Moment


def when(moment: Moment, words: Words) -> str:
    """In the owner's language, as plain text: somebody is there; or from when; or that we cannot say."""
    hours = moment.desk.hours
    if hours is None:
        return words.plain("when-unknown")
    if hours.is_open(moment.now):
        return words.plain("when-open", hours=hours.written, zone=_city(hours.zone))
    opening = hours.next_opening(moment.now)
    if opening is None:
        return words.plain("when-unknown")
    names = words.plain("day-names").split(",")
    day = names[opening.days] if opening.days < 2 else names[2 + opening.weekday]
    return words.plain("when-away", day=day.strip(), time=opening.time, zone=_city(hours.zone))


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")
