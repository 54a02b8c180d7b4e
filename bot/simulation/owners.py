"""One simulated owner: what they do next, by what stands on their screen. All chance comes from a generator of theirs,
so that the same owner does the same again."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from bot.dialog import place, screens
from bot.dialog.events import AnyEvent, Commanded, Pressed, Said, Sent
from bot.dialog.phrases import Content
from bot.dialog.presses import Press
from bot.dialog.session import Button, Session
from bot.dialog.tree import NOT_SURE, Node
from bot.dialog.view import View
from bot.languages import LANGUAGES, Language
from bot.simulation import habits, wordings
from bot.simulation.typing import hurried, slipped

SHOWN_COMMANDS: Final = ("help", "answers", "settings", "terms", "history", "privacy", "compare")


@dataclass(frozen=True, slots=True)
class Deed:
    """What an owner does. `label`: the words of the button, where one was pressed."""

    event: AnyEvent
    label: str = ""


def press(button: Button) -> Deed:
    """A tap on a button."""
    return Deed(Pressed(data=button.press.data()), button.label)


class Owner:
    """Somebody who does not exist."""

    def __init__(self, number: int, chat_id: int, seed: str, begins: int) -> None:
        """`begins`: when, in epoch ms."""
        self.number, self.chat_id, self.at = number, chat_id, begins
        self.random = Random(f"{seed}/{number}")  # noqa: S311  # nothing here is secret
        self.language: Language = self.random.choices(LANGUAGES, [habits.SPOKEN[one] for one in LANGUAGES])[0]
        self.name = self.random.choice(wordings.NAMES[self.language])
        self.acts = 0
        self.went = False
        self._asked: str | None = None
        self._puzzled = False
        self._rethought = False

    def chance(self, share: float) -> bool:
        """Whether it happens that happens in so many of all cases."""
        return self.random.random() < share

    def pause(self, times: float = 1.0) -> int:
        """How long they read and think, in ms."""
        return int(self.random.lognormvariate(0, 0.7) * habits.READING_SECONDS * times * 1000) + 1500

    def next(self, content: Content, session: Session) -> Deed | None:
        """What they do now; None: they are gone."""
        self.acts += 1
        view = View(content, session)
        if not session.id:
            agree = Press("agree", words=(self.language, self._topic(content), content.privacy))
            return Deed(Pressed(data=agree.data()), view.into(self.language).words.plain("agree"))
        if self.acts > habits.MOST_ACTS:
            return None
        if self.went:
            self.went = False
            return Deed(Commanded(name="start"))
        return self._judging(view) or self._doing(view)

    def _topic(self, content: Content) -> str:
        """Some come by a link."""
        return self.random.choice(sorted(content.dialog.topics)) if content.dialog.topics and self.chance(0.08) else ""

    # -- after an answer in passing

    def _judging(self, view: View) -> Deed | None:
        asked, puzzled = self._asked, self._puzzled
        self._asked, self._puzzled = None, False
        entry = view.content.knowledge.by_name.get(view.session.about)
        if asked is not None and entry and view.session.about != asked:
            words = (entry.cell.code, view.session.language)
            if self.chance(habits.JUDGES):
                helped = self.chance(habits.HELPED[self.language])
                self._puzzled = not helped and self.chance(habits.WISHES * 2)
                judged = "helpful" if helped else "unhelpful"
                return press(view.phrase_button(judged, "helpful" if helped else "unhelpful", *words))
            if self.chance(habits.FOLLOWS_UP):
                return self._follow_up(view)
        if puzzled or (asked is not None and view.session.about == asked):
            return self._without_answer(view)
        return None

    def _follow_up(self, view: View) -> Deed | None:
        known = view.content.knowledge
        entry = known.by_name[view.session.about]
        near = [one for one in known.entries.values() if one.cell.concepts == entry.cell.concepts and one is not entry]
        if not near:
            return None
        other = self.random.choice(near)
        label = view.words.plain(f"facet-{other.cell.facet}")
        return press(view.button(label, "know", other.cell.code, view.session.language))

    def _without_answer(self, view: View) -> Deed | None:
        if self.chance(habits.WAITS_TO_HEAR):
            return press(view.phrase_button("tell-me", "tell"))
        if self.chance(habits.WISHES * 2):
            return press(view.phrase_button("ask-person", "person", "", view.session.language))
        return None

    # -- what waits

    def _doing(self, view: View) -> Deed | None:
        kind = view.session.open.partition(":")[0]
        if kind in OPEN:
            return OPEN[kind](self, view)
        node = view.path.current
        return self._at_question(view, node) if node else self._at_advice(view)

    def tap(self, view: View, *actions: str) -> Deed | None:
        """A tap on one of the buttons of these actions, if the screen has any."""
        found = [button for row in place.waiting(view).rows for button in row if button.press.action in actions]
        return press(self.random.choice(found)) if found else None

    def at_menu(self, view: View) -> Deed | None:
        """Before the first question."""
        if self.chance(habits.LEAVES * 2):
            return None
        return self.ask(view) if self.chance(habits.ASKS) else self.tap(view, "find")

    def _at_question(self, view: View, node: Node) -> Deed | None:
        tiring = habits.tiring(view.content.dialog, node)
        if self.chance(habits.LEAVES + habits.LEAVES_TIRED * tiring):
            return None
        aside = self._aside(view, node)
        return aside or self._answer(view, node, tiring)

    def _aside(self, view: View, node: Node) -> Deed | None:
        """Anything but an answer."""
        whims: tuple[tuple[float, Callable[[], Deed | None]], ...] = (
            (habits.ASKS, lambda: self.ask(view)),
            (habits.HELP, lambda: press(view.phrase_button("why", "why", node.id))),
            (habits.BACK, lambda: self._back(view, node)),
            (habits.COMMANDS, lambda: Deed(Commanded(name=self.random.choice(SHOWN_COMMANDS)))),
            (habits.CHANGES_LANGUAGE, lambda: Deed(Commanded(name="language"))),
            (habits.SENDS, lambda: Deed(Sent(what="photo"))),
        )
        return next((does() for share, does in whims if self.chance(share)), None)

    def _back(self, view: View, node: Node) -> Deed | None:
        return press(view.phrase_button("back", "back", node.id)) if view.path.steps else None

    def _answer(self, view: View, node: Node, tiring: float) -> Deed | None:
        buttons = [button for (button,) in screens.option_rows(view, node)]
        unsure = next(button for button in buttons if button.press.word(1) == NOT_SURE)
        options = [button for button in buttons if button is not unsure]
        if not options or self.chance(habits.NOT_SURE + habits.NOT_SURE_TIRED * tiring):
            return press(unsure)
        # The same question has the same favourites for all, so that the pages show a shape.
        liking = Random(node.id)  # noqa: S311
        button = self.random.choices(options, [0.3 + liking.random() for _ in options])[0]
        return self._typed(button) if self.chance(habits.TYPES) else press(button)

    def _typed(self, button: Button) -> Deed:
        number, _, words = button.label.partition(". ")
        if self.chance(habits.NUMBERS) or not words:
            return Deed(Said(text=number))
        words = hurried(self.random, words)
        return Deed(Said(text=slipped(self.random, words) if self.chance(habits.SLIPS) else words))

    def _at_advice(self, view: View) -> Deed | None:
        if self.chance(habits.WISHES):
            return press(view.phrase_button("talk-person", "human"))
        if self.chance(habits.ASKS_ABOUT_IT):
            return self.ask(view)
        if not self._rethought and self.chance(habits.RETHINKS):
            self._rethought = True
            return self.tap(view, "recap")
        return self.tap(view, "start-over") if self.chance(habits.STARTS_OVER) else None

    # -- questions in passing

    def ask(self, view: View) -> Deed:
        """Something in their own words."""
        language, roll = view.session.language, self.random.random()
        if roll < habits.SMALLTALK:
            return Deed(Said(text=self.random.choice(wordings.SMALLTALK[language])))
        self._asked = view.session.about
        if roll < habits.SMALLTALK + habits.MISSING:
            text = self.random.choice(wordings.MISSING[language])
        elif roll < habits.SMALLTALK + habits.MISSING + habits.UNKNOWN:
            text = self.random.choice(wordings.UNKNOWN[language])
        else:
            return Deed(Said(text=self._known_question(view)))
        return Deed(Said(text=text))

    def _known_question(self, view: View) -> str:
        entries = list(view.content.knowledge.entries.values())
        if not entries:
            return self.random.choice(wordings.UNKNOWN[view.session.language])
        # What stands first is asked most: the first concepts are the main ones.
        place_ = int(len(entries) * self.random.random() ** 2)
        text = hurried(self.random, entries[place_].question.to(view.session.language))
        return slipped(self.random, text) if self.chance(habits.SLIPS) else text


def _recap(owner: Owner, view: View) -> Deed | None:
    return owner.tap(view, "change") or owner.tap(view, "go-on", "find")


def _change(owner: Owner, view: View) -> Deed | None:
    return owner.tap(view, "answer") if owner.chance(0.85) else owner.tap(view, "keep")


def _restart(owner: Owner, view: View) -> Deed | None:
    return owner.tap(view, "restart-yes", "restart-no")


def _welcome_back(owner: Owner, view: View) -> Deed | None:
    return owner.tap(view, "go-on") if owner.chance(0.8) else owner.tap(view, "start-over")


def _languages(owner: Owner, view: View) -> Deed | None:
    return owner.tap(view, "speak")


OPEN: Final[dict[str, Callable[[Owner, View], Deed | None]]] = {
    "menu": Owner.at_menu,
    "recap": _recap,
    "change": _change,
    "restart": _restart,
    "welcome-back": _welcome_back,
    "languages": _languages,
}
"""What they do where something is open over the question."""
