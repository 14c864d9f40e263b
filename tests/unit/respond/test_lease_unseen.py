"""A change in force, checked again: undone by a person, unreadable, or still in force."""

from datetime import timedelta

import pytest

from responder.core.errors import Denied
from tests.unit.remedies.test_code_through_the_shell import REPAIR, ROLLBACK, Case, apply, broken, raised
from tests.unit.remedies.world import FACE_LOGIN
from tests.unit.respond.scene import ALARM, RESULT, Scene
from tests.unit.respond.test_commands import ROLLOUT_TO_ZERO, applied


def in_force(case: Case) -> Scene:
    scene = broken(case)
    incident, proposal = raised(scene, ALARM)
    apply(scene, case, (incident, proposal))
    scene.command("finish", **case.names, incident=incident)
    return scene


@pytest.mark.parametrize("case", [ROLLBACK, REPAIR], ids=["rollback", "repair"])
def test_a_read_that_is_denied_is_never_reported_as_undone_by_a_person(case: Case) -> None:
    scene = in_force(case)
    scene.aws.fail("lambda", "list_aliases", Denied, code="AccessDeniedException", times=9)
    scene.command("re-evaluate")
    assert scene.result["result"] == "refused"
    assert scene.result["because"]["key"] == "guard.not_readable"
    assert "lambda:ListAliases" in str(scene.result["because"])


def test_one_function_that_cannot_be_read_is_not_undone_either() -> None:
    scene = applied()
    scene.command("finish", **ROLLOUT_TO_ZERO)
    scene.aws.lambdas.lock_key(FACE_LOGIN)
    scene.command("re-evaluate")
    assert scene.result["because"]["key"] == "guard.not_readable"


def test_a_rollback_stays_also_without_requests_through_the_alias_since() -> None:
    scene = in_force(ROLLBACK)
    scene.aws.tick(hours=3)
    scene.command("re-evaluate")
    assert scene.result["result"] == "already"


def test_what_a_person_undid_is_still_reported_as_undone() -> None:
    scene = in_force(REPAIR)
    scene.aws.lambdas.functions[RESULT].latest["Environment"]["Variables"].pop("LIVENESS_SESSIONS_TABLE")
    scene.aws.now += timedelta(minutes=1)
    scene.command("re-evaluate")
    assert scene.result["because"]["key"] == "guard.undone_since"
