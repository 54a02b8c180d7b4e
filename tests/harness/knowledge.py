"""A small knowledge beside the small dialog: one concept, two answers, and a few words of each language."""

from typing import Any, Final

from bot.languages import LANGUAGES

NAMES: Final = {"en": "outsourcing", "pt": "outsourcing", "bg": "аутсорсинг", "fi": "ulkoistaminen"}
QUESTIONS: Final = {
    "definition": {
        "en": "What is outsourcing?",
        "pt": "O que é o outsourcing?",
        "bg": "Какво е аутсорсинг?",
        "fi": "Mikä on ulkoistaminen?",
    },
    "fit": {
        "en": "Is outsourcing suitable for me?",
        "pt": "O outsourcing é adequado para mim?",
        "bg": "Подходящ ли е за мен аутсорсинг?",
        "fi": "Onko ulkoistaminen sopiva minulle?",
    },
}
WORDS: Final = {
    "en": ("outsourcing", "suitable", "what, what is", "is, for, me"),
    "pt": ("outsourcing", "adequado", "o que, o que é", "o, é, para, mim"),
    "bg": ("аутсорсинг", "подходящ*", "какво, какво е", "е, ли, за, мен"),
    "fi": ("ulkoistaminen", "sopiva", "mikä, mikä on", "on, onko, minulle"),
}
"""Alias, cue for `fit`, hint for `definition`, and words that change nothing."""
ANSWER: Final = "Somebody else does a part of the work for you, as agreed beforehand, and you pay them for it"


def small_knowledge() -> dict[str, Any]:
    """The files of the folder, by name."""
    return {
        "cells.yaml": {"cells": {"outsourcing": ["definition", "fit"]}},
        "outsourcing.yaml": {
            "about": ["outsourcing"],
            "name": NAMES,
            "entries": {facet: _entry(facet, question) for facet, question in QUESTIONS.items()},
        },
        "sources.yaml": {"sources": {"general": _source()}},
        **{f"words-{language}.yaml": _words(language, *WORDS[language]) for language in LANGUAGES},
    }


def _entry(facet: str, question: dict[str, str]) -> dict[str, Any]:
    answers = {language: f"{ANSWER} ({facet}, {language})." for language in LANGUAGES}
    return {"question": question, "answer": answers, "sources": ["general"], "checked": "2026-11-21"}


def _source() -> dict[str, Any]:
    words = dict.fromkeys(LANGUAGES, "General knowledge")
    return {"title": words, "language": "", "publisher": words, "year": ""}


def _words(language: str, alias: str, cue: str, hint: str, function: str) -> dict[str, Any]:
    lists = {"aliases": {"outsourcing": alias}, "cues": {"fit": cue}, "hints": {"definition": hint}}
    return {"words": language, **lists, "function": function}
