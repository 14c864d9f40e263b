"""Promises about what a run left half done: it is found, finished or said, and never called done."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from responder.core.change import Change, Lease, LeaseState, Plan, Status
from responder.core.errors import Changed, Denied, ResponderError, Throttled, Unreachable
from responder.core.plain_data import Json
from responder.core.switches import Switches
from responder.guards import Purpose, Question, leased
from responder.respond.proposal import resumed
from responder.store import Incidents
from tests.fakes import Died
from tests.log_lines import LogLines
from tests.unit.remedies.world import FACE_LOGIN, FOUR, ROLLOUT
from tests.unit.respond.scene import TRIES, FakeClaims, Scene
from tests.unit.respond.test_commands import ROLLOUT_TO_ZERO, applied, approved_restore, asked

UPDATE = ("lambda", "update_function_configuration")
READ = ("lambda", "get_function_configuration")


def state(scene: Scene) -> str:
    return str(scene.leases()[0]["state"])


def died(scene: Scene, deliver: Any) -> None:
    with pytest.raises(Died):
        deliver()
    scene.claims.running.clear()
    scene.aws.settle()


def test_continue_finds_what_a_run_that_died_has_set() -> None:
    scene = Scene().faults(15)
    scene.aws.fail("dynamodb", "transact_write_items", Died(), call=2)
    died(scene, scene.alarm)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert scene.percentages() == ["0"] * 4
    assert scene.result["result"] == "applied"
    assert state(scene) == "in_force"


def test_what_continue_finds_set_counts_towards_the_limits() -> None:
    scene = Scene().faults(15)
    scene.aws.fail("dynamodb", "transact_write_items", Died(), call=2)
    died(scene, scene.alarm)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    (row,) = scene.rows("APPLIED#")
    (lease,) = scene.leases()
    counted = json.loads(row["data"])
    assert (counted["ok"], counted["at"]) == (True, lease["at"])


def test_continue_counts_nothing_where_nothing_was_set() -> None:
    scene = Scene().faults(15)
    scene.aws.fail(*UPDATE, Died(), times=4)
    died(scene, scene.alarm)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert [json.loads(row["data"])["ok"] for row in scene.rows("APPLIED#")] in ([], [False])


def test_continue_gives_up_what_a_run_that_died_had_not_begun() -> None:
    scene = Scene().faults(15)
    scene.aws.fail(*UPDATE, Died(), times=4)
    died(scene, scene.alarm)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert scene.percentages() == ["50"] * 4
    assert scene.result["result"] == "failed"
    assert state(scene) == "failed"


def test_writes_without_an_answer_stay_leased_when_the_look_fails_too() -> None:
    scene = Scene().faults(15)
    scene.aws.fail(*UPDATE, Unreachable, times=4, after=True)
    # Six reads come before the writes, one of each function.
    scene.aws.fail(*READ, Throttled, call=7, times=999)
    scene.alarm()
    assert scene.percentages() == ["0"] * 4
    assert state(scene) == "partial"
    assert {change["note"]["key"] for change in scene.result["changes"]} == {"change.outcome_unknown"}


def test_continue_that_may_not_read_gives_no_lease_up() -> None:
    scene = applied()
    scene.aws.fail(*READ, Denied, times=99)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert state(scene) == "in_force"


def test_what_could_not_be_released_stays_leased() -> None:
    scene = applied(alias=True)
    scene.aws.fail("lambda", "publish_version", Denied, times=99)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert scene.result["result"] == "failed"
    assert state(scene) == "partial"


def test_a_lock_without_an_answer_that_is_held_is_used() -> None:
    scene = Scene().faults(15)
    scene.aws.fail("dynamodb", "transact_write_items", Unreachable, after=True)
    scene.alarm()
    assert scene.result["result"] == "applied"
    assert scene.percentages() == ["0"] * 4


def half_done_then_throttled() -> Scene:
    """One function was not set; since then Rekognition throttles."""
    scene = Scene().faults(15)
    scene.aws.fail(*UPDATE, Throttled, times=TRIES, where={"FunctionName": FACE_LOGIN})
    scene.alarm()
    scene.aws.settle()
    scene.aws.tick(minutes=5)
    return scene.faults(1, "ThrottlingException", minutes=2)


def test_lowered_security_is_not_finished_automatically_while_anything_is_throttled() -> None:
    scene = half_done_then_throttled()
    before = scene.percentages()
    scene.command("re-evaluate")
    assert scene.percentages() == before
    assert "50" in before
    assert scene.result["result"] == "asked"
    assert scene.result["because"]["key"] == "guard.throttled"


def half_done() -> Scene:
    """Two of four functions were set; five minutes later the same fault continues."""
    scene = Scene().faults(15)
    scene.aws.fail(*UPDATE, Throttled, call=3, times=99)
    scene.alarm()
    scene.aws.settle()
    scene.aws.heal()
    scene.aws.tick(minutes=6)
    scene.requests(100)
    return scene.faults(15)


def test_a_half_done_change_is_not_finished_automatically_where_the_alarm_cannot_be_evaluated() -> None:
    scene = half_done()
    before = scene.percentages()
    assert sorted(before) == ["0", "0", "50", "50"]
    scene.row = {"EvaluationState": "PARTIAL_DATA"}
    scene.command("re-evaluate")
    assert scene.percentages() == before
    assert scene.result["because"]["key"] == "guard.evaluation"
    # A person may still have it finished.
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.command("apply", proposal=proposal, **ROLLOUT_TO_ZERO)
    assert scene.percentages() == ["0"] * 4


def rejects(scene: Scene, proposal: str) -> None:
    who = "arn:aws:iam::123456789012:user/aiko"
    said = {
        "pk": proposal,
        "sk": "aiko",
        "decision": "reject",
        "principal": who,
        "at": scene.aws.now.isoformat(),
    }
    scene.aws.dynamo.put_item(TableName="Approvals", Item={name: {"S": each} for name, each in said.items()})


def test_a_half_done_change_that_a_person_rejected_is_not_finished_automatically() -> None:
    scene = half_done_then_throttled()
    scene.command("re-evaluate")
    before = scene.percentages()
    rejects(scene, scene.result["approval"])
    scene.aws.tick(minutes=70)
    scene.requests(100)
    scene.faults(15)
    scene.command("re-evaluate")
    assert scene.percentages() == before
    assert scene.result["because"]["key"] == "guard.rejected"


@pytest.mark.parametrize("order", ["alarm", "re-evaluate"])
def test_what_a_person_restored_after_a_run_had_died_is_not_set_again_automatically(order: str) -> None:
    scene = Scene().faults(15)
    scene.aws.fail("dynamodb", "transact_write_items", Died(), call=2)
    died(scene, scene.alarm)
    assert scene.percentages() == ["0"] * 4
    scene.aws.tick(minutes=2)
    for name in FOUR:
        scene.aws.lambdas.person_sets(name, **{ROLLOUT: "50"})
    scene.aws.tick(minutes=1)
    if order == "alarm":
        scene.alarm(at=scene.aws.now - timedelta(minutes=4))
    else:
        scene.command(order)
    assert scene.percentages() == ["50"] * 4
    assert scene.result["result"] == "asked"
    assert scene.result["because"]["key"] == "guard.recent_change"


def test_what_a_person_restored_after_a_run_had_died_is_not_set_again_under_an_earlier_approval() -> None:
    scene, proposal = asked()
    scene.approve(proposal)
    scene.aws.tick(seconds=5)
    scene.aws.fail("dynamodb", "transact_write_items", Died(), call=2)
    died(scene, lambda: scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal))
    assert scene.percentages() == ["0"] * 4
    scene.aws.tick(minutes=2)
    for name in FOUR:
        scene.aws.lambdas.person_sets(name, **{ROLLOUT: "50"})
    scene.aws.tick(minutes=1)
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert scene.percentages() == ["50"] * 4
    assert scene.result["because"]["key"] == "guard.proposal_changed"
    # It is requested again, and then applied.
    scene.command("re-evaluate")
    assert scene.result["result"] == "asked"
    scene.aws.tick(minutes=1)
    scene.approve(proposal)
    scene.aws.tick(seconds=5)
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert scene.percentages() == ["0"] * 4


@pytest.mark.parametrize(("minutes", "percentage"), [(3, "0"), (90, "50")])
def test_an_approval_does_not_last_longer_for_a_run_that_died(minutes: int, percentage: str) -> None:
    scene, proposal = asked()
    scene.approve(proposal)
    scene.aws.tick(seconds=5)
    scene.aws.fail(*UPDATE, Died(), times=4)
    died(scene, lambda: scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal))
    scene.aws.heal()
    scene.aws.tick(minutes=minutes)
    scene.requests(100)
    scene.faults(15, code="ThrottlingException")
    scene.command("re-evaluate")
    assert scene.percentages() == [percentage] * 4


def test_a_half_done_change_is_finished_where_nothing_has_changed() -> None:
    scene = half_done()
    scene.command("re-evaluate")
    assert scene.percentages() == ["0"] * 4


def test_a_person_may_have_lowered_security_finished() -> None:
    scene = half_done_then_throttled()
    scene.command("re-evaluate")
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.command("apply", proposal=proposal, **ROLLOUT_TO_ZERO)
    assert scene.percentages() == ["0"] * 4
    scene.aws.tick(minutes=1)
    scene.command("re-evaluate")
    assert scene.result["result"] == "already"


def test_what_a_person_approved_stays_approved_once_a_further_decision_has_finished_it() -> None:
    scene, proposal = asked()
    scene.approve(proposal)
    scene.aws.tick(seconds=5)
    scene.aws.fail(*UPDATE, Throttled, times=TRIES, where={"FunctionName": FACE_LOGIN})
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert (state(scene), scene.leases()[0]["by"]) == ("partial", "aiko")
    scene.aws.settle()
    scene.aws.tick(minutes=6)
    scene.faults(3, code="ThrottlingException")
    scene.command("re-evaluate")
    assert scene.percentages() == ["0"] * 4
    assert scene.leases()[0]["by"] == "aiko"


def test_finishing_an_act_counts_it_once_and_lengthens_nothing() -> None:
    scene = Scene().faults(15)
    scene.aws.fail(*UPDATE, Throttled, times=TRIES, where={"FunctionName": FACE_LOGIN})
    scene.alarm()
    begun = scene.leases()[0]["at"]
    scene.aws.settle()
    scene.aws.tick(minutes=5)
    scene.command("re-evaluate")
    assert scene.percentages() == ["0"] * 4
    assert len(scene.rows("APPLIED#")) == 1
    assert scene.leases()[0]["at"] == begun


def test_an_applied_approval_whose_message_failed_is_reported_as_made() -> None:
    scene, proposal = asked()
    scene.approve(proposal)
    scene.aws.tick(seconds=5)
    scene.aws.fail("sns", "publish", Unreachable)
    with pytest.raises(Unreachable):
        scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert scene.result["result"] == "already"
    assert len(scene.rows("APPLIED#")) == 1


def test_an_applied_approval_that_is_not_on_record_is_finished_by_the_retry() -> None:
    scene, proposal = asked()
    scene.approve(proposal)
    scene.aws.tick(seconds=5)
    scene.aws.fail("dynamodb", "transact_write_items", Unreachable, call=2)
    with pytest.raises(ResponderError, match="NotOnRecord"):
        scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    scene.aws.settle()
    scene.command("apply", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert scene.result["result"] == "applied"
    assert state(scene) == "in_force"


def returning(scene: Scene) -> str:
    scene.command("revert", **ROLLOUT_TO_ZERO)
    proposal = str(scene.result["approval"])
    scene.approve(proposal)
    scene.aws.tick(seconds=5)
    return proposal


def test_a_revert_that_died_is_never_called_done_by_continue() -> None:
    scene = applied()
    proposal = returning(scene)
    scene.aws.fail(*UPDATE, Died(), call=2, times=3)
    died(scene, lambda: scene.command("revert", **ROLLOUT_TO_ZERO, proposal=proposal))
    scene.aws.heal()
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert scene.result["because"]["key"] == "guard.revert_interrupted"
    assert state(scene) == "reverting"
    scene.command("revert", **ROLLOUT_TO_ZERO, proposal=proposal)
    assert scene.percentages() == ["50"] * 4


def test_a_revert_whose_message_failed_is_reported_by_the_retry() -> None:
    scene = applied()
    proposal = returning(scene)
    scene.command("revert", **ROLLOUT_TO_ZERO, proposal=proposal)
    scene.aws.settle()
    scene.aws.fail("sns", "publish", Unreachable)
    with pytest.raises(Unreachable):
        scene.command("finish", **ROLLOUT_TO_ZERO)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    assert scene.result["result"] == "reverted"
    assert scene.percentages() == ["50"] * 4


@pytest.mark.parametrize(("percent", "shown"), [(None, "50"), (10, "10"), (70, "50")])
def test_what_is_approved_is_what_the_revert_would_set(percent: int | None, shown: str) -> None:
    scene = applied()
    approved_restore(scene, percent=10)
    scene.command("finish", **ROLLOUT_TO_ZERO)
    scene.aws.tick(minutes=1)
    scene.command("revert", **ROLLOUT_TO_ZERO, wanted={} if percent is None else {"percent": percent})
    assert {(each["before"], each["after"]) for each in scene.result["changes"]} == {("10", shown)}


def test_a_step_that_is_no_percentage_is_refused_and_not_repeated() -> None:
    scene = applied()
    scene.command("revert", **ROLLOUT_TO_ZERO, wanted={"percent": "employee 4711"})
    assert scene.result["because"]["key"] == "obstacle.no_percentage"
    assert "4711" not in str([scene.rows(), scene.aws.sns.published])


@pytest.mark.parametrize("order", ["finish", "revert"])
def test_an_act_in_between_is_not_overwritten_by_what_was_read_before(order: str) -> None:
    scene = applied()
    proposal = returning(scene)

    def other() -> None:
        scene.aws.dynamo.update_item(
            TableName="Incidents",
            Key={"pk": {"S": "STACK"}, "sk": {"S": "VERSION"}},
            UpdateExpression="ADD version :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    scene.aws.between("dynamodb", "transact_write_items", other)
    with pytest.raises(Changed):
        scene.command(order, **ROLLOUT_TO_ZERO, proposal=proposal)
    assert scene.percentages() == ["0"] * 4
    assert state(scene) == "in_force"


def test_a_function_whose_variable_is_empty_is_not_left_out_silently() -> None:
    scene = Scene().faults(15)
    scene.aws.lambdas.functions[FACE_LOGIN].latest["Environment"]["Variables"][ROLLOUT] = ""
    scene.alarm()
    assert scene.percentages() == ["0"] * 4
    assert {change["target"] for change in scene.result["changes"]} == set(FOUR)


@pytest.mark.parametrize(
    "more",
    [
        {"AWS_ENDPOINT_URL": ""},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "True"},
    ],
)
def test_a_local_run_whose_endpoint_the_sdk_would_not_use_only_observes(more: dict[str, str]) -> None:
    scene = Scene().faults(15)
    scene.environment |= {"AWS_SAM_LOCAL": "true", **more}
    scene.alarm()
    assert scene.percentages() == ["50"] * 4


def test_a_look_that_dies_of_what_it_read_does_not_log_it(capsys: pytest.CaptureFixture[str]) -> None:
    scene = Scene().faults(15)

    def unreadable(**_: Any) -> Any:
        raise ValueError("employee 4711")

    scene.aws.answer("health", "describe_events", unreadable)
    scene.alarm()
    assert "4711" not in "".join(capsys.readouterr())


def test_what_is_noted_on_an_error_is_in_the_log_for_lambda_keeps_only_its_class_and_message(
    logged: LogLines,
) -> None:
    class Kept(FakeClaims):
        """Frees nothing."""

        def once(self, key: str, work: Any, context: Any, kept: Any) -> Json:
            try:
                return super().once(key, work, context, kept)
            except ResponderError as error:
                error.add_note("claim not freed: dynamodb:DeleteItem AccessDeniedException")
                raise

    scene = Scene(claims=Kept()).faults(15)
    scene.aws.fail("dynamodb", "transact_write_items", Unreachable, call=2)
    with pytest.raises(ResponderError):
        scene.alarm()
    assert len(scene.reported) == 1
    (line,) = [record for record in logged.records if record.getMessage() == "not answered"]
    assert line.__dict__["notes"] == ["claim not freed: dynamodb:DeleteItem AccessDeniedException"]


def test_a_doubtful_event_is_reported_under_the_incident_that_is_open() -> None:
    scene = Scene().faults(15, code="ThrottlingException")
    scene.alarm()
    scene.aws.tick(minutes=3)
    scene.claims.broken = True
    scene.alarm()
    assert scene.reported[-1]["incident"] == scene.reported[0]["incident"]


def test_a_night_without_data_does_not_keep_an_incident_open() -> None:
    scene = Scene().faults(15, code="ThrottlingException")
    scene.alarm()
    scene.aws.tick(minutes=5)
    scene.alarm(state="OK")
    scene.aws.tick(hours=9)
    scene.alarm(state="INSUFFICIENT_DATA")
    scene.aws.tick(hours=1)
    first = scene.pointer["incident"]
    scene.alarm()
    assert scene.pointer["incident"] != first


def test_a_state_whose_step_could_not_be_noted_is_noted_by_the_retry() -> None:
    scene = Scene()
    scene.alarm()
    event = scene.event("OK", at=scene.aws.now)
    scene.state = "OK"
    scene.aws.fail("dynamodb", "put_item", Unreachable)
    with pytest.raises(Unreachable):
        scene.deliver(event)
    scene.deliver(event)
    assert [row["kind"] for row in scene.rows("STEP#")].count("state") == 1


@pytest.mark.parametrize(("remedy", "free"), [("memory_increase", True), ("rollout_to_zero", False)])
def test_only_the_record_of_what_stays_can_be_replaced_by_another_incident(remedy: str, free: bool) -> None:
    scene = Scene()
    incidents = Incidents(scene.aws, "Incidents")
    now = scene.aws.now
    first = Lease(remedy, "target", "one", LeaseState.IN_FORCE, now, None, {}, ())
    incidents.settle(first, None, now)
    ledger = incidents.ledger()
    plan = Plan("target", (Change("target", "MemorySize", "256", "512"),))
    question = Question(Purpose.RESPOND, now, remedy, "two", Switches(), ledger, plan)
    assert (leased(question) is None) is free
    second = replace(first, incident="two", state=LeaseState.APPLYING)
    if free:
        incidents.begin(second, ledger.version, now)
        assert leased(replace(question, ledger=incidents.ledger())) is not None
    else:
        with pytest.raises(Changed):
            incidents.begin(second, ledger.version, now)


def test_when_a_target_changed_matters_only_where_something_is_left_to_be_set() -> None:
    now = Scene().aws.now
    changes = tuple(Change(name, ROLLOUT, "50", "0") for name in FOUR[:2])
    begun = Lease("rollout_to_zero", "liveness-rollout", "one", LeaseState.APPLYING, now, None, {}, changes)
    done, left = replace(changes[0], status=Status.ALREADY), changes[1]
    found = Plan("liveness-rollout", (done, left), modified={done.target: now, left.target: now})
    assert resumed(found, begun).modified == {left.target: now}
