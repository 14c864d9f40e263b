"""The drill's page draws what Slack shows."""

from dataclasses import replace

import pytest

from liveness_ops.drill.slack_page import Sent, beside, drawn
from liveness_ops.drill.slack_words import said_in
from liveness_ops.drill.words import Language
from responder.core.report import Report
from responder.messages.json_report import machine
from responder.slack.blocks.message import SlackPost, answer, message
from responder.slack.status import add
from tests.unit.messages.samples import ASKS, OURS

pytestmark = pytest.mark.unit


def test_buttons_boxes_and_addresses_are_drawn() -> None:
    told = machine(replace(OURS), "en")
    page = drawn(answer(told, add(None, told)))
    assert "<pre>for g in /aws/lambda/" in page
    assert '<a href="https://health.aws.amazon.com/health/status">' in page
    asks = machine(ASKS, "en")
    root = drawn(message(add(None, asks), "en"))
    assert '<span class="button danger" title="You approve: liveness check off (rollout 0%).' in root
    assert "<h5>🟡 waits for approval" in root


@pytest.mark.parametrize("told", [OURS, ASKS])
def test_a_report_reads_in_the_other_language_as_if_it_had_been_written_in_it(told: Report) -> None:
    assert said_in(machine(told, "ja"), "en") == machine(told, "en")
    assert said_in(machine(told, "en"), "ja") == machine(told, "ja")


def test_the_page_shows_a_message_in_both_languagesbeside_the_text_that_was_sent() -> None:
    told = machine(ASKS, "ja")
    shown = beside([Sent(told, "本文")], (Language.JA, Language.EN))
    japanese, english = shown.split('<div lang="en">')
    assert "承認待ち" in japanese and "waits for approval" not in japanese
    assert "waits for approval" in english
    assert '<pre class="mail">本文</pre>' in english


def test_what_is_no_markup_of_ours_stays_words() -> None:
    text = {"type": "mrkdwn", "text": "&lt;script&gt; <javascript:alert(1)|x> <!subteam^S1>"}
    shown = drawn(SlackPost("", [{"type": "section", "text": text}]))
    assert shown == "<p>&lt;script&gt; <b>javascript:alert(1)</b> <b>!subteam^S1</b></p>"
