"""The tree as a picture: as SVG, and as text for Graphviz and Mermaid."""

from bot.content.picture import picture
from bot.content.svg import svg
from bot.dialog.tree import Dialog
from bot.languages import Language

__all__ = ["dot", "mermaid", "svg"]


def dot(dialog: Dialog, language: Language) -> str:
    """The tree for Graphviz."""
    drawn = picture(dialog, language)
    lines = ["digraph dialog {", '  node [shape=box, style=rounded, fontname="sans-serif"];', "  edge [fontsize=10];"]
    for box in drawn.boxes:
        words = "\n".join(part for part in (box.title, box.text, box.note) if part)
        lines.append(f"  {_quoted(box.id)} [label={_quoted(words)}];")
    for arrow in drawn.arrows:
        style = ", style=dashed" if arrow.dashed else ""
        words = _quoted("\n".join(arrow.labels))
        lines.append(f"  {_quoted(arrow.source)} -> {_quoted(arrow.target)} [label={words}{style}];")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def mermaid(dialog: Dialog, language: Language) -> str:
    """The tree for Mermaid, as in a README."""
    drawn = picture(dialog, language)
    lines = ["flowchart TD"]
    for box in drawn.boxes:
        words = "<br/>".join(_plain(part) for part in (box.title, box.text, box.note) if part)
        lines.append(f'  q-{box.id}("{words}")')
    for arrow in drawn.arrows:
        words, line = "<br/>".join(_plain(label) for label in arrow.labels), "-.->" if arrow.dashed else "-->"
        lines.append(f'  q-{arrow.source} {line}|"{words}"| q-{arrow.target}')
    return "\n".join(lines) + "\n"


def _plain(words: str) -> str:
    """Words that Mermaid takes for nothing else."""
    for sign, code in (("&", "#amp;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("\n", " ")):
        words = words.replace(sign, code)
    return words
