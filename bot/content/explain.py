"""What pydantic found, in words for people who write dialogs and no programs."""

from collections.abc import Callable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Final, TypeGuard, Union, get_args, get_origin

from pydantic import BaseModel, RootModel
from pydantic_core import ErrorDetails

from bot.content.models import WEIGHT_KINDS, Shape
from bot.content.problems import closest, listed, shortened
from bot.content.strict_yaml import Key, KeyPath, Plain
from bot.languages import LANGUAGES, NAMES

_A_TEXT: Final = "put it in double quotes to make it a text"
Explained = tuple[str, str]
"""Message and hint."""


def path_of(loc: tuple[str | int, ...], value: Plain) -> KeyPath:
    """pydantic's place of an error as a path into `value`: without the names of the variants it tried."""
    path: list[str | int] = []
    for part in loc:
        if _is_variant(part) and not (isinstance(value, dict) and part in value):
            continue
        path.append(part)
        value = inside(value, part)
    return tuple(path)


def _is_variant(part: str | int) -> TypeGuard[str]:
    return isinstance(part, str) and part.startswith("<") and part.endswith(">")


def inside(value: Plain, part: Key) -> Plain:
    """What stands under one key, or at one index; None when nothing does."""
    if isinstance(value, dict) and isinstance(part, str):
        return value.get(part)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return None


def explained(error: ErrorDetails, shape: type[Shape]) -> Explained:
    """Message and hint for one error that `shape` raised."""
    explain = _WORDS.get(error["type"])
    return explain(error, shape) if explain else (f"this does not fit: {error['msg']}", "see the folder's README.md")


def _missing(error: ErrorDetails, _shape: type[Shape]) -> Explained:
    key = str(error["loc"][-1])
    name = next((NAMES[language] for language in LANGUAGES if language == key), None)
    if name:
        return f"language `{key}` is missing", f"add `{key}:` with the text in {name}"
    return f"`{key}` is missing", f"add `{key}:`"


def _unknown_key(error: ErrorDetails, shape: type[Shape]) -> Explained:
    key = str(error["loc"][-1])
    if ":" in key or '"' in key:
        return f"unknown key `{shortened(key)}`", "a space belongs after the colon of a key"
    known = tuple(known_keys(shape, error["loc"][:-1]))
    return f"unknown key `{shortened(key)}`", closest(key, known) or f"here can stand {listed(known)}"


def _not_a_text(error: ErrorDetails, _shape: type[Shape]) -> Explained:
    value = error["input"]
    if isinstance(value, dict | list):
        return f"{_kind(value)} where a text belongs", "write one text in double quotes"
    return f"{_kind(value)} where a text belongs", _A_TEXT


def _not_a_number(error: ErrorDetails, _shape: type[Shape]) -> Explained:
    return f"{_kind(error['input'])} where a whole number belongs", "write a number without quotes, such as 3"


def _not_a_choice(error: ErrorDetails, _shape: type[Shape]) -> Explained:
    return f"{_kind(error['input'])} where `true` or `false` belongs", "write it without quotes"


def _not_a_mapping(error: ErrorDetails, _shape: type[Shape]) -> Explained:
    return f"{_kind(error['input'])} where `key: value` lines belong", "check the indentation; see the README.md"


def _not_a_list(error: ErrorDetails, _shape: type[Shape]) -> Explained:
    return f"{_kind(error['input'])} where a list belongs", "write [one, two], or a line with `- ` for each"


def _too_small(_error: ErrorDetails, _shape: type[Shape]) -> Explained:
    return "the number is too small", "the smallest is 1"


def _too_large(error: ErrorDetails, _shape: type[Shape]) -> Explained:
    return "the number is too large", f"the largest is {error['ctx']['le']}"


def _too_short(_error: ErrorDetails, _shape: type[Shape]) -> Explained:
    return "nothing is listed here", "name at least one, or delete the key"


def _too_long(_error: ErrorDetails, _shape: type[Shape]) -> Explained:
    return "a condition has one key", "write `all: [{...}, {...}]` when several must hold"


def _no_kind(error: ErrorDetails, _shape: type[Shape]) -> Explained:
    hint = "say which candidates it weighs for or against, or which it rules out"
    if not isinstance(error["input"], Mapping):
        return f"{_kind(error['input'])} where a weight belongs", hint
    return f"a weight has exactly one of {listed(WEIGHT_KINDS)}", hint


_WORDS: Final[Mapping[str, Callable[[ErrorDetails, type[Shape]], Explained]]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "string_type": _not_a_text,
    "int_type": _not_a_number,
    "bool_type": _not_a_choice,
    "dict_type": _not_a_mapping,
    "model_type": _not_a_mapping,
    "model_attributes_type": _not_a_mapping,
    "list_type": _not_a_list,
    "greater_than_equal": _too_small,
    "less_than_equal": _too_large,
    "too_short": _too_short,
    "too_long": _too_long,
    "union_tag_not_found": _no_kind,
}


def _kind(value: Any) -> str:
    if isinstance(value, bool | int):
        return f"`{str(value).lower()}`"
    names = ((str, "a text"), (list, "a list"), (dict, "`key: value` lines"))
    return next((name for kind, name in names if isinstance(value, kind)), "nothing")


# which keys a shape knows, for "did you mean"


def known_keys(shape: type[Shape], loc: tuple[str | int, ...]) -> Iterator[str]:
    """The keys that can stand at `loc` (pydantic's own, with variants) inside `shape`."""
    kinds: list[Any] = [shape]
    for part in loc:
        narrowed = [kind for kind in kinds if _is_variant(part) and part[1:-1] in _keys(kind)]
        kinds = narrowed or [deeper for kind in kinds for deeper in _step(kind, part)]
    for kind in kinds:
        yield from _keys(kind)


def _keys(kind: Any) -> list[str]:
    fields = kind.model_fields if _is_model(kind) else {}
    return [field.alias or name for name, field in fields.items()]


def _step(kind: Any, part: str | int) -> Iterator[Any]:
    """What stands at `part` of a thing of this kind."""
    if _is_model(kind) and not issubclass(kind, RootModel):
        for name, field in kind.model_fields.items():
            if part == (field.alias or name):
                yield from _choices(field.annotation)
    elif get_origin(kind) in (list, dict):
        yield from _choices(get_args(kind)[-1])


def _choices(annotation: Any) -> Iterator[Any]:
    """The kinds an annotation allows, without None and decorations."""
    if get_origin(annotation) is Annotated:
        yield from _choices(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType):
        for part in get_args(annotation):
            yield from _choices(part)
    elif annotation is not type(None):
        yield annotation


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
