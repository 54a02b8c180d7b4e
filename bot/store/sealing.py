"""How texts are encrypted at rest: the values that go into the database, and those that come out of it.

A sealed text is MAGIC and a Fernet token (AES-128-CBC, HMAC-SHA256), as bytes in a column of text: what is text there
is not encrypted. The empty text stays as it is, so that "is there one?" can be asked in SQL. A digest under a key is
longer than one without, so that none is keyed twice.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:  # without a key nothing of cryptography is loaded
    from bot.store.keys import Keys

MAGIC: Final = b"sealed:"
LEAST: Final = len(MAGIC) + 73
"""No sealed text is shorter, and no digest is so long."""
DIGEST_BYTES: Final = 16
KEYED_BYTES: Final = 20


class UnsealedError(Exception):
    """A text cannot be decrypted: it is damaged, or none of the keys fits."""


def is_sealed(value: Any) -> bool:
    """Whether this value of the database is a sealed text."""
    return isinstance(value, bytes) and len(value) >= LEAST and value.startswith(MAGIC)


class Seal:
    """The keys of a database at work: `keys` those of its file, `digest_key` its own, which stays when those change."""

    def __init__(self, keys: "Keys", digest_key: bytes) -> None:
        self._keys, self._digest_key = keys, digest_key

    def sealed(self, value: Any) -> Any:
        """A text, encrypted with the newest key; anything else as it is."""
        if not isinstance(value, str) or not value:
            return value
        return MAGIC + urlsafe_b64decode(self._keys.newest.encrypt(value.encode(errors="surrogatepass")))

    def unsealed(self, value: Any) -> Any:
        """The text of a sealed one; anything else as it is. Raises UnsealedError."""
        return self._opened(value)[1] if is_sealed(value) else value

    def renewed(self, value: Any) -> Any:
        """The same text, encrypted with the newest key. Raises UnsealedError."""
        if not is_sealed(value):
            return self.sealed(value)
        newest, text = self._opened(value)
        return value if newest else self.sealed(text)

    def keyed(self, value: Any) -> Any:
        """A digest that cannot be guessed without the key; what is one already, or none at all, as it is."""
        if not isinstance(value, bytes) or len(value) != DIGEST_BYTES:
            return value
        return blake2b(value, key=self._digest_key, digest_size=KEYED_BYTES).digest()

    def _opened(self, value: bytes) -> tuple[bool, str]:
        """Whether the newest key opens it, and the text."""
        opening = self._keys.opening(urlsafe_b64encode(value[len(MAGIC) :]))
        if opening is None:
            raise UnsealedError("a text in the database cannot be decrypted: it is damaged, or its key is missing")
        key, data = opening
        return key is self._keys.newest, data.decode(errors="surrogatepass")

    def row(self, values: Mapping[str, Any], sealed: frozenset[str], digests: frozenset[str]) -> dict[str, Any]:
        """The values of a statement, with these of its parameters encrypted and those keyed."""
        return {
            name: self.sealed(value) if name in sealed else self.keyed(value) if name in digests else value
            for name, value in values.items()
        }
