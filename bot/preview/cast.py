"""Who is always there: four owners, and, when asked for, the staff with their group."""

from bot.preview.chats import Chat, Person
from bot.preview.pretend import PretendTelegram

CAST = (
    Person(710_000_001, "Emma", "en"),
    Person(710_000_002, "Ana", "pt"),
    Person(710_000_003, "Boris", "bg"),
    Person(710_000_004, "Aino", "fi"),
)
PETRA = Person(720_000_001, "Petra", "en")
JONAS = Person(720_000_002, "Jonas", "en")
OLGA = Person(720_000_003, "Olga", "en")
IVO = Person(720_000_004, "Ivo", "en")
STAFF = {PETRA: "staff", JONAS: "staff", OLGA: "admin", IVO: "outsider"}
"""Who sits in the staff group, and as what (a key of the page's words). Ivo is in the group and has no role."""
STAFF_GROUP = -1_002_000_000_001


def seat_cast(telegram: PretendTelegram) -> None:
    """The owners who are always there; those who are keep their language."""
    _seat(telegram, CAST)


def seat_staff(telegram: PretendTelegram) -> Chat:
    """The staff and their group, a forum where the bot is an administrator. What is there already stays as it is."""
    _seat(telegram, tuple(STAFF))
    group = telegram.world.chats.get(STAFF_GROUP)
    if group is None:
        members = {person.id: "administrator" if person is OLGA else "member" for person in STAFF}
        group = telegram.visitors.add_group("Staff", members, chat_id=STAFF_GROUP, forum=True)
    return group


def _seat(telegram: PretendTelegram, people: tuple[Person, ...]) -> None:
    for person in people:
        if person.id not in telegram.world.people:
            telegram.world.add_person(person)
