"""`advisor chat`: the dialog in the terminal, straight from the engine."""

from collections.abc import Iterator

from bot.dialog.asked import is_question
from bot.dialog.engine import take_turn
from bot.dialog.events import AnyEvent, Commanded, Pressed, Said
from bot.dialog.matching import chosen
from bot.dialog.phrases import Content, plain
from bot.dialog.session import Button, Reply, Session, Turn
from bot.languages import Language


def talk(content: Content, language: Language) -> None:
    """Talk until end of input or /quit."""
    session, buttons, fresh = Session(language), list[Button](), 1
    print("(type a button's number or words, a question, a command such as /answers, or /quit)\n")
    for event in _events(buttons):
        fresh += 1
        turn = take_turn(content, session, _with_id(event, fresh))
        session = turn.session
        _show(turn, buttons)


def _events(buttons: list[Button]) -> Iterator[AnyEvent]:
    yield Commanded(name="start")
    while True:
        try:
            text = input("> ").strip()
        except (EOFError, KeyboardInterrupt):
            return
        if text == "/quit":
            return
        yield _event(text, buttons)


def _event(text: str, buttons: list[Button]) -> AnyEvent:
    if text.startswith("/"):
        name, _, argument = text[1:].partition(" ")
        return Commanded(name=name.lower(), argument=argument.strip())
    place = None if is_question(text) else chosen(text, [label(button) for button in buttons])
    return Said(text=text) if place is None else Pressed(data=buttons[place].press.data())


def _with_id(event: AnyEvent, fresh: int) -> AnyEvent:
    match event:
        case Pressed(data=data):
            return Pressed(data=data, fresh=fresh)
        case Said(text=text):
            return Said(text=text, fresh=fresh)
        case Commanded(name=name, argument=argument):
            return Commanded(name=name, argument=argument, fresh=fresh)
    return event


def label(button: Button) -> str:
    """A button's words without the number that options carry: the terminal numbers every button."""
    number, dot, words = button.label.partition(". ")
    return words if dot and number.isdecimal() else button.label


def _show(turn: Turn, buttons: list[Button]) -> None:
    if turn.toast:
        print(f"({turn.toast})\n")
    for reply in turn.replies:
        print(plain(reply.text) + "\n")
    shown = [button for reply in turn.replies for button in _buttons(reply)]
    if shown:
        buttons[:] = shown
        print("\n".join(f"  [{place}] {label(button)}" for place, button in enumerate(shown, 1)) + "\n")


def _buttons(reply: Reply) -> Iterator[Button]:
    return (button for row in reply.rows for button in row)
