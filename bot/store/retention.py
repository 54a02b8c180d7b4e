"""How long everything is kept: what is too old goes, in small steps, so that no turn waits for it.

What is an owner's is kept for as many days as the settings say. The log of what admins looked at outlives it: two
years. What only serves the running bot has limits of its own, beside its tables. Counters are anonymous, and stay.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BindParameter, Column, ColumnElement, bindparam, delete, func, select

from bot.store import outbox, schema, sessions, traffic, updates, visits, wordings
from bot.store.database import Database
from bot.store.filters import DAY_MS
from bot.store.statements import Job, Sql, compiled, many

AUDIT_MS: Final = 2 * 365 * DAY_MS
AT_ONCE: Final = 5
"""Sessions deleted in one transaction: a few milliseconds."""
AT_ONCE_ALONE: Final = 500
PAUSE_SECONDS: Final = 0.02
"""Between two of them: turns go first."""

_s, _h, _t, _r = schema.session.c, schema.handover.c, schema.taught.c, schema.role.c
_before: BindParameter[int] = bindparam("before")
_old_sessions = select(_s.id).where(_s.updated_at < _before)
_old_handovers = (_h.state == "returned") & (_h.ended_at < _before)


@dataclass(frozen=True, slots=True)
class Rule:
    """Which rows of a table are too old. `kept_ms`: how long they are kept; None: as long as an owner's."""

    too_old: ColumnElement[bool]
    at: Column[Any] | None = None
    kept_ms: int | None = None


RULES: Final[Mapping[str, Rule]] = {
    "session": Rule(_s.updated_at < _before, _s.updated_at),
    "transcript": Rule(schema.transcript.c.session_id.in_(_old_sessions)),
    "questions": Rule(schema.questions.c.session_id.in_(_old_sessions), schema.questions.c.asked_at),
    "opinions": Rule(schema.opinions.c.session_id.in_(_old_sessions), schema.opinions.c.at),
    "review": Rule(schema.review.c.session_id.in_(_old_sessions)),
    "label": Rule(schema.label.c.session_id.in_(_old_sessions), schema.label.c.at),
    "remark": Rule(schema.remark.c.session_id.in_(_old_sessions), schema.remark.c.at),
    "handover": Rule(_old_handovers, _h.wished_at),
    "note": Rule(schema.note.c.handover_id.in_(select(_h.id).where(_old_handovers)), schema.note.c.at),
    "taught": Rule((_t.state != "approved") & (_t.made_at < _before), _t.made_at),
    "failed_update": Rule(schema.failed_update.c.failed_at < _before, schema.failed_update.c.failed_at),
    "role": Rule((_r.role == "former") & (_r.at < _before), _r.at),
    "audit": Rule(schema.audit.c.at < _before, schema.audit.c.at, AUDIT_MS),
    "outbox": Rule(outbox.DONE_WITH, schema.outbox.c.created_at, outbox.KEPT_MS),
    "seen_update": Rule(
        schema.seen_update.c.seen_at < _before, schema.seen_update.c.seen_at, updates.KEPT_MS
    ),
    "login": Rule(schema.login.c.made_at <= _before, schema.login.c.made_at, visits.LINK_MS),
    "visit": Rule(schema.visit.c.begun_at <= _before, schema.visit.c.begun_at, visits.LONGEST_MS),
}  # fmt: skip
"""What is looked at; chats and topics go with their last session."""


def _counting(name: str, rule: Rule) -> Sql:
    table = schema.metadata.tables[name]
    old = func.coalesce(func.sum(func.iif(rule.too_old, 1, 0)), 0)
    oldest = func.min(rule.at).filter(~rule.too_old) if rule.at is not None else func.max(None)
    return compiled(select(old.label("old"), func.count().label("all"), oldest.label("oldest")).select_from(table))


_COUNTING: Final = {name: _counting(name, rule) for name, rule in RULES.items()}
_AUDIT = compiled(delete(schema.audit).where(RULES["audit"].too_old))
_FORMER = compiled(delete(schema.role).where(RULES["role"].too_old))
_HANDOVERS = compiled(delete(schema.handover).where(RULES["handover"].too_old))
_DRAFTS = compiled(delete(schema.taught).where(RULES["taught"].too_old))


@dataclass(frozen=True, slots=True)
class Count:
    """Rows of a table: too old, all of them, and when the oldest that stays was made (epoch ms; None: not known)."""

    old: int
    all: int
    oldest_kept: int | None


async def counts(database: Database, now: int, kept_ms: int) -> dict[str, Count]:
    """What there is too old, by table. `kept_ms`: how long an owner's data is kept."""
    found = {}
    for name, sql in _COUNTING.items():
        kept = RULES[name].kept_ms
        [row] = await database.read(sql, {"before": now - (kept_ms if kept is None else kept)})
        found[name] = Count(row["old"], row["all"], row["oldest"])
    return found


def _small(now: int, kept_since: int) -> Job:
    """What there is never much of."""
    old = {"before": kept_since}
    return (
        *updates.forget_old(now),
        *visits.prune(now),
        *traffic.fold(now),
        *updates.prune_failed(kept_since),
        *many(_AUDIT, [{"before": now - AUDIT_MS}]),
        *many(_FORMER, [old]),
        *many(_HANDOVERS, [old]),
        *many(_DRAFTS, [old]),
    )


async def prune(
    database: Database, now: int, kept_ms: int, done: Callable[[int], None] | None = None, *, alone: bool = False
) -> int:
    """Delete what is too old; gives how many sessions went. `done` hears how many went in each step; `alone`: no turn
    has to wait.

    Raises StoreError: what was deleted by then stays deleted.
    """
    kept_since, gone = now - kept_ms, 0
    for job in (_small(now, kept_since), outbox.prune(now)):
        await database.write(job)
    most, pause = (AT_ONCE_ALONE, 0.0) if alone else (AT_ONCE, PAUSE_SECONDS)
    while old := await sessions.old(database, kept_since, most):
        used = await wordings.used(database, (number for number, _ in old))
        await database.write(sessions.drop(old, kept_since, used))
        gone += len(old)
        if done:
            done(len(old))
        await asyncio.sleep(pause)
    await database.write(sessions.drop_stray_topics())
    if gone:
        database.untidy.set()
    return gone
