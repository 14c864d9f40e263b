"""A remedy that did harm, or did not help twice, needs approval until a person resumes it."""

from datetime import timedelta
from functools import partial

import pytest

from responder.core.errors import Denied
from responder.core.settings import Settings
from responder.store.ledger import Assessments
from tests.texts import piece
from tests.unit.followup.scenes import FollowUpScene, broken, cold
from tests.unit.followup.simulation import IncidentSimulation
from tests.unit.remedies.world import FOUR
from tests.unit.remedies.world import ROLLOUT as WANTED
from tests.unit.respond.scene import CREATE, RESULT

ROLLOUT, WARM = "rollout_to_zero", "provisioned_concurrency"
STOP = f"ask-{WARM}"


def results(simulation: IncidentSimulation) -> list[tuple[str, str, bool]]:
    found = Assessments(simulation.scene.aws, "Incidents").read()
    return [(each.remedy, each.result.value, each.counted) for each in found]


def faults(scene: FollowUpScene, since: int, until: int, per_minute: int) -> None:
    """Of six requests a minute so many fail, in minutes from now."""
    times = [scene.aws.now + timedelta(minutes=each) for each in range(since, until)]
    for name in (CREATE, RESULT):
        scene.figures.put("AWS/Lambda", "Invocations", [(at, 3.0) for at in times], FunctionName=name)
    points = [(at, float(per_minute)) for at in times]
    scene.figures.put(Settings().namespace, "VerificationError", points)


def sure_faults(scene: FollowUpScene, since: int, until: int, per_minute: int) -> None:
    """So many of these are sure ones, in minutes from now."""
    times = [scene.aws.now + timedelta(minutes=each) for each in range(since, until)]
    namespace = "LivenessResponder/responder"
    scene.figures.put(namespace, "SureFaults", [(at, float(per_minute)) for at in times])


def off(before: int, after: int, period: int = 300) -> IncidentSimulation:
    """The check is turned off immediately; so many of six requests a minute fail before and after that."""
    simulation = IncidentSimulation(broken(), period=period)
    faults(simulation.scene, -60, 0, before)
    faults(simulation.scene, 0, 60, after)
    return simulation


def worse() -> IncidentSimulation:
    """Environments are kept warm, and after that most requests fail."""
    simulation = IncidentSimulation(cold())
    faults(simulation.scene, -60, 0, 1)
    faults(simulation.scene, 0, 60, 5)
    return simulation


def ineffective() -> IncidentSimulation:
    """The check is switched off, and half of the requests fail on, with sure faults."""
    simulation = off(5, 3)
    sure_faults(simulation.scene, -60, 60, 3)
    return simulation.play(31)


def test_a_rollout_after_which_requests_stopped_failing_has_helped() -> None:
    simulation = off(3, 0).at(12, lambda: None).play(30)
    assert results(simulation) == [(ROLLOUT, "helped", False)]
    assert simulation.asking == {}


def test_one_act_without_effect_costs_no_trust() -> None:
    simulation = ineffective()
    assert results(simulation) == [(ROLLOUT, "ineffective", False)]
    assert simulation.asking == {}
    assert simulation.named("progress demoted") == []


def test_of_an_alarm_on_three_hours_an_act_without_effect_is_found_as_well() -> None:
    """The window that is proposed for little traffic."""
    simulation = off(5, 3, period=10_800)
    sure_faults(simulation.scene, -60, 60, 3)
    assert results(simulation.play(187)) == [(ROLLOUT, "ineffective", False)]


def test_a_rollout_after_which_only_callers_make_requests_fail_is_not_judged() -> None:
    simulation = off(5, 3)
    # Also those of a while ago are what it was applied for.
    sure_faults(simulation.scene, -41, -40, 3)
    assert results(simulation.play(31)) == []


def test_a_remedy_after_which_more_requests_fail_is_only_asked_for() -> None:
    simulation = worse().play(31)
    assert results(simulation) == [(WARM, "harmful", True)]
    (stop,) = simulation.asking.values()
    assert (list(simulation.asking), stop["remedy"], stop["who"]) == ([STOP], WARM, "automation")
    # By what was measured: failed requests of all, before and after.
    assert f"({simulation.incident}: 5 of 60 requests failed before, 30 of 36 after)" in stop["why"]
    # Reported immediately, with the command that removes it.
    assert simulation.named("progress demoted") == [11]
    body = simulation.message("progress demoted")
    assert f"liveness-ops resume {STOP}" in str(body)


@pytest.fixture
def simulation() -> IncidentSimulation:
    return IncidentSimulation(cold())


def test_a_fault_that_has_just_begun_is_not_blamed_on_the_remedy(simulation: IncidentSimulation) -> None:
    faults(simulation.scene, -60, -1, 0)
    faults(simulation.scene, -1, 60, 6)
    assert [each for _, each, _ in results(simulation.play(31))] in ([], ["ineffective"])


def test_requests_whose_count_is_late_do_not_make_a_remedy_harmful(simulation: IncidentSimulation) -> None:
    """Half of all requests fail before and after; how many there were arrives nearly three minutes after the
    end of their minute."""
    scene = simulation.scene
    for minute in range(-60, 31):
        at = scene.aws.now + timedelta(minutes=minute)
        scene.figures.put(Settings().namespace, "VerificationError", [(at, 30.0)])
        for name in (CREATE, RESULT):
            put = partial(scene.figures.put, "AWS/Lambda", "Invocations", [(at, 30.0)], FunctionName=name)
            simulation.at(max(0, minute + 3.9), put)
    assert "harmful" not in [each for _, each, _ in results(simulation.play(31))]


def test_what_a_person_says_who_reverts_it_counts(simulation: IncidentSimulation) -> None:
    simulation.scene.traffic(0, 60)
    simulation.at(3, lambda: simulation.reverts_harm(WARM)).at(5, simulation.recovers).play(31)
    assert results(simulation) == [(WARM, "harmful", True)]
    assert list(simulation.asking) == [f"ask-{WARM}"]
    assert len(simulation.named("progress demoted")) == 1
    assert simulation.closed


def test_what_a_person_says_counts_also_where_another_alarm_applies_it_again_before_the_next_look(
    simulation: IncidentSimulation,
) -> None:
    scene = simulation.scene
    scene.traffic(0, 60)

    def reverted_and_applied_again() -> None:
        simulation.reverts_harm(WARM)
        event = scene.starts_cold().event()
        corrected = f"{scene.alarm_name}-Corrected"
        event["detail"]["alarmName"] = corrected
        event["resources"] = [each.replace(scene.alarm_name, corrected) for each in event["resources"]]
        scene.deliver(event)
        (lease,) = (each for each in scene.leases() if each["remedy"] == WARM)
        assert (lease["state"], lease["incident"] != simulation.incident) == ("in_force", True)

    # After the cooldown.
    simulation.at(20, reverted_and_applied_again).play(31)
    assert (WARM, "harmful", True) in results(simulation)
    assert list(simulation.asking) == [STOP]


@pytest.mark.parametrize("person", ["aiko", "eve"])
def test_who_may_not_revert_it_says_nothing_of_its_harm(simulation: IncidentSimulation, person: str) -> None:
    """aiko may not approve what costs money, and a stranger is not registered."""
    simulation.scene.traffic(0, 60)
    simulation.at(3, lambda: simulation.reverts_harm(WARM, person)).at(5, simulation.recovers).play(31)
    assert results(simulation) == []
    assert simulation.asking == {}


def test_where_the_stop_may_not_be_created_a_person_learns_that_it_still_acts() -> None:
    simulation = worse()
    simulation.scene.aws.fail("ssm", "put_parameter", Denied)
    simulation.play(31)
    assert simulation.asking == {}
    assert len(simulation.named("progress not_demoted")) == 1
    said = str(simulation.message("progress not_demoted"))
    assert f"liveness-ops mode {WARM} approve" in said
    assert piece("must.set_approve", "ja") in said
    # It leads to a stop with the next one.
    assert results(simulation) == [(WARM, "harmful", False)]


def test_a_stop_that_was_denied_is_created_later_in_the_same_incident() -> None:
    simulation = worse()
    simulation.scene.aws.fail("ssm", "put_parameter", Denied, times=2)
    simulation.play(73)
    assert results(simulation) == [(WARM, "harmful", True)]
    assert list(simulation.asking) == [STOP]
    # Denied, denied again half an hour later, and created: on-call is notified of the first and the last.
    assert simulation.named("progress not_demoted") == [11]
    assert simulation.named("progress demoted") == [71]


def test_a_stop_that_is_there_is_never_written_over() -> None:
    simulation = worse()
    simulation.scene.aws.ssm.parameters[f"/responder/stops/{STOP}"] = '{"who": "ken", "why": "mine"}'
    simulation.play(31)
    assert simulation.scene.aws.ssm.parameters[f"/responder/stops/{STOP}"] == '{"who": "ken", "why": "mine"}'
    assert all("Overwrite" not in each for each in simulation.scene.aws.sent("ssm", "put_parameter"))


def test_the_message_says_who_reverted_it_and_why(simulation: IncidentSimulation) -> None:
    simulation.scene.traffic(0, 60)
    simulation.at(3, lambda: simulation.reverts_harm(WARM)).at(5, simulation.recovers).play(31)
    (stop,) = simulation.asking.values()
    assert piece("followup.did_harm_as_said") in stop["why"]
    assert "ken" in stop["why"]


def test_what_a_person_reverted_is_in_every_later_message_with_the_person_and_the_reason() -> None:
    simulation = off(3, 3)
    simulation.at(11, lambda: simulation.reverts_harm(ROLLOUT, "aiko")).at(12, simulation.approves).play(100)
    for name in ("escalation 2", "escalation 3"):
        body = simulation.message(name)
        line = str(body["headlines"]["en"])
        assert ": in force from" in line
        assert "then reverted with the approval of aiko; it had made things worse" in line
        assert "No changes were made automatically" not in line
        assert "none (no changes were made)" not in str(body)


def test_what_a_deployment_took_back_is_in_every_later_message() -> None:
    simulation = off(3, 3)
    lambdas = simulation.scene.aws.lambdas
    for name in FOUR:
        simulation.at(11, partial(lambdas.person_sets, name, **{WANTED: "100"}))
    simulation.play(100)
    line = str(simulation.message("escalation 2")["headlines"]["en"])
    assert "then changed outside the automation" in line
    assert "No changes were made automatically" not in line
