"""SlackPost's answer to the daily check, over real HTTP: whatever Slack does, it is an answer and in time."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from responder.core.codec import dump, load
from responder.core.context import Context
from responder.core.slack_health import SlackCallStatus, SlackHealth
from responder.slack.client import Slack
from responder.slack.outbound import probe
from tests.fakes import FakeAws
from tests.fakes.slack_server import Failed, Late, Lost, RateLimited, Reaction, SlackServer, Status
from tests.integration.slack_delivery import CHANNEL, SETTINGS
from tests.log_lines import LogLines

DEV = "C0DEV"
MINE = replace(SETTINGS, slack_level_mentions=f"2=<!subteam^S1>,2={DEV}")


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(channels=(CHANNEL, DEV)) as found:
        yield found


def tried(slack: SlackServer, token: str = "", url: str = "") -> SlackHealth:
    """As the function does it: the same client, patience and wait."""
    aws = FakeAws()
    client = Slack(token or slack.token, url or slack.url, probe.PATIENCE_SECONDS, wait=0)
    began = time.monotonic()
    answer = probe.answer(Context(aws, MINE, aws.now, aws.now), lambda: client)
    # Eight seconds is what the asker waits, and a cold start is none of Slack's.
    assert time.monotonic() - began < probe.SECONDS + 1
    assert not slack.messages and aws.calls == []
    return load(SlackHealth, json.loads(json.dumps(answer)))


def test_with_a_valid_token_every_channel_is_reachable(slack: SlackServer) -> None:
    found = tried(slack)
    assert found.token.how is SlackCallStatus.FINE
    assert [(name, said.how) for name, said in found.channels.items()] == [
        (CHANNEL, SlackCallStatus.FINE),
        (DEV, SlackCallStatus.FINE),
    ]


def test_a_revoked_token(slack: SlackServer) -> None:
    found = tried(slack, token="xoxb-revoked")
    assert (found.token.how, found.token.code) == (SlackCallStatus.REFUSED, "invalid_auth")


def test_the_bot_was_never_invited(slack: SlackServer) -> None:
    slack.channels, slack.closed = (CHANNEL,), {DEV: "not_in_channel"}
    found = tried(slack)
    assert found.channels[CHANNEL].how is SlackCallStatus.FINE
    assert (found.channels[DEV].how, found.channels[DEV].code) == (SlackCallStatus.REFUSED, "not_in_channel")


@pytest.mark.parametrize(
    ("reaction", "how"),
    [
        (Failed("account_inactive"), SlackCallStatus.REFUSED),
        (Failed("internal_error"), SlackCallStatus.SILENT),
        (RateLimited(1), SlackCallStatus.BUSY),
        (RateLimited(3_000), SlackCallStatus.BUSY),
        (Status(503), SlackCallStatus.SILENT),
        (Lost(), SlackCallStatus.SILENT),
        (Late(), SlackCallStatus.SILENT),
    ],
    ids=str,
)
def test_each_error_of_slack_is_reported_as_its_kind(
    slack: SlackServer, reaction: Reaction, how: SlackCallStatus
) -> None:
    slack.next("auth.test", *[reaction] * 3)
    found = tried(slack)
    assert found.token.how is how
    assert {said.how for said in found.channels.values()} == {SlackCallStatus.FINE}


def test_one_lost_answer_is_asked_for_again(slack: SlackServer) -> None:
    slack.next("auth.test", Lost())
    assert tried(slack).token.how is SlackCallStatus.FINE


def test_a_slack_that_cannot_be_reached_is_reported_as_silent(slack: SlackServer) -> None:
    found = tried(slack, url="http://127.0.0.1:9/api/")
    assert found.token.how is SlackCallStatus.SILENT
    assert {said.how for said in found.channels.values()} == {SlackCallStatus.SILENT}


def test_no_token_in_an_answer_or_a_log(slack: SlackServer, logged: LogLines) -> None:
    for token in (slack.token, "xoxb-revoked", "xoxb-a\nHost: evil"):
        reported = dump(tried(slack, token=token))
        assert "xoxb" not in json.dumps(reported) + logged.text
