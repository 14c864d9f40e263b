"""What goes wrong with the follow-up itself: it continues, hands over, or reports that it cannot."""

from datetime import datetime, timedelta
from unittest.mock import patch

import follow_up
import pytest

from local_aws.client import metering
from responder.core.errors import Denied, Throttled, Unreachable
from responder.core.settings import Settings
from responder.followup.follower import Follower
from responder.followup_rules import FollowUpMemory
from responder.store import Incidents
from tests.unit.followup.scenes import broken, too_few_faults
from tests.unit.followup.shared_simulations import unsolved
from tests.unit.followup.simulation import IncidentSimulation

INCIDENTS = {"TableName": "Incidents"}
FOR_EVER = 100_000


def watched(simulation: IncidentSimulation) -> FollowUpMemory:
    """What is remembered of the incident."""
    head = Incidents(simulation.scene.aws, "Incidents").head(simulation.incident)
    assert head is not None
    return head.remembered


def replaced(simulation: IncidentSimulation) -> None:
    """The watchdog puts another execution in charge."""
    incidents = Incidents(simulation.scene.aws, "Incidents")
    head = incidents.head(simulation.incident)
    assert head is not None
    assert incidents.next_generation(head, simulation.scene.aws.now)


# --- what cannot be read -------------------------------------------------------------------------


@pytest.fixture
def simulation() -> IncidentSimulation:
    return IncidentSimulation(too_few_faults())


def test_five_looks_that_fail_change_nothing_but_the_time(simulation: IncidentSimulation) -> None:
    simulation.at(
        12.1, lambda: simulation.scene.aws.fail("dynamodb", "get_item", Unreachable, times=5, where=INCIDENTS)
    )
    simulation.play(65)
    assert simulation.named("escalation 2") == [30]
    assert simulation.named("escalation 3") == [60]


def test_an_alarm_that_cannot_be_read_for_a_while_is_read_again(simulation: IncidentSimulation) -> None:
    simulation.at(2, lambda: simulation.scene.aws.fail("cloudwatch", "describe_alarms", Denied, times=8))
    simulation.at(3, simulation.recovers).play(65)
    assert simulation.closed
    assert simulation.minute < 30


def test_where_the_alarm_cannot_be_read_nothing_ends_and_messages_continue(
    simulation: IncidentSimulation,
) -> None:
    simulation.at(
        12.1, lambda: simulation.scene.aws.fail("cloudwatch", "describe_alarms", Denied, times=FOR_EVER)
    )
    simulation.at(15, simulation.recovers).play(125)
    assert [simulation.named(f"escalation {level}") for level in (2, 3, 4)] == [[30], [60], [120]]
    assert not simulation.closed


def test_an_alarm_that_cannot_be_read_while_it_lasts_keeps_its_ladder(simulation: IncidentSimulation) -> None:
    simulation.at(
        12.1, lambda: simulation.scene.aws.fail("cloudwatch", "describe_alarms", Denied, times=FOR_EVER)
    )
    simulation.play(65)
    assert [simulation.named(f"escalation {level}") for level in (2, 3)] == [[30], [60]]
    assert simulation.sent("re-evaluate") == [5, 10]
    assert "cannot read everything it needs. missing permission cloudwatch:DescribeAlarms" in (
        simulation.scene.mail
    )


def test_incidents_that_can_never_be_read_end_it_and_are_reported(simulation: IncidentSimulation) -> None:
    simulation.at(
        12.1,
        lambda: simulation.scene.aws.fail("dynamodb", "get_item", Denied, times=FOR_EVER, where=INCIDENTS),
    )
    simulation.raise_alarm().follow(expect="FAILED")
    assert simulation.story[-1][1] == "failure broken"
    assert "missing permission dynamodb:GetItem" in simulation.scene.mail


def test_figures_that_cannot_be_read_prove_nothing_and_stop_nothing(simulation: IncidentSimulation) -> None:
    simulation.at(
        11, lambda: simulation.scene.aws.fail("cloudwatch", "get_metric_data", Denied, times=FOR_EVER)
    )
    simulation.at(12, simulation.recovers).play(60)
    assert simulation.named("closed close") == [22]


# --- what cannot be done -------------------------------------------------------------------------


def test_a_message_that_cannot_be_sent_is_sent_later_and_time_does_not_run_ahead(
    simulation: IncidentSimulation,
) -> None:
    simulation.at(29.5, lambda: simulation.scene.aws.fail("sns", "publish", Denied, times=5))
    simulation.play(65)
    (late,) = simulation.named("escalation 2")
    assert 34 <= late <= 36
    # Its lateness is the responder's fault; it makes no other level late.
    assert simulation.named("escalation 3") == [60]


def test_a_topic_that_throttles_for_forty_minutes_delays_a_message_and_ends_nothing(
    simulation: IncidentSimulation,
) -> None:
    simulation.at(29.5, lambda: simulation.scene.aws.fail("sns", "publish", Throttled, times=40)).play(75)
    (late,) = simulation.named("escalation 2")
    assert 69 <= late <= 72
    assert simulation.named("failure broken") == []


def test_a_message_that_is_tried_again_puts_nothing_on_record_twice() -> None:
    simulation = IncidentSimulation(broken())
    simulation.at(10, lambda: simulation.scene.aws.fail("sns", "publish", Throttled, times=12)).play(35)
    assert simulation.named("progress ineffective")
    assert [row.get("kind") for row in simulation.scene.rows()].count("ineffective") == 1


def test_a_topic_that_refuses_ends_it_so_that_the_fallback_contact_is_notified(
    simulation: IncidentSimulation,
) -> None:
    simulation.at(29.5, lambda: simulation.scene.aws.fail("sns", "publish", Denied, times=FOR_EVER))
    simulation.raise_alarm().follow(expect="FAILED")
    assert 39 <= simulation.minute <= 45


def test_a_command_that_can_never_be_sent_ends_it_so_that_others_hear_of_it() -> None:
    simulation = IncidentSimulation(too_few_faults(), sdk=True)
    simulation.at(4.5, lambda: simulation.scene.aws.fail("lambda", "invoke", Denied, times=FOR_EVER))
    simulation.raise_alarm().follow(expect="FAILED")
    assert simulation.named("failure broken") != []
    assert "missing permission lambda:InvokeFunction" in simulation.scene.mail
    assert simulation.minute < 20


def test_a_command_that_cannot_be_sent_is_sent_later(simulation: IncidentSimulation) -> None:
    simulation.at(4.5, lambda: simulation.scene.aws.fail("lambda", "invoke", Unreachable, times=3))
    simulation.play(9)
    assert simulation.sent("re-evaluate")[:1] == [8]


def test_a_defect_of_the_responder_is_reported_and_ends_it() -> None:
    simulation = IncidentSimulation(too_few_faults(), sdk=True)
    simulation.at(
        4.5, lambda: simulation.scene.aws.fail("lambda", "invoke", ValueError("a defect"), times=FOR_EVER)
    )
    simulation.raise_alarm().follow(expect="FAILED")
    assert simulation.story[-1][1] == "failure broken"


def test_time_never_runs_backwards_whatever_the_clock_says() -> None:
    simulation = IncidentSimulation(too_few_faults()).raise_alarm()
    scene = simulation.scene
    began = scene.aws.now
    wrong = Follower(
        simulation.incident, scene.aws, Settings.read(scene.environment), lambda: began - timedelta(hours=1)
    )
    first = wrong.begin()
    last = wrong.look({**first, "at": began.isoformat(), "pause": 30})
    assert datetime.fromisoformat(last["at"]) == began + timedelta(seconds=30)
    assert datetime.fromisoformat(wrong.look(last)["at"]) == began + timedelta(seconds=30 + last["pause"])


def test_a_look_is_overdue_two_minutes_after_the_pause_before_it() -> None:
    simulation = IncidentSimulation(too_few_faults()).raise_alarm()
    scene = simulation.scene
    follower = Follower(
        simulation.incident, scene.aws, Settings.read(scene.environment), lambda: scene.aws.now
    )
    looked = follower.look(follower.begin())
    head = Incidents(scene.aws, "Incidents").head(simulation.incident)
    assert head is not None
    assert looked["pause"] > 1
    over = datetime.fromisoformat(looked["at"]) + timedelta(seconds=looked["pause"])
    assert head.next_look == over + timedelta(minutes=2)


# --- from one execution to the next --------------------------------------------------------------


def test_after_its_operations_it_hands_over_with_ladder_and_memory() -> None:
    simulation = IncidentSimulation(too_few_faults(), sdk=True)
    simulation.at(10, simulation.acknowledges).raise_alarm()
    with patch.object(follow_up, "OPERATIONS", 40):
        simulation.follow()
    first = simulation.minute
    assert first < 30
    assert list(simulation.scene.aws.lambdas.executions)[-1] == f"{simulation.incident}-g2"
    before = watched(simulation)
    simulation.follow(until=161)
    assert watched(simulation).acks == before.acks
    assert [simulation.named(f"escalation {level}") for level in (2, 3, 4)] == [[70], [100], [160]]


def test_many_short_executions_give_the_same_result_as_one() -> None:
    simulation = IncidentSimulation(too_few_faults()).raise_alarm()
    with patch.object(follow_up, "OPERATIONS", 12):
        for generation in range(2, 30):
            simulation.follow(until=125)
            if simulation.ended:
                break
            assert list(simulation.scene.aws.lambdas.executions)[-1] == f"{simulation.incident}-g{generation}"
    assert simulation.story == [reported for reported in unsolved().story if reported[0] <= 125]


def test_it_counts_its_operations_as_aws_does() -> None:
    simulation = IncidentSimulation(too_few_faults(), sdk=True).raise_alarm()
    with patch.object(follow_up, "OPERATIONS", 60):
        simulation.follow(until=125)
    assert (simulation.counted, not simulation.ended) == (simulation.operations, True)
    assert 60 <= simulation.operations < 70


def test_aws_ends_an_execution_that_has_no_operations_left() -> None:
    simulation = IncidentSimulation(too_few_faults(), sdk=True).raise_alarm()
    with patch.object(metering, "OPERATIONS", 50):
        simulation.follow(until=125, expect="FAILED")
    assert simulation.operations == 50


def test_a_follow_up_that_was_replaced_ends_without_a_word(simulation: IncidentSimulation) -> None:
    simulation.at(12, lambda: replaced(simulation)).play(100)
    assert simulation.minute < 14
    assert all(minute < 12 for minute, _ in simulation.story)


def test_what_was_due_when_it_was_replaced_is_left_to_its_successor(simulation: IncidentSimulation) -> None:
    real = simulation.scene.aws.call

    # In charge at the look, but not when it is about to act.
    def changed_by_others(service: str, operation: str, /, **arguments: object) -> dict[str, object]:
        if simulation.duties[-1:] == ["escalate 2"] and not changed_once:
            changed_once.append(True)
            replaced(simulation)
        return real(service, operation, **arguments)

    changed_once: list[bool] = []
    with patch.object(simulation.scene.aws, "call", changed_by_others):
        simulation.play(100)
    assert simulation.named("escalation 2") == []
    simulation.follow(until=59)
    assert len(simulation.named("escalation 2")) == 1


def test_a_restarted_follow_up_continues_the_ladder_and_notifies_no_level_twice() -> None:
    simulation = IncidentSimulation(too_few_faults()).play(40)
    assert simulation.named("escalation 2") == [30]
    replaced(simulation)
    simulation.follow(until=121)
    assert [simulation.named(f"escalation {level}") for level in (2, 3, 4)] == [[30], [60], [120]]


def test_a_restart_after_a_long_silence_sends_what_is_overdue_level_by_level() -> None:
    simulation = IncidentSimulation(too_few_faults()).play(10)
    simulation.scene.aws.tick(hours=3)
    replaced(simulation)
    simulation.follow(until=200)
    (second, *_), (third, *_), (fourth, *_) = (simulation.named(f"escalation {level}") for level in (2, 3, 4))
    assert 190 <= second <= third <= fourth <= 195


def test_two_simultaneous_executions_notify_each_level_once() -> None:
    simulation = IncidentSimulation(too_few_faults()).play(40)
    # The first one, late: it is not in charge.
    replaced(simulation)
    count = len(simulation.messages)
    with patch.object(Follower, "begin", lambda self: {**_begun(simulation), "generation": 1}):
        simulation.follow(until=100)
    assert len(simulation.messages) == count


def _begun(simulation: IncidentSimulation) -> dict[str, object]:
    now = simulation.scene.aws.now
    return {"at": now.isoformat(), "pause": 0, "due": [], "over": False, "blind": 0}
