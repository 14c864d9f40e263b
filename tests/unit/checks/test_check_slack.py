"""A check in Slack: one message in on-call's channel, and no second one when SNS delivers it again."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from responder.checks.model import CheckSection
from responder.checks.report.summary import Summary, envelope
from responder.core.context import Context
from responder.core.errors import BadEvent, SlackBusy
from responder.core.log import log
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.slack.outbound.post import receive
from tests.fakes import FakeAws
from tests.unit.checks.reports import NOW, RED, report


@pytest.fixture(autouse=True)
def _quiet() -> None:
    log().setLevel("CRITICAL")


@dataclass
class FakeSlackClient:
    requests: list[tuple[str, Json]] = field(default_factory=list)
    busy: bool = False

    def call(self, method: str, /, **arguments: Any) -> Json:
        if self.busy:
            raise SlackBusy(method, "ratelimited")
        self.requests.append((method, arguments))
        return {"ok": True, "channel": arguments["channel"], "ts": f"1770.{len(self.requests)}"}

    def upload(self, channel: str, thread: str, picture: bytes, name: str, title: str) -> None:
        raise AssertionError("a check has no picture")


def event() -> Json:
    bodies = envelope(Summary(report(CheckSection("cost", (RED,))), "https://example.com/page"), "ja").bodies
    return {"Records": [{"Sns": {"Message": bodies["lambda"]}}]}


def context() -> Context:
    aws = FakeAws(NOW)
    aws.dynamo.create("Incidents", "pk", "sk")
    settings = Settings(incidents_table="Incidents", slack_channel="C0LIVENESS")
    return Context(aws, settings, NOW, NOW)


def test_it_is_one_message_in_the_channel_of_on_call() -> None:
    client = FakeSlackClient()
    answer = receive(event(), context(), client)
    ((method, said),) = client.requests
    assert answer == {"check": "check-daily-2026-02-04", "posted": True, "ts": "1770.1"}
    assert (method, said["channel"]) == ("chat.postMessage", "C0LIVENESS")
    assert said["text"].startswith("🔴 日次チェック 2026-02-04")
    assert "actions" not in {block["type"] for block in said["blocks"]}


def test_delivered_again_it_is_not_reported_again() -> None:
    client, where = FakeSlackClient(), context()
    assert receive(event(), where, client)["ts"] == receive(event(), where, client)["ts"]
    assert len(client.requests) == 1


def test_where_slack_is_busy_lambda_tries_again_and_it_is_reported_then() -> None:
    client, where = FakeSlackClient(busy=True), context()
    with pytest.raises(SlackBusy):
        receive(event(), where, client)
    client.busy = False
    assert receive(event(), where, client)["posted"]


def test_something_else_is_still_refused() -> None:
    other = {"Records": [{"Sns": {"Message": json.dumps({"schema": "somebody/else", "id": "x"})}}]}
    with pytest.raises(BadEvent):
        receive(other, context(), FakeSlackClient())
