"""The alarm was deleted or renamed: every message reports it, and a person can close the incident."""

import json
from functools import cache
from typing import Any

import pytest

from responder.core.codec import load
from responder.core.errors import Denied, Throttled, Unreachable
from responder.followup_rules import FollowUpMemory
from tests.texts import piece
from tests.unit.entry.people_entry import Entry
from tests.unit.followup.scenes import AIKO, KEN, broken, throttled, too_few_faults
from tests.unit.followup.shared_simulations import calm_at_once
from tests.unit.followup.simulation import IncidentSimulation, Message

GONE = {"en": piece("absence.lasts"), "ja": "CloudWatch に存在せず"}
CLOSE = "liveness-ops close {} --reason"


def deleted(simulation: IncidentSimulation, minute: float) -> IncidentSimulation:
    return simulation.at(minute, lambda: setattr(simulation.scene, "gone", True))


def restored(simulation: IncidentSimulation, minute: float, state: str = "ALARM") -> IncidentSimulation:
    def again() -> None:
        simulation.scene.gone, simulation.scene.state, simulation.since = (
            False,
            state,
            simulation.scene.aws.now,
        )

    return simulation.at(minute, again)


def closes(simulation: IncidentSimulation, minute: float, caller: str = AIKO) -> IncidentSimulation:
    """Through the entry for people."""
    return simulation.at(
        minute, lambda: Entry(simulation.scene).ask("close", caller, reason="it was renamed")
    )


def reverts(simulation: IncidentSimulation, minute: float) -> IncidentSimulation:
    entry = Entry(simulation.scene)
    return simulation.at(minute, lambda: entry.ask("revert", AIKO, remedy="rollout_to_zero"))


def says_it_is_gone(message: Message) -> bool:
    """In its first line, in both languages; the command that closes the incident is a step."""
    said, steps = message.body["headlines"], [each["text"] for each in message.body["steps"]]
    first = all(
        words in said[language] and "liveness-ops" not in said[language] for language, words in GONE.items()
    )
    return first and sum(CLOSE.format(message.body["incident"]) in step for step in steps) == 1


def after(simulation: IncidentSimulation, minute: float) -> list[Message]:
    return [each for each in simulation.messages if each.minute > minute]


@cache
def closed_by_a_person() -> IncidentSimulation:
    """Deleted at 31, and closed by a person half an hour later."""
    return closes(deleted(IncidentSimulation(too_few_faults()), 31), 62).play(300)


@cache
def deleted_while_off() -> IncidentSimulation:
    return deleted(IncidentSimulation(broken()), 40).play(185)


def test_it_is_reported_immediately_in_one_message_to_every_level_that_knows() -> None:
    simulation = closed_by_a_person()
    (messages,) = [each for each in simulation.messages if each.name == "progress gone"]
    assert 31 <= messages.minute <= 32
    assert (messages.body["level"], says_it_is_gone(messages)) == (2, True)
    assert messages.body["alarm_absent"] == {"since": messages.body["at"], "over": False}


def test_every_later_message_reports_it_and_since_when() -> None:
    later = after(deleted_while_off(), 39.9)
    assert {each.name for each in later} >= {"progress gone", "escalation 3", "escalation 4"}
    assert all(map(says_it_is_gone, later))
    assert {each.body["alarm_absent"]["since"] for each in later} == {later[0].body["at"]}


def test_it_is_in_the_mail_after_the_lowered_security() -> None:
    said = deleted_while_off().scene.mail.splitlines()[0]
    assert said.startswith("[SECURITY LOWERED] [STILL UNRESOLVED] ")
    assert said.index(GONE["en"]) < said.index(piece("followup.still"))


def test_what_to_do_comes_first() -> None:
    simulation = closed_by_a_person()
    steps = [each["text"] for each in simulation.message("progress gone")["steps"]]
    assert steps[0].startswith("Restore the alarm")
    assert f"liveness-ops close {simulation.incident}" in steps[1]
    assert piece("step.close_incident") in steps[1]
    assert piece("step.revert_and_close") in deleted_while_off().scene.mail


def test_a_question_of_the_alarm_s_function_reports_it_too() -> None:
    simulation = reverts(deleted(IncidentSimulation(broken()), 13), 16).play(18)
    (asked,) = [each for each in after(simulation, 15) if each.name == "command asked"]
    assert says_it_is_gone(asked)


@pytest.mark.parametrize("error", [Denied, Unreachable])
def test_an_alarm_that_cannot_be_read_is_never_called_gone(error: type[Denied | Unreachable]) -> None:
    simulation = IncidentSimulation(too_few_faults())
    failing = lambda: simulation.scene.aws.fail("cloudwatch", "describe_alarms", error, times=1000)  # noqa: E731
    simulation.at(12.1, failing).play(35)
    assert simulation.named("progress stuck")
    assert not simulation.named("progress gone")
    assert not any(each.body["alarm_absent"] for each in simulation.messages)


def test_it_is_neither_raised_nor_recovered() -> None:
    simulation = IncidentSimulation(broken())
    simulation.at(12, simulation.recovers)
    deleted(simulation, 16).play(122)
    assert not simulation.closed
    given = {each.name for each in after(simulation, 16)}
    assert not given & {"progress mitigated", "progress recovered", "closed close"}
    assert not [minute for minute in simulation.sent("re-evaluate") if minute > 16]
    assert [simulation.named(f"escalation {level}")[0] for level in (2, 3, 4)] == [30, 60, 120]


def test_once_the_alarm_is_back_the_next_message_reports_it_and_the_incident_continues() -> None:
    simulation = restored(deleted(IncidentSimulation(too_few_faults()), 40), 50).play(122)
    third, fourth = simulation.message("escalation 3"), simulation.message("escalation 4")
    assert piece("absence.over") in third["headlines"]["en"]
    assert "再び存在します" in third["headlines"]["ja"]
    assert third["alarm_absent"]["over"] is True
    # Said once to everyone who knows, it is not said again.
    assert fourth["alarm_absent"] is None
    assert [minute for minute in simulation.sent("re-evaluate") if minute > 50]


def test_an_alarm_that_is_back_and_ok_ends_the_incident_as_always() -> None:
    simulation = restored(deleted(IncidentSimulation(too_few_faults()), 13), 15, "OK").play(60)
    assert simulation.closed
    ended = simulation.message("closed close")
    assert "exists again" in ended["headlines"]["en"]


def test_a_person_closes_it_and_every_level_is_notified_once_who_and_why() -> None:
    simulation = closed_by_a_person()
    assert simulation.closed
    (ended,) = [each for each in simulation.messages if each.body["kind"] == "closed"]
    assert (ended.name, ended.body["level"]) == ("closed closed_by_hand", 3)
    assert 62 <= ended.minute <= 68
    said = ended.body["headlines"]
    assert "aiko closed the incident" in said["en"]
    assert "it was renamed" in said["en"]
    assert "aiko" in said["ja"]
    assert "not confirmed" in said["en"]
    # The follow-up has ended: nothing comes after it.
    assert simulation.messages[-1] is ended
    assert simulation.outcome == "SUCCEEDED"


def test_it_is_on_record_as_closed_by_hand() -> None:
    simulation = closed_by_a_person()
    (head,) = simulation.scene.rows("HEAD")
    watch = load(FollowUpMemory, json.loads(head["watch"]))
    assert (watch.closed, watch.closed_by, watch.closed_why) == (True, "aiko", "it was renamed")
    filed = simulation.scene.aws.sent("s3", "put_object")
    report = json.loads(next(each["Body"] for each in filed if each["Key"].endswith("report.json")))
    assert report["closed_by_hand"] == {"person": "aiko", "reason": "it was renamed"}
    (end,) = [each for each in report["timeline"] if each["kind"] == "closed"]
    assert (end["by"], "it was renamed" in end["said"]["en"]) == ("aiko", True)
    page = next(each["Body"] for each in filed if each["Key"].endswith("report.en.html"))
    assert "Closed manually by aiko" in page.decode()


def test_an_incident_that_ends_automatically_is_not_closed_by_hand() -> None:
    simulation = calm_at_once()
    filed = simulation.scene.aws.sent("s3", "put_object")
    report = json.loads(next(each["Body"] for each in filed if each["Key"].endswith("report.json")))
    assert report["closed_by_hand"] is None


def test_closed_by_hand_is_a_count_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []

    def measured(_: Any, metric: Any, *__: Any, **___: Any) -> None:
        counted.append(metric.value)

    monkeypatch.setattr("responder.respond.own_metrics.measure", measured)
    closes(deleted(IncidentSimulation(too_few_faults()), 13), 16).play(60)
    assert counted.count("ClosedByHand") == 1
    assert not {"TimeToRecovery", "TimeToMitigation"} & set(counted)


def test_the_next_alarm_is_another_incident_whose_levels_continue() -> None:
    simulation = closes(deleted(IncidentSimulation(too_few_faults()), 31), 34).play(60)
    first = simulation.incident
    simulation.scene.gone = False
    simulation.scene.aws.tick(minutes=5)
    simulation.returns()
    assert simulation.incident != first
    assert simulation.scene.pointer["earlier"]


def test_what_changes_between_the_request_and_the_end_counts() -> None:
    """The alarm is raised again before the follow-up has looked."""
    simulation = restored(closes(deleted(IncidentSimulation(too_few_faults()), 40), 101), 102).play(112)
    assert not simulation.closed


def test_a_forged_row_closes_nothing() -> None:
    """Of a person who is not registered, in another's name, and of one without classes."""
    simulation = deleted(IncidentSimulation(too_few_faults()), 13)

    def forged() -> None:
        for person, principal in (("eve", AIKO.replace("aiko", "eve")), ("aiko", KEN)):
            row = {
                "pk": f"CLOSE#{simulation.incident}",
                "sk": person,
                "decision": "close",
                "principal": principal,
                "at": simulation.scene.aws.now.isoformat(),
                "reason": "x",
            }
            item = {name: {"S": value} for name, value in row.items()}
            simulation.scene.aws.dynamo.put_item(TableName="Approvals", Item=item)

    simulation.at(16, forged).play(30)
    assert not simulation.closed


def test_what_is_in_force_goes_back_first_and_then_it_can_be_closed() -> None:
    simulation = deleted(IncidentSimulation(broken()), 18)
    answers: list[str] = []
    entry = Entry(simulation.scene)

    def asks() -> None:
        answers.append(entry.ask("close", AIKO, reason="it was renamed")[1].get("error", "done"))

    simulation.at(30, asks)
    reverts(simulation, 31).at(32, lambda: entry.ask("approve", AIKO, proposal=entry.proposal))
    simulation.at(40, asks).play(120)
    assert answers == ["denial.still_in_force", "done"]
    assert simulation.scene.percentages() == ["50"] * 4
    assert (simulation.closed, simulation.named("closed closed_by_hand") != []) == (True, True)


def test_a_question_that_waits_keeps_no_incident_open() -> None:
    simulation = closes(deleted(IncidentSimulation(throttled()), 18), 20).play(60)
    assert simulation.closed
    assert Entry(simulation.scene).ask("approve", AIKO, proposal=simulation.proposals[-1])[1]["error"] == (
        "denial.incident_closed"
    )


def silent(simulation: IncidentSimulation, minute: float, times: int) -> IncidentSimulation:
    """The topic throttles so many times."""
    failing = lambda: simulation.scene.aws.fail("sns", "publish", Throttled, times=times)  # noqa: E731
    return simulation.at(minute, failing)


def test_a_topic_that_is_away_for_longer_than_a_request_counts_delays_the_end() -> None:
    simulation = silent(closes(deleted(IncidentSimulation(too_few_faults()), 13), 16), 15, 33).play(100)
    (ended,) = [each for each in simulation.messages if each.body["kind"] == "closed"]
    assert (ended.name, "aiko closed the incident" in ended.body["headlines"]["en"]) == (
        "closed closed_by_hand",
        True,
    )
    assert (simulation.messages[-1], simulation.outcome) == (ended, "SUCCEEDED")


def test_a_normal_end_is_reported_although_the_alarm_is_deleted_before_its_message() -> None:
    simulation = IncidentSimulation(too_few_faults())
    simulation.at(12, simulation.recovers)
    silent(deleted(simulation, 24), 21, 6).play(100)
    assert simulation.closed
    assert simulation.messages[-1].name == "closed close"


def test_a_closed_incident_is_handed_over_with_its_end_unreported() -> None:
    simulation = silent(closes(deleted(IncidentSimulation(too_few_faults()), 13), 16), 15, 1000).play(26)
    assert simulation.closed
    simulation.scene.aws.heal()
    simulation.follow(until=60)
    assert simulation.messages[-1].name == "closed closed_by_hand"
