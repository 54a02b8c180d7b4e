"""A small advisor: four questions, one asked only sometimes, in four languages. No test leans on live dialogs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.content.load import load
from bot.dialog.needed import NEEDED
from bot.dialog.phrases import Phrase
from bot.languages import LANGUAGES, Language
from harness.knowledge import small_knowledge
from harness.rules import NONSENSE, QUESTION

ROOT = Path(__file__).parents[2]
SHIPPED_PHRASES = ROOT / "dialogs" / "phrases.yaml"
MARKS = {"en": "", "pt": " (pt)", "bg": " (bg)", "fi": " (fi)"}
CELL = "outsourcing/fit"
NOTES = {
    "/help": ("help",),
    "/settings": ("settings",),
    "/privacy": ("privacy-text",),
    "/history": ("history", "history-empty"),
    "/cancel": ("nothing-to-cancel",),
    NONSENSE: ("not-known", "not-understood"),
}
"""The phrases that may answer a command."""


def write_small_content(folder: Path) -> dict[str, str]:
    """Write the small advisor into `folder`; gives the settings that name it."""
    dialogs, knowledge = folder / "dialogs", folder / "knowledge"
    dialogs.mkdir(parents=True)
    knowledge.mkdir()
    _write(dialogs / "small.yaml", _dialog())
    _write(dialogs / "phrases.yaml", {"privacy": "2026-11-21", "phrases": _phrases()})
    for name, content in small_knowledge().items():
        _write(knowledge / name, content)
    return {"ADVISOR_DIALOGS": str(dialogs), "ADVISOR_KNOWLEDGE": str(knowledge)}


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")  # JSON is YAML


def text(words: str) -> dict[str, str]:
    """A text in four languages: the English words, marked with the language."""
    return {language: words + MARKS[language] for language in LANGUAGES}


def _phrases() -> dict[str, Any]:
    """The bot's own phrases: the shipped ones, English where a language is missing, their names where they are."""
    shipped = yaml.safe_load(SHIPPED_PHRASES.read_text(encoding="utf-8"))["phrases"]
    return {name: _filled(name, shipped.get(name)) for name in NEEDED}


def _filled(name: str, wordings: Mapping[str, Any] | None) -> Mapping[str, Any]:
    shipped = wordings or {}
    english = shipped.get("en") or " ".join([name, *(f"{{{variable}}}" for variable in sorted(NEEDED[name]))])
    return {language: shipped.get(language) or english for language in LANGUAGES}


def _dialog() -> dict[str, Any]:
    return {
        "dialog": "small",
        "start": "work",
        "enough": 2,
        "candidates": {"in-house": _candidate("Keep it"), "provider": _candidate("Hand it over")},
        "topics": {"calls": {"answers": {"work": "calls"}}},
        "nodes": {
            "work": _node("Which work is it?", "who", calls=("Calls", "provider"), books=("Books", "in-house")),
            "who": {
                **_node("Who calls whom?", "much", they=("They call us", "provider"), we=("We call them", "in-house")),
                "when": {"work": "calls"},
            },
            "much": _node(
                "How much is it?", "trust", little=("A little", "in-house"), lots=("A whole lot", "provider")
            ),
            "trust": _node("Is it secret?", "advice", secret=("Secret", "in-house"), open=("Open", "provider")),
        },
    }


def _candidate(name: str) -> dict[str, Any]:
    return {"name": text(name), "summary": text(f"{name}, for now."), "steps": [text("Look at it for a week.")]}


def _node(question: str, leads_to: str, **options: tuple[str, str]) -> dict[str, Any]:
    return {
        "title": text(question.rstrip("?")[:20]),
        "text": text(question),
        "help": text(f"We ask this because it matters: {question}"),
        "next": leads_to,
        "options": {name: _option(label, candidate) for name, (label, candidate) in options.items()},
    }


def _option(label: str, candidate: str) -> dict[str, Any]:
    because = text(f"You said so: {label}.")
    return {"label": text(label), "weighs": [{"for": candidate, "by": 2, "because": because, "source": CELL}]}


def first_words(settings: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """How the reply to each command and to QUESTION may begin, in any language: what the oracle knows of the words."""
    folders = (Path(settings.get(f"ADVISOR_{name.upper()}") or ROOT / name) for name in ("dialogs", "knowledge"))
    content = load(*folders)
    notes = {command: tuple({_begin(content.phrases[name], language) for name in names for language in LANGUAGES})
             for command, names in NOTES.items()}  # fmt: skip
    asked = content.knowledge.by_name[f"{QUESTION}/definition"].question
    return {**notes, QUESTION: tuple(asked.to(language) for language in LANGUAGES)}


def _begin(phrase: Phrase, language: Language) -> str:
    return phrase.other.to(language).split("{")[0].split("\n")[0][:24].strip()
