"""Promises of a response that acts."""

import json

import pytest

from responder.core.errors import BeingAnswered, Denied, Throttled, Unreachable
from responder.core.liveness_function import LivenessFunction
from responder.core.remedy import RemedyName
from responder.core.text import text
from responder.core.verdict import Result
from responder.remedies.repair_environment import RepairEnvironment
from responder.remedies.rollout_to_zero import RolloutToZero
from responder.respond.proposal import outcome_of
from tests.fakes import Died
from tests.unit.remedies.world import FACE_LOGIN, FOUR, OTHERS, ROLLOUT
from tests.unit.respond.scene import TRIES, Scene


def test_faults_of_the_service_take_users_off_the_check_on_all_four_functions() -> None:
    scene = Scene().faults(15)
    scene.alarm()
    assert scene.percentages() == ["0", "0", "0", "0"]
    assert scene.result["result"] == "applied"


def test_a_response_keeps_every_other_variable() -> None:
    scene = Scene().faults(15)
    scene.alarm()
    for name in FOUR:
        assert scene.aws.lambdas.variables(name) == {**OTHERS, ROLLOUT: "0"}


def test_no_value_of_another_variable_is_reported_or_stored() -> None:
    scene = Scene().faults(15)
    scene.alarm()
    assert "s3cret" not in json.dumps(scene.rows(), default=str)
    assert "s3cret" not in json.dumps(scene.aws.sns.published)


def test_the_lease_is_on_record_before_the_first_write() -> None:
    scene = Scene().faults(15)
    seen: list[str] = []
    scene.aws.between(
        "lambda", "update_function_configuration", lambda: seen.extend(one["state"] for one in scene.leases())
    )
    scene.alarm()
    assert seen == ["applying"]
    assert [one["state"] for one in scene.leases()] == ["in_force"]


def test_the_first_line_says_that_security_is_lowered() -> None:
    scene = Scene().faults(15)
    scene.alarm()
    assert scene.mail.startswith("[SECURITY LOWERED]")


def test_the_same_event_twice_is_one_response() -> None:
    scene = Scene().faults(15)
    event = scene.event()
    first, second = scene.deliver(event), scene.deliver(event)
    assert first == second
    assert len(scene.reported) == 1


def test_a_delivery_while_another_one_is_at_work_is_left_to_lambdas_retry() -> None:
    scene = Scene().faults(15)
    event = scene.event()

    def twin() -> None:
        with pytest.raises(BeingAnswered):
            scene.deliver(event)

    scene.aws.between("sns", "publish", twin)
    scene.deliver(event)
    assert len(scene.reported) == 1


def test_where_one_function_has_an_obstacle_a_person_is_asked_about_the_others() -> None:
    scene = Scene().faults(15)
    scene.aws.lambdas.lock_key(FACE_LOGIN)
    scene.alarm()
    assert scene.percentages() == ["50"] * 4
    assert (scene.result["result"], scene.result["because"]["key"]) == ("asked", "guard.others_possible")


def test_without_a_claim_it_only_observes_and_says_that_it_may_repeat_and_why() -> None:
    scene = Scene().faults(15)
    scene.claims.broken = True
    scene.alarm()
    assert scene.percentages() == ["50"] * 4
    assert scene.result["result"] == "observed"
    assert "duplicate" in scene.mail.lower()
    assert "missing permission dynamodb:PutItem" in scene.mail


def test_a_run_that_died_after_the_write_is_finished_by_the_next_without_writing_twice() -> None:
    scene = Scene().faults(15)
    scene.aws.fail("dynamodb", "transact_write_items", Died(), call=2)
    with pytest.raises(Died):
        scene.alarm()
    scene.claims.running.clear()
    scene.aws.settle()
    writes = scene.aws.count("lambda", "update_function_configuration")
    scene.alarm()
    assert scene.aws.count("lambda", "update_function_configuration") == writes
    assert scene.result["result"] == "applied"
    assert [change["before"] for change in scene.leases()[0]["changes"]] == ["50"] * 4
    assert [one["state"] for one in scene.leases()] == ["in_force"]


def test_one_function_that_failed_is_reported_and_finished_by_a_later_decision() -> None:
    scene = Scene().faults(15)
    scene.aws.fail(
        "lambda", "update_function_configuration", Throttled, times=TRIES, where={"FunctionName": FACE_LOGIN}
    )
    scene.alarm()
    assert scene.result["result"] == "partial"
    assert scene.percentages().count("0") == 3
    assert [one["state"] for one in scene.leases()] == ["partial"]
    scene.aws.settle()
    scene.command("re-evaluate")
    assert scene.percentages() == ["0"] * 4
    assert [one["state"] for one in scene.leases()] == ["in_force"]


def test_a_failed_act_burns_no_counter_of_changes() -> None:
    scene = Scene().faults(15)
    scene.aws.fail("lambda", "update_function_configuration", Denied, times=99)
    scene.alarm()
    assert scene.result["result"] == "failed"
    row = json.loads(scene.rows("APPLIED#")[0]["data"])
    assert row["ok"] is False
    assert [one["state"] for one in scene.leases()] == ["failed"]


def test_what_could_not_be_put_on_record_is_reported_and_tried_again() -> None:
    scene = Scene().faults(15)
    scene.aws.fail("dynamodb", "transact_write_items", Unreachable, call=2)
    with pytest.raises(Exception, match="NotOnRecord"):
        scene.alarm()
    assert scene.percentages() == ["0"] * 4
    assert "record" in scene.mail
    scene.aws.settle()
    scene.alarm()
    assert [one["state"] for one in scene.leases()] == ["in_force"]
    assert [change["before"] for change in scene.leases()[0]["changes"]] == ["50"] * 4


def test_when_the_lock_cannot_be_taken_nothing_is_changed() -> None:
    scene = Scene().faults(15)
    scene.aws.fail("dynamodb", "transact_write_items", Unreachable)
    scene.alarm()
    assert scene.percentages() == ["50"] * 4
    assert scene.result["result"] == "refused"


def test_a_person_gets_an_error_when_no_one_could_be_notified() -> None:
    scene = Scene().faults(15)
    scene.aws.fail("sns", "publish", Unreachable)
    with pytest.raises(Unreachable):
        scene.alarm()
    scene.aws.settle()
    scene.alarm()
    assert scene.result["result"] in ("applied", "already")
    assert len(scene.reported) == 1


def test_another_response_that_acts_at_the_same_moment_makes_this_one_judge_again() -> None:
    scene = Scene().faults(15)

    def other() -> None:
        scene.aws.dynamo.update_item(
            TableName="Incidents",
            Key={"pk": {"S": "STACK"}, "sk": {"S": "VERSION"}},
            UpdateExpression="ADD version :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    scene.aws.between("dynamodb", "transact_write_items", other)
    scene.alarm()
    assert scene.result["result"] == "applied"


def test_each_applied_change_names_the_drift() -> None:
    scene = Scene().faults(15)
    scene.alarm()
    assert "change.drift" in [reason["key"] for reason in scene.result["also"]]


def test_a_repair_sets_what_the_cdk_definition_has_so_it_is_no_drift() -> None:
    for remedy in (RepairEnvironment(LivenessFunction.RESULT), RolloutToZero()):
        made = outcome_of(remedy, Result.APPLIED, text("why.command"), None, ())
        assert (text("change.drift") in made.also) is (remedy.name is RemedyName.ROLLOUT_TO_ZERO)
