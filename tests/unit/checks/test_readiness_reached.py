"""Can Slack be reached: asked of SlackPost, which answers without posting, failing or disclosing its
token."""

import io
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import pytest

from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, CheckItem
from responder.checks.model import CheckSection
from responder.checks.readiness.slack import reached
from responder.core.context import Context
from responder.core.errors import (
    AwsError,
    Denied,
    Missing,
    ResponderError,
    SlackBusy,
    SlackRefused,
    SlackUnsure,
    Throttled,
    Unreachable,
)
from responder.core.log import log
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.slack_health import QUESTION
from responder.slack.outbound import probe
from tests.fakes import FakeAws
from tests.unit.checks.figures_world import check_words, reported

ONCALL, DEV = "C0ONCALL", "C0DEV"
MENTIONS = f"2=<!subteam^S1>,2={DEV},3=<@U2>,4=<#{DEV}>"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:slack"
ASKER = Settings(stack="responder", slack_secret=SECRET, slack_level_mentions=MENTIONS)
ANSWERS = Settings(slack_channel=ONCALL, slack_team="T0TEAM", slack_level_mentions=MENTIONS)


@pytest.fixture(autouse=True)
def _quiet() -> None:
    log().setLevel("CRITICAL")


@dataclass
class Slack:
    """`odd`: by method or channel what goes wrong; `late`: what is not answered until it is set."""

    odd: dict[str, ResponderError] = field(default_factory=dict)
    team: Mapping[str, str] = field(default_factory=lambda: {"team_id": "T0TEAM"})
    late: tuple[str, Event] | None = None
    heard: list[tuple[str, Json]] = field(default_factory=list)

    def call(self, method: str, /, **arguments: Any) -> Json:
        self.heard.append((method, arguments))
        about = str(arguments.get("channel", method))
        if self.late and self.late[0] == about:
            self.late[1].wait(30)
        if about in self.odd:
            raise self.odd[about]
        return {"ok": True, **self.team, "messages": [{"text": "a person's words"}]}


def asked(slack: Slack, aws: FakeAws | None = None, unread: AwsError | None = None) -> tuple[CheckItem, ...]:
    """The check on one side, the function on the other."""
    aws = aws or FakeAws()

    def speak() -> Slack:
        if unread:
            raise unread
        return slack

    def invoke(FunctionName: str, Payload: bytes) -> Json:  # noqa: N803 - AWS's own names
        assert FunctionName == "responder-slack-post"
        event = json.loads(Payload)
        assert probe.asked(event)
        found = probe.answer(Context(aws, ANSWERS, aws.now, aws.now), speak)
        return {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(found).encode())}

    aws.answer("lambda", "invoke", invoke)
    found = tuple(reached(Context(aws, ASKER, aws.now, aws.now)))
    check_words(CheckSection("readiness", found))
    return found


def only(found: Iterable[CheckItem]) -> CheckItem:
    (item,) = found
    return item


def test_a_token_that_works_in_every_channel_is_green() -> None:
    slack = Slack()
    item = only(asked(slack))
    assert (item.light, item.said.key, item.said.values) == (GREEN, "check.ready.slack_reached", {"count": 2})


def test_nothing_is_posted_and_no_message_is_read() -> None:
    slack, aws = Slack(), FakeAws()
    asked(slack, aws)
    assert sorted(method for method, _ in slack.heard) == [
        "auth.test",
        "conversations.history",
        "conversations.history",
    ]
    read = [given for method, given in slack.heard if method == "conversations.history"]
    assert {float(given["oldest"]) for given in read} == {aws.now.timestamp()}
    assert [each for each in aws.writes if each != ("lambda", "invoke")] == []


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive", "missing_scope"])
def test_a_token_that_slack_refuses_is_red_with_its_code_and_reported_once(code: str) -> None:
    refused = SlackRefused("auth.test", code)
    item = only(asked(Slack({"auth.test": refused, ONCALL: refused, DEV: refused})))
    assert (item.light, item.said.key) == (RED, "check.ready.slack_token_refused")
    assert code in reported(item) and "docs/slack.md" in reported(item)


def test_a_token_of_another_workspace_is_red() -> None:
    item = only(asked(Slack(team={"team_id": "T0OTHER"})))
    assert (item.light, item.said.values["code"]) == (RED, "other_workspace")
    assert only(asked(Slack(team={"team_id": "T0IN", "enterprise_id": "T0TEAM"}))).light is GREEN


@pytest.mark.parametrize("code", ["not_in_channel", "channel_not_found"])
def test_the_channel_of_on_call_is_red_that_of_a_level_amber(code: str) -> None:
    refused = SlackRefused("conversations.history", code)
    own = only(asked(Slack({ONCALL: refused})))
    assert (own.light, own.said.values) == (RED, {"code": code, "channel": ONCALL})
    level = only(asked(Slack({DEV: refused})))
    assert (level.light, level.said.values["channel"]) == (AMBER, DEV)
    assert len(asked(Slack({ONCALL: refused, DEV: refused}))) == 2


def test_a_channel_that_may_not_be_read_is_no_silence() -> None:
    item = only(asked(Slack({ONCALL: SlackRefused("conversations.history", "missing_scope")})))
    assert (item.light, item.said.key) == (AMBER, "check.ready.slack_blind")


@pytest.mark.parametrize(
    "error",
    [
        SlackUnsure("auth.test", "TimeoutError"),
        SlackUnsure("auth.test", "status_503"),
        SlackBusy("auth.test", "gaierror"),
    ],
)
def test_a_slack_that_does_not_answer_is_red(error: ResponderError) -> None:
    item = only(asked(Slack({"auth.test": error})))
    assert (item.light, item.said.key) == (RED, "check.ready.slack_token_silent")


def test_asked_too_often_is_amber() -> None:
    item = only(asked(Slack({"auth.test": SlackBusy("auth.test", "ratelimited")})))
    assert (item.light, item.said.key) == (AMBER, "check.ready.slack_token_busy")
    item = only(asked(Slack({ONCALL: SlackBusy("conversations.history", "ratelimited")})))
    assert (item.light, item.said.key) == (AMBER, "check.ready.slack_channel_busy")


@pytest.mark.parametrize(
    ("late", "key"), [("auth.test", "slack_token_silent"), (ONCALL, "slack_channel_silent")]
)
def test_a_call_to_slack_that_hangs_is_red_before_the_caller_times_out(
    late: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "SECONDS", 0.2)
    hangs = Event()
    began = time.monotonic()
    item = only(asked(Slack(late=(late, hangs))))
    hangs.set()
    assert time.monotonic() - began < 5
    assert (item.light, item.said.key) == (RED, f"check.ready.{key}")


def test_a_secret_that_cannot_be_read_is_red_and_slack_is_not_asked() -> None:
    slack = Slack()
    gone = Missing("secretsmanager", "GetSecretValue", "ResourceNotFoundException")
    item = only(asked(slack, unread=gone))
    assert (item.light, item.said.values["code"]) == (RED, "ResourceNotFoundException")
    assert slack.heard == []


# --- the function itself ---------------------------------------------------------------------------


def without(error: type[AwsError]) -> CheckItem:
    aws = FakeAws()
    aws.answer("lambda", "invoke", {})
    aws.fail("lambda", "invoke", error)
    return only(reached(Context(aws, ASKER, aws.now, aws.now)))


def says(**answer: Any) -> CheckItem:
    aws = FakeAws()
    aws.answer("lambda", "invoke", answer)
    return only(reached(Context(aws, ASKER, aws.now, aws.now)))


def test_a_missing_right_is_unknown_and_named_as_iam_names_it() -> None:
    item = without(Denied)
    assert item.light is UNKNOWN
    assert "lambda:InvokeFunction" in reported(item)
    assert without(Throttled).light is UNKNOWN


@pytest.mark.parametrize("error", [Missing, Unreachable])
def test_a_function_that_is_gone_or_does_not_answer_is_red_with_its_log(error: type[AwsError]) -> None:
    item = without(error)
    assert (item.light, item.said.key) == (RED, "check.ready.slack_dead")
    assert item.command == "aws logs tail /aws/lambda/responder-slack-post --region us-east-1 --since 1h"


def test_a_function_that_dies_is_red_and_only_the_kind_of_its_death_is_reported() -> None:
    died = json.dumps({"errorType": "BadEvent", "errorMessage": "xoxb-secret"}).encode()
    item = says(FunctionError="Unhandled", Payload=io.BytesIO(died))
    assert item.light is RED
    assert "BadEvent" in reported(item) and "xoxb" not in reported(item)
    odd = json.dumps({"errorType": "xoxb-1 secret"}).encode()
    assert "xoxb" not in reported(says(FunctionError="Unhandled", Payload=io.BytesIO(odd)))


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'{"told": true}', b'{"secret": "", "token": {}}'])
def test_an_answer_that_cannot_be_read_is_never_green(body: bytes) -> None:
    assert says(Payload=io.BytesIO(body)).light is RED


def test_an_answer_whose_body_does_not_arrive_is_red() -> None:
    class Broken(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise TimeoutError

    aws = FakeAws()
    aws.answer("lambda", "invoke", lambda **_: {"Payload": Broken()})
    assert only(reached(Context(aws, ASKER, aws.now, aws.now))).light is RED


def test_only_the_probe_itself_is_answered_as_a_probe() -> None:
    assert probe.asked(QUESTION)
    sns = {"Records": [{"Sns": {"Message": json.dumps(QUESTION)}}]}
    others: list[Any] = [{}, None, [], sns, {**QUESTION, **sns}, {"probe": "other"}]
    assert not any(map(probe.asked, others))
