"""The caller is who AWS says; nothing else in the event or its body counts."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from responder.core.command import fingerprint
from responder.core.errors import Denied
from responder.core.plain_data import Json
from responder.store import Incidents
from tests.fakes.registered import document as registered
from tests.rows import all_rows
from tests.unit.entry.people_entry import AIKO, EVE, KEN, MARI, Entry, asked


def without(*path: str) -> Callable[[Json], None]:
    def change(event: Json) -> None:
        inner = event
        for name in path[:-1]:
            inner = inner[name]
        inner.pop(path[-1])

    return change


def with_iam(**more: Any) -> Callable[[Json], None]:
    return lambda event: event["requestContext"]["authorizer"]["iam"].update(more)


def with_lambda_authorizer(event: Json) -> None:
    event["requestContext"]["authorizer"] = {"lambda": {"userArn": AIKO, "accountId": "123456789012"}}


NO_PEOPLE = {
    "a direct invocation without a caller": without("requestContext"),
    "no authorizer": without("requestContext", "authorizer"),
    "an authorizer that is not IAM": with_lambda_authorizer,
    "no ARN": with_iam(userArn=None),
    "an ARN that is a list": with_iam(userArn=[AIKO]),
    "another account": with_iam(accountId="999999999999"),
    "an ARN of another account": with_iam(userArn=AIKO.replace("123456789012", "999999999999")),
    "no account": with_iam(accountId=None),
    "half an ARN": with_iam(userArn="aiko"),
    "a service": with_iam(userArn="arn:aws:lambda:us-east-1:123456789012:function:aiko"),
    "a Slack id": with_iam(userArn="U0AIKO"),
}


@all_rows("change", NO_PEOPLE.values())
def test_without_a_caller_that_aws_names_nothing_is_done(change: Callable[[Json], None]) -> None:
    entry = asked()
    event = entry.event(entry.body("approve", proposal=entry.proposal))
    change(event)
    before = entry.everything()
    status, answer = entry.send(event)
    assert (status, answer["error"]) == (403, "denial.not_signed")
    assert entry.everything() == before


@pytest.mark.parametrize("event", [None, [], "approve", 5, {"body": "{}"}])
def test_an_event_that_is_no_request_gets_status_403(event: object) -> None:
    assert Entry().send(event)[0] == 403


def test_an_unregistered_person_writes_and_reads_nothing() -> None:
    entry = asked()
    before = entry.everything()
    event = entry.event(entry.body("approve", proposal=entry.proposal), EVE)
    calls = len(entry.fake.calls)
    status, answer = entry.send(event)
    assert (status, answer["ending"], answer["error"]) == (403, "stranger", "denial.stranger")
    assert EVE in answer["said"][0]["en"]
    assert entry.everything() == before
    # But who is registered.
    assert len(entry.fake.calls) == calls + 1


@pytest.mark.parametrize("field", ["person", "principal", "caller", "userArn", "as"])
def test_a_name_in_the_body_is_refused(field: str) -> None:
    entry = asked()
    body = {**entry.body("approve", proposal=entry.proposal), field: KEN}
    status, answer = entry.send(entry.event(body))
    assert (status, answer["error"]) == (400, "denial.unreadable")
    assert entry.rows == []


def test_a_session_whose_name_can_be_chosen_decides_nothing() -> None:
    entry = asked()
    entry.trusts({})
    before = entry.everything()
    status, answer = entry.ask("approve", KEN, proposal=entry.proposal)
    assert (status, answer["error"]) == (403, "denial.not_bound")
    assert "OnCall" in answer["said"][0]["en"]
    assert entry.everything() == before


def test_where_that_cannot_be_judged_nothing_is_done() -> None:
    entry = asked()
    entry.fake.fail("iam", "get_role", Denied, code="AccessDenied")
    before = entry.everything()
    status, answer = entry.ask("approve", KEN, proposal=entry.proposal)
    assert (status, answer["ending"]) == (503, "aws")
    assert "iam:GetRole" in answer["said"][0]["en"]
    assert entry.everything() == before


@pytest.mark.parametrize("document", [None, "{", json.dumps({"people": {"aiko": {"may": ["all"]}}})])
def test_without_a_usable_settings_document_every_decision_is_declined(document: str | None) -> None:
    """And no name of the document is shown, as the caller is unknown."""
    entry = asked()
    entry.parameters.pop("/responder/settings")
    if document is not None:
        entry.parameters["/responder/settings"] = document
    before = entry.everything()
    status, answer = entry.ask("approve", EVE, proposal=entry.proposal)
    assert (status, answer["ending"], answer["error"]) == (403, "stranger", "settings.refused")
    assert "settings show --region us-east-1 --stack responder" in answer["said"][0]["en"]
    assert "aiko" not in json.dumps(answer)
    assert entry.everything() == before


def test_the_row_has_the_name_and_the_identity_of_the_caller() -> None:
    entry = asked()
    entry.ask("approve", KEN, proposal=entry.proposal)
    (row,) = entry.rows
    assert (row["sk"], row["principal"], row["decision"]) == ("ken", KEN, "approve")
    assert (entry.steps[0]["person"], entry.steps[0]["principal"]) == ("ken", KEN)


def test_two_sessions_of_one_person_are_not_two_people() -> None:
    """For a proposal that two people have to approve."""
    entry = asked()
    laptop, phone = (
        f"arn:aws:sts::123456789012:assumed-role/OnCall/aiko-{each}" for each in ("laptop", "phone")
    )
    entry.parameters["/responder/settings"] = registered(
        aiko=["lowers_security", laptop, phone], mari=["lowers_security", MARI]
    )
    proposal = weaker(entry)
    for caller in (laptop, phone):
        status, answer = entry.ask("approve", caller, proposal=proposal)
        assert (status, answer["carried_out"]) == (200, False)
        assert "aiko" in answer["said"][1]["en"]
    assert entry.commands == []
    entry.ask("approve", MARI, proposal=proposal)
    assert len(entry.commands) == 1


def weaker(entry: Entry) -> str:
    """The waiting proposal, as if it was to lower the threshold; its id."""
    row = next(row for row in entry.fake.dynamo.rows("Incidents") if "PROPOSAL" in row["sk"]["S"])
    data = {**json.loads(row["data"]["S"]), "remedy": "lower_threshold"}
    changes = Incidents(entry.fake, "Incidents").proposals(entry.incident)[0].changes
    data["id"] = fingerprint(entry.incident, "lower_threshold", changes)
    made = {**row, "sk": {"S": f"PROPOSAL#{data['id']}"}, "data": {"S": json.dumps(data)}}
    entry.fake.dynamo.put_item(TableName="Incidents", Item=made)
    return str(data["id"])


@pytest.mark.parametrize(("caller", "may"), [(AIKO, ["lowers_security"]), (KEN, ["lowers_security"])])
def test_whoami_names_the_caller_and_changes_nothing(caller: str, may: list[str]) -> None:
    entry = asked()
    before = entry.everything()
    status, answer = entry.ask("whoami", caller)
    assert (status, answer["may"]) == (200, may)
    assert answer["person"] in caller
    assert (entry.everything(), entry.commands) == (before, [])


def test_a_stranger_does_not_learn_who_is_registered() -> None:
    status, answer = asked().ask("whoami", EVE)
    assert (status, answer["error"]) == (403, "denial.stranger")
    assert "aiko" not in json.dumps(answer)
