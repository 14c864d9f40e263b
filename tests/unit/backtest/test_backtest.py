"""What would have been done about past alarms, through the live decision, and nothing is written."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from liveness_ops.backtest import reading, results
from liveness_ops.backtest.history import History, StateItem
from liveness_ops.backtest.judging import ProposalResult, Would
from liveness_ops.backtest.past import PastGateway
from liveness_ops.backtest.records import Records
from liveness_ops.backtest.transitions import transitions
from liveness_ops.backtest.unknown import NOT_RECORDED
from liveness_ops.backtest.writes import Writes
from responder.core.alarm_event import AlarmState
from responder.core.change import LeaseState
from responder.core.context import Context
from responder.core.errors import AwsError, Denied, Throttled
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.evidence import trail
from responder.followup_rules.duty import DutyKind
from responder.followup_rules.memory import FollowUpMemory
from responder.store import Incidents
from tests.unit.backtest.past_world import PastWorld
from tests.unit.respond.scene import ALARM, ARN, CREATE, RESULT

READS = ("get_", "list_", "describe_", "query", "scan", "filter_", "lookup_")


def only(found: list[Json]) -> Json:
    (one,) = found
    return one


def unknown(found: Json) -> set[str]:
    """What is not on record."""
    return {each["key"] for each in found["unknown"]}


def courses(result: Json, key: str = "then") -> dict[str, tuple[str, str]]:
    return {
        each["remedy"]: (each[key]["would"], (each[key]["because"] or {}).get("key", ""))
        for each in result["proposals"]
    }


@pytest.fixture
def world() -> PastWorld:
    world = PastWorld()
    world.scene.faults(12)
    return world


def test_what_was_done_then_would_be_done_also_after_the_act_itself_has_changed_everything(
    world: PastWorld,
) -> None:
    world.raised()
    assert world.scene.percentages() == ["0"] * 4
    world.fake.tick(hours=3)
    found = world.one()
    assert results.agrees(found) is True
    assert courses(found)["rollout_to_zero"] == ("act", "")
    assert (found["cause"]["key"], found["would"], found["unknown"]) == ("cause.internal", "act", [])


def test_in_observe_it_says_what_auto_would_have_done(world: PastWorld) -> None:
    world.fake.ssm.modes["everywhere"] = "observe"
    world.raised()
    found = world.one()
    assert courses(found)["rollout_to_zero"] == ("observe", "guard.mode_observe")
    assert courses(found, "in_auto")["rollout_to_zero"] == ("act", "")
    assert (found["would"], found["in_auto"]) == ("observe", "act")


def test_the_mode_of_then_counts_and_not_the_one_of_now(world: PastWorld) -> None:
    at = world.raised()
    world.parameters["/responder/modes"] = [
        (world.began, json.dumps({"everywhere": "approve", "rollout_to_zero": "auto"})),
        (at + timedelta(minutes=5), json.dumps({"everywhere": "auto", "rollout_to_zero": "auto"})),
    ]
    assert courses(world.one())["rollout_to_zero"] == ("ask", "guard.mode_approve")


def test_nothing_that_came_after_the_alarm_changes_the_verdict(world: PastWorld) -> None:
    world.fake.ssm.modes["everywhere"] = "observe"
    world.raised()
    before = world.one()
    world.fake.tick(minutes=30)
    # Failures that end in another cause, and traffic that makes the sample ten times as large.
    world.scene.faults(200, "AccessDeniedException", minutes=29)
    later = [(world.fake.now - timedelta(seconds=each / 2), 1.0) for each in range(3000)]
    world.scene.figures.put("AWS/Lambda", "Invocations", later, FunctionName=RESULT)
    assert world.one() == before


def test_no_figure_is_of_a_minute_that_was_not_over(world: PastWorld) -> None:
    """CloudWatch adds what comes later in a minute to the figure of that minute."""
    world.fake.tick(seconds=20)
    world.raised()
    world.fake.tick(hours=1)
    before = world.fake.count("cloudwatch", "get_metric_data")
    then = datetime.fromisoformat(world.one()["judged_at"])
    asked = world.fake.sent("cloudwatch", "get_metric_data")[before:]
    assert then.second > 0
    assert max(each["EndTime"] for each in asked) == then.replace(second=0, microsecond=0)


def test_a_log_line_that_arrived_after_the_alarm_does_not_count(world: PastWorld) -> None:
    world.fake.ssm.modes["everywhere"] = "observe"
    at = world.raised()
    before = world.one()
    for lines in world.scene.logs.events.values():
        late = {"ingestionTime": int((at + timedelta(minutes=1)).timestamp() * 1000)}
        lines[:] = [{**each, **late} for each in lines]
    later = world.one()
    assert (before["cause"]["key"], later["cause"]["key"]) == ("cause.internal", "cause.unknown")


def test_a_call_of_the_same_second_may_have_come_after_the_alarm_and_is_left_out() -> None:
    """CloudTrail dates in whole seconds."""
    at = datetime(2026, 2, 4, 10, 25, 5, 500_000, tzinfo=UTC)
    same, before = ({"EventTime": datetime(2026, 2, 4, 10, 25, second, tzinfo=UTC)} for second in (5, 4))
    start = at - timedelta(hours=1)
    assert Writes(start, (same, before)).lookup(start, at, "")["Events"] == [before]


def test_with_another_settings_file_it_says_which_outcomes_differ(world: PastWorld) -> None:
    world.raised()
    given = json.loads(world.scene.document)
    same = only(world.judged(json.dumps(given)))
    assert (same["flips"], same["with_settings"]["would"]) == (False, "act")
    other = only(world.judged(json.dumps({**given, "rollout_readers": ["FaceAuth-Enrollment"]})))
    assert other["flips"] is True
    assert other["with_settings"]["would"] in ("ask", "refuse")


def test_two_runs_are_identical(world: PastWorld) -> None:
    world.raised()
    world.fake.tick(hours=1)
    assert world.judged() == world.judged()


def test_nothing_is_written_whatever_would_have_been_done(world: PastWorld) -> None:
    world.raised()
    before = len(world.fake.calls)
    world.judged()
    asked = [operation for _, operation, _ in world.fake.calls[before:]]
    assert [each for each in asked if not each.startswith(READS)] == []


def test_the_trail_is_read_once_for_all_alarms_of_the_period(world: PastWorld) -> None:
    now = world.fake.now
    for hours in (30, 20, 10):
        world.change("ALARM", now - timedelta(hours=hours))
        world.change("OK", now - timedelta(hours=hours - 1), old="ALARM")
    for number in range(120):
        world.wrote("PutParameter", now - timedelta(minutes=number), service="ssm", name="/other")
    assert len(world.judged()) == 3
    # In us-east-1 the events of IAM are in the same trail; 120 events are three pages.
    assert world.fake.count("cloudtrail", "lookup_events") == 3


def test_a_resource_that_a_person_changed_since_makes_the_precondition_unknown(world: PastWorld) -> None:
    world.fake.ssm.modes["everywhere"] = "observe"
    at = world.raised()
    world.wrote(
        "UpdateFunctionConfiguration20150331v2", at + timedelta(hours=1), functionName="FaceAuth-FaceLogin"
    )
    world.fake.tick(hours=2)
    found = world.one()
    assert courses(found)["rollout_to_zero"][0] == "unknown"
    assert (found["would"], found["unknown"][0]["key"]) == ("unknown", "backtest.unknown.changed_since")


def test_without_the_right_to_read_the_trail_every_precondition_is_unknown(world: PastWorld) -> None:
    world.raised()
    world.fake.tick(minutes=1)
    world.fake.fail("cloudtrail", "lookup_events", Denied, code="AccessDenied", times=99)
    period = world.read()
    (transition,) = period.transitions
    found = results.of_transition(period.inputs, transition)
    assert found["would"] == "unknown"
    assert unknown(found) == {"backtest.unknown.trail_unread"}
    then = PastGateway(period.inputs.present, transition.item.at)
    with pytest.raises(AwsError, match=NOT_RECORDED):
        then.call("lambda", "get_function_configuration", FunctionName=RESULT)


def test_of_a_trail_that_was_read_in_part_nothing_is_concluded_about_the_rest(world: PastWorld) -> None:
    """A response reads the last day. Here AWS turned away the page of all but the last two minutes."""
    now = world.fake.now
    for second in range(60):
        world.wrote("PutObject", now - timedelta(seconds=100 + second), service="s3", bucketName="other")
    world.raised()
    world.fake.fail(
        "cloudtrail", "lookup_events", Throttled, code="ThrottlingException",
        times=10_000, where={"NextToken": "1"},
    )  # fmt: skip
    found = world.one()
    assert unknown(found) == {"backtest.unknown.trail_unread"}
    assert found["would"] == "unknown"
    then = PastGateway(world.read().inputs.present, now)
    with pytest.raises(AwsError, match=NOT_RECORDED):
        trail.read(Context(then, Settings(), now, now), now - trail.BEFORE)


@pytest.mark.parametrize("since", [0, 150, 400])
def test_calls_of_one_name_that_are_too_many_to_read_leave_the_earlier_ones_open(
    world: PastWorld, since: int
) -> None:
    """As when a tool reserves concurrency again and again."""
    at = world.raised() - timedelta(minutes=1)
    for number in range(3):
        world.wrote("PutFunctionConcurrency20171031", at - timedelta(days=number), functionName=RESULT)
    for number in range(since):
        world.wrote(
            "PutFunctionConcurrency20171031", at + timedelta(seconds=1 + number), functionName="other"
        )
    world.fake.tick(hours=1)
    then = PastGateway(world.read().inputs.present, at)
    asked = Context(then, Settings(), at, at)
    if since < 400:
        assert len(trail.reservations(asked, RESULT)) == 3
        return
    with pytest.raises(AwsError, match=NOT_RECORDED):
        trail.reservations(asked, RESULT)


def test_a_call_that_aws_refused_has_changed_nothing(world: PastWorld) -> None:
    at = world.raised()
    before = world.one()
    world.wrote(
        "UpdateFunctionConfiguration20150331v2", at + timedelta(hours=1), functionName="FaceAuth-FaceLogin"
    )
    event = world.trail[-1]
    refused = {**json.loads(event["CloudTrailEvent"]), "errorCode": "AccessDenied"}
    event["CloudTrailEvent"] = json.dumps(refused)
    world.fake.tick(hours=2)
    assert (world.one()["unknown"], before["unknown"]) == ([], [])


def test_what_people_changed_then_and_what_the_responder_did_stand_beside_it(world: PastWorld) -> None:
    at = world.raised()
    world.wrote("UpdateFunctionCode20150331v2", at + timedelta(minutes=7), functionName=RESULT)
    world.change("OK", at + timedelta(minutes=20), old="ALARM")
    world.fake.tick(hours=1)
    found = world.one()
    assert [(each["who"], each["target"]) for each in found["people"]] == [("OnCall/eve", RESULT)]
    assert found["minutes"] == 20.0
    assert found["responder"]["judged"] == [
        {"remedy": "rollout_to_zero", "scope": "", "would": "act", "because": None}
    ]
    assert [each["state"] for each in found["responder"]["leases"]] == ["in_force"]


def test_log_lines_that_are_not_kept_are_no_proof_that_nothing_failed(world: PastWorld) -> None:
    world.fake.ssm.modes["everywhere"] = "observe"
    world.raised()
    world.groups[f"/aws/lambda/{RESULT}"] = {"retentionInDays": 7}
    world.fake.tick(days=10)
    found = world.one()
    assert "backtest.unknown.logs_expired" in unknown(found)


@pytest.mark.parametrize("function", [CREATE, RESULT])
def test_a_log_group_that_is_gone_is_named(world: PastWorld, function: str) -> None:
    world.raised()
    del world.groups[f"/aws/lambda/{function}"]
    found = world.one()
    assert "backtest.unknown.logs_gone" in unknown(found)


def test_a_log_group_that_was_created_anew_since_is_named(world: PastWorld) -> None:
    at = world.raised()
    made = int((at + timedelta(hours=1)).timestamp() * 1000)
    world.groups[f"/aws/lambda/{RESULT}"] = {"creationTime": made}
    world.fake.tick(hours=2)
    assert "backtest.unknown.logs_newer" in {each["key"] for each in world.one()["unknown"]}


def test_an_alarm_that_was_deleted_since_is_judged_as_far_as_it_is_known(world: PastWorld) -> None:
    world.raised()
    world.scene.gone = True
    found = world.one()
    assert (found["deleted"], found["would"]) == (True, "unknown")
    assert "backtest.unknown.alarm_gone" in unknown(found)


def test_actions_that_were_disabled_then_keep_it_from_acting_also_when_they_are_enabled_by_now(
    world: PastWorld,
) -> None:
    world.fake.ssm.modes["everywhere"] = "observe"
    at = world.raised()
    data = {"version": "1.0", "type": "Update", "originalUpdatedFields": {"actionsEnabled": False}}
    item = {"HistoryItemType": "ConfigurationUpdate", "HistorySummary": "updated"}
    world.change("OK", at + timedelta(minutes=9), **item, HistoryData=json.dumps(data))
    world.fake.tick(hours=1)
    assert courses(world.one(), "in_auto")["rollout_to_zero"] == (
        "observe",
        "guard.actions_disabled",
    )


def test_with_a_mute_rule_for_the_alarm_it_is_unknown_whether_it_was_silenced(world: PastWorld) -> None:
    world.raised()
    world.rules = ["nights"]
    found = world.one()
    assert found["would"] == "unknown"
    assert unknown(found) == {"backtest.unknown.mute_rules"}


def test_a_mute_rule_that_was_deleted_since_leaves_it_open_whether_it_was_silenced(world: PastWorld) -> None:
    at = world.raised()
    rule = {"alarmMuteRuleName": "nights"}
    world.wrote("DeleteAlarmMuteRule", at + timedelta(hours=1), service="monitoring", **rule)
    world.fake.tick(hours=2)
    found = world.one()
    assert (found["would"], found["unknown"][0]["key"]) == ("unknown", "backtest.unknown.mute_rules")
    assert "nights" in found["unknown"][0]["en"]


def test_a_stop_that_was_removed_since_leaves_it_open_whether_anything_was_done(world: PastWorld) -> None:
    world.fake.ssm.modes["everywhere"] = "observe"
    at = world.raised()
    name = "/responder/stops/release"
    world.wrote("PutParameter", at - timedelta(hours=1), service="ssm", name=name)
    world.wrote("DeleteParameter", at + timedelta(hours=1), service="ssm", name=name)
    world.fake.tick(hours=2)
    found = world.one()
    assert (found["would"], found["unknown"][0]["key"]) == ("unknown", "backtest.unknown.stop_removed")


def test_an_alarm_that_flaps_is_answered_once_in_five_minutes_as_live(world: PastWorld) -> None:
    now = world.fake.now
    for minutes in (20, 17, 9):
        world.change("ALARM", now - timedelta(minutes=minutes))
        world.change("OK", now - timedelta(minutes=minutes - 1), old="ALARM")
    found = world.judged()
    assert [each["repeat"] for each in found] == [False, True, False]
    assert len({each["incident"] for each in found}) == 1
    assert {each["alarm"] for each in found} == {ALARM}


@pytest.mark.parametrize(("minutes", "incidents"), [(10, 1), (11, 2)])
def test_an_alarm_that_was_ok_for_longer_than_the_soak_time_opens_another_incident(
    world: PastWorld, minutes: int, incidents: int
) -> None:
    first = world.fake.now - timedelta(hours=2)
    calm = first + timedelta(minutes=20)
    for new, at in (("ALARM", first), ("OK", calm), ("ALARM", calm + timedelta(minutes=minutes))):
        world.change(new, at, old="ALARM" if new == "OK" else "OK")
    assert len({each["incident"] for each in world.judged()}) == incidents


def test_whether_an_act_for_another_alarm_was_seen_is_unknown_where_it_was_made_beside(
    world: PastWorld,
) -> None:
    other = "FaceAuth-Liveness-HighErrorRate-Corrected"
    world.change("ALARM", world.raised(), AlarmName=other)
    world.fake.tick(hours=1)
    _, found = sorted(world.judged(), key=lambda each: len(each["alarm"]))
    assert (found["alarm"], found["would"]) == (other, "unknown")
    assert "backtest.unknown.beside" in unknown(found)


@pytest.mark.timeout(20)
def test_an_alarm_that_flaps_for_a_month_is_sorted_out_within_seconds() -> None:
    """One that compares every change with all earlier ones takes an hour."""
    until, states = datetime(2026, 2, 4, tzinfo=UTC), list[StateItem]()
    for minutes in range(30 * 24 * 60, 0, -10):
        at = until - timedelta(minutes=minutes)
        raised = StateItem(ALARM, "MetricAlarm", at, AlarmState.OK, AlarmState.ALARM)
        calm = replace(raised, at=at + timedelta(minutes=6), old=AlarmState.ALARM, new=AlarmState.OK)
        states += (raised, calm)
    history = History(until - timedelta(days=30), until, tuple(states))
    base = {"high-error-rate": Settings(alarm_name=ALARM)}
    found = transitions(history, base, Records(), lambda _: ARN, [ALARM])
    assert len(found) == 30 * 24 * 6
    assert {each.incident.opened for each in found} == {found[0].item.at}


@pytest.mark.parametrize(("minutes", "would"), [(-1, "refuse"), (1, "ask")])
def test_what_people_had_rejected_by_then_is_refused(world: PastWorld, minutes: int, would: str) -> None:
    world.fake.ssm.modes["everywhere"] = "approve"
    at = world.raised()
    incidents = Incidents(world.fake, "Incidents")
    head = incidents.head(world.scene.pointer["incident"])
    assert head is not None
    rejected = f"{DutyKind.REJECTED} {world.scene.result['approval']}"
    watch = FollowUpMemory(reported={rejected: at + timedelta(minutes=minutes)})
    assert incidents.remember(head, watch, world.fake.now)
    found = courses(world.one())["rollout_to_zero"]
    assert found[0] == would
    assert (found[1] == "guard.rejected") == (would == "refuse")


def test_figures_older_than_15_days_are_of_five_minutes_and_are_marked(world: PastWorld) -> None:
    world.fake.ssm.modes["everywhere"] = "observe"
    world.raised()
    recent = world.one()
    world.fake.tick(days=20)
    before = world.fake.count("cloudwatch", "get_metric_data")
    old = world.one()
    assert (recent["coarse"], old["coarse"]) == (False, True)
    periods = {
        query["MetricStat"]["Period"]
        for asked in world.fake.sent("cloudwatch", "get_metric_data")[before:]
        for query in asked["MetricDataQueries"]
    }
    assert min(periods) == 300


def test_what_the_response_could_not_read_then_is_no_verdict_to_compare_with(world: PastWorld) -> None:
    world.fake.fail("logs", "filter_log_events", Denied, code="AccessDenied", times=99)
    world.raised()
    world.fake.heal()
    found = world.one()
    assert "failures" in found["responder"]["unread"]
    assert results.agrees(found) is None


def test_what_was_refused_for_how_the_event_was_delivered_is_no_verdict_to_compare_with(
    world: PastWorld,
) -> None:
    event: Json = {"replay-name": "last-week"}
    world.raised(**event)
    found = world.one()
    assert [each["because"] for each in found["responder"]["judged"]] == ["guard.replayed"]
    assert courses(found)["rollout_to_zero"] == ("act", "")
    assert results.agrees(found) is None


def test_a_change_that_a_person_made_after_ours_is_named_and_not_ours(world: PastWorld) -> None:
    at = world.raised()
    world.wrote(
        "UpdateFunctionConfiguration20150331v2", at + timedelta(hours=1), functionName="FaceAuth-FaceLogin"
    )
    world.fake.tick(hours=2)
    (unknown,) = world.one()["unknown"]
    assert "FaceAuth-FaceLogin" in unknown["en"]
    assert "eve" in unknown["en"]


@pytest.mark.parametrize(
    ("state", "wait", "course"),
    [("ALARM", 0, "observe"), ("OK", 60, "observe"), ("OK", 0, "act")],
    ids=["suppressed", "waits for its suppressor", "suppressor is calm"],
)
def test_a_composite_alarm_was_silent_while_its_suppressor_was_raised(
    world: PastWorld, state: str, wait: int, course: str
) -> None:
    world.fake.ssm.modes["everywhere"] = "observe"
    world.scene.row |= {
        "AlarmRule": "ALARM(x)",
        "ActionsSuppressor": "night",
        "ActionsSuppressorWaitPeriod": wait,
    }
    at = world.raised()
    world.change(state, at - timedelta(hours=1), AlarmName="night")
    assert world.one()["in_auto"] == course


def test_reads_that_are_turned_away_for_good_are_named_and_nothing_is_written_meanwhile(
    world: PastWorld,
) -> None:
    world.raised()
    world.fake.fail("logs", "filter_log_events", Throttled, code="ThrottlingException", times=10_000)
    before = len(world.fake.calls)
    found = world.one()
    assert "backtest.unknown.unread" in unknown(found)
    asked = [operation for _, operation, _ in world.fake.calls[before:]]
    assert [each for each in asked if not each.startswith(READS)] == []


def test_reads_that_are_turned_away_for_a_while_change_nothing(world: PastWorld) -> None:
    world.raised()
    world.fake.tick(hours=1)
    before = world.one()
    for operation, service in (("filter_log_events", "logs"), ("get_metric_data", "cloudwatch")):
        world.fake.fail(service, operation, Throttled, code="ThrottlingException", times=3)
    assert world.one() == before


@pytest.mark.parametrize(("error", "code"), [(Denied, "AccessDeniedException"), (Throttled, "Throttling")])
def test_a_precondition_that_cannot_be_read_today_is_unknown_and_no_reason_to_refuse(
    world: PastWorld, error: type[AwsError], code: str
) -> None:
    world.fake.ssm.modes["everywhere"] = "observe"
    world.raised()
    world.fake.fail(
        "lambda", "get_function_configuration", error, code=code,
        times=10_000, where={"FunctionName": "FaceAuth-FaceLogin"},
    )  # fmt: skip
    found = world.one()
    assert courses(found, "in_auto")["rollout_to_zero"][0] == "unknown"
    assert "backtest.unknown.unread" in unknown(found)


def test_modes_that_were_deleted_since_leave_every_outcome_open(world: PastWorld) -> None:
    at = world.raised()
    name = "/responder/modes"
    world.wrote("DeleteParameter", at + timedelta(hours=1), service="ssm", name=name)
    world.parameters[name] = [(at + timedelta(hours=2), json.dumps({"everywhere": "observe"}))]
    world.fake.tick(hours=3)
    found = world.one()
    assert "backtest.unknown.parameter" in unknown(found)
    assert courses(found)["rollout_to_zero"][0] == "unknown"


@pytest.mark.parametrize("would", [Would.REFUSE, Would.OBSERVE])
def test_evidence_that_is_not_on_record_outweighs_a_refusal(would: Would) -> None:
    assert results.overall([ProposalResult(would)], unknown=True) == "unknown"
    assert results.overall([ProposalResult(would)], unknown=False) == would.value
    assert results.overall([ProposalResult(Would.ASK)], unknown=True) == "ask"


def test_of_one_alarm_alone_the_changes_made_for_others_are_as_they_were_then(world: PastWorld) -> None:
    world.change("ALARM", world.raised(), AlarmName="FaceAuth-Liveness-HighErrorRate-Corrected")
    steps = world.read(alarms=["FaceAuth-Liveness-HighErrorRate-Corrected"]).inputs.records.lease_steps()
    assert LeaseState.IN_FORCE in {each.lease.state for each in steps}


@pytest.mark.parametrize(
    ("original", "unknown"),
    [({"threshold": 5.0}, True), ({}, True), ({"actionsEnabled": True, "alarmDescription": "x"}, False)],
    ids=["its threshold", "cut off by AWS", "beside its definition"],
)
def test_an_alarm_that_was_defined_otherwise_then_is_unknown(
    world: PastWorld, original: Json, unknown: bool
) -> None:
    at = world.raised()
    data = {"version": "1.0", "type": "Update", "originalUpdatedFields": original}
    item = {"HistoryItemType": "ConfigurationUpdate", "HistorySummary": "updated"}
    world.change("OK", at + timedelta(minutes=9), **item, HistoryData=json.dumps(data))
    world.fake.tick(hours=1)
    kinds = {each["key"] for each in world.one()["unknown"]}
    assert ("backtest.unknown.alarm_changed" in kinds) is unknown


def test_where_changes_of_alarms_cannot_be_read_it_is_unknown_how_one_was_defined(world: PastWorld) -> None:
    world.raised()
    world.fake.fail(
        "cloudwatch", "describe_alarm_history", Throttled, code="ThrottlingException",
        times=10_000, where={"AlarmTypes": ["MetricAlarm"], "HistoryItemType": "ConfigurationUpdate"},
    )  # fmt: skip
    found = world.one()
    assert (found["unknown"][0]["key"], found["would"]) == ("backtest.unknown.unread", "unknown")


def test_without_the_right_to_list_policies_changes_of_the_key_of_a_function_are_kept(
    world: PastWorld,
) -> None:
    (settings,) = reading.base_settings(world.paced(), "responder").values()
    aws, key = world.fake, "1234abcd-12ab-34cd-56ef-1234567890ab"
    configuration = {"KMSKeyArn": f"arn:aws:kms:us-east-1:123456789012:key/{key}"}
    aws.answer("lambda", "get_function_configuration", lambda **_: configuration)
    aws.fail("iam", "list_attached_role_policies", Denied, code="AccessDenied", times=9)
    assert key in list(reading._concerned(world.paced(), settings))
