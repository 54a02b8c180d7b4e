"""The JSON Schemas with which editors complete and check the YAML, one for each folder."""

import json
import sys
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from bot.content.knowledge_models import FILES
from bot.content.models import FileShape

SCHEMA_FILE: Final = "dialog.schema.json"
KNOWLEDGE_SCHEMA_FILE: Final = "knowledge.schema.json"


def schema() -> str:
    """For the dialog files; the line `# yaml-language-server: $schema=dialog.schema.json` at their head uses it."""
    return _written(FileShape.model_json_schema())


def knowledge_schema() -> str:
    """For the files of the knowledge: each is of one of the kinds."""
    kinds: Any = reduce(or_, FILES)
    return _written({"title": "Knowledge"} | TypeAdapter(kinds).json_schema())


def write_schemas(dialogs: Path, knowledge: Path) -> None:
    """Write each schema beside its files."""
    (dialogs / SCHEMA_FILE).write_text(schema(), encoding="utf-8")
    (knowledge / KNOWLEDGE_SCHEMA_FILE).write_text(knowledge_schema(), encoding="utf-8")


def _written(found: dict[str, Any]) -> str:
    found["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(_without_null(found), indent=2, ensure_ascii=False) + "\n"


def _without_null(part: Any) -> Any:
    """Keys may be left out, but never empty: what pydantic says of None does not count."""
    if isinstance(part, list):
        return [_without_null(one) for one in part]
    if not isinstance(part, dict):
        return part
    whole = {key: _without_null(value) for key, value in part.items() if (key, value) != ("default", None)}
    choices = [choice for choice in whole.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1 and len(whole.pop("anyOf")) == 2:
        whole |= choices[0]
    return whole


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]), Path(sys.argv[2]))
