"""The terms of the knowledge inside the dialog: buttons under a question, and under the reasons of an advice."""

from typing import Final

from bot.dialog.session import Button, Rows
from bot.dialog.tree import Node
from bot.dialog.view import View, in_rows
from bot.knowledge.entries import Entry, cell_of

TERMS_SHOWN: Final = 2
"""Terms explained at one question."""
WITH_SOURCES: Final = "sources"
"""In a button's data: the entry comes with its sources."""


def term_rows(view: View, node: Node) -> Rows:
    """ "What is KPO?" for the terms that a question and its options use, as they are first named."""
    known, language = view.content.knowledge, view.session.language
    texts = (node.text, *(option.label for option in node.options if option.label))
    named = dict.fromkeys(term for text in texts for term in known.terms_in(text.to(language), language))
    entries = [known.entries[cell_of("definition", term)] for term in named if known.has("definition", term)]
    return in_rows(know_button(view, entry) for entry in entries[:TERMS_SHOWN])


def know_button(view: View, entry: Entry) -> Button:
    """A button that bears an entry's question, and answers it in its language."""
    return labelled(view, entry.question.to(view.session.language), entry)


def labelled(view: View, label: str, entry: Entry, *how: str) -> Button:
    """A button with these words that shows an entry, in the language of the view."""
    return view.button(label, "know", entry.cell.code, view.session.language, *how)


def cell_button(view: View, entry: Entry) -> Button:
    """A button that tells what a reason of the advice rests on, with its sources: "BPO: cost"."""
    names = ", ".join(concept_name(view, concept) for concept in entry.cell.concepts)
    facet = view.words.plain(f"facet-{entry.cell.facet}")
    return labelled(view, f"📖 {names}: {facet[:1].lower()}{facet[1:]}", entry, WITH_SOURCES)


def concept_name(view: View, concept_id: str) -> str:
    """A concept's name as plain text, as it begins a line."""
    name = name_inside(view, concept_id)
    return name[:1].upper() + name[1:]


def name_inside(view: View, concept_id: str) -> str:
    """A concept's name as it stands inside a sentence. One without a name is called by its id."""
    concept = view.content.knowledge.concepts.get(concept_id)
    return concept.name.to(view.session.language) if concept else concept_id
