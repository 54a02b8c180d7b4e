"""How simulated owners behave: shares of 1 unless said otherwise. They are guesses, made so that pages have something
to show; nobody's behaviour was measured."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from bot.dialog.tree import Dialog, Node
from bot.languages import Language

SPOKEN: Final[Mapping[Language, float]] = {"en": 0.4, "pt": 0.25, "bg": 0.2, "fi": 0.15}
"""How many speak which language."""

# -- leaving

LEAVES: Final = 0.012
"""Who leaves at any question, whatever it is."""
EASY: Final = 1.3
"""Up to so many times the usual reading a question keeps people."""
LEAVES_TIRED: Final = 0.6
"""How many more leave for each further usual reading: long questions with many options cost readers."""
COMES_BACK: Final = 0.12
"""Who left comes back some day by /start."""

# -- at a question

ASKS: Final = 0.07
HELP: Final = 0.05
BACK: Final = 0.035
NOT_SURE: Final = 0.07
NOT_SURE_TIRED: Final = 0.14
"""The more there is to read, the more often."""
TYPES: Final = 0.16
"""Types the label or the number instead of tapping."""
SLIPS: Final = 0.3
"""A typed text has a slip of the finger."""
NUMBERS: Final = 0.4
"""Of those who type an answer, so many type its number."""
CHANGES_LANGUAGE: Final = 0.004
COMMANDS: Final = 0.008
"""Tries a command of the menu."""
SENDS: Final = 0.004
"""Sends a photo."""

# -- questions in passing

MISSING: Final = 0.14
"""Of the questions asked: on the one subject that the knowledge has nothing about."""
UNKNOWN: Final = 0.07
SMALLTALK: Final = 0.06
JUDGES: Final = 0.5
"""Says whether an answer helped."""
HELPED: Final[Mapping[Language, float]] = {"en": 0.87, "pt": 0.84, "bg": 0.85, "fi": 0.56}
"""Finnish owners are the smallest here, and find the answers too much about large companies."""
FOLLOWS_UP: Final = 0.2
WAITS_TO_HEAR: Final = 0.25
"""Wants to be told once there is an answer."""

# -- a person

WISHES: Final = 0.06
"""At the advice; and after an answer that did not help, or when there is none, twice as often."""
UNHEARD: Final = 0.15
"""Nobody comes in time: the wish is taken back."""
USUAL_WAIT_MINUTES: Final = 22.0
LONGEST_WAIT_MINUTES: Final = 600.0
SAYS_HOW_IT_WAS: Final = 0.6
PATIENCE_MINUTES: Final = 30.0
"""A longer wait costs stars."""

# -- at the advice

RETHINKS: Final = 0.14
"""Goes through the answers and changes one."""
STARTS_OVER: Final = 0.04
ASKS_ABOUT_IT: Final = 0.18

READING_SECONDS: Final = 22.0
"""Usual time for a screen."""
MOST_ACTS: Final = 60
"""After so many acts anybody has had enough."""


@lru_cache(maxsize=8)
def effort(dialog: Dialog) -> Mapping[str, float]:
    """For each question: how much there is to read, as a multiple of the usual."""
    words = {node.id: _words(node) for node in dialog.nodes.values()}
    usual = sum(words.values()) / len(words)
    return {name: count / usual for name, count in words.items()}


def _words(node: Node) -> int:
    labels = (option.label.en for option in node.options if option.label)
    return len(" ".join((node.text.en, *labels)).split())


def tiring(dialog: Dialog, node: Node) -> float:
    """By how much a question is more to read than people like; 0: it is not."""
    return max(0.0, effort(dialog)[node.id] - EASY)
