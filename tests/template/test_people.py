"""The one entry for people: AWS asks who calls, and no one on call has a permission that goes past it."""

import re

import pytest

from liveness_ops.template_tools import load
from liveness_ops.template_tools.load import listed, words
from responder.core.permissions import QUEUES
from responder.core.plain_data import Json
from tests.texts import catalogue

PEOPLE = "${People.Arn}"
STOPS, SUBJECTS = (f"parameter/${{AWS::StackName}}/{each}" for each in ("stops/*", "mail-subjects"))
# Each action of the policy of people on call that is no plain read, and what it may be used on.
WRITES = {
    "sqs:ReceiveMessage": QUEUES,
    "sqs:ChangeMessageVisibility": QUEUES,
    "ssm:PutParameter": (STOPS, SUBJECTS),
    "lambda:InvokeFunctionUrl": (PEOPLE,),
    "lambda:InvokeFunction": (PEOPLE,),
    "cloudwatch:SetAlarmState": ("${SelfTestAlarm.Arn}",),
}
READS = ("Get", "Query", "Scan", "Describe", "List")


@pytest.fixture
def statements(template: Json) -> list[Json]:
    found: list[Json] = template["Resources"]["OperatorPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    return found


def test_the_entry_cannot_be_called_without_a_signature(functions: dict[str, Json]) -> None:
    assert functions["People"]["FunctionUrlConfig"] == {"AuthType": "AWS_IAM", "InvokeMode": "BUFFERED"}
    assert "Events" not in functions["People"]


def test_no_permission_or_url_lets_others_call_the_entry(template: Json) -> None:
    kinds = ("AWS::Lambda::Permission", "AWS::Lambda::Url")
    made = [name for name, each in template["Resources"].items() if each["Type"] in kinds]
    assert [name for name in made if "People" in str(template["Resources"][name])] == []


def test_people_on_call_write_nothing_but_what_stops(statements: list[Json]) -> None:
    found: dict[str, set[str]] = {}
    for each in (one for one in statements if one["Effect"] == "Allow"):
        for action in listed(each["Action"]):
            if not action.partition(":")[2].startswith(READS):
                found.setdefault(action, set()).update(words(one) for one in listed(each["Resource"]))
    assert found.keys() == WRITES.keys()
    for action, resources in WRITES.items():
        assert len(found[action]) == len(resources)
        assert all(any(one.endswith(end) for end in resources) for one in found[action]), action


@pytest.mark.parametrize("command", ["see_mute_rule", "see_mute_rules", "end_suppression"])
def test_people_on_call_may_run_the_commands_that_show_what_silences_an_alarm(
    statements: list[Json], command: str
) -> None:
    _, service, operation, *_ = catalogue()[f"command.{command}"][1].split()
    action = f"{service}:{operation.title().replace('-', '')}"
    allowed = (one for one in statements if one["Effect"] == "Allow" and action in listed(one["Action"]))
    assert [one["Resource"] for one in allowed] == ["*"]


OVERWRITE = {"StringEquals": {"ssm:Overwrite": "true"}}
SWITCHES = ("modes", "settings", "set-by-people", "first-*")
# Denied, so that no other policy of the same person gives it: action, parameter, condition.
DENIED = {
    ("ssm:PutParameter", "stops/*", str(OVERWRITE)),
    *(("ssm:PutParameter", each, "None") for each in SWITCHES),
    *(
        (f"ssm:Delete{parameters}", each, "None")
        for parameters in ("Parameter", "Parameters")
        for each in (*SWITCHES, "stops/*")
    ),
}


# Likewise what would forge a decision, and the caller of the entry.
ENDS = re.compile(r"parameter/\$\{AWS::StackName}/|(?=function:)")
VIA_URL = {"BoolIfExists": {"lambda:InvokedViaFunctionUrl": "false"}}
FORGED = {
    ("lambda:InvokeFunction", "function:${AWS::StackName}-*", str(VIA_URL)),
    *(
        (f"dynamodb:{action}", table, "None")
        for table in ("${Incidents.Arn}", "${Approvals.Arn}")
        for action in (
            *("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"),
            *("PartiQLInsert", "PartiQLUpdate", "PartiQLDelete"),
        )
    ),
}


def denied(statements: list[Json]) -> set[tuple[str, str, str]]:
    return {
        (action, ENDS.split(words(resource))[-1], str(each.get("Condition")))
        for each in statements
        if each["Effect"] == "Deny"
        for action in listed(each["Action"])
        for resource in listed(each["Resource"])
    }


def test_people_on_call_are_denied_to_resume_and_to_raise_modes(
    statements: list[Json],
) -> None:
    assert denied(statements) == DENIED | FORGED


def test_slack_creates_stops_looks_whether_they_are_there_and_writes_over_none(
    template: Json,
) -> None:
    given = load.statements(template, "SlackAction")
    about = [each for each in given if any("stops/" in words(one) for one in each["Resource"])]
    allowed = {action for each in about if each["Effect"] == "Allow" for action in each["Action"]}
    assert allowed == {"ssm:GetParameter", "ssm:PutParameter"}
    assert denied(about) == {("ssm:PutParameter", "stops/*", str(OVERWRITE))}


def test_the_function_itself_is_only_reached_by_its_url(statements: list[Json]) -> None:
    """Otherwise a caller who may invoke it writes the event, and with it who calls."""
    allowed = [each for each in statements if each["Effect"] == "Allow"]
    invoking = [each for each in allowed if "lambda:InvokeFunction" in listed(each["Action"])]
    assert [each.get("Condition") for each in invoking] == [
        {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}
    ]


def test_no_action_is_written_with_a_wildcard(statements: list[Json]) -> None:
    assert [action for each in statements for action in listed(each["Action"]) if "*" in action] == []


def test_only_two_functions_write_what_people_decided(template: Json) -> None:
    """And only one ends a stop that is in force or changes a mode; the watchdog removes those that ended."""
    approvals, switches = set[str](), set[str]()
    for name in load.functions(template):
        for statement in load.statements(template, name):
            resources = {words(one) for one in statement["Resource"]}
            writes = {action.partition(":")[2] for action in statement["Action"]}
            if "${Approvals.Arn}" in resources and writes & {"PutItem", "UpdateItem", "DeleteItem"}:
                approvals.add(name)
            if any("parameter/" in one for one in resources) and writes & {
                "DeleteParameter",
                "DeleteParameters",
            }:
                switches.add(name)
            if any("/mode" in one for one in resources) and "PutParameter" in writes:
                switches.add(name)
    assert approvals == {"People", "SlackAction"}
    assert switches == {"People", "Watchdog"}
