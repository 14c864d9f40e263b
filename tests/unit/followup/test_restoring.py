"""What only a person may restore: asked for, step by step, and verified before the next step."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from responder.core.command import RestoreVerdict
from responder.core.errors import Throttled
from tests.unit.followup.stage import KEN, TABLE, Stage, broken, table
from tests.unit.followup.theatre import Theatre
from tests.unit.remedies.world import FOUR, ROLLOUT, percentages
from tests.unit.respond.scene import TRIES

pytestmark = pytest.mark.unit


def switched_off(old: str = "100") -> Theatre:
    """Off immediately, OK after 12 minutes: the first step is requested at 22."""
    scene = broken()
    for name in FOUR:
        scene.aws.lambdas.functions[name].latest["Environment"]["Variables"][ROLLOUT] = old
    theatre = Theatre(scene)
    return theatre.at(12, theatre.recovers)


def percent(theatre: Theatre) -> set[str]:
    return set(theatre.scene.percentages())


def wanted(theatre: Theatre) -> list[tuple[float, object]]:
    """When which step was asked for; None is the old value."""
    asked: list[tuple[float, object]] = []
    for minute, order in theatre.orders:
        if order["command"] == "revert" and not order.get("proposal"):
            asked.append((minute, order["wanted"].get("percent")))
    return asked


def judged(theatre: Theatre) -> list[str]:
    """What each request reports of the previous step."""
    return [each.body["topic"] for each in theatre.messages if each.name == "command asked"]


def test_the_rollout_is_restored_in_three_steps_each_approved_and_each_verified() -> None:
    theatre = switched_off()
    theatre.scene.traffic(0, 300)
    for minute in (24, 34, 44):
        theatre.at(minute, theatre.approves)
    theatre.at(25.5, lambda: seen.append(percent(theatre))).at(35.5, lambda: seen.append(percent(theatre)))
    seen: list[set[str]] = []
    theatre.play(200)
    # Each step is set a minute after its approval, and verified by 20 requests in the minutes after.
    assert [step for _, step in wanted(theatre)] == [10, 50, None]
    assert seen == [{"10"}, {"50"}]
    assert percent(theatre) == {"100"}
    assert judged(theatre) == ["", RestoreVerdict.VERIFIED, RestoreVerdict.VERIFIED]
    assert theatre.closed
    # The last step is proven like the others: ten minutes of calm with all users on the check.
    assert theatre.named("closed close")[0] == 55


def test_no_step_is_taken_without_an_approval() -> None:
    theatre = switched_off()
    theatre.scene.traffic(0, 300)
    # Until after it was asked for a second time.
    theatre.play(90)
    assert percent(theatre) == {"0"}
    assert {step for _, step in wanted(theatre)} == {10}
    assert not theatre.closed


def test_after_a_step_with_faults_a_revert_to_0_percent_is_requested() -> None:
    theatre = switched_off()
    theatre.scene.traffic(25, 300)
    theatre.scene.failing(25, 300)
    theatre.at(24, theatre.approves).at(31, theatre.approves).play(36)
    assert [step for _, step in wanted(theatre)][:2] == [10, 0]
    assert judged(theatre)[:2] == ["", RestoreVerdict.FAILING]
    assert percent(theatre) == {"0"}


def test_when_the_alarm_returns_during_a_step_a_revert_to_0_percent_is_requested() -> None:
    theatre = switched_off()
    theatre.at(24, theatre.approves).at(30, theatre.returns).play(40)
    assert wanted(theatre) == [(22, 10), (30, 0)]
    assert percent(theatre) == {"10"}


def test_a_value_that_a_person_set_meanwhile_is_kept() -> None:
    theatre = switched_off()
    theatre.scene.traffic(0, 300)
    theatre.at(23, lambda: theatre.scene.aws.lambdas.person_sets(FOUR[0], **{ROLLOUT: "30"}))
    for minute in (24, 34, 44):
        theatre.at(minute, theatre.approves)
    theatre.play(200)
    assert theatre.scene.percentages()[0] == "30"


def one_is_throttled(theatre: Theatre) -> None:
    """One function's write is turned away as long as it is tried, and the revert is approved."""
    where = {"FunctionName": FOUR[0]}
    theatre.scene.aws.fail("lambda", "update_function_configuration", Throttled, times=TRIES, where=where)
    theatre.approves()


def test_a_step_that_failed_in_part_is_finished_under_the_same_approval() -> None:
    theatre = switched_off()
    theatre.at(24, lambda: one_is_throttled(theatre)).play(34)
    assert theatre.named("command partial") == [25]
    assert percent(theatre) == {"10"}
    assert [step for _, step in wanted(theatre)] == [10]
    (proposal,) = theatre.scene.rows("PROPOSAL#")
    assert (proposal["carried_by"], proposal["since"][11:16]) == ("aiko", "10:55")


def test_a_step_that_failed_in_part_is_reported_as_what_went_back() -> None:
    theatre = switched_off()
    theatre.at(24, lambda: one_is_throttled(theatre)).play(29)
    finished = theatre.message("command stepped")
    assert "restore liveness check to 10%" in finished["headlines"]["en"]
    assert {each["after"] for each in finished["outcomes"][0]["changes"]} == {"10"}


def test_a_step_that_failed_in_part_is_not_finished_once_a_later_one_was_carried_out() -> None:
    theatre = switched_off()
    theatre.at(24, lambda: one_is_throttled(theatre)).at(26, lambda: off_again(theatre))

    def approves() -> None:
        theatre.approves()
        proposal = theatre.proposals[-1]
        theatre.scene.command("revert", remedy="rollout_to_zero", wanted={"percent": 0}, proposal=proposal)

    theatre.at(27, approves).play(40)
    assert percent(theatre) == {"0"}


def test_a_revert_that_was_approved_during_a_stop_is_carried_out_when_the_stop_ends() -> None:
    theatre = switched_off()
    theatre.at(20, theatre.pauses).at(23, lambda: back(theatre)).at(24, theatre.approves)
    theatre.at(51, theatre.resumes).play(56)
    assert percent(theatre) == {"100"}
    assert theatre.named("command refused") == []
    assert theatre.named("progress stuck") == []
    # The revert that was due, and the one that was approved.
    assert theatre.named("progress postponed") == [22, 25]


def test_a_revert_that_was_approved_during_a_longer_stop_is_asked_for_again() -> None:
    theatre = switched_off()
    theatre.at(20, theatre.pauses).at(23, lambda: back(theatre)).at(24, theatre.approves)
    theatre.at(55, theatre.resumes).play(58)
    assert percent(theatre) == {"0"}
    assert theatre.named("command refused") == []
    assert [minute for minute, _ in wanted(theatre)] == [55]


def back(theatre: Theatre) -> None:
    """A person asks for the whole revert."""
    theatre.scene.command("revert", remedy="rollout_to_zero")
    theatre._collect()


def off_again(theatre: Theatre) -> None:
    """A person asks for 0 % while the check is coming back."""
    theatre.scene.command("revert", remedy="rollout_to_zero", wanted={"percent": 0})
    theatre._collect()


def test_a_rejected_0_percent_is_neither_asked_for_again_nor_set() -> None:
    theatre = switched_off()
    theatre.at(24, theatre.approves).at(30, lambda: off_again(theatre)).at(31, theatre.rejects)
    theatre.at(32, lambda: off_again(theatre)).at(33, lambda: theatre.approves("mio")).play(38)
    assert theatre.named("command asked") == [22, 30]
    refused = theatre.message("command refused")
    assert refused["outcomes"][0]["because"]["key"] == "guard.rejected"
    assert "Not applied: liveness check off (rollout 0%)" in refused["headlines"]["en"]
    assert percent(theatre) == {"10"}


def test_a_0_percent_that_was_rejected_while_a_step_fails_is_not_asked_for_every_hour() -> None:
    theatre = switched_off()
    theatre.at(24, theatre.approves).at(30, theatre.returns).at(31, theatre.rejects).play(100)
    assert wanted(theatre) == [(22, 10), (30, 0)]
    assert percent(theatre) == {"10"}


def test_once_the_rejection_is_withdrawn_0_percent_is_asked_for_again() -> None:
    theatre = switched_off()
    theatre.at(24, theatre.approves).at(30, theatre.returns).at(31, theatre.rejects)
    theatre.at(92.5, theatre.withdraws).at(99, lambda: theatre.approves("mio")).play(104)
    assert [step for _, step in wanted(theatre)] == [10, 0, 0]
    assert 92 < wanted(theatre)[2][0] < 99
    assert percent(theatre) == {"0"}


def test_a_change_that_waits_for_an_answer_does_not_put_off_the_revert() -> None:
    theatre = Theatre(broken())
    for name in FOUR:
        theatre.scene.aws.lambdas.release(name, "live")
    theatre.at(0.2, lambda: theatre.mode("approve")).at(3, theatre.recovers).play(20)
    assert theatre.named("command asked")[0] < 1
    assert wanted(theatre) == [(13, None)]


def answers(theatre: Theatre) -> None:
    """Whatever was asked for last is approved."""
    if theatre.proposals:
        theatre.approves()


def kept_answering(theatre: Theatre, until: int) -> Theatre:
    theatre.scene.traffic(0, 400)
    for minute in range(24, until, 10):
        theatre.at(minute, lambda: answers(theatre))
    return theatre.play(until)


@pytest.mark.parametrize(
    "before", [["50", "50", "50", "0"], ["100", "100", "100", "10"], ["100", "50", "100", "100"]]
)
def test_functions_that_had_different_values_all_come_back(before: list[str]) -> None:
    theatre = switched_off()
    for name, value in zip(FOUR, before, strict=True):
        theatre.scene.aws.lambdas.functions[name].latest["Environment"]["Variables"][ROLLOUT] = value
    kept_answering(theatre, 150)
    assert theatre.scene.percentages() == before
    assert theatre.closed
    assert len(wanted(theatre)) == len(set(wanted(theatre)))


def test_a_function_that_was_deleted_does_not_keep_the_others_from_coming_back() -> None:
    theatre = switched_off()
    theatre.at(20, lambda: theatre.scene.aws.lambdas.functions.pop(FOUR[3]))
    kept_answering(theatre, 150)
    assert percentages(theatre.scene.aws, names=FOUR[:3]) == ["100"] * 3
    assert theatre.closed
    said = theatre.message("progress changed")["headlines"]["en"]
    assert f"{ROLLOUT} of {FOUR[3]} is now deleted" in said


def test_a_function_that_was_deleted_while_aws_worked_on_it_is_not_looked_at_for_ever() -> None:
    theatre = released()
    theatre.at(0.2, lambda: theatre.scene.aws.lambdas.functions.pop(FOUR[3])).at(12, theatre.recovers)
    theatre.play(40)
    assert [minute for minute in theatre.sent("finish") if minute > 12] == []


def test_where_one_function_is_behind_the_others_no_step_asks_for_less_than_they_have() -> None:
    theatre = switched_off()
    fails = {"FunctionName": FOUR[3]}
    theatre.at(
        23,
        lambda: theatre.scene.aws.fail(
            "lambda", "update_function_configuration", Throttled, times=99 * TRIES, where=fails
        ),
    )
    theatre.at(23.5, lambda: back(theatre)).at(24, theatre.approves).at(70, theatre.scene.aws.heal)
    kept_answering(theatre, 180)
    assert [step for minute, step in wanted(theatre) if minute > 24] == [None]
    assert percent(theatre) == {"100"}


def test_an_approval_from_before_a_rejection_carries_nothing_out() -> None:
    theatre = switched_off()
    theatre.at(20, theatre.pauses).at(23, lambda: back(theatre)).at(24, theatre.approves)
    theatre.at(26, lambda: theatre.rejects("mio")).at(28, theatre.resumes)
    theatre.at(30, lambda: back(theatre)).at(32, lambda: seen.append(percent(theatre)))
    seen: list[set[str]] = []
    theatre.at(33, theatre.approves).play(40)
    assert seen == [{"0"}]
    assert percent(theatre) == {"100"}


def test_a_step_that_failed_in_part_is_not_finished_against_a_later_approval() -> None:
    theatre = switched_off()
    theatre.at(24, lambda: one_is_throttled(theatre)).at(25.6, lambda: off_again(theatre))

    def approves() -> None:
        stuck = next(name for name in FOUR if theatre.scene.aws.lambdas.variables(name)[ROLLOUT] == "10")
        theatre.scene.aws.fail(
            "lambda",
            "update_function_configuration",
            Throttled,
            times=99 * TRIES,
            where={"FunctionName": stuck},
        )
        theatre.approves()
        proposal = theatre.proposals[-1]
        theatre.scene.command("revert", remedy="rollout_to_zero", wanted={"percent": 0}, proposal=proposal)

    theatre.at(26.5, approves).play(54)
    assert sorted(theatre.scene.percentages()) == ["0", "0", "0", "10"]


def test_what_turns_the_check_off_again_is_postponed_by_its_name_and_for_no_longer_than_it_says() -> None:
    theatre = switched_off()
    theatre.at(24, theatre.approves).at(30, theatre.pauses).at(31, lambda: off_again(theatre))
    theatre.at(32, theatre.approves).at(48, theatre.resumes).play(58)
    asked = theatre.message("command asked")["outcomes"][0]
    assert [each["key"] for each in asked["also"]][:1] == ["order.waits_briefly"]
    postponed = theatre.message("progress postponed")["headlines"]["en"]
    assert "cannot run now: liveness check off (rollout 0%)" in postponed
    assert percent(theatre) == {"10"}


# --- on-demand billing ---------------------------------------------------------------------------


def billing(scene: Stage) -> tuple[str, int, int, int]:
    described = scene.aws.dynamo.describe_table(TableName=TABLE)["Table"]
    mode = described.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    own = described["ProvisionedThroughput"]
    index = described["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]
    return mode, own["ReadCapacityUnits"], own["WriteCapacityUnits"], index["WriteCapacityUnits"]


def test_on_demand_goes_back_by_approval_only_with_the_old_throughput_of_table_and_index() -> None:
    theatre = Theatre(table())
    theatre.scene.traffic(0, 400)
    before = billing(theatre.scene)
    assert before == ("PROVISIONED", 10, 20, 4)
    theatre.at(12, theatre.recovers).at(75, lambda: seen.append(billing(theatre.scene)[0]))
    seen: list[str] = []
    theatre.at(80, lambda: theatre.approves("ken", identity=KEN)).play(300)
    assert theatre.named("command asked") == [72]
    assert seen == ["PAY_PER_REQUEST"]
    assert billing(theatre.scene) == before
    assert theatre.closed


def test_a_person_who_may_not_approve_costs_cannot_revert_on_demand_billing() -> None:
    theatre = Theatre(table())
    theatre.scene.traffic(0, 400)
    theatre.at(12, theatre.recovers).at(80, theatre.approves).play(90)
    assert billing(theatre.scene)[0] == "PAY_PER_REQUEST"
    assert not theatre.closed


def released() -> Theatre:
    """Off in $LATEST from the first minute; an alias of each function serves the users."""
    scene = Stage()
    scene.faults(15)
    for name in FOUR:
        scene.aws.lambdas.release(name, "live")
    return Theatre(scene)


def served(theatre: Theatre) -> list[str]:
    """What the aliases serve."""
    return percentages(theatre.scene.aws, "live")


def half_released(theatre: Theatre) -> None:
    """Two aliases are moved; then a person sets the mode to approve."""

    def turned_away() -> None:
        for name in FOUR[2:]:
            where = {"FunctionName": name}
            theatre.scene.aws.fail("lambda", "update_alias", Throttled, times=TRIES, where=where)

    theatre.at(0.6, turned_away)
    theatre.at(1.8, lambda: theatre.mode("approve")).at(6, theatre.recovers)


def unreleased(theatre: Theatre) -> None:
    """The alarm is OK before an alias is moved."""
    theatre.at(0.2, theatre.recovers)


@pytest.mark.parametrize(
    ("how", "before"), [(unreleased, ["50"] * 4), (half_released, ["0", "0", "50", "50"])]
)
def test_aliases_that_never_got_the_value_never_serve_less_during_a_revert(
    how: Callable[[Theatre], None], before: list[str]
) -> None:
    theatre = released()
    how(theatre)
    seen: list[list[str]] = []
    for minute in range(8, 70):
        theatre.at(minute, lambda: seen.append(sorted(served(theatre))))
    theatre.at(38, theatre.approves)
    theatre.play(70)
    assert [step for _, step in wanted(theatre)][:1] == [None]
    calm = next(each for each in theatre.messages if each.name == "progress mitigated").body
    assert "off in $LATEST but not in every alias" in calm["headlines"]["en"]
    assert "Nobody" not in calm["headlines"]["en"]
    assert seen[0] == before
    assert all(sum(map(int, later)) >= sum(map(int, earlier)) for earlier, later in pairwise(seen))
    assert (served(theatre), percent(theatre)) == (["50"] * 4, {"50"})
