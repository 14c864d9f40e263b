"""Approvals and rejections, when the writer's own command did not come: carried out only by every rule."""

from collections.abc import Callable
from typing import Any

import pytest

from responder.core.approval_request import ApprovalRequest
from responder.core.change import Change
from responder.core.modes import Effect
from responder.store import Incidents
from tests.fakes.registered import document
from tests.unit.followup.stage import AIKO, KEN, MIO, throttled
from tests.unit.followup.theatre import Theatre
from tests.unit.remedies.world import FOUR, ROLLOUT

pytestmark = pytest.mark.unit
UPDATE = ("lambda", "update_function_configuration")


def asked() -> Theatre:
    """Switching liveness off waits for aiko or mio."""
    theatre = Theatre(throttled())
    assert theatre.scene.percentages() == ["50"] * 4
    return theatre


def untouched(theatre: Theatre) -> bool:
    return theatre.scene.aws.count(*UPDATE) == 0


def test_an_approval_in_time_is_carried_out_a_minute_later_once() -> None:
    theatre = asked()
    theatre.at(3, theatre.approves).play(29)
    assert theatre.sent("apply") == [4]
    assert theatre.scene.percentages() == ["0"] * 4
    assert theatre.scene.aws.count(*UPDATE) == 4
    assert theatre.scene.leases()[0]["by"] == "aiko"


def test_an_approval_whose_writer_sent_the_command_himself_is_not_repeated() -> None:
    theatre = asked()

    def approves() -> None:
        theatre.approves()
        proposal = theatre.proposals[-1]
        theatre.scene.command("apply", remedy="rollout_to_zero", proposal=proposal)

    theatre.at(3, approves).play(29)
    assert theatre.sent("apply") == []
    assert theatre.scene.aws.count(*UPDATE) == 4


def late(theatre: Theatre) -> None:
    """It was asked for at 59 the last time, and is valid for half an hour."""
    theatre.at(100, theatre.approves)


def wrong_person(theatre: Theatre) -> None:
    theatre.at(3, lambda: theatre.approves("ken", identity=KEN))


def stolen_name(theatre: Theatre) -> None:
    theatre.at(3, lambda: theatre.approves("aiko", identity=KEN))


def stranger(theatre: Theatre) -> None:
    theatre.at(3, lambda: theatre.approves("mallory"))


def from_the_future(theatre: Theatre) -> None:
    def writes() -> None:
        theatre.scene.aws.tick(minutes=600)
        theatre.approves()
        theatre.scene.aws.tick(minutes=-600)

    theatre.at(3, writes)


def after_the_end(theatre: Theatre) -> None:
    theatre.at(2, theatre.recovers).at(12.5, theatre.approves)


def rejected(theatre: Theatre) -> None:
    theatre.at(3, theatre.rejects).at(4, lambda: theatre.approves("mio"))


@pytest.mark.parametrize(
    "said", [late, wrong_person, stolen_name, stranger, from_the_future, after_the_end, rejected]
)
def test_an_approval_that_does_not_count_changes_nothing(said: Callable[[Theatre], None]) -> None:
    theatre = asked()
    said(theatre)
    # The first request is valid for half an hour.
    theatre.play(106 if said is late else 34)
    assert theatre.sent("apply") == []
    assert untouched(theatre)


def test_an_approval_of_another_value_than_there_is_now_is_refused_and_said() -> None:
    theatre = asked()
    theatre.at(2, lambda: theatre.scene.aws.lambdas.person_sets(FOUR[0], **{ROLLOUT: "25"}))
    theatre.at(3, theatre.approves).play(4.6)
    assert theatre.sent("apply") == [4]
    assert untouched(theatre)
    refusal = theatre.message("command refused")["outcomes"][0]
    assert refusal["because"]["key"] == "guard.proposal_changed"


def test_an_approval_that_is_refused_for_good_is_refused_once() -> None:
    theatre = asked()
    theatre.at(2, lambda: theatre.scene.aws.lambdas.person_sets(FOUR[0], **{ROLLOUT: "25"}))
    theatre.at(3, theatre.approves).play(29)
    assert theatre.named("command refused") == [4]
    assert theatre.named("progress stuck") == []


def test_an_approval_given_after_the_alarm_went_ok_lowers_no_security() -> None:
    theatre = asked()
    theatre.at(2, theatre.recovers).at(5, theatre.approves).play(60)
    assert untouched(theatre)


def test_a_rejection_is_reported_once() -> None:
    theatre = asked()
    theatre.at(3, theatre.rejects).play(34)
    assert theatre.named("progress rejected") == [3]


def test_once_a_rejection_is_withdrawn_an_approval_is_carried_out() -> None:
    theatre = asked()
    theatre.at(3, theatre.rejects).at(8, theatre.withdraws).at(9, lambda: theatre.approves("mio")).play(29)
    assert theatre.sent("apply") == [10]
    assert theatre.scene.percentages() == ["0"] * 4


def test_a_rejection_without_the_right_to_approve_stops_no_one() -> None:
    theatre = asked()
    theatre.at(3, lambda: theatre.rejects("ken")).at(4, theatre.approves).play(29)
    assert theatre.sent("apply") == [5]
    assert theatre.named("progress rejected") == []


def test_an_order_that_no_one_carries_out_is_repeated_and_then_reported_of() -> None:
    theatre = asked()
    theatre.deaf = True
    theatre.at(3, theatre.approves).play(29)
    assert theatre.sent("apply") == [4, 9, 14]
    assert theatre.named("progress stuck") == [15]
    assert untouched(theatre)


# --- what takes two people -----------------------------------------------------------------------


def two_asked(theatre: Theatre) -> None:
    """A person asked for a lower threshold, which is never one person's decision."""
    scene = theatre.scene
    change = Change("F", "LIVENESS_CONFIDENCE_THRESHOLD", "90", "85")
    proposal = ApprovalRequest(
        "00000000000000aa",
        theatre.incident,
        "lower_threshold",
        "",
        Effect.LOWERS_SECURITY,
        scene.aws.now,
        (change,),
    )
    Incidents(scene.aws, "Incidents").record(theatre.incident, "asked", proposal, scene.aws.now, (proposal,))


def lowering(*said: tuple[float, str, str]) -> list[Any]:
    theatre = asked()
    # The same person by a second identity.
    theatre.scene.aws.ssm.parameters["/responder/settings"] = document(
        aiko=["lowers_security", AIKO, "U0AIKO"], mio=["lowers_security", MIO]
    )
    theatre.scene.aws.ssm.modes["lower_threshold"] = "approve"
    theatre.at(1, lambda: two_asked(theatre))
    for minute, person, identity in said:
        theatre.at(
            minute,
            lambda person=person, identity=identity: theatre.approves(person, "00000000000000aa", identity),  # type: ignore[misc]
        )
    theatre.play(8)
    return [order for _, order in theatre.orders if order.get("remedy") == "lower_threshold"]


def test_two_approvals_of_one_person_do_not_lower_the_threshold() -> None:
    assert lowering((2, "aiko", AIKO)) == []
    assert lowering((2, "aiko", AIKO), (3, "aiko", AIKO)) == []
    assert lowering((2, "aiko", AIKO), (3, "aiko", "U0AIKO")) == []


def test_approvals_of_two_people_lower_the_threshold() -> None:
    (order,) = lowering((2, "aiko", AIKO), (3, "mio", ""))
    assert order["command"] == "apply"
    assert order["proposal"] == "00000000000000aa"
