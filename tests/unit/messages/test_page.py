from dataclasses import replace
from html.parser import HTMLParser

import pytest

from responder.core.refusals import Refusal
from responder.core.text import text
from responder.messages.page import document, page
from responder.messages.style import CSS
from tests.unit.messages.samples import ACTS, OURS, SAMPLES

pytestmark = pytest.mark.unit

ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
ALLOWED = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "article",
        "section",
        "h3",
        "h4",
        "p",
        "dl",
        "dt",
        "dd",
    ),
    *("ul", "ol", "li", "div", "span", "table", "tr", "th", "td", "pre", "a"),
}
VOID = {"meta"}


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_is_whole_and_harmless(name: str, language: str) -> None:
    read_page = read(document(name, [page(SAMPLES[name], language)], CSS))
    assert set(read_page.tags) <= ALLOWED
    assert not [each for each, _ in read_page.attributes if each.startswith("on")]


def test_nothing_from_outside_becomes_markup() -> None:
    outside = replace(
        ACTS,
        alarm=ATTACK,
        incident=ATTACK,
        region=ATTACK,
        warnings=(Refusal.MUTED(name=ATTACK).text,),
        outcomes=(
            replace(
                ACTS.outcomes[0],
                remedy=ATTACK,
                changes=(replace(ACTS.outcomes[0].changes[0], target=ATTACK),),
            ),
        ),
        links=((text("label.alarm"), f"https://x/{ATTACK}"),),
    )
    html = document(ATTACK, [page(outside, "ja")], "")
    tags = set(read(html).tags)
    assert tags <= ALLOWED
    assert "<script" not in html
    assert "<img" not in html


def test_only_web_addresses_can_be_clicked() -> None:
    links = ((text("label.alarm"), "javascript:alert(1)"),)
    finding = replace(ACTS.findings[1], link="data:text/html,x")
    assert "<a " not in page(replace(ACTS, links=links, findings=(finding,)), "ja")


def test_css_cannot_end_its_element() -> None:
    assert document("x", [], "</style><b>").count("</style>") == 1


def test_shows_before_and_after() -> None:
    words = read(page(ACTS, "en")).words
    for word in ("Before", "After", "FaceAuth-Enrollment", "50", "0"):
        assert word in words


def test_a_command_can_be_copied() -> None:
    assert "<pre>aws iam get-role-policy" in page(OURS, "ja")


def test_lowered_security_is_marked() -> None:
    assert "headline alert" in page(ACTS, "ja")
    assert "headline alert" not in page(OURS, "ja")
