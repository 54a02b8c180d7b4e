"""When a person will answer, told honestly: working hours, time zones, and what is said to the owner."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.dialog.phrases import Content, Words
from bot.languages import LANGUAGES, Language
from bot.settings import SettingsError, read_settings
from bot.staff.hours import Opening, hours
from bot.staff.moment import Desk, Moment
from bot.staff.when import when

OFFICE = hours("Mon-Fri 09:00-17:00, Sat 10:00-14:00", "Europe/Lisbon")
NIGHT = hours("Fri 22:00-06:00", "Europe/Sofia")
ROUND_THE_CLOCK = hours("mon-sun 0:00-24:00", "Europe/Helsinki")


def at(written: str, zone: str = "Europe/Lisbon") -> int:
    """A local time as epoch milliseconds."""
    return int(datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("written", "is_open"),
    [
        ("2026-11-23T09:00", True),
        ("2026-11-23T16:59", True),
        ("2026-11-23T17:00", False),
        ("2026-11-23T08:59", False),
        ("2026-11-28T13:00", True),
        ("2026-11-29T13:00", False),
    ],
)
def test_somebody_is_there_in_working_hours(written: str, is_open: bool) -> None:
    assert OFFICE.is_open(at(written)) is is_open


def test_the_hours_are_those_of_the_staffs_zone() -> None:
    """Nine in Lisbon is eleven in Helsinki; in summer, too."""
    for day in ("2026-11-23", "2026-07-06"):
        assert OFFICE.is_open(at(f"{day}T11:00", "Europe/Helsinki"))
        assert not OFFICE.is_open(at(f"{day}T10:59", "Europe/Helsinki"))


@pytest.mark.parametrize(
    ("written", "opening"),
    [
        ("2026-11-23T07:00", Opening(0, 0, "09:00")),
        ("2026-11-23T18:00", Opening(1, 1, "09:00")),
        ("2026-11-28T14:00", Opening(2, 0, "09:00")),
        ("2026-11-27T23:00", Opening(1, 5, "10:00")),
    ],
)
def test_when_they_are_back(written: str, opening: Opening) -> None:
    assert OFFICE.next_opening(at(written)) == opening


def test_a_night_goes_on_after_midnight() -> None:
    zone = "Europe/Sofia"
    assert NIGHT.is_open(at("2026-11-27T23:00", zone))
    assert NIGHT.is_open(at("2026-11-28T05:59", zone))
    assert not NIGHT.is_open(at("2026-11-28T06:00", zone))
    assert not NIGHT.is_open(at("2026-11-27T05:00", zone))


def test_who_is_always_there_is_there_on_the_days_the_clocks_change_too() -> None:
    zone = "Europe/Helsinki"
    for hour in range(24 * 3):
        for start in ("2026-03-28T00:00", "2026-10-24T00:00"):
            assert ROUND_THE_CLOCK.is_open(at(start, zone) + hour * 3_600_000)


@pytest.mark.parametrize(
    "written", ["", "9-17", "Mon 9-17", "Mon-Foo 09:00-17:00", "Mon 25:00-26:00", "Mon 09:00-09:00", "Mon 09:60-17:00"]
)
def test_hours_that_cannot_be_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        hours(written, "Europe/Lisbon")


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("ADVISOR_STAFF_HOURS", "nine to five", "Mon-Fri 09:00-17:00"),
        ("ADVISOR_STAFF_ZONE", "Atlantis/Capital", "Europe/Lisbon"),
        ("ADVISOR_STAFF_CHAT", "my group", "-1001234567890"),
        ("ADVISOR_STAFF_CHAT", "1234", "-1001234567890"),
        ("ADVISOR_ADMINS", "olga", "1234567"),
        ("ADVISOR_STAFF_LANGUAGE", "xx", "en, pt, bg, fi"),
        ("ADVISOR_WAIT_ALERT", "soon", "above 0"),
        ("ADVISOR_CLAIM_HOURS", "0", "above 0"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_write(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, remedy: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as told:
        read_settings()
    assert name in str(told.value)
    assert remedy in str(told.value)


def test_right_settings_make_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "STAFF_CHAT": "-1001234567890", "STAFF_HOURS": "Mon-Fri 9:00-17:00", "STAFF_ZONE": "Europe/Sofia",
        "STAFF_LANGUAGE": "bg", "WAIT_ALERT": "0.5", "CLAIM_HOURS": "2", "ADMINS": "12, 34",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"ADVISOR_{name}", value)
    settings = read_settings()
    desk = settings.desk()
    assert settings.admins == (12, 34)
    assert (desk.chat, desk.language, desk.zone, desk.wait_alert, desk.claim_hours) == (
        -1001234567890, "bg", "Europe/Sofia", 0.5, 2,
    )  # fmt: skip
    assert desk.is_staffed
    assert desk.hours


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_owner_is_told_when_to_expect_somebody(content: Content, language: Language) -> None:
    """In hours: now; outside: the day and time they are back; without hours: no promise. Each in four languages."""
    words = Words(content, language)

    def told(desk: Desk, written: str) -> str:
        return when(Moment(desk, content, at(written)), words)

    desk = Desk(-1, hours=OFFICE, zone="Europe/Lisbon")
    days = [day.strip() for day in words.plain("day-names").split(",")]
    assert len(days) == 9
    now, soon, later = (told(desk, f"2026-11-{day}") for day in ("23T10:00", "23T18:00", "28T15:00"))
    assert len({now, soon, later, told(Desk(-1), "2026-11-23T10:00")}) == 4
    assert days[1] in soon
    assert days[2] in later
    assert "09:00" in soon
    assert "Lisbon" in later
