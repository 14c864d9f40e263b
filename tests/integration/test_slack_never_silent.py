"""What a tired person must not miss in Slack, and must not be reported twice or wrongly."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from responder.core.errors import ResponderError, SlackBusy, SlackRefused, SlackUnsure
from responder.core.refusals import Refusal
from responder.core.report import Report, ReportKind
from responder.core.verdict import Result
from responder.slack.client import Slack
from tests.fakes.slack_server import Failed, Fine, Lost, RateLimited
from tests.integration.slack_delivery import SlackDelivery, buttons, later, slack_delivery, words
from tests.log_lines import LogLines
from tests.unit.messages.samples import ACTS, ASKS, AT, LEASE, NOTHING

FIRST = replace(NOTHING, incident=ACTS.incident, id=f"{ACTS.incident}/response/180709")
ESCALATED = later(FIRST, 30, kind=ReportKind.ESCALATION, topic="escalate", level=2)
MITIGATED = later(FIRST, 40, kind=ReportKind.PROGRESS, topic="mitigated")
CLOSED = later(FIRST, 60, kind=ReportKind.CLOSED, topic="close")
FAILED = replace(ACTS.outcomes[0], result=Result.FAILED)


@pytest.fixture
def delivery() -> Iterator[SlackDelivery]:
    with slack_delivery() as found:
        yield found


def title(delivery: SlackDelivery) -> str:
    return str(delivery.root["blocks"][0]["text"]["text"])


@pytest.mark.parametrize("reaction", [Failed("edit_window_closed"), RateLimited(3_000)])
def test_a_message_that_cannot_be_edited_keeps_back_no_escalation(
    delivery: SlackDelivery, reaction: Failed | RateLimited
) -> None:
    delivery.send(FIRST)
    delivery.slack.next("chat.update", reaction)
    with pytest.raises((SlackRefused, SlackBusy)):
        delivery.send(ESCALATED)
    assert delivery.thread[-1]["text"].startswith("<!subteam^S1DEV>")
    # The retry repairs the message and posts nothing twice.
    delivery.again(ESCALATED)
    assert title(delivery).startswith("🔴 未解決・要対応")
    assert len(delivery.thread) == 2


def test_an_open_incident_moves_to_the_new_channel_when_the_old_one_is_archived(
    delivery: SlackDelivery,
) -> None:
    delivery.send(FIRST)
    delivery.slack.channels = ("C0NEW",)
    with pytest.raises(SlackRefused):
        delivery.send(ESCALATED)
    delivery.settings = replace(delivery.settings, slack_channel="C0NEW")
    delivery.again(ESCALATED)
    moved = delivery.slack.roots()[-1]
    assert (moved["channel"], [each["channel"] for each in delivery.slack.thread(moved["ts"])]) == (
        "C0NEW",
        ["C0NEW"],
    )
    delivery.send(CLOSED)
    assert len(delivery.slack.roots()) == 2


def test_an_escalation_calls_everyone_of_its_level(delivery: SlackDelivery) -> None:
    mentions = "2=<!subteam^S1DEV>,3=<@U3ARCH>,2=<@U2LEAD>"
    delivery.settings = replace(delivery.settings, slack_level_mentions=mentions)
    delivery.send(FIRST)
    delivery.send(ESCALATED)
    assert delivery.thread[-1]["text"].startswith("<!subteam^S1DEV> <@U2LEAD> ")


@pytest.mark.parametrize("calm", [MITIGATED, CLOSED])
def test_an_escalation_that_comes_after_the_calm_wakes_no_one(delivery: SlackDelivery, calm: Report) -> None:
    for report in (FIRST, replace(calm, at=ESCALATED.at + timedelta(minutes=1)), ESCALATED):
        delivery.send(report)
    assert "<!subteam" not in words(delivery.thread[-1])
    assert delivery.thread[-1]["broadcast"] is False


@pytest.mark.parametrize(
    "report",
    [
        later(FIRST, 45, outcomes=(FAILED,)),
        later(FIRST, 45, kind=ReportKind.COMMAND, outcomes=(FAILED,)),
        later(FIRST, 45, kind=ReportKind.PROGRESS, topic="ineffective"),
        later(ACTS, 45),
        later(FIRST, 50),
    ],
    ids=["a response fails", "a command fails", "a remedy does not help", "it acts now", "it is back"],
)
def test_what_gets_worse_or_acts_again_is_seen_in_the_channel(
    delivery: SlackDelivery, report: Report
) -> None:
    for each in (FIRST, MITIGATED, report):
        delivery.send(each)
    assert [each["broadcast"] for each in delivery.thread] == [False, False, True]


def test_the_first_report_reported_again_after_a_crash_is_not_shown_twice_in_the_channel(
    delivery: SlackDelivery,
) -> None:
    delivery.slack.next("chat.postMessage", Fine(), Lost())
    with pytest.raises(SlackUnsure):
        delivery.send(ASKS)
    delivery.again(ASKS)
    assert [each["broadcast"] for each in delivery.thread] == [False]


def test_what_was_posted_before_the_first_crash_is_looked_for_from_there(delivery: SlackDelivery) -> None:
    began = delivery.aws.now
    delivery.slack.next("chat.postMessage", Fine(), Lost(after=True))
    for _ in range(2):
        delivery.slack.next("conversations.replies", Lost(), Lost())
        with pytest.raises(SlackUnsure):
            delivery.send(FIRST)
        # A person hands in again what had been kept in the queue.
        delivery.aws.tick(seconds=7_200)
    delivery.send(FIRST)
    assert len(delivery.thread) == 1
    assert float(delivery.slack.sent("conversations.replies")[-1]["oldest"]) < began.timestamp()


def test_a_failure_that_could_not_read_the_leases_does_not_end_the_warning(delivery: SlackDelivery) -> None:
    delivery.send(ACTS)
    unread = (Refusal.LEASES_UNREAD(detail="Throttled").text,)
    delivery.send(later(ACTS, 5, kind=ReportKind.FAILURE, outcomes=(), leases=(), warnings=unread))
    assert title(delivery).startswith("【セキュリティ低下中】 🔴")
    assert "revert" in [action for action, _ in buttons(delivery.root)]
    delivery.send(later(ACTS, 90, kind=ReportKind.CLOSED, topic="close", outcomes=(), leases=()))
    assert title(delivery).startswith("🟢")


def test_what_was_done_just_now_can_be_reverted_from_the_first_message(delivery: SlackDelivery) -> None:
    delivery.send(replace(ACTS, leases=()))
    assert buttons(delivery.root)[0] == (
        "revert",
        {"i": ACTS.incident, "p": "", "r": "rollout_to_zero", "s": ACTS.outcomes[0].scope},
    )
    delivery.send(later(ACTS, 5, outcomes=(), leases=(LEASE,)))
    assert [action for action, _ in buttons(delivery.root)].count("revert") == 1


@pytest.mark.parametrize(
    ("lease", "topic", "said"),
    [
        (replace(LEASE, remedy="alias_rollback"), "close", "自動では元に戻さない"),
        (replace(LEASE, remedy="repair_environment"), "close", "自動では元に戻さない"),
        (LEASE, "superseded", "自動では戻らない"),
        (replace(LEASE, remedy="lower_threshold", until=AT), "mitigated", "超過"),
    ],
)
def test_how_a_change_ends_is_what_the_mail_says(
    delivery: SlackDelivery, lease: object, topic: str, said: str
) -> None:
    reported = later(ACTS, 50, kind=ReportKind.PROGRESS, topic=topic, outcomes=(), leases=(lease,))
    delivery.send(reported)
    assert said in words(delivery.root)
    assert "承認を得て元に戻す" not in words(delivery.root)


def test_a_reminder_of_an_incident_from_before_slack_is_not_red(delivery: SlackDelivery) -> None:
    delivery.send(later(ACTS, 60, kind=ReportKind.REMINDER, topic="remind", outcomes=()))
    assert title(delivery).startswith("【セキュリティ低下中】 🟡")


@pytest.mark.parametrize("data", ['{"', "[]", "null", '{"newest": {}, "since": "", "of_a_newer_version": 1}'])
def test_an_escalation_is_posted_although_the_slack_row_cannot_be_read(
    delivery: SlackDelivery, data: str
) -> None:
    delivery.send(FIRST)
    delivery.aws.call(
        "dynamodb",
        "update_item",
        TableName="Incidents",
        Key={"pk": {"S": f"INCIDENT#{FIRST.incident}"}, "sk": {"S": "SLACK"}},
        UpdateExpression="SET #data = :data",
        ExpressionAttributeNames={"#data": "data"},
        ExpressionAttributeValues={":data": {"S": data}},
    )
    delivery.send(ESCALATED)
    assert title(delivery).startswith("🔴 未解決・要対応")
    assert len(delivery.thread) == 2


def test_what_a_newer_version_has_written_is_kept_as_far_as_it_is_known(delivery: SlackDelivery) -> None:
    delivery.send(CLOSED)
    known = json.loads(delivery.row()["data"]["S"]) | {"of_a_newer_version": 1}
    delivery.aws.call(
        "dynamodb",
        "update_item",
        TableName="Incidents",
        Key={"pk": {"S": f"INCIDENT#{FIRST.incident}"}, "sk": {"S": "SLACK"}},
        UpdateExpression="SET #data = :data",
        ExpressionAttributeNames={"#data": "data"},
        ExpressionAttributeValues={":data": {"S": json.dumps(known)}},
    )
    delivery.send(ESCALATED)
    assert title(delivery).startswith("🟢 終了")


@pytest.mark.parametrize("token", ["xoxb-first\nsecond", "xoxb-first…second"])
def test_a_token_that_was_pasted_wrongly_is_in_no_log(
    delivery: SlackDelivery, token: str, logged: LogLines, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ResponderError) as thrown:
        Slack(token, delivery.slack.url).call("auth.test")
    seen = [logged.text, str(thrown.value), *capsys.readouterr()]
    assert not any("first" in each for each in seen)
