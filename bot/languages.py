"""The four languages, and a text: one wording for each."""

from dataclasses import dataclass
from typing import Final, Literal, cast

Language = Literal["en", "pt", "bg", "fi"]

LANGUAGES: Final[tuple[Language, ...]] = ("en", "pt", "bg", "fi")
NAMES: Final[dict[Language, str]] = {"en": "English", "pt": "Português", "bg": "Български", "fi": "Suomi"}


@dataclass(frozen=True, slots=True)
class Text:
    """One wording in each language."""

    en: str
    pt: str
    bg: str
    fi: str

    def to(self, language: Language) -> str:
        """The wording in `language`."""
        return cast(str, getattr(self, language))

    def wordings(self) -> tuple[tuple[Language, str], ...]:
        """Every (language, wording), in the order of LANGUAGES."""
        return tuple((language, self.to(language)) for language in LANGUAGES)


def language_of(code: str | None) -> Language:
    """The language for a client's IETF tag (`pt-BR` -> `pt`); English for any other or none."""
    return as_language((code or "").lower().split("-")[0]) or "en"


def as_language(code: str) -> Language | None:
    """`code` as one of the four, else None."""
    return next((language for language in LANGUAGES if language == code), None)
