"""The JSON Schema with which editors complete and check the YAML: dialogs/dialog.schema.json."""

import json
import sys
from pathlib import Path
from typing import Any, Final

from bot.content.models import FileShape

SCHEMA_FILE: Final = "dialog.schema.json"


def schema() -> str:
    """The schema as it stands in the file; the line `# yaml-language-server: $schema=dialog.schema.json` uses it."""
    found = FileShape.model_json_schema()
    found["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(_without_null(found), indent=2, ensure_ascii=False) + "\n"


def write_schema(folder: Path) -> None:
    """Write the schema beside the dialog files."""
    (folder / SCHEMA_FILE).write_text(schema(), encoding="utf-8")


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
    write_schema(Path(sys.argv[1]))
