"""The links of a page that lead nowhere. Nothing is asked of a network: an address has to be one."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# RFC 3986: what an address may contain; anything else is encoded.
_ADDRESS = re.compile(r"[\w\-.~:/?#\[\]@!$&'()*+,;=%]+", re.ASCII)


class _Links(HTMLParser):
    """Every address that can be clicked, and every name that can be jumped to."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.names.add(given.get("id") or "")
        if tag == "a":
            self.links.append(given.get("href") or "")


def dead(page: Path) -> list[str]:
    """The dead links of a page: to a place in a page, to a file, or to no address at all."""
    return (
        [link for link in dict.fromkeys(_read(page).links) if not _leads(link, page)] if page.exists() else []
    )


def _leads(link: str, page: Path) -> bool:
    parts = urlsplit(link)
    if parts.scheme:
        return parts.scheme == "https" and bool(parts.netloc and _ADDRESS.fullmatch(link))
    target = page.parent / unquote(parts.path) if parts.path else page
    if not link or not target.is_file():
        return False
    return not parts.fragment or parts.fragment in _read(target).names


def _read(page: Path) -> _Links:
    found = _Links()
    found.feed(page.read_text(encoding="utf-8"))
    return found
