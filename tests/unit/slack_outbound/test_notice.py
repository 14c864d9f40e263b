"""A change that a person made for every incident, in Slack: one message in the channel of on-call."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from responder.core.context import Context
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.text import text
from responder.messages.notice import Notice, envelope
from responder.slack.outbound.notices import notice_post
from responder.slack.outbound.post import receive
from tests.fakes import FakeAws
from tests.fakes.gateway import NOW


@dataclass
class FakeSlackClient:
    requests: list[tuple[str, Json]] = field(default_factory=list)

    def call(self, method: str, /, **arguments: Any) -> Json:
        self.requests.append((method, arguments))
        return {"ok": True, "channel": arguments["channel"], "ts": f"1770.{len(self.requests)}"}

    def upload(self, channel: str, thread: str, picture: bytes, name: str, title: str) -> None:
        raise AssertionError("a notice has no picture")


def notice(people: int = 1) -> Notice:
    lines = tuple(
        text("notice.person", person=f"ken{each} <!channel>", before="-", after="costs_money")
        for each in range(people)
    )
    said = text("notice.settings", person="aiko")
    about = text("subject.document")
    return Notice("notice-20260204T102500Z-0", NOW, about, said, lines, "123456789012", "us-east-1")


def body(reported: Notice) -> str:
    return envelope(reported, "ja").bodies["lambda"]


def test_it_is_posted_once_however_often_it_is_delivered() -> None:
    aws, client = FakeAws(NOW), FakeSlackClient()
    aws.dynamo.create("Incidents", "pk", "sk")
    settings = Settings(incidents_table="Incidents", slack_channel="C0LIVENESS")
    for _ in range(2):
        receive({"Records": [{"Sns": {"Message": body(notice())}}]}, Context(aws, settings, NOW, NOW), client)
    ((method, said),) = client.requests
    assert (method, said["channel"]) == ("chat.postMessage", "C0LIVENESS")
    assert "aiko" in said["text"]


@pytest.mark.parametrize(
    ("language", "word"), [("ja", "設定文書を変更します"), ("en", "changing the settings")]
)
def test_it_says_what_changed_in_both_languages_and_calls_no_one(language: str, word: str) -> None:
    shown = json.dumps(notice_post(json.loads(body(notice())), language).blocks, ensure_ascii=False)
    assert word in shown
    assert "costs_money" in shown
    assert "<!channel>" not in shown


def test_of_many_people_the_first_twenty_are_named_and_the_others_counted() -> None:
    reported = envelope(notice(60), "en")
    assert "ken19 " in reported.bodies["email"]
    assert "ken20 " not in reported.bodies["email"]
    assert "40 more omitted." in reported.bodies["email"]
    blocks = notice_post(json.loads(reported.bodies["lambda"]), "en").blocks
    assert max(len(each["text"]["text"]) for each in blocks if "text" in each) <= 3_000
