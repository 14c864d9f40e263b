"""failures: one broken row of the incidents keeps back the messages of its own alarm, and no others."""

import io
from typing import Any

import pytest

from responder.aws.items import typed
from responder.core.alarm_event import parse
from tests.unit.console.test_failures import failed, left, put, record, sent, visible
from tests.unit.people.terminal import Terminal

OTHER = "FaceAuth-Something-New"
# Written by a person, and not to be shown.
EMPLOYEE = "EMP-4711"
BROKEN = ("pointer", "head")


def other(terminal: Terminal) -> str:
    """A state change of an alarm without any incident."""
    event = terminal.scene.event(at=terminal.fake.now)
    event["detail"]["alarmName"] = OTHER
    event["resources"] = [event["resources"][0].rpartition(":")[0] + f":{OTHER}"]
    function = "arn:aws:lambda:us-east-1:123456789012:function:responder-unknown-alarm"
    return put(terminal, "Undelivered", event, TARGET_ARN=function, ERROR_CODE="NO_PERMISSIONS")


def spoil(terminal: Terminal, pk: str, sk: str, **parts: Any) -> str:
    """Its name, as people are notified it."""
    row = {"pk": typed(pk), "sk": typed(sk), **{name: typed(value) for name, value in parts.items()}}
    terminal.fake.dynamo.put_item(TableName="Incidents", Item=row)
    return f"{pk} {sk}"


def mine(terminal: Terminal, kind: str) -> str:
    """Of the incident that is open."""
    incident, slug = terminal.incident, parse(terminal.scene.event()).slug
    if kind == "head":
        return spoil(terminal, f"INCIDENT#{incident}", "HEAD", incident=incident, severity=EMPLOYEE)
    return spoil(terminal, "ALARMS", slug, incident=incident, slug=slug, opened=EMPLOYEE)


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize(("language", "word"), [("ja", "壊れていて"), ("en", "is broken")])
def test_everything_is_listed_all_the_same_and_the_row_is_named(
    terminal: Terminal, kind: str, language: str, word: str
) -> None:
    failed(terminal)
    other(terminal)
    row = mine(terminal, kind)
    found = terminal.machine("failures")
    assert (found["exit"], found["broken"]) == (0, [row])
    assert [(each["n"], each["queue"]) for each in found["failures"]] == [(1, "failures"), (2, "undelivered")]
    done = terminal.run("failures", language=language)
    assert done.exit_code == 0
    assert [word in line for line in done.output.splitlines() if row in line] == [True]
    assert EMPLOYEE not in done.output
    assert visible(terminal)


def test_of_an_incident_whose_pointer_is_broken_no_one_is_notified_that_it_is_over(
    terminal: Terminal,
) -> None:
    failed(terminal)
    mine(terminal, "pointer")
    (found,) = terminal.machine("failures")["failures"]
    assert (found["incident"], found["open"]) == (None, None)


@pytest.mark.parametrize("kind", BROKEN)
def test_its_own_alarm_is_not_decided_again_and_another_one_is(terminal: Terminal, kind: str) -> None:
    name, _ = failed(terminal), other(terminal)
    row = mine(terminal, kind)
    terminal.entry.answer = {"Payload": io.BytesIO(b'{"results": {}}')}
    found = terminal.machine("failures --all --yes")
    assert [(each["why"], each["removed"]) for each in found["failures"]] == [
        ("ops.row_unread", False),
        (None, True),
    ]
    assert [each["detail"]["alarmName"] for each in sent(terminal)] == [OTHER]
    assert (found["exit"], left(terminal), visible(terminal)) == (0, [name], True)
    done = terminal.run("failures --redrive 1 --yes")
    assert done.exit_code == 5
    assert f"1: the record {row} is broken" in done.output
    assert left(terminal) == [name]


@pytest.mark.parametrize("kind", BROKEN)
def test_a_command_that_failed_is_kept_back_as_well(terminal: Terminal, kind: str) -> None:
    put(terminal, "Failures", record({"command": "apply", "incident": terminal.incident, "remedy": "x"}))
    mine(terminal, kind)
    found = terminal.machine("failures --redrive 1 --yes")
    assert (found["exit"], found["failures"][0]["why"]) == (5, "ops.row_unread")
    assert (sent(terminal), len(left(terminal))) == ([], 1)


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_not_needed_can_be_taken_out(terminal: Terminal, kind: str) -> None:
    name, stays = failed(terminal), other(terminal)
    mine(terminal, kind)
    found = terminal.machine(f"failures --discard {name} --yes")
    assert (found["exit"], found["failures"][0]["removed"]) == (0, True)
    assert left(terminal) == [stays]


def test_of_an_incident_that_is_known_to_be_open_taking_it_out_is_a_step_of_it(terminal: Terminal) -> None:
    name = failed(terminal)
    mine(terminal, "head")
    assert f"the incident {terminal.incident} is open" in terminal.run(f"failures --discard {name}").output
    assert terminal.machine(f"failures --discard {name} --yes")["exit"] == 0
    assert [each["what"] for each in terminal.steps] == ["discard"]


def test_a_broken_row_of_another_alarm_keeps_back_nothing_of_this_one(terminal: Terminal) -> None:
    failed(terminal)
    row = spoil(terminal, "ALARMS", "Other", incident=EMPLOYEE)
    assert terminal.machine("failures")["broken"] == [row]
    found = terminal.machine("failures --redrive 1 --yes")
    assert (found["exit"], found["failures"][0]["removed"]) == (0, True)
    assert [each["incident"] for each in sent(terminal)] == [terminal.incident]


def test_what_helps_without_a_decision_is_reported_as_ever(terminal: Terminal) -> None:
    mine(terminal, "head")
    attributes = {"incident": {"Type": "String", "Value": terminal.incident}}
    put(terminal, "Unmailed", {"Type": "Notification", "Message": "{}", "MessageAttributes": attributes})
    assert terminal.machine("failures --redrive 1 --yes")["failures"][0]["why"] == "ops.not_mailed"
