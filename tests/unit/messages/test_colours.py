"""Words can be read on whatever is behind them: contrast of WCAG 2.2, level AA, for small letters."""

import re
from pathlib import Path

import pytest

from responder.messages import page

CSS = (Path(page.__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
ENOUGH = 4.5
BADGES = ("red", "amber", "green", "blue", "grey")
PAPER = re.compile(r"@media print \{(.*?)\n\}", re.DOTALL)
DARK = re.compile(r"@media \(prefers-color-scheme: dark\) \{(.*?)\n\}", re.DOTALL)


def colours(css: str) -> dict[str, str]:
    """`--red` and the others as they are set there."""
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6}|#[0-9a-f]{3})(?=[;\s])", css))


def light(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(each * 2 for each in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


def part(pattern: re.Pattern[str], css: str) -> str:
    found = pattern.search(css)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    "css",
    [CSS.partition("@media")[0], part(PAPER, CSS), part(DARK, CSS)],
    ids=["screen", "paper", "dark"],
)
def test_every_text_colour_has_enough_contrast(css: str) -> None:
    found = colours(css)
    pairs = [(each, f"{each}-wash") for each in BADGES]
    pairs += [(word, behind) for word in ("ink", "soft", "link", *BADGES) for behind in ("paper", "wash")]
    assert {word for pair in pairs for word in pair} | {"line"} == found.keys()
    assert {pair: 0 for pair in pairs if contrast(found[pair[0]], found[pair[1]]) < ENOUGH} == {}
