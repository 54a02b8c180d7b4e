"""Runs in full what the tests run short, one after the other, and says how each ended.

Usage: python tests/full_run.py [WORD ...]    only those whose name holds one of the words
"""

import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
LONG: dict[str, tuple[dict[str, str], list[str]]] = {
    "figures of the tree": ({}, ["tests/tree_run.py"]),
    "the engine against its model": ({"ENGINE_WALKS": "2000"}, ["-m", "pytest", "-q", "tests/test_engine_machine.py"]),
    "the handover against its model": (
        {"HANDOVER_WALKS": "2000"},
        ["-m", "pytest", "-q", "tests/test_handover_machine.py"],
    ),
    "two claim at once, 1,000 times": (
        {"HANDOVER_CLAIMS": "1000"},
        ["-m", "pytest", "-q", "tests/test_handover_claims.py"],
    ),
    "digressions at every point": (
        {"DIGRESSED_WALKS": "2000"},
        ["-m", "pytest", "-q", "-s", "tests/test_questions_walks.py"],
    ),
    "100,000 broken YAML files": ({}, ["tests/fuzz_content.py", "--examples", "100000"]),
    "20,000 broken files of the knowledge": ({}, ["tests/fuzz_content.py", "--knowledge", "--examples", "20000"]),
    "hostile large files": ({}, ["tests/fuzz_content.py", "--hostile"]),
    "a stop at every request and commit": ({}, ["tests/crash_everywhere.py"]),
    "100 kills under load": ({}, ["tests/crash_run.py"]),
    "handover: a stop at every commit": ({}, ["tests/handover_crash_run.py", "--everywhere"]),
    "handover: 50 kills under load": ({}, ["tests/handover_crash_run.py"]),
    "200 owners ask for a person": ({}, ["tests/staff_rush.py"]),
    "the looks of every page, four ways": (
        {"REVIEW_LOOKS": "all"},
        ["-m", "pytest", "-q", "tests/test_review_looks_in_browser.py"],
    ),
    "forgetting: a stop at every commit": (
        {"FORGETTING_POINTS": "all"},
        ["-m", "pytest", "-q", "tests/test_forgetting_crash.py"],
    ),
    "kills with an encrypted database": ({}, ["tests/crash_run.py", "--sealed"]),
    "one floods, the others wait": ({}, ["tests/abuse_run.py"]),
    "hot_content: 50 changes, 1,000 people": ({}, ["tests/hot_run.py"]),
}


def main(words: list[str]) -> int:
    chosen = {name: how for name, how in LONG.items() if not words or any(word in name for word in words)}
    results: dict[str, str] = {}
    for name, (environment, command) in chosen.items():
        print(f"\n== {name}: python {' '.join(command)}", flush=True)
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, *command], cwd=HERE.parent, env={**os.environ, **environment}, check=False
        )
        results[name] = f"{'passed' if done.returncode == 0 else 'FAILED'} in {time.monotonic() - began:,.0f} s"
    print("\n" + "\n".join(f"{name:40}{result}" for name, result in results.items()))
    return int(any("FAILED" in result for result in results.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
