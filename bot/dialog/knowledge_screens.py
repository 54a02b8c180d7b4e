"""What is said of the knowledge: an answer and what can be asked next, its sources, near answers, the list of terms."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from bot.dialog.phrases import bold, escaped, italic
from bot.dialog.presses import base36, number
from bot.dialog.session import Button, Reply, Rows
from bot.dialog.terms import concept_name, know_button, labelled, name_inside
from bot.dialog.view import View, in_rows, lines, paragraphs
from bot.knowledge.entries import FACETS, Cell, Entry, Facet, Source, cell_of
from bot.knowledge.taught import Taught
from bot.languages import NAMES, Language, as_language

NEXT_SHOWN: Final = 3
TAUGHT: Final = "t"
BESIDE_ANSWER: Final = "answer"
"""In the data of a language's button: it stands under an answer, which stays as it is."""


def entry_text(entry: Entry, language: Language) -> str:
    """An entry's question and answer."""
    return lines(bold(escaped(entry.question.to(language))), escaped(entry.answer.to(language)))


def answer(
    view: View, entry: Entry, language: Language, others: Iterable[Entry] = (), *, sourced: bool = False
) -> Reply:
    """An entry in `language`, with what can be asked next. `others`: what the same text may have asked, too."""
    there = view.into(language)
    text = paragraphs(entry_text(entry, language), sources_text(there, entry) if sourced else "")
    rows = (
        *in_rows(know_button(there, other) for other in others),
        *in_rows(_next(there, entry.cell)),
        *_about_answer(there, entry, sourced),
        *_switch(view, language),
    )
    return Reply(text, rows)


def _next(view: View, cell: Cell) -> Iterator[Button]:
    """What is naturally asked next: of one concept its other facets and a comparison, of two also each by itself."""
    entries = view.content.knowledge.entries
    for facet in _facets_after(view, cell)[:NEXT_SHOWN]:
        yield labelled(view, view.words.plain(f"facet-{facet}"), entries[cell_of(facet, *cell.concepts)])
    if len(cell.concepts) > 1:
        definitions = (cell_of("definition", concept) for concept in cell.concepts)
        yield from (know_button(view, entries[one]) for one in definitions if one in entries)
    else:
        yield from _comparison(view, cell.concepts[0])


def _facets_after(view: View, cell: Cell) -> list[Facet]:
    """The other facets that have an answer, going on from this one and round."""
    place = FACETS.index(cell.facet)
    known = view.content.knowledge
    return [facet for facet in (*FACETS[place + 1 :], *FACETS[:place]) if known.has(facet, *cell.concepts)]


def _comparison(view: View, concept: str) -> Iterator[Button]:
    """A button for the first pair that this concept is one of."""
    known = view.content.knowledge
    for cell in known.pairs_with(concept, "difference")[:1]:
        other = next(one for one in cell.concepts if one != concept)
        yield labelled(view, view.words.plain("compare-with", name=name_inside(view, other)), known.entries[cell])


def _about_answer(view: View, entry: Entry, sourced: bool) -> Rows:
    """Where it comes from, and whether it helped."""
    words = (entry.cell.code, view.session.language)
    sources = () if sourced else ((view.phrase_button("sources", "sources", *words),),)
    helpful = view.phrase_button("helpful", "helpful", *words)
    return (*sources, (helpful, view.phrase_button("unhelpful", "unhelpful", *words)))


def _switch(view: View, language: Language) -> Rows:
    """To a language that is not the chat's: the offer to go on in it."""
    if language == view.session.language:
        return ()
    return ((view.button(view.into(language).words.plain("speak"), "speak", language, "", BESIDE_ANSWER),),)


def sources(view: View, entry: Entry) -> Reply:
    """Where an entry comes from."""
    return Reply(paragraphs(bold(escaped(entry.question.to(view.session.language))), sources_text(view, entry)))


def sources_text(view: View, entry: Entry) -> str:
    """The sources of an entry, a line each, and when it was last checked."""
    listed = map(escaped, source_lines(view.content.knowledge.sources, entry, view.session.language))
    checked = italic(view.words.say("checked", date=entry.checked))
    return lines(bold(view.words.say("sources-heading")), *listed, checked)


def source_lines(known: Mapping[str, Source], entry: Entry, language: Language) -> Iterator[str]:
    """Title, publisher, year and language of each, as far as they are known; as plain text."""
    for source in (known[name] for name in entry.sources if name in known):
        written_in = as_language(source.language)
        parts = (source.publisher.to(language), source.year, NAMES[written_in] if written_in else "")
        details = ", ".join(part for part in parts if part)
        yield f"• {' – '.join(part for part in (source.title.to(language), details) if part)}"


def did_you_mean(view: View, entries: Iterable[Entry]) -> Reply:
    """Near answers, and a person for whom none of them is meant."""
    buttons = [know_button(view, entry) for entry in entries]
    none = view.phrase_button("none-of-these", "person", "", view.session.language)
    return Reply(view.words.say("did-you-mean"), tuple((button,) for button in (*buttons, none)))


def taught(view: View, one: Taught) -> Reply:
    """An answer that the staff taught, in its language, with who answered and a person to ask."""
    there = view.into(one.language)
    answer = lines(bold(escaped(one.question)), escaped(one.text))
    reply = Reply(paragraphs(answer, italic(there.words.say("taught-mark", date=one.approved_on))))
    offered = with_person(there, reply, taught_code(one), one.language)
    return replace(offered, rows=(*offered.rows, *_switch(view, one.language)))


def taught_code(one: Taught) -> str:
    """What stands for a taught answer in a button: no cell's code begins so."""
    return TAUGHT + base36(one.id)


def taught_of(view: View, code: str) -> Taught | None:
    """The taught answer that a button stands under, if it is still there."""
    number_ = number(code.removeprefix(TAUGHT)) if code.startswith(TAUGHT) else None
    return None if number_ is None else view.content.knowledge.taught_by_id.get(number_)


def terms(view: View) -> Reply:
    """Every term that we can explain."""
    known = view.content.knowledge
    cells = [cell_of("definition", concept) for concept in known.concepts]
    explained = [known.entries[cell] for cell in cells if cell in known.entries]
    buttons = (labelled(view, concept_name(view, entry.cell.concepts[0]), entry) for entry in explained)
    return Reply(view.words.say("terms" if explained else "terms-none"), in_rows(buttons))


def with_person(view: View, reply: Reply, *about: str) -> Reply:
    """A reply with a button to ask a person; `about`: the code of the cell it is about, and the language."""
    return _with(reply, view.phrase_button("ask-person", "person", *about))


def with_ways_out(view: View, reply: Reply) -> Reply:
    """A reply with what can be done where we have no answer: ask a person, see what we can explain, wait for one."""
    explained = _with(with_person(view, reply), view.phrase_button("terms-button", "terms"))
    return _with(explained, view.phrase_button("tell-me", "tell"))


def _with(reply: Reply, button: Button) -> Reply:
    return replace(reply, rows=(*reply.rows, (button,)))
