"""An escalation reaches its level's channel once, whatever Slack does; on-call's channel loses nothing."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from responder.core.errors import SlackRefused
from responder.core.log import log
from responder.core.plain_data import Json
from responder.core.report import ReportKind
from responder.core.text import Text, text
from responder.messages.language import say
from tests.fakes import Died
from tests.fakes.slack_server import Failed, Fine, Lost, RateLimited, Status, permalink
from tests.integration.slack_delivery import CHANNEL, SlackDelivery, later, slack_delivery, words
from tests.unit.messages.samples import NOTHING

DEV, ARCH = "C0DEV", "C0ARCH"
MENTIONS = f"2=<!subteam^S1DEV>,2={DEV},3=<#{ARCH}>"
FIRST = replace(NOTHING, id=f"{NOTHING.incident}/response/180709")
ESCALATED = later(FIRST, 30, kind=ReportKind.ESCALATION, topic="escalate", level=2)
THIRD = later(FIRST, 60, kind=ReportKind.ESCALATION, topic="escalate", level=3)
CLOSED = later(FIRST, 60, kind=ReportKind.CLOSED, topic="close")
# Of the posts: the incident's message, the answer in its thread, the call elsewhere.
SKIPPED = (Fine(),)


def made_ready(delivery: SlackDelivery) -> SlackDelivery:
    delivery.slack.channels = (CHANNEL, DEV, ARCH)
    delivery.settings = replace(delivery.settings, slack_level_mentions=MENTIONS)
    delivery.send(FIRST)
    return delivery


@pytest.fixture
def delivery() -> Iterator[SlackDelivery]:
    with slack_delivery() as found:
        yield made_ready(found)


def reports(messages: list[Json]) -> list[str]:
    return [each["metadata"]["event_payload"]["report"] for each in messages]


def pointers(delivery: SlackDelivery, channel: str = DEV) -> list[Json]:
    return delivery.slack.roots(channel)


def test_the_level_is_called_in_its_channel_with_the_way_to_the_incident(delivery: SlackDelivery) -> None:
    delivery.send(ESCALATED)
    (found,) = pointers(delivery)
    assert found["text"].startswith("<!subteam^S1DEV> 🔴 未解決・要対応")
    assert permalink(CHANNEL, delivery.root["ts"]) in words(found)
    assert pointers(delivery, ARCH) == []
    # All the rest is where it was.
    assert reports(delivery.thread) == [FIRST.id, ESCALATED.id]
    assert delivery.thread[-1]["text"].startswith("<!subteam^S1DEV>")


def test_each_level_has_its_own_channel(delivery: SlackDelivery) -> None:
    for report in (ESCALATED, THIRD):
        delivery.send(report)
    assert (len(pointers(delivery)), len(pointers(delivery, ARCH))) == (1, 1)
    assert say(text("slack.calls", level=Text("level.3")), "ja") in words(pointers(delivery, ARCH)[0])
    assert "<!subteam" not in words(pointers(delivery, ARCH)[0])


def test_every_channel_of_a_level_is_notified(delivery: SlackDelivery) -> None:
    delivery.settings = replace(delivery.settings, slack_level_mentions=f"2={DEV},2={ARCH}")
    delivery.send(ESCALATED)
    assert (len(pointers(delivery)), len(pointers(delivery, ARCH))) == (1, 1)


def test_what_is_no_escalation_stays_in_the_channel_of_on_call(delivery: SlackDelivery) -> None:
    reminder = later(FIRST, 20, kind=ReportKind.REMINDER, topic="remind", level=2)
    for report in (reminder, CLOSED):
        delivery.send(report)
    assert pointers(delivery) == []


def test_on_calls_own_channel_is_not_notified_twice(delivery: SlackDelivery) -> None:
    delivery.settings = replace(delivery.settings, slack_level_mentions=f"2={CHANNEL}")
    delivery.send(ESCALATED)
    assert len(delivery.slack.roots()) == 1


def test_an_escalation_that_comes_after_the_end_calls_no_channel(delivery: SlackDelivery) -> None:
    for report in (replace(CLOSED, at=ESCALATED.at + timedelta(minutes=1)), ESCALATED):
        delivery.send(report)
    assert pointers(delivery) == []


# --- Slack is slow, busy, silent -----------------------------------------------------------------


@pytest.mark.parametrize("reaction", [Failed("message_not_found"), RateLimited(3_000), Status(500), Lost()])
def test_without_an_address_the_level_is_called_all_the_same(delivery: SlackDelivery, reaction: Any) -> None:
    delivery.slack.next("chat.getPermalink", reaction, reaction)
    delivery.send(ESCALATED)
    assert f"<#{CHANNEL}> に、インシデント {FIRST.incident}" in words(pointers(delivery)[0])


@pytest.fixture
def logged() -> Iterator[list[logging.LogRecord]]:
    """What is logged as an error, whatever other tests did to the root logger."""
    found: list[logging.LogRecord] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = found.append  # type: ignore[method-assign,assignment]
    logger = log()
    before = logger.log_level
    logger.setLevel("INFO")
    logger.addHandler(handler)
    yield found
    logger._logger.removeHandler(handler)
    logger.setLevel(before)


# --- the channel is not to be had ----------------------------------------------------------------


@pytest.mark.parametrize("code", ["channel_not_found", "not_in_channel", "is_archived"])
def test_a_channel_that_is_not_to_be_had_is_notified_in_the_thread_and_by_the_failure(
    delivery: SlackDelivery, code: str, logged: list[logging.LogRecord]
) -> None:
    delivery.slack.channels, delivery.slack.closed = (CHANNEL,), {DEV: code}
    with pytest.raises(SlackRefused, match=code):
        delivery.send(ESCALATED)
    reported, note = delivery.thread[1:]
    assert reported["text"].startswith("<!subteam^S1DEV>")
    assert f"チャンネル {DEV}（レベル 2 開発チームリーダー）に通知できませんでした（{code}）" in words(note)
    assert note["broadcast"] is True
    assert [each.__dict__["channel"] for each in logged] == [DEV]
    # Lambda's retries say nothing twice, and still end in the failure that a person is notified of.
    with pytest.raises(SlackRefused, match=code):
        delivery.again(ESCALATED)
    assert len(delivery.thread) == 3


def test_a_bot_invited_meanwhile_reaches_the_channel_at_the_next_try(delivery: SlackDelivery) -> None:
    delivery.slack.channels = (CHANNEL,)
    with pytest.raises(SlackRefused):
        delivery.send(ESCALATED)
    delivery.slack.channels = (CHANNEL, DEV)
    delivery.again(ESCALATED)
    assert (len(pointers(delivery)), len(delivery.thread)) == (1, 3)


def test_one_channel_that_is_gone_keeps_back_no_other_and_no_graph() -> None:
    with slack_delivery(pictures=True) as delivery:
        made_ready(delivery)
        delivery.settings = replace(delivery.settings, slack_level_mentions=f"2=C0GONE,2={DEV}")
        with pytest.raises(SlackRefused):
            delivery.send(ESCALATED)
        assert len(pointers(delivery)) == 1
        assert len([one for one in delivery.slack.files.values() if one["done"]]) == 2


def test_a_note_that_cannot_be_posted_hides_no_failure(delivery: SlackDelivery) -> None:
    delivery.slack.channels = (CHANNEL,)
    delivery.slack.next("chat.postMessage", *SKIPPED, Failed("not_in_channel"), Failed("restricted_action"))
    with pytest.raises(SlackRefused, match="not_in_channel"):
        delivery.send(ESCALATED)


@pytest.mark.parametrize("notified_before", [True, False])
def test_on_calls_channel_that_is_gone_keeps_back_no_level(notified_before: bool) -> None:
    with slack_delivery() as delivery:
        if notified_before:
            made_ready(delivery)
        delivery.settings = replace(delivery.settings, slack_level_mentions=MENTIONS)
        delivery.slack.channels = (DEV,)
        with pytest.raises(SlackRefused):
            delivery.send(ESCALATED)
        assert len(pointers(delivery)) == 1
        with pytest.raises(SlackRefused):
            delivery.again(ESCALATED)
        assert len(pointers(delivery)) == 1


# --- the process that posts it dies -------------------------------------------------------------------------


def _crashes() -> Iterator[tuple[str, int, bool]]:
    """Every call to Slack and every write of an escalation, before and after it."""
    with slack_delivery() as delivery:
        made_ready(delivery)
        talks, writes = len(delivery.client.calls), delivery.aws.count("dynamodb", "update_item")
        delivery.send(ESCALATED)
        calls = range(talks + 1, len(delivery.client.calls) + 1)
        updates = range(1, delivery.aws.count("dynamodb", "update_item") - writes + 1)
    yield from (("slack", call, after) for call in calls for after in (False, True))
    yield from (("aws", call, after) for call in updates for after in (False, True))


def test_after_a_crash_at_any_call_the_level_is_notified_once() -> None:
    for where, call, after in list(_crashes()):
        with slack_delivery() as delivery:
            made_ready(delivery)
            if where == "slack":
                delivery.client.dies = call, after
            else:
                delivery.aws.fail("dynamodb", "update_item", Died(), call=call, after=after)
            with pytest.raises(Died):
                delivery.send(ESCALATED)
            delivery.again(ESCALATED)
            assert len(pointers(delivery)) == 1, (where, call, after)
            assert reports(delivery.thread) == [FIRST.id, ESCALATED.id], (where, call, after)
