"""Tests in the words of the conversation: a small advisor in four languages, and an owner who talks with it.

    talk = Conversation()
    talk.says("/start")
    talk.taps("Yes, I agree")
    talk.sees("What would you like to do?")

The small dialog, every question as "title: options" (`peaks` only for a lot of work with customers):

    work:   customers -> calls | books -> volume | papers -> secret | not sure -> volume
    calls:  they, we             -> volume
    volume: little, lots         -> peaks
    peaks:  waves, level         -> secret
    secret: yes, no              -> the advice
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from types import MappingProxyType

from bot.dialog.conditions import All, AnswerIs, Condition
from bot.dialog.engine import take_turn
from bot.dialog.events import AnyEvent, Commanded, Late, PastAdvice, Pressed, Said, Sent
from bot.dialog.needed import NEEDED
from bot.dialog.phrases import Content, Phrase
from bot.dialog.session import Button, Reply, Session, Turn
from bot.dialog.tree import (
    ADVICE,
    BUTTON_DATA_BYTES,
    MESSAGE_UNITS,
    NOT_SURE,
    Candidate,
    Caution,
    Dialog,
    Node,
    Option,
    Weight,
    utf16_units,
)
from bot.languages import Language, Text

TAGS: dict[Language, str] = {"en": "", "pt": " (português)", "bg": " (български)", "fi": " (suomi)"}

WORDINGS = {
    "greeting": "Hello! This is orientation, not legal advice.",
    "greeting-recorded": "This is recorded and deleted after {n} days.",
    "greeting-consent": "Is that all right?",
    "agree": "Yes, I agree",
    "agreed": "You agreed.",
    "welcome": "What would you like to do?",
    "welcome-back": "Good to see you again.",
    "find": "Find what fits my business",
    "go-on": "Go on",
    "start-over": "Start over",
    "language": "Language",
    "privacy": "Privacy",
    "question-left": "Question {number}, at most {n} more",
    "question-last": "Question {number}, the last one",
    "not-sure": "Not sure",
    "back": "Back",
    "why": "Why do we ask?",
    "not-sure-words": "no idea, dunno, it depends",
    "back-words": "undo, one back, previous",
    "why-words": "why, what for, reason",
    "first-question": "This is the first question.",
    "chosen": "✓ {answer}",
    "taken-back": "One step back",
    "keep-answer": "Keep my answer",
    "changing": "Your answer so far: {answer}",
    "changed": "Changed: {title}, from “{before}” to “{after}”.",
    "unchanged": "Your answer stays as it was.",
    "not-understood": "Sorry, I did not get that.",
    "not-understood-hint": "Tap a button, or type its words.",
    "already-noted": "Already noted.",
    "old-button": "That button is from earlier.",
    "tell-noted": "You will hear of it.",
    "advice": "Our advice: {name}",
    "advice-why": "The reasons",
    "advice-against": "What speaks against it",
    "advice-also-line": "{name}, because: {because}",
    "advice-close": "The first two are equally strong.",
    "advice-above": "Your advice is above.",
    "advice-same": "The advice stays the same: {name}.",
    "advice-new": "The advice changes from “{before}” to “{after}”.",
    "not-enough": "Your answers are not enough to advise you.",
    "not-enough-all-out": "Nothing fits all your answers.",
    "not-enough-would-help": "These would help",
    "not-enough-short": "not enough to advise",
    "recap": "Your answers",
    "recap-empty": "There are no answers yet.",
    "recap-line": "{title}: {answer}",
    "recap-button": "See my answers",
    "talk-person": "Talk to a person",
    "history-line": "{date}: {name}",
    "history-empty": "There is no earlier advice.",
    "restart-sure": "Really start over?",
    "restart-yes": "Yes, start over",
    "restart-no": "No, go on",
    "restarted": "We start afresh.",
    "kept": "All stays as it was.",
    "cancelled": "Cancelled.",
    "nothing-to-cancel": "There is nothing to cancel.",
    "help": "This is how it works.",
    "settings": "Your language: {language}; kept for {n} days",
    "privacy-text": "What we keep.",
    "privacy-long": "What we keep, for {n} days.",
    "forget-not": "Nothing was deleted.",
    "choose-language": "Which language do you prefer?",
    "language-set": "We go on in this language.",
    "text-only": "I can only read text and buttons.",
    "unknown-command": "I do not know that command.",
    "late": "Sorry, I was away.",
    "not-known": "I have no answer to that.",
    "did-you-mean": "Did you mean one of these?",
    "none-of-these": "None of these",
    "ask-person": "Ask a person",
    "person-noted": "Staff can read it.",
    "sources": "Sources",
    "sources-heading": "Where it comes from",
    "checked": "Checked on {date}",
    "helpful": "Helpful",
    "unhelpful": "Not helpful",
    "unhelpful-more": "Sorry that it was no help.",
    "thanks-opinion": "Thanks for telling us.",
    "speak": "Speak this",
    "facet-definition": "In short",
    "facet-benefits": "Benefits",
    "facet-drawbacks": "Drawbacks",
    "facet-cost": "Cost",
    "facet-difference": "Difference",
    "terms": "Which term?",
    "terms-none": "There are no terms.",
    "terms-button": "What can be asked",
    "compare-with": "Compare with {name}",
    "compare-what": "Compare what?",
    "compare-with-what": "{name} with what?",
    "compare-none": "Nothing to compare.",
    "smalltalk-greeting": "Hello to you.",
    "smalltalk-thanks": "You are welcome.",
    "smalltalk-goodbye": "See you.",
    "smalltalk-wellbeing": "I am well.",
    "smalltalk-identity": "I am a bot.",
    "smalltalk-agreement": "Good then.",
    "refuse-insult": "That is all right.",
    "refuse-injection": "I only say what I know.",
}
"""The wordings that tests speak of; every other phrase is called by its name."""


def text(en: str, pt: str = "", bg: str = "", fi: str = "") -> Text:
    """A text in four languages; where one is not given, the English words with the language behind."""
    return Text(en, pt or en + TAGS["pt"], bg or en + TAGS["bg"], fi or en + TAGS["fi"])


def phrases() -> dict[str, Phrase]:
    """Every phrase of the bot."""
    bare = {name: " ".join([name, *(f"{{{variable}}}" for variable in sorted(NEEDED[name]))]) for name in NEEDED}
    return {name: Phrase(text(WORDINGS.get(name, bare[name]))) for name in NEEDED}


def weight(kind: str, candidates: str, by: int = 0, because: str = "", when: Condition | None = None) -> Weight:
    """What an option weighs; `candidates` as words. It rests on the benefits of the first of them."""
    names, why = tuple(candidates.split()), because or f"{kind} {candidates}"
    plain = Weight(kind, names, by, text(why), f"{names[0]}/benefits")  # type: ignore[arg-type]
    return replace(plain, when=when) if when else plain


def option(name: str, label: Text, goto: str, *weighs: Weight, raises: tuple[str, ...] = ()) -> Option:
    """One option."""
    return Option(name, label, goto, weighs, raises)


def node(name: str, asks: str, following: str, *options: Option, when: Condition | None = None) -> Node:
    """One question; "not sure" leads to `following`."""
    titled = Node(
        name, text(name.capitalize()), text(asks), text(f"We ask about <{name}> & why."), options,
        Option(NOT_SURE, None, following), next=following,
    )  # fmt: skip
    return replace(titled, when=when) if when else titled


def answer_is(question: str, *options: str) -> Condition:
    """The answer to `question` is one of these."""
    return AnswerIs(question, frozenset(options))


CALLS = (
    text("They call us", "Eles ligam-nos", "Те ни се обаждат", "He soittavat meille"),
    text("We call them", "Nós ligamos-lhes às vezes", "Ние звъним на клиентите", "Me soitamme heille, yhä"),
)
NODES = (
    node(
        "work", "Which work is it?", "volume",
        option("customers", text("Talking with customers"), "calls", weight("for", "phones", 2, "Customers talk."),
               weight("rules_out", "books", because="Bookkeepers do not phone.")),
        option("books", text("Keeping the books"), "volume", weight("for", "books", 2, "Books are routine."),
               weight("rules_out", "phones", because="Call centers keep no books.")),
        option("papers", text("Legal papers"), "secret",
               weight("rules_out", "house phones books", because="Ask a lawyer.")),
    ),
    node(
        "calls", "Who calls whom?", "volume",
        option("they", CALLS[0], "volume", weight("for", "phones", 2, "They call you.")),
        option("we", CALLS[1], "volume", weight("against", "phones", 1, "You call them yourself.")),
    ),
    node(
        "volume", "How much is it?", "peaks",
        option("little", text("A little"), "peaks", weight("for", "house", 3, "It is little.")),
        option("lots", text("A whole lot"), "peaks", weight("for", "phones books", 1, "It is a lot.")),
    ),
    node(
        "peaks", "Does it come in waves?", "secret",
        option("waves", text("In waves"), "secret", raises=("waves",)),
        option("level", text("About the same all year"), "secret"),
        when=All((answer_is("work", "customers"), answer_is("volume", "lots"))),
    ),
    node(
        "secret", "Is it <secret>?", ADVICE,
        option("yes", text("Yes"), ADVICE, weight("for", "house", 2, "It is secret."),
               weight("against", "books", 1, "Strangers would see it.", answer_is("work", "books"))),
        option("no", text("No"), ADVICE),
    ),
)  # fmt: skip


def candidate(name: str, called: str, *raises: str) -> Candidate:
    """A thing that can be recommended."""
    return Candidate(name, text(called), text(f"{called}, in short."), (text("Take your time."),), raises)


def caution(name: str, words: str, *only_for: str, when: Condition | None = None) -> Caution:
    """What to watch out for."""
    return Caution(name, text(words), "cell/facet", only_for, when)


def dialog_of(*nodes: Node, enough: int = 3, cautions: tuple[Caution, ...] = (), called: str = "small") -> Dialog:
    """A dialog that begins with the first of these nodes."""
    named = {
        "house": candidate("house", "Keep it in house"),
        "phones": candidate("phones", "A call center", "agents"),
        "books": candidate("books", "A bookkeeper"),
    }
    topics = {"calls": {"work": "customers", "calls": "they"}, "lost": {"volume": "lots"}}
    return Dialog(
        called, called, nodes[0].id, enough, MappingProxyType({one.id: one for one in nodes}),
        MappingProxyType(named), MappingProxyType({one.id: one for one in cautions}), MappingProxyType(topics),
    )  # fmt: skip


CAUTIONS = (caution("agents", "Listen to their people.", "phones"), caution("waves", "Waves need many hands."))
SMALL = Content(dialog_of(*NODES, cautions=CAUTIONS), phrases(), "2026-01-01", 30)


# -- what Telegram would say to it


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert tag in ("b", "i"), f"<{tag}> was not meant"
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read_html(markup: str) -> str:
    """The words of Telegram HTML; AssertionError where a tag is unknown or not closed, or a `<` or `&` is bare."""
    assert not re.search(r"<(?!/?[bi]>)|&(?!(lt|gt|amp|quot);)", markup), markup
    tags = _Tags()
    tags.feed(markup)
    tags.close()
    assert not tags.open, f"<{tags.open[-1]}> is not closed"
    return "".join(tags.words)


def assert_fits_telegram(turn: Turn) -> None:
    """Every message of this turn keeps Telegram's limits."""
    for markup in (*(reply.text for reply in turn.replies), *([] if turn.closes is None else [turn.closes])):
        assert 0 < utf16_units(read_html(markup).strip()) <= MESSAGE_UNITS, markup
    assert utf16_units(turn.toast) <= 200
    for reply in turn.replies:
        assert sum(len(row) for row in reply.rows) <= 100
        assert all(1 <= len(row) <= 8 for row in reply.rows)
        for button in buttons_of(reply):
            assert button.label.strip()
            assert 1 <= len(button.press.data().encode()) <= BUTTON_DATA_BYTES, button


def buttons_of(reply: Reply) -> Iterator[Button]:
    """The buttons under a reply."""
    return (button for row in reply.rows for button in row)


# -- the owner


@dataclass(slots=True)
class Message:
    """A message of the bot as it stands in the chat."""

    words: str
    buttons: tuple[Button, ...] = ()

    def labels(self) -> list[str]:
        """The words on the buttons."""
        return [button.label for button in self.buttons]


@dataclass
class Conversation:
    """An owner who talks with the bot, and the chat as they see it."""

    content: Content = SMALL
    language: Language = "en"
    session: Session = field(default_factory=Session)
    chat: list[Message] = field(default_factory=list)
    turn: Turn = field(default_factory=lambda: Turn(Session()))
    asked: Message | None = None
    _events: int = 0

    def __post_init__(self) -> None:
        self.session = replace(self.session, language=self.language)

    # what the owner does

    def says(self, *texts: str) -> None:
        """Type these, one after the other; `/word argument` is a command."""
        for words in texts:
            command = re.fullmatch(r"/(\w+) ?(.*)", words)
            self.meets(Commanded(name=command[1], argument=command[2]) if command else Said(text=words))

    def taps(self, *labels: str) -> None:
        """Tap these buttons, one after the other, each on the newest message that bears it."""
        for label in labels:
            self._press(*self.button(label))

    def taps_twice(self, label: str) -> None:
        """A double tap: the second one reaches us although the first changed the message."""
        message, button = self.button(label)
        self._press(message, button)
        self._press(message, button)

    def taps_again(self, message: Message, button: Button) -> None:
        """A tap on a button that may be gone from the screen by now."""
        self._press(message, button)

    def forges(self, data: str) -> None:
        """A press with data of one's own making."""
        self.meets(Pressed(data=data))

    def sends(self, what: str) -> None:
        """A photo, a sticker."""
        self.meets(Sent(what=what))

    def wrote_during_the_outage(self, words: str, first: bool = True) -> None:
        """Something that reaches us too late."""
        self.meets(Late(what=words, first=first))

    def looks_at_the_history(self, *past: PastAdvice) -> None:
        """/history, with what the store knows."""
        self.meets(Commanded(name="history", past=past))

    def leaves_and_comes_back(self) -> None:
        """A restart of the bot, or a month: of the session only what is stored is left."""
        stored = json.loads(json.dumps({**_fields(self.session), "answers": dict(self.session.answers)}))
        self.session = Session(**stored)

    def agrees(self) -> None:
        """From nothing to the first question."""
        self.says("/start")
        self.taps(self.phrase("agree"), self.phrase("find"))

    def phrase(self, name: str) -> str:
        """One of the bot's phrases in the language of the moment."""
        return self.content.phrases[name].to(self.session.language, {})

    def button(self, label: str) -> tuple[Message, Button]:
        """The newest button with this label (an option's number need not be given), and its message."""
        for message in reversed(self.chat):
            for button in message.buttons:
                if label in (button.label, re.sub(r"^(\d+\.|✏️) ", "", button.label)):
                    return message, button
        raise AssertionError(f"there is no button {label!r} in {[message.labels() for message in self.chat]}")

    def _press(self, message: Message, button: Button) -> None:
        self.meets(Pressed(data=button.press.data()), message)

    # what comes of it

    def meets(self, event: AnyEvent, pressed: Message | None = None) -> None:
        """One event, and all it leads to."""
        self._events += 1
        self.turn = take_turn(self.content, self.session, replace(event, fresh=self._events))
        assert_fits_telegram(self.turn)
        self.session = self.turn.session
        closing = pressed or self.asked
        if self.turn.closes is not None and closing:
            closing.words, closing.buttons = read_html(self.turn.closes), ()
        for reply in self.turn.replies:
            self.chat.append(Message(read_html(reply.text), tuple(buttons_of(reply))))
            self.asked = self.chat[-1] if reply.asks else self.asked

    @property
    def newest(self) -> Message:
        """The newest message."""
        return self.chat[-1]

    def sees(self, *words: str) -> None:
        """The newest message is of this turn and holds these words."""
        assert self.turn.replies, "nothing was said"
        for each in words:
            assert each in self.newest.words, f"{each!r} is not in {self.newest.words!r}"

    @property
    def told(self) -> Message:
        """The first message of this turn."""
        assert self.turn.replies, "nothing was said"
        return self.chat[-len(self.turn.replies)]

    def is_told(self, *words: str) -> None:
        """The first message of this turn, something in passing, holds these words; what waits comes after it."""
        assert len(self.turn.replies) == 2, [reply.text for reply in self.turn.replies]
        for each in words:
            assert each in self.told.words, f"{each!r} is not in {self.told.words!r}"

    def is_offered(self, *labels: str) -> None:
        """The first message of this turn has exactly these buttons."""
        assert self.told.labels() == list(labels)

    def sees_only(self, *labels: str) -> None:
        """The newest message has exactly these buttons, numbers aside."""
        assert [re.sub(r"^\d+\. ", "", label) for label in self.newest.labels()] == list(labels)

    def does_not_see(self, *words: str) -> None:
        """None of these words are in the newest message."""
        for each in words:
            assert each not in self.newest.words, self.newest.words

    def gets_no_message(self) -> None:
        """Nothing was said."""
        assert self.turn.replies == ()

    def notices(self, toast: str) -> None:
        """The short notice at the top of the screen."""
        assert self.turn.toast == toast


def _fields(session: Session) -> dict[str, object]:
    return {name: getattr(session, name) for name in Session.__slots__}


def after(*acts: str, language: Language = "en", content: Content = SMALL) -> Conversation:
    """A conversation that has consent and these acts behind it: `/command`, a typed text, or `[a button]`."""
    talk = Conversation(content, language)
    talk.agrees()
    for act in acts:
        if act.startswith("["):
            talk.taps(act[1:-1])
        else:
            talk.says(act)
    return talk
