"""What reading questions costs: load time, memory, microseconds a question. `python tests/measure_questions.py`.

Every figure comes from fresh processes, so caches are cold; the best of a few runs counts: others share the machine.
"""

import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUNS = 5
SEED = 11


def load_cost(*, with_knowledge: bool) -> dict[str, float]:
    """Seconds and megabytes (resident) that loading the content takes, imports not counted."""
    from bot.content.load import load
    from bot.knowledge import answering  # noqa: F401  # imported with either

    began, before = time.perf_counter(), _resident()
    content = load(ROOT / "dialogs", ROOT / "knowledge" if with_knowledge else None)
    return {
        "seconds": time.perf_counter() - began,
        "mb": _resident() - before,
        "entries": len(content.knowledge.entries),
    }


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def asking_cost() -> dict[str, float]:
    """Microseconds a question, each asked once: the entries' own, the same with slips, and some that are not ours."""
    from bot.content.load import load
    from bot.knowledge.answering import answer

    known = load(ROOT / "dialogs", ROOT / "knowledge").knowledge
    chance, spent = random.Random(SEED), []
    own = [wording for entry in known.entries.values() for wording in entry.question.wordings()]
    foreign = [(language, " ".join(reversed(text.split()))) for language, text in own]
    for language, text in [*own, *((language, _slip(text, chance)) for language, text in own), *foreign]:
        began = time.perf_counter_ns()
        answer(known, text, language)
        spent.append((time.perf_counter_ns() - began) / 1000)
    spent.sort()
    return {"questions": len(spent), "median": spent[len(spent) // 2], "p99": spent[int(len(spent) * 0.99)]}


def _slip(text: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(text) - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def fresh(what: str) -> dict[str, float]:
    """A figure from a process of its own."""
    done = subprocess.run([sys.executable, __file__, what], capture_output=True, text=True, check=True, cwd=ROOT)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    plain, full = ([fresh(what) for _ in range(RUNS)] for what in ("plain", "full"))
    seconds, megabytes = (min(run[key] for run in full) - min(run[key] for run in plain) for key in ("seconds", "mb"))
    print(
        f"load: {seconds:.3f} s and {megabytes:.1f} MB more than without knowledge ({full[0]['entries']:.0f} entries)"
    )
    asked = min((fresh("ask") for _ in range(RUNS)), key=lambda run: run["median"])
    print(
        f"a question: median {asked['median']:.0f} us, p99 {asked['p99']:.0f} us ({asked['questions']:.0f} questions)"
    )


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    measures = {
        "plain": lambda: load_cost(with_knowledge=False),
        "full": lambda: load_cost(with_knowledge=True),
        "ask": asking_cost,
    }
    if len(sys.argv) > 1:
        print(json.dumps(measures[sys.argv[1]]()))
    else:
        main()
