"""From the topic into Slack: one message per incident, whatever goes wrong on the way."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from responder.core.change import LeaseState
from responder.core.context import Context
from responder.core.errors import (
    BadEvent,
    BeingAnswered,
    Denied,
    SlackBusy,
    SlackRefused,
    SlackUnsure,
    Unreachable,
)
from responder.core.plain_data import Json
from responder.core.report import AcknowledgedBy, Report, ReportKind
from responder.core.text import Text, text
from responder.messages.language import say
from responder.slack.outbound import post
from tests.fakes import Died
from tests.fakes.gateway import api_name
from tests.fakes.slack_server import Failed, Fine, Late, Lost, RateLimited, Status
from tests.integration.slack_delivery import (
    CHANNEL,
    PICTURE,
    SETTINGS,
    SlackDelivery,
    buttons,
    later,
    slack_delivery,
    sns,
    words,
)
from tests.laid_out import machine
from tests.rows import in_both_languages
from tests.unit.messages.samples import ACTS, ASKS, AT, LEASE, NOTHING, REFUSES

FIRST = replace(NOTHING, id=f"{NOTHING.incident}/response/180709")
ESCALATED = later(FIRST, 30, kind=ReportKind.ESCALATION, topic="escalate", level=2)
MITIGATED = later(FIRST, 40, kind=ReportKind.PROGRESS, topic="mitigated")
CLOSED = later(FIRST, 60, kind=ReportKind.CLOSED, topic="close")
STORY = (FIRST, ESCALATED, MITIGATED, CLOSED)


@pytest.fixture
def delivery() -> Iterator[SlackDelivery]:
    with slack_delivery() as found:
        yield found


def first(message: Json) -> str:
    return str(message["blocks"][0]["text"]["text"])


def test_an_incident_is_one_message_that_turns_from_red_to_green(delivery: SlackDelivery) -> None:
    seen = []
    for report in STORY:
        delivery.send(report)
        seen.append(first(delivery.root)[0])
    assert seen == ["🔴", "🔴", "🟡", "🟢"]
    assert [each["metadata"]["event_payload"]["report"] for each in delivery.thread] == [
        one.id for one in STORY
    ]
    assert (delivery.slack.count("chat.postMessage"), delivery.slack.count("chat.update")) == (
        1 + len(STORY),
        3,
    )


def test_every_incident_has_a_message_of_its_own(delivery: SlackDelivery) -> None:
    for report in (FIRST, REFUSES):
        delivery.send(report)
    assert len(delivery.slack.roots()) == 2
    assert [len(delivery.slack.thread(each["ts"])) for each in delivery.slack.roots()] == [1, 1]


def test_a_message_delivered_twice_is_reported_once(delivery: SlackDelivery) -> None:
    delivery.send(FIRST)
    before = json.dumps(delivery.slack.messages, ensure_ascii=False)
    delivery.again(FIRST)
    after = [{**each, "edits": 0} for each in delivery.slack.messages]
    assert json.dumps(after, ensure_ascii=False) == before


def test_lowered_security_is_reported_first_and_never_green(delivery: SlackDelivery) -> None:
    delivery.send(ACTS)
    assert first(delivery.root).startswith("【セキュリティ低下中】 🟡")
    delivery.send(later(ACTS, 60, kind=ReportKind.PROGRESS, topic="recovered", outcomes=()))
    assert first(delivery.root).startswith("【セキュリティ低下中】 🟡 復旧")
    delivery.send(later(ACTS, 90, kind=ReportKind.CLOSED, topic="close", outcomes=(), leases=()))
    assert first(delivery.root).startswith("🟢 終了")


def test_an_escalation_calls_its_level_in_the_thread_and_in_the_channel(delivery: SlackDelivery) -> None:
    for report in (FIRST, ESCALATED):
        delivery.send(report)
    called = delivery.thread[-1]
    assert called["broadcast"] is True
    level_2 = say(text("slack.calls", level=Text("level.2")), "ja")
    assert called["blocks"][0]["text"]["text"].startswith(f"<!subteam^S1DEV> {level_2}")
    assert called["text"].startswith("<!subteam^S1DEV>")
    assert "<!subteam" not in words(delivery.root)


def test_the_buttons_are_what_can_still_be_pressed(delivery: SlackDelivery) -> None:
    asks = replace(ASKS, outcomes=(replace(ASKS.outcomes[0], approval="0123456789abcdef"),))
    delivery.send(asks)
    named = {"i": ASKS.incident, "p": "0123456789abcdef", "r": "rollout_to_zero", "s": ""}
    alone = {"i": ASKS.incident, "p": "", "r": "", "s": ""}
    expected = [("approve", named), ("reject", named), ("acknowledge", alone), ("pause", alone)]
    assert buttons(delivery.root) == expected
    assert buttons(delivery.thread[0]) == expected[:2]
    held = later(ACTS, 5, kind=ReportKind.COMMAND, leases=(LEASE,))
    delivery.send(held)
    lease = {"i": ASKS.incident, "p": "", "r": "rollout_to_zero", "s": LEASE.scope}
    reverts = [("revert", lease), ("revert_worse", lease)]
    assert buttons(delivery.root) == [*reverts, ("acknowledge", alone), ("pause", alone)]
    ended = replace(LEASE, state=LeaseState.ENDED)
    delivery.send(later(held, 60, kind=ReportKind.CLOSED, topic="close", outcomes=(), leases=(ended,)))
    assert buttons(delivery.root) == []


def test_who_acknowledged_is_shown_until_the_acknowledgement_ends(delivery: SlackDelivery) -> None:
    delivery.send(FIRST)
    taken = AcknowledgedBy("aiko", AT + timedelta(minutes=65))
    delivery.send(later(FIRST, 20, kind=ReportKind.PROGRESS, topic="postponed", taken=taken))
    assert first(delivery.root).startswith("🟡 対応中（aiko）")
    delivery.send(later(FIRST, 70, kind=ReportKind.ESCALATION, topic="escalate", level=2))
    assert first(delivery.root).startswith("🔴 未解決")


# --- Slack is slow, busy, silent -----------------------------------------------------------------


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
def test_waits_as_long_as_a_429_says(delivery: SlackDelivery, method: str) -> None:
    delivery.send(FIRST)
    delivery.slack.next(method, RateLimited(1))
    delivery.send(ESCALATED)
    assert (len(delivery.slack.roots()), len(delivery.thread)) == (1, 2)


def test_a_429_for_too_long_is_tried_later_and_reported_once(delivery: SlackDelivery) -> None:
    delivery.slack.next("chat.postMessage", RateLimited(3_000))
    with pytest.raises(SlackBusy):
        delivery.send(FIRST)
    assert delivery.slack.messages == []
    # It was certainly not posted: there is no need to wait for the claim to expire.
    delivery.aws.tick(seconds=1)
    delivery.send(FIRST)
    assert len(delivery.thread) == 1


@pytest.mark.parametrize("reaction", [Lost(after=True), Status(500, after=True), Late()])
@pytest.mark.parametrize("skipped", [0, 1], ids=["root", "thread"])
def test_a_post_without_an_answer_is_found_again(
    delivery: SlackDelivery, reaction: Any, skipped: int
) -> None:
    delivery.slack.next("chat.postMessage", *([Fine()] * skipped), reaction)
    delivery.send(FIRST)
    assert len(delivery.thread) == 1
    assert delivery.slack.count("chat.postMessage") == 2


@pytest.mark.parametrize("reaction", [Lost(), Status(503), Late(before=True)])
@pytest.mark.parametrize("skipped", [0, 1], ids=["root", "thread"])
def test_a_post_that_may_come_late_is_looked_for_before_it_is_made_again(
    delivery: SlackDelivery, reaction: Any, skipped: int
) -> None:
    delivery.slack.next("chat.postMessage", *([Fine()] * skipped), reaction)
    with pytest.raises(SlackUnsure):
        delivery.send(FIRST)
    delivery.slack.release()
    with pytest.raises(BeingAnswered):
        _quickly(delivery).send(FIRST)
    delivery.again(FIRST)
    assert len(delivery.thread) == 1


@pytest.mark.parametrize("reaction", [Lost(), Lost(after=True), Status(500), Status(503, after=True)])
def test_an_edit_without_an_answer_is_repeated_immediately(delivery: SlackDelivery, reaction: Any) -> None:
    delivery.send(FIRST)
    delivery.slack.next("chat.update", reaction)
    delivery.send(CLOSED)
    assert first(delivery.root).startswith("🟢")


def test_without_the_right_to_look_it_is_rather_reported_twice_than_not(delivery: SlackDelivery) -> None:
    delivery.slack.next("chat.postMessage", Lost())
    with pytest.raises(SlackUnsure):
        delivery.send(FIRST)
    delivery.slack.next("conversations.history", Failed("missing_scope"))
    delivery.again(FIRST)
    assert len(delivery.thread) == 1


@pytest.mark.parametrize("code", ["channel_not_found", "not_in_channel", "invalid_auth", "is_archived"])
def test_what_slack_refuses_is_thrown_by_its_code(delivery: SlackDelivery, code: str) -> None:
    delivery.slack.next("chat.postMessage", Failed(code))
    with pytest.raises(SlackRefused, match=code):
        delivery.send(FIRST)


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_blocks_too_long"])
def test_blocks_that_are_refused_leave_the_words(delivery: SlackDelivery, code: str) -> None:
    delivery.slack.next("chat.postMessage", Failed(code))
    delivery.send(FIRST)
    assert delivery.root["blocks"] == []
    assert "Liveness" in delivery.root["text"]


# --- people and other functions are at it, too -----------------------------------------------------


def test_a_deleted_message_comes_back_once_with_its_thread_under_it(delivery: SlackDelivery) -> None:
    delivery.send(FIRST)
    gone = delivery.root["ts"]
    delivery.slack.delete(gone)
    delivery.send(ESCALATED)
    assert delivery.root["ts"] != gone
    assert first(delivery.root).startswith("🔴 未解決・要対応")
    assert len(delivery.thread) == 1
    delivery.send(CLOSED)
    assert first(delivery.root).startswith("🟢")


def test_a_message_deleted_twice_stays_away_and_reports_stand_in_the_channel(delivery: SlackDelivery) -> None:
    delivery.send(FIRST)
    for report in (ESCALATED, MITIGATED):
        delivery.slack.delete(delivery.root["ts"])
        delivery.send(report)
    delivery.send(CLOSED)
    reported = [each["metadata"]["event_payload"]["report"] for each in delivery.slack.roots()]
    assert reported == [MITIGATED.id, CLOSED.id]


def test_of_two_edits_that_cross_the_newer_stays(delivery: SlackDelivery) -> None:
    delivery.send(FIRST)
    # The older one has written down what it has to say, and reaches Slack after the newer one.
    delivery.slack.next("chat.update", Late(before=True))
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(delivery.send, ESCALATED)
        while not delivery.slack.held:
            assert not slow.done()
        delivery.send(CLOSED)
        delivery.slack.release()
        slow.result()
    assert first(delivery.root).startswith("🟢 終了")
    assert len(delivery.thread) == 3


def test_many_simultaneous_ones_make_one_message_and_lose_nothing(delivery: SlackDelivery) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(_patiently, [delivery] * 4, STORY))
    assert all(found)
    assert first(delivery.root).startswith("🟢 終了")
    assert sorted(each["metadata"]["event_payload"]["report"] for each in delivery.thread) == sorted(
        one.id for one in STORY
    )


def test_the_same_report_twice_simultaneously_is_reported_once(delivery: SlackDelivery) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(_patiently, [delivery] * 2, [FIRST] * 2))
    assert len(delivery.thread) == 1


# --- the process that posts it dies
# ---------------------------------------------------------------------------


def _crashes() -> list[Any]:
    """Every call to Slack and every write, before and after it, for a new incident and for a known one."""
    with slack_delivery(pictures=True) as delivery:
        delivery.send(FIRST)
        delivery.send(ESCALATED)
        talks = len(delivery.client.calls)
        writes = delivery.aws.count("dynamodb", "update_item")
    return [
        *(("slack", call, after) for call in range(1, talks + 1) for after in (False, True)),
        *(("aws", call, after) for call in range(1, writes + 1) for after in (False, True)),
    ]


def test_a_crash_at_any_call_repeats_and_loses_no_post() -> None:
    for where, call, after in _crashes():
        with slack_delivery(pictures=True) as delivery:
            if where == "slack":
                delivery.client.dies = call, after
            else:
                delivery.aws.fail("dynamodb", "update_item", Died(), call=call, after=after)
            died = False
            for report in (FIRST, ESCALATED):
                try:
                    delivery.send(report)
                except Died:
                    died = True
                    delivery.again(report)
            assert died, (where, call, after)
            reported = [each["metadata"]["event_payload"]["report"] for each in delivery.thread]
            assert reported == [FIRST.id, ESCALATED.id], (where, call, after)
            assert first(delivery.root).startswith("🔴 未解決・要対応"), (where, call, after)
            assert len([one for one in delivery.slack.files.values() if one["done"]]) <= 2, (
                where,
                call,
                after,
            )


@pytest.mark.parametrize("after", [False, True])
def test_a_write_without_an_answer_is_settled_by_the_retry(delivery: SlackDelivery, after: bool) -> None:
    for call in range(1, 5):
        report = later(FIRST, call)
        delivery.aws.fail("dynamodb", "update_item", Unreachable, call=1, after=after)
        with pytest.raises(Unreachable):
            delivery.send(report)
        delivery.again(report)
        assert len(delivery.thread) == call


# --- the picture -------------------------------------------------------------------------------------


def test_the_alarms_graph_is_below_the_words() -> None:
    with slack_delivery(pictures=True) as delivery:
        delivery.send(FIRST)
        (picture,) = delivery.slack.files.values()
        assert (picture["data"], picture["thread_ts"], picture["channel"]) == (
            PICTURE,
            delivery.root["ts"],
            CHANNEL,
        )
        order = [method for method, _ in delivery.slack.calls]
        assert order.index("files.getUploadURLExternal") > order.index("chat.postMessage")
        asked = json.loads(delivery.aws.sent("cloudwatch", "get_metric_widget_image")[0]["MetricWidget"])
        assert asked["metrics"] == [
            ["FaceAuth/Liveness", "VerificationError", {"stat": "Sum", "period": 300}]
        ]
        assert asked["annotations"]["horizontal"] == [{"label": "threshold 5", "value": 5.0}]
        delivery.again(FIRST)
        assert len(delivery.slack.files) == 1


def test_news_in_between_have_no_graph() -> None:
    with slack_delivery(pictures=True) as delivery:
        delivery.send(MITIGATED)
        assert delivery.slack.files == {}


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
def test_a_graph_that_cannot_be_had_is_left_out(method: str) -> None:
    with slack_delivery(pictures=True) as delivery:
        delivery.slack.next(method, Status(500))
        assert delivery.send(FIRST)["posted"] is True
        assert len(delivery.thread) == 1


@pytest.mark.parametrize("call", ["describe_alarms", "get_metric_widget_image"])
def test_a_graph_that_may_not_be_had_is_left_out_and_the_missing_right_named(call: str) -> None:
    with slack_delivery(pictures=True) as delivery:
        delivery.aws.fail("cloudwatch", call, Denied)
        assert delivery.send(FIRST)["posted"] is True
        assert delivery.slack.files == {}
        delivery.again(FIRST)
        assert [each["text"] for each in delivery.thread[1:]] == [
            f"グラフを表示できません: 権限 cloudwatch:{api_name('cloudwatch', call)} がありません。"
        ]


# --- odd reports ---------------------------------------------------------------------------------------


def test_a_huge_report_fits_and_says_what_it_left_out(delivery: SlackDelivery) -> None:
    many = tuple(replace(each, details=each.details * 40) for each in ACTS.findings) * 60
    acts = tuple(replace(ACTS.outcomes[0], changes=ACTS.outcomes[0].changes * 30) for _ in range(30))
    leases = tuple(replace(LEASE, scope=f"scope-{number}") for number in range(30))
    steps = ACTS.verdict.steps * 40
    huge = replace(
        ACTS, findings=many, outcomes=acts, leases=leases, verdict=replace(ACTS.verdict, steps=steps)
    )
    delivery.send(huge)
    assert delivery.root["blocks"] and delivery.thread[0]["blocks"]
    assert "… ほか" in words(delivery.root)
    assert "… ほか" in words(delivery.thread[0])
    assert [action for action, _ in buttons(delivery.root)][-2:] == ["acknowledge", "pause"]


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"Records": []},
        {"Records": [{"Sns": {"Message": "no JSON"}}]},
        {"Records": [{"Sns": {"Message": "[]"}}]},
        {"Records": [{"Sns": {"Message": '{"schema": "liveness-responder/report/1"}'}}]},
    ],
)
def test_what_is_no_report_is_thrown(delivery: SlackDelivery, event: Json) -> None:
    with pytest.raises(BadEvent):
        post.receive(event, Context(delivery.aws, SETTINGS, AT, AT), delivery.client)


def test_what_slack_did_not_take_is_not_reported_in_slack(delivery: SlackDelivery) -> None:
    answer = {**machine(FIRST, "ja"), "topic": "undelivered", "kind": "failure"}
    assert delivery.send(answer)["posted"] is False
    assert delivery.slack.calls == []


@in_both_languages
def test_settings_that_cannot_be_read_are_named_in_the_thread(delivery: SlackDelivery, language: str) -> None:
    event = sns(machine(FIRST, language))
    denied = Denied("ssm", "GetParametersByPath", "AccessDeniedException")
    post.receive(event, Context(delivery.aws, SETTINGS, AT, AT, denied), delivery.client)
    assert "ssm:GetParametersByPath" in words(delivery.thread[0])
    assert delivery.thread[0]["blocks"][0]["text"]["text"] == f"*{machine(FIRST, language)['headline']}*"


def _quickly(delivery: SlackDelivery) -> SlackDelivery:
    delivery.aws.tick(seconds=1)
    return delivery


def _patiently(delivery: SlackDelivery, report: Report) -> bool:
    """As Lambda does: again, where others were at it."""
    for _ in range(5):
        try:
            return bool(delivery.send(report))
        except BeingAnswered:
            continue
    return False
