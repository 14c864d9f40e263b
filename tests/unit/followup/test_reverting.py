"""A lease is reverted at its end, whatever the obstacles."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from responder.core.errors import Denied
from tests.unit.followup.stage import TABLE, cold, table
from tests.unit.followup.theatre import Theatre
from tests.unit.respond.scene import RESULT

pytestmark = pytest.mark.unit
DELETE = ("lambda", "delete_provisioned_concurrency_config")
WARM = (RESULT, "live")
ASKED = "20"


def recovering() -> Theatre:
    """Warm immediately, OK after 12 minutes, with traffic: an hour later it is reverted."""
    theatre = Theatre(cold())
    theatre.scene.traffic(0, 300)
    return theatre.at(12, theatre.recovers)


def for_two_hours(theatre: Theatre) -> Theatre:
    """The longest time of a lease, which is a day."""
    theatre.scene.environment["PROVISIONED_CONCURRENCY_HOURS"] = "2"
    return theatre


def leases(theatre: Theatre) -> list[dict[str, Any]]:
    return [each for each in theatre.scene.leases() if each["state"] not in ("ended", "failed")]


def warm(theatre: Theatre) -> int:
    found = theatre.scene.aws.lambdas.provisioned.get(WARM)
    return int(found["RequestedProvisionedConcurrentExecutions"]) if found else 0


def test_an_hour_after_recovery_the_lease_is_reverted_and_the_incident_closed() -> None:
    theatre = recovering().at(71, lambda: seen.append(warm(theatre)))
    seen: list[int] = []
    theatre.play(150)
    assert seen == [5]
    assert (warm(theatre), leases(theatre)) == (0, [])
    assert theatre.story == [
        (0, "response"),
        (0.5, "command applied"),
        (22, "progress recovered"),
        (72, "command reverted"),
        (72, "closed close"),
    ]


@pytest.mark.long
def test_where_it_never_recovers_the_lease_is_reverted_after_a_day() -> None:
    theatre = Theatre(cold())
    seen: list[int] = []
    theatre.at(24 * 60 - 1, lambda: seen.append(warm(theatre))).play(24 * 60 + 40)
    assert seen == [5]
    assert theatre.sent("revert") == [24 * 60]
    assert (warm(theatre), leases(theatre)) == (0, [])
    assert not theatre.closed


def test_without_traffic_nothing_is_proved_and_it_stays_its_whole_time() -> None:
    theatre = for_two_hours(Theatre(cold()))
    theatre.at(12, theatre.recovers).play(160)
    assert theatre.named("progress mitigated") == [22]
    assert theatre.sent("revert") == [120]
    assert theatre.closed


# --- obstacles -----------------------------------------------------------------------------------


def test_a_function_that_does_not_answer_is_asked_again_reported_of_once_and_asked_on() -> None:
    theatre = recovering()
    theatre.at(70, lambda: setattr(theatre, "deaf", True))
    theatre.at(130, lambda: setattr(theatre, "deaf", False)).play(200)
    assert theatre.sent("revert") == [72, 87, 102, 162]
    assert theatre.named("progress stuck") == [117]
    assert theatre.named("command reverted") == [162]
    assert (warm(theatre), theatre.closed) == (0, True)


def test_a_right_that_is_missing_is_reported_and_it_is_tried_on() -> None:
    theatre = recovering()
    theatre.scene.aws.fail(*DELETE, Denied, times=4)
    theatre.play(300)
    assert theatre.named("progress stuck") == [117]
    assert theatre.sent("revert") == [72, 87, 102, 162, 222]
    assert (warm(theatre), theatre.closed) == (0, True)


def observing(theatre: Theatre) -> Theatre:
    return theatre.at(16, lambda: theatre.mode("observe")).at(40, lambda: theatre.mode("auto"))


def silenced(theatre: Theatre) -> Theatre:
    theatre.at(16, lambda: theatre.scene.row.update(ActionsEnabled=False))
    return theatre.at(40, theatre.scene.row.clear)


@pytest.mark.parametrize(("held", "why"), [(observing, "observe"), (silenced, "guard.actions_disabled")])
def test_what_is_held_half_way_is_postponed_said_once_and_done_afterwards(
    held: Callable[[Theatre], Theatre], why: str
) -> None:
    theatre = recovering()
    theatre.scene.environment["KEEP_WARM_MINUTES"] = "15"
    held(theatre).play(60)
    assert theatre.named("progress postponed") == [27]
    assert why in json.dumps(theatre.message("progress postponed"))
    (taken,) = theatre.sent("revert")
    assert 40 <= taken <= 45
    assert (warm(theatre), theatre.closed) == (0, True)


def test_an_alarm_that_is_deleted_meanwhile_keeps_nothing_in_force() -> None:
    theatre = for_two_hours(recovering())

    def deleted() -> None:
        theatre.scene.gone = True

    theatre.at(40, deleted).play(150)
    assert theatre.sent("revert")
    assert (warm(theatre), theatre.closed) == (0, False)


def test_what_aws_works_on_for_twenty_minutes_is_asked_after_again_and_again_and_reported_once() -> None:
    theatre = Theatre(table())
    theatre.slow = True
    theatre.at(20, theatre.scene.aws.settle).play(29)
    asked = theatre.sent("finish")
    assert len(asked) >= 12
    assert asked[0] == 0.5
    assert asked[-1] >= 20
    described = theatre.scene.aws.dynamo.describe_table(TableName=TABLE)["Table"]
    assert described["TableStatus"] == "ACTIVE"
    reported = [name for _, name in theatre.story if name.startswith("command")]
    assert reported == ["command applied"]
