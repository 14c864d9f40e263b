"""The drill's page draws what Slack shows."""

from pathlib import Path

import pytest

from liveness_ops.people.options import Language
from rehearsal.drill import page as drill_page
from rehearsal.drill.slack_page import beside, mrkdwn, said_in
from responder.core.report import Report
from responder.messages.page import render
from tests.laid_out import machine
from tests.texts import piece
from tests.unit.messages.samples import ASKS, OURS

TEMPLATE = Path(drill_page.__file__).with_name("slack.html.j2")


def drawn(reported: dict[str, object], order: tuple[Language, ...]) -> str:
    return render(TEMPLATE, "en", incidents=[beside([reported], order)], mrkdwn=mrkdwn, say=str)


def test_buttons_and_links_are_drawn() -> None:
    page = drawn(machine(OURS, "en"), (Language.EN,))
    assert "<u>Alarm</u>" in page
    asks = drawn(machine(ASKS, "en"), (Language.EN,))
    assert '<span class="button danger" title="Approve: liveness check off (rollout 0%).' in asks
    assert "<h5>🟡 awaiting approval" in asks


@pytest.mark.parametrize("report", [OURS, ASKS])
def test_a_report_reads_in_the_other_language_as_if_it_had_been_written_in_it(report: Report) -> None:
    assert said_in(machine(report, "ja"), "en") == machine(report, "en")
    assert said_in(machine(report, "en"), "ja") == machine(report, "ja")


def test_the_page_shows_a_message_in_both_languages() -> None:
    shown = drawn(machine(ASKS, "ja"), (Language.JA, Language.EN))
    japanese, english = shown.split('<div lang="en">')
    assert "承認待ち" in japanese and piece("slack.asked") not in japanese
    assert piece("slack.asked") in english


@pytest.mark.parametrize(
    ("marked", "html"),
    [
        (
            "&lt;script&gt; <javascript:alert(1)|x> <!subteam^S1>",
            "&lt;script&gt; <b>javascript:alert(1)</b> <b>!subteam^S1</b>",
        ),
        ('<https://x/|a" onclick="y>', "<u>a&#34; onclick=&#34;y</u>"),
        ("*a <https://x|b> c*", "<b>a <u>b</u> c</b>"),
        ("a ```<b> *c*``` *d*", "a <pre>&lt;b&gt; *c*</pre> <b>d</b>"),
    ],
)
def test_other_markup_stays_words(marked: str, html: str) -> None:
    assert mrkdwn(marked) == html
