"""failures: every message in a dead-letter queue is listed by name, with what can be done about it."""

import json
from datetime import timedelta

import pytest

from liveness_ops.template_tools.load import EVENTS
from responder.core.plain_data import Json
from tests.rows import in_both_languages
from tests.texts import piece
from tests.unit.console.test_failures import FUNCTION, left, put, record, sent, visible
from tests.unit.people.terminal import Terminal

ACCOUNT = "arn:aws:lambda:us-east-1:123456789012:function:responder-{}"
USER, CHANNEL = "U0AIKO", "C0ONCALL"


def run(function: str) -> Json:
    """As EventBridge Scheduler calls a function."""
    return {
        "version": "0",
        "id": "1",
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "time": "2026-02-03T00:00:00Z",
        "resources": [f"arn:aws:scheduler:us-east-1:123456789012:schedule/default/responder-{function}"],
        "detail": "{}",
    }


def request(function: str, payload: object) -> tuple[Json, dict[str, str]]:
    """As Scheduler gives up: the request as the body ("Configuring a schedule's dead-letter queue")."""
    body = {"FunctionName": ACCOUNT.format(function), "InvocationType": "Event", "Payload": payload}
    attributes = {
        "ERROR_CODE": "AccessDeniedException",
        "ERROR_MESSAGE": "secret",
        "EXECUTION_ID": "d32c5kddcf5bb8c3",
        "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": "0",
        "SCHEDULE_ARN": f"arn:aws:scheduler:us-east-1:123456789012:schedule/default/responder-{function}",
        "TARGET_ARN": "arn:aws:scheduler:::aws-sdk:lambda:invoke",
    }
    return body, attributes


def notification(incident: str) -> Json:
    """As SNS hands a message over."""
    attributes = {"incident": {"Type": "String", "Value": incident}}
    return {"Type": "Notification", "Message": "{}", "MessageAttributes": attributes}


def pressed(incident: str) -> Json:
    """The work of a button, as Lambda keeps it until it is done."""
    click = {"kind": "approve", "user": USER, "channel": CHANNEL, "incident": incident, "proposal": "p"}
    return {"job": {"id": "v0-1", "click": click, "at": "2026-02-03T00:00:00+00:00", "said": None}}


def row(terminal: Terminal) -> Json:
    (found,) = terminal.machine("failures")["failures"]
    return dict(found)


def why(terminal: Terminal, options: str = "--redrive 1 --yes") -> str:
    """Why it is not decided again: it stays."""
    before = left(terminal)
    found = terminal.machine(f"failures {options}")
    assert (found["exit"], sent(terminal), left(terminal), visible(terminal)) == (5, [], before, True)
    return str(found["failures"][0]["why"])


@pytest.mark.parametrize("payload", [json.dumps(run("daily-check")), "cut off: {", "", None])
def test_a_run_that_was_never_started_is_named_with_its_function(terminal: Terminal, payload: object) -> None:
    body, attributes = request("daily-check", payload)
    put(terminal, "Undelivered", body, **attributes)
    found = row(terminal)
    assert (found["what"], found["function"]) == ("check", "responder-daily-check")
    assert found["error"] == "AccessDeniedException"


def test_a_run_whose_letter_cannot_be_read_is_known_by_its_schedule(terminal: Terminal) -> None:
    _, attributes = request("weekly-check", None)
    put(terminal, "Undelivered", '{"FunctionName": "arn:aws:la', **attributes)
    assert (row(terminal)["what"], row(terminal)["function"]) == ("check", "responder-weekly-check")


@pytest.mark.parametrize(
    ("function", "command"),
    [
        ("daily-check", "liveness-ops check daily --stack responder"),
        ("weekly-check", "liveness-ops check weekly --stack responder"),
        ("monthly-check", "liveness-ops check monthly --stack responder"),
        ("sessions-backup", "liveness-ops backup-table --yes --stack responder"),
    ],
)
@in_both_languages
def test_a_failed_run_is_not_decided_again_and_the_command_that_does_it_now_is_named(
    terminal: Terminal, function: str, command: str, language: str
) -> None:
    put(terminal, "Failures", record(run(function), ACCOUNT.format(function) + ":$LATEST"))
    assert why(terminal) == "ops.run_by_hand"
    assert f"{command}\n" in terminal.run("failures --redrive 1 --yes", language=language).output


def test_a_failed_check_that_this_version_does_not_have_names_no_command(terminal: Terminal) -> None:
    put(terminal, "Failures", record(run("monthly-check"), ACCOUNT.format("rehearsal-check") + ":$LATEST"))
    assert why(terminal) == "ops.next_run"


def test_a_follow_up_that_ended_is_known_by_its_incident_and_decided_again(terminal: Terminal) -> None:
    """EventBridge reports the end of a durable function's execution: with its name, without its payload."""
    event = json.loads((EVENTS / "response-failed" / "follow_up_timed_out.json").read_text(encoding="utf-8"))
    event["detail"]["durableExecutionName"] = f"{terminal.incident}-g2"
    put(terminal, "Failures", event)
    found = row(terminal)
    assert (found["what"], found["incident"]) == ("follow-up", terminal.incident)
    assert (found["function"], found["error"]) == ("liveness-responder-follow-up", "TIMED_OUT")
    terminal.machine("failures --redrive 1 --yes")
    assert [(each["command"], each["incident"]) for each in sent(terminal)] == [
        ("re-evaluate", terminal.incident)
    ]


def test_a_failed_round_is_followed_by_the_next_one(terminal: Terminal) -> None:
    event = {"detail-type": "Scheduled Event", "source": "aws.events"}
    put(terminal, "Unfollowed", record(event, ACCOUNT.format("watchdog")))
    assert why(terminal) == "ops.next_round"
    assert piece("ops.next_round") in terminal.run("failures --redrive 1 --yes").output


def test_a_message_that_slack_post_gave_up_is_one_that_slack_never_got(terminal: Terminal) -> None:
    event = {"Records": [{"EventSource": "aws:sns", "Sns": notification(terminal.incident)}]}
    put(terminal, "Failures", record(event, ACCOUNT.format("slack-post"), "SlackError"))
    found = row(terminal)
    assert (found["what"], found["incident"]) == ("message", terminal.incident)
    assert (found["function"], found["error"]) == ("responder-slack-post", "SlackError")
    assert why(terminal) == "ops.went_by_mail"


def test_a_message_that_no_mail_server_took_is_not_said_to_have_gone_by_mail(terminal: Terminal) -> None:
    put(terminal, "Unmailed", notification(terminal.incident), ErrorCode="554")
    assert (row(terminal)["what"], row(terminal)["error"]) == ("message", "554")
    assert why(terminal) == "ops.not_mailed"


def test_the_work_of_a_button_is_decided_again_and_never_done_as_it_was_pressed(terminal: Terminal) -> None:
    put(terminal, "Failures", record(pressed(terminal.incident), ACCOUNT.format("slack-action")))
    found = row(terminal)
    assert (found["what"], found["incident"], found["open"]) == ("button", terminal.incident, True)
    assert found["function"] == "responder-slack-action"
    done = terminal.machine("failures --redrive 1 --yes")
    assert (done["exit"], done["failures"][0]["removed"]) == (0, True)
    assert [(each["command"], each["proposal"]) for each in sent(terminal)] == [("re-evaluate", "")]


@in_both_languages
def test_who_pressed_it_is_not_shown(terminal: Terminal, language: str) -> None:
    put(terminal, "Failures", record(pressed(terminal.incident), ACCOUNT.format("slack-action")))
    shown = terminal.run("failures", language=language).output + json.dumps(terminal.machine("failures"))
    assert [word for word in (USER, CHANNEL, "secret") if word in shown] == []


@pytest.mark.parametrize("body", ["", "no json", "[]", '{"Records": [1]}', '{"job": 1}', '{"Payload": {}}'])
def test_what_cannot_be_read_stays_and_it_is_reported_where_to_look(terminal: Terminal, body: str) -> None:
    name = put(terminal, "FailedTwice", body)
    assert why(terminal) == "ops.letter_unreadable"
    said = terminal.run("failures --redrive 1 --yes").output
    assert name in said
    assert "failed-twice" in said


def test_what_cannot_be_read_does_not_keep_the_others_back(terminal: Terminal) -> None:
    name = put(terminal, "Undelivered", "no json")
    put(terminal, "Failures", record(terminal.scene.event()))
    done = terminal.machine("failures --all --yes")
    assert [each["why"] for each in done["failures"]] == ["ops.letter_unreadable", None]
    assert (done["exit"], left(terminal)) == (0, [name])


# --- several of one alarm --------------------------------------------------------------------------


def changes(terminal: Terminal, *count: tuple[str, int]) -> None:
    """State changes of an alarm without an open incident, in the order in which they came into the queue."""
    scene = terminal.scene
    for state, minutes in count:
        event = scene.event(state, scene.aws.now + timedelta(minutes=minutes))
        event["detail"]["state"]["reason"] = f"at {minutes}"
        event["detail"]["alarmName"] = name = "FaceAuth-Something-New"
        event["resources"] = [event["resources"][0].rpartition(":")[0] + f":{name}"]
        arn = FUNCTION.replace("high-error-rate", "unknown-alarm").removesuffix(":$LATEST")
        put(terminal, "Undelivered", event, TARGET_ARN=arn, ERROR_CODE="NO_PERMISSIONS")


def states(terminal: Terminal) -> list[str]:
    return [each["detail"]["state"]["value"] for each in sent(terminal)]


def accepts(terminal: Terminal) -> None:
    terminal.entry.answer = {"Payload": Again(b'{"results": {}}')}


class Again:
    """An answer that can be read as often as it is asked for."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def read(self) -> bytes:
        return self.body


@pytest.mark.parametrize("order", [(("ALARM", -9), ("OK", -3)), (("OK", -3), ("ALARM", -9))])
def test_an_alarm_is_not_taken_out_for_the_ok_that_came_after_it(
    terminal: Terminal, order: tuple[tuple[str, int], ...]
) -> None:
    accepts(terminal)
    changes(terminal, *order)
    assert terminal.machine("failures --all --yes")["exit"] == 0
    assert states(terminal) == ["ALARM", "OK"]
    assert left(terminal) == []


def test_of_several_alarms_the_newest_change_is_handed_over_whatever_came_last(terminal: Terminal) -> None:
    accepts(terminal)
    changes(terminal, ("ALARM", -3), ("ALARM", -9))
    assert terminal.machine("failures --all --yes")["exit"] == 0
    (event,) = sent(terminal)
    # The first of the two was put a second before the second one.
    newest = terminal.scene.event(at=terminal.fake.now - timedelta(minutes=3, seconds=2))
    assert event["detail"]["state"]["timestamp"] == newest["detail"]["state"]["timestamp"]
