"""Who may do what among the staff. What is not in the table, nobody may; being in the group is no right.

Roles are granted by an admin and stored; admins are named in the settings. The act is checked here, at every act, on
the server: never by hiding a command or a button.
"""

from collections.abc import Mapping
from typing import Final, Literal

Role = Literal["", "staff", "admin", "former"]
"""`""`: somebody in the group; `former`: a role was taken away."""

STAFF: Final = frozenset({"staff", "admin"})
ADMIN: Final = frozenset({"admin"})

MAY: Final[Mapping[str, frozenset[str]]] = {
    # a handover
    "claim": STAFF,
    "reply": STAFF,
    "release": STAFF,
    "pass": STAFF,
    "pass-to": STAFF,
    "close": STAFF,
    "talk": STAFF,
    "note": STAFF,
    # looking things up
    "queue": STAFF,
    "mine": STAFF,
    "faq": STAFF,
    "send": STAFF,
    "edit": STAFF,
    "help": STAFF,
    # teaching
    "teach": STAFF,
    "reword": STAFF,
    "concept": STAFF,
    "facet": STAFF,
    "is-concept": STAFF,
    "is-facet": STAFF,
    "submit": STAFF,
    "drop": STAFF,
    "approve": ADMIN,
    "refuse": ADMIN,
    # people
    "staff": ADMIN,
    "grant": ADMIN,
    "revoke": ADMIN,
    # the review pages
    "review": ADMIN,
}
"""Every act, and the roles that may do it."""


def may(role: str, act: str) -> bool:
    """Whether someone of this role may do this act."""
    return role in MAY.get(act, frozenset())
