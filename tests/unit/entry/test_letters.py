"""Messages that failed are decided again, or discarded, by people whom the document of people knows."""

import json
from datetime import timedelta

import pytest

from responder.core.errors import Denied, Unreachable
from responder.core.plain_data import Json
from tests.fakes.registered import document
from tests.unit.entry.people_entry import AIKO, EVE, QUEUE, Entry, applied, asked
from tests.unit.respond.scene import ALARM

FAILURES = QUEUE.format("Failures")


def letter(entry: Entry, body: object = "x", queue: str = "failures") -> Json:
    """A message in the queue, as the console names it."""
    url = FAILURES if queue == "failures" else QUEUE.format("Unfollowed")
    return {"queue": queue, "id": entry.fake.sqs.put(url, json.dumps(body))}


def visible(entry: Entry) -> bool:
    every = [each for queue in entry.fake.sqs.queues.values() for each in queue]
    return all(each.until is None or each.until <= entry.now for each in every)


def left(entry: Entry) -> int:
    return sum(len(queue) for queue in entry.fake.sqs.queues.values())


def test_an_open_incident_is_decided_again_and_its_messages_are_gone() -> None:
    entry = asked()
    letters = [letter(entry), letter(entry, queue="unfollowed")]
    status, answer = entry.ask("redrive", incident=entry.incident, letters=letters)
    assert (status, answer["results"]["rollout_to_zero"]) == (200, "asked")
    assert answer["removed"] == [each["id"] for each in letters]
    assert left(entry) == 0
    (sent,) = entry.commands
    assert json.loads(sent["Payload"])["command"] == "re-evaluate"
    assert (entry.steps[0]["what"], entry.steps[0]["messages"]) == ("redrive", 2)


def test_without_an_incident_the_alarm_s_function_gets_the_change_as_a_replay_and_nothing_else() -> None:
    entry = Entry()
    entry.scene.faults(15)
    entry.scene.state = "OK"
    event = {**entry.scene.event(), "approvers": "lowers_security: eve", "command": "apply"}
    failed = letter(entry, {"requestPayload": event, "responsePayload": {"errorType": "AwsError"}})
    status, answer = entry.ask("redrive", function="high-error-rate", letters=[failed])
    assert status == 200, answer
    (sent,) = entry.commands
    passed = json.loads(sent["Payload"])
    assert sent["FunctionName"] == "responder-high-error-rate"
    assert passed.keys() == {
        "source",
        "detail-type",
        "account",
        "region",
        "resources",
        "detail",
        "replay-name",
        "redriven-by",
    }
    assert (passed["detail"]["alarmName"], passed["detail"]["state"]["value"]) == (ALARM, "ALARM")
    # Everything else would let it act: it is investigated and reported. The alarm is OK: no incident is
    # opened.
    assert entry.scene.result["because"]["key"] == "guard.redriven"
    assert (entry.scene.percentages(), entry.scene.rows("HEAD"), left(entry)) == (["50"] * 4, [], 0)


@pytest.mark.parametrize("minutes", [1, 16, 3 * 24 * 60])
def test_an_alarm_that_is_still_raised_gets_an_incident_and_its_follow_up_and_nothing_is_changed(
    minutes: int,
) -> None:
    """It sends no further event, so nothing else would follow it once the message is gone."""
    entry = Entry()
    entry.scene.faults(15)
    failed = letter(entry, entry.scene.event(at=entry.now - timedelta(minutes=minutes)))
    assert entry.ask("redrive", function="high-error-rate", letters=[failed])[0] == 200
    assert (entry.scene.percentages(), left(entry)) == (["50"] * 4, 0)
    (head,) = entry.scene.rows("HEAD")
    assert (head["pk"], entry.scene.pointer["closed"]) == (f"INCIDENT#{entry.incident}", False)
    assert list(entry.fake.lambdas.executions) == [f"{entry.incident}-g1"]
    assert (entry.scene.result["result"], entry.scene.result["because"]["key"]) == (
        "observed",
        "guard.redriven",
    )
    assert "redelivered by aiko" in entry.scene.mail
    assert "archive" not in entry.scene.mail


def test_the_follow_up_decides_on_an_alarm_that_was_delivered_again_as_on_any_other() -> None:
    entry = Entry()
    entry.scene.faults(15)
    failed = letter(entry, entry.scene.event())
    assert entry.ask("redrive", function="high-error-rate", letters=[failed])[0] == 200
    entry.fake.tick(minutes=6)
    entry.scene.faults(15)
    entry.scene.command("re-evaluate")
    assert entry.scene.percentages() == ["0"] * 4


def test_an_alarm_that_cannot_be_read_keeps_its_message() -> None:
    entry = Entry()
    entry.scene.faults(15)
    failed = letter(entry, entry.scene.event())
    entry.fake.fail("cloudwatch", "describe_alarms", Denied, times=9, code="AccessDenied")
    assert entry.ask("redrive", function="high-error-rate", letters=[failed])[0] == 503
    assert (left(entry), entry.scene.rows("HEAD"), entry.scene.reported) == (1, [], [])


@pytest.mark.parametrize("seconds", [5, 200])
def test_an_alarm_whose_first_delivery_again_died_is_answered_by_the_next(seconds: int) -> None:
    entry = Entry()
    entry.scene.faults(15)
    failed = letter(entry, entry.scene.event())
    entry.fake.fail("sns", "publish", Denied, times=99, code="AccessDenied")
    assert entry.ask("redrive", function="high-error-rate", letters=[failed])[0] == 503
    entry.fake.heal()
    assert (left(entry), entry.scene.rows("HEAD")) == (1, [])
    opened = entry.incident
    entry.fake.tick(seconds=seconds)
    assert entry.ask("redrive", function="high-error-rate", letters=[failed])[0] == 200
    assert (entry.incident, len(entry.scene.rows("HEAD")), left(entry)) == (opened, 1, 0)
    assert list(entry.fake.lambdas.executions) == [f"{opened}-g1"]


def test_an_event_in_the_request_is_refused() -> None:
    entry = Entry()
    forged = entry.scene.event()
    assert entry.refused("redrive", function="high-error-rate", event=forged, letters=[letter(entry)]) == (
        400,
        "denial.unreadable",
    )
    assert (entry.commands, left(entry)) == ([], 1)


def test_no_one_has_undone_again_what_another_person_took_back() -> None:
    """A person without any class, with events of CloudWatch that are in no queue of the stack; and with those
    that one does contain, about an OK that the alarm does not have."""
    entry = applied()
    entry.parameters["/responder/settings"] = document(aiko=["lowers_security", AIKO], eve=[EVE])
    entry.ask("revert", remedy="rollout_to_zero")
    entry.ask("approve", proposal=entry.proposal)
    entry.fake.settle()
    entry.scene.command("finish", remedy="rollout_to_zero")
    incident, percentages = entry.incident, entry.scene.percentages()
    entry.fake.tick(minutes=25)
    entry.scene.faults(15)
    entry.scene.requests(200)
    calm = entry.scene.event("OK", at=entry.now - timedelta(minutes=14))
    for event in (calm, entry.scene.event(at=entry.now)):
        absent = {"queue": "failures", "id": "x"}
        assert entry.ask("redrive", EVE, letters=[absent], function="high-error-rate", event=event)[0] == 400
        held = letter(entry, event)
        assert entry.ask("redrive", EVE, letters=[held], function="high-error-rate")[0] == 200
    assert (entry.scene.percentages(), entry.incident) == (percentages, incident)
    assert entry.scene.pointer["state"] == "ALARM"


def test_of_several_changes_of_one_state_the_newest_is_looked_into() -> None:
    entry = Entry()
    times = [entry.now - timedelta(minutes=each) for each in (5, 3, 4)]
    letters = [letter(entry, entry.scene.event(at=at)) for at in times]
    assert entry.ask("redrive", function="high-error-rate", letters=letters)[0] == 200
    (sent,) = entry.commands
    stamp = json.loads(sent["Payload"])["detail"]["state"]["timestamp"]
    assert stamp.startswith(f"{max(times):%Y-%m-%dT%H:%M:%S}")
    assert left(entry) == 0


def test_changes_to_different_states_are_no_one_request() -> None:
    entry = Entry()
    letters = [letter(entry, entry.scene.event(state)) for state in ("ALARM", "OK")]
    assert entry.ask("redrive", function="high-error-rate", letters=letters)[0] == 400
    assert (entry.commands, left(entry), visible(entry)) == ([], 2, True)


def test_what_is_in_no_queue_is_not_decided_again_and_others_stay_where_they_are() -> None:
    entry = asked()
    other = letter(entry)
    for do in ("redrive", "discard"):
        assert entry.refused(
            do, incident=entry.incident, letters=[{"queue": "unfollowed", "id": other["id"]}]
        ) == (409, "denial.letters_gone")
    assert (entry.commands, left(entry), visible(entry), entry.steps) == ([], 1, True, [])


def test_what_another_person_reads_right_now_is_named_and_stays() -> None:
    entry = asked()
    theirs = letter(entry)
    entry.fake.sqs.receive_message(QueueUrl=FAILURES, VisibilityTimeout=300)
    mine = letter(entry)
    status, answer = entry.ask("redrive", incident=entry.incident, letters=[theirs, mine])
    assert (status, answer["removed"], answer["missing"]) == (200, [mine["id"]], [theirs["id"]])
    assert left(entry) == 1


def test_a_message_far_back_in_its_queue_is_found() -> None:
    entry = asked()
    letters = [letter(entry) for _ in range(35)]
    assert entry.ask("discard", letters=letters[-1:])[1]["removed"] == [letters[-1]["id"]]
    assert (left(entry), visible(entry)) == (34, True)


def test_a_queue_that_cannot_be_read_gives_back_what_was_taken_before() -> None:
    entry = asked()
    letters = [letter(entry), letter(entry, queue="unfollowed")]
    entry.fake.fail("sqs", "receive_message", Denied, code="AccessDenied", call=2)
    status, answer = entry.ask("redrive", incident=entry.incident, letters=letters)
    assert (status, answer["call"]) == (503, "sqs:ReceiveMessage AccessDenied")
    assert (entry.commands, left(entry), visible(entry)) == ([], 2, True)


BAD: dict[str, Json] = {
    "a command": {"event": {"command": "apply", "incident": "i"}},
    "another account": {"account": "999999999999"},
    "another Region": {"region": "eu-west-1"},
    "nothing": {"event": {}},
    "a function that answers no alarm": {"function": "people"},
    "a function of another name": {"function": "high-error-rate:1"},
    "another queue": {"queue": "mine"},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_foreign_event_goes_to_no_function(bad: Json) -> None:
    entry = Entry()
    event = entry.scene.event()
    arn = event["resources"][0]
    arn = arn.replace("123456789012", bad.get("account", "123456789012"))
    event["resources"] = [arn.replace("us-east-1", bad.get("region", "us-east-1"))]
    held = letter(entry, bad.get("event", event))
    assert entry.refused(
        "redrive",
        function=bad.get("function", "high-error-rate"),
        letters=[{**held, "queue": bad.get("queue", "failures")}],
    ) == (400, "denial.unreadable")
    assert (entry.commands, left(entry), visible(entry)) == ([], 1, True)


OTHER = "FaceAuth-Liveness-LowConfidence"


@pytest.mark.parametrize("what", ["an alarm", "a packed alarm", "a command"])
def test_a_message_of_another_alarm_stays_where_only_this_one_is_decided_again(what: str) -> None:
    entry = asked()
    other = json.loads(json.dumps(entry.scene.event()).replace(ALARM, OTHER))
    command = {"command": "re-evaluate", "incident": f"{OTHER}-20260204T101500Z"}
    bodies = {"an alarm": other, "a packed alarm": {"requestPayload": other}, "a command": command}
    held = [letter(entry), letter(entry, bodies[what])]
    assert entry.refused("redrive", incident=entry.incident, letters=held) == (400, "denial.unreadable")
    assert (entry.commands, left(entry), visible(entry), entry.steps) == ([], 2, True, [])


@pytest.mark.parametrize("what", ["alarm", "command"])
def test_a_message_of_the_incident_itself_is_decided_again(what: str) -> None:
    entry = asked()
    command = {"command": "apply", "incident": entry.incident}
    held = letter(entry, entry.scene.event() if what == "alarm" else {"requestPayload": command})
    assert entry.ask("redrive", incident=entry.incident, letters=[held])[0] == 200
    assert left(entry) == 0


def test_an_incident_that_is_not_open_is_not_decided_again() -> None:
    entry = Entry()
    assert entry.refused("redrive", incident="x-20260101T000000Z", letters=[letter(entry)]) == (
        404,
        "denial.unknown_incident",
    )
    assert (entry.commands, left(entry)) == ([], 1)


def test_what_the_function_does_not_accept_stays_in_its_queue() -> None:
    entry = asked()
    entry.failure = Unreachable("lambda", "Invoke", "ReadTimeoutError")
    assert entry.ask("redrive", incident=entry.incident, letters=[letter(entry)])[0] == 503
    assert left(entry) == 1


def test_a_message_that_cannot_be_removed_is_named() -> None:
    entry = asked()
    entry.fake.fail("sqs", "delete_message", Denied, code="AccessDenied")
    held = letter(entry)
    status, answer = entry.ask("redrive", incident=entry.incident, letters=[held])
    assert (status, answer["error"], answer["removed"]) == (503, "person.not_removed", [])
    assert answer["problems"] == {held["id"]: "sqs:DeleteMessage AccessDenied"}
    assert answer["results"]["rollout_to_zero"] == "asked"


def test_a_message_is_discarded_and_its_incident_knows_by_whom() -> None:
    entry = asked()
    held = letter(entry)
    status, answer = entry.ask("discard", incident=entry.incident, error="Unreachable", letters=[held])
    assert (status, answer["removed"], answer["person"]) == (200, [held["id"]], "aiko")
    assert (left(entry), entry.commands) == (0, [])
    step = {"person": "aiko", "principal": AIKO, "what": "discard", "queue": "failures"}
    assert entry.steps == [{**step, "message": held["id"], "error": "Unreachable"}]


def test_each_of_several_messages_that_are_discarded_is_a_step() -> None:
    entry = asked()
    held = [letter(entry), letter(entry, queue="unfollowed"), letter(entry)]
    gone = {"queue": "failures", "id": "x"}
    assert entry.ask("discard", incident=entry.incident, letters=[gone, *held])[0] == 200
    steps = sorted((each["message"], each["queue"]) for each in entry.steps)
    assert steps == sorted((each["id"], each["queue"]) for each in held)


def test_a_stranger_takes_nothing_out() -> None:
    entry = asked()
    held = letter(entry)
    before = entry.everything()
    assert entry.ask("discard", EVE, letters=[held])[0] == 403
    assert entry.ask("redrive", EVE, incident=entry.incident, letters=[held])[0] == 403
    assert (entry.everything(), left(entry)) == (before, 1)
