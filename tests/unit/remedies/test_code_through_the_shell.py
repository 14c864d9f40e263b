"""Two alarms of one fault ask for the same: approved twice, done once. And the revert."""

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from responder.core.cause import Cause
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.manual import GENERAL
from responder.core.modes import Mode, Severity
from responder.core.plain_data import Json
from responder.core.text import text
from responder.core.verdict import Proposal, Verdict
from responder.evidence import Facts
from responder.remedies import Remedy
from responder.remedies.alias_rollback import AliasRollback
from responder.remedies.repair_environment import RepairEnvironment
from responder.respond.playbook import Playbook
from tests.fakes.registered import document
from tests.unit.respond.scene import ALARM, RESULT, Scene

OTHER_ALARM = "FaceAuth-GetLivenessResult-Errors"
TABLE = "LIVENESS_SESSIONS_TABLE"


@frozen
class Case:
    """A remedy, the fault it cures, and the one call that cures it."""

    remedy: Remedy
    broken: Callable[[Scene], None]
    write: str

    @property
    def names(self) -> dict[str, str]:
        return {"remedy": self.remedy.name, "scope": self.remedy.scope}


def bad_release(scene: Scene) -> None:
    lambdas = scene.aws.lambdas
    for code in ("code-1", "code-2", "code-3"):
        lambdas.person_deploys(RESULT, code)
        lambdas.release(RESULT, "live")
    at = scene.aws.now + timedelta(minutes=20)
    scene.figures.put(
        "AWS/Lambda", "Invocations", [(at, 40.0)], FunctionName=RESULT, Resource=f"{RESULT}:live"
    )


def lost_variables(scene: Scene) -> None:
    scene.aws.lambdas.functions[RESULT].latest["Environment"] = {"Variables": {"LOG_LEVEL": "info"}}


ROLLBACK = Case(AliasRollback(LivenessFunction.RESULT), bad_release, "update_alias")
REPAIR = Case(RepairEnvironment(LivenessFunction.RESULT), lost_variables, "update_function_configuration")
CASES = pytest.mark.parametrize("case", [ROLLBACK, REPAIR], ids=["rollback", "repair"])


def playbook(case: Case) -> Playbook:
    def decide(_: Facts) -> Verdict:
        why = text("why.no_fault_seen")
        proposal = Proposal(case.remedy.name, why, Mode.APPROVE, LivenessFunction.RESULT)
        return Verdict(Cause.MEMORY(), why, proposals=(proposal,))

    return Playbook(
        alarm="",
        slug="high-error-rate",
        severity=Severity.HIGH,
        evidence=(),
        decide=decide,
        manual=GENERAL,
        definition=None,
        remedies=(case.remedy,),
    )


def broken(case: Case) -> Scene:
    scene = Scene(playbook=playbook(case))
    scene.environment["BUCKET"] = "face-auth-images"
    scene.aws.ssm.parameters["/responder/settings"] = document(
        ken=["changes_code", "restores_configuration", "U0KEN"]
    )
    scene.aws.ssm.modes[case.remedy.name] = "auto"
    case.broken(scene)
    scene.aws.now += timedelta(minutes=30)
    return scene


def raised(scene: Scene, alarm: str) -> tuple[str, str]:
    """(incident, proposal) of an alarm that was raised."""
    scene.environment["ALARM_NAME"] = alarm
    event = scene.event(resources=[f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{alarm}"])
    event["detail"]["alarmName"] = alarm
    incident = scene.deliver(event)["incident"]
    assert scene.result["result"] == "asked", scene.result
    return incident, scene.result["approval"]


def apply(scene: Scene, case: Case, asked: tuple[str, str]) -> Json:
    incident, proposal = asked
    scene.approve(proposal, "ken", "U0KEN")
    scene.command("apply", **case.names, incident=incident, proposal=proposal)
    scene.aws.settle()
    return scene.result


@CASES
def test_what_two_alarms_ask_for_is_done_once_though_both_are_approved(case: Case) -> None:
    first = broken(case)
    second = copy.copy(first)
    second.playbook = replace(first.playbook, slug="get-result-errors")
    second.environment = dict(first.environment)
    one, other = raised(first, ALARM), raised(second, OTHER_ALARM)
    assert one != other
    assert apply(first, case, one)["result"] == "applied"
    assert apply(second, case, other)["result"] == "already"
    assert first.aws.count("lambda", case.write) == 1


@CASES
def test_the_incident_that_has_it_finds_it_in_force_when_it_decides_again(case: Case) -> None:
    scene = broken(case)
    asked = raised(scene, ALARM)
    apply(scene, case, asked)
    scene.command("finish", **case.names, incident=asked[0])
    scene.command("re-evaluate", incident=asked[0])
    assert scene.result["result"] == "already"
    assert scene.aws.count("lambda", case.write) == 1


def test_a_rollback_is_reverted_once_its_request_is_approved() -> None:
    scene = broken(ROLLBACK)
    incident, proposal = raised(scene, ALARM)
    apply(scene, ROLLBACK, (incident, proposal))
    assert scene.aws.lambdas.functions[RESULT].aliases["live"]["FunctionVersion"] == "2"
    scene.command("revert", **ROLLBACK.names, incident=incident)
    back = scene.result["approval"]
    scene.approve(back, "ken", "U0KEN")
    scene.command("revert", **ROLLBACK.names, incident=incident, proposal=back)
    assert scene.result["result"] == "reverted"
    assert scene.aws.lambdas.functions[RESULT].aliases["live"]["FunctionVersion"] == "3"


def test_a_repair_is_not_undone_and_that_is_reported() -> None:
    scene = broken(REPAIR)
    incident, proposal = raised(scene, ALARM)
    apply(scene, REPAIR, (incident, proposal))
    scene.command("revert", **REPAIR.names, incident=incident)
    assert scene.result["result"] == "refused"
    assert scene.result["because"]["key"] == "obstacle.repair_stays"
    assert TABLE in scene.aws.lambdas.variables(RESULT)


@CASES
def test_on_the_system_as_deployed_it_is_refused_with_the_manuals_step(case: Case) -> None:
    scene = broken(case)
    scene.environment["BUCKET"] = ""
    scene.aws.lambdas.functions[RESULT].aliases.clear()
    scene.alarm()
    assert scene.result["result"] == "refused"
    expected = {
        "alias_rollback": ("obstacle.no_alias_to_move", "step.roll_back_release"),
        "repair_environment": ("obstacle.no_expected_value", "step.repair_environment_by_hand"),
    }
    obstacle, step = expected[case.remedy.name]
    assert obstacle in str(scene.result["because"])
    assert step in str(scene.reported[-1])
