"""The shapes of the YAML, as pydantic models: what may stand where. The editors' schema is made from them."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, RootModel, Tag
from pydantic.config import JsonDict

from bot.dialog.tree import ID_LENGTH

MOST_OPTIONS: Final = 8
MOST_STEPS: Final = 3
ID_PATTERN: Final = "^[a-z0-9]+(-[a-z0-9]+)*$"

_NAMES: Final[JsonDict] = {"propertyNames": {"pattern": ID_PATTERN, "maxLength": ID_LENGTH}}
Names: Final = Field(json_schema_extra=_NAMES)
Options: Final = Field(json_schema_extra=_NAMES | {"minProperties": 1, "maxProperties": MOST_OPTIONS})


class Shape(BaseModel):
    """The strictness all shapes share."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def _one_or_many(value: Any) -> str:
    return "<many>" if isinstance(value, list) else "<one>"


OneOrMany = Annotated[
    Annotated[str, Tag("<one>")] | Annotated[list[str], Field(min_length=1), Tag("<many>")],
    Discriminator(_one_or_many),
]


class Wordings(Shape):
    """One wording in each language."""

    model_config = ConfigDict(title="A text in four languages")
    en: str
    pt: str
    bg: str
    fi: str


# conditions


class AllOf(Shape):
    """Each of these holds."""

    model_config = ConfigDict(title="all: each of these holds")
    all: list["When"] = Field(min_length=1)


class AnyOf(Shape):
    """At least one of these holds."""

    model_config = ConfigDict(title="any: at least one of these holds")
    any: list["When"] = Field(min_length=1)


class NotThis(Shape):
    """This does not hold."""

    model_config = ConfigDict(title="not: this does not hold")
    not_: "When" = Field(alias="not")


class AnswerOf(RootModel[Annotated[dict[str, OneOrMany], Field(min_length=1, max_length=1)]]):
    """The answer to a question is one of these options."""

    model_config = ConfigDict(title="question: answer", strict=True)


def _condition_kind(value: Any) -> str:
    """Which of the four conditions is meant, by its only key."""
    keys = list(value) if isinstance(value, Mapping) else []
    return f"<{keys[0]}>" if len(keys) == 1 and keys[0] in ("all", "any", "not") else "<answer>"


When = Annotated[
    Annotated[AllOf, Tag("<all>")]
    | Annotated[AnyOf, Tag("<any>")]
    | Annotated[NotThis, Tag("<not>")]
    | Annotated[AnswerOf, Tag("<answer>")],
    Discriminator(_condition_kind),
]
WhenShape: TypeAlias = AllOf | AnyOf | NotThis | AnswerOf


# weights

WEIGHT_KINDS: Final = ("for", "against", "rules_out")


class _WeightShape(Shape):
    because: Wordings
    source: str
    when: When | None = None


class WeightFor(_WeightShape):
    """Points for a candidate."""

    model_config = ConfigDict(title="a weight for candidates")
    for_: OneOrMany = Field(alias="for")
    by: int = Field(ge=1, le=5)


class WeightAgainst(_WeightShape):
    """Points against a candidate."""

    model_config = ConfigDict(title="a weight against candidates")
    against: OneOrMany
    by: int = Field(ge=1, le=5)


class RulesOut(_WeightShape):
    """A candidate is out."""

    model_config = ConfigDict(title="candidates that are ruled out")
    rules_out: OneOrMany


def _weight_kind(value: Any) -> str | None:
    """The one kind that is named; None when there is none, or more than one."""
    kinds = [kind for kind in WEIGHT_KINDS if isinstance(value, Mapping) and kind in value]
    return f"<{kinds[0]}>" if len(kinds) == 1 else None


WeightShape: TypeAlias = WeightFor | WeightAgainst | RulesOut
AnyWeight = Annotated[
    Annotated[WeightFor, Tag("<for>")]
    | Annotated[WeightAgainst, Tag("<against>")]
    | Annotated[RulesOut, Tag("<rules_out>")],
    Discriminator(_weight_kind),
]


# the entries of the sections


class OptionShape(Shape):
    """One answer, one button."""

    model_config = ConfigDict(title="an option")
    label: Wordings
    goto: str | None = None
    raises: list[str] = []
    weighs: list[AnyWeight] = []


class NotSureShape(Shape):
    """What "Not sure" does here."""

    model_config = ConfigDict(title="not sure")
    goto: str | None = None
    raises: list[str] = []
    weighs: list[AnyWeight] = []


class NodeShape(Shape):
    """One question."""

    model_config = ConfigDict(title="a question")
    title: Wordings
    text: Wordings
    help: Wordings
    when: When | None = None
    next: str | None = None
    options: Annotated[dict[str, OptionShape], Options]
    not_sure: NotSureShape = Field(default_factory=NotSureShape)


class CandidateShape(Shape):
    """What can be recommended."""

    model_config = ConfigDict(title="a candidate")
    name: Wordings
    summary: Wordings
    steps: list[Wordings] = Field(json_schema_extra={"minItems": 1, "maxItems": MOST_STEPS})
    raises: list[str] = []


class CautionShape(Shape):
    """What to watch out for."""

    model_config = ConfigDict(title="a caution")
    text: Wordings
    source: str
    only_for: list[str] = []
    when: When | None = None


class TopicShape(Shape):
    """Where a link may lead."""

    model_config = ConfigDict(title="a topic")
    answers: dict[str, str] = Field(min_length=1)


class Plural(Shape):
    """Two forms: for one, and for any other number."""

    model_config = ConfigDict(title="one and other")
    one: str
    other: str


def _form(value: Any) -> str:
    return "<forms>" if isinstance(value, Mapping) else "<text>"


Forms = Annotated[Annotated[str, Tag("<text>")] | Annotated[Plural, Tag("<forms>")], Discriminator(_form)]


class PhraseShape(Shape):
    """One of the bot's own phrases."""

    model_config = ConfigDict(title="a phrase in four languages")
    en: Forms
    pt: Forms
    bg: Forms
    fi: Forms


class FileShape(Shape):
    """What a file may hold. Everything may be spread over several files, but each thing stands once."""

    model_config = ConfigDict(title="Dialog")
    dialog: str | None = Field(default=None, description="the name of the dialog")
    start: str | None = Field(default=None, description="the first question")
    enough: int | None = Field(default=None, ge=1, description="points the best candidate needs")
    privacy: str | None = Field(default=None, description="version of the privacy text (only in phrases.yaml)")
    candidates: Annotated[dict[str, CandidateShape], Names] = {}
    cautions: Annotated[dict[str, CautionShape], Names] = {}
    topics: Annotated[dict[str, TopicShape], Names] = {}
    nodes: Annotated[dict[str, NodeShape], Names] = {}
    phrases: dict[str, PhraseShape] = Field(default={}, description="the bot's own words (only in phrases.yaml)")


SHAPES: Final[Mapping[str, type[Shape]]] = {
    "candidates": CandidateShape,
    "cautions": CautionShape,
    "topics": TopicShape,
    "nodes": NodeShape,
    "phrases": PhraseShape,
}
"""The shape of one entry of each section."""
HEAD: Final = ("dialog", "start", "enough", "privacy")
for _shape in (AllOf, AnyOf, NotThis):
    _shape.model_rebuild()
