"""The shapes of the knowledge files, as pydantic models. The editors' schema is made from them."""

from typing import Annotated, Final

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from bot.content.models import ID_PATTERN, Shape, Wordings
from bot.knowledge.entries import FACETS
from bot.languages import LANGUAGES

NAMES: Final[JsonDict] = {"propertyNames": {"pattern": ID_PATTERN}}
BY_FACET: Final[JsonDict] = {"propertyNames": {"enum": list(FACETS)}}
ABOUT: Final[JsonDict] = {"minItems": 1, "maxItems": 2, "items": {"type": "string", "pattern": ID_PATTERN}}
Names: Final = Field(json_schema_extra=NAMES)
ByFacet: Final = Field(json_schema_extra=BY_FACET)
Phrases = Annotated[str, Field(description="words and phrases, separated by commas")]


class EntryShape(Shape):
    """One answer: the question it answers, in four languages, and what it rests on."""

    model_config = ConfigDict(title="an entry")
    question: Wordings
    answer: Wordings
    facts: list[str] = Field(default=[], description="what it states, as in facts.yaml")
    sources: list[str] = Field(min_length=1, description="where that comes from, as in sources.yaml")
    checked: str = Field(description="the date when it was last checked, in double quotes")


class ConceptShape(Shape):
    """A file about one concept, or about two together."""

    model_config = ConfigDict(title="a concept, or two")
    about: list[str] = Field(json_schema_extra=ABOUT, description="one concept, or two in the order of the alphabet")
    name: Wordings | None = Field(default=None, description="the term as on a button (not for two concepts)")
    broader: str | None = Field(default=None, description="the concept that this one is a kind of")
    entries: dict[str, EntryShape] = Field(json_schema_extra=BY_FACET | {"minProperties": 1})


class SourceShape(Shape):
    """A document, or what is commonly known."""

    model_config = ConfigDict(title="a source")
    title: Wordings
    language: str = Field(json_schema_extra={"enum": [*LANGUAGES, ""]}, description="of the document")
    publisher: Wordings
    year: str = Field(description='in double quotes; "" where it is not known')


class SourcesShape(Shape):
    """sources.yaml."""

    model_config = ConfigDict(title="sources.yaml")
    sources: Annotated[dict[str, SourceShape], Names]


class FactShape(Shape):
    """What a document states."""

    model_config = ConfigDict(title="a fact")
    about: list[str] = Field(min_length=1)
    from_: list[str] = Field(alias="from", min_length=1, description="the documents that state it")
    claim: bool = Field(default=False, description="an opinion: told only as what one source says")
    says: str


class FactsShape(Shape):
    """facts.yaml."""

    model_config = ConfigDict(title="facts.yaml")
    facts: Annotated[dict[str, FactShape], Names]


class CellsShape(Shape):
    """cells.yaml."""

    model_config = ConfigDict(title="cells.yaml")
    cells: dict[str, list[str]] = Field(
        description="the facets of each concept, or concept+concept, that need an entry"
    )


class HumanShape(Shape):
    """How people ask for a person."""

    model_config = ConfigDict(title="asking for a person")
    phrases: Phrases | None = None
    talk: Phrases | None = None
    want: Phrases | None = None
    person: Phrases | None = None
    beside: Phrases | None = None
    who: Phrases | None = None


class OwnDataShape(Shape):
    """How people ask for what is kept of them, or to be forgotten."""

    model_config = ConfigDict(title="asking for one's own data")
    phrases: Phrases | None = None
    do: Phrases | None = None
    mine: Phrases | None = None


class SmalltalkShape(Shape):
    """What is said beside questions."""

    model_config = ConfigDict(title="small talk")
    greeting: Phrases | None = None
    thanks: Phrases | None = None
    goodbye: Phrases | None = None
    wellbeing: Phrases | None = None
    identity: Phrases | None = None
    agreement: Phrases | None = None


class WordsShape(Shape):
    """words-XX.yaml."""

    model_config = ConfigDict(title="the words of one language")
    words: str = Field(json_schema_extra={"enum": list(LANGUAGES)}, description="the language")
    aliases: Annotated[dict[str, Phrases], Names] = Field(default_factory=dict)
    cues: Annotated[dict[str, Phrases], ByFacet] = Field(default_factory=dict)
    hints: Annotated[dict[str, Phrases], ByFacet] = Field(default_factory=dict)
    follow_up: Phrases | None = None
    pronouns: Phrases | None = None
    gaps: Phrases | None = None
    function: Phrases | None = None
    context: Phrases | None = None
    asks_else: Phrases | None = None
    negation: Phrases | None = None
    human: HumanShape = Field(default_factory=HumanShape)
    own_data: OwnDataShape = Field(default_factory=OwnDataShape)
    smalltalk: SmalltalkShape = Field(default_factory=SmalltalkShape)
    insult: Phrases | None = None
    injection: Phrases | None = None
    endings: Phrases | None = None
    not_ours: Phrases | None = None


FILES: Final = (ConceptShape, WordsShape, SourcesShape, FactsShape, CellsShape)
"""One for each kind of file."""
