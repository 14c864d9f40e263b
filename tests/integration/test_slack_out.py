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
from responder.core.report import AcknowledgedBy, Report, ReportKind
from responder.core.text import Text, text
from responder.messages.json_report import machine
from responder.messages.language import say
from responder.slack.outbound import post
from tests.fakes import Died
from tests.fakes.gateway import api_name
from tests.fakes.slack_server import Failed, Fine, Late, Lost, RateLimited, Status
from tests.integration.slack_stage import CHANNEL, PICTURE, SETTINGS, Stage, buttons, later, sns, stage, words
from tests.unit.messages.samples import ACTS, ASKS, AT, LEASE, NOTHING, REFUSES

pytestmark = pytest.mark.integration

FIRST = replace(NOTHING, id=f"{NOTHING.incident}/response/180709")
ESCALATED = later(FIRST, 30, kind=ReportKind.ESCALATION, topic="escalate", level=2)
MITIGATED = later(FIRST, 40, kind=ReportKind.PROGRESS, topic="mitigated")
CLOSED = later(FIRST, 60, kind=ReportKind.CLOSED, topic="close")
STORY = (FIRST, ESCALATED, MITIGATED, CLOSED)


@pytest.fixture
def play() -> Iterator[Stage]:
    with stage() as found:
        yield found


def first(message: dict[str, Any]) -> str:
    return str(message["blocks"][0]["text"]["text"])


def test_an_incident_is_one_message_that_turns_from_red_to_green(play: Stage) -> None:
    seen = []
    for report in STORY:
        play.send(report)
        seen.append(first(play.root)[0])
    assert seen == ["🔴", "🔴", "🟡", "🟢"]
    assert [each["metadata"]["event_payload"]["report"] for each in play.thread] == [one.id for one in STORY]
    assert (play.slack.count("chat.postMessage"), play.slack.count("chat.update")) == (1 + len(STORY), 3)


def test_every_incident_has_a_message_of_its_own(play: Stage) -> None:
    for report in (FIRST, REFUSES):
        play.send(report)
    assert len(play.slack.roots()) == 2
    assert [len(play.slack.thread(each["ts"])) for each in play.slack.roots()] == [1, 1]


def test_a_message_delivered_twice_is_reported_once(play: Stage) -> None:
    play.send(FIRST)
    before = json.dumps(play.slack.messages, ensure_ascii=False)
    play.again(FIRST)
    after = [{**each, "edits": 0} for each in play.slack.messages]
    assert json.dumps(after, ensure_ascii=False) == before


def test_lowered_security_is_reported_first_and_never_green(play: Stage) -> None:
    play.send(ACTS)
    assert first(play.root).startswith("【セキュリティ低下中】 🟡")
    play.send(later(ACTS, 60, kind=ReportKind.PROGRESS, topic="recovered", outcomes=()))
    assert first(play.root).startswith("【セキュリティ低下中】 🟡 復旧")
    play.send(later(ACTS, 90, kind=ReportKind.CLOSED, topic="close", outcomes=(), leases=()))
    assert first(play.root).startswith("🟢 終了")


def test_an_escalation_calls_its_level_in_the_thread_and_in_the_channel(play: Stage) -> None:
    for report in (FIRST, ESCALATED):
        play.send(report)
    called = play.thread[-1]
    assert called["broadcast"] is True
    level_2 = say(text("slack.calls", level=Text("level.2")), "ja")
    assert called["blocks"][0]["text"]["text"].startswith(f"<!subteam^S1DEV> {level_2}")
    assert called["text"].startswith("<!subteam^S1DEV>")
    assert "<!subteam" not in words(play.root)


def test_the_buttons_are_what_can_still_be_pressed(play: Stage) -> None:
    asks = replace(ASKS, outcomes=(replace(ASKS.outcomes[0], approval="0123456789abcdef"),))
    play.send(asks)
    named = {"i": ASKS.incident, "p": "0123456789abcdef", "r": "rollout_to_zero", "s": ""}
    alone = {"i": ASKS.incident, "p": "", "r": "", "s": ""}
    expected = [("approve", named), ("reject", named), ("acknowledge", alone), ("pause", alone)]
    assert buttons(play.root) == expected
    assert buttons(play.thread[0]) == expected[:2]
    held = later(ACTS, 5, kind=ReportKind.COMMAND, leases=(LEASE,))
    play.send(held)
    lease = {"i": ASKS.incident, "p": "", "r": "rollout_to_zero", "s": LEASE.scope}
    reverts = [("revert", lease), ("revert_worse", lease)]
    assert buttons(play.root) == [*reverts, ("acknowledge", alone), ("pause", alone)]
    ended = replace(LEASE, state=LeaseState.ENDED)
    play.send(later(held, 60, kind=ReportKind.CLOSED, topic="close", outcomes=(), leases=(ended,)))
    assert buttons(play.root) == []


def test_who_acknowledged_is_shown_until_the_acknowledgement_ends(play: Stage) -> None:
    play.send(FIRST)
    taken = AcknowledgedBy("aiko", AT + timedelta(minutes=65))
    play.send(later(FIRST, 20, kind=ReportKind.PROGRESS, topic="postponed", taken=taken))
    assert first(play.root).startswith("🟡 対応中（aiko）")
    play.send(later(FIRST, 70, kind=ReportKind.ESCALATION, topic="escalate", level=2))
    assert first(play.root).startswith("🔴 未解決")


# --- Slack is slow, busy, silent -----------------------------------------------------------------


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
def test_waits_as_long_as_a_429_says(play: Stage, method: str) -> None:
    play.send(FIRST)
    play.slack.next(method, RateLimited(1))
    play.send(ESCALATED)
    assert (len(play.slack.roots()), len(play.thread)) == (1, 2)


def test_a_429_for_too_long_is_tried_later_and_reported_once(play: Stage) -> None:
    play.slack.next("chat.postMessage", RateLimited(3_000))
    with pytest.raises(SlackBusy):
        play.send(FIRST)
    assert play.slack.messages == []
    # It was certainly not posted: there is no need to wait for the claim to expire.
    play.aws.tick(seconds=1)
    play.send(FIRST)
    assert len(play.thread) == 1


@pytest.mark.parametrize("twist", [Lost(after=True), Status(500, after=True), Late()])
@pytest.mark.parametrize("skipped", [0, 1], ids=["root", "thread"])
def test_a_post_without_an_answer_is_found_again(play: Stage, twist: Any, skipped: int) -> None:
    play.slack.next("chat.postMessage", *([Fine()] * skipped), twist)
    play.send(FIRST)
    assert len(play.thread) == 1
    assert play.slack.count("chat.postMessage") == 2


@pytest.mark.parametrize("twist", [Lost(), Status(503), Late(before=True)])
@pytest.mark.parametrize("skipped", [0, 1], ids=["root", "thread"])
def test_a_post_that_may_come_late_is_looked_for_before_it_is_made_again(
    play: Stage, twist: Any, skipped: int
) -> None:
    play.slack.next("chat.postMessage", *([Fine()] * skipped), twist)
    with pytest.raises(SlackUnsure):
        play.send(FIRST)
    play.slack.release()
    with pytest.raises(BeingAnswered):
        _quickly(play).send(FIRST)
    play.again(FIRST)
    assert len(play.thread) == 1


@pytest.mark.parametrize("twist", [Lost(), Lost(after=True), Status(500), Status(503, after=True)])
def test_an_edit_without_an_answer_is_repeated_immediately(play: Stage, twist: Any) -> None:
    play.send(FIRST)
    play.slack.next("chat.update", twist)
    play.send(CLOSED)
    assert first(play.root).startswith("🟢")


def test_without_the_right_to_look_it_is_rather_reported_twice_than_not(play: Stage) -> None:
    play.slack.next("chat.postMessage", Lost())
    with pytest.raises(SlackUnsure):
        play.send(FIRST)
    play.slack.next("conversations.history", Failed("missing_scope"))
    play.again(FIRST)
    assert len(play.thread) == 1


@pytest.mark.parametrize("code", ["channel_not_found", "not_in_channel", "invalid_auth", "is_archived"])
def test_what_slack_refuses_is_thrown_by_its_code(play: Stage, code: str) -> None:
    play.slack.next("chat.postMessage", Failed(code))
    with pytest.raises(SlackRefused, match=code):
        play.send(FIRST)


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_blocks_too_long"])
def test_blocks_that_are_refused_leave_the_words(play: Stage, code: str) -> None:
    play.slack.next("chat.postMessage", Failed(code))
    play.send(FIRST)
    assert play.root["blocks"] == []
    assert "Liveness" in play.root["text"]


# --- people and other functions are at it, too -----------------------------------------------------


def test_a_deleted_message_comes_back_once_with_its_thread_under_it(play: Stage) -> None:
    play.send(FIRST)
    gone = play.root["ts"]
    play.slack.delete(gone)
    play.send(ESCALATED)
    assert play.root["ts"] != gone
    assert first(play.root).startswith("🔴 未解決・要対応")
    assert len(play.thread) == 1
    play.send(CLOSED)
    assert first(play.root).startswith("🟢")


def test_a_message_deleted_twice_stays_away_and_reports_stand_in_the_channel(play: Stage) -> None:
    play.send(FIRST)
    for report in (ESCALATED, MITIGATED):
        play.slack.delete(play.root["ts"])
        play.send(report)
    play.send(CLOSED)
    reported = [each["metadata"]["event_payload"]["report"] for each in play.slack.roots()]
    assert reported == [MITIGATED.id, CLOSED.id]


def test_of_two_edits_that_cross_the_newer_stays(play: Stage) -> None:
    play.send(FIRST)
    # The older one has written down what it has to say, and reaches Slack after the newer one.
    play.slack.next("chat.update", Late(before=True))
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(play.send, ESCALATED)
        while not play.slack.held:
            assert not slow.done()
        play.send(CLOSED)
        play.slack.release()
        slow.result()
    assert first(play.root).startswith("🟢 終了")
    assert len(play.thread) == 3


def test_many_simultaneous_ones_make_one_message_and_lose_nothing(play: Stage) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(_patiently, [play] * 4, STORY))
    assert all(found)
    assert first(play.root).startswith("🟢 終了")
    assert sorted(each["metadata"]["event_payload"]["report"] for each in play.thread) == sorted(
        one.id for one in STORY
    )


def test_the_same_report_twice_simultaneously_is_reported_once(play: Stage) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(_patiently, [play] * 2, [FIRST] * 2))
    assert len(play.thread) == 1


# --- the process that posts it dies
# ---------------------------------------------------------------------------


def _deaths() -> list[Any]:
    """Every call to Slack and every write, before and after it, for a new incident and for a known one."""
    with stage(pictures=True) as play:
        play.send(FIRST)
        play.send(ESCALATED)
        talks = len(play.mouth.calls)
        writes = play.aws.count("dynamodb", "update_item")
    return [
        *(("slack", call, after) for call in range(1, talks + 1) for after in (False, True)),
        *(("aws", call, after) for call in range(1, writes + 1) for after in (False, True)),
    ]


def test_a_crash_at_any_call_repeats_and_loses_no_post() -> None:
    for where, call, after in _deaths():
        with stage(pictures=True) as play:
            if where == "slack":
                play.mouth.dies = call, after
            else:
                play.aws.fail("dynamodb", "update_item", Died(), call=call, after=after)
            died = False
            for report in (FIRST, ESCALATED):
                try:
                    play.send(report)
                except Died:
                    died = True
                    play.again(report)
            assert died, (where, call, after)
            reported = [each["metadata"]["event_payload"]["report"] for each in play.thread]
            assert reported == [FIRST.id, ESCALATED.id], (where, call, after)
            assert first(play.root).startswith("🔴 未解決・要対応"), (where, call, after)
            assert len([one for one in play.slack.files.values() if one["done"]]) <= 2, (where, call, after)


@pytest.mark.parametrize("after", [False, True])
def test_a_write_without_an_answer_is_settled_by_the_retry(play: Stage, after: bool) -> None:
    for call in range(1, 5):
        report = later(FIRST, call)
        play.aws.fail("dynamodb", "update_item", Unreachable, call=1, after=after)
        with pytest.raises(Unreachable):
            play.send(report)
        play.again(report)
        assert len(play.thread) == call


# --- the picture -------------------------------------------------------------------------------------


def test_the_alarms_graph_is_below_the_words() -> None:
    with stage(pictures=True) as play:
        play.send(FIRST)
        (picture,) = play.slack.files.values()
        assert (picture["data"], picture["thread_ts"], picture["channel"]) == (
            PICTURE,
            play.root["ts"],
            CHANNEL,
        )
        order = [method for method, _ in play.slack.calls]
        assert order.index("files.getUploadURLExternal") > order.index("chat.postMessage")
        asked = json.loads(play.aws.sent("cloudwatch", "get_metric_widget_image")[0]["MetricWidget"])
        assert asked["metrics"] == [
            ["FaceAuth/Liveness", "VerificationError", {"stat": "Sum", "period": 300}]
        ]
        assert asked["annotations"]["horizontal"] == [{"label": "threshold 5", "value": 5.0}]
        play.again(FIRST)
        assert len(play.slack.files) == 1


def test_news_in_between_have_no_graph() -> None:
    with stage(pictures=True) as play:
        play.send(MITIGATED)
        assert play.slack.files == {}


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
def test_a_graph_that_cannot_be_had_is_left_out(method: str) -> None:
    with stage(pictures=True) as play:
        play.slack.next(method, Status(500))
        assert play.send(FIRST)["posted"] is True
        assert len(play.thread) == 1


@pytest.mark.parametrize("call", ["describe_alarms", "get_metric_widget_image"])
def test_a_graph_that_may_not_be_had_is_left_out_and_the_missing_right_named(call: str) -> None:
    with stage(pictures=True) as play:
        play.aws.fail("cloudwatch", call, Denied)
        assert play.send(FIRST)["posted"] is True
        assert play.slack.files == {}
        play.again(FIRST)
        assert [each["text"] for each in play.thread[1:]] == [
            f"グラフを表示できません: 権限 cloudwatch:{api_name('cloudwatch', call)} がありません。"
        ]


# --- odd reports ---------------------------------------------------------------------------------------


def test_a_huge_report_fits_and_says_what_it_left_out(play: Stage) -> None:
    many = tuple(replace(each, details=each.details * 40) for each in ACTS.findings) * 60
    acts = tuple(replace(ACTS.outcomes[0], changes=ACTS.outcomes[0].changes * 30) for _ in range(30))
    leases = tuple(replace(LEASE, scope=f"scope-{number}") for number in range(30))
    steps = ACTS.verdict.steps * 40
    huge = replace(
        ACTS, findings=many, outcomes=acts, leases=leases, verdict=replace(ACTS.verdict, steps=steps)
    )
    play.send(huge)
    assert play.root["blocks"] and play.thread[0]["blocks"]
    assert "… ほか" in words(play.root)
    assert "… ほか" in words(play.thread[0])
    assert [action for action, _ in buttons(play.root)][-2:] == ["acknowledge", "pause"]


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
def test_what_is_no_report_is_thrown(play: Stage, event: dict[str, Any]) -> None:
    with pytest.raises(BadEvent):
        post.receive(event, Context(play.aws, SETTINGS, AT, AT), play.mouth)


def test_what_slack_did_not_take_is_not_reported_in_slack(play: Stage) -> None:
    answer = {**machine(FIRST, "ja"), "topic": "undelivered", "kind": "failure"}
    assert play.send(answer)["posted"] is False
    assert play.slack.calls == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_settings_that_cannot_be_read_are_named_in_the_thread(play: Stage, language: str) -> None:
    event = sns(machine(FIRST, language))
    denied = Denied("ssm", "GetParametersByPath", "AccessDeniedException")
    post.receive(event, Context(play.aws, SETTINGS, AT, AT, denied), play.mouth)
    assert "ssm:GetParametersByPath" in words(play.thread[0])
    assert play.thread[0]["blocks"][0]["text"]["text"] == f"*{machine(FIRST, language)['headline']}*"


def _quickly(play: Stage) -> Stage:
    play.aws.tick(seconds=1)
    return play


def _patiently(play: Stage, report: Report) -> bool:
    """As Lambda does: again, where others were at it."""
    for _ in range(5):
        try:
            return bool(play.send(report))
        except BeingAnswered:
            continue
    return False
