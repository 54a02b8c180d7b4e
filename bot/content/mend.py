"""A broken entry made whole, so that the rest of it can still be checked and all mistakes are shown at once.

Mended content never leaves `load`: there is a problem for everything that was mended.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.content.explain import path_of
from bot.content.models import Shape
from bot.content.strict_yaml import BLANK, KeyPath, Plain
from bot.languages import LANGUAGES

ROUNDS: Final = 4
"""Taking out what is wrong on one level can bring up what was hidden by it."""

S = TypeVar("S", bound=Shape)

_TEXT: Final[Plain] = dict.fromkeys(LANGUAGES, BLANK)
_WEIGHT: Final[Plain] = {"rules_out": BLANK, "because": _TEXT, "source": BLANK}
_IN_PLACE: Final[Mapping[str, Plain]] = {
    **dict.fromkeys(("title", "text", "help", "label", "name", "summary", "because"), _TEXT),
    **dict.fromkeys(("question", "answer", "publisher"), _TEXT),
    **dict.fromkeys((*LANGUAGES, "one", "other", "source", "goto", "next", "for", "against", "rules_out"), BLANK),
    **dict.fromkeys(("checked", "language", "year", "says", "words"), BLANK),
    **{key: [BLANK] for key in ("about", "from", "sources")},
    "options": {BLANK: {"label": _TEXT}},
    "steps": [_TEXT],
    "answers": {BLANK: BLANK},
    "by": 1,
}
"""What is put where something is missing or of the wrong kind."""
_IN_LIST: Final[Mapping[Any, Plain]] = {"weighs": _WEIGHT, "steps": _TEXT}


def validated(shape: type[S], value: Plain) -> tuple[S | None, list[ErrorDetails]]:
    """`value` in its shape, and every error. With errors it is a mended copy; None where mending does not help."""
    found: list[ErrorDetails] = []
    for _ in range(ROUNDS):
        try:
            return shape.model_validate(value), found
        except ValidationError as error:
            errors = error.errors(include_url=False)
            found += [one for one in errors if not _is_mended(one["input"])]
            value = _mended(value, errors)
    return None, found


def _is_mended(value: Any) -> bool:
    return value in (BLANK, [BLANK], _TEXT, _WEIGHT)


def _mended(value: Plain, errors: list[ErrorDetails]) -> Plain:
    copy = deepcopy(value)
    for error in errors:
        if path := path_of(error["loc"], copy):
            _mend(copy, _up_to_condition(path), error["type"])
    return copy


def _up_to_condition(path: KeyPath) -> KeyPath:
    """A condition is taken out as a whole: half of it would say something else."""
    return path[: path.index("when") + 1] if "when" in path else path


def _mend(value: Any, path: KeyPath, kind: str) -> None:
    *above, last = path
    for part in above:
        if not isinstance(value, dict | list):
            return
        value = value.get(part) if isinstance(value, dict) else value[int(part)]
    if isinstance(value, list):
        value[int(last)] = deepcopy(_IN_LIST.get(above[-1], BLANK))
    elif isinstance(value, dict):
        _mend_key(value, str(last), kind)


def _mend_key(mapping: dict[str, Plain], key: str, kind: str) -> None:
    if kind != "extra_forbidden" and key in _IN_PLACE:
        mapping[key] = deepcopy(_IN_PLACE[key])
    else:
        mapping.pop(key, None)
