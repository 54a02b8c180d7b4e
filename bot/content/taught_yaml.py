"""What the staff taught, as YAML for the authors, who take it over into knowledge/*.yaml."""

from collections.abc import Iterable
from typing import Any, Final

import yaml

from bot.knowledge.taught import Taught

HEAD: Final = """\
# Answers that the staff taught and an admin approved, each in one language. The bot gives them already.
# To take one over: write it into knowledge/CONCEPT.yaml as the entry of its facet, in all four languages and in your
# own words, with the facts and sources it rests on and the day you checked it; then run `advisor check`. An entry
# answers before a taught answer does. Where `concept` or `facet` is empty, the staff named none.
"""


class Dumper(yaml.SafeDumper):
    """Safe, with texts of several lines as authors write them."""


def _text(dumper: Dumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


Dumper.add_representer(str, _text)


def rows(taught: Iterable[Taught]) -> list[dict[str, Any]]:
    """As values, sorted by concept, facet and language."""
    return [_row(one) for one in sorted(taught, key=lambda one: (one.concept, one.facet, one.language, one.id))]


def _row(one: Taught) -> dict[str, Any]:
    return {
        "concept": one.concept, "facet": one.facet, "language": one.language, "question": one.question,
        "answer": one.text, "taught_by": one.by_name, "approved_by": one.approved_name, "date": one.approved_on,
    }  # fmt: skip


def rendered(taught: Iterable[Taught]) -> str:
    """As a file."""
    return HEAD + yaml.dump({"taught": rows(taught)}, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=110)
