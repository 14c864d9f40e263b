"""Messages that failed are decided again, or discarded, by people whom the document of people knows."""

import copy
import json
from typing import Any

import pytest

from responder.errors import Denied, Unreachable
from tests.unit.entry.stage import AIKO, EVE, QUEUE, Entry, asked
from tests.unit.shell.scene import ALARM

pytestmark = pytest.mark.unit
FAILURES = QUEUE.format("Failures")


def letter(entry: Entry, body: object = "x", queue: str = "failures") -> dict[str, Any]:
    """A message in the queue, as the console holds it."""
    url = FAILURES if queue == "failures" else QUEUE.format("Unfollowed")
    entry.scene.aws.sqs.put(url, json.dumps(body))
    (found,) = entry.scene.aws.sqs.receive_message(QueueUrl=url, VisibilityTimeout=300)["Messages"]
    return {"queue": queue, "id": found["MessageId"], "receipt": found["ReceiptHandle"]}


def left(entry: Entry) -> int:
    return sum(len(queue) for queue in entry.scene.aws.sqs.queues.values())


def test_an_open_incident_is_decided_again_and_its_messages_are_gone() -> None:
    entry = asked()
    letters = [letter(entry), letter(entry, queue="unfollowed")]
    status, told = entry.ask("redrive", incident=entry.incident, letters=letters)
    assert (status, told["results"]["rollout_to_zero"]) == (200, "asked")
    assert told["removed"] == [each["id"] for each in letters]
    assert left(entry) == 0
    (sent,) = entry.commands
    assert json.loads(sent["Payload"])["command"] == "decide-again"
    assert (entry.steps[0]["what"], entry.steps[0]["messages"]) == ("redrive", 2)


def test_without_an_incident_the_alarm_s_function_gets_the_change_and_nothing_else() -> None:
    entry = Entry()
    entry.scene.faults(15)
    event = {
        **entry.scene.event(),
        "approvers": "lowers_security: eve",
        "command": "apply",
        "replay-name": "r",
    }
    status, told = entry.ask("redrive", function="high-error-rate", event=event, letters=[letter(entry)])
    assert status == 200, told
    (sent,) = entry.commands
    passed = json.loads(sent["Payload"])
    assert sent["FunctionName"] == "responder-high-error-rate"
    assert "approvers" not in passed
    assert "command" not in passed
    # What was a replay stays one: it is looked into, and nothing is done.
    assert passed["replay-name"] == "redrive"
    assert (passed["detail"]["alarmName"], passed["detail"]["state"]["value"]) == (ALARM, "ALARM")
    assert entry.scene.percentages() == ["50"] * 4


BAD: dict[str, dict[str, Any]] = {
    "a command": {"event": {"command": "apply", "incident": "i"}},
    "another account": {"account": "999999999999"},
    "another Region": {"region": "eu-west-1"},
    "nothing": {"event": {}},
    "a function that answers no alarm": {"function": "people"},
    "a function of another name": {"function": "high-error-rate:1"},
    "another queue": {"queue": "mine"},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_what_is_none_of_ours_goes_to_no_function(bad: dict[str, Any]) -> None:
    entry = Entry()
    event = entry.scene.event()
    arn = event["resources"][0]
    arn = arn.replace("123456789012", bad.get("account", "123456789012"))
    event["resources"] = [arn.replace("us-east-1", bad.get("region", "us-east-1"))]
    held = letter(entry)
    status, told = entry.ask(
        "redrive",
        function=bad.get("function", "high-error-rate"),
        event=bad.get("event", event),
        letters=[{**held, "queue": bad.get("queue", "failures")}],
    )
    assert (status, told["error"]) == (400, "denial.unreadable")
    assert (entry.commands, left(entry)) == ([], 1)


def test_an_incident_that_is_not_open_is_not_decided_again() -> None:
    entry = Entry()
    status, told = entry.ask("redrive", incident="x-20260101T000000Z", letters=[letter(entry)])
    assert (status, told["error"]) == (404, "denial.unknown_incident")
    assert (entry.commands, left(entry)) == ([], 1)


def test_what_the_function_does_not_accept_stays_in_its_queue() -> None:
    entry = asked()
    entry.failure = Unreachable("lambda", "Invoke", "ReadTimeoutError")
    assert entry.ask("redrive", incident=entry.incident, letters=[letter(entry)])[0] == 503
    assert left(entry) == 1


def test_a_message_that_cannot_be_removed_is_named() -> None:
    entry = asked()
    entry.scene.aws.fail("sqs", "delete_message", Denied, code="AccessDenied")
    held = letter(entry)
    status, told = entry.ask("redrive", incident=entry.incident, letters=[held])
    assert (status, told["error"], told["removed"]) == (503, "person.not_removed", [])
    assert told["problems"] == {held["id"]: "sqs:DeleteMessage AccessDenied"}
    assert told["results"]["rollout_to_zero"] == "asked"


def test_a_message_is_discarded_and_its_incident_knows_by_whom() -> None:
    entry = asked()
    held = letter(entry)
    status, told = entry.ask("discard", incident=entry.incident, error="Unreachable", letters=[held])
    assert (status, told["removed"], told["person"]) == (200, [held["id"]], "aiko")
    assert (left(entry), entry.commands) == (0, [])
    assert entry.steps[0] == {
        "person": "aiko",
        "principal": AIKO,
        "what": "discard",
        "queue": "failures",
        "message": held["id"],
        "error": "Unreachable",
    }


def test_a_stranger_takes_nothing_out() -> None:
    entry = asked()
    held = letter(entry)
    before = copy.deepcopy(entry.everything())
    assert entry.ask("discard", EVE, letters=[held])[0] == 403
    assert entry.ask("redrive", EVE, incident=entry.incident, letters=[held])[0] == 403
    assert (entry.everything(), left(entry)) == (before, 1)
