"""Approvals and rejections, when the writer's own command did not come: carried out only by every rule."""

from collections.abc import Callable
from typing import Any

import pytest

from responder.core.approval_request import ApprovalRequest
from responder.core.change import Change
from responder.core.modes import Effect
from responder.store import Incidents
from tests.fakes.registered import document
from tests.unit.followup.scenes import AIKO, KEN, MIO, throttled
from tests.unit.followup.simulation import IncidentSimulation
from tests.unit.remedies.world import FOUR, ROLLOUT

pytestmark = pytest.mark.unit
UPDATE = ("lambda", "update_function_configuration")


def asked() -> IncidentSimulation:
    """Switching liveness off waits for aiko or mio."""
    simulation = IncidentSimulation(throttled())
    assert simulation.scene.percentages() == ["50"] * 4
    return simulation


def untouched(simulation: IncidentSimulation) -> bool:
    return simulation.scene.aws.count(*UPDATE) == 0


def test_an_approval_in_time_is_carried_out_a_minute_later_once() -> None:
    simulation = asked()
    simulation.at(3, simulation.approves).play(29)
    assert simulation.sent("apply") == [4]
    assert simulation.scene.percentages() == ["0"] * 4
    assert simulation.scene.aws.count(*UPDATE) == 4
    assert simulation.scene.leases()[0]["by"] == "aiko"


def test_an_approval_whose_writer_sent_the_command_himself_is_not_repeated() -> None:
    simulation = asked()

    def approves() -> None:
        simulation.approves()
        proposal = simulation.proposals[-1]
        simulation.scene.command("apply", remedy="rollout_to_zero", proposal=proposal)

    simulation.at(3, approves).play(29)
    assert simulation.sent("apply") == []
    assert simulation.scene.aws.count(*UPDATE) == 4


def late(simulation: IncidentSimulation) -> None:
    """It was asked for at 59 the last time, and is valid for half an hour."""
    simulation.at(100, simulation.approves)


def wrong_person(simulation: IncidentSimulation) -> None:
    simulation.at(3, lambda: simulation.approves("ken", identity=KEN))


def stolen_name(simulation: IncidentSimulation) -> None:
    simulation.at(3, lambda: simulation.approves("aiko", identity=KEN))


def stranger(simulation: IncidentSimulation) -> None:
    simulation.at(3, lambda: simulation.approves("mallory"))


def from_the_future(simulation: IncidentSimulation) -> None:
    def writes() -> None:
        simulation.scene.aws.tick(minutes=600)
        simulation.approves()
        simulation.scene.aws.tick(minutes=-600)

    simulation.at(3, writes)


def after_the_end(simulation: IncidentSimulation) -> None:
    simulation.at(2, simulation.recovers).at(12.5, simulation.approves)


def rejected(simulation: IncidentSimulation) -> None:
    simulation.at(3, simulation.rejects).at(4, lambda: simulation.approves("mio"))


@pytest.mark.parametrize(
    "said", [late, wrong_person, stolen_name, stranger, from_the_future, after_the_end, rejected]
)
def test_an_approval_that_does_not_count_changes_nothing(said: Callable[[IncidentSimulation], None]) -> None:
    simulation = asked()
    said(simulation)
    # The first request is valid for half an hour.
    simulation.play(106 if said is late else 34)
    assert simulation.sent("apply") == []
    assert untouched(simulation)


def test_an_approval_of_another_value_than_there_is_now_is_refused_and_said() -> None:
    simulation = asked()
    simulation.at(2, lambda: simulation.scene.aws.lambdas.person_sets(FOUR[0], **{ROLLOUT: "25"}))
    simulation.at(3, simulation.approves).play(4.6)
    assert simulation.sent("apply") == [4]
    assert untouched(simulation)
    refusal = simulation.message("command refused")["outcomes"][0]
    assert refusal["because"]["key"] == "guard.proposal_changed"


def test_an_approval_that_is_refused_for_good_is_refused_once() -> None:
    simulation = asked()
    simulation.at(2, lambda: simulation.scene.aws.lambdas.person_sets(FOUR[0], **{ROLLOUT: "25"}))
    simulation.at(3, simulation.approves).play(29)
    assert simulation.named("command refused") == [4]
    assert simulation.named("progress stuck") == []


def test_an_approval_given_after_the_alarm_went_ok_lowers_no_security() -> None:
    simulation = asked()
    simulation.at(2, simulation.recovers).at(5, simulation.approves).play(60)
    assert untouched(simulation)


def test_a_rejection_is_reported_once() -> None:
    simulation = asked()
    simulation.at(3, simulation.rejects).play(34)
    assert simulation.named("progress rejected") == [3]


def test_once_a_rejection_is_withdrawn_an_approval_is_carried_out() -> None:
    simulation = asked()
    simulation.at(3, simulation.rejects).at(8, simulation.withdraws).at(
        9, lambda: simulation.approves("mio")
    ).play(29)
    assert simulation.sent("apply") == [10]
    assert simulation.scene.percentages() == ["0"] * 4


def test_a_rejection_without_the_right_to_approve_stops_no_one() -> None:
    simulation = asked()
    simulation.at(3, lambda: simulation.rejects("ken")).at(4, simulation.approves).play(29)
    assert simulation.sent("apply") == [5]
    assert simulation.named("progress rejected") == []


def test_an_order_that_no_one_carries_out_is_repeated_and_then_reported_of() -> None:
    simulation = asked()
    simulation.alarm_function_down = True
    simulation.at(3, simulation.approves).play(29)
    assert simulation.sent("apply") == [4, 9, 14]
    assert simulation.named("progress stuck") == [15]
    assert untouched(simulation)


# --- what takes two people -----------------------------------------------------------------------


def two_asked(simulation: IncidentSimulation) -> None:
    """A person asked for a lower threshold, which is never one person's decision."""
    scene = simulation.scene
    change = Change("F", "LIVENESS_CONFIDENCE_THRESHOLD", "90", "85")
    proposal = ApprovalRequest(
        "00000000000000aa",
        simulation.incident,
        "lower_threshold",
        "",
        Effect.LOWERS_SECURITY,
        scene.aws.now,
        (change,),
    )
    Incidents(scene.aws, "Incidents").record(
        simulation.incident, "asked", proposal, scene.aws.now, (proposal,)
    )


def lowering(*said: tuple[float, str, str]) -> list[Any]:
    simulation = asked()
    # The same person by a second identity.
    simulation.scene.aws.ssm.parameters["/responder/settings"] = document(
        aiko=["lowers_security", AIKO, "U0AIKO"], mio=["lowers_security", MIO]
    )
    simulation.scene.aws.ssm.modes["lower_threshold"] = "approve"
    simulation.at(1, lambda: two_asked(simulation))
    for minute, person, identity in said:
        simulation.at(
            minute,
            lambda person=person, identity=identity: simulation.approves(
                person, "00000000000000aa", identity
            ),  # type: ignore[misc]
        )
    simulation.play(8)
    return [order for _, order in simulation.orders if order.get("remedy") == "lower_threshold"]


def test_two_approvals_of_one_person_do_not_lower_the_threshold() -> None:
    assert lowering((2, "aiko", AIKO)) == []
    assert lowering((2, "aiko", AIKO), (3, "aiko", AIKO)) == []
    assert lowering((2, "aiko", AIKO), (3, "aiko", "U0AIKO")) == []


def test_approvals_of_two_people_lower_the_threshold() -> None:
    (order,) = lowering((2, "aiko", AIKO), (3, "mio", ""))
    assert order["command"] == "apply"
    assert order["proposal"] == "00000000000000aa"
