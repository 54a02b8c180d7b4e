"""One spelling for what people type in many: case, accents, the two alphabets of Bulgarian.

`folded` is for all languages. Bulgarian is written in Latin letters in several ways (4 or ch, 6 or sh, q or ya, w or
v, j or zh); `squeezed` brings them to one, and the Cyrillic words to the same one. What a Latin letter leaves open (is
y an ъ or an й?) is met by more than one key for such a word: `spellings`.
"""

import re
import unicodedata
from itertools import product
from typing import Final

LONGEST: Final = 400
"""Letters of a text that are read; a question is not longer."""
CYRILLIC: Final = dict(zip("абвгдезийклмнопрстуфхцъыэё", "abvgdeziiklmnoprstufhcaiee", strict=True)) | {
    "ж": "j", "ч": "ch", "ш": "sh", "щ": "sht", "ь": "", "ю": "iu", "я": "ia",
}  # fmt: skip


def _table() -> dict[int, str]:
    """Letters to their folded form: accents off, Cyrillic to Latin, apostrophes and invisible letters to nothing."""
    table = {ord(letter): latin for letter, latin in CYRILLIC.items()}
    for code in range(0xC0, 0x250):
        bare = "".join(part for part in unicodedata.normalize("NFKD", chr(code)) if not unicodedata.combining(part))
        if bare != chr(code):
            table[code] = bare.casefold()
    table |= dict.fromkeys([*range(0x300, 0x370), *map(ord, "'’`´ʼ\u00ad\u200b\u200c\u200d\u2060\ufeff")], "")
    return table | {ord("ø"): "o", ord("ł"): "l", ord("đ"): "d"}


TABLE: Final = _table()
LATIN: Final = re.compile("sht|6t|[zj]h|t[sz]|y[ua]|[4qwxy6]")
SQUEEZED: Final = {
    "6t": "sht", "sht": "sht", "zh": "j", "jh": "j", "ts": "c", "tz": "c", "yu": "iu", "ya": "ia", "4": "ch", "q": "ia",
    "w": "v", "x": "h", "y": "i", "6": "sh",
}  # fmt: skip
OPEN_LETTERS: Final = {"ъ": ("а", "у", "и"), "й": ("и", "ж")}
"""Cyrillic letters whose Latin spelling is also that of another letter."""


def folded(text: str) -> str:
    """Lower case, no accents, Latin letters, nothing invisible; other scripts stay as they are."""
    text = text[:LONGEST]
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    return unicodedata.normalize("NFKC", text).casefold().translate(TABLE)


def squeezed(word: str) -> str:
    """A folded word with the several Latin spellings of Bulgarian brought to one."""
    return LATIN.sub(lambda found: SQUEEZED[found[0]], word)


def spellings(word: str) -> set[str]:
    """The keys under which a Bulgarian word is found, in whichever alphabet it is typed."""
    letters = unicodedata.normalize("NFC", word).casefold()
    open_here = [letter for letter in OPEN_LETTERS if letter in letters]
    keys = set()
    for choice in product(*(OPEN_LETTERS[letter] for letter in open_here)):
        written = letters
        for letter, other in zip(open_here, choice, strict=True):
            written = written.replace(letter, other)
        keys.add(squeezed(folded(written)))
    return keys
