"""Promises of the commands: continue, apply, revert, re-evaluate."""

import json
from typing import Any

import pytest

from responder.core.errors import BadEvent, Denied, Throttled, Unreachable
from responder.core.plain_data import Json
from tests.rows import all_rows
from tests.unit.remedies.world import FACE_LOGIN, FOUR, OTHERS, ROLLOUT, percentages
from tests.unit.respond.scene import TRIES, Scene, played_once

ROLLOUT_TO_ZERO = {"remedy": "rollout_to_zero"}


@played_once
def applied(alias: bool = False) -> Scene:
    """Rollout is at 0 %, and AWS is done with it."""
    scene = Scene().faults(15)
    if alias:
        for name in FOUR:
            scene.aws.lambdas.release(name, "live")
    scene.alarm()
    scene.aws.settle()
    return scene


@played_once
def _asked() -> Scene:
    scene = Scene().faults(15, code="ThrottlingException")
    scene.alarm()
    return scene


def asked() -> tuple[Scene, str]:
    """Throttling: rollout waits for approval."""
    scene = _asked()
    return scene, scene.result["approval"]


def approved_restore(scene: Scene, **wanted: Any) -> None:
    scene.command("revert", **ROLLOUT_TO_ZERO, wanted=wanted)
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.command("revert", **ROLLOUT_TO_ZERO, wanted=wanted, proposal=proposal)
    scene.aws.settle()


def test_continue_publishes_and_moves_the_alias_that_serves_the_traffic() -> None:
    scene = applied(alias=True)
    assert percentages(scene.aws, "live") == ["50"] * 4
    for _ in range(3):
        scene.command("finish", **ROLLOUT_TO_ZERO)
        scene.aws.settle()
        scene.aws.tick(minutes=1)
    assert percentages(scene.aws, "live") == ["0"] * 4
    assert scene.result["result"] == "applied"


def test_continue_without_a_lease_touches_nothing() -> None:
    scene, _ = asked()
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert scene.result["because"]["key"] == "guard.lease_ended"
    assert scene.percentages() == ["50"] * 4


def test_an_approved_proposal_is_applied_by_the_person_who_approved_it() -> None:
    scene, proposal = asked()
    scene.approve(proposal)
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert scene.percentages() == ["0"] * 4
    assert scene.leases()[0]["by"] == "aiko"


def test_its_message_and_its_record_say_who_had_approved_it() -> None:
    scene, proposal = asked()
    scene.approve(proposal)
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert "Approved by aiko" in json.dumps(scene.reported[-1]["outcomes"])
    assert carried_by(scene, proposal) == "aiko"


def test_the_message_of_an_approved_act_says_how_often_the_remedy_has_helped() -> None:
    scene, proposal = asked()
    scene.approve(proposal)
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert scene.result["record"]["key"] == "report.no_record"


def test_a_revert_that_was_carried_out_names_who_approved_it() -> None:
    scene = applied()
    approved_restore(scene)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert "Approved by aiko" in json.dumps(scene.reported[-1]["outcomes"])
    assert carried_by(scene, "") == "aiko"


def test_what_can_no_longer_be_carried_out_as_approved_counts_as_not_carried_out() -> None:
    scene, proposal = asked()
    scene.approve(proposal)
    scene.aws.lambdas.functions[FACE_LOGIN].latest["Environment"]["Variables"][ROLLOUT] = "20"
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert carried_by(scene, proposal) == ""


def carried_by(scene: Scene, proposal: str) -> str:
    (found,) = [row for row in scene.rows("PROPOSAL#") if proposal in row["sk"]]
    return str(found["carried_by"])


def test_nothing_is_applied_on_the_word_of_the_event_alone() -> None:
    scene, proposal = asked()
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal, approved=True, decision="approve")
    assert scene.result["because"]["key"] == "guard.not_approved"
    assert scene.percentages() == ["50"] * 4


def test_a_person_without_the_right_changes_nothing() -> None:
    scene, proposal = asked()
    scene.approve(proposal, person="ken")
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert scene.result["because"]["key"] == "guard.no_right"
    assert scene.percentages() == ["50"] * 4


@pytest.mark.parametrize(
    ("table", "operation", "right"),
    [
        ("Approvals", "query", "dynamodb:Query"),
        ("Incidents", "query", "dynamodb:Query"),
        ("Incidents", "get_item", "dynamodb:GetItem"),
    ],
)
def test_a_missing_read_permission_refuses_the_command_and_is_named(
    table: str, operation: str, right: str
) -> None:
    scene, proposal = asked()
    scene.approve(proposal)
    scene.aws.fail("dynamodb", operation, Denied, times=9, where={"TableName": table})
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert scene.result["because"]["values"]["action"] == right
    assert f"missing permission {right}" in scene.mail
    assert scene.percentages() == ["50"] * 4


def test_an_approval_after_thirty_minutes_is_too_late() -> None:
    scene, proposal = asked()
    scene.aws.tick(minutes=31)
    scene.approve(proposal)
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert scene.result["because"]["key"] == "guard.expired"
    assert scene.percentages() == ["50"] * 4


def test_a_proposal_whose_value_changed_meanwhile_is_no_longer_the_approved_one() -> None:
    scene, proposal = asked()
    scene.approve(proposal)
    scene.aws.lambdas.functions[FACE_LOGIN].latest["Environment"]["Variables"][ROLLOUT] = "20"
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert scene.result["because"]["key"] == "guard.proposal_changed"
    assert scene.percentages() == ["50", "20", "50", "50"]


def test_an_approval_does_not_override_observe() -> None:
    scene, proposal = asked()
    scene.approve(proposal)
    scene.aws.ssm.modes["everywhere"] = "observe"
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert scene.percentages() == ["50"] * 4


def test_the_same_approval_twice_does_one_thing() -> None:
    scene, proposal = asked()
    scene.approve(proposal)
    for _ in range(2):
        scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
        scene.aws.settle()
    assert scene.aws.count("lambda", "update_function_configuration") == 4
    assert [json.loads(row["data"])["ok"] for row in scene.rows("APPLIED#")].count(True) == 1


def test_rollout_is_restored_only_by_approval() -> None:
    scene = applied()
    scene.command("revert", **ROLLOUT_TO_ZERO)
    assert scene.result["result"] == "asked"
    assert scene.percentages() == ["0"] * 4


def test_an_approved_revert_restores_the_old_value_and_ends_the_lease() -> None:
    scene = applied()
    approved_restore(scene)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert scene.percentages() == ["50"] * 4
    assert [one["state"] for one in scene.leases()] == ["ended"]
    assert scene.aws.lambdas.variables(FACE_LOGIN) == {**OTHERS, ROLLOUT: "50"}


def test_rollout_comes_back_in_steps_and_the_lease_lasts_until_the_old_value() -> None:
    scene = applied()
    approved_restore(scene, percent=10)
    assert scene.percentages() == ["10"] * 4
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert scene.result["result"] == "stepped"
    assert [one["state"] for one in scene.leases()] == ["in_force"]
    scene.aws.tick(minutes=1)
    approved_restore(scene)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert scene.percentages() == ["50"] * 4
    assert [one["state"] for one in scene.leases()] == ["ended"]


@pytest.mark.parametrize("wanted", [{"percent": 10}, {}])
def test_a_step_back_is_reported_once_when_it_has_taken_effect(wanted: dict[str, int]) -> None:
    scene = applied()
    count = len(scene.reported)
    approved_restore(scene, **wanted)
    # The question.
    assert len(scene.reported) == count + 1
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert len(scene.reported) == count + 2
    (outcome,) = scene.reported[-1]["outcomes"]
    assert outcome["result"] == ("stepped" if wanted else "reverted")
    assert "in_progress" not in {each["status"] for each in outcome["changes"]}
    assert "Approved by aiko" in json.dumps(outcome["also"])


def test_a_revert_never_overwrites_what_a_person_set_since() -> None:
    scene = applied()
    scene.aws.lambdas.functions[FACE_LOGIN].latest["Environment"]["Variables"][ROLLOUT] = "5"
    approved_restore(scene)
    assert scene.percentages() == ["50", "5", "50", "50"]
    assert FACE_LOGIN not in [change["target"] for change in scene.result["changes"]]
    (lease,) = scene.leases()
    assert [each["target"] for each in lease["changes"] if each["status"] == "kept"] == [FACE_LOGIN]


def test_the_approval_of_one_step_does_not_allow_another() -> None:
    scene = applied()
    scene.command("revert", **ROLLOUT_TO_ZERO, wanted={"percent": 10})
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.command("revert", **ROLLOUT_TO_ZERO, wanted={"percent": 50}, proposal=proposal)
    assert scene.result["because"]["key"] == "guard.proposal_changed"
    assert scene.percentages() == ["0"] * 4


def test_the_approval_of_an_apply_is_none_for_its_revert() -> None:
    scene, proposal = asked()
    scene.approve(proposal)
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    scene.aws.settle()
    scene.command("revert", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert scene.percentages() == ["0"] * 4


def test_observe_postpones_a_revert_and_reports_it() -> None:
    scene = applied()
    scene.aws.ssm.modes["everywhere"] = "observe"
    approved_restore(scene)
    assert scene.result["because"]["key"] == "guard.mode_observe"
    assert scene.percentages() == ["0"] * 4


def test_a_revert_that_failed_for_one_function_is_finished_by_the_next() -> None:
    scene = applied()
    scene.command("revert", **ROLLOUT_TO_ZERO)
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.aws.fail(
        "lambda",
        "get_function_configuration",
        Unreachable,
        call=1,
        times=1,
        where={"FunctionName": FACE_LOGIN},
    )
    scene.command("revert", **ROLLOUT_TO_ZERO, proposal=proposal)
    scene.aws.settle()
    assert scene.percentages() == ["50", "0", "50", "50"]
    scene.aws.tick(minutes=1)
    scene.command("revert", **ROLLOUT_TO_ZERO)
    assert scene.result["result"] == "asked"
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.command("revert", **ROLLOUT_TO_ZERO, proposal=proposal)
    scene.aws.settle()
    assert scene.percentages() == ["50"] * 4


@all_rows(
    ("command", "reason"),
    [
        ({"incident": "FaceAuth-Liveness-HighErrorRate-20200101T000000Z"}, "guard.unknown_incident"),
        ({"incident": "FaceAuth-Other-20260204T102400Z"}, "guard.unknown_incident"),
        ({"remedy": "format_the_disk"}, "guard.unknown_remedy"),
        ({"remedy": "memory_increase", "scope": "result"}, "guard.unknown_remedy"),
    ],
)
@all_rows("order", ["finish", "apply", "revert"])
def test_a_command_for_something_unknown_is_reported_and_touches_nothing(
    order: str, command: dict[str, str], reason: str
) -> None:
    scene = applied()
    writes = len(scene.aws.sent("lambda", "update_function_configuration"))
    scene.command(order, **{**ROLLOUT_TO_ZERO, **command})
    assert scene.result["because"]["key"] == reason
    assert len(scene.aws.sent("lambda", "update_function_configuration")) == writes


@pytest.mark.parametrize(
    "bad", [{"command": "destroy"}, {"incident": 3}, {"wanted": "all"}, {"remedy": "x" * 200}]
)
def test_an_unreadable_command_goes_to_the_failure_path(bad: Json) -> None:
    scene = applied()
    calls = len(scene.aws.calls)
    with pytest.raises(BadEvent):
        scene.deliver({"command": "finish", "incident": scene.pointer["incident"], **bad})
    assert len(scene.aws.calls) == calls


def test_re_evaluate_acts_on_what_has_become_clear_since() -> None:
    scene = Scene().faults(2)
    scene.alarm()
    assert scene.percentages() == ["50"] * 4
    scene.aws.tick(minutes=30)
    scene.requests(200)
    scene.faults(15)
    scene.command("re-evaluate")
    assert scene.percentages() == ["0"] * 4


def test_re_evaluate_changes_nothing_when_it_is_over() -> None:
    scene = Scene().faults(15, code="ThrottlingException")
    scene.alarm()
    scene.state = "OK"
    scene.command("re-evaluate")
    assert scene.result["result"] == "observed"


def test_re_evaluate_does_not_repeat_what_is_in_force() -> None:
    scene = applied()
    scene.command("finish", **ROLLOUT_TO_ZERO)
    count = len(scene.reported)
    answer = scene.command("re-evaluate")
    assert answer["results"] == {"rollout_to_zero": "already"}
    assert len(scene.rows("APPLIED#")) == 1
    assert len(scene.reported) == count, "what was told already is not told again"


def test_re_evaluate_reports_where_the_decision_has_changed() -> None:
    scene = Scene()
    scene.alarm()
    scene.faults(15)
    scene.aws.tick(minutes=5)
    scene.command("re-evaluate")
    assert [one["cause"]["key"] for one in scene.reported] == ["cause.unknown", "cause.internal"]


def test_re_evaluate_does_not_overwrite_a_person_who_undid_it() -> None:
    scene = applied()
    scene.command("finish", **ROLLOUT_TO_ZERO)
    scene.aws.lambdas.functions[FACE_LOGIN].latest["Environment"]["Variables"][ROLLOUT] = "50"
    scene.command("re-evaluate")
    assert scene.result["because"]["key"] == "guard.undone_since"
    assert scene.percentages() == ["0", "50", "0", "0"]


def test_an_approval_just_before_the_proposal_is_asked_again_still_counts() -> None:
    scene, proposal = asked()
    scene.approve(proposal)
    scene.aws.tick(minutes=2)
    scene.command("re-evaluate")
    assert scene.result["approval"] == proposal
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert scene.percentages() == ["0"] * 4


def test_an_approval_is_good_for_one_revert() -> None:
    scene = applied()
    scene.command("revert", **ROLLOUT_TO_ZERO, wanted={"percent": 10})
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.command("revert", **ROLLOUT_TO_ZERO, wanted={"percent": 10}, proposal=proposal)
    scene.aws.settle()
    for name in FOUR:
        scene.aws.lambdas.functions[name].latest["Environment"]["Variables"][ROLLOUT] = "0"
    scene.aws.tick(minutes=1)
    scene.command("revert", **ROLLOUT_TO_ZERO, wanted={"percent": 10}, proposal=proposal)
    assert scene.percentages() == ["0"] * 4


def test_a_revert_waits_while_another_change_is_in_flight() -> None:
    scene = applied()
    scene.aws.lambdas.functions[FACE_LOGIN].latest["LastUpdateStatus"] = "InProgress"
    approved_restore(scene)
    assert scene.result["because"]["key"] == "obstacle.in_flight"
    assert scene.aws.count("lambda", "update_function_configuration") == 4 + 3


def test_a_new_decision_does_not_finish_a_revert() -> None:
    scene = applied()
    scene.command("revert", **ROLLOUT_TO_ZERO)
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.aws.fail(
        "lambda", "update_function_configuration", Throttled, times=TRIES, where={"FunctionName": FACE_LOGIN}
    )
    scene.command("revert", **ROLLOUT_TO_ZERO, proposal=proposal)
    scene.aws.settle()
    assert scene.percentages() == ["50", "0", "50", "50"]
    scene.command("re-evaluate")
    assert scene.result["because"]["key"] == "guard.being_reverted"
    assert scene.percentages() == ["50", "0", "50", "50"]


def _closes(scene: Scene) -> str:
    """The alarm's pointer says that the incident has ended."""
    incident = str(scene.pointer["incident"])
    scene.aws.dynamo.update_item(
        TableName="Incidents",
        Key={"pk": {"S": "ALARMS"}, "sk": {"S": scene.pointer["slug"]}},
        UpdateExpression="SET closed = :yes",
        ExpressionAttributeValues={":yes": {"BOOL": True}},
    )
    return incident


def test_nothing_is_done_for_a_closed_incident() -> None:
    scene = Scene()
    scene.alarm()
    incident = _closes(scene)
    for order in ("re-evaluate", "finish", "apply", "revert"):
        scene.command(order, incident=incident, **({} if order == "re-evaluate" else ROLLOUT_TO_ZERO))
        assert scene.result["because"]["key"] == "guard.incident_closed"
    assert scene.percentages() == ["50"] * 4


def test_what_is_left_of_a_closed_incident_can_still_be_reverted() -> None:
    scene = applied()
    incident = _closes(scene)
    scene.command("revert", incident=incident, **ROLLOUT_TO_ZERO)
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.command("revert", incident=incident, proposal=proposal, **ROLLOUT_TO_ZERO)
    assert scene.percentages() == ["50"] * 4


def test_what_is_left_of_a_closed_incident_is_reported_immediately_since_nothing_follows_it() -> None:
    scene = applied()
    incident = _closes(scene)
    scene.command("revert", incident=incident, **ROLLOUT_TO_ZERO)
    proposal = scene.result["approval"]
    scene.approve(proposal)
    before = len(scene.reported)
    scene.command("revert", incident=incident, proposal=proposal, **ROLLOUT_TO_ZERO)
    (messages,) = scene.reported[before:]
    (outcome,) = messages["outcomes"]
    assert outcome["remedy"] == "rollout_to_zero"
    assert {each["status"] for each in outcome["changes"]} == {"in_progress"}


def test_what_is_left_of_an_incident_that_was_replaced_can_still_be_reverted() -> None:
    scene = applied()
    incident = _closes(scene)
    scene.aws.tick(minutes=30)
    scene.alarm()
    assert scene.pointer["incident"] != incident
    scene.command("revert", incident=incident, **ROLLOUT_TO_ZERO)
    assert scene.result["result"] == "asked"


def test_who_may_approve_follows_from_the_remedy_not_from_its_row() -> None:
    scene, proposal = asked()
    key = {"pk": {"S": f"INCIDENT#{scene.pointer['incident']}"}, "sk": {"S": f"PROPOSAL#{proposal}"}}
    stored = scene.aws.dynamo.get_item(TableName="Incidents", Key=key)["Item"]
    forged = json.loads(stored["data"]["S"]) | {"effect": "costs_money"}
    scene.aws.dynamo.put_item(TableName="Incidents", Item={**stored, "data": {"S": json.dumps(forged)}})
    # ken may spend money, and not lower security.
    scene.approve(proposal, "ken", "U0KEN")
    scene.command("apply", proposal=proposal, **ROLLOUT_TO_ZERO)
    assert scene.result["because"]["key"] == "guard.no_right"
    assert scene.percentages() == ["50"] * 4


def test_what_a_newer_version_puts_on_record_does_not_blind_an_older_one() -> None:
    scene = applied()
    key = {"pk": {"S": "STACK"}, "sk": {"S": scene.rows("LEASE#")[0]["sk"]}}
    stored = scene.aws.dynamo.get_item(TableName="Incidents", Key=key)["Item"]
    data = json.loads(stored["data"]["S"])
    newer = data | {"colour": "blue", "changes": [each | {"mood": "good"} for each in data["changes"]]}
    scene.aws.dynamo.put_item(TableName="Incidents", Item={**stored, "data": {"S": json.dumps(newer)}})
    scene.command("revert", **ROLLOUT_TO_ZERO)
    assert scene.result["result"] == "asked"
