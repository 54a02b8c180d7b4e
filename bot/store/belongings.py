"""Whose rows are whose: what belongs to a person, by the id of their chat. `/mydata` shows it, `/forget` deletes it.

A test demands that every table of the schema is named here, once: a new one cannot be forgotten.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import BindParameter, ColumnElement, bindparam, or_, select

from bot.store import schema

_chat: BindParameter[int] = bindparam("chat")
_sessions = select(schema.session.c.id).where(schema.session.c.chat_id == _chat)
_handovers = select(schema.handover.c.id).where(schema.handover.c.chat_id == _chat)
_drafts = select(schema.taught.c.card_id).where(
    schema.taught.c.handover_id.in_(_handovers), schema.taught.c.card_id != 0
)
_o = schema.outbox.c

PERSONS: Final[Mapping[str, ColumnElement[bool]]] = {
    "chat": schema.chat.c.id == _chat,
    "session": schema.session.c.chat_id == _chat,
    "transcript": schema.transcript.c.session_id.in_(_sessions),
    "questions": schema.questions.c.session_id.in_(_sessions),
    "opinions": schema.opinions.c.session_id.in_(_sessions),
    "handover": schema.handover.c.chat_id == _chat,
    "note": schema.note.c.handover_id.in_(_handovers),
    "taught": schema.taught.c.handover_id.in_(_handovers),
    "topic": schema.topic.c.chat_id == _chat,
    "review": schema.review.c.session_id.in_(_sessions),
    "label": schema.label.c.session_id.in_(_sessions),
    "remark": schema.remark.c.session_id.in_(_sessions),
    "failed_update": schema.failed_update.c.chat_id == _chat,
    "outbox": or_(
        _o.chat_id == _chat, _o.source_chat == _chat, _o.handover_id.in_(_handovers), _o.id.in_(_drafts)
    ),
    "role": schema.role.c.person_id == _chat,
}  # fmt: skip
"""The rows of a person, with their chat's id as the parameter `chat`. Wordings go with the lines that use them.

All by what an index leads to: a turn's transaction deletes them.
"""
STAFFS: Final = frozenset({"audit", "login", "visit"})
"""What staff and admins did: the operator's records of their work."""
NOBODYS: Final = frozenset(
    {"bot", "seen_update", "update_try", "dialog_version", "wording", "staff_chat", "seal", "secret", "gone"}
    | {"traffic", "traffic_new"}
)
"""Numbers, content and counters: nobody's. A wording is whoever's lines use it."""
