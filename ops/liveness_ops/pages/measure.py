"""How large a page is in a window of some width: shown in a frame by one that may run a script.

A window of Chromium's own is never narrower than 500 px while it is asked; a frame is as narrow as a phone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_ASK = """<script>onload = () => {
  const frames = [...document.querySelectorAll("iframe")]
  document.title = JSON.stringify(frames.map(
    ({contentDocument: {documentElement: all, body}}) =>
      [all.scrollWidth, all.scrollHeight, body.innerText.trim().length]))
}</script>"""
_TITLE = re.compile(r"<title>\[(.*?)\]</title>")
_SIZE = re.compile(r"\[(\d+),(\d+),(\d+)\]")


@dataclass(frozen=True, slots=True)
class Size:
    """In CSS pixels; `letters` that can be read. All zero where the page was not drawn."""

    width: int = 0
    height: int = 0
    letters: int = 0


def framed(html: str, widths: Sequence[int]) -> str:
    """A page that shows this one once in each width, and has the sizes as its title."""
    inside = escape(_POLICY.sub("", html), quote=True)
    frames = (
        f'<iframe style="width:{width}px;height:200px;border:0" srcdoc="{inside}"></iframe>'
        for width in widths
    )
    return f"<!doctype html><title></title>{_ASK}{''.join(frames)}"


def sizes(dom: str, widths: Sequence[int]) -> list[Size]:
    """What it said, in the browser's dump of it."""
    title = _TITLE.search(dom)
    found = [Size(*map(int, each)) for each in _SIZE.findall(title[1])] if title else []
    return found if len(found) == len(widths) else [Size() for _ in widths]
