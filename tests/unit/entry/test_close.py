"""An incident closed by a person through the entry: who may, when it is refused, what is on record."""

import copy
from typing import Any

import pytest

from responder.core.errors import Denied, Unreachable
from tests.fakes.registered import document
from tests.unit.entry.people_entry import AIKO, EVE, KEN, MARI, Entry, applied, asked

WHERE = "--region us-east-1 --stack responder"
WHY = {"reason": " the alarm \n was renamed "}


def deleted() -> Entry:
    """Nothing is in force, and the alarm does not exist."""
    entry = asked()
    entry.scene.gone = True
    return entry


def test_the_request_is_on_record_with_who_when_and_why() -> None:
    entry = deleted()
    status, answer = entry.ask("close", **WHY)
    assert (status, answer["ending"], answer["person"]) == (200, "done", "aiko")
    assert (answer["incident"], answer["reason"]) == (entry.incident, "the alarm was renamed")
    assert "within 15 min" in answer["said"][0]["en"]
    (row,) = entry.rows
    assert (row["pk"], row["sk"], row["decision"]) == (f"CLOSE#{entry.incident}", "aiko", "close")
    assert (row["principal"], row["reason"]) == (AIKO, "the alarm was renamed")
    (step,) = entry.steps
    assert (step["what"], step["person"], step["reason"]) == ("close", "aiko", "the alarm was renamed")


def test_the_entry_itself_ends_nothing() -> None:
    """Only the follow-up writes the incidents."""
    entry = deleted()
    before = copy.deepcopy(entry.scene.pointer)
    entry.ask("close", **WHY)
    assert (entry.scene.pointer, entry.commands) == (before, [])


@pytest.mark.parametrize("state", ["OK", "INSUFFICIENT_DATA"])
def test_an_alarm_that_exists_and_is_not_raised_is_no_obstacle(state: str) -> None:
    entry = asked()
    entry.scene.state = state
    assert entry.ask("close", **WHY)[0] == 200


def test_the_same_again_within_a_minute_is_one_request() -> None:
    entry = deleted()
    entry.ask("close", **WHY)
    first = entry.rows
    entry.fake.tick(seconds=30)
    assert entry.ask("close", reason="because")[0] == 200
    assert entry.rows == first


def declined(entry: Entry, caller: str = AIKO, **fields: Any) -> tuple[int, str, str, str]:
    """Status, how it ended, the reason, its first sentence; nothing was put on record."""
    before = entry.everything()
    status, answer = entry.ask("close", caller, **(WHY | fields))
    assert entry.everything() == before
    return status, answer["ending"], answer["error"], answer["said"][0]["en"]


def test_while_the_alarm_is_raised_it_is_refused() -> None:
    entry = asked()
    *how, said = declined(entry)
    assert how == [409, "not_done", "denial.still_raised"]
    assert f"liveness-ops ack {entry.incident} {WHERE}" in said


@pytest.mark.parametrize("gone", [True, False])
def test_while_security_is_lowered_it_is_refused_and_the_revert_named(gone: bool) -> None:
    entry = applied()
    entry.scene.gone, entry.scene.state = gone, "OK"
    *how, said = declined(entry)
    assert how == [409, "not_done", "denial.still_in_force"]
    assert f"liveness-ops revert {entry.incident} rollout_to_zero {WHERE}" in said


def test_a_change_that_cannot_be_read_is_not_taken_for_reverted() -> None:
    entry = applied()
    entry.scene.gone = True
    entry.fake.fail("lambda", "get_function_configuration", Denied, times=20)
    entry.scene.command("check-leases")
    *how, said = declined(entry)
    assert how == [409, "not_done", "denial.in_force_unread"]
    assert "lambda:GetFunctionConfiguration" in said
    assert f"liveness-ops revert {entry.incident} rollout_to_zero {WHERE}" in said


@pytest.mark.parametrize(
    "operation", [("cloudwatch", "describe_alarms"), ("dynamodb", "query")], ids=["the alarm", "the ledger"]
)
@pytest.mark.parametrize("error", [Denied, Unreachable])
def test_an_incident_is_not_closed_while_alarm_or_ledger_cannot_be_read(
    operation: tuple[str, str], error: type[Denied | Unreachable]
) -> None:
    entry = deleted()
    entry.fake.fail(*operation, error, where={"TableName": "Incidents"} if "query" in operation else None)
    assert entry.declined("close", **WHY) == (503, "aws", "denial.closing_unread")
    assert entry.rows == []


def test_an_unknown_incident_is_refused() -> None:
    entry = deleted()
    how = declined(entry, incident="nothing-20260101T000000Z")
    assert how[:3] == (404, "no_incident", "denial.unknown_incident")


def test_a_closed_incident_is_refused() -> None:
    entry = deleted()
    pointer = next(row for row in entry.fake.dynamo.rows("Incidents") if row["pk"]["S"] == "ALARMS")
    entry.fake.dynamo.put_item(TableName="Incidents", Item={**pointer, "closed": {"BOOL": True}})
    assert declined(entry)[:3] == (404, "no_incident", "denial.incident_closed")


def test_without_a_reason_it_is_refused() -> None:
    assert declined(deleted(), reason=" \n ")[1:3] == ("unclear", "denial.no_reason_to_close")


def test_who_may_approve_nothing_may_not_close() -> None:
    entry = deleted()
    entry.fake.ssm.parameters["/responder/settings"] = document(aiko=["costs_money", AIKO], mari=[MARI])
    assert declined(entry, MARI)[:3] == (403, "stranger", "denial.may_not_close")
    assert entry.ask("close", **WHY)[0] == 200


def test_an_unregistered_person_closes_nothing() -> None:
    assert declined(deleted(), EVE)[:3] == (403, "stranger", "denial.stranger")


def test_a_direct_call_with_a_forged_name_closes_nothing() -> None:
    entry = deleted()
    event = entry.event(entry.body("close", **WHY), KEN)
    del event["requestContext"]["authorizer"]
    before = entry.everything()
    assert entry.send(event)[1]["error"] == "denial.not_signed"
    assert entry.everything() == before
