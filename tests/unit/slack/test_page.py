"""The drill's page draws what Slack shows."""

from dataclasses import replace

import pytest

from liveness_ops.drill.slack_page import drawn
from responder.render.machine import machine
from responder.render.slack import Post, answer, message
from responder.standing import add
from tests.unit.render.samples import ASKS, OURS

pytestmark = pytest.mark.unit


def test_buttons_boxes_and_addresses_are_drawn() -> None:
    told = machine(replace(OURS), "en")
    page = drawn(answer(told, add(None, told)))
    assert "<pre>for g in /aws/lambda/" in page
    assert '<a href="https://health.aws.amazon.com/health/status">' in page
    asks = machine(ASKS, "en")
    root = drawn(message(add(None, asks), "en"))
    assert '<span class="button danger" title="You approve: rollout 0%.' in root
    assert "<h5>🟡 waits for approval" in root


def test_what_is_no_markup_of_ours_stays_words() -> None:
    text = {"type": "mrkdwn", "text": "&lt;script&gt; <javascript:alert(1)|x> <!subteam^S1>"}
    shown = drawn(Post("", [{"type": "section", "text": text}]))
    assert shown == "<p>&lt;script&gt; <b>javascript:alert(1)</b> <b>!subteam^S1</b></p>"
