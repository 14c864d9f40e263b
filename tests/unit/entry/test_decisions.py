"""Approvals, rejections, acknowledgements and reverts through the entry: rows, commands and answers."""

import copy
import io
import json

import pytest

from responder.core.errors import Denied, Unreachable
from responder.core.plain_data import Json
from tests.fakes.registered import document
from tests.texts import piece
from tests.unit.entry.people_entry import AIKO, KEN, MARI, applied, asked


def test_an_approval_is_recorded_and_carried_out() -> None:
    entry = asked()
    status, answer = entry.ask("approve", proposal=entry.proposal)
    assert (status, answer["ending"], answer["results"]) == (200, "done", {"rollout_to_zero": "applied"})
    assert (answer["person"], answer["carried_out"]) == ("aiko", True)
    assert entry.scene.percentages() == ["0"] * 4
    assert entry.scene.leases()[0]["by"] == "aiko"
    assert [step["what"] for step in entry.steps] == ["approve"]


def test_the_command_names_the_proposal_and_is_waited_for() -> None:
    entry = asked()
    proposal = entry.proposal
    entry.ask("approve", proposal=proposal)
    (sent,) = entry.commands
    assert (sent["FunctionName"], sent["InvocationType"]) == ("responder-high-error-rate", "RequestResponse")
    assert (json.loads(sent["Payload"])["command"], json.loads(sent["Payload"])["proposal"]) == (
        "apply",
        proposal,
    )


def test_the_very_same_request_again_is_answered_and_does_nothing_twice() -> None:
    entry = asked()
    event = entry.event(entry.body("approve", proposal=entry.proposal))
    first = entry.send(event)
    before = entry.everything()
    entry.fake.tick(minutes=2)
    assert entry.send(copy.deepcopy(event)) == first
    assert entry.everything() == before


def test_the_same_bytes_from_another_person_are_another_request() -> None:
    entry = asked()
    body = entry.body("ack")
    entry.send(entry.event(body, AIKO))
    entry.send(entry.event(body, MARI))
    assert sorted(row["sk"] for row in entry.rows) == ["aiko", "mari"]


def test_a_new_request_for_what_was_carried_out_is_declined() -> None:
    entry = asked()
    proposal = entry.proposal
    entry.ask("approve", proposal=proposal)
    assert entry.declined("approve", proposal=proposal) == (409, "nothing_open", "denial.carried_out_before")
    assert len(entry.commands) == 1


@pytest.mark.parametrize("do", ["approve", "reject"])
def test_a_person_of_another_class_decides_nothing(do: str) -> None:
    entry = asked()
    why = {"reason": "not now"} if do == "reject" else {}
    assert entry.declined(do, MARI, proposal=entry.proposal, **why) == (403, "stranger", "denial.no_right")
    assert (entry.rows, entry.steps, entry.commands) == ([], [], [])


def test_another_proposal_than_the_one_on_record_is_declined() -> None:
    entry = asked()
    row = next(row for row in entry.fake.dynamo.rows("Incidents") if "PROPOSAL" in row["sk"]["S"])
    changed = {**row, "data": {"S": row["data"]["S"].replace('"0"', '"100"')}}
    assert changed != row
    entry.fake.dynamo.put_item(TableName="Incidents", Item=changed)
    assert entry.refused("approve", proposal=entry.proposal) == (409, "denial.proposal_changed")
    assert entry.rows == []


def test_an_expired_proposal_is_declined() -> None:
    entry = asked()
    entry.fake.tick(minutes=30)
    assert entry.ask("approve", proposal=entry.proposal)[1]["error"] == "denial.expired"
    assert entry.rows == []


@pytest.mark.parametrize(
    ("incident", "error"),
    [("nothing-20260101T000000Z", "denial.unknown_incident"), ("what is that", "denial.unknown_incident")],
)
def test_an_unknown_incident_is_declined(incident: str, error: str) -> None:
    entry = asked()
    for do, more in (("ack", {}), ("approve", {"proposal": "0" * 16}), ("revert", {"remedy": "x"})):
        assert entry.declined(do, incident=incident, **more) == (404, "no_incident", error)


def test_a_rejection_holds_until_it_is_withdrawn() -> None:
    entry = asked()
    proposal = entry.proposal
    status, answer = entry.ask("reject", proposal=proposal, reason=" the release \n is over ")
    assert (status, answer["reason"]) == (200, "the release is over")
    assert (entry.rows[0]["decision"], entry.rows[0]["reason"]) == ("reject", "the release is over")
    assert entry.steps[0]["reason"] == "the release is over"
    assert entry.ask("approve", KEN, proposal=proposal)[1]["error"] == "denial.rejected_before"
    assert entry.ask("withdraw", KEN, proposal=proposal)[1]["error"] == "denial.not_rejected"
    assert entry.ask("withdraw", proposal=proposal)[0] == 200
    assert [step["what"] for step in entry.steps] == ["reject", "withdraw"]
    assert entry.ask("approve", KEN, proposal=proposal)[1]["results"] == {"rollout_to_zero": "applied"}


def test_a_rejection_sent_again_in_a_new_request_is_the_same_one() -> None:
    entry = asked()
    proposal = entry.proposal
    entry.ask("reject", proposal=proposal, reason="first")
    before = entry.rows
    assert entry.ask("reject", proposal=proposal, reason="second")[0] == 200
    assert entry.rows == before


def test_an_acknowledgement_says_until_when_the_escalation_waits() -> None:
    entry = asked()
    status, answer = entry.ask("ack", MARI)
    assert (status, answer["person"], answer["until"]) == (200, "mari", "2026-02-04T11:27:00Z")
    assert [row["pk"] for row in entry.rows] == [f"ACK#{entry.incident}"]


def test_a_revert_is_requested_and_approved_through_the_entry() -> None:
    entry = applied()
    status, answer = entry.ask("revert", remedy="rollout_to_zero")
    assert (status, answer["results"]) == (200, {"rollout_to_zero": "asked"})
    assert entry.ask("approve", proposal=entry.proposal)[1]["results"] == {"rollout_to_zero": "reverted"}
    assert entry.scene.percentages() == ["50"] * 4


def test_a_step_back_is_approved_as_that_step() -> None:
    entry = applied()
    entry.ask("revert", remedy="rollout_to_zero", percent=10)
    entry.ask("approve", proposal=entry.proposal)
    assert entry.scene.percentages() == ["10"] * 4


def test_a_rejected_revert_can_be_asked_for_and_approved_again() -> None:
    entry = applied()
    entry.ask("revert", remedy="rollout_to_zero")
    entry.ask("reject", proposal=entry.proposal, reason="not yet")
    entry.fake.tick(minutes=5)
    assert entry.ask("revert", KEN, remedy="rollout_to_zero")[1]["results"] == {"rollout_to_zero": "asked"}
    assert entry.ask("approve", KEN, proposal=entry.proposal)[1]["results"] == {"rollout_to_zero": "reverted"}


def test_a_revert_needs_the_right_of_its_class() -> None:
    entry = applied()
    assert entry.refused("revert", MARI, remedy="rollout_to_zero") == (403, "denial.no_right")
    assert (entry.commands, entry.steps) == ([], [])


def test_where_nothing_is_in_force_nothing_is_sent() -> None:
    entry = asked()
    assert entry.ask("revert", remedy="rollout_to_zero")[1]["error"] == "denial.no_lease"
    assert entry.ask("revert", remedy="memory_increase", percent=10)[1]["error"] == "denial.no_percent"
    assert entry.commands == []


# --- what goes wrong is answered -------------------------------------------------------------------


def test_an_approval_whose_command_does_not_arrive_is_kept_and_reports_it() -> None:
    entry = asked()
    entry.failure = Unreachable("lambda", "Invoke", "ReadTimeoutError")
    status, answer = entry.ask("approve", proposal=entry.proposal)
    assert (status, answer["ending"], answer["error"]) == (503, "aws", "person.not_sent")
    assert (answer["recorded"], answer["call"]) == (True, "lambda:Invoke ReadTimeoutError")
    assert len(entry.rows) == 1
    entry.failure = None
    entry.fake.tick(minutes=1)
    assert entry.ask("approve", proposal=entry.proposal)[1]["results"] == {"rollout_to_zero": "applied"}


def test_a_revert_that_does_not_arrive_can_be_sent_again_immediately() -> None:
    entry = applied()
    entry.failure = Unreachable("lambda", "Invoke", "ReadTimeoutError")
    assert entry.refused("revert", remedy="rollout_to_zero") == (503, "person.not_known")
    entry.failure = None
    assert entry.ask("revert", remedy="rollout_to_zero")[1]["results"] == {"rollout_to_zero": "asked"}


CRASHES: dict[str, tuple[Json, str]] = {
    "died": ({"FunctionError": "Unhandled"}, "lambda:Invoke Unhandled"),
    "died of a missing right": (
        {
            "FunctionError": "Unhandled",
            "Payload": {"errorType": "Denied", "errorMessage": "dynamodb:UpdateItem AccessDeniedException"},
        },
        "lambda:Invoke Unhandled (Denied dynamodb:UpdateItem)",
    ),
    "no JSON": ({"Payload": "x"}, "lambda:Invoke JSONDecodeError"),
    "no results": ({"Payload": {}}, "lambda:Invoke KeyError"),
}


@pytest.mark.parametrize(("answer", "call"), CRASHES.values(), ids=CRASHES.keys())
def test_an_alarm_s_function_that_dies_is_named(answer: Json, call: str) -> None:
    entry = asked()
    given = answer.get("Payload")
    packed = given.encode() if isinstance(given, str) else json.dumps(given).encode()
    entry.answer = {**answer, **({"Payload": io.BytesIO(packed)} if given is not None else {})}
    status, answered = entry.ask("approve", proposal=entry.proposal)
    assert (status, answered["error"], answered["call"]) == (503, "person.not_sent", call)


def test_what_the_alarm_s_function_refuses_is_reported_with_its_reason() -> None:
    entry = asked()
    entry.modes["everywhere"] = "observe"
    status, answer = entry.ask("approve", proposal=entry.proposal)
    assert (status, answer["ending"], answer["error"]) == (409, "not_done", "person.not_done")
    assert (answer["results"], answer["because"]) == ({"rollout_to_zero": "refused"}, "guard.mode_observe")
    assert "The mode is observe" in answer["said"][0]["en"]


def test_a_reason_of_a_newer_function_points_to_the_message() -> None:
    entry = asked()
    because = {"rollout_to_zero": {"key": "guard.of_a_newer_stack", "values": {}}}
    body = {"report": "1", "results": {"rollout_to_zero": "refused"}, "because": because}
    entry.answer = {"Payload": io.BytesIO(json.dumps(body).encode())}
    answer = entry.ask("approve", proposal=entry.proposal)[1]
    assert answer["said"][0]["en"].endswith(piece("person.not_done"))


def test_where_the_row_cannot_be_written_it_reports_it() -> None:
    entry = asked()
    where = {"TableName": "Approvals"}
    entry.fake.fail("dynamodb", "put_item", Denied, code="AccessDeniedException", where=where)
    status, answer = entry.ask("approve", proposal=entry.proposal)
    assert (status, answer["error"], answer["call"]) == (
        503,
        "person.not_known",
        "dynamodb:PutItem AccessDeniedException",
    )
    assert entry.commands == []


def test_a_decision_counts_although_the_timeline_cannot_be_written() -> None:
    entry = asked()
    where = {"TableName": "Incidents"}
    entry.fake.fail("dynamodb", "put_item", Denied, code="AccessDeniedException", times=2, where=where)
    answer = entry.ask("approve", proposal=entry.proposal)[1]
    assert answer["results"] == {"rollout_to_zero": "applied"}
    assert piece("person.not_noted") in answer["said"][-1]["en"]


def test_without_the_table_of_claims_nothing_is_done() -> None:
    entry = asked()
    entry.scene.claims.broken = True
    before = entry.everything()
    assert entry.refused("approve", proposal=entry.proposal) == (503, "person.not_claimed")
    assert entry.everything() == before


def test_a_defect_is_answered_without_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> None:
        raise ZeroDivisionError("a secret")

    entry = asked()
    monkeypatch.setattr("responder.people.function_url.perform", dies)
    status, answer = entry.ask("ack")
    assert (status, answer["ending"], answer["error"]) == (500, "broken", "person.broken")
    assert "a secret" not in json.dumps(answer)


def test_a_broken_row_is_named() -> None:
    entry = asked()
    row = next(row for row in entry.fake.dynamo.rows("Incidents") if "PROPOSAL" in row["sk"]["S"])
    entry.fake.dynamo.put_item(TableName="Incidents", Item={**row, "data": {"S": "{"}})
    assert entry.refused("approve", proposal=row["sk"]["S"].partition("#")[2]) == (500, "denial.broken_row")


def test_two_people_who_approve_simultaneously_send_one_command() -> None:
    entry = asked()
    proposal, heard = entry.proposal, list[tuple[int, Json]]()
    entry.during = lambda: heard.append(entry.ask("approve", KEN, proposal=proposal))
    assert entry.ask("approve", AIKO, proposal=proposal)[1]["carried_out"] is True
    ((status, answer),) = heard
    assert (status, answer["carried_out"]) == (200, False)
    assert piece("denial.under_way") in answer["said"][1]["en"]
    assert len(entry.commands) == 1


def test_one_revert_requested_simultaneously_is_sent_once() -> None:
    entry, heard = applied(), list[tuple[int, Json]]()
    entry.during = lambda: heard.append(entry.ask("revert", KEN, remedy="rollout_to_zero"))
    entry.ask("revert", AIKO, remedy="rollout_to_zero")
    assert [reported["error"] for _, reported in heard] == ["denial.under_way"]
    assert len(entry.commands) == 1


def test_a_rejection_is_withdrawn_under_another_spelling_of_one_s_name() -> None:
    """Capitals and full-width letters make no difference to whose it is."""
    entry = asked()
    proposal = entry.proposal
    entry.ask("reject", proposal=proposal, reason="no")
    entry.parameters["/responder/settings"] = document(Aiko=["lowers_security", AIKO])
    assert entry.refused("approve", proposal=proposal) == (409, "denial.rejected_before")
    assert entry.ask("withdraw", proposal=proposal)[0] == 200
    assert [(each["sk"], each["decision"]) for each in entry.rows] == [("aiko", "withdraw")]
    assert entry.ask("approve", proposal=proposal)[1]["carried_out"] is True
    assert [(each["sk"], each["decision"]) for each in entry.rows] == [("aiko", "approve")]
