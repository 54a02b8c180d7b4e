"""Broken YAML, by the thousand: only content or ContentProblems comes out, soon and in little memory.

    python tests/fuzz_content.py --examples 100000 [--seed 1]
    python tests/fuzz_content.py --knowledge --examples 20000
    python tests/fuzz_content.py --hostile

Inputs are mutated pieces of the small dialog and of tests/mistakes, 4 KB at most; with --knowledge those of a small
knowledge and of tests/knowledge_mistakes. `test_content_fuzz.py` runs a few.
"""

import argparse
import itertools
import json
import random
import resource
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent)]

import yaml
from harness.content import write_small_content
from harness.knowledge import QUESTIONS, small_knowledge
from test_content_small import DIALOG, MORE, phrases

from bot.content.check import knowledge_problems
from bot.content.knowledge_draft import drafted_knowledge
from bot.content.load import checked, load, load_dialog, load_files, read_folder
from bot.content.problems import ContentProblems, Problem
from bot.content.prove_knowledge import unreached
from bot.dialog.path import most_left, walk
from bot.dialog.tree import Dialog
from bot.knowledge.answering import answer
from bot.knowledge.entries import Knowledge
from bot.languages import LANGUAGES

MOST_BYTES = 4096
MISTAKES = Path(__file__).parent / "mistakes"
KNOWLEDGE_MISTAKES = Path(__file__).parent / "knowledge_mistakes"
PIECES = [
    *("{", "}", "[", "]", ":", ": ", ",", "- ", "? ", "| ", ">", "#", "%", "---\n", "...\n"),
    *("&a ", "*a", "!!int ", "!t ", "<<: ", '"', "'", "\\", "\n", "\n  ", "\t", "\r", "\\u0000", "\\x"),
    *("\x00", "\x85", "\u2028", "\ufeff", "\ud800", "😀", "\x07", "\ufdd0", "{n}", "{n!r}", "{0.a}", "{{"),
    *("null", "~", "true", "no", "12", "-0", "1e9", "9" * 30, "advice", "not-sure", "not_sure", "when", "goto"),
    *("next", "pet", "out", "cat", "all: [", "any: []", "not: {", "nodes:", "options: {}", "en:", "fi", "by: 0"),
    *("…", "*", "'", ", , ", "abc*", "ﷺ", "ъйъ", "ß", "\u0301", "-", "what is", "kpo", "kpo+bpo", "fit", "difference"),
    *("about: []", "broader: kpo", "name:", "entries: {}", "claim: true", "words: pt", "gaps:", "not_ours: a"),
]
"""What is put in: signs of YAML, letters that trouble, words of the dialog and of the knowledge."""


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


def _other_line_ends(text: str, chance: random.Random) -> str:
    return text.replace("\n", chance.choice(("\r", "\r\n")))


MUTATIONS: tuple[Callable[[str, random.Random], str], ...] = (
    _insert,
    _delete,
    _repeat,
    _swap_lines,
    _drop_line,
    _swap_words,
    _swap_words,
    _other_line_ends,
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


# the knowledge


def knowledge() -> dict[str, bytes]:
    """The small knowledge with a second concept, the two together, and a fact."""
    files = small_knowledge()
    entry = files["outsourcing.yaml"]["entries"]["fit"]
    files["kpo.yaml"] = {
        "about": ["kpo"],
        "name": dict.fromkeys(LANGUAGES, "KPO"),
        "broader": "outsourcing",
        "entries": {"fit": entry | {"question": _asked("outsourcing", "kpo"), "facts": ["half"]}},
    }
    together = entry | {"question": _asked("outsourcing", "kpo versus outsourcing")}
    files["pair.yaml"] = {"about": ["kpo", "outsourcing"], "entries": {"difference": together}}
    files["facts.yaml"] = {"facts": {"half": {"about": ["kpo"], "from": ["general"], "says": "Half of it."}}}
    for language in LANGUAGES:
        words = files[f"words-{language}.yaml"]
        words["aliases"]["kpo"], words["cues"]["difference"] = "kpo, knowledge process*", "versus, … differ*"
        words |= {"gaps": "the", "smalltalk": {"greeting": "hi"}, "human": {"person": "man"}}
    return {name: _written(file) for name, file in files.items()}


def _asked(concept: str, other: str) -> dict[str, str]:
    """The questions of the small knowledge about something else."""
    names = {"bg": "аутсорсинг", "fi": "ulkoistaminen"}
    return {one: words.replace(names.get(one, concept), other) for one, words in QUESTIONS["fit"].items()}


def _written(file: dict[str, Any]) -> bytes:
    """As an author would write it; through JSON, as YAML would make anchors of what stands there twice."""
    return yaml.safe_dump(json.loads(json.dumps(file)), allow_unicode=True, width=100, sort_keys=False).encode()


def knowledge_seeds() -> list[tuple[str, str]]:
    """Names and texts to mutate, each at most 4 KB; the small knowledge more often than what is broken already."""
    files = [*knowledge().items()] * 4 + [*read_folder(KNOWLEDGE_MISTAKES).items()]
    return [(name, data[:MOST_BYTES].decode(errors="ignore")) for name, data in files]


def tried_knowledge(name: str, data: bytes, chance: random.Random, rest: dict[str, bytes]) -> str:
    """Load one file in place of, or beside, those of the small knowledge, and prove what loads and what does not.

    One in fifty is loaded from folders, beside the small dialog, which takes ten times longer.
    """
    files = {**rest, name: data}
    try:
        known = _from_folders(files) if chance.random() < 0.02 else _from_files(files)
    except ContentProblems as error:
        return _refused(error)
    ask(known, chance)
    return "loaded"


def _from_files(files: dict[str, bytes]) -> Knowledge:
    """What `load` and `checked` do with a knowledge, without the dialog."""
    draft = drafted_knowledge(files, "knowledge")
    ContentProblems(unreached(draft, draft.knowledge()))
    if (found := ContentProblems(knowledge_problems(draft))).problems:
        raise found
    return draft.knowledge()


def _from_folders(files: dict[str, bytes]) -> Knowledge:
    with tempfile.TemporaryDirectory() as folder:
        dialogs, place = map(Path, write_small_content(Path(folder)).values())
        for name, data in files.items():
            (place / name).write_bytes(data)
        whole = checked(dialogs, place)
        try:
            return load(dialogs, place).knowledge
        except ContentProblems as error:
            _all_in(error, whole.problems)
            raise


def _all_in(error: ContentProblems, problems: tuple[Problem, ...]) -> None:
    """What stops a load, the check shows too."""
    assert set(error.problems) <= set(problems)


def ask(known: Knowledge, chance: random.Random) -> None:
    """What loads can be asked anything: where there is an answer, there is its entry."""
    for entry in known.entries.values():
        language = chance.choice(LANGUAGES)
        question = entry.question.to(language)
        for text in (question, mutated(question, chance).decode(errors="replace")):
            found = answer(known, text, language)
            assert {found.cell, *found.suggestions} <= {None, *known.entries}


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


Attempt = Callable[[str, bytes, random.Random], str]


def run(examples: int, seed: int, tell: Callable[[Figures], None] = lambda figures: None) -> Figures:
    """Try so many dialog files; one that brings up anything else than ContentProblems is printed and raises."""
    rest = {"a.yaml": DIALOG.encode(), "b.yaml": MORE.encode(), "phrases.yaml": phrases().encode()}
    return _run(examples, seed, tell, seeds(), lambda name, data, chance: tried(name, data, chance, rest))


def run_knowledge(examples: int, seed: int, tell: Callable[[Figures], None] = lambda figures: None) -> Figures:
    """The same with files of the knowledge."""
    rest, texts = knowledge(), knowledge_seeds()
    return _run(examples, seed, tell, texts, lambda name, data, chance: tried_knowledge(name, data, chance, rest))


def _run(
    examples: int, seed: int, tell: Callable[[Figures], None], texts: list[tuple[str, str]], attempt: Attempt
) -> Figures:
    figures, chance = Figures(), random.Random(seed)
    for number in range(examples):
        name, text = chance.choice(texts)
        data = mutated(text, chance)
        try:
            _measure(figures, lambda: attempt(name, data, chance), memory=number % 50 == 0)  # noqa: B023  # called at once
        except Exception:
            print(f"seed {seed}, example {number}, {name}: {data!r}", file=sys.stderr)
            raise
        tell(figures)
    return figures


def _measure(figures: Figures, attempt: Callable[[], str], memory: bool) -> None:
    """Memory is measured on every 50th input only, for it makes Python five times slower; time on the others."""
    if memory:
        tracemalloc.start()
    begun = time.process_time()
    outcome = attempt()
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


def hostile_words() -> Iterator[tuple[str, bytes]]:
    """The same for the words of a language."""
    many = b", ".join(b"w%d" % n for n in range(70_000))
    yield "70,000 words", b"words: en\nfunction: " + many
    yield "60,000 words in two lists", b"words: en\nfunction: %s\ncontext: %s" % (many[:400_000], many[:400_000])
    yield "100,000 short stems", b"words: en\nfunction: " + b", ".join(b"a* %d" % n for n in range(100_000))[:1_000_000]
    yield (
        "29,000 phrases that cannot be found",
        b"words: en\nfunction: " + b", ".join(b"?%d" % n for n in range(29_000)),
    )
    yield "29,000 that stand twice", b"words: en\nfunction: %s\ncontext: %s" % ((many[:100_000],) * 2)
    yield "one endless phrase", b"words: en\nfunction: " + b"a " * 500_000


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
    """Try the large ones in this process, a line for each: as a dialog by itself, or as words of the knowledge."""
    rest = knowledge()
    inputs = [("a.yaml", name, data) for name, data in hostile()]
    for file, name, data in [*inputs, *(("words-en.yaml", name, data) for name, data in hostile_words())]:
        begun, chance = time.process_time(), random.Random(1)
        attempt, others = (tried, {}) if file == "a.yaml" else (tried_knowledge, rest)
        outcome = attempt(file, data, chance, others)
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
    parser.add_argument("--knowledge", action="store_true", help="files of the knowledge, not of the dialog")
    parser.add_argument("--hostile", action="store_true", help="the large ones instead")
    asked = parser.parse_args()
    if asked.hostile:
        run_hostile()
        return
    figures = (run_knowledge if asked.knowledge else run)(asked.examples, asked.seed, _progress(asked.examples))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\n{figures}; the whole process held {peak} MB at most")


if __name__ == "__main__":
    main()
