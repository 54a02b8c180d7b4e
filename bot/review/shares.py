"""Parts of a whole, as the pages show them."""

from typing import Final

FEW: Final = 20
"""Below so many a share would say more than is known: the counts are shown alone."""


def share(n: int, of: int) -> str:
    """`n` as a part of `of`, in percent; nothing where they are too few for that, or none."""
    return f"{100 * n / of:.0f}%" if n and of >= FEW else ""
