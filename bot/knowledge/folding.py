"""One spelling for what people type in many: case, accents, the two alphabets of Bulgarian.

`folded` is for all languages. Bulgarian is written in Latin letters in several ways (4 or ch, 6 or sh, q or ya, w or
v, j or zh); `squeezed` brings them to one. A Bulgarian word is found under its Cyrillic spelling, and under each Latin
one that `squeezed` leaves: is y an ъ or an й?
"""

import re
import unicodedata
from collections.abc import Iterable
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
OPEN_LETTERS: Final = {"ъ": "уи", "й": "ж"}
"""Cyrillic letters that are also spelt in Latin as these are."""


def folded(text: str) -> str:
    """Lower case, no accents on Latin letters, nothing invisible; other alphabets stay as they are. At most LONGEST."""
    text = text[:LONGEST]
    return bare(DOTTED.sub(r"\1", text) if "." in text else text)[:LONGEST]  # some letters fold to eighteen


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


def spellings(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The keys under which each folded word of the Bulgarian lists is found, in whichever alphabet it is typed.

    All at once: there are thousands, and one long text is rewritten much faster than its words.
    """
    written = [(word, variant) for word in words for variant in _variants(word)]
    latin = squeezed("\n".join(variant for _, variant in written).translate(IN_LATIN)).split("\n")
    keys = {word: {} if word.isascii() else {word: None} for word, _ in written}
    for (word, _), key in zip(written, latin, strict=True):
        keys[word][key] = None
    return {word: tuple(found) for word, found in keys.items()}


def _variants(word: str) -> list[str]:
    """A word and what stands for it where one of OPEN_LETTERS is spelt as another letter."""
    variants = [word]
    for letter, others in OPEN_LETTERS.items():
        if letter in word:
            variants += [variant.replace(letter, other) for variant in variants for other in others]
    return variants
