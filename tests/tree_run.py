"""Figures of the shipped tree: questions, distinct paths, shortest and longest, and who comes first for random owners.

Usage: python tests/tree_run.py [--walks 200000] [--seed 1]
"""

import argparse
import random
import sys
from collections import Counter
from functools import cache

from bot.content.load import load
from bot.dialog.advice import advise
from bot.dialog.path import Path, asked_from
from bot.dialog.tree import Dialog, Node, Option
from bot.settings import shipped

LEAST_SHARE = 2.0


def lengths(dialog: Dialog) -> Counter[int]:
    """How many distinct paths there are of each length (every combination of answers, "not sure" among them)."""

    @cache
    def after(place: str, seen: frozenset[tuple[str, str]]) -> Counter[int]:
        node = asked_from(dialog, place, dict(seen))
        if node is None:
            return Counter({0: 1})
        found: Counter[int] = Counter()
        for option in (*node.options, node.not_sure):
            answers = {**dict(seen), node.id: option.id}
            known = frozenset(item for item in answers.items() if item[0] in mentioned)
            for length, count in after(option.goto, known).items():
                found[length + 1] += count
        return found

    mentioned = {leaf.question for node in dialog.nodes.values() for leaf in node.when.leaves()}
    return after(dialog.start, frozenset())


def random_walk(dialog: Dialog, chance: random.Random) -> Path:
    """The path of an owner who picks at random at each question."""
    steps: list[tuple[Node, Option]] = []
    answers: dict[str, str] = {}
    node = asked_from(dialog, dialog.start, answers)
    while node is not None:
        option = chance.choice((*node.options, node.not_sure))
        steps.append((node, option))
        answers[node.id] = option.id
        node = asked_from(dialog, option.goto, answers)
    return Path(tuple(steps), None)


def shares(dialog: Dialog, walks: int, seed: int) -> dict[str, float]:
    """How often each candidate comes first, in percent of the walks."""
    chance, first = random.Random(seed), Counter[str]()
    for done in range(walks):
        best = advise(dialog, random_walk(dialog, chance)).best
        first[best.candidate.id if best else "not-enough"] += 1
        if done % 2000 == 0 and sys.stderr.isatty():
            print(f"\r{done:,} of {walks:,} walks", end="", file=sys.stderr)
    return {name: 100 * first[name] / walks for name in (*dialog.candidates, "not-enough")}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--walks", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dialog = load(shipped("dialogs")).dialog
    found = lengths(dialog)
    print(
        f"{len(dialog.nodes)} questions, {sum(found.values()):,} distinct paths, {min(found)} to {max(found)} questions"
    )
    rows = shares(dialog, options.walks, options.seed)
    print(f"first for {options.walks:,} owners who pick at random (seed {options.seed}):")
    for name, share in sorted(rows.items(), key=lambda row: -row[1]):
        print(f"  {name:24}{share:6.2f} %")
    return int(min(share for name, share in rows.items() if name in dialog.candidates) < LEAST_SHARE)


if __name__ == "__main__":
    sys.exit(main())
