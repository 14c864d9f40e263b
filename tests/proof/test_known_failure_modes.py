"""What other remediation systems got wrong in production, each as a promise of this one."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from responder.core.errors import Denied, ResponderError, Throttled, Unreachable
from responder.guards import CHANGES_LIMIT
from tests.unit.followup.scenes import too_few_faults
from tests.unit.followup.simulation import IncidentSimulation
from tests.unit.remedies.world import FOUR
from tests.unit.respond.scene import TRIES, Scene
from tests.unit.slack_inbound.workspace import AIKO, KEN, asked

UPDATE = ("lambda", "update_function_configuration")


@pytest.fixture(scope="module", autouse=True)
def _models() -> None:
    """The SDK loads them with the first call, which on a busy machine takes longer than a look may."""
    with suppress(ResponderError):
        failing().alarm()


def failing(**more: str) -> Scene:
    """Rekognition fails: enough for going to 0 %."""
    return Scene(**more).faults(15)  # type: ignore[arg-type]


def writes(scene: Scene) -> int:
    return scene.aws.count(*UPDATE)


# --- acted on a resolved event ---------------------------------------------------------------------


@pytest.fixture
def scene() -> Scene:
    return failing()


@pytest.mark.parametrize("state", ["OK", "INSUFFICIENT_DATA"])
def test_a_resolved_event_is_acted_on_by_no_one(scene: Scene, state: str) -> None:
    scene.deliver(scene.event(state))
    assert scene.aws.writes == []


@pytest.mark.parametrize("state", ["OK", "INSUFFICIENT_DATA"])
def test_an_alarm_that_is_over_when_it_is_read_again_is_only_reported(state: str) -> None:
    scene = failing(state=state)
    scene.alarm()
    assert writes(scene) == 0
    assert scene.result["result"] == "observed"


# --- looped over its changes ---------------------------------------------------------------------


def test_its_own_change_that_raises_the_alarm_again_leads_to_no_second_change(scene: Scene) -> None:
    scene.alarm()
    for _ in range(6):
        scene.aws.settle()
        scene.aws.tick(minutes=6)
        scene.alarm(state="OK", at=scene.aws.now)
        scene.aws.tick(minutes=1)
        # While Lambda takes the new configuration over, requests fail.
        scene.faults(15, minutes=2)
        scene.deliver(scene.event("ALARM", scene.aws.now))
    assert writes(scene) == len(FOUR)


def test_what_was_reverted_is_not_set_again_automatically_however_often_the_alarm_returns(
    scene: Scene,
) -> None:
    scene.alarm()
    scene.aws.settle()
    scene.command("finish", remedy="rollout_to_zero")
    scene.aws.tick(minutes=30)
    scene.command("revert", remedy="rollout_to_zero")
    back = scene.result["approval"]
    scene.approve(back)
    scene.command("revert", remedy="rollout_to_zero", proposal=back)
    scene.aws.settle()
    scene.command("finish", remedy="rollout_to_zero")
    before = writes(scene)
    for _ in range(6):
        scene.aws.tick(minutes=20)
        scene.faults(15)
        scene.deliver(scene.event("ALARM", scene.aws.now))
    assert writes(scene) == before
    assert scene.result["because"]["key"] == "guard.reverted_before"


# --- burnt its rate limit on a failed call -----------------------------------------------------------


def test_calls_that_failed_use_up_nothing_of_the_hourly_limit(scene: Scene) -> None:
    scene.aws.fail(*UPDATE, Throttled, times=100 * TRIES)
    scene.alarm()
    assert scene.result["result"] == "failed"
    scene.aws.heal()
    ledger = [row for row in scene.rows("APPLIED#") if '"ok": true' in row["data"]]
    assert ledger == []
    scene.aws.tick(minutes=1)
    scene.command("re-evaluate")
    assert scene.result["result"] == "applied"


# --- guarded in configuration and not in code ---------------------------------------------------------


@pytest.mark.parametrize("mode", ["auto", "AUTO", "yes", "", "approve,auto"])
def test_no_configuration_lets_it_act_where_the_code_asks(mode: str) -> None:
    """Throttling can be caused by callers: whatever the modes say, a person decides."""
    scene = Scene().faults(15, code="ThrottlingException")
    scene.aws.ssm.modes.update(everywhere=mode, rollout_to_zero=mode)
    scene.alarm()
    assert writes(scene) == 0


def test_the_hourly_limit_is_in_the_code_and_asks_no_configuration(scene: Scene) -> None:
    scene.environment.update({"CHANGES_LIMIT": "1000", "MAX_CHANGES": "1000"})
    for number in range(CHANGES_LIMIT):
        record_change(scene, number)
    scene.alarm()
    assert writes(scene) == 0
    assert scene.result["because"]["key"] == "guard.too_many_changes"


def record_change(scene: Scene, number: int) -> None:
    """A change of another remedy a few minutes ago."""
    from responder.core.change import Applied, Change, Lease, LeaseState
    from responder.store import Incidents

    at = scene.aws.now - timedelta(minutes=20 + number)
    change = Change("F", "MemorySize", "256", "512")
    lease = Lease("memory_increase", f"f{number}", "earlier", LeaseState.ENDED, at, None, {}, (change,))
    row = Applied(at, lease.remedy, lease.scope, lease.incident, ok=True)
    Incidents(scene.aws, "Incidents").settle(lease, row, at)


# --- failed open ----------------------------------------------------------------------------------


UNREADABLE: dict[str, Callable[[Scene], None]] = {
    "modes and pauses": lambda scene: scene.aws.fail("ssm", "get_parameters_by_path", Denied, times=99),
    "mute rules": lambda scene: scene.aws.fail("cloudwatch", "list_alarm_mute_rules", Denied, times=99),
    "the alarm": lambda scene: scene.aws.fail("cloudwatch", "describe_alarms", Unreachable, times=99),
    "the ledger": lambda scene: scene.aws.fail("dynamodb", "query", Unreachable, times=99),
    "the functions": lambda scene: scene.aws.fail("lambda", "get_function_configuration", Denied, times=99),
    "the logs": lambda scene: scene.aws.fail("logs", "filter_log_events", Denied, times=99),
    "the metrics": lambda scene: scene.aws.fail("cloudwatch", "get_metric_data", Denied, times=99),
    "the claim": lambda scene: setattr(scene.claims, "broken", True),
    "the lock": lambda scene: scene.aws.fail("dynamodb", "transact_write_items", Unreachable, times=99),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_never_counts_as_a_yes(scene: Scene, what: str) -> None:
    UNREADABLE[what](scene)
    scene.alarm()
    assert writes(scene) == 0
    assert len(scene.reported) == 1


# --- ran twice on a double click ------------------------------------------------------------------


@pytest.mark.parametrize("who", [(AIKO, AIKO), (AIKO, KEN)])
def test_a_double_click_runs_once(who: tuple[str, str]) -> None:
    workspace = asked()
    for user in who:
        workspace.press("approve", user)
    workspace.later()
    assert [each["command"] for each in workspace.commands] == ["apply"]
    assert writes(workspace.scene) == len(FOUR)


# --- stopped escalating in silence ----------------------------------------------------------------


def levels(simulation: IncidentSimulation) -> list[int]:
    return [each.body["level"] for each in simulation.messages if each.body["kind"] == "escalation"]


def test_an_escalation_never_stops_while_the_alarm_lasts() -> None:
    simulation = IncidentSimulation(too_few_faults()).play(185)
    assert levels(simulation) == [2, 3, 4, 4]


def test_an_escalation_that_could_not_be_sent_is_sent_when_it_can_be() -> None:
    simulation = IncidentSimulation(too_few_faults())
    simulation.at(29, lambda: simulation.scene.aws.fail("sns", "publish", Unreachable, times=3)).play(70)
    assert levels(simulation) == [2, 3]


def test_who_took_it_and_forgot_it_holds_the_escalation_for_an_hour_and_no_longer() -> None:
    simulation = IncidentSimulation(too_few_faults())
    simulation.at(10, simulation.acknowledges).play(110)
    assert levels(simulation) == [2, 3]


def test_a_follow_up_that_breaks_reports_it_before_it_ends() -> None:
    simulation = IncidentSimulation(too_few_faults()).raise_alarm()
    scene = simulation.scene
    scene.aws.tick(minutes=1)
    scene.aws.fail("dynamodb", "query", Denied, times=10_000)
    simulation.follow(until=240, expect="FAILED")
    assert "failure" in [each.body["kind"] for each in simulation.messages]
