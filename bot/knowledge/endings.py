"""The endings of words in four languages: two forms of one word have the same stem, and may tell who does it.

Light stems: what they leave of a word need not be a word, and they rather tell two words apart than take them for one.
Words come folded; Bulgarian ones in `latin` letters.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from bot.knowledge.folding import IN_LATIN, squeezed

OPEN: Final = str.maketrans({"ъ": "а", "й": "и"})
_APART: Final = """
    1/2 n/t name/verb name/they name/a I/they n/2 t/2 core/2 core/in core/from core/to in/from in/to from/to
    n/in n/from n/to t/in t/from t/to core/without in/without from/without to/without
"""
APART: Final = frozenset(tuple(pair.split("/")) for pair in _APART.split())
"""Roles that two forms of one word cannot both have in the same question."""


def apart(one: str, other: str) -> bool:
    """Whether the endings of a word tell that it is not meant alike."""
    return (one, other) in APART or (other, one) in APART


@lru_cache(maxsize=1 << 14)
def latin(word: str) -> str:
    """A folded Bulgarian word, in whichever alphabet, in one Latin spelling."""
    return squeezed(word.translate(OPEN).translate(IN_LATIN))


def _first(word: str, endings: Iterable[str], least: int) -> str:
    """The first of these endings that leaves a stem of this length; "" for none."""
    return next((end for end in endings if word.endswith(end) and len(word) - len(end) >= least), "")


@lru_cache(maxsize=1 << 14)
def english(word: str) -> tuple[str, str]:
    """`companies`, `switching` -> `compani`, `switch`. Who does it is kept: an employer is no employee."""
    stem = _singular(word)
    if end := _first(stem, ("ing", "ed"), 3):
        stem = _undoubled(stem[: -len(end)]) if set(stem[: -len(end)]) & set("aeiouy") else stem
    elif stem.endswith("e") and len(stem) > 3:
        stem = stem[:-1]
    return (stem[:-1] + "i" if len(stem) > 3 and stem[-1] == "y" and stem[-2] not in "aeiou" else stem), ""


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] not in "sui" else word


def _undoubled(stem: str) -> str:
    return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz" else stem


PT_PLURALS: Final = (("oes", "ao"), ("aes", "ao"), ("ais", "al"), ("eis", "el"), ("ns", "m"), ("res", "r"),
                     ("zes", "z"), ("ses", "s"), ("s", ""))  # fmt: skip
PT_VERBS: Final = {
    "verb": ("ariamos", "eriamos", "iriamos", "aria", "eria", "iria", "ando", "endo", "indo", "ar", "er", "ir"),
    "I": ("amos", "emos", "imos"),
    "they": ("am", "em"),
}


@lru_cache(maxsize=1 << 14)
def portuguese(word: str) -> tuple[str, str]:
    """`fornecedores` -> `fornecedor`; `mudar`, `mudamos` -> `mud`, with who does it."""
    for role, endings in PT_VERBS.items():
        if end := _first(word, endings, 3):
            return word[: -len(end)], role
    stem = next(
        (word[: -len(end)] + one for end, one in PT_PLURALS if word.endswith(end) and len(word) - len(end) >= 3), word
    )
    if stem.endswith(("o", "a", "e")) and len(stem) > 3 and not stem.endswith("ao"):
        return stem[:-1], {"o": "name", "a": "a", "e": ""}[stem[-1]]
    return stem, ""


def _latin(endings: str) -> tuple[str, ...]:
    return tuple(map(latin, endings.split()))


BG_ARTICLES: Final = _latin(
    "овете евете ове еве ищата ища ванията ването ване нията нето ият ия ите ата ета ята ото ето ът ят"
)
BG_PERSONS: Final = {
    "1": _latin("аваме яваме ваме уваме авам явам вам аме яме ем им ам ям"),
    "2": _latin("авате явате вате ате яте ете аваш яваш ваш аш яш еш иш"),
    "": _latin("ават яват ват ат"),
}
BG_VOWELS: Final = ("ii", "ia", "iu", "a", "e", "i", "o", "u")


@lru_cache(maxsize=1 << 14)
def bulgarian(word: str) -> tuple[str, str]:
    """The stem of a word in `latin` letters: `доставчиците`, `доставчик` -> `dostavchik`; who does it."""
    stem, role = word, ""
    if end := _first(word, BG_ARTICLES, 3):
        stem = word[: -len(end)]
    else:
        for person, endings in BG_PERSONS.items():
            if end := _first(word, endings, 3):
                stem, role = word[: -len(end)], person
                break
    if (end := _first(stem, BG_VOWELS, 3)) or (end := _first(stem, ("av", "iav", "v"), 4)):
        stem = stem[: -len(end)]
    return (stem[:-1] + "k" if stem[-1] == "c" else stem).replace("ia", "e"), role


FI_CLITICS: Final = ("kohan", "ko", "kaan", "kin", "han")
FI_OWNERS: Final = {"1": ("mme", "ni"), "2": ("nne",), "3": ("nsa",)}
FI_CASES: Final = {
    "verb": ("misessa", "misesta", "misella", "miselta", "miselle", "miseksi"),
    "": ("minen", "miseen", "misen", "mista"),
    "in": ("issa", "illa", "ssa", "lla"),
    "from": ("ista", "ilta", "sta", "lta"),
    "to": ("ille", "lle", "iksi", "ksi", "iin", "ihin", "seen", "aan", "oon", "uun", "een"),
    "without": ("ttomasti", "tta"),
    "2": ("tte",),
}
FI_ENDS: Final = {
    "core": ("vat",),
    "n": ("ien", "jen", "iden", "en", "n"),
    "t": ("et", "it", "t"),
    "": ("ita", "oja", "uja", "ia", "ta", "aa", "a"),
}
_FI_STRONG: Final = "kk/k pp/p tt/t nn/nt ng/nk hd/ht ks/s d/t v/p ust/us yst/ys"
FI_STRONG: Final = tuple(pair.split("/") for pair in _FI_STRONG.split())
"""The end of a stem, and what it is brought to."""


@lru_cache(maxsize=1 << 14)
def finnish(word: str) -> tuple[str, str]:
    """`toimittajien`, `vaihdamme` -> `toimitt`, `vaiht`, and what the ending says: where, from where, whose."""
    stem, role = word, ""
    if end := _first(stem, FI_CLITICS, 3):
        stem = stem[: -len(end)]
    for owner, endings in FI_OWNERS.items():
        if end := _first(stem, endings, 4):
            stem, role = stem[: -len(end)], owner
            break
    for table in (FI_CASES, FI_ENDS):
        found = next(((case, end) for case, ends in table.items() if (end := _first(stem, ends, 3))), None)
        if found:
            stem, role = stem[: -len(found[1])], role or found[0] or "core"
            break
    stem = stem.rstrip("aeiouy") if len(stem.rstrip("aeiouy")) >= 3 else stem
    return next(
        (stem[: -len(weak)] + strong for weak, strong in FI_STRONG if stem.endswith(weak)), stem
    ), role or "core"
