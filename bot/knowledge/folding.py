"""One spelling for what people type in many: case, accents, the two alphabets of Bulgarian.

`folded` is for all languages. Bulgarian is written in Latin letters in several ways (4 or ch, 6 or sh, q or ya, w or
v, j or zh); `squeezed` brings them to one. A Bulgarian word is found under its Cyrillic spelling, and under each Latin
one that `squeezed` leaves: is y an ъ or an й?
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import product
from typing import Final

LONGEST: Final = 400
"""Letters of a text that are read; a question is not longer."""
IN_LATIN: Final = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхцъ", "abvgdeziiklmnoprstufhca", strict=True))
    | {"ж": "j", "ч": "ch", "ш": "sh", "щ": "sht", "ь": "", "ю": "iu", "я": "ia"}
)


def _table() -> dict[int, str]:
    """Letters to their folded form: accents off, apostrophes and invisible letters to nothing."""
    table: dict[int, str] = {}
    for code in range(0xC0, 0x250):
        bare = "".join(part for part in unicodedata.normalize("NFKD", chr(code)) if not unicodedata.combining(part))
        if bare != chr(code):
            table[code] = bare.casefold()
    table |= dict.fromkeys([*range(0x300, 0x370), *map(ord, "'’`´ʼ\u00ad\u200b\u200c\u200d\u2060\ufeff")], "")
    return table | {ord("ø"): "o", ord("ł"): "l", ord("đ"): "d", ord("ѝ"): "и", ord("ё"): "е"}


TABLE: Final = _table()
DOTTED: Final = re.compile(r"\b([^\W\d_])\.\s?(?=[^\W\d_]\b)")
"""The dots inside an acronym: K.P.O."""
LATIN: Final = re.compile("sht|6t|[zj]h|t[sz]|y[ua]|[4qwxy6]")
SQUEEZED: Final = {
    "6t": "sht", "sht": "sht", "zh": "j", "jh": "j", "ts": "c", "tz": "c", "yu": "iu", "ya": "ia", "4": "ch", "q": "ia",
    "w": "v", "x": "h", "y": "i", "6": "sh",
}  # fmt: skip
OPEN_LETTERS: Final = {"ъ": ("а", "у", "и"), "й": ("и", "ж")}
"""Cyrillic letters whose Latin spelling is also that of another letter."""


def folded(text: str) -> str:
    """Lower case, no accents on Latin letters, nothing invisible; other alphabets stay as they are. At most LONGEST."""
    return bare(DOTTED.sub(r"\1", text[:LONGEST]))[:LONGEST]  # some letters fold to eighteen


def bare(text: str) -> str:
    """A text `folded`, however long, with its dots."""
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    return unicodedata.normalize("NFKC", text).casefold().translate(TABLE)


def folded_all(phrases: Iterable[str]) -> list[str]:
    """Phrases of a list, however many, each as it is told apart when read; a hyphen is a space. Blank ones stay."""
    return [phrase.strip() for phrase in bare("\n".join(phrases)).replace("-", " ").split("\n")]


def squeezed(word: str) -> str:
    """A folded word with the several Latin spellings of Bulgarian brought to one; Cyrillic stays as it is."""
    return LATIN.sub(lambda found: SQUEEZED[found[0]], word)


def spellings(word: str) -> set[str]:
    """The keys under which a folded word of the Bulgarian lists is found, in whichever alphabet it is typed."""
    if word.isascii():
        return {squeezed(word)}
    keys = {word}
    for choice in product(*(OPEN_LETTERS[letter] for letter in OPEN_LETTERS if letter in word)):
        written = word
        for letter, other in zip((letter for letter in OPEN_LETTERS if letter in word), choice, strict=True):
            written = written.replace(letter, other)
        keys.add(squeezed(written.translate(IN_LATIN)))
    return keys
