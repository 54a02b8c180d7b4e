"""Owners' names in review: always the same for one owner, and nobody finds the owner by it without the database."""

import hmac
from base64 import b32encode
from dataclasses import dataclass, field
from typing import Final

from bot.store.database import Database
from bot.store.own_secrets import secret

LETTERS: Final = 8


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Makes them, under a key that is the database's own."""

    key: bytes = field(repr=False)

    def of(self, chat_id: int) -> str:
        """What the owner of this chat is called, as `Q7KD-2MXA`."""
        digest = hmac.digest(self.key, str(chat_id).encode(), "sha256")
        letters = b32encode(digest).decode()[:LETTERS]
        return f"{letters[: LETTERS // 2]}-{letters[LETTERS // 2 :]}"


async def pseudonyms(database: Database) -> Pseudonyms:
    """Those of this database."""
    return Pseudonyms(await secret(database, "pseudonyms"))
