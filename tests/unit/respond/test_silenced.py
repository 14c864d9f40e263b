"""An alarm that people have silenced in CloudWatch: it is investigated, and nothing is touched."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from responder.core.errors import Denied
from responder.core.plain_data import Json
from responder.core.settings import Settings
from tests.texts import piece
from tests.unit.respond.scene import ALARM, Scene
from tests.unit.respond.test_commands import ROLLOUT_TO_ZERO, applied, asked

RULE = "arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:night"


def stamp(scene: Scene, **ahead: float) -> str:
    return (scene.aws.now + timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def changed(scene: Scene, state: Json | None = None, **detail: Any) -> Json:
    """The ALARM event, with more in it."""
    event = scene.event()
    event["detail"] = {**event["detail"], **detail, "state": {**event["detail"]["state"], **(state or {})}}
    return event


# --- before, during and after the event -------------------------------------------------------------


def _disabled(scene: Scene) -> None:
    scene.row = {"ActionsEnabled": False}
    scene.alarm()


def _suppressed(scene: Scene) -> None:
    scene.row = {"ActionsSuppressedBy": "Alarm", "ActionsSuppressor": "Maintenance"}
    scene.alarm()


def _suppressed_when_it_changed(scene: Scene) -> None:
    """The suppression may have ended before we look; then the alarm sends its state once more."""
    held = {"actionsSuppressedBy": "WaitPeriod"}
    scene.deliver(changed(scene, held, configuration={"actionsSuppressor": "Maintenance"}))


def _rule(scene: Scene) -> None:
    scene.mutes = ["night"]
    scene.alarm()


def _muted_when_it_changed(scene: Scene) -> None:
    window = {"muteWindowStart": stamp(scene, hours=-1), "muteWindowEnd": stamp(scene, hours=2)}
    scene.deliver(changed(scene, muteDetail={"mutedByArn": RULE, **window}))


def _muted_by_an_unreadable_rule(scene: Scene) -> None:
    scene.deliver(changed(scene, muteDetail="yes"))


WAYS: list[tuple[Callable[[Scene], None], str]] = [
    (_disabled, "guard.actions_disabled"),
    (_suppressed, "guard.suppressed"),
    (_suppressed_when_it_changed, "guard.suppressed"),
    (_rule, "guard.muted"),
    (_muted_when_it_changed, "guard.muted_event"),
    (_muted_by_an_unreadable_rule, "guard.muted_event"),
]


@pytest.mark.parametrize(("silence", "reason"), WAYS, ids=[one[0].__name__[1:] for one in WAYS])
def test_a_silenced_alarm_is_reported_of_and_nothing_is_touched(
    silence: Callable[[Scene], None], reason: str
) -> None:
    scene = Scene().faults(15)
    silence(scene)
    assert scene.percentages() == ["50"] * 4
    assert scene.aws.count("lambda", "update_function_configuration") == 0
    assert scene.result["result"] == "observed"
    assert scene.result["because"]["key"] == reason
    assert [each["key"] for each in scene.reported[-1]["warnings"]] == [reason]


@pytest.mark.parametrize(("silence", "reason"), WAYS, ids=[one[0].__name__[1:] for one in WAYS])
def test_what_silences_it_is_reported_also_where_there_was_nothing_to_do(
    silence: Callable[[Scene], None], reason: str
) -> None:
    scene = Scene()
    silence(scene)
    assert scene.reported[-1]["outcomes"] == []
    assert [each["key"] for each in scene.reported[-1]["warnings"]] == [reason]


def test_of_a_mute_the_end_is_reported_and_the_follow_up_decides_again_then() -> None:
    scene = Scene().faults(15)
    scene.mutes = ["night"]
    _muted_when_it_changed(scene)
    assert scene.result["until"] == f"{scene.aws.now + timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}"
    assert scene.result["because"]["key"] == "guard.muted"
    assert 'The CloudWatch mute rule "night" is in force (until Feb 04 12:25 UTC)' in scene.mail
    # The event and the list hold one rule, not two.
    assert len(scene.reported[-1]["warnings"]) == 1


def test_of_several_mute_rules_each_is_named_and_the_command_shows_them_all() -> None:
    scene = Scene().faults(15)
    scene.mutes = ["week", "night"]
    _muted_when_it_changed(scene)
    said = 'The CloudWatch mute rules "week", "night" are in force'
    assert [each["text"] for each in scene.reported[-1]["warnings"]] == [said]
    assert said in scene.mail.splitlines()[0]
    assert scene.result["because"]["key"] == "guard.muted_by_several"
    # That of the other rule is unknown.
    assert scene.result["until"] is None
    assert f"list-alarm-mute-rules --region us-east-1 --alarm-name {ALARM} --statuses ACTIVE" in scene.mail


def test_once_its_window_is_over_the_mute_that_the_event_reported_of_holds_nothing() -> None:
    scene = Scene().faults(15)
    scene.deliver(changed(scene, muteDetail={"mutedByArn": RULE, "muteWindowEnd": stamp(scene, seconds=-5)}))
    assert scene.percentages() == ["0"] * 4


def test_an_alarm_that_is_heard_again_is_answered_again() -> None:
    scene = Scene().faults(15)
    _disabled(scene)
    scene.row = {}
    scene.aws.tick(minutes=6)
    scene.command("re-evaluate")
    assert scene.percentages() == ["0"] * 4


# --- commands ---------------------------------------------------------------------------------------


def test_what_was_approved_waits_until_the_alarm_is_heard_again() -> None:
    scene, proposal = asked()
    scene.approve(proposal)
    scene.row = {"ActionsEnabled": False}
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert (scene.result["result"], scene.result["because"]["key"]) == ("refused", "guard.actions_disabled")
    assert scene.percentages() == ["50"] * 4
    scene.row = {}
    scene.aws.tick(minutes=1)
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert scene.percentages() == ["0"] * 4


def test_what_is_in_force_is_not_finished() -> None:
    scene = applied(alias=True)
    before = scene.aws.count("lambda", "update_function_configuration")
    scene.row = {"ActionsEnabled": False}
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert (scene.result["result"], scene.result["because"]["key"]) == ("refused", "guard.actions_disabled")
    assert scene.aws.count("lambda", "update_function_configuration") == before


def test_whether_it_is_silenced_has_to_be_known_to_finish_it() -> None:
    scene = applied(alias=True)
    scene.aws.fail("cloudwatch", "describe_alarms", Denied, times=9)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert scene.result["because"]["key"] == "guard.alarm_unreadable"


def _stopped(scene: Scene) -> None:
    scene.aws.ssm.parameters["/responder/stops/release"] = "stop"


def _observing(scene: Scene) -> None:
    scene.aws.ssm.modes["everywhere"] = "observe"


def _unreadable(scene: Scene) -> None:
    scene.aws.fail("cloudwatch", "describe_alarms", Denied, times=99)


STOPS: dict[str, tuple[Callable[[Scene], object], str]] = {
    "actions disabled": (lambda scene: scene.row.update(ActionsEnabled=False), "guard.actions_disabled"),
    "a mute rule": (lambda scene: scene.mutes.append("night"), "guard.muted"),
    "an alarm that cannot be read": (_unreadable, "guard.alarm_unreadable"),
    "a stop": (_stopped, "guard.paused"),
    "the mode observe": (_observing, "guard.mode_observe"),
}


@pytest.mark.parametrize("what", STOPS)
def test_the_revert_can_be_asked_for_and_approved_whatever_stops_it_now(what: str) -> None:
    """The stop holds the act, which is reported; once it has ended, the approval that was given counts."""
    stop, reason = STOPS[what]
    scene = applied()
    stop(scene)
    scene.command("revert", **ROLLOUT_TO_ZERO)
    assert scene.result["result"] == "asked"
    (waits,) = scene.result["also"]
    assert (waits["key"], waits["values"]["detail"]["key"]) == ("order.waits", reason)
    stopped = "No automatic changes for now"
    assert (stopped in scene.reported[-1]["headlines"]["en"]) == (
        what in ("actions disabled", "a mute rule", "a stop")
    )
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.aws.tick(seconds=30)
    scene.command("revert", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert (scene.result["result"], scene.result["because"]["key"]) == ("refused", reason)
    assert scene.percentages() == ["0"] * 4
    scene.row, scene.mutes = {}, []
    scene.aws.heal()
    scene.aws.ssm.parameters.pop("/responder/stops/release", None)
    scene.aws.ssm.modes["everywhere"] = "auto"
    scene.aws.tick(minutes=1)
    scene.command("revert", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert scene.percentages() == ["50"] * 4


def test_what_is_in_force_goes_back_also_when_its_alarm_is_gone() -> None:
    scene = applied()
    scene.gone = True
    scene.command("revert", **ROLLOUT_TO_ZERO)
    assert scene.result["result"] == "asked"


# --- an alarm that sends its state once more --------------------------------------------------------


def released(scene: Scene) -> Json:
    """The suppression has ended: the alarm sends ALARM again, as AWS does it."""
    before = {"value": "ALARM", "actionsSuppressedBy": "WaitPeriod"}
    return changed(scene, previousState=before)


def test_when_the_suppression_ends_the_same_incident_is_answered_in_full() -> None:
    scene = Scene().faults(15)
    _suppressed_when_it_changed(scene)
    incident = scene.pointer["incident"]
    scene.aws.tick(minutes=2)
    scene.deliver(released(scene))
    assert scene.percentages() == ["0"] * 4
    assert scene.pointer["incident"] == incident
    assert [each["outcomes"][0]["result"] for each in scene.reported] == ["observed", "applied"]


def test_the_same_state_reported_again_for_another_reason_is_only_noted() -> None:
    scene = Scene().faults(15)
    scene.alarm()
    scene.aws.tick(minutes=2)
    answer = scene.deliver(changed(scene, previousState={"value": "ALARM"}))
    assert answer["decided"] == "a moment ago"
    assert len(scene.reported) == 1


# --- an alarm that is not what it was ---------------------------------------------------------------


@pytest.mark.parametrize("kind", ["CompositeAlarm", "LogAlarm"])
def test_an_alarm_that_has_become_another_type_is_answered_by_its_playbook(kind: str) -> None:
    scene = Scene(kind=kind).faults(15)
    scene.alarm()
    assert scene.percentages() == ["0"] * 4


@pytest.mark.parametrize("state", ["PARTIAL_DATA", "EVALUATION_ERROR", "EVALUATION_FAILURE", "NEW"])
def test_an_alarm_that_cloudwatch_cannot_evaluate_only_asks(state: str) -> None:
    scene = Scene().faults(15)
    scene.row = {"EvaluationState": state}
    scene.alarm()
    assert scene.percentages() == ["50"] * 4
    assert (scene.result["result"], scene.result["because"]["key"]) == ("asked", "guard.evaluation")
    assert piece("guard.evaluation") in scene.mail
    scene.approve(scene.result["approval"])
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=scene.result["approval"])
    assert scene.percentages() == ["0"] * 4


def test_weak_evidence_is_reported_before_a_weak_evaluation() -> None:
    scene = Scene().faults(15, code="ThrottlingException")
    scene.row = {"EvaluationState": "PARTIAL_DATA"}
    scene.alarm()
    assert scene.result["because"]["key"] != "guard.evaluation"
    assert "guard.evaluation" in [each["key"] for each in scene.reported[-1]["warnings"]]


CONTRIBUTOR = {"id": "6d442278dba546f6", "attributes": {"TableName": "sessions"}}


@pytest.mark.parametrize("state", ["ALARM", "OK"])
@pytest.mark.parametrize("shape", ["event", "action"])
def test_a_contributor_says_nothing_of_its_alarm(state: str, shape: str) -> None:
    """One time series of several that is OK would else end the incident of all of them."""
    scene = Scene().faults(15)
    scene.alarm()
    before = scene.rows()
    event = scene.event(state, at=scene.aws.now)
    detail = {**event.pop("detail"), "alarmContributor": CONTRIBUTOR}
    given = {**event, "detail-type": "CloudWatch Alarm Contributor State Change", "detail": detail}
    action = {"source": "aws.cloudwatch", "alarmArn": event["resources"][0], "alarmData": detail}
    assert scene.deliver(given if shape == "event" else action) == {"ignored": "contributor"}
    assert scene.rows() == before
    assert len(scene.reported) == 1


def test_an_odd_name_of_a_mute_rule_is_shown_as_unknown() -> None:
    scene = Scene().faults(15)
    odd = "<script>\nGuard: none"
    scene.deliver(changed(scene, muteDetail={"mutedByArn": odd, "muteWindowEnd": "soon"}))
    (warning,) = scene.reported[-1]["warnings"]
    assert warning["values"]["name"] == "?"
    assert ALARM in json.dumps(scene.reported[-1])


# --- other alarms get no data -----------------------------------------------------------------------


def test_the_message_says_which_other_alarms_get_no_data() -> None:
    """Half of the alarms cannot fire while this one does: on-call must not take their quiet for health."""
    scene = Scene()
    times = [(scene.aws.now - timedelta(minutes=each), 1.0) for each in range(60)]
    made = "FaceAuth-CreateLivenessSession"
    scene.figures.data.pop((Settings().namespace, "SessionCreated", frozenset()), None)
    scene.figures.put("AWS/Lambda", "Invocations", times, FunctionName=made)
    watched = {"Namespace": Settings().namespace, "MetricName": "SessionCreationError"}
    scene.row = {"AlarmName": "FaceAuth-Liveness-SessionCreationErrors", **watched}
    scene.alarm()
    (warning,) = scene.reported[-1]["warnings"]
    assert warning["key"] == "evidence.lost.blind"
    assert (warning["values"]["function"], warning["values"]["count"]) == (made, 1)
