"""Slack is there as a whole, with a secret, or not at all."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from liveness_ops.template_tools.alarms import slug
from liveness_ops.template_tools.load import ROOT, defaults, resolve, statements
from responder.core.plain_data import Json

WITH = "WithSlack"
OURS = {
    "SlackLayer",
    "SlackPost",
    "SlackPostLog",
    "SlackAction",
    "SlackActionLog",
    "SlackActionUrl",
    "SlackActionUrlPermission",
    "SlackActionUrlInvokePermission",
    "Unposted",
    "UnpostedPolicy",
    "UnpostedAlarm",
}


def names(value: Any) -> Iterator[str]:
    """Everything that a part of the template refers to where there is no Slack."""
    if isinstance(value, dict):
        if value.get("Fn::If", [""])[0] == WITH:
            yield from names(value["Fn::If"][2])
            return
        yield from ([str(value["Ref"])] if "Ref" in value else [])
        yield from ([str(value["Fn::GetAtt"][0])] if "Fn::GetAtt" in value else [])
        found = value.get("Fn::Sub", "")
        yield from re.findall(r"\$\{(\w+)", found if isinstance(found, str) else str(found))
        for part in value.values():
            yield from names(part)
    elif isinstance(value, list):
        for part in value:
            yield from names(part)


def test_without_a_secret_nothing_of_it_is_deployed(template: Json) -> None:
    assert template["Conditions"][WITH] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "SlackSecretArn"}, ""]}]}
    assert template["Parameters"]["SlackSecretArn"]["Default"] == ""
    conditional = {name for name, each in template["Resources"].items() if each.get("Condition") == WITH}
    assert conditional == OURS
    assert {name for name, each in template["Outputs"].items() if each.get("Condition") == WITH} == {
        "SlackActionUrl",
        "UnpostedQueue",
    }


def test_nothing_else_depends_on_it(template: Json) -> None:
    parts = {**template["Resources"], "Globals": template["Globals"]}
    parts |= {f"Outputs.{name}": each for name, each in template["Outputs"].items()}
    for name, each in parts.items():
        if name not in OURS | {"Outputs.SlackActionUrl", "Outputs.UnpostedQueue"}:
            assert not OURS & set(names(each)), name


def test_a_slack_secret_without_a_channel_is_refused_before_the_deployment(template: Json) -> None:
    rule = template["Rules"]["SlackIsToldWhole"]
    wanted = {str(each["Assert"]["Fn::Not"][0]["Fn::Equals"][0]["Ref"]) for each in rule["Assertions"]}
    assert wanted == {"SlackChannel"}


@pytest.mark.parametrize(
    ("parameter", "good", "bad"),
    [
        (
            "SlackSecretArn",
            ["", "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:slack-a1B2c3"],
            ["slack", "xoxb-1", "arn:aws:ssm:ap-northeast-1:123456789012:parameter/slack"],
        ),
        (
            "SlackChannel",
            ["", "T0123ABC/C0123ABC", "E0123ABC/G0123ABC"],
            ["#oncall", "C0123ABC", "T0123ABC", "T0123ABC/U0123ABC", "company.slack.com/C0123ABC", "T0/C0/"],
        ),
    ],
)
def test_a_mistyped_secret_or_channel_is_refused_before_the_deployment(
    template: Json, parameter: str, good: list[str], bad: list[str]
) -> None:
    pattern = template["Parameters"][parameter]["AllowedPattern"]
    assert [value for value in good if not re.search(pattern, value)] == []
    assert [value for value in bad if re.search(pattern, value)] == []


def test_every_message_of_the_topic_arrives(template: Json) -> None:
    """No filter: the function leaves out what it must not post."""
    (event,) = template["Resources"]["SlackPost"]["Properties"]["Events"].values()
    assert event["Type"] == "SNS"
    assert event["Properties"] == {
        "Topic": {"Ref": "Notifications"},
        "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["Unposted", "Arn"]}},
    }
    (statement,) = template["Resources"]["UnpostedPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "sns.amazonaws.com"}
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Ref": "Notifications"}}}


def test_the_slack_url_is_public_by_separate_resources(template: Json) -> None:
    """The URL is a separate resource: of a public `FunctionUrlConfig`, `sam deploy --guided` asks whether
    that is okay, with or without Slack, and ends unless the answer is yes. AWS requires both permissions."""
    assert "FunctionUrlConfig" not in template["Resources"]["SlackAction"]["Properties"]
    function = {"Ref": "SlackAction"}
    assert template["Resources"]["SlackActionUrl"]["Properties"] == {
        "TargetFunctionArn": function, "AuthType": "NONE", "InvokeMode": "BUFFERED",
    }  # fmt: skip
    assert template["Resources"]["SlackActionUrlPermission"]["Properties"] == {
        "FunctionName": function, "Principal": "*",
        "Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE",
    }  # fmt: skip
    assert template["Resources"]["SlackActionUrlInvokePermission"]["Properties"] == {
        "FunctionName": function, "Principal": "*",
        "Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True,
    }  # fmt: skip


def test_guided_asks_of_no_function_whether_it_may_be_public(functions: dict[str, Json]) -> None:
    kinds = {
        each["FunctionUrlConfig"]["AuthType"] for each in functions.values() if "FunctionUrlConfig" in each
    }
    assert kinds == {"AWS_IAM"}


def secrets(template: Json, function: str) -> list[tuple[str, Any]]:
    """What of a secret a function may read: actions, each with a resource."""
    return [
        (action, resource)
        for each in statements(template, function)
        for action in each["Action"]
        for resource in each["Resource"]
        if action.startswith("secretsmanager:")
    ]


def test_it_may_read_its_own_secret_alone(template: Json, functions: dict[str, Json]) -> None:
    found = {name: secrets(template, name) for name in functions}
    own = [("secretsmanager:GetSecretValue", {"Ref": "SlackSecretArn"})]
    assert found.pop("SlackPost") == found.pop("SlackAction") == own
    # Whether it is there, a check may look; what it is, not.
    assert {action for action, _ in found.pop("DailyCheck")} == {"secretsmanager:DescribeSecret"}
    assert not any(found.values())
    others = {name: each for name, each in template["Resources"].items() if name not in functions}
    assert "secretsmanager:" not in json.dumps(others)


def test_the_apps_manifest_asks_for_what_is_used_and_no_more() -> None:
    manifest = yaml.safe_load((ROOT / "docs" / "slack-manifest.yaml").read_text(encoding="utf-8"))
    assert manifest["oauth_config"]["scopes"] == {
        "bot": ["channels:history", "chat:write", "files:write", "groups:history"]
    }
    assert manifest["settings"]["interactivity"]["is_enabled"] is True
    assert set(manifest["settings"]) >= {"token_rotation_enabled", "socket_mode_enabled"}


def test_its_names_are_those_of_the_stack(template: Json) -> None:
    for module in ("slack_post", "slack_action"):
        name = "".join(part.capitalize() for part in module.split("_"))
        given = resolve(template["Resources"][name]["Properties"]["FunctionName"], defaults(template))
        assert given == f"liveness-responder-{slug(module)}"
