"""Reads content in a process of its own and tells what is wrong with it: the bot that runs is not held up.

    python -m bot.content.aside DIALOGS KNOWLEDGE

gets ready; for each line on stdin it reads the two folders with every check and every proof, and prints the problems as
a line of JSON, a list. It ends silently when stdin ends: then nobody waits for it any more.
"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bot.content.load import checked
from bot.content.problems import ContentProblems, Problem

PATIENCE: Final = 5
"""How far it steps back behind the bot where both want the processor (as of `nice`)."""


def problems_in(dialogs: Path, knowledge: Path) -> tuple[Problem, ...]:
    """Every problem of the content in these folders, those that only the proofs find among them."""
    try:
        return checked(dialogs, knowledge).problems
    except ContentProblems as error:
        return error.problems


def main(arguments: Sequence[str]) -> int:
    """The command. Out: the exit status."""
    os.nice(PATIENCE)
    dialogs, knowledge = map(Path, arguments)
    for _ in sys.stdin:
        json.dump([asdict(problem) for problem in problems_in(dialogs, knowledge)], sys.stdout)
        sys.stdout.write("\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
