"""What the bot said, as a page may show it: of Telegram's HTML the tags it knows, everything else as text."""

from html.parser import HTMLParser
from typing import Final

from markupsafe import Markup, escape

TAGS: Final = {
    "b": "b", "strong": "b", "i": "i", "em": "i", "u": "u", "ins": "u", "s": "s", "strike": "s", "del": "s",
    "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-spoiler": "mark", "span": "mark", "a": "a",
}  # fmt: skip
LINKS: Final = ("https://", "http://", "tg://", "mailto:", "tel:")


def shown(text: str) -> Markup:
    """Telegram HTML as HTML of ours: its tags without attributes, but the address of a link; never anything more."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.page()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self._text(self.get_starttag_text() or "")
            return
        self._open.append(TAGS[tag])
        self._out.append(_link(dict(attrs).get("href") or "") if tag == "a" else f"<{TAGS[tag]}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._text(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        ours = TAGS.get(tag, "")
        if ours not in self._open:
            self._text(f"</{tag}>")
            return
        while (closed := self._open.pop()) != ours:
            self._out.append(f"</{closed}>")
        self._out.append(f"</{ours}>")

    def handle_data(self, data: str) -> None:
        self._text(data)

    def handle_comment(self, data: str) -> None:
        self._text(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._text(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self._text(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self._text(f"<![{data}]>")

    def _text(self, text: str) -> None:
        self._out.append(str(escape(text)))

    def page(self) -> Markup:
        """All of it, with what was left open closed."""
        return Markup("".join([*self._out, *(f"</{tag}>" for tag in reversed(self._open))]))  # noqa: S704  # escaped above


def _link(address: str) -> str:
    if not address.lower().startswith(LINKS):
        return "<a>"
    return f'<a href="{escape(address)}" rel="noreferrer noopener nofollow">'
