"""Broken and hostile YAML: only the loader's own error comes out. The whole run: `python tests/fuzz_content.py`."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz_content import Figures, hostile, hostile_words, run, run_knowledge

EXAMPLES = int(os.environ.get("ADVISOR_TEST_EXAMPLES", "2000"))
MB = 1 << 20


def test_mutated_files_bring_up_only_content_problems() -> None:
    """Time and memory of each input are limited, and what loads can be walked."""
    _keeps_limits(run(EXAMPLES, seed=20261121), EXAMPLES)


def test_mutated_knowledge_brings_up_only_content_problems() -> None:
    """Within the same limits, and what loads can be asked."""
    _keeps_limits(run_knowledge(EXAMPLES // 8, seed=20261121), EXAMPLES // 8)


def _keeps_limits(figures: Figures, examples: int) -> None:
    assert figures.examples == examples
    assert figures.loaded > examples / 50
    assert figures.slowest < 1.0
    assert figures.largest < 200 * MB


@pytest.mark.skipif(sys.platform != "linux", reason="the address space is limited on Linux only")
def test_hostile_files_stay_within_a_second_and_200_mb() -> None:
    """In a process of its own that gets no more memory than Python with its libraries, and 200 MB."""
    command = [sys.executable, str(Path(__file__).with_name("fuzz_content.py")), "--hostile"]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, preexec_fn=_limit, timeout=120, check=True)
    lines = result.stdout.splitlines()
    assert len(lines) == len([*hostile(), *hostile_words()]) >= 12
    assert [line for line in lines if float(line.split()[0]) > 1.0 or "refused" not in line] == []


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (500 * MB, 500 * MB))
