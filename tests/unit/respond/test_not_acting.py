"""Promises of a response that must not act."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from responder.aws.items import to_item
from responder.core.assessment import Assessment, AssessmentResult
from responder.core.errors import BadEvent, Denied, Throttled, Unreachable, Unreadable
from responder.core.switches import ask_for
from responder.store.ledger import Assessments
from tests.rows import all_rows
from tests.texts import piece
from tests.unit.remedies.world import FACE_LOGIN, FOUR, ROLLOUT
from tests.unit.respond.scene import ALARM, TRIES, Scene


def untouched(scene: Scene) -> None:
    assert scene.percentages() == ["50"] * 4
    assert scene.aws.count("lambda", "update_function_configuration") == 0


def test_a_remedy_that_did_harm_before_is_asked_for_and_says_its_record() -> None:
    scene = Scene().faults(15)
    stop = ask_for("rollout_to_zero", "automation", "made things worse (high-error-rate-1)")
    scene.aws.ssm.parameters[f"/responder/stops/{stop.name}"] = stop.to_json()
    at = scene.aws.now - timedelta(days=1)
    act = Assessment("rollout_to_zero", "s", "high-error-rate-1", at, AssessmentResult.HARMFUL, at)
    Assessments(scene.aws, "Incidents").keep(act)
    scene.alarm()
    (asked,) = [one for one in scene.reported[-1]["outcomes"] if one["remedy"] == "rollout_to_zero"]
    assert (asked["result"], asked["because"]["key"]) == ("asked", "guard.demoted")
    assert stop.why in asked["because"]["text"]
    assert asked["record"]["values"] == {"helped": 0, "judged": 1, "days": 90, "harmful": 1}
    assert "Track record: helped in 0 of 1 cases in 90 days, harmful in 1" in scene.mail
    untouched(scene)


def _stale(scene: Scene) -> None:
    scene.deliver(scene.event(at=scene.aws.now - timedelta(minutes=16)))


def _future(scene: Scene) -> None:
    scene.deliver(scene.event(at=scene.aws.now + timedelta(minutes=16)))


def _replayed(scene: Scene) -> None:
    scene.alarm(**{"replay-name": "yesterday"})


def _ok_again(scene: Scene) -> None:
    scene.state = "OK"
    scene.alarm()


def _no_such_alarm(scene: Scene) -> None:
    scene.gone = True
    scene.alarm()


def _unreadable_alarm(scene: Scene) -> None:
    scene.aws.fail("cloudwatch", "describe_alarms", Throttled, times=99)
    scene.alarm()


def _sam_local_on_production(scene: Scene) -> None:
    scene.environment["AWS_SAM_LOCAL"] = "true"
    scene.alarm()


def _sam_local_with_one_service_elsewhere(scene: Scene) -> None:
    scene.environment |= {
        "AWS_SAM_LOCAL": "true",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "AWS_ENDPOINT_URL_LAMBDA": "https://lambda.us-east-1.amazonaws.com",
    }
    scene.alarm()


def _mode_observe(scene: Scene) -> None:
    scene.aws.ssm.modes["everywhere"] = "observe"
    scene.alarm()


def _mode_missing(scene: Scene) -> None:
    del scene.aws.ssm.modes["rollout_to_zero"]
    scene.alarm()


def _mode_nonsense(scene: Scene) -> None:
    scene.aws.ssm.modes["everywhere"] = "AUTO please"
    scene.alarm()


def _switches_unreadable(scene: Scene) -> None:
    scene.aws.fail("ssm", "get_parameters_by_path", Denied, times=9)
    scene.alarm()


def _mutes_unreadable(scene: Scene) -> None:
    scene.aws.fail("cloudwatch", "list_alarm_mute_rules", Denied, times=9)
    scene.alarm()


def _incidents_unreadable(scene: Scene) -> None:
    scene.aws.fail("dynamodb", "query", Unreachable, times=9)
    scene.alarm()


def _incidents_unwritable(scene: Scene) -> None:
    scene.aws.fail("dynamodb", "update_item", Unreachable, times=9)
    with pytest.raises(Unreachable):
        scene.alarm()


def test_an_incident_that_was_on_no_record_is_answered_when_lambda_tries_again() -> None:
    scene = Scene().faults(15)
    scene.aws.fail("dynamodb", "update_item", Unreachable, times=2)
    with pytest.raises(Unreachable):
        scene.alarm()
    untouched(scene)
    scene.alarm()
    assert scene.percentages() == ["0"] * 4
    assert [one["outcomes"][0]["result"] for one in scene.reported] == ["observed", "applied"]
    assert list(scene.aws.lambdas.executions) == [f"{scene.pointer['incident']}-g1"]


OBSERVED: list[tuple[Callable[[Scene], None], str]] = [
    (_stale, "guard.stale"),
    (_future, "guard.stale"),
    (_replayed, "guard.replayed"),
    (_ok_again, "guard.already_ok"),
    (_no_such_alarm, "guard.alarm_gone"),
    (_unreadable_alarm, "guard.alarm_unreadable"),
    (_sam_local_on_production, "guard.not_loopback"),
    (_sam_local_with_one_service_elsewhere, "guard.not_loopback"),
    (_mode_observe, "guard.mode_observe"),
    (_mode_missing, "guard.mode_unreadable"),
    (_mode_nonsense, "guard.mode_unreadable"),
    (_switches_unreadable, "guard.pauses_unreadable"),
    (_mutes_unreadable, "guard.pauses_unreadable"),
    (_incidents_unreadable, "guard.store_unreadable"),
    (_incidents_unwritable, "guard.store_unreadable"),
]


@all_rows(("happens", "reason"), OBSERVED)
def test_in_doubt_it_only_says_what_it_would_do(happens: Callable[[Scene], None], reason: str) -> None:
    scene = Scene().faults(15)
    happens(scene)
    untouched(scene)
    assert scene.result["result"] == "observed"
    assert scene.result["because"]["key"] == reason


def test_sam_local_against_a_local_aws_acts_as_anywhere_else() -> None:
    scene = Scene().faults(15)
    scene.environment |= {"AWS_SAM_LOCAL": "true", "AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}
    scene.alarm()
    assert scene.percentages() == ["0"] * 4


def test_a_pause_refuses_and_names_who_and_why() -> None:
    scene = Scene().faults(15)
    scene.aws.ssm.parameters["/responder/stops/deploy"] = '{"who": "aiko", "why": "release 12"}'
    scene.alarm()
    untouched(scene)
    assert scene.result["result"] == "refused"
    assert "aiko" in scene.mail
    assert "release 12" in scene.mail


def test_throttling_only_asks_since_callers_can_cause_it() -> None:
    scene = Scene().faults(15, code="ThrottlingException")
    scene.alarm()
    untouched(scene)
    assert scene.result["result"] == "asked"
    assert scene.result["approval"]


def test_codes_that_a_caller_can_provoke_never_switch_the_check_off() -> None:
    scene = Scene()
    for code in ("SessionNotFoundException", "InvalidParameterException", "ValidationException"):
        scene.faults(30, code=code)
    scene.alarm()
    untouched(scene)
    assert scene.reported[-1]["outcomes"] == []


def test_four_faulty_requests_are_too_few() -> None:
    scene = Scene().faults(4)
    scene.alarm()
    untouched(scene)
    assert [one["result"] for one in scene.reported[-1]["outcomes"]] in ([], ["refused"])


def test_faults_that_are_over_are_no_reason_to_act() -> None:
    scene = Scene()
    for _ in range(30):
        scene.faults(1, minutes=100)
    scene.alarm()
    untouched(scene)


def test_one_function_with_an_obstacle_stops_all_and_the_others_are_offered() -> None:
    scene = Scene().faults(15)
    scene.aws.lambdas.functions[FACE_LOGIN].latest["Environment"]["Variables"].pop(ROLLOUT)
    scene.alarm()
    assert scene.aws.count("lambda", "update_function_configuration") == 0
    assert scene.result["result"] == "asked"
    assert len(scene.result["changes"]) == 3


def test_where_every_read_fails_on_call_is_notified_and_nothing_changes() -> None:
    scene = Scene().faults(15)
    for service, operation in (
        ("logs", "filter_log_events"),
        ("cloudwatch", "get_metric_data"),
        ("iam", "get_role_policy"),
        ("cloudtrail", "lookup_events"),
        ("cloudformation", "describe_stack_events"),
        ("health", "describe_events"),
        ("dynamodb", "describe_table"),
        ("lambda", "get_function_configuration"),
        ("lambda", "list_versions_by_function"),
    ):
        scene.aws.fail(service, operation, Denied, times=999)
    scene.alarm()
    assert scene.aws.count("lambda", "update_function_configuration") == 0
    assert scene.reported[-1]["cause"]["key"] == "cause.unknown"


@pytest.mark.parametrize("service", ["logs", "cloudwatch", "iam", "cloudtrail", "health", "dynamodb"])
def test_a_malformed_answer_of_one_service_does_not_keep_on_call_from_being_reported(service: str) -> None:
    scene = Scene().faults(15)
    operation = {
        "logs": "filter_log_events",
        "cloudwatch": "get_metric_data",
        "iam": "get_role_policy",
        "cloudtrail": "lookup_events",
        "health": "describe_events",
        "dynamodb": "describe_table",
    }[service]
    scene.aws.answer(service, operation, {"Nonsense": [{"a": None}], "events": [3], "Events": [3]})
    scene.alarm()
    assert scene.reported


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("resources", [f"arn:aws:cloudwatch:us-east-1:999999999999:alarm:{ALARM}"]),
        ("resources", [f"arn:aws:cloudwatch:eu-west-1:123456789012:alarm:{ALARM}"]),
        ("resources", ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:FaceAuth-Other"]),
        ("detail", {"alarmName": ALARM, "state": {"value": "BROKEN", "timestamp": "2026-02-04T10:24:00Z"}}),
        ("detail", {"alarmName": "x" * 200_000, "state": {}}),
        ("detail", None),
    ],
)
def test_a_foreign_event_goes_to_the_failure_path_unchanged(field: str, value: object) -> None:
    scene = Scene().faults(15)
    event = {**scene.event(), field: value}
    with pytest.raises(BadEvent):
        scene.deliver(event)
    assert scene.aws.calls == []


def test_ok_is_marked_and_nothing_else_happens() -> None:
    scene = Scene().faults(15)
    scene.alarm()
    scene.aws.tick(minutes=5)
    sent, writes = len(scene.reported), scene.aws.count("lambda", "update_function_configuration")
    scene.alarm(state="OK")
    assert scene.pointer["state"] == "OK"
    assert (len(scene.reported), scene.aws.count("lambda", "update_function_configuration")) == (sent, writes)


@pytest.mark.parametrize("reported", ["OK", "INSUFFICIENT_DATA"])
@pytest.mark.parametrize("state", ["ALARM", "OK", "INSUFFICIENT_DATA", None])
def test_a_calm_is_on_record_only_where_the_alarm_is_calm(reported: str, state: str | None) -> None:
    """Of any event: a calm that is not true would let the next ALARM open a new incident, and act anew."""
    scene = Scene().faults(15)
    scene.alarm()
    scene.gone, scene.state = state is None, state or "ALARM"
    before = scene.rows()
    scene.deliver(scene.event(reported, scene.aws.now))
    assert scene.pointer["state"] == (reported if state == reported else "ALARM")
    assert (scene.rows() == before) == (state != reported)


def test_a_calm_is_not_on_record_while_the_alarm_cannot_be_read() -> None:
    """Lambda tries again, and what it gives up is reported."""
    scene = Scene().faults(15)
    scene.alarm()
    scene.aws.fail("cloudwatch", "describe_alarms", Throttled, times=TRIES)
    with pytest.raises(Throttled):
        scene.alarm(state="OK")
    assert scene.pointer["state"] == "ALARM"


@pytest.mark.parametrize("state", ["OK", "INSUFFICIENT_DATA"])
def test_a_calm_is_neither_believed_nor_tried_again_where_the_alarm_may_not_be_read(state: str) -> None:
    """No try helps, and on-call is notified of the missing permission once, with the answer to the ALARM."""
    scene = Scene().faults(15)
    scene.aws.fail("cloudwatch", "describe_alarms", Denied, code="AccessDenied", times=99)
    scene.alarm()
    sent = len(scene.reported)
    assert "cloudwatch:DescribeAlarms" in scene.mail
    scene.alarm(state=state)
    assert (scene.pointer["state"], len(scene.reported)) == ("ALARM", sent)


def test_a_calm_of_a_time_to_come_hides_no_alarm_before_that_time() -> None:
    scene = Scene().faults(15)
    scene.alarm()
    scene.alarm(state="OK", at=scene.aws.now + timedelta(minutes=4))
    assert scene.pointer["state"] == "OK"
    scene.aws.tick(minutes=2)
    scene.alarm(at=scene.aws.now)
    assert scene.pointer["state"] == "ALARM"


def test_ok_for_an_alarm_without_incident_does_nothing() -> None:
    scene = Scene()
    assert scene.alarm(state="OK")["incident"] is None
    assert scene.rows() == []


def test_an_old_event_opens_no_incident() -> None:
    scene = Scene().faults(15)
    _stale(scene)
    assert [row for row in scene.rows() if row["pk"] == "ALARMS"] == []


def test_a_change_by_another_person_just_now_asks_instead_of_acting() -> None:
    scene = Scene().faults(15)
    scene.aws.lambdas.functions[FACE_LOGIN].latest["LastModified"] = (
        scene.aws.now - timedelta(minutes=3)
    ).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    scene.alarm()
    untouched(scene)
    assert scene.result["result"] == "asked"
    assert scene.result["because"]["key"] == "guard.recent_change"


def test_what_was_only_observed_leaves_the_manuals_step_to_a_person() -> None:
    scene = Scene().faults(15)
    _mode_observe(scene)
    assert "step.rollout_by_hand" in json.dumps(scene.reported[-1]["steps"])


@pytest.mark.parametrize("prevent", [_stale, _replayed])
def test_an_event_that_is_not_current_has_the_alarm_looked_at_before_anything_is_done(
    prevent: Callable[[Scene], None],
) -> None:
    scene = Scene().faults(15)
    prevent(scene)
    first, *others = (each["text"] for each in scene.reported[-1]["steps"])
    # It opens no incident, so nothing follows it.
    assert first.startswith(piece("step.check_alarm_alone", scene.reported[-1]["language"]))
    assert f"--alarm-names {scene.reported[-1]['alarm']} " in first
    assert any("rollout_by_hand" in each for each in others)


@pytest.mark.parametrize("read", ["query", "get_item"])
def test_no_old_event_says_that_no_incident_is_open_where_that_cannot_be_read(read: str) -> None:
    scene = Scene().faults(15)
    scene.alarm()
    scene.aws.tick(minutes=20)
    scene.aws.fail("dynamodb", read, Unreachable, times=99)
    with pytest.raises(Unreachable):
        scene.deliver(scene.event(at=scene.aws.now - timedelta(minutes=16)))
    first = scene.reported[-1]["steps"][0]["text"]
    assert first.startswith(piece("step.check_alarm", scene.reported[-1]["language"]))


def test_a_current_event_needs_no_second_look_at_its_alarm() -> None:
    scene = Scene().faults(15)
    _mode_observe(scene)
    assert "describe-alarms --region us-east-1 --alarm-names" not in json.dumps(scene.reported[-1]["steps"])


def test_too_few_samples_leave_no_step_that_lowers_security() -> None:
    scene = Scene().faults(4)
    scene.alarm()
    assert "step.rollout_by_hand" not in json.dumps(scene.reported[-1]["steps"])


@pytest.mark.parametrize(
    "row",
    [{"sk": "LEASE#rollout_to_zero#liveness-rollout", "data": "{"}, {"sk": "APPLIED#x"}, {"sk": "VERSION"}],
)
def test_while_a_row_of_the_ledger_is_broken_nothing_is_done_and_it_is_named(row: dict[str, str]) -> None:
    scene = Scene().faults(15)
    put(scene, pk="STACK", **row)
    scene.alarm()
    assert scene.percentages() == ["50"] * 4
    assert scene.result["because"]["key"] == "guard.store_unreadable"
    (unread,) = [each for each in scene.reported[-1]["warnings"] if each["key"] == "guard.leases_unread"]
    assert unread["values"]["detail"]["values"] == {"row": f"STACK {row['sk']}"}


def test_that_nothing_could_be_read_is_not_reported_as_nothing_in_force() -> None:
    scene = Scene()
    put(scene, pk="STACK", sk="LEASE#rollout_to_zero#liveness-rollout", data="{")
    scene.alarm()
    assert "guard.leases_unread" in [each["key"] for each in scene.reported[-1]["warnings"]]


@pytest.mark.parametrize("row", [{}, {"pk": "STACK", "sk": "APPLIED#x"}])
def test_a_check_found_off_is_on_no_record_only_where_the_ledger_was_read(row: dict[str, str]) -> None:
    """Another incident's response may have turned it off."""
    scene = Scene().faults(15)
    for name in FOUR:
        scene.aws.lambdas.person_sets(name, LIVENESS_ROLLOUT_PERCENTAGE="0")
    if row:
        put(scene, **row)
    scene.alarm()
    assert (piece("must.restore_manually") in scene.mail) is not bool(row)
    assert (piece("must.restore") in scene.mail) is bool(row)


def test_where_what_people_said_cannot_be_read_nothing_is_done_again() -> None:
    scene = Scene().faults(15)
    scene.aws.ssm.modes["everywhere"] = "observe"
    scene.alarm()
    scene.aws.ssm.modes["everywhere"] = "auto"
    put(scene, pk=f"INCIDENT#{scene.pointer['incident']}", sk="HEAD", watch="[")
    scene.aws.tick(minutes=6)
    with pytest.raises(Unreadable):
        scene.command("re-evaluate")
    assert scene.percentages() == ["50"] * 4
    assert scene.result["because"]["key"] == "guard.store_unreadable"


def test_a_change_just_after_the_first_is_reported_where_no_one_knows_what_was_notified_of_it() -> None:
    scene = Scene()
    scene.alarm()
    put(scene, pk=f"INCIDENT#{scene.pointer['incident']}", sk="HEAD", generation="one")
    scene.aws.tick(seconds=30)
    with pytest.raises(Unreadable):
        scene.alarm(at=scene.aws.now)
    assert len(scene.reported) == 2


def test_a_broken_pointer_of_this_very_alarm_is_reported_and_nothing_is_done() -> None:
    scene = Scene().faults(15)
    put(scene, pk="ALARMS", sk=ALARM, incident="mine", state="held")
    with pytest.raises(Unreadable):
        scene.alarm()
    assert scene.percentages() == ["50"] * 4
    assert scene.reported


@pytest.mark.parametrize("state", ["OK", "INSUFFICIENT_DATA"])
def test_a_state_of_a_time_to_come_is_put_on_no_record(state: str) -> None:
    scene = Scene()
    scene.alarm()
    before = scene.rows()
    with pytest.raises(BadEvent):
        scene.alarm(state=state, at=scene.aws.now + timedelta(minutes=6))
    assert scene.rows() == before
    # Two clocks may differ.
    scene.alarm(state=state, at=scene.aws.now + timedelta(minutes=4))
    assert scene.pointer["state"] == state


@pytest.mark.parametrize(
    "at", ["9999-12-31T23:59:59.000+0000", "0001-01-01T00:00:00Z", "2200-01-01T00:00:00Z"]
)
def test_a_time_beyond_the_calendar_is_no_time(at: str) -> None:
    scene = Scene().faults(15)
    event = scene.event()
    event["detail"]["state"]["timestamp"] = at
    with pytest.raises(BadEvent):
        scene.deliver(event)
    assert scene.aws.writes == []


@pytest.mark.parametrize("where", ["who", "why"])
def test_half_a_surrogate_pair_in_a_pause_silences_no_alarm(where: str) -> None:
    scene = Scene().faults(15)
    scene.aws.ssm.parameters["/responder/stops/release"] = json.dumps({where: "a\ud800b"})
    scene.alarm()
    assert scene.result["because"]["key"] == "guard.paused"
    assert scene.percentages() == ["50"] * 4


def put(scene: Scene, **row: str) -> None:
    """A row of another writer, or a part of one that is there."""
    key = {name: {"S": row[name]} for name in ("pk", "sk")}
    known = scene.aws.dynamo.get_item(TableName="Incidents", Key=key).get("Item", {})
    scene.aws.dynamo.put_item(TableName="Incidents", Item={**known, **to_item(row)})
