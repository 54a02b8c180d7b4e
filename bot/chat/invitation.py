"""The one-time link to the review pages. It is made when it is delivered: no row and no log ever held it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from bot.chat.messages import request_for
from bot.dialog.phrases import escaped
from bot.store import visits
from bot.store.outbox import Message
from bot.store.statements import Job

BYTES: Final = 16
"""128 bits."""
IN: Final = "/review/in/"
INSIDE: Final = "/review/app"


@dataclass(frozen=True, slots=True)
class Door:
    """Where the review pages are (`https://advisor.example.org`); `clock` gives epoch milliseconds."""

    address: str
    clock: Callable[[], int]

    def invitation(self, message: Message, *, as_text: bool = False) -> tuple[Job, tuple[str, dict[str, Any]]]:
        """What must be stored before it is sent, and the call that sends it.

        Telegram takes buttons with addresses on the internet alone: any other link is sent `as_text`.
        """
        secret = secrets.token_urlsafe(BYTES)
        link = f"{self.address}{IN}{secret}"
        method, params = request_for(message, None)
        if as_text or not is_public(self.address):
            params.pop("reply_markup", None)
            params["text"] += f"\n\n{escaped(link)}"
        else:
            rows = [[self._button(label, kind, link) for label, kind in row] for row in message.buttons]
            params["reply_markup"] = {"inline_keyboard": rows}
        return visits.make_link(secret, message.chat_id, self.clock()), (method, params)

    def _button(self, label: str, kind: str, link: str) -> dict[str, Any]:
        """`inside`: Telegram opens the pages itself, and proves who looks."""
        return {"text": label, **({"web_app": {"url": self.address + INSIDE}} if kind == "inside" else {"url": link})}


def is_public(address: str) -> bool:
    """Whether Telegram takes this address on a button: https, and the name of a host."""
    parts = urlsplit(address)
    return parts.scheme == "https" and "." in (parts.hostname or "") and not _is_number(parts.hostname or "")


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
