"""Broken YAML, by the thousand: only content or ContentProblems comes out, soon and in little memory.

    python tests/fuzz_content.py --examples 100000 [--seed 1]
    python tests/fuzz_content.py --hostile

Inputs are mutated pieces of the small dialog and of tests/mistakes, 4 KB at most. `test_content_fuzz.py` runs a few.
"""

import argparse
import itertools
import random
import resource
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent)]

from test_content_small import DIALOG, MORE, phrases

from bot.content.load import load_dialog, load_files
from bot.content.problems import ContentProblems
from bot.dialog.path import most_left, walk
from bot.dialog.tree import Dialog

MOST_BYTES = 4096
MISTAKES = Path(__file__).parent / "mistakes"
PIECES = [
    *("{", "}", "[", "]", ":", ": ", ",", "- ", "? ", "| ", ">", "#", "%", "---\n", "...\n"),
    *("&a ", "*a", "!!int ", "!t ", "<<: ", '"', "'", "\\", "\n", "\n  ", "\t", "\r", "\\u0000", "\\x"),
    *("\x00", "\x85", "\u2028", "\ufeff", "\ud800", "😀", "\x07", "\ufdd0", "{n}", "{n!r}", "{0.a}", "{{"),
    *("null", "~", "true", "no", "12", "-0", "1e9", "9" * 30, "advice", "not-sure", "not_sure", "when", "goto"),
    *("next", "pet", "out", "cat", "all: [", "any: []", "not: {", "nodes:", "options: {}", "en:", "fi", "by: 0"),
]
"""What is put in: signs of YAML, letters that trouble, words of the dialog."""


def seeds() -> list[tuple[str, str]]:
    """Names and texts to mutate, each at most 4 KB; the small dialog more often than what is broken already."""
    broken = [(f"c-{path.name}", path.read_text(encoding="utf-8")) for path in sorted(MISTAKES.glob("*.yaml"))]
    whole = [("a.yaml", DIALOG), ("b.yaml", MORE), ("phrases.yaml", phrases())] * len(broken)
    return [(name, text[:MOST_BYTES]) for name, text in (*whole, *broken)]


def mutated(text: str, chance: random.Random) -> bytes:
    """`text` changed in a few places, as bytes."""
    for _ in range(chance.choice((1, 1, 2, 3, 8, 40))):
        text = chance.choice(MUTATIONS)(text, chance)
    data = text.encode("utf-8", "surrogatepass")[:MOST_BYTES]
    return _torn(data, chance) if chance.random() < 0.1 else data


def _place(text: str, chance: random.Random) -> int:
    return chance.randint(0, len(text))


def _insert(text: str, chance: random.Random) -> str:
    at = _place(text, chance)
    return text[:at] + chance.choice(PIECES) + text[at:]


def _delete(text: str, chance: random.Random) -> str:
    at = _place(text, chance)
    return text[:at] + text[at + chance.choice((1, 1, 3, 20)) :]


def _repeat(text: str, chance: random.Random) -> str:
    at = _place(text, chance)
    piece = text[at : at + chance.choice((1, 5, 40))]
    return text[:at] + piece * chance.choice((2, 3, 50)) + text[at:]


def _swap_lines(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return "".join(lines)


def _drop_line(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    del lines[chance.randrange(len(lines))]
    return "".join(lines)


def _swap_words(text: str, chance: random.Random) -> str:
    """One word in place of another: what is still YAML, and may be a dialog of another shape."""
    words = text.split(" ")
    words[chance.randrange(len(words))] = chance.choice(words)
    return " ".join(words)


MUTATIONS: tuple[Callable[[str, random.Random], str], ...] = (
    _insert,
    _delete,
    _repeat,
    _swap_lines,
    _drop_line,
    _swap_words,
    _swap_words,
)


def _torn(data: bytes, chance: random.Random) -> bytes:
    """Bytes that are no UTF-8 any more."""
    at = chance.randint(0, len(data))
    return data[:at] + bytes(chance.randrange(256) for _ in range(chance.randint(1, 4))) + data[at + 2 :]


# trying one


def tried(name: str, data: bytes, chance: random.Random, rest: dict[str, bytes]) -> str:
    """Load one input in place of, or beside, the small dialog's files. 'loaded' or 'refused'; anything else raises."""
    files = {**rest, name: data}
    try:
        whole = name == "phrases.yaml" or chance.random() < 0.1
        dialog = load_files(files).dialog if whole else load_dialog(files)
    except ContentProblems as error:
        return _refused(error)
    use(dialog, chance)
    return "loaded"


def _refused(error: ContentProblems) -> str:
    assert error.problems
    assert all(problem.line > 0 and problem.column > 0 and problem.message for problem in error.problems)
    return "refused"


def use(dialog: Dialog, chance: random.Random) -> None:
    """What loads can be walked from any answers, and what is left can be counted."""
    for _ in range(20):
        answers = sampled(dialog, chance)
        path = walk(dialog, answers)
        assert len(path.steps) <= len(dialog.nodes)
        assert (path.current is None) == (most_left(dialog, answers) == 0)


def sampled(dialog: Dialog, chance: random.Random) -> dict[str, str]:
    """Some answers, to some questions."""
    asked = [node for node in dialog.nodes.values() if chance.random() < 0.7]
    return {node.id: chance.choice([*(option.id for option in node.options), "not-sure", "gone"]) for node in asked}


# many


@dataclass
class Figures:
    """What a run has shown."""

    examples: int = 0
    loaded: int = 0
    slowest: float = 0.0
    """Seconds of CPU."""
    largest: int = 0
    """Bytes that one input made Python hold at most."""


def run(examples: int, seed: int, tell: Callable[[Figures], None] = lambda figures: None) -> Figures:
    """Try so many inputs; an input that brings up anything else than ContentProblems is printed and raises."""
    figures, chance, texts = Figures(), random.Random(seed), seeds()
    rest = {"a.yaml": DIALOG.encode(), "b.yaml": MORE.encode(), "phrases.yaml": phrases().encode()}
    for number in range(examples):
        name, text = chance.choice(texts)
        data = mutated(text, chance)
        try:
            _measure(figures, name, data, chance, rest, memory=number % 50 == 0)
        except Exception:
            print(f"seed {seed}, example {number}: {data!r}", file=sys.stderr)
            raise
        tell(figures)
    return figures


def _measure(
    figures: Figures, name: str, data: bytes, chance: random.Random, rest: dict[str, bytes], memory: bool
) -> None:
    """Memory is measured on every 50th input only, for it makes Python five times slower; time on the others."""
    if memory:
        tracemalloc.start()
    begun = time.process_time()
    outcome = tried(name, data, chance, rest)
    if memory:
        figures.largest = max(figures.largest, tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    else:
        figures.slowest = max(figures.slowest, time.process_time() - begun)
    figures.examples += 1
    figures.loaded += outcome == "loaded"


# large ones


def hostile() -> Iterator[tuple[str, bytes]]:
    """Large inputs made to break a loader, by name."""
    full = 1 << 20
    yield "100,000 lists in each other", b"a: " + b"[" * 100_000
    yield "100,000 mappings in each other", b"a: " + b"{a: " * 100_000
    yield "100,000 block lists in each other", b"a:\n " + b"- " * 100_000
    yield "deep by indentation", b"".join(b" " * depth + b"a:\n" for depth in range(1_000))
    yield "complex keys in each other", b"? " * 100_000
    yield "alias bomb", b"a0: &a0 [x]\n" + b"".join(b"a%d: &a%d [%s]\n" % (n, n, _nine(n)) for n in range(1, 60))
    merges = (b"a%d: &a%d {<<: [%s]}\n" % (n, n, _nine(n)) for n in range(1, 60))
    yield "merge key bomb", b"a0: &a0 {}\n" + b"".join(merges)
    yield "many directives", b"".join(b"%%TAG !t%d! x\n" % n for n in range(60_000))
    yield "many anchors", b"".join(b"a%d: &b%d x\n" % (n, n) for n in range(60_000))[:full]
    yield "many duplicate keys", (b"a: x\n" * 250_000)[:full]
    yield "many documents", (b"---\n" * 300_000)[:full]
    yield "one huge word", b"a: " + b"x" * (full - 10)
    yield "one huge number", b"a: " + b"9" * (full - 10)
    yield "one huge key", b"x" * (full - 10) + b": a"
    yield "one huge unclosed quote", b'a: "' + b"x " * (full // 2 - 10)
    yield "huge escapes", b'a: "' + b"\\u0041" * (full // 6 - 10) + b'"'
    yield "huge braces in a phrase", b'phrases: {back: {en: "' + b"{" * (full - 60) + b'", pt: a, bg: a, fi: a}}'
    yield "huge commas", b"a: [" + b"a," * (full // 2 - 10) + b"]"
    yield "all of it comments", b"#\n" * (full // 2)
    yield "all of it NUL", b"\x00" * full
    yield "50 MB", b"a: x\n" * 10_000_000
    questions = (b" q%d: {next: r%d}\n" % (n, n + 1) for n in range(5_000))
    yield "5,000 questions", b"start: q0\nnodes:\n" + b"".join(questions)
    targets = b",".join(b"o%d: {goto: p%d}" % (n, n) for n in range(5_000))
    yield "5,000 unknown targets", b"nodes: {q: {options: {" + targets + b"}}}"
    yield "90 questions in a row", _row(90)
    yield "300 questions in a row", _row(300)
    yield "every question leads to every later one", _net(80)
    yield "conditions inside each other", b"nodes: {q: {when: " + b"{not: " * 35 + b"{q: a}" + b"}" * 37
    yield "tags", b"a: !!python/object/apply:os.system ['true']\n"
    yield "UTF-16", "nodes: {}".encode("utf-16")
    yield "UTF-32", "nodes: {}".encode("utf-32")


def _nine(number: int) -> bytes:
    """Nine times the one before."""
    return b",".join([b"*a%d" % (number - 1)] * 9)


WORDS = b"{en: a, pt: a, bg: a, fi: a}"
ABOUT = b"title: %s, text: %s, help: %s" % (WORDS, WORDS, WORDS)


def _row(length: int) -> bytes:
    """Questions one after the other: right, but for its length and what else is missing."""
    nodes = (b" q%d: {%s, next: q%d, options: {a: {label: %s}}}\n" % (n, ABOUT, n + 1, WORDS) for n in range(length))
    last = b" q%d: {%s, next: advice, options: {a: {label: %s}}}\n" % (length, ABOUT, WORDS)
    return b"start: q0\nnodes:\n" + b"".join(nodes) + last


def _net(length: int) -> bytes:
    """Each question leads to the next eight, and is asked depending on the eight before."""
    return b"start: q0\nnodes:\n" + b"".join(_knot(n, length) for n in range(length))


def _knot(number: int, length: int) -> bytes:
    later = (b"q%d" % n if n < length else b"advice" for n in range(number + 1, number + 9))
    options = b", ".join(b"o%d: {label: %s, goto: %s}" % (n, WORDS, name) for n, name in enumerate(later))
    before = b", ".join(b"{q%d: o%d}" % (n, n % 8) for n in range(max(0, number - 8), number))
    when = b"when: {any: [%s]}, " % before if before else b""
    following = b"q%d" % (number + 1) if number + 1 < length else b"advice"
    return b" q%d: {%s, %snext: %s, options: {%s}}\n" % (number, ABOUT, when, following, options)


def run_hostile() -> None:
    """Try the large ones in this process, each beside an empty rest; a line for each."""
    for name, data in hostile():
        begun = time.process_time()
        outcome = tried("a.yaml", data, random.Random(1), {})
        taken = time.process_time() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{taken:6.3f} s  {peak:4d} MB so far  {len(data):9d} bytes  {outcome}  {name}", flush=True)


def _progress(total: int) -> Callable[[Figures], None]:
    ticks = itertools.count(1)

    def tell(figures: Figures) -> None:
        if next(ticks) % 500 == 0:
            done = f"{figures.examples} of {total}, {figures.loaded} loaded, slowest {figures.slowest:.3f} s"
            print(f"\r{done}, largest {figures.largest / 1e6:.1f} MB", end="", file=sys.stderr, flush=True)

    return tell


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--examples", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hostile", action="store_true", help="the large ones instead")
    asked = parser.parse_args()
    if asked.hostile:
        run_hostile()
        return
    figures = run(asked.examples, asked.seed, _progress(asked.examples))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\n{figures}; the whole process held {peak} MB at most")


if __name__ == "__main__":
    main()
