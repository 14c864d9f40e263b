"""The alarm was deleted or renamed: every message reports it, and a person can close the incident."""

import json
from functools import cache
from typing import Any

import pytest

from responder.core.codec import load
from responder.core.errors import Denied, Throttled, Unreachable
from responder.followup_rules import FollowUpMemory
from tests.texts import piece
from tests.unit.entry.stage import Entry
from tests.unit.followup.plays import calm_at_once
from tests.unit.followup.stage import AIKO, KEN, broken, throttled, unsure
from tests.unit.followup.theatre import Message, Theatre

pytestmark = pytest.mark.unit
GONE = {"en": piece("absence.lasts"), "ja": "CloudWatch に存在しません"}
CLOSE = "liveness-ops close {} --reason"


def deleted(theatre: Theatre, minute: float) -> Theatre:
    return theatre.at(minute, lambda: setattr(theatre.scene, "gone", True))


def restored(theatre: Theatre, minute: float, state: str = "ALARM") -> Theatre:
    def again() -> None:
        theatre.scene.gone, theatre.scene.state, theatre.since = False, state, theatre.scene.aws.now

    return theatre.at(minute, again)


def closes(theatre: Theatre, minute: float, caller: str = AIKO) -> Theatre:
    """Through the entry for people."""
    return theatre.at(minute, lambda: Entry(theatre.scene).ask("close", caller, reason="it was renamed"))


def reverts(theatre: Theatre, minute: float) -> Theatre:
    entry = Entry(theatre.scene)
    return theatre.at(minute, lambda: entry.ask("revert", AIKO, remedy="rollout_to_zero"))


def says_it_is_gone(message: Message) -> bool:
    """In its first line, in both languages; the command that closes the incident is a step."""
    said, steps = message.body["headlines"], [each["text"] for each in message.body["steps"]]
    first = all(
        words in said[language] and "liveness-ops" not in said[language] for language, words in GONE.items()
    )
    return first and sum(CLOSE.format(message.body["incident"]) in step for step in steps) == 1


def after(theatre: Theatre, minute: float) -> list[Message]:
    return [each for each in theatre.messages if each.minute > minute]


@cache
def closed_by_a_person() -> Theatre:
    """Deleted at 31, and closed by a person half an hour later."""
    return closes(deleted(Theatre(unsure()), 31), 62).play(300)


@cache
def deleted_while_off() -> Theatre:
    return deleted(Theatre(broken()), 40).play(185)


def test_it_is_reported_immediately_in_one_message_to_every_level_that_knows() -> None:
    theatre = closed_by_a_person()
    (messages,) = [each for each in theatre.messages if each.name == "progress gone"]
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
    assert said.index("SECURITY LOWERED") < said.index(GONE["en"]) < said.index(piece("followup.still"))


def test_what_to_do_comes_first() -> None:
    theatre = closed_by_a_person()
    steps = [each["text"] for each in theatre.message("progress gone")["steps"]]
    assert steps[0].startswith("Restore the alarm")
    assert f"liveness-ops close {theatre.incident}" in steps[1]


def test_a_question_of_the_alarm_s_function_reports_it_too() -> None:
    theatre = reverts(deleted(Theatre(broken()), 13), 16).play(18)
    (asked,) = [each for each in after(theatre, 15) if each.name == "command asked"]
    assert says_it_is_gone(asked)


@pytest.mark.parametrize("error", [Denied, Unreachable])
def test_an_alarm_that_cannot_be_read_is_never_called_gone(error: type[Denied | Unreachable]) -> None:
    theatre = Theatre(unsure())
    failing = lambda: theatre.scene.aws.fail("cloudwatch", "describe_alarms", error, times=1000)  # noqa: E731
    theatre.at(12.1, failing).play(35)
    assert theatre.named("progress stuck")
    assert not theatre.named("progress gone")
    assert not any(each.body["alarm_absent"] for each in theatre.messages)


def test_it_is_neither_raised_nor_recovered() -> None:
    theatre = Theatre(broken())
    theatre.at(12, theatre.recovers)
    deleted(theatre, 16).play(122)
    assert not theatre.closed
    given = {each.name for each in after(theatre, 16)}
    assert not given & {"progress mitigated", "progress recovered", "closed close"}
    assert not [minute for minute in theatre.sent("re-evaluate") if minute > 16]
    assert [theatre.named(f"escalation {level}")[0] for level in (2, 3, 4)] == [30, 60, 120]


def test_once_the_alarm_is_back_the_next_message_reports_it_and_the_incident_continues() -> None:
    theatre = restored(deleted(Theatre(unsure()), 40), 50).play(122)
    third, fourth = theatre.message("escalation 3"), theatre.message("escalation 4")
    assert piece("absence.over") in third["headlines"]["en"]
    assert "再び存在します" in third["headlines"]["ja"]
    assert third["alarm_absent"]["over"] is True
    # Said once to everyone who knows, it is not said again.
    assert fourth["alarm_absent"] is None
    assert [minute for minute in theatre.sent("re-evaluate") if minute > 50]


def test_an_alarm_that_is_back_and_ok_ends_the_incident_as_always() -> None:
    theatre = restored(deleted(Theatre(unsure()), 13), 15, "OK").play(60)
    assert theatre.closed
    ended = theatre.message("closed close")
    assert "exists again" in ended["headlines"]["en"]


def test_a_person_closes_it_and_every_level_is_notified_once_who_and_why() -> None:
    theatre = closed_by_a_person()
    assert theatre.closed
    (ended,) = [each for each in theatre.messages if each.body["kind"] == "closed"]
    assert (ended.name, ended.body["level"]) == ("closed closed_by_hand", 3)
    assert 62 <= ended.minute <= 68
    said = ended.body["headlines"]
    assert "aiko closed the incident" in said["en"]
    assert "it was renamed" in said["en"]
    assert "aiko" in said["ja"]
    assert "not confirmed" in said["en"]
    # The follow-up has ended: nothing comes after it.
    assert theatre.messages[-1] is ended
    assert theatre.outcome == "SUCCEEDED"


def test_it_is_on_record_as_closed_by_hand() -> None:
    theatre = closed_by_a_person()
    (head,) = theatre.scene.rows("HEAD")
    watch = load(FollowUpMemory, json.loads(head["watch"]))
    assert (watch.closed, watch.closed_by, watch.closed_why) == (True, "aiko", "it was renamed")
    filed = theatre.scene.aws.sent("s3", "put_object")
    report = json.loads(next(each["Body"] for each in filed if each["Key"].endswith("report.json")))
    assert report["closed_by_hand"] == {"person": "aiko", "reason": "it was renamed"}
    (end,) = [each for each in report["timeline"] if each["kind"] == "closed"]
    assert (end["by"], "it was renamed" in end["said"]["en"]) == ("aiko", True)
    page = next(each["Body"] for each in filed if each["Key"].endswith("report.en.html"))
    assert "Closed manually by aiko" in page.decode()


def test_an_incident_that_ends_automatically_is_not_closed_by_hand() -> None:
    theatre = calm_at_once()
    filed = theatre.scene.aws.sent("s3", "put_object")
    report = json.loads(next(each["Body"] for each in filed if each["Key"].endswith("report.json")))
    assert report["closed_by_hand"] is None


def test_closed_by_hand_is_a_count_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []

    def measured(_: Any, metric: Any, *__: Any, **___: Any) -> None:
        counted.append(metric.value)

    monkeypatch.setattr("responder.respond.own_metrics.measure", measured)
    closes(deleted(Theatre(unsure()), 13), 16).play(60)
    assert counted.count("ClosedByHand") == 1
    assert not {"TimeToRecovery", "TimeToMitigation"} & set(counted)


def test_the_next_alarm_is_another_incident_whose_levels_continue() -> None:
    theatre = closes(deleted(Theatre(unsure()), 31), 34).play(60)
    first = theatre.incident
    theatre.scene.gone = False
    theatre.scene.aws.tick(minutes=5)
    theatre.returns()
    assert theatre.incident != first
    assert theatre.scene.pointer["earlier"]


def test_what_changes_between_the_request_and_the_end_counts() -> None:
    """The alarm is raised again before the follow-up has looked."""
    theatre = restored(closes(deleted(Theatre(unsure()), 40), 101), 102).play(112)
    assert not theatre.closed


def test_a_forged_row_closes_nothing() -> None:
    """Of a person who is not registered, in another's name, and of one without classes."""
    theatre = deleted(Theatre(unsure()), 13)

    def forged() -> None:
        for person, principal in (("eve", AIKO.replace("aiko", "eve")), ("aiko", KEN)):
            row = {
                "pk": f"CLOSE#{theatre.incident}",
                "sk": person,
                "decision": "close",
                "principal": principal,
                "at": theatre.scene.aws.now.isoformat(),
                "reason": "x",
            }
            item = {name: {"S": value} for name, value in row.items()}
            theatre.scene.aws.dynamo.put_item(TableName="Approvals", Item=item)

    theatre.at(16, forged).play(30)
    assert not theatre.closed


def test_what_is_in_force_goes_back_first_and_then_it_can_be_closed() -> None:
    theatre = deleted(Theatre(broken()), 18)
    answers: list[str] = []
    entry = Entry(theatre.scene)

    def asks() -> None:
        answers.append(entry.ask("close", AIKO, reason="it was renamed")[1].get("error", "done"))

    theatre.at(30, asks)
    reverts(theatre, 31).at(32, lambda: entry.ask("approve", AIKO, proposal=entry.proposal))
    theatre.at(40, asks).play(120)
    assert answers == ["denial.still_in_force", "done"]
    assert theatre.scene.percentages() == ["50"] * 4
    assert (theatre.closed, theatre.named("closed closed_by_hand") != []) == (True, True)


def test_a_question_that_waits_keeps_no_incident_open() -> None:
    theatre = closes(deleted(Theatre(throttled()), 18), 20).play(60)
    assert theatre.closed
    assert Entry(theatre.scene).ask("approve", AIKO, proposal=theatre.proposals[-1])[1]["error"] == (
        "denial.incident_closed"
    )


def silent(theatre: Theatre, minute: float, times: int) -> Theatre:
    """The topic throttles so many times."""
    failing = lambda: theatre.scene.aws.fail("sns", "publish", Throttled, times=times)  # noqa: E731
    return theatre.at(minute, failing)


def test_a_topic_that_is_away_for_longer_than_a_request_counts_delays_the_end() -> None:
    theatre = silent(closes(deleted(Theatre(unsure()), 13), 16), 15, 33).play(100)
    (ended,) = [each for each in theatre.messages if each.body["kind"] == "closed"]
    assert (ended.name, "aiko closed the incident" in ended.body["headlines"]["en"]) == (
        "closed closed_by_hand",
        True,
    )
    assert (theatre.messages[-1], theatre.outcome) == (ended, "SUCCEEDED")


def test_a_normal_end_is_reported_although_the_alarm_is_deleted_before_its_message() -> None:
    theatre = Theatre(unsure())
    theatre.at(12, theatre.recovers)
    silent(deleted(theatre, 24), 21, 6).play(100)
    assert theatre.closed
    assert theatre.messages[-1].name == "closed close"


def test_a_closed_incident_is_handed_over_with_its_end_unreported() -> None:
    theatre = silent(closes(deleted(Theatre(unsure()), 13), 16), 15, 1000).play(26)
    assert theatre.closed
    theatre.scene.aws.heal()
    theatre.follow(until=60)
    assert theatre.messages[-1].name == "closed closed_by_hand"
