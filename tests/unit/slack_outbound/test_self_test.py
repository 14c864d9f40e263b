"""The self-test in Slack: one message in every channel, without a mention; what Slack said is on record."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from responder.core.context import Context
from responder.core.errors import Denied, SlackRefused
from responder.core.modes import Mode
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.slack_health import SlackCallStatus
from responder.core.text import Strings, text
from responder.messages.notice import SELF_TEST, Notice, envelope
from responder.messages.publish import of_schema
from responder.slack.outbound.notices import post_self_test
from responder.slack.outbound.posting import SlackApi
from responder.store import self_tests
from responder.store.self_tests import SelfTest
from tests.fakes import FakeAws
from tests.fakes.gateway import NOW
from tests.texts import piece

NAME = "self-test-20260204T102500Z"


@dataclass
class FakeSlackClient:
    refuses: Strings = ()
    posted: list[Json] = field(default_factory=list)

    def call(self, method: str, /, **arguments: Any) -> Json:
        if arguments["channel"] in self.refuses:
            raise SlackRefused(method, "not_in_channel")
        self.posted.append(arguments)
        return {"ok": True, "channel": arguments["channel"], "ts": f"1770.{len(self.posted)}"}


def event() -> Json:
    said = text("notice.self_test", stack="responder")
    notice = Notice(
        NAME,
        NOW,
        text("subject.self_test"),
        said,
        (),
        "123456789012",
        "us-east-1",
        kind="self-test",
        level="4",
    )
    return {"Records": [{"Sns": {"Message": envelope(notice, "en").bodies["lambda"]}}]}


@pytest.fixture
def context() -> Context:
    aws = FakeAws(NOW)
    aws.dynamo.create("Incidents", "pk", "sk")
    self_tests.begin(aws, "Incidents", SelfTest(NAME, NOW, Mode.OBSERVE))
    settings = Settings(
        incidents_table="Incidents",
        slack_channel="C0ONCALL",
        slack_level_mentions="2=<!subteam^S1DEV>,2=C0DEV,3=C0ONCALL",
        language="en",
    )
    return Context(aws, settings, NOW, NOW)


def post(context: Context, client: SlackApi) -> None:
    reported = of_schema(event(), SELF_TEST)
    assert reported is not None
    post_self_test(context, reported, lambda: client)


def found(context: Context) -> SelfTest:
    last = self_tests.last(context.aws, "Incidents")
    assert last is not None
    return last


def test_every_channel_gets_it_once_and_no_one_is_called(context: Context) -> None:
    client = FakeSlackClient()
    for _ in range(2):
        post(context, client)
    assert [each["channel"] for each in client.posted] == ["C0ONCALL", "C0DEV"]
    words = json.dumps(client.posted)
    assert piece("notice.self_test") in words
    assert "S1DEV" not in words
    slack = found(context).slack
    assert slack is not None
    assert {name: said.how for name, said in slack.channels.items()} == {
        "C0ONCALL": SlackCallStatus.FINE,
        "C0DEV": SlackCallStatus.FINE,
    }


def test_a_channel_that_refuses_is_on_record_and_keeps_no_other_from_it(context: Context) -> None:
    client = FakeSlackClient(refuses=("C0ONCALL",))
    post(context, client)
    slack = found(context).slack
    assert slack is not None
    assert [each["channel"] for each in client.posted] == ["C0DEV"]
    assert (slack.channels["C0ONCALL"].how, slack.channels["C0ONCALL"].code) == (
        SlackCallStatus.REFUSED,
        "not_in_channel",
    )


def test_a_secret_that_cannot_be_read_is_on_record(context: Context) -> None:
    def unread() -> SlackApi:
        raise Denied("secretsmanager", "GetSecretValue", "AccessDeniedException")

    reported = of_schema(event(), SELF_TEST)
    assert reported is not None
    post_self_test(context, reported, unread)
    slack = found(context).slack
    assert slack is not None and slack.secret == "AccessDeniedException"  # pragma: allowlist secret


def test_what_belongs_to_an_earlier_test_is_not_kept_with_a_later_one(context: Context) -> None:
    self_tests.begin(context.aws, "Incidents", SelfTest("self-test-20260204T103000Z", NOW))
    post(context, FakeSlackClient())
    assert found(context).slack is None


@pytest.mark.parametrize("schema", ["liveness-responder/notice/1", ""])
def test_another_message_is_no_self_test(schema: str) -> None:
    other = {"Records": [{"Sns": {"Message": json.dumps({"schema": schema, "id": "n"})}}]}
    assert of_schema(other, SELF_TEST) is None
