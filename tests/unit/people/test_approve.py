"""approve and reject: what is shown, what is written, what is carried out, and what is not."""

import io
import json
from datetime import timedelta
from email.utils import format_datetime

import pytest
from botocore.exceptions import BotoCoreError, EndpointConnectionError, ReadTimeoutError

from responder.core.command import Command, CommandKind
from responder.core.errors import Denied, Unreachable
from responder.core.text import Text
from responder.people.commands import CommandOutcome
from tests.texts import piece
from tests.unit.people.terminal import AIKO, KEN, MARI, Terminal, at, scene


def test_an_approval_in_time_carries_the_change_out(terminal: Terminal) -> None:
    done = terminal.run(f"approve {terminal.incident} {terminal.proposal}", "y\n")
    assert done.exit_code == 0, done.output
    assert terminal.scene.percentages() == ["0"] * 4
    assert terminal.scene.leases()[0]["by"] == "aiko"
    assert "liveness check off (rollout 0%): applied" in done.output


def test_before_it_is_approved_it_is_shown_whole(terminal: Terminal) -> None:
    shown = terminal.run("approve INCIDENT", "n\n").output
    assert terminal.proposal in shown
    assert "FaceAuth-FaceLogin LIVENESS_ROLLOUT_PERCENTAGE: 50 → 0" in shown
    assert "lowers security" in shown
    assert piece("remedy.yes.rollout_to_zero") in shown
    assert "until Feb 04 10:55 UTC" in shown


@pytest.mark.parametrize("typed", ["n\n", "\n", ""])
def test_without_a_yes_nothing_is_written(terminal: Terminal, typed: str) -> None:
    done = terminal.run("approve INCIDENT", typed)
    assert (done.exit_code, terminal.rows, terminal.steps, terminal.asked) == (1, [], [], [])


def test_what_was_approved_and_by_whom_is_in_the_timeline(terminal: Terminal) -> None:
    terminal.run("approve INCIDENT --yes")
    assert terminal.steps == [
        {
            "person": "aiko",
            "principal": terminal.caller,
            "what": "approve",
            "proposal": terminal.proposal,
            "remedy": "rollout_to_zero",
            "scope": "",
        }
    ]


def test_a_role_s_session_is_a_person_too(terminal: Terminal) -> None:
    terminal.caller = KEN
    assert terminal.machine("approve INCIDENT --yes")["person"] == "ken"
    assert terminal.scene.percentages() == ["0"] * 4


@pytest.mark.parametrize(
    "command", ["approve {}", "reject {} --reason no", "ack {}", "revert {}", "close {} --reason no"]
)
def test_a_person_who_is_not_registered_is_notified_so_and_writes_nothing(
    terminal: Terminal, command: str
) -> None:
    terminal.caller = "arn:aws:iam::123456789012:user/eve"
    done = terminal.run(f"{command.format(terminal.incident)} --yes")
    assert done.exit_code == 3
    assert done.output.count("\n") == 1
    assert "arn:aws:iam::123456789012:user/eve" in done.output
    assert (terminal.rows, terminal.steps, terminal.asked) == ([], [], [])


def test_who_may_approve_cost_may_not_approve_security(terminal: Terminal) -> None:
    terminal.caller = MARI
    done = terminal.run("approve INCIDENT --yes")
    assert (done.exit_code, terminal.rows, terminal.asked) == (3, [], [])


def test_an_expired_proposal_is_not_approved(terminal: Terminal) -> None:
    terminal.scene.aws.tick(minutes=29)
    for named in ("", terminal.proposal):
        done = terminal.run(f"approve {terminal.incident} {named} --yes")
        assert (done.exit_code, terminal.rows) == (5, [])
        assert "expired at Feb 04 10:55 UTC" in done.output


def test_a_proposal_that_expires_while_a_person_thinks_is_not_approved(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:

    def think(*_: object, **__: object) -> bool:
        terminal.scene.aws.tick(minutes=30)
        return True

    monkeypatch.setattr("typer.confirm", think)
    assert terminal.run("approve INCIDENT").exit_code == 5
    assert terminal.rows == []


@pytest.mark.parametrize(("incident", "status"), [("nothing-20260101T000000Z", 4), ("what is that", 4)])
def test_an_unknown_incident_has_an_exit_status_of_its_own(
    terminal: Terminal, incident: str, status: int
) -> None:
    for command in ("approve", "ack", "revert", "reject --reason no", "close --reason no"):
        assert terminal.run(f"{command} '{incident}' --yes").exit_code == status


def test_a_closed_incident_is_left_alone(terminal: Terminal) -> None:
    incidents = terminal.incident
    row = next(row for row in terminal.scene.aws.dynamo.rows("Incidents") if row["pk"] == {"S": "ALARMS"})
    closed = {**row, "closed": {"BOOL": True}}
    terminal.scene.aws.dynamo.put_item(TableName="Incidents", Item=closed)
    for command in ("approve", "ack", "revert", "reject --reason no", "close --reason no"):
        assert terminal.run(f"{command} {incidents} --yes").exit_code == 4
    assert terminal.rows == []


def test_where_nothing_was_asked_there_is_nothing_to_approve(monkeypatch: pytest.MonkeyPatch) -> None:
    here = scene().faults(15)
    here.alarm()
    terminal = at(here, monkeypatch)
    assert terminal.run("approve INCIDENT --yes").exit_code == 5
    assert terminal.run("approve INCIDENT 0123456789abcdef --yes").exit_code == 5


def test_what_was_carried_out_is_not_approved_again(terminal: Terminal) -> None:
    terminal.run("approve INCIDENT --yes")
    again = terminal.run(f"approve {terminal.incident} {terminal.proposal} --yes")
    assert again.exit_code == 5
    assert piece("denial.carried_out_before") in again.output
    assert len(terminal.asked) == 1


def test_where_the_function_cannot_be_called_the_approval_is_kept_and_it_reports_it(
    terminal: Terminal,
) -> None:
    terminal.entry.failure = Unreachable("lambda", "Invoke", "ReadTimeoutError")
    done = terminal.run("approve INCIDENT --yes")
    assert done.exit_code == 6
    assert "lambda:Invoke ReadTimeoutError" in done.output
    assert "retried automatically" in done.output
    assert [row["pk"] for row in terminal.rows] == [terminal.proposal]


def test_an_approval_that_is_sent_again_keeps_its_time(terminal: Terminal) -> None:
    terminal.entry.failure = Unreachable("lambda", "Invoke", "ReadTimeoutError")
    terminal.run("approve INCIDENT --yes")
    (before,) = terminal.rows
    terminal.scene.aws.tick(minutes=1)
    terminal.entry.failure = None
    assert terminal.run("approve INCIDENT --yes").exit_code == 0
    assert terminal.rows == [before]
    assert terminal.scene.percentages() == ["0"] * 4


def test_an_approval_that_has_become_too_old_is_renewed(terminal: Terminal) -> None:
    terminal.entry.failure = Unreachable("lambda", "Invoke", "ReadTimeoutError")
    terminal.run("approve INCIDENT --yes")
    terminal.scene.aws.tick(minutes=20)
    terminal.entry.failure = None
    assert terminal.run("approve INCIDENT --yes").exit_code == 0
    assert terminal.scene.percentages() == ["0"] * 4


def test_a_function_that_dies_is_a_failure_not_a_result(terminal: Terminal) -> None:
    terminal.entry.answer = {"StatusCode": 200, "FunctionError": "Unhandled"}
    done = terminal.run("approve INCIDENT --yes")
    assert done.exit_code == 6
    assert "lambda:Invoke Unhandled" in done.output


def test_a_function_that_dies_of_a_missing_right_says_which(terminal: Terminal) -> None:
    died = {"errorType": "Denied", "errorMessage": "dynamodb:UpdateItem AccessDeniedException"}
    terminal.entry.answer = {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(died).encode())}
    done = terminal.run("approve INCIDENT --yes")
    assert done.exit_code == 6
    assert "lambda:Invoke Unhandled (Denied dynamodb:UpdateItem)" in done.output


def test_what_the_function_refuses_is_reported_and_is_no_success(terminal: Terminal) -> None:
    terminal.scene.aws.ssm.modes["everywhere"] = "observe"
    found = terminal.machine("approve INCIDENT --yes")
    assert (found["exit"], found["results"]) == (7, {"rollout_to_zero": "refused"})
    assert found["because"] == "guard.mode_observe"
    assert found["message"].startswith("liveness check off (rollout 0%): not applied: The mode is observe")


def test_a_reason_that_this_console_does_not_know_is_in_the_message_that_was_sent(terminal: Terminal) -> None:
    because = {"rollout_to_zero": {"key": "guard.of_a_newer_stack", "values": {}}}
    body = {"report": "1", "results": {"rollout_to_zero": "refused"}, "because": because}
    terminal.entry.answer = {"Payload": io.BytesIO(json.dumps(body).encode())}
    found = terminal.machine("approve INCIDENT --yes")
    assert (found["exit"], found["because"]) == (7, "guard.of_a_newer_stack")
    assert found["message"].endswith(piece("person.not_done"))


def test_the_order_of_the_proposal_is_the_one_that_is_sent(terminal: Terminal) -> None:
    terminal.run("approve INCIDENT --yes")
    (sent,) = terminal.asked
    assert sent["FunctionName"] == "responder-high-error-rate"
    assert b'"command": "apply"' in sent["Payload"]
    assert terminal.proposal.encode() in sent["Payload"]


def test_a_terminal_whose_clock_is_wrong_approves_at_the_right_time(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = terminal.scene.aws.now
    terminal.headers = {"date": format_datetime(right, usegmt=True)}
    monkeypatch.setattr("liveness_ops.people.command_runner._now", lambda: right + timedelta(minutes=20))
    assert terminal.run("approve INCIDENT --yes").exit_code == 0
    assert terminal.rows[0]["at"] == right.isoformat(timespec="microseconds")


@pytest.mark.parametrize("fast", [1, 4])
def test_a_terminal_that_is_a_little_fast_approves_nothing_in_the_future(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, fast: int
) -> None:
    """The function would not count it."""
    terminal.headers = {"date": format_datetime(terminal.scene.aws.now, usegmt=True)}
    monkeypatch.setattr(
        "liveness_ops.people.command_runner._now", lambda: terminal.scene.aws.now + timedelta(seconds=fast)
    )
    done = terminal.run("approve INCIDENT --yes")
    assert done.exit_code == 0, done.output
    assert terminal.scene.percentages() == ["0"] * 4


@pytest.mark.parametrize("slow", [1, 4])
def test_a_terminal_that_is_a_little_slow_knows_what_was_approved_a_moment_ago(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, slow: int
) -> None:
    terminal.scene.aws.ssm.parameters["/responder/stops/a"] = '{"who": "ken", "why": "a test"}'
    assert terminal.machine("approve INCIDENT --yes")["because"] == "guard.paused"
    del terminal.scene.aws.ssm.parameters["/responder/stops/a"]
    terminal.scene.aws.tick(minutes=0.1)
    monkeypatch.setattr(
        "liveness_ops.people.command_runner._now", lambda: terminal.scene.aws.now - timedelta(seconds=slow)
    )
    done = terminal.run("approve INCIDENT --yes")
    assert done.exit_code == 0, done.output
    assert terminal.scene.percentages() == ["0"] * 4


def test_what_was_approved_in_time_and_waits_can_be_rejected_after_its_end(terminal: Terminal) -> None:
    terminal.entry.failure = Unreachable("lambda", "Invoke", "ReadTimeoutError")
    terminal.scene.aws.tick(minutes=27)
    assert terminal.run("approve INCIDENT --yes").exit_code == 6
    terminal.scene.aws.tick(minutes=2)
    done = terminal.run("reject INCIDENT --reason 'the release is out' --yes")
    assert done.exit_code == 0, done.output
    assert piece("person.rejected_late") in done.output
    assert [row["decision"] for row in terminal.rows] == ["reject"]


def test_where_aws_refuses_there_is_one_line_and_no_traceback(terminal: Terminal) -> None:
    terminal.scene.aws.fail("dynamodb", "put_item", Denied, code="AccessDeniedException")
    done = terminal.run("ack INCIDENT")
    assert done.exit_code == 6
    said = "A call failed (dynamodb:PutItem AccessDeniedException), so it may not be recorded."
    assert (done.output.count("\n"), done.output.startswith(said)) == (1, True)


def test_an_approval_counts_although_the_timeline_cannot_be_written(terminal: Terminal) -> None:
    where = {"TableName": "Incidents"}
    terminal.scene.aws.fail(
        "dynamodb", "put_item", Denied, code="AccessDeniedException", times=2, where=where
    )
    done = terminal.run("approve INCIDENT --yes")
    assert done.exit_code == 0
    assert piece("person.not_noted") in done.output
    assert terminal.scene.percentages() == ["0"] * 4


# --- reject ----------------------------------------------------------------------------------------


def test_a_rejection_keeps_its_reason_and_outweighs_an_approval(terminal: Terminal) -> None:
    found = terminal.machine("reject INCIDENT --reason 'we roll\tback  instead' --yes")
    assert found["reason"] == "we roll back instead"
    (row,) = terminal.rows
    assert (row["pk"], row["decision"], row["reason"]) == (
        terminal.proposal,
        "reject",
        "we roll back instead",
    )
    assert terminal.steps[0]["reason"] == "we roll back instead"
    terminal.caller = KEN
    other = terminal.run("approve INCIDENT --yes")
    assert other.exit_code == 5
    assert "aiko rejected" in other.output
    assert terminal.asked == []


def test_a_rejection_needs_a_reason(terminal: Terminal) -> None:
    assert terminal.run("reject INCIDENT --yes").exit_code == 2
    assert terminal.run("reject INCIDENT --reason ' ' --yes").exit_code == 2
    assert terminal.rows == []


def test_who_may_not_approve_the_class_may_not_reject_it_either(terminal: Terminal) -> None:
    terminal.caller = MARI
    assert terminal.run("reject INCIDENT --reason no --yes").exit_code == 3
    assert terminal.rows == []


@pytest.mark.parametrize(("person", "principal"), [("aiko", AIKO), ("ken", KEN)])
def test_a_rejection_in_the_last_moment_counts(terminal: Terminal, person: str, principal: str) -> None:
    """Written between looking and approving, by another person, or by the same one in Slack."""
    at = terminal.scene.aws.now.isoformat()
    row = {"pk": terminal.proposal, "sk": person, "decision": "reject", "principal": principal, "at": at}
    item = {name: {"S": value} for name, value in row.items()}

    def reject() -> None:
        terminal.scene.aws.dynamo.put_item(TableName="Approvals", Item=item)

    terminal.scene.aws.between("dynamodb", "put_item", reject)
    assert terminal.run("approve INCIDENT --yes").exit_code == 5
    assert terminal.asked == []


# --- withdraw --------------------------------------------------------------------------------------


def test_a_rejection_is_shown_and_withdrawn(terminal: Terminal) -> None:
    terminal.run("reject INCIDENT --reason no --yes")
    assert terminal.run("withdraw INCIDENT", "n\n").exit_code == 1
    done = terminal.run("withdraw INCIDENT", "y\n")
    assert done.exit_code == 0
    assert terminal.proposal in done.output
    terminal.caller = KEN
    assert terminal.run("approve INCIDENT --yes").exit_code == 0
    assert terminal.scene.percentages() == ["0"] * 4


def test_where_nothing_is_rejected_there_is_nothing_to_withdraw(terminal: Terminal) -> None:
    for named in ("", terminal.proposal):
        assert terminal.run(f"withdraw {terminal.incident} {named} --yes").exit_code == 5


def test_the_rejection_of_another_person_is_not_withdrawn(terminal: Terminal) -> None:
    terminal.run("reject INCIDENT --reason no --yes")
    terminal.caller = KEN
    assert terminal.run("withdraw INCIDENT --yes").exit_code == 5
    assert [row["decision"] for row in terminal.rows] == ["reject"]


# --- the way to the entry --------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 504, 429])
def test_an_entry_that_does_not_answer_is_reported_with_what_to_do(terminal: Terminal, status: int) -> None:
    terminal.status = status
    done = terminal.run("ack INCIDENT")
    assert done.exit_code == 6
    assert f"lambda:InvokeFunctionUrl {status}" in done.output
    assert "nothing is done twice" in done.output
    assert "liveness-ops pause --stack responder" in done.output


def test_who_may_not_call_it_learns_which_right_is_missing(terminal: Terminal) -> None:
    terminal.status = 403
    done = terminal.run("ack INCIDENT")
    assert (done.exit_code, done.output.count("\n")) == (6, 1)
    assert "lambda:InvokeFunctionUrl AccessDeniedException" in done.output


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        (ReadTimeoutError(endpoint_url="x"), "nothing is done twice"),
        (EndpointConnectionError(endpoint_url="x"), "lambda:InvokeFunctionUrl EndpointConnectionError"),
    ],
)
def test_a_connection_that_breaks_is_one_line(terminal: Terminal, lost: BotoCoreError, said: str) -> None:
    terminal.lost = lost
    done = terminal.run("ack INCIDENT")
    assert (done.exit_code, done.output.count("\n")) == (6, 1)
    assert said in done.output


def test_each_request_is_one_of_its_own(terminal: Terminal) -> None:
    terminal.run("ack INCIDENT")
    terminal.run("ack INCIDENT")
    first, second = terminal.sent
    assert first["id"] != second["id"]
    assert {**first, "id": ""} == {**second, "id": ""}


def test_what_is_being_carried_out_already_is_no_failure_of_unknown_end(terminal: Terminal) -> None:
    body = json.dumps({"incident": terminal.incident, "results": {"rollout_to_zero": "under_way"}})
    terminal.entry.answer = {"StatusCode": 200, "Payload": io.BytesIO(body.encode())}
    done = terminal.run("approve INCIDENT --yes")
    assert done.exit_code == 7
    shown = f"see liveness-ops show {terminal.incident} --region us-east-1 --stack responder"
    assert shown in done.output.replace("\n", " ")


@pytest.mark.parametrize("result", ["applied", "stepped", "reverted"])
def test_a_change_is_called_done_only_when_aws_has_finished_it(result: str) -> None:
    order = Command(CommandKind.APPLY, "INCIDENT", "rollout_to_zero")
    answer = {"results": {"rollout_to_zero": result}, "report": "", "in_progress": {"rollout_to_zero": True}}
    for found, done in ((answer, False), ({**answer, "in_progress": {}}, True)):
        said = CommandOutcome.read(found, order, "").answer(order, {})
        assert (said.said[0].values["result"] == Text(f"result.{result}")) is done
        assert said.data["in_progress"] is not done
