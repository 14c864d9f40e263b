"""A lease is reverted at its end, whatever the obstacles."""

import json
from collections.abc import Callable

import pytest

from responder.core.errors import Denied
from responder.core.plain_data import Json
from tests.unit.followup.scenes import TABLE, cold, table
from tests.unit.followup.simulation import IncidentSimulation
from tests.unit.respond.scene import RESULT

DELETE = ("lambda", "delete_provisioned_concurrency_config")
WARM = (RESULT, "live")
ASKED = "20"


def recovering() -> IncidentSimulation:
    """Warm immediately, OK after 12 minutes, with traffic: an hour later it is reverted."""
    simulation = IncidentSimulation(cold())
    simulation.scene.traffic(0, 300)
    return simulation.at(12, simulation.recovers)


def for_two_hours(simulation: IncidentSimulation) -> IncidentSimulation:
    """The longest time of a lease, which is a day."""
    simulation.scene.environment["PROVISIONED_CONCURRENCY_HOURS"] = "2"
    return simulation


def leases(simulation: IncidentSimulation) -> list[Json]:
    return [each for each in simulation.scene.leases() if each["state"] not in ("ended", "failed")]


def warm(simulation: IncidentSimulation) -> int:
    found = simulation.scene.aws.lambdas.provisioned.get(WARM)
    return int(found["RequestedProvisionedConcurrentExecutions"]) if found else 0


def test_an_hour_after_recovery_the_lease_is_reverted_and_the_incident_closed() -> None:
    simulation = recovering().at(71, lambda: seen.append(warm(simulation)))
    seen: list[int] = []
    simulation.play(150)
    assert seen == [5]
    assert (warm(simulation), leases(simulation)) == (0, [])
    assert simulation.story == [
        (0, "response"),
        (0.5, "command applied"),
        (22, "progress recovered"),
        (72, "command reverted"),
        (72, "closed close"),
    ]


@pytest.mark.long
def test_where_it_never_recovers_the_lease_is_reverted_after_a_day() -> None:
    simulation = IncidentSimulation(cold())
    seen: list[int] = []
    simulation.at(24 * 60 - 1, lambda: seen.append(warm(simulation))).play(24 * 60 + 40)
    assert seen == [5]
    assert simulation.sent("revert") == [24 * 60]
    assert (warm(simulation), leases(simulation)) == (0, [])
    assert not simulation.closed


def test_without_traffic_nothing_is_proved_and_it_stays_its_whole_time() -> None:
    simulation = for_two_hours(IncidentSimulation(cold()))
    simulation.at(12, simulation.recovers).play(160)
    assert simulation.named("progress mitigated") == [22]
    assert simulation.sent("revert") == [120]
    assert simulation.closed


# --- obstacles -----------------------------------------------------------------------------------


def test_a_function_that_does_not_answer_is_asked_again_reported_of_once_and_asked_on() -> None:
    simulation = recovering()
    simulation.at(70, lambda: setattr(simulation, "alarm_function_down", True))
    simulation.at(130, lambda: setattr(simulation, "alarm_function_down", False)).play(200)
    assert simulation.sent("revert") == [72, 87, 102, 162]
    assert simulation.named("progress stuck") == [117]
    assert simulation.named("command reverted") == [162]
    assert (warm(simulation), simulation.closed) == (0, True)


def test_a_right_that_is_missing_is_reported_and_it_is_tried_on() -> None:
    simulation = recovering()
    simulation.scene.aws.fail(*DELETE, Denied, times=4)
    simulation.play(300)
    assert simulation.named("progress stuck") == [117]
    assert simulation.sent("revert") == [72, 87, 102, 162, 222]
    assert (warm(simulation), simulation.closed) == (0, True)


def observing(simulation: IncidentSimulation) -> IncidentSimulation:
    return simulation.at(16, lambda: simulation.mode("observe")).at(40, lambda: simulation.mode("auto"))


def silenced(simulation: IncidentSimulation) -> IncidentSimulation:
    simulation.at(16, lambda: simulation.scene.row.update(ActionsEnabled=False))
    return simulation.at(40, simulation.scene.row.clear)


@pytest.mark.parametrize(("held", "why"), [(observing, "observe"), (silenced, "guard.actions_disabled")])
def test_what_is_held_half_way_is_postponed_said_once_and_done_afterwards(
    held: Callable[[IncidentSimulation], IncidentSimulation], why: str
) -> None:
    simulation = recovering()
    simulation.scene.environment["KEEP_WARM_MINUTES"] = "15"
    held(simulation).play(60)
    assert simulation.named("progress postponed") == [27]
    assert why in json.dumps(simulation.message("progress postponed"))
    (taken,) = simulation.sent("revert")
    assert 40 <= taken <= 45
    assert (warm(simulation), simulation.closed) == (0, True)


def test_an_alarm_that_is_deleted_meanwhile_keeps_nothing_in_force() -> None:
    simulation = for_two_hours(recovering())

    def deleted() -> None:
        simulation.scene.gone = True

    simulation.at(40, deleted).play(150)
    assert simulation.sent("revert")
    assert (warm(simulation), simulation.closed) == (0, False)


def test_what_aws_works_on_for_twenty_minutes_is_asked_after_again_and_again_and_reported_once() -> None:
    simulation = IncidentSimulation(table())
    simulation.slow = True
    simulation.at(20, simulation.scene.aws.settle).play(29)
    asked = simulation.sent("finish")
    assert len(asked) >= 12
    assert asked[0] == 0.5
    assert asked[-1] >= 20
    described = simulation.scene.aws.dynamo.describe_table(TableName=TABLE)["Table"]
    assert described["TableStatus"] == "ACTIVE"
    reported = [name for _, name in simulation.story if name.startswith("command")]
    assert reported == ["command applied"]
