"""Who may open the review pages now: one-time links, and the visits that came of them. Only digests stand here."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, delete, insert, literal, or_, select, update

from bot.store import schema
from bot.store.database import Database
from bot.store.statements import Job, compiled, inserting_once, many

LINK_MS: Final = 10 * 60 * 1000
IDLE_MS: Final = 30 * 60 * 1000
LONGEST_MS: Final = 12 * 3600 * 1000
SEEN_MS: Final = 60 * 1000
"""So exactly it is known when a visit was last seen."""

_l, _v, _r, _how = schema.login.c, schema.visit.c, schema.role.c, schema.audit.c.what
_admins = select(_r.person_id).where(_r.role == "admin")
_UNMAKE_LINKS = compiled(delete(schema.login).where(_l.person_id == bindparam("person"), _l.used_at == 0))
_MAKE_LINK = compiled(
    insert(schema.login).values(
        digest=bindparam("digest"), person_id=bindparam("person"), made_at=bindparam("now"), used_at=0
    )
)
_good_link = and_(_l.digest == bindparam("link"), _l.used_at == 0, _l.made_at > bindparam("since"))
_LINK = compiled(select(_l.person_id).where(_good_link, _l.person_id.in_(_admins)))
_begun: tuple[ColumnElement[Any], ...] = (
    bindparam("visit"),
    _l.person_id,
    bindparam("now"),
    bindparam("now"),
)
_BEGIN_BY_LINK = compiled(
    insert(schema.visit).from_select(
        ["digest", "person_id", "begun_at", "seen_at"],
        select(*_begun).where(_good_link, _l.person_id.in_(_admins)),
    )
)
_USE_LINK = compiled(update(schema.login).where(_good_link).values(used_at=bindparam("now")))
_good_proof = and_(
    _r.person_id == bindparam("person"),
    _r.role == "admin",
    ~select(_l.digest).where(_l.digest == bindparam("link")).exists(),
)
_PROOF = compiled(select(_r.person_id).where(_good_proof))
_BEGIN_IN_APP = compiled(
    insert(schema.visit).from_select(
        ["digest", "person_id", "begun_at", "seen_at"],
        select(bindparam("visit"), _r.person_id, bindparam("now"), bindparam("now")).where(_good_proof),
    )
)
_USE_ONCE = inserting_once(schema.login)
_NOTE_SIGN_IN = compiled(
    insert(schema.audit).from_select(
        ["at", "person_id", "act", "what"],
        select(bindparam("now"), _v.person_id, literal("signed-in"), bindparam("how", type_=_how.type)).where(
            _v.digest == bindparam("visit")
        ),
    )
)
_FIND = compiled(
    select(_v.person_id, _v.seen_at, _r.name)
    .join(schema.role, _r.person_id == _v.person_id)
    .where(
        _v.digest == bindparam("visit"),
        _r.role == "admin",
        _v.seen_at > bindparam("idle"),
        _v.begun_at > bindparam("oldest"),
    )
)
_SEEN = compiled(update(schema.visit).where(_v.digest == bindparam("visit")).values(seen_at=bindparam("now")))
_END = compiled(delete(schema.visit).where(_v.digest == bindparam("visit")))
_SHUT_OUT = compiled(delete(schema.visit).where(_v.person_id.not_in(_admins)))
_SHUT_LINKS = compiled(delete(schema.login).where(_l.person_id.not_in(_admins), _l.used_at == 0))
_PRUNE = compiled(delete(schema.visit).where(or_(_v.seen_at <= bindparam("idle"), _v.begun_at <= bindparam("oldest"))))
_PRUNE_LINKS = compiled(delete(schema.login).where(_l.made_at <= bindparam("before")))


@dataclass(frozen=True, slots=True)
class Visit:
    """An admin who is signed in; `seen_at`: when that was noted last (epoch ms)."""

    person_id: int
    name: str
    seen_at: int


def digest(secret: str) -> bytes:
    """What is stored of a secret of 128 random bits or more: its SHA-256, from which nobody finds it."""
    return hashlib.sha256(secret.encode()).digest()


def make_link(secret: str, person: int, now: int) -> Job:
    """This secret signs this person in, once; their earlier links are dead."""
    return (
        *many(_UNMAKE_LINKS, [{"person": person}]),
        *many(_MAKE_LINK, [{"digest": digest(secret), "person": person, "now": now}]),
    )


async def is_good_link(database: Database, secret: str, now: int) -> bool:
    """Whether this link would sign somebody in now. Nothing is used up."""
    return bool(await database.read(_LINK, {"link": digest(secret), "since": now - LINK_MS}))


def begin_by_link(link: str, cookie: str, now: int) -> Job:
    """Begin a visit with this cookie, if the link is good and its person an admin; the link is used up with it.

    One transaction: of many at once, one begins a visit.
    """
    row = {"link": digest(link), "since": now - LINK_MS, "visit": digest(cookie), "now": now}
    used = {name: row[name] for name in ("link", "since", "now")}
    return (*many(_BEGIN_BY_LINK, [row]), *many(_USE_LINK, [used]), *_note(cookie, "by a link", now))


async def is_good_proof(database: Database, proof: str, person: int) -> bool:
    """Whether this proof of this person would sign them in now. Nothing is used up."""
    return bool(await database.read(_PROOF, {"link": digest(proof), "person": person}))


def begin_in_app(proof: str, person: int, cookie: str, now: int) -> Job:
    """Begin a visit for this person, if they are an admin and this proof of theirs was not used before."""
    row = {"link": digest(proof), "visit": digest(cookie), "person": person, "now": now}
    used = {"digest": digest(proof), "person_id": person, "made_at": now, "used_at": now}
    return (*many(_BEGIN_IN_APP, [row]), *many(_USE_ONCE, [used]), *_note(cookie, "inside Telegram", now))


def _note(cookie: str, how: str, now: int) -> Job:
    return many(_NOTE_SIGN_IN, [{"visit": digest(cookie), "how": how, "now": now}])


async def find(database: Database, cookie: str, now: int) -> Visit | None:
    """The visit of this cookie; None: there is none, it has ended, or its person is no admin any more."""
    values = {"visit": digest(cookie), "idle": now - IDLE_MS, "oldest": now - LONGEST_MS}
    rows = await database.read(_FIND, values)
    return Visit(rows[0]["person_id"], rows[0]["name"], rows[0]["seen_at"]) if rows else None


def seen(cookie: str, now: int) -> Job:
    """They did something just now."""
    return many(_SEEN, [{"visit": digest(cookie), "now": now}])


def end(cookie: str) -> Job:
    """The visit is over."""
    return many(_END, [{"visit": digest(cookie)}])


def shut_out() -> Job:
    """Who is no admin (any more) has neither visits nor links that wait: being appointed again revives none."""
    return (*many(_SHUT_OUT, [{}]), *many(_SHUT_LINKS, [{}]))


def prune(now: int) -> Job:
    """Drop the visits that have ended, and links that are too old to be used, or used again."""
    ended = {"idle": now - IDLE_MS, "oldest": now - LONGEST_MS}
    return (*many(_PRUNE, [ended]), *many(_PRUNE_LINKS, [{"before": now - 3 * LINK_MS}]))
