"""What only a person may restore: asked for, step by step, and verified before the next step."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest

from responder.core.command import RestoreVerdict
from responder.core.errors import Throttled
from responder.core.settings import Settings
from tests.unit.followup.scenes import KEN, TABLE, FollowUpScene, broken, table
from tests.unit.followup.simulation import IncidentSimulation
from tests.unit.remedies.world import FOUR, ROLLOUT, percentages
from tests.unit.respond.scene import TRIES


@pytest.fixture
def simulation() -> IncidentSimulation:
    """Off immediately, OK after 12 minutes: the first step is requested at 22."""
    scene = broken()
    for name in FOUR:
        scene.aws.lambdas.functions[name].latest["Environment"]["Variables"][ROLLOUT] = "100"
    simulation = IncidentSimulation(scene)
    return simulation.at(12, simulation.recovers)


def percent(simulation: IncidentSimulation) -> set[str]:
    return set(simulation.scene.percentages())


def wanted(simulation: IncidentSimulation) -> list[tuple[float, object]]:
    """When which step was asked for; None is the old value."""
    asked: list[tuple[float, object]] = []
    for minute, order in simulation.orders:
        if order["command"] == "revert" and not order.get("proposal"):
            asked.append((minute, order["wanted"].get("percent")))
    return asked


def judged(simulation: IncidentSimulation) -> list[str]:
    """What each request reports of the previous step."""
    return [each.body["topic"] for each in simulation.messages if each.name == "command asked"]


def test_the_rollout_is_restored_in_three_steps_each_approved_and_each_verified(
    simulation: IncidentSimulation,
) -> None:
    simulation.scene.traffic(0, 300)
    for minute in (24, 34, 44):
        simulation.at(minute, simulation.approves)
    simulation.at(25.5, lambda: seen.append(percent(simulation))).at(
        35.5, lambda: seen.append(percent(simulation))
    )
    seen: list[set[str]] = []
    simulation.play(200)
    # Each step is set a minute after its approval, and verified by 20 requests in the minutes after.
    assert [step for _, step in wanted(simulation)] == [10, 50, None]
    assert seen == [{"10"}, {"50"}]
    assert percent(simulation) == {"100"}
    assert judged(simulation) == ["", RestoreVerdict.VERIFIED, RestoreVerdict.VERIFIED]
    assert simulation.closed
    # The last step is proven like the others: ten minutes of calm with all users on the check.
    assert simulation.named("closed close")[0] == 55


def test_no_step_is_taken_without_an_approval(simulation: IncidentSimulation) -> None:
    simulation.scene.traffic(0, 300)
    # Until after it was asked for a second time.
    simulation.play(90)
    assert percent(simulation) == {"0"}
    assert {step for _, step in wanted(simulation)} == {10}
    assert not simulation.closed


def test_after_a_step_with_faults_a_revert_to_0_percent_is_requested(simulation: IncidentSimulation) -> None:
    simulation.scene.traffic(25, 300)
    simulation.scene.failing(25, 300)
    simulation.at(24, simulation.approves).at(34, simulation.approves).play(39)
    assert [step for _, step in wanted(simulation)][:2] == [10, 0]
    assert judged(simulation)[:2] == ["", RestoreVerdict.FAILING]
    assert percent(simulation) == {"0"}


def test_a_step_is_not_judged_by_requests_whose_faults_may_still_be_unknown(
    simulation: IncidentSimulation,
) -> None:
    simulation.scene.traffic(0, 300)
    now = simulation.scene.aws.now
    for minute in range(25, 40):
        fails = partial(simulation.scene.figures.put, Settings().namespace, "VerificationError")
        simulation.at(minute + 2.9, partial(fails, [(now + timedelta(minutes=minute), 1.0)]))
    simulation.at(24, simulation.approves).play(40)
    assert judged(simulation)[:2] == ["", RestoreVerdict.FAILING]


def test_when_the_alarm_returns_during_a_step_a_revert_to_0_percent_is_requested(
    simulation: IncidentSimulation,
) -> None:
    simulation.at(24, simulation.approves).at(30, simulation.returns).play(40)
    assert wanted(simulation) == [(22, 10), (30, 0)]
    assert percent(simulation) == {"10"}


def test_our_own_step_is_not_taken_for_a_change_by_others_when_the_alarm_returns(
    simulation: IncidentSimulation,
) -> None:
    simulation.at(24, simulation.approves).at(30, simulation.returns).play(110)
    assert percent(simulation) == {"10"}
    said = [(each.name, json.dumps(each.body, ensure_ascii=False)) for each in simulation.messages]
    assert any("restored in steps, now at 10%" in body for _, body in said)
    for name, body in said:
        for wrong in ("undone manually", "Find out who changed", "has had no effect", "undone_since"):
            assert wrong not in body, (name, body[:3000])


def test_a_value_that_a_person_set_meanwhile_is_kept(simulation: IncidentSimulation) -> None:
    simulation.scene.traffic(0, 300)
    simulation.at(23, lambda: simulation.scene.aws.lambdas.person_sets(FOUR[0], **{ROLLOUT: "30"}))
    for minute in (24, 34, 44):
        simulation.at(minute, simulation.approves)
    simulation.play(200)
    assert simulation.scene.percentages()[0] == "30"


def one_is_throttled(simulation: IncidentSimulation) -> None:
    """One function's write is turned away as long as it is tried, and the revert is approved."""
    where = {"FunctionName": FOUR[0]}
    simulation.scene.aws.fail("lambda", "update_function_configuration", Throttled, times=TRIES, where=where)
    simulation.approves()


def test_a_step_that_failed_in_part_is_finished_under_the_same_approval(
    simulation: IncidentSimulation,
) -> None:
    simulation.at(24, lambda: one_is_throttled(simulation)).play(34)
    assert simulation.named("command partial") == [25]
    assert percent(simulation) == {"10"}
    assert [step for _, step in wanted(simulation)] == [10]
    (proposal,) = simulation.scene.rows("PROPOSAL#")
    assert (proposal["carried_by"], proposal["since"][11:16]) == ("aiko", "10:55")


def test_a_step_that_failed_in_part_is_reported_as_what_went_back(simulation: IncidentSimulation) -> None:
    simulation.at(24, lambda: one_is_throttled(simulation)).play(29)
    finished = simulation.message("command stepped")
    assert "restore liveness check to 10%" in finished["headlines"]["en"]
    assert {each["after"] for each in finished["outcomes"][0]["changes"]} == {"10"}


def test_a_step_is_not_verified_while_the_newest_requests_fail(simulation: IncidentSimulation) -> None:
    """What failed is known at once, how many requests there were minutes later."""
    simulation.scene.traffic(0, 300).failing(28, 300, per_minute=4)
    simulation.at(24, simulation.approves).play(60)
    assert judged(simulation)[:2] == ["", RestoreVerdict.FAILING]


def test_a_step_that_failed_in_part_is_not_finished_once_a_later_one_was_carried_out(
    simulation: IncidentSimulation,
) -> None:
    simulation.at(24, lambda: one_is_throttled(simulation)).at(26, lambda: off_again(simulation))

    def approves() -> None:
        simulation.approves()
        proposal = simulation.proposals[-1]
        simulation.scene.command("revert", remedy="rollout_to_zero", wanted={"percent": 0}, proposal=proposal)

    simulation.at(27, approves).play(40)
    assert percent(simulation) == {"0"}


def test_a_revert_that_was_approved_during_a_stop_is_carried_out_when_the_stop_ends(
    simulation: IncidentSimulation,
) -> None:
    simulation.at(20, simulation.pauses).at(23, lambda: back(simulation)).at(24, simulation.approves)
    simulation.at(51, simulation.resumes).play(56)
    assert percent(simulation) == {"100"}
    assert simulation.named("command refused") == []
    assert simulation.named("progress stuck") == []
    # The revert that was due, and the one that was approved.
    assert simulation.named("progress postponed") == [22, 25]


def test_a_revert_that_was_approved_during_a_longer_stop_is_asked_for_again(
    simulation: IncidentSimulation,
) -> None:
    simulation.at(20, simulation.pauses).at(23, lambda: back(simulation)).at(24, simulation.approves)
    simulation.at(55, simulation.resumes).play(58)
    assert percent(simulation) == {"0"}
    assert simulation.named("command refused") == []
    assert [minute for minute, _ in wanted(simulation)] == [55]


def back(simulation: IncidentSimulation) -> None:
    """A person asks for the whole revert."""
    simulation.scene.command("revert", remedy="rollout_to_zero")
    simulation._collect()


def off_again(simulation: IncidentSimulation) -> None:
    """A person asks for 0 % while the check is coming back."""
    simulation.scene.command("revert", remedy="rollout_to_zero", wanted={"percent": 0})
    simulation._collect()


def test_a_rejected_0_percent_is_neither_asked_for_again_nor_set(simulation: IncidentSimulation) -> None:
    simulation.at(24, simulation.approves).at(30, lambda: off_again(simulation)).at(31, simulation.rejects)
    simulation.at(32, lambda: off_again(simulation)).at(33, lambda: simulation.approves("mio")).play(38)
    assert simulation.named("command asked") == [22, 30]
    refused = simulation.message("command refused")
    assert refused["outcomes"][0]["because"]["key"] == "guard.rejected"
    assert "Not applied: liveness check off (rollout 0%)" in refused["headlines"]["en"]
    assert percent(simulation) == {"10"}


def test_a_0_percent_that_was_rejected_while_a_step_fails_is_not_asked_for_every_hour(
    simulation: IncidentSimulation,
) -> None:
    simulation.at(24, simulation.approves).at(30, simulation.returns).at(31, simulation.rejects).play(100)
    assert wanted(simulation) == [(22, 10), (30, 0)]
    assert percent(simulation) == {"10"}


def test_once_the_rejection_is_withdrawn_0_percent_is_asked_for_again(simulation: IncidentSimulation) -> None:
    simulation.at(24, simulation.approves).at(30, simulation.returns).at(31, simulation.rejects)
    simulation.at(92.5, simulation.withdraws).at(99, lambda: simulation.approves("mio")).play(104)
    assert [step for _, step in wanted(simulation)] == [10, 0, 0]
    assert 92 < wanted(simulation)[2][0] < 99
    assert percent(simulation) == {"0"}


def test_a_change_that_waits_for_an_answer_does_not_put_off_the_revert() -> None:
    simulation = IncidentSimulation(broken())
    for name in FOUR:
        simulation.scene.aws.lambdas.release(name, "live")
    simulation.at(0.2, lambda: simulation.mode("approve")).at(3, simulation.recovers).play(20)
    assert simulation.named("command asked")[0] < 1
    assert wanted(simulation) == [(13, None)]


def answers(simulation: IncidentSimulation) -> None:
    """Whatever was asked for last is approved."""
    if simulation.proposals:
        simulation.approves()


def kept_answering(simulation: IncidentSimulation, until: int) -> IncidentSimulation:
    simulation.scene.traffic(0, 400)
    for minute in range(24, until, 10):
        simulation.at(minute, lambda: answers(simulation))
    return simulation.play(until)


@pytest.mark.parametrize(
    "before", [["50", "50", "50", "0"], ["100", "100", "100", "10"], ["100", "50", "100", "100"]]
)
def test_functions_that_had_different_values_all_come_back(
    simulation: IncidentSimulation, before: list[str]
) -> None:
    for name, value in zip(FOUR, before, strict=True):
        simulation.scene.aws.lambdas.functions[name].latest["Environment"]["Variables"][ROLLOUT] = value
    kept_answering(simulation, 150)
    assert simulation.scene.percentages() == before
    assert simulation.closed
    assert len(wanted(simulation)) == len(set(wanted(simulation)))


def test_a_function_that_was_deleted_does_not_keep_the_others_from_coming_back(
    simulation: IncidentSimulation,
) -> None:
    simulation.at(20, lambda: simulation.scene.aws.lambdas.functions.pop(FOUR[3]))
    kept_answering(simulation, 150)
    assert percentages(simulation.scene.aws, names=FOUR[:3]) == ["100"] * 3
    assert simulation.closed
    said = simulation.message("progress changed")["headlines"]["en"]
    assert f"{ROLLOUT} of {FOUR[3]} is now deleted" in said


def test_a_function_that_was_deleted_while_aws_worked_on_it_is_not_looked_at_for_ever() -> None:
    simulation = released()
    simulation.at(0.2, lambda: simulation.scene.aws.lambdas.functions.pop(FOUR[3])).at(
        12, simulation.recovers
    )
    simulation.play(40)
    assert [minute for minute in simulation.sent("finish") if minute > 12] == []


def test_where_one_function_is_behind_the_others_no_step_asks_for_less_than_they_have(
    simulation: IncidentSimulation,
) -> None:
    fails = {"FunctionName": FOUR[3]}
    simulation.at(
        23,
        lambda: simulation.scene.aws.fail(
            "lambda", "update_function_configuration", Throttled, times=99 * TRIES, where=fails
        ),
    )
    simulation.at(23.5, lambda: back(simulation)).at(24, simulation.approves).at(
        70, simulation.scene.aws.heal
    )
    kept_answering(simulation, 180)
    assert [step for minute, step in wanted(simulation) if minute > 24] == [None]
    assert percent(simulation) == {"100"}


def test_an_approval_from_before_a_rejection_carries_nothing_out(simulation: IncidentSimulation) -> None:
    simulation.at(20, simulation.pauses).at(23, lambda: back(simulation)).at(24, simulation.approves)
    simulation.at(26, lambda: simulation.rejects("mio")).at(28, simulation.resumes)
    simulation.at(30, lambda: back(simulation)).at(32, lambda: seen.append(percent(simulation)))
    seen: list[set[str]] = []
    simulation.at(33, simulation.approves).play(40)
    assert seen == [{"0"}]
    assert percent(simulation) == {"100"}


def test_a_step_that_failed_in_part_is_not_finished_against_a_later_approval(
    simulation: IncidentSimulation,
) -> None:
    simulation.at(24, lambda: one_is_throttled(simulation)).at(25.6, lambda: off_again(simulation))

    def approves() -> None:
        stuck = next(name for name in FOUR if simulation.scene.aws.lambdas.variables(name)[ROLLOUT] == "10")
        simulation.scene.aws.fail(
            "lambda",
            "update_function_configuration",
            Throttled,
            times=99 * TRIES,
            where={"FunctionName": stuck},
        )
        simulation.approves()
        proposal = simulation.proposals[-1]
        simulation.scene.command("revert", remedy="rollout_to_zero", wanted={"percent": 0}, proposal=proposal)

    simulation.at(26.5, approves).play(54)
    assert sorted(simulation.scene.percentages()) == ["0", "0", "0", "10"]


def test_what_turns_the_check_off_again_is_postponed_by_its_name_and_for_no_longer_than_it_says(
    simulation: IncidentSimulation,
) -> None:
    simulation.at(24, simulation.approves).at(30, simulation.pauses).at(31, lambda: off_again(simulation))
    simulation.at(32, simulation.approves).at(48, simulation.resumes).play(58)
    asked = simulation.message("command asked")["outcomes"][0]
    assert [each["key"] for each in asked["also"]][:1] == ["order.waits_briefly"]
    postponed = simulation.message("progress postponed")["headlines"]["en"]
    assert "cannot run now: liveness check off (rollout 0%)" in postponed
    assert percent(simulation) == {"10"}


# --- on-demand billing ---------------------------------------------------------------------------


def billing(scene: FollowUpScene) -> tuple[str, int, int, int]:
    described = scene.aws.dynamo.describe_table(TableName=TABLE)["Table"]
    mode = described.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    own = described["ProvisionedThroughput"]
    index = described["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]
    return mode, own["ReadCapacityUnits"], own["WriteCapacityUnits"], index["WriteCapacityUnits"]


def test_on_demand_goes_back_by_approval_only_with_the_old_throughput_of_table_and_index() -> None:
    simulation = IncidentSimulation(table())
    simulation.scene.traffic(0, 400)
    before = billing(simulation.scene)
    assert before == ("PROVISIONED", 10, 20, 4)
    simulation.at(12, simulation.recovers).at(75, lambda: seen.append(billing(simulation.scene)[0]))
    seen: list[str] = []
    simulation.at(80, lambda: simulation.approves("ken", identity=KEN)).play(300)
    assert simulation.named("command asked") == [72]
    assert seen == ["PAY_PER_REQUEST"]
    assert billing(simulation.scene) == before
    assert simulation.closed


def test_a_person_who_may_not_approve_costs_cannot_revert_on_demand_billing() -> None:
    simulation = IncidentSimulation(table())
    simulation.scene.traffic(0, 400)
    simulation.at(12, simulation.recovers).at(80, simulation.approves).play(90)
    assert billing(simulation.scene)[0] == "PAY_PER_REQUEST"
    assert not simulation.closed


def released() -> IncidentSimulation:
    """Off in $LATEST from the first minute; an alias of each function serves the users."""
    scene = FollowUpScene()
    scene.faults(15)
    for name in FOUR:
        scene.aws.lambdas.release(name, "live")
    return IncidentSimulation(scene)


def served(simulation: IncidentSimulation) -> list[str]:
    """What the aliases serve."""
    return percentages(simulation.scene.aws, "live")


def half_released(simulation: IncidentSimulation) -> None:
    """Two aliases are moved; then a person sets the mode to approve."""

    def turned_away() -> None:
        for name in FOUR[2:]:
            where = {"FunctionName": name}
            simulation.scene.aws.fail("lambda", "update_alias", Throttled, times=TRIES, where=where)

    simulation.at(0.6, turned_away)
    simulation.at(1.8, lambda: simulation.mode("approve")).at(6, simulation.recovers)


def unreleased(simulation: IncidentSimulation) -> None:
    """The alarm is OK before an alias is moved."""
    simulation.at(0.2, simulation.recovers)


@pytest.mark.parametrize(
    ("how", "before"), [(unreleased, ["50"] * 4), (half_released, ["0", "0", "50", "50"])]
)
def test_aliases_that_never_got_the_value_never_serve_less_during_a_revert(
    how: Callable[[IncidentSimulation], None], before: list[str]
) -> None:
    simulation = released()
    how(simulation)
    seen: list[list[str]] = []
    for minute in range(8, 70):
        simulation.at(minute, lambda: seen.append(sorted(served(simulation))))
    simulation.at(38, simulation.approves)
    simulation.play(70)
    assert [step for _, step in wanted(simulation)][:1] == [None]
    calm = next(each for each in simulation.messages if each.name == "progress mitigated").body
    assert "off in $LATEST but not in every alias" in calm["headlines"]["en"]
    assert "Nobody" not in calm["headlines"]["en"]
    assert seen[0] == before
    assert all(sum(map(int, later)) >= sum(map(int, earlier)) for earlier, later in pairwise(seen))
    assert (served(simulation), percent(simulation)) == (["50"] * 4, {"50"})
