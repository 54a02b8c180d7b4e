"""What stands in the picture of a tree: a box for each question, arrows with the answers, conditions in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.dialog.conditions import ALWAYS, All, AnswerIs, Any, Condition, Not
from bot.dialog.tree import ADVICE, Dialog, Node, Option, reachable
from bot.languages import Language, Text

WORDS: Final[Mapping[str, Text]] = {
    "only-if": Text("only if", "só se", "само ако", "vain jos"),
    "unless": Text("unless", "exceto se", "освен ако", "paitsi jos"),
    "otherwise": Text("otherwise", "caso contrário", "иначе", "muuten"),
    "and": Text("and", "e", "и", "ja"),
    "or": Text("or", "ou", "или", "tai"),
    "not": Text("not", "não", "не", "ei"),
    "asked": Text("was asked", "foi perguntado", "е зададен", "on kysytty"),
    "but": Text("anything but", "tudo menos", "всичко освен", "mikä muu tahansa kuin"),
    "not-sure": Text("not sure", "não sei", "не знам", "en ole varma"),
    "advice": Text("Advice", "Conselho", "Съвет", "Neuvo"),
}
"""The few words of the picture itself. Owners never see it."""


@dataclass(frozen=True, slots=True)
class Box:
    """One question, or the advice. `note` is its condition in words; `group` the branch it belongs to, 0 for none."""

    id: str
    title: str
    text: str = ""
    note: str = ""
    group: int = 0


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one box to another; with all answers that lead there. Dashed: where it goes when nobody is asked."""

    source: str
    target: str
    labels: tuple[str, ...]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """What there is to draw."""

    boxes: Sequence[Box]
    arrows: Sequence[Arrow]


def picture(dialog: Dialog, language: Language) -> Picture:
    """The tree in one language."""
    groups = _groups(dialog)
    nodes = dialog.nodes.values()
    boxes = [
        Box(
            node.id,
            node.title.to(language),
            node.text.to(language),
            note(dialog, node.when, language),
            groups.get(node.id, 0),
        )
        for node in nodes
    ]
    end = Box(ADVICE, WORDS["advice"].to(language))
    return Picture([*boxes, end], [arrow for node in nodes for arrow in _arrows(node, language)])


def _arrows(node: Node, language: Language) -> Iterable[Arrow]:
    answers: dict[str, list[str]] = {}
    for option in (*node.options, node.not_sure):
        answers.setdefault(option.goto, []).append(_label(option, language))
    for target, labels in answers.items():
        yield Arrow(node.id, target, tuple(labels))
    if node.when is not ALWAYS and node.next is not None and node.next not in answers:
        yield Arrow(node.id, node.next, (WORDS["otherwise"].to(language),), dashed=True)


def _label(option: Option, language: Language) -> str:
    return option.label.to(language) if option.label else f"({WORDS['not-sure'].to(language)})"


def _groups(dialog: Dialog) -> dict[str, int]:
    """The branch of each node that lies on one only: what follows one of the first answers and none of the others."""
    first = [name for name in dialog.nodes[dialog.start].targets() if name != ADVICE]
    reached = {name: reachable(dialog.nodes, name) for name in first}
    heads = [name for name in first if not any(other in reached[name] for other in first if other != name)]
    if len(heads) == 1:
        return {}
    owners = {node: [index for index, head in enumerate(heads) if node in reached[head]] for node in dialog.nodes}
    return {node: own[0] + 1 for node, own in owners.items() if len(own) == 1}


# conditions in words


def note(dialog: Dialog, condition: Condition, language: Language) -> str:
    """`only if ...` or `unless ...`; empty for a question that is always asked."""
    if condition is ALWAYS:
        return ""
    if isinstance(condition, Not):
        return f"{WORDS['unless'].to(language)} {spoken(dialog, condition.part, language)}"
    return f"{WORDS['only-if'].to(language)} {spoken(dialog, condition, language)}"


def spoken(dialog: Dialog, condition: Condition, language: Language, inside: bool = False) -> str:
    """A condition in words, with the titles and labels of the questions it speaks of."""
    match condition:
        case AnswerIs():
            return _leaf(dialog.nodes[condition.question], condition.options, language)
        case Not():
            return f"{WORDS['not'].to(language)} ({spoken(dialog, condition.part, language)})"
        case All() | Any():
            word = WORDS["and" if isinstance(condition, All) else "or"].to(language)
            parts = f" {word} ".join(spoken(dialog, part, language, inside=True) for part in condition.parts)
            return f"({parts})" if inside and len(condition.parts) > 1 else parts
    raise TypeError(condition)


def _leaf(node: Node, named: frozenset[str], language: Language) -> str:
    title, options = node.title.to(language), (*node.options, node.not_sure)
    chosen = [_label(option, language) for option in options if option.id in named]
    others = [_label(option, language) for option in options if option.id not in named]
    if not others:
        return f"“{title}” {WORDS['asked'].to(language)}"
    if len(others) == 1 and len(chosen) > 2:
        return f"{title}: {WORDS['but'].to(language)} “{others[0]}”"
    return f"{title}: " + f" {WORDS['or'].to(language)} ".join(f"“{label}”" for label in chosen)
