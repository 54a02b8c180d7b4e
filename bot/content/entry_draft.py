"""A draft of a knowledge entry for the authors: the question as owners ask it, and a slot for all that is missing."""

from collections.abc import Iterable
from typing import Final

import yaml

from bot.content.taught_yaml import Dumper
from bot.languages import LANGUAGES, Language

TODO: Final = "TODO"
"""Stands where an author must write; as the name of a source it is one that `advisor check` does not know."""
HEAD: Final = """\
# A draft made of what owners asked and the bot could not answer:
{asked}
# To use it: put the entry under `entries` of knowledge/{concept}.yaml, write what says TODO in all four languages, name
# the facts and sources it rests on; then run `advisor check`, which names each source that it does not know yet.
"""


def drafted_entry(question: str, language: Language, asked: Iterable[str], concept: str, facet: str, day: str) -> str:
    """As a file. `asked`: the wordings of owners; `concept`, `facet`: what it seems to be about, `""`: not known."""
    listed = "\n".join(f"#   {' '.join(one.split())}" for one in asked)
    entry = {
        "question": {one: question if one == language else TODO for one in LANGUAGES},
        "answer": dict.fromkeys(LANGUAGES, TODO),
        "facts": [],
        "sources": [TODO],
        "checked": day,
    }
    file = {"about": [concept or TODO], "entries": {facet or TODO: entry}}
    body = yaml.dump(file, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=110)
    return HEAD.format(asked=listed, concept=concept or "CONCEPT") + body
