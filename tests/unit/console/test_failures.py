"""failures: looking takes nothing out; deciding again is all that is ever sent, and then it is removed."""

import io
import json
from typing import Any

import pytest

from responder.core.errors import Denied, Throttled, Unreachable
from responder.core.plain_data import Json
from responder.store import Incidents
from tests.texts import piece
from tests.unit.people.terminal import QUEUE, Terminal

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:responder-high-error-rate:$LATEST"
EVE = "arn:aws:iam::123456789012:user/eve"


def record(payload: Any, function: str = FUNCTION, error: str = "AwsError") -> Json:
    """As Lambda sends it to a destination."""
    return {
        "version": "1.0",
        "requestContext": {"functionArn": function, "condition": "RetriesExhausted"},
        "requestPayload": payload,
        "responsePayload": {"errorType": error, "errorMessage": "secret"},
    }


def put(terminal: Terminal, queue: str, body: Any, **attributes: str) -> str:
    terminal.fake.tick(seconds=1)
    text = body if isinstance(body, str) else json.dumps(body)
    return terminal.fake.sqs.put(QUEUE.format(queue), text, **attributes)


def left(terminal: Terminal) -> list[str]:
    return [each.id for queue in terminal.fake.sqs.queues.values() for each in queue]


def visible(terminal: Terminal) -> bool:
    now = terminal.fake.now
    return all(
        each.until is None or each.until <= now
        for queue in terminal.fake.sqs.queues.values()
        for each in queue
    )


def failed(terminal: Terminal) -> str:
    return put(terminal, "Failures", record(terminal.scene.event()))


def sent(terminal: Terminal) -> list[Json]:
    return [json.loads(each["Payload"]) for each in terminal.asked]


# --- looking ---------------------------------------------------------------------------------------


def test_every_queue_is_listed_with_what_failed_where_and_why(terminal: Terminal) -> None:
    incident = terminal.incident
    failed(terminal)
    put(terminal, "Undelivered", terminal.scene.event(), TARGET_ARN=FUNCTION, ERROR_CODE="NO_PERMISSIONS")
    reporter = FUNCTION.replace("high-error-rate", "response-failed")
    put(terminal, "FailedTwice", record(record(terminal.scene.event()), reporter, "Denied"))
    put(terminal, "Unfollowed", {"incident": incident}, ErrorCode="200")
    put(terminal, "Failures", record({"command": "apply", "incident": incident, "remedy": "rollout_to_zero"}))
    put(terminal, "Unfollowed", record({"detail-type": "Scheduled Event", "source": "aws.events"}, FUNCTION))
    found = terminal.machine("failures")
    assert found["unseen"] == 0
    rows = [
        (each["n"], each["queue"], each["what"], each["function"], each["error"])
        for each in found["failures"]
    ]
    assert rows == [
        (1, "failures", "alarm", "responder-high-error-rate", "AwsError"),
        (2, "undelivered", "alarm", "responder-high-error-rate", "NO_PERMISSIONS"),
        (3, "failed-twice", "alarm", "responder-high-error-rate", "AwsError"),
        (4, "unfollowed", "follow-up", None, "200"),
        (5, "failures", "command", "responder-high-error-rate", "AwsError"),
        (6, "unfollowed", "round", "responder-high-error-rate", "AwsError"),
    ]
    assert [each["open"] for each in found["failures"]] == [True] * 5 + [False]
    assert {each["incident"] for each in found["failures"]} == {incident, None}
    assert found["failures"][4]["command"] == "apply"


def test_listed_twice_it_shows_the_same(terminal: Terminal) -> None:
    for _ in range(25):
        failed(terminal)
    first, second = terminal.machine("failures"), terminal.machine("failures")
    assert first == second
    assert (len(first["failures"]), len(left(terminal)), visible(terminal)) == (25, 25, True)


def test_what_another_person_reads_right_now_is_counted(terminal: Terminal) -> None:
    failed(terminal)
    terminal.fake.call("sqs", "receive_message", QueueUrl=QUEUE.format("Failures"))
    found = terminal.machine("failures")
    assert (found["failures"], found["unseen"]) == ([], 1)
    assert "About 1 more is being processed" in terminal.run("failures").output


@pytest.mark.parametrize(
    "body", ["", "no json", "[]", "null", "[" * 5000, '{"cut": true, "record": "{"}', "{}"]
)
def test_what_no_one_can_read_is_listed_all_the_same(terminal: Terminal, body: str) -> None:
    put(terminal, "Failures", body)
    (row,) = terminal.machine("failures")["failures"]
    assert (row["what"], row["open"]) == ("unknown", False)
    assert terminal.run("failures").exit_code == 0


def test_no_free_text_of_an_error_is_shown(terminal: Terminal) -> None:
    failed(terminal)
    assert "secret" not in terminal.run("failures").output
    assert "secret" not in json.dumps(terminal.machine("failures"))


@pytest.mark.parametrize(("language", "word"), [("ja", "内容"), ("en", "Function")])
def test_the_list_speaks_both_languages(terminal: Terminal, language: str, word: str) -> None:
    failed(terminal)
    assert word in terminal.run("failures", language=language).output


def test_where_nothing_failed_it_reports_it(terminal: Terminal) -> None:
    assert terminal.run("failures").output == "No failed events.\n"
    assert terminal.machine("failures --all")["exit"] == 5
    assert terminal.machine("failures --redrive 1")["exit"] == 5


def test_a_look_that_breaks_off_gives_everything_back(terminal: Terminal) -> None:
    failed(terminal)
    terminal.fake.fail("sqs", "get_queue_attributes", Denied, code="AccessDenied")
    done = terminal.run("failures")
    assert (done.exit_code, done.output.count("\n")) == (6, 1)
    assert done.output.startswith("AWS call failed: sqs:GetQueueAttributes AccessDenied.")
    assert visible(terminal)


def test_without_the_right_to_read_there_is_one_line(terminal: Terminal) -> None:
    terminal.fake.fail("sqs", "receive_message", Denied, code="AccessDenied")
    assert terminal.ends("failures") == (6, 1)


# --- deciding again --------------------------------------------------------------------------------


def test_one_is_decided_again_and_then_removed(terminal: Terminal) -> None:
    first, _ = failed(terminal), failed(terminal)
    found = terminal.machine("failures --redrive 1 --yes")
    assert (found["exit"], found["person"]) == (0, "aiko")
    assert [(each["id"], each["sent"], each["removed"]) for each in found["failures"]] == [
        (first, True, True)
    ]
    assert found["failures"][0]["results"] == {"rollout_to_zero": "asked", "propose_change": "observed"}
    assert [(each["command"], each["incident"]) for each in sent(terminal)] == [
        ("re-evaluate", terminal.incident)
    ]
    assert first not in left(terminal)
    assert (len(left(terminal)), visible(terminal)) == (1, True)


def test_it_may_be_named_by_its_id(terminal: Terminal) -> None:
    failed(terminal)
    second = failed(terminal)
    assert terminal.machine(f"failures --redrive {second} --yes")["failures"][0]["id"] == second


@pytest.mark.parametrize("wanted", ["0", "3", "-1", "x", "zzzzzzzzz"])
def test_what_is_not_in_the_list_is_not_redriven(terminal: Terminal, wanted: str) -> None:
    failed(terminal)
    assert terminal.machine(f"failures --redrive={wanted} --yes")["exit"] == 5
    assert (sent(terminal), len(left(terminal))) == ([], 1)


def test_all_of_one_incident_are_decided_again_once(terminal: Terminal) -> None:
    for _ in range(3):
        failed(terminal)
    found = terminal.machine("failures --all --yes")
    assert [each["removed"] for each in found["failures"]] == [True] * 3
    assert (len(sent(terminal)), left(terminal)) == (1, [])


def test_a_failed_command_is_never_carried_out_as_it_was(terminal: Terminal) -> None:
    command = {"command": "revert", "incident": terminal.incident, "remedy": "rollout_to_zero"}
    put(terminal, "Failures", record(command))
    assert terminal.machine("failures --all --yes")["exit"] == 0
    assert [each["command"] for each in sent(terminal)] == ["re-evaluate"]


def test_it_is_a_step_of_the_incident_with_the_person_s_name(terminal: Terminal) -> None:
    failed(terminal)
    terminal.run("failures --redrive 1 --yes")
    assert [(each["person"], each["what"]) for each in terminal.steps] == [("aiko", "redrive")]
    assert "[aiko] Redrove a failed event" in terminal.run("show INCIDENT").output


def test_a_stranger_has_nothing_decided_again(terminal: Terminal) -> None:
    failed(terminal)
    terminal.caller = EVE
    assert terminal.run("failures --redrive 1 --yes").exit_code == 3
    assert (sent(terminal), len(left(terminal)), visible(terminal)) == ([], 1, True)


def test_without_a_yes_nothing_is_sent_and_nothing_is_removed(terminal: Terminal) -> None:
    failed(terminal)
    assert terminal.run("failures --redrive 1", "n\n").exit_code == 1
    assert (sent(terminal), len(left(terminal)), visible(terminal)) == ([], 1, True)


def close(terminal: Terminal) -> None:
    row = next(row for row in terminal.fake.dynamo.rows("Incidents") if row["pk"] == {"S": "ALARMS"})
    terminal.fake.dynamo.put_item(TableName="Incidents", Item={**row, "closed": {"BOOL": True}})


def test_a_command_of_an_incident_that_is_over_is_only_reported(terminal: Terminal) -> None:
    order = {"command": "apply", "incident": terminal.incident, "remedy": "rollout_to_zero"}
    put(terminal, "Failures", record(order))
    close(terminal)
    found = terminal.machine("failures --redrive 1 --yes")
    assert (found["exit"], found["error"]) == (5, "ops.nothing_redriven")
    assert found["failures"][0]["why"] == "ops.not_open"
    assert piece("ops.not_open") in terminal.run("failures --redrive 1 --yes").output
    assert (sent(terminal), len(left(terminal)), visible(terminal)) == ([], 1, True)


def test_an_alarm_whose_incident_is_over_is_looked_into_afresh(terminal: Terminal) -> None:
    failed(terminal)
    close(terminal)
    terminal.scene.state = "OK"
    count = len(terminal.scene.reported)
    found = terminal.machine("failures --redrive 1 --yes")
    assert (found["exit"], found["failures"][0]["removed"]) == (0, True)
    assert (sent(terminal)[0]["detail"]["state"]["value"], left(terminal)) == ("ALARM", [])
    # The alarm is OK: it is reported, and nothing is done.
    assert len(terminal.scene.reported) == count + 1
    assert terminal.scene.result["result"] == "observed"
    assert terminal.scene.percentages() == ["50"] * 4


def test_an_old_alarm_is_reported_and_never_acted_on(terminal: Terminal) -> None:
    old = terminal.scene.event(at=terminal.fake.now.replace(month=1))
    put(terminal, "Failures", record(old))
    terminal.fake.ssm.modes["rollout_to_zero"] = "auto"
    # Its incident was answered a moment ago; by now it is worth a look again.
    terminal.fake.tick(minutes=10)
    assert terminal.machine("failures --redrive 1 --yes")["exit"] == 0
    assert terminal.scene.result["because"]["key"] == "guard.redriven"
    assert terminal.scene.percentages() == ["50"] * 4


def test_a_message_that_slack_never_got_is_listed_and_only_taken_out(terminal: Terminal) -> None:
    attributes = {"incident": {"Type": "String", "Value": terminal.incident}}
    put(terminal, "Unposted", {"Type": "Notification", "Message": "{}", "MessageAttributes": attributes})
    (row,) = terminal.machine("failures")["failures"]
    assert (row["queue"], row["what"], row["incident"]) == ("unposted", "message", terminal.incident)
    found = terminal.machine("failures --redrive 1 --yes")
    assert (found["exit"], found["failures"][0]["why"]) == (5, "ops.went_by_mail")
    assert (sent(terminal), len(left(terminal))) == ([], 1)
    assert terminal.machine(f"failures --discard {row['id']} --yes")["exit"] == 0
    assert left(terminal) == []


def test_where_the_first_response_died_its_function_is_known_from_the_message(terminal: Terminal) -> None:
    incident = terminal.incident
    key = {"pk": {"S": f"INCIDENT#{incident}"}, "sk": {"S": "HEAD"}}
    terminal.fake.dynamo.delete_item(TableName="Incidents", Key=key)
    failed(terminal)
    put(terminal, "Unfollowed", {"incident": incident})
    found = terminal.machine("failures --all --yes")
    assert [(each["removed"], each["why"]) for each in found["failures"]] == [
        (True, None),
        (False, "ops.no_function"),
    ]
    assert terminal.asked[0]["FunctionName"] == "responder-high-error-rate"


def test_a_function_of_another_stack_is_not_called(terminal: Terminal) -> None:
    key = {"pk": {"S": f"INCIDENT#{terminal.incident}"}, "sk": {"S": "HEAD"}}
    terminal.fake.dynamo.delete_item(TableName="Incidents", Key=key)
    put(terminal, "Failures", record(terminal.scene.event(), FUNCTION.replace("high-error-rate", "another")))
    assert terminal.machine("failures --all --yes")["exit"] == 5
    assert terminal.asked == []


def test_what_was_not_accepted_stays(terminal: Terminal) -> None:
    failed(terminal)
    terminal.entry.failure = Unreachable("lambda", "Invoke", "ReadTimeoutError")
    found = terminal.machine("failures --redrive 1 --yes")
    assert (found["exit"], found["failures"][0]["removed"]) == (6, False)
    assert found["failures"][0]["problem"] == "lambda:Invoke ReadTimeoutError"
    assert (len(left(terminal)), visible(terminal)) == (1, True)


@pytest.mark.parametrize(
    "answer",
    [
        {"StatusCode": 200, "FunctionError": "Unhandled"},
        {"Payload": io.BytesIO(b"null")},
        {"Payload": io.BytesIO(b"no json")},
        {"Payload": io.BytesIO(b'{"results": 1}')},
    ],
)
def test_an_answer_that_says_nothing_is_no_acceptance(terminal: Terminal, answer: Json) -> None:
    failed(terminal)
    terminal.entry.answer = answer
    assert terminal.machine("failures --redrive 1 --yes")["exit"] == 6
    assert (len(left(terminal)), visible(terminal), terminal.steps) == (1, True, [])


def test_what_the_function_refused_stays(terminal: Terminal) -> None:
    """The incident was closed in this very moment."""
    failed(terminal)
    terminal.entry.answer = {"Payload": io.BytesIO(b'{"results": {"-": "refused"}}')}
    found = terminal.machine("failures --redrive 1 --yes")
    assert (found["exit"], found["failures"][0]["problem"]) == (7, "refused")
    assert (len(left(terminal)), visible(terminal)) == (1, True)


def test_a_message_that_another_person_took_meanwhile_is_not_redriven_twice(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed(terminal)

    def think(*_: object, **__: object) -> bool:
        terminal.fake.call("sqs", "receive_message", QueueUrl=QUEUE.format("Failures"), VisibilityTimeout=300)
        return True

    monkeypatch.setattr("typer.confirm", think)
    done = terminal.run("failures --redrive 1")
    assert (done.exit_code, sent(terminal)) == (7, [])


def test_decided_again_but_not_removed_is_reported(terminal: Terminal) -> None:
    failed(terminal)
    terminal.fake.fail("sqs", "delete_message", Throttled)
    done = terminal.run("failures --redrive 1 --yes")
    assert done.exit_code == 0
    assert "still in its queue" in done.output
    # The next reader sees it, and not only in five minutes.
    assert visible(terminal)


def test_a_pause_holds_what_is_decided_again(terminal: Terminal) -> None:
    failed(terminal)
    terminal.run("pause release --reason x --until 1h")
    found = terminal.machine("failures --redrive 1 --yes")
    assert found["failures"][0]["results"] == {"rollout_to_zero": "refused", "propose_change": "refused"}
    assert Incidents(terminal.fake, "Incidents").ledger().leases == ()


# --- discarding ------------------------------------------------------------------------------------


def test_what_is_not_needed_is_shown_asked_for_and_taken_out_with_the_person_s_name(
    terminal: Terminal,
) -> None:
    first, second = put(terminal, "Failures", "{}"), put(terminal, "Undelivered", "{}")
    done = terminal.run("failures --discard 1", "y\n")
    assert done.exit_code == 0
    assert "unreadable" in done.output.split(piece("ops.ask_discard"))[0]
    assert f"1: discarded by aiko (failures, {first})." in done.output
    assert (left(terminal), sent(terminal), visible(terminal)) == ([second], [], True)


def test_for_a_script_it_is_named_by_its_id(terminal: Terminal) -> None:
    first, second = put(terminal, "Failures", "{}"), put(terminal, "Failures", "{}")
    refused = terminal.machine("failures --discard 1 --yes")
    assert (refused["exit"], refused["error"], len(left(terminal))) == (2, "ops.discard_by_id", 2)
    found = terminal.machine(f"failures --discard {first} --discard {second} --yes")
    assert (found["exit"], found["person"]) == (0, "aiko")
    assert [(each["id"], each["removed"]) for each in found["failures"]] == [(first, True), (second, True)]
    assert left(terminal) == []


def test_without_a_yes_nothing_is_discarded(terminal: Terminal) -> None:
    failed(terminal)
    assert terminal.run("failures --discard 1", "n\n").exit_code == 1
    assert terminal.run("failures --discard 1", "").exit_code == 1
    assert (len(left(terminal)), visible(terminal)) == (1, True)


def test_whom_approvers_does_not_name_discards_nothing(terminal: Terminal) -> None:
    name = failed(terminal)
    terminal.caller = EVE
    assert terminal.machine(f"failures --discard {name} --yes")["exit"] == 3
    assert (len(left(terminal)), visible(terminal)) == (1, True)


def test_of_an_open_incident_it_reports_it_and_is_a_step_of_it(terminal: Terminal) -> None:
    failed(terminal)
    done = terminal.run("failures --discard 1", "y\n")
    assert f"the incident {terminal.incident} is open" in done.output
    assert [(each["person"], each["what"]) for each in terminal.steps] == [("aiko", "discard")]
    assert "[aiko] Discarded a failed event" in terminal.run("show INCIDENT").output


def test_what_a_person_took_meanwhile_is_not_discarded(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed(terminal)

    def think(*_: object, **__: object) -> bool:
        terminal.fake.call("sqs", "receive_message", QueueUrl=QUEUE.format("Failures"), VisibilityTimeout=300)
        return True

    monkeypatch.setattr("typer.confirm", think)
    assert terminal.run("failures --discard 1").exit_code == 7
    assert (len(left(terminal)), terminal.steps) == (1, [])


def test_what_could_not_be_removed_is_reported_and_stays(terminal: Terminal) -> None:
    name = failed(terminal)
    terminal.fake.fail("sqs", "delete_message", Denied, code="AccessDenied", times=9)
    found = terminal.machine(f"failures --discard {name} --yes")
    assert (found["exit"], found["failures"][0]["removed"]) == (6, False)
    assert (left(terminal), visible(terminal), terminal.steps) == ([name], True, [])


@pytest.mark.parametrize(
    "options", ["--redrive 1 --all", "--discard 1 --all", "--redrive 1 --discard 1", "--discard x --all"]
)
def test_two_things_together_are_not_clear(terminal: Terminal, options: str) -> None:
    failed(terminal)
    assert terminal.refused(f"failures {options}") == (2, "ops.one_of")
    assert (sent(terminal), len(left(terminal)), visible(terminal)) == ([], 1, True)


@pytest.mark.parametrize("option", ["--redrive", "--discard"])
def test_the_beginning_of_several_ids_names_none(terminal: Terminal, option: str) -> None:
    for _ in range(2):
        failed(terminal)
    queue = terminal.fake.sqs.queues[QUEUE.format("Failures")]
    for number, each in enumerate(queue):
        each.id = f"abcdefgh-{number}"
    found = terminal.machine(f"failures {option} abcdefgh --yes")
    assert (found["exit"], found["ids"]) == (2, ["abcdefgh-0", "abcdefgh-1"])
    assert (sent(terminal), len(left(terminal))) == ([], 2)
