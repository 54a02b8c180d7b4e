"""The handover on two pages: what each event must come to, for owners, for the staff, and for what is stored.

It knows nothing of the product but the data of its buttons. What an owner must see is written in letters, one a
message: J a person is with you, M they are still there, S the staff's own words, R how was it, F you are forgotten, D
the bot's dialog.
"""

import re
from dataclasses import dataclass, field

STAFF = {"staff", "admin"}
CLAIM_MS = 8 * 3_600_000
LATE_MS, DROPPED_MS = 600_000, 25 * 3_600_000
PATH = ("work", "who", "much", "trust")
INFORMS = {"help", "privacy", "settings", "terms", "mydata", "forget"}
MOVES = {("", "waiting"), ("waiting", "claimed"), ("claimed", "waiting"), ("claimed", "claimed"),
         ("waiting", "returned"), ("claimed", "returned")}  # fmt: skip
PLAIN, UNKNOWN, WISH = "plain", "unknown", "wish"
"""What a typed text is: the bot can answer it; it cannot; it asks for a person."""


@dataclass
class Stay:
    """One handover."""

    id: int
    owner: "Owner"
    kind: str
    state: str = ""
    by: int = 0
    since: int = 0
    spoke: int = 0
    ending: str = ""
    rating: int = 0
    last: str = ""
    """The last text of the staff."""
    notes: int = 0

    @property
    def open(self) -> bool:
        return self.state != "returned"

    @property
    def silences(self) -> bool:
        """Whether the dialog must be silent."""
        return self.state == "claimed" and self.kind == "chat"

    def move(self, state: str, by: int = 0) -> None:
        assert (self.state, state) in MOVES
        self.state, self.by = state, by if state == "claimed" else self.by if state == "returned" else 0


@dataclass
class Owner:
    """One owner: where they stand, what they must have seen, what the staff must have got of them."""

    id: int
    name: str
    session: int = 0
    step: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    open: str = ""
    asked: str = ""
    newest: Stay | None = None
    blocked: bool = False
    returned: bool = False
    shows: str = ""
    words: list[str] = field(default_factory=list)
    brought: list[str] = field(default_factory=list)
    reworded: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)
    sources: set[int] = field(default_factory=set)
    stranger: bool = False
    """Nothing is kept of them: they were forgotten, and have not agreed since."""
    written: list[str] = field(default_factory=list)
    """Their own words, as far as they must not outlive a forgetting."""
    forgotten: bool = False
    """In this batch."""
    apologised: int = 0
    """When the last apology for what came too late was given."""

    @property
    def silent(self) -> bool:
        return self.newest is not None and self.newest.silences

    def leaves(self) -> None:
        """Whatever shows other buttons, or goes to a person, leaves the question whether to delete."""
        self.open = self.open.removeprefix("forget:")

    def asks_whether(self) -> None:
        self.shows += "D"
        self.open = "" if self.stranger else "forget:" + self.open.removeprefix("forget:")

    def agrees(self) -> None:
        """The first session of somebody new; its number is seen in what is stored."""
        self.stranger, self.session, self.open = False, 0, "menu"

    def node(self) -> str:
        """The question that waits; "" at the advice."""
        asked = [node for node in PATH if node != "who" or self.answers.get("work") == "calls"]
        return next((node for node in asked if node not in self.answers), "")

    def answered(self) -> list[str]:
        return [node for node in PATH if node in self.answers]


@dataclass
class Model:
    """All of them, and who is who among the staff."""

    owners: dict[int, Owner]
    roles: dict[int, str]
    entries: dict[str, tuple[str, str]]
    now: int = 0
    stays: dict[int, Stay] = field(default_factory=dict)
    next_stay: int = 1
    ended: list[int] = field(default_factory=list)
    """Open handovers of owners who were forgotten in this batch."""
    sent_to: dict[int, int] = field(default_factory=dict)
    """The staff's messages that were brought to an owner."""

    def begins(self) -> None:
        """Another batch."""
        for one in self.owners.values():
            one.shows, one.returned, one.forgotten = "", False, False
            self.ended = []
            one.words, one.brought, one.reworded, one.corrected = [], [], [], []

    # -- an owner

    def presses(self, who: int, data: str) -> None:
        owner, (action, session, step, *words) = self.owners[who], data.split(":")
        stay = owner.newest
        if action in ("forget", "forget-yes", "forget-no"):
            self.presses_about_forgetting(owner, action, int(session, 36))
            return
        if owner.silent or not self.shows_nothing(owner, action, int(session, 36), int(step, 36), words):
            owner.leaves()
        if owner.stranger:
            owner.shows += "D*"
            if action == "agree":
                owner.agrees()
        elif stay and action in ("to-bot", "talk", "rate"):
            self.presses_of_handover(owner, stay, action, words)
        elif owner.silent:
            return
        elif action in ("person", "human"):
            text = self.entries[words[0]][0] if words and words[0] in self.entries else ""
            self.wishes(owner, "question" if action == "person" else "chat", text, 0)
        else:
            owner.shows += "D*"
            self.moves(owner, action, int(session, 36), int(step, 36), words)

    @staticmethod
    def shows_nothing(owner: Owner, action: str, session: int, step: int, words: list[str]) -> bool:
        """A tap that is answered by a toast alone: what was taken a moment ago, or needs no screen."""
        was_just_now = (session, step) == (owner.session, owner.step - 1)
        if action == "answer":
            return was_just_now and owner.answers.get(words[0]) == words[1]
        if action == "back":
            return was_just_now and words[0] not in (*owner.answered(), owner.node())
        return action == "tell" or (action == "agree" and not owner.stranger)

    def presses_about_forgetting(self, owner: Owner, action: str, session: int) -> None:
        """Their question must be the last thing between us; another session's button does nothing."""
        if action == "forget-no":
            owner.leaves()
        elif action == "forget":
            owner.asks_whether()
        elif owner.stranger or session != owner.session:
            owner.shows += ""
        elif not owner.open.startswith("forget:"):
            owner.asks_whether()
        else:
            self.forgets(owner)

    def forgets(self, owner: Owner) -> None:
        """All that is theirs goes, and what was under way to them and about them; the last word comes."""
        if owner.newest and owner.newest.open:
            self.ended.append(owner.newest.id)
        self.stays = {number: one for number, one in self.stays.items() if one.owner is not owner}
        self.sent_to = {message: one for message, one in self.sent_to.items() if one != owner.id}
        again = Owner(owner.id, owner.name, stranger=True, forgotten=True, written=owner.written, shows="F")
        vars(owner).update(vars(again))

    def presses_of_handover(self, owner: Owner, stay: Stay, action: str, words: list[str]) -> None:
        is_it = int(words[0], 36) == stay.id
        if action == "rate":
            stay.rating = int(words[1]) if is_it else stay.rating
        elif not is_it or not stay.open:
            owner.shows += "D*"
        elif action == "to-bot":
            self.returns(stay, "owner")
        else:
            stay.kind = "chat"
            owner.shows += "J" if stay.silences else "D"

    def moves(self, owner: Owner, action: str, session: int, step: int, words: list[str]) -> None:
        """What the dialog makes of a button."""
        if session != owner.session:
            return
        if action in ("find", "go-on"):
            owner.open = ""
        elif action == "recap":
            owner.open = "recap"
        elif action in ("answer", "back") and step == owner.step:
            if action == "answer":
                owner.answers[words[0]] = words[1]
            elif owner.answered():
                del owner.answers[owner.answered()[-1]]
            else:
                return
            owner.step, owner.open = owner.step + 1, ""

    def says(self, who: int, text: str, kind: str, message: int, sent_at: int) -> None:
        owner = self.owners[who]
        is_late = self.comes_late(owner, sent_at)
        owner.written.append(text)
        if owner.stranger:
            owner.shows += "D*"
        elif owner.silent:
            self.brings(owner, text, message)
        elif is_late:
            self.cannot(owner, text, message)
        elif kind == WISH:
            self.wishes(owner, "chat", text, message)
        elif kind == UNKNOWN:
            owner.asked = text
            self.cannot(owner, text, message)
        else:
            owner.shows += "D*"

    def names(self, who: int, option: str, text: str, message: int, sent_at: int) -> None:
        """They type the words of an answer."""
        owner = self.owners[who]
        is_late = self.comes_late(owner, sent_at)
        if owner.stranger:
            owner.shows += "D*"
        elif owner.silent:
            self.brings(owner, text, message)
        elif is_late:
            self.cannot(owner, text, message)
        else:
            owner.shows += "D*"
            owner.answers[owner.node()] = option
            owner.step += 1

    def sends(self, who: int, message: int, sent_at: int) -> None:
        if self.owners[who].silent or self.late(sent_at):
            self.comes_late(self.owners[who], sent_at)
        self.cannot(self.owners[who], f"copy {message}", message)

    def cannot(self, owner: Owner, text: str, message: int) -> None:
        """What is for a person, if one is there or expected."""
        if owner.newest and owner.newest.open:
            self.brings(owner, text, message)
            owner.shows += "" if owner.silent else "D"
        else:
            owner.shows += "D*"

    def brings(self, owner: Owner, text: str, message: int) -> None:
        owner.brought.append(text)
        if message:
            owner.sources.add(message)

    def edits(self, who: int, message: int, text: str) -> None:
        owner = self.owners[who]
        if owner.newest and owner.newest.open and message in owner.sources:
            owner.corrected.append(text)

    def orders(self, who: int, command: str, sent_at: int) -> None:
        owner, stay = self.owners[who], self.owners[who].newest
        is_late = self.late(sent_at) and not owner.silent
        if is_late:
            self.comes_late(owner, sent_at)
        elif self.orders_about_forgetting(owner, command):
            return
        if owner.silent and stay:
            if command == "cancel":
                self.returns(stay, "owner")
            else:
                owner.shows += "D" if command in INFORMS else "M"
            return
        if is_late:
            owner.shows += "D*"
            return
        if command == "human":
            self.wishes(owner, "chat", "", 0)
            return
        owner.shows += "D*"
        if command == "cancel" and owner.open != "menu":
            owner.open = ""
        elif command == "answers":
            owner.open = "recap"
        elif command == "start":
            owner.open = "welcome-back:" if owner.answered() else "menu"

    def orders_about_forgetting(self, owner: Owner, command: str) -> bool:
        """What a command is to the question whether to delete; whether it is nothing else."""
        if command == "forget":
            owner.asks_whether()
            return True
        was_asked = owner.open.startswith("forget:")
        is_line = command in ("help", "xyz") and owner.open == "forget:menu" and not owner.silent
        if not is_line:
            owner.leaves()
        if owner.stranger or (was_asked and command == "cancel" and not owner.silent):
            owner.shows += "D*"
            return True
        return False

    def comes_late(self, owner: Owner, sent_at: int) -> bool:
        """Words leave the question whether to delete; of those that come too late, the first alone: it is answered with
        an apology and what waits. Whether it does."""
        is_late = self.late(sent_at) and not owner.silent
        if not is_late or sent_at // 1000 * 1000 > owner.apologised:
            owner.leaves()
        if is_late:
            owner.apologised = max(owner.apologised, self.now)
        return is_late

    def late(self, sent_at: int) -> bool:
        return LATE_MS < self.now - sent_at // 1000 * 1000 < DROPPED_MS

    def wishes(self, owner: Owner, kind: str, text: str, message: int) -> None:
        stay, about = owner.newest, text or owner.asked
        owner.asked = about
        if stay is None or not stay.open:
            stay = Stay(self.next_stay, owner, kind if about else "chat")
            self.next_stay += 1
            stay.move("waiting")
            self.stays[stay.id] = owner.newest = stay
            owner.shows += "D"
            return
        stay.kind = "chat" if kind == "chat" else stay.kind
        if text:
            self.brings(owner, text, message)
        owner.shows += "J" if stay.silences else "D"

    def blocks(self, who: int, *, blocked: bool) -> None:
        owner = self.owners[who]
        owner.blocked = blocked
        if blocked:
            # The last word to one who was forgotten waits: they may be back by the time it is sent.
            owner.shows, owner.words, owner.reworded = "F" if owner.shows.startswith("F") else "", [], []
            if owner.newest and owner.newest.open:
                owner.newest.move("returned")
                owner.newest.ending = "blocked"

    # -- the staff

    def may(self, who: int) -> bool:
        return self.roles.get(who, "") in STAFF

    def answers(self, who: int, stay: Stay | None, text: str, message: int = 0, *, is_media: bool = False) -> None:
        """Words, or media, to an owner."""
        if stay is None or not stay.open or not self.may(who) or (stay.state == "claimed" and stay.by != who):
            return
        owner = stay.owner
        self.claims(who, stay)
        stay.spoke = self.now
        owner.words.append(text)
        stay.last = stay.last if is_media else text
        owner.shows += "S" if is_media or stay.kind == "chat" else "SD"
        if message:
            self.sent_to[message] = owner.id

    def claims(self, who: int, stay: Stay) -> None:
        if stay.state == "waiting" and self.may(who):
            stay.move("claimed", who)
            stay.since = self.now
            stay.owner.shows += "J" if stay.silences else ""

    def rewords(self, who: int, message: int, text: str) -> None:
        """They edit what they wrote."""
        owner = self.owners.get(self.sent_to.get(message, 0))
        stay = owner.newest if owner else None
        if owner and stay and stay.state == "claimed" and stay.by == who and self.may(who):
            owner.reworded.append(text)

    def taps(self, who: int, data: str) -> None:
        act, about, *words = data.removeprefix("!").split(":")
        stay = self.stays.get(int(about, 36))
        if act in ("grant", "revoke"):
            self.appoints(who, act, int(about, 36))
        elif not self.may(who) or stay is None or not stay.open:
            return
        elif act == "claim":
            self.claims(who, stay)
        elif act == "send" and self.entries[words[0]][1] == stay.last:
            return  # the same tap again
        elif act == "send":
            self.answers(who, stay, self.entries[words[0]][1])
        elif stay.state == "claimed" and (stay.by == who or self.roles[who] == "admin"):
            self.changes(stay, act, words)

    def appoints(self, who: int, act: str, whom: int) -> None:
        if self.roles.get(who) != "admin" or self.roles.get(whom) == "admin":
            return
        if act == "grant" or self.roles.get(whom) == "staff":
            self.roles[whom] = "staff" if act == "grant" else "former"

    def changes(self, stay: Stay, act: str, words: list[str]) -> None:
        owner = stay.owner
        if act == "release":
            owner.shows += "D" if stay.silences else ""
            stay.move("waiting")
        elif act == "close":
            self.returns(stay, "closed")
        elif act == "talk" and stay.kind == "question":
            stay.kind = "chat"
            owner.shows += "J"
        elif act == "pass-to" and self.may(int(words[0], 36)):
            stay.move("claimed", int(words[0], 36))
            stay.since = self.now

    def leaves(self, who: int) -> None:
        if self.roles.get(who) == "staff":
            self.roles[who] = "former"

    # -- the way back

    def returns(self, stay: Stay, ending: str) -> None:
        owner, claimed = stay.owner, stay.state == "claimed"
        unanswered = ending == "silence" and stay.spoke < stay.since
        owner.shows += "R" if claimed and ending != "silence" else ""
        tells = (claimed and ending != "silence") or stay.silences or unanswered or ending == "owner"
        owner.shows += "D" if tells else ""
        owner.returned = owner.returned or tells
        stay.move("returned")
        stay.ending = ending

    def passes(self) -> None:
        """Time went by."""
        for stay in self.stays.values():
            if stay.state == "claimed" and not self.may(stay.by):
                stay.owner.shows += "D" if stay.silences else ""
                stay.move("waiting")
            elif stay.state == "claimed" and self.now - max(stay.spoke, stay.since) >= CLAIM_MS:
                self.returns(stay, "silence")


def seen(shows: str, expected: str) -> bool:
    """Whether the messages that an owner got are those that they must have got."""
    return re.fullmatch(expected, shows) is not None
