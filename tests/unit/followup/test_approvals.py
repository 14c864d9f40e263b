"""Approvals and rejections, when the writer's own command did not come: carried out only by every rule."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from responder.core.change import Change
from responder.core.command import ApprovalRequest
from responder.core.declined import DeclineReason
from responder.core.errors import Throttled
from responder.core.modes import Effect
from responder.core.settings_document import parse
from responder.followup_rules.seen import ApprovalAnswer
from responder.store import Incidents, approvals
from responder.store.approval_writer import settled
from tests.fakes.registered import document
from tests.unit.followup.scenes import AIKO, KEN, MIO, PEOPLE, FollowUpScene, beside, broken, throttled
from tests.unit.followup.simulation import IncidentSimulation
from tests.unit.remedies.world import FOUR, ROLLOUT

UPDATE = ("lambda", "update_function_configuration")


def asked() -> IncidentSimulation:
    """Switching liveness off waits for aiko or mio."""
    simulation = IncidentSimulation(throttled())
    assert simulation.scene.percentages() == ["50"] * 4
    return simulation


def untouched(simulation: IncidentSimulation) -> bool:
    return simulation.scene.aws.count(*UPDATE) == 0


@pytest.fixture
def simulation() -> IncidentSimulation:
    return asked()


def test_an_approval_in_time_is_carried_out_a_minute_later_once(simulation: IncidentSimulation) -> None:
    simulation.at(3, simulation.approves).play(29)
    assert simulation.sent("apply") == [4]
    assert simulation.scene.percentages() == ["0"] * 4
    assert simulation.scene.aws.count(*UPDATE) == 4
    assert simulation.scene.leases()[0]["by"] == "aiko"


def test_an_approval_whose_writer_sent_the_command_himself_is_not_repeated(
    simulation: IncidentSimulation,
) -> None:

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
def test_an_approval_that_does_not_count_changes_nothing(
    simulation: IncidentSimulation, said: Callable[[IncidentSimulation], None]
) -> None:
    said(simulation)
    # The first request is valid for half an hour.
    simulation.play(106 if said is late else 34)
    assert simulation.sent("apply") == []
    assert untouched(simulation)


def test_an_approval_of_another_value_than_there_is_now_is_refused_and_said(
    simulation: IncidentSimulation,
) -> None:
    simulation.at(2, lambda: simulation.scene.aws.lambdas.person_sets(FOUR[0], **{ROLLOUT: "25"}))
    simulation.at(3, simulation.approves).play(4.6)
    assert simulation.sent("apply") == [4]
    assert untouched(simulation)
    refusal = simulation.message("command refused")["outcomes"][0]
    assert refusal["because"]["key"] == "guard.proposal_changed"


def test_an_approval_that_is_refused_for_good_is_refused_once(simulation: IncidentSimulation) -> None:
    simulation.at(2, lambda: simulation.scene.aws.lambdas.person_sets(FOUR[0], **{ROLLOUT: "25"}))
    simulation.at(3, simulation.approves).play(29)
    assert simulation.named("command refused") == [4]
    assert simulation.named("progress stuck") == []


def test_an_approval_given_after_the_alarm_went_ok_lowers_no_security(simulation: IncidentSimulation) -> None:
    simulation.at(2, simulation.recovers).at(5, simulation.approves).play(60)
    assert untouched(simulation)


def test_a_rejection_is_reported_once(simulation: IncidentSimulation) -> None:
    simulation.at(3, simulation.rejects).play(34)
    assert simulation.named("progress rejected") == [3]


def test_once_a_rejection_is_withdrawn_an_approval_is_carried_out(simulation: IncidentSimulation) -> None:
    simulation.at(3, simulation.rejects).at(8, simulation.withdraws).at(
        9, lambda: simulation.approves("mio")
    ).play(29)
    assert simulation.sent("apply") == [10]
    assert simulation.scene.percentages() == ["0"] * 4


def test_a_rejection_without_the_right_to_approve_stops_no_one(simulation: IncidentSimulation) -> None:
    simulation.at(3, lambda: simulation.rejects("ken")).at(4, simulation.approves).play(29)
    assert simulation.sent("apply") == [5]
    assert simulation.named("progress rejected") == []


def test_an_order_that_no_one_carries_out_is_repeated_and_then_reported_of(
    simulation: IncidentSimulation,
) -> None:
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


def recently_changed() -> IncidentSimulation:
    """Switching liveness off is asked for because the functions were changed a moment ago; from the next
    decision on, the mode alone would let it act."""
    scene = broken()
    modified = (scene.aws.now - timedelta(minutes=6)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    for function in scene.aws.lambdas.functions.values():
        function.latest["LastModified"] = modified
    return IncidentSimulation(scene)


@pytest.mark.parametrize(
    ("minute", "unread"),
    [
        (2, ()),
        # The look that is to decide again is the first to find it.
        (4.9, ()),
        # Who may reject is unknown for a while before it is decided again.
        (2, (8.5, 9.9)),
    ],
)
def test_what_a_person_rejected_is_not_applied_once_it_would_be_automatic(
    minute: float, unread: tuple[float, ...]
) -> None:
    simulation = recently_changed()
    aws = simulation.scene.aws
    call = aws.call

    def no_parameters(service: str, operation: str, /, **given: Any) -> Any:
        if operation == "get_parameters_by_path":
            raise Throttled(service, operation, "ThrottlingException")
        return call(service, operation, **given)

    simulation.at(minute, simulation.rejects)
    for at, answer in zip(unread, [no_parameters, call], strict=False):
        simulation.at(at, partial(setattr, aws, "call", answer))
    simulation.play(25)
    assert untouched(simulation)
    assert len(simulation.named("progress rejected")) == 1


def test_a_rejection_counts_before_the_follow_up_has_seen_it() -> None:
    simulation = recently_changed().play(1)
    simulation.rejects()
    simulation.scene.aws.tick(minutes=6)
    simulation.scene.command("re-evaluate")
    assert untouched(simulation)
    assert simulation.scene.result["because"]["key"] == "guard.rejected"


@pytest.mark.parametrize("readable", [True, False])
def test_where_a_rejection_cannot_be_read_nothing_is_applied_automatically(
    monkeypatch: pytest.MonkeyPatch, readable: bool
) -> None:
    def unread(*_: Any) -> Any:
        raise Throttled("dynamodb", "query", "ThrottlingException")

    simulation = recently_changed().play(1)
    simulation.scene.aws.tick(minutes=6)
    if not readable:
        monkeypatch.setattr(approvals, "rows", unread)
    simulation.scene.command("re-evaluate")
    assert simulation.scene.percentages() == (["0"] if readable else ["50"]) * 4
    if not readable:
        assert simulation.scene.result["because"]["key"] == "evidence.failed.throttled"


def test_a_rejection_can_be_withdrawn_long_after_its_request(simulation: IncidentSimulation) -> None:
    simulation.at(3, simulation.rejects).at(80, simulation.withdraws).play(90)
    head = Incidents(simulation.scene.aws, "Incidents").head(simulation.incident)
    assert head is not None
    assert not any(key.startswith("rejected ") for key in head.remembered.reported)


# --- what was rejected stays so ------------------------------------------------------------------

ONLY_MIO = document(aiko=["costs_money", AIKO], mio=["lowers_security", MIO], ken=["costs_money", KEN])


def faults_last(simulation: IncidentSimulation) -> None:
    """The service fails as long as the incident is followed."""

    def fails() -> None:
        simulation.scene.requests(60)
        simulation.scene.faults(15)

    for minute in range(4, 32, 5):
        simulation.at(minute, fails)


def person_sets_another_value() -> IncidentSimulation:
    simulation = recently_changed()

    def changes() -> None:
        for name in FOUR:
            simulation.scene.aws.lambdas.person_sets(name, **{ROLLOUT: "40"})

    return simulation.at(2.5, changes)


def one_function_cannot_be_changed_at_first() -> IncidentSimulation:
    simulation = IncidentSimulation(broken())
    function = simulation.scene.aws.lambdas.functions[FOUR[3]].latest
    function["LastUpdateStatus"] = "Failed"
    return simulation.at(2.5, lambda: function.update(LastUpdateStatus="Successful"))


@pytest.mark.parametrize(
    "changed", [person_sets_another_value, one_function_cannot_be_changed_at_first], ids=["value", "function"]
)
def test_what_was_rejected_is_not_applied_automatically_in_another_form(
    changed: Callable[[], IncidentSimulation],
) -> None:
    simulation = changed()
    faults_last(simulation)
    simulation.at(2, simulation.rejects).play(32)
    assert untouched(simulation)
    outcomes = [one for each in simulation.messages for one in each.body["outcomes"]]
    assert (outcomes[-1]["result"], outcomes[-1]["because"]["key"]) == ("asked", "guard.rejected_before")
    # It can be approved as it is now.
    simulation.approves("mio")
    scene = simulation.scene
    scene.command("apply", remedy="rollout_to_zero", proposal=simulation.proposals[-1])
    assert scene.percentages() == ["0"] * 4


def approved_by_another_before(simulation: IncidentSimulation) -> None:
    simulation.at(0.5, simulation.pauses).at(1, lambda: simulation.approves("mio"))
    simulation.at(2, simulation.rejects).at(18, simulation.resumes)


def rejected_and_withdrawn_by_another(simulation: IncidentSimulation) -> None:
    simulation.at(2, simulation.rejects)
    simulation.at(3.2, lambda: simulation.rejects("mio")).at(3.6, lambda: simulation.withdraws("mio"))


@pytest.mark.parametrize("said", [approved_by_another_before, rejected_and_withdrawn_by_another])
def test_a_rejection_of_a_person_who_may_no_longer_reject_is_withdrawn_by_no_one_else(
    said: Callable[[IncidentSimulation], None],
) -> None:
    simulation = recently_changed()
    faults_last(simulation)
    said(simulation)
    parameters = simulation.scene.aws.ssm.parameters
    simulation.at(3, lambda: parameters.update({"/responder/settings": ONLY_MIO})).play(32)
    assert untouched(simulation)
    assert simulation.named("progress rejected") != []


def applied_automatically_after_it_was_asked() -> tuple[IncidentSimulation, str]:
    simulation = recently_changed()
    simulation.play(7)
    assert simulation.scene.percentages() == ["0"] * 4
    return simulation, simulation.proposals[0]


def test_what_was_applied_automatically_can_no_longer_be_answered() -> None:
    simulation, proposal = applied_automatically_after_it_was_asked()
    aws = simulation.scene.aws
    asked_before = Incidents(aws, "Incidents").asked(simulation.incident, proposal)
    assert asked_before is not None
    said = approvals.answer((), asked_before, parse(PEOPLE).people, aws.now)
    assert said.answer is ApprovalAnswer.NOT_NEEDED
    because = settled(said, aws.now)
    assert because is not None
    assert because.kind is DeclineReason.CARRIED_OUT_BEFORE


def test_a_rejection_of_what_is_applied_already_is_not_reported_as_kept_back() -> None:
    simulation, proposal = applied_automatically_after_it_was_asked()
    simulation.rejects(proposal=proposal)
    simulation.follow(until=12)
    assert simulation.named("progress rejected") == []


def opened_later(simulation: IncidentSimulation, other: FollowUpScene) -> None:
    simulation.at(13, lambda: other.deliver(other.event("ALARM", other.aws.now)))


def open_already(simulation: IncidentSimulation, other: FollowUpScene) -> None:
    simulation.at(0.5, lambda: other.deliver(other.event("ALARM", other.aws.now)))
    simulation.at(13, lambda: other.command("re-evaluate"))


@pytest.mark.parametrize("since", ["", "withdrawn", "right lost"])
@pytest.mark.parametrize("other_alarm", [opened_later, open_already])
def test_what_was_rejected_is_not_applied_automatically_for_another_alarm_of_the_fault(
    other_alarm: Callable[[IncidentSimulation, FollowUpScene], None], since: str
) -> None:
    simulation = recently_changed()
    faults_last(simulation)
    simulation.at(0.2, lambda: simulation.rejects(proposal=simulation.proposals[0]))
    if since == "withdrawn":
        simulation.mode("approve")
        simulation.at(1.2, lambda: simulation.withdraws(proposal=simulation.proposals[0]))
    if since == "right lost":
        settings = simulation.scene.aws.ssm.parameters
        simulation.at(3, lambda: settings.update({"/responder/settings": ONLY_MIO}))
    other_alarm(simulation, beside(simulation.scene))
    simulation.at(12.9, lambda: simulation.mode("auto")).play(13.2)
    assert simulation.scene.percentages() == (["0"] if since == "withdrawn" else ["50"]) * 4
    if since != "withdrawn":
        assert simulation.messages[-1].body["outcomes"][0]["because"]["key"] == "guard.rejected_elsewhere"


@pytest.mark.parametrize("other", [{"remedy": "on_demand_billing"}, {"scope": "result"}])
def test_a_rejection_holds_no_other_change_back_in_another_incident(
    monkeypatch: pytest.MonkeyPatch, other: dict[str, str]
) -> None:
    record = Incidents.reject
    monkeypatch.setattr(Incidents, "reject", lambda self, made, at: record(self, replace(made, **other), at))
    simulation = recently_changed()
    faults_last(simulation)
    simulation.at(0.2, lambda: simulation.rejects(proposal=simulation.proposals[0]))
    opened_later(simulation, beside(simulation.scene))
    simulation.at(12.9, lambda: simulation.mode("auto")).play(13.2)
    assert simulation.scene.percentages() == ["0"] * 4
