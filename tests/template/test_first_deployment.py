"""What AWS would refuse or do otherwise when the stack is made for the first time."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from liveness_ops.template_tools.load import defaults, resources
from responder.core.plain_data import Json
from responder.core.text import Strings
from tests.rows import all_rows

SECRET = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:slack-a1B2c3"
SLACK = {"SlackSecretArn": SECRET, "SlackChannel": "T0123ABC/C0123ABC"}


def holds(template: Json, expression: Any, given: Mapping[str, str]) -> bool:
    """A condition or an assertion, worked out with these parameters (CloudFormation, Condition functions)."""
    match expression:
        case {"Condition": str(name)}:
            return holds(template, template["Conditions"][name], given)
        case {"Fn::Not": [one]}:
            return not holds(template, one, given)
        case {"Fn::And": [*parts]}:
            return all(holds(template, each, given) for each in parts)
        case {"Fn::Or": [*parts]}:
            return any(holds(template, each, given) for each in parts)
        case {"Fn::Equals": [{"Ref": str(name)}, other]}:
            names = {**defaults(template), **given}
            return names[name] == (names[str(other["Ref"])] if isinstance(other, dict) else str(other))
    raise AssertionError(expression)


def refusals(template: Json, given: Mapping[str, str]) -> list[str]:
    """What the rules of the template say against these parameters."""
    return [
        assertion["AssertDescription"]
        for rule in template["Rules"].values()
        if holds(template, rule.get("RuleCondition", {"Fn::And": []}), given)
        for assertion in rule["Assertions"]
        if not holds(template, assertion["Assert"], given)
    ]


@pytest.mark.parametrize(
    "given",
    [{}, {"Level2Email": "a@example.com"}, {"LastResortEmail": "a@example.com"}, SLACK],
    ids=["nobody", "level 2 alone", "last resort alone", "Slack, and no address should it fail"],
)
def test_a_stack_without_an_address_is_refused(template: Json, given: dict[str, str]) -> None:
    (said,) = refusals(template, given)
    assert "Email" in said


@pytest.mark.parametrize(
    "given", [{"OnCallEmail": "a@example.com"}, SLACK | {"LastResortEmail": "a@example.com"}]
)
def test_a_stack_with_an_address_is_created(template: Json, given: dict[str, str]) -> None:
    assert refusals(template, given) == []


def test_a_creation_that_failed_leaves_nothing_behind(template: Json) -> None:
    """Kept is what a deployed stack has written, not what each attempt at the first one has made."""
    kept = {name: each for name, each in template["Resources"].items() if "DeletionPolicy" in each}
    assert set(kept) == {
        "Incidents", "Claims", "Approvals", "ReportsBucket", "Failures",
    }  # fmt: skip
    assert {each["DeletionPolicy"] for each in kept.values()} == {"RetainExceptOnCreate"}
    assert {each["UpdateReplacePolicy"] for each in kept.values()} == {"Retain"}


def test_no_alarm_takes_the_first_minutes_of_a_stack_for_silence(template: Json) -> None:
    """The watchdog may make its first round long after its alarm was made: 200 resources take minutes."""
    silent = {
        name: each
        for name, each in resources(template, "AWS::CloudWatch::Alarm").items()
        if each.get("TreatMissingData") == "breaching"
    }
    assert set(silent) == {"WatchdogSilentAlarm"}
    for each in silent.values():
        warm_up = each["WarmUpConfiguration"]["WarmUpPeriodDurationInMinutes"] * 60
        assert each["Period"] * each["EvaluationPeriods"] + 10 * 60 <= warm_up <= 3600


LEVELS = {
    "OnCall": {"1", "2", "3", "4", "only-4"},
    "Level2": {"2", "3", "4"},
    "Level3": {"3", "4"},
    "Level4": {"4", "only-4"},
}


def worked_out(template: Json, value: Any, given: Mapping[str, str]) -> Any:
    """With `Fn::If` decided."""
    match value:
        case {"Fn::If": [str(name), yes, no]}:
            return worked_out(template, yes if holds(template, {"Condition": name}, given) else no, given)
        case {"Ref": str(name)}:
            return given[name]
    return value


@all_rows("addresses", [*product(["", "a", "b", "c"], repeat=4)])
def test_an_address_gets_all_its_levels_in_one_subscription(template: Json, addresses: Strings) -> None:
    """SNS refuses a second subscription of an address to a topic with another filter."""
    given = {f"{level}Email": each for level, each in zip(LEVELS, addresses, strict=True)}
    found: dict[str, set[str]] = {}
    for level in LEVELS:
        resource = template["Resources"][f"{level}Subscription"]
        if holds(template, {"Condition": resource["Condition"]}, given):
            endpoint = worked_out(template, resource["Properties"]["Endpoint"], given)
            assert endpoint not in found
            heard = resource["Properties"].get("FilterPolicy", {}).get("level", sorted(LEVELS["OnCall"]))
            found[endpoint] = set(worked_out(template, heard, given))
    wanted: dict[str, set[str]] = {}
    for level, address in zip(LEVELS, addresses, strict=True):
        if address:
            wanted.setdefault(address, set()).update(LEVELS[level])
    assert found == wanted
