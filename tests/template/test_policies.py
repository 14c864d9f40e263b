"""A function may do exactly what it needs: no permission more, none less, a reason for each that writes."""

import json
from typing import Any

import pytest

from liveness_ops import policy
from liveness_ops.template_tools.alarms import check_modules, logical_id
from liveness_ops.template_tools.load import defaults, listed, parse, resolve, resources, statements, words
from responder.core.modes import Mode
from responder.core.permissions import (
    ANY,
    FOLLOW_UP,
    SETTINGS,
    SLACK_IF_ANY,
    STOPS,
    UNPOSTED_IF_ANY,
    Permission,
    no_layers,
    responder,
)
from responder.core.plain_data import Json
from responder.core.remedy import REMEDIES
from tests.rows import all_rows

NEEDS = policy.all_needs()
READS = ("Get", "List", "Describe", "Query", "BatchGet", "Filter", "Lookup", "Scan", "Simulate")
# Every resource only for these, each with AWS's reason (Service Authorization Reference).
_NONE = "no resource type is defined for it"
_VIEW = "its one type, billingview, is for calls that name a view; ours ask about the account as it is"
KNOW_NO_RESOURCE = {
    "application-autoscaling:DescribeScalableTargets": _NONE,
    "ce:GetCostAndUsage": _VIEW,
    "ce:GetCostForecast": _VIEW,
    "cloudtrail:LookupEvents": _NONE,
    "cloudwatch:DescribeAlarms": "answers about composite alarms only where it may describe every alarm",
    "cloudwatch:GetMetricData": "its one type, dataset, is for PromQL; a metric is no resource",
    "cloudwatch:GetMetricWidgetImage": _NONE,
    "cloudwatch:ListMetrics": _NONE,
    "backup:ListRestoreJobsByProtectedResource": _NONE,
    "dynamodb:ListBackups": _NONE,
    "dynamodb:ListTables": _NONE,
    "health:DescribeEvents": _NONE,
    "lambda:GetAccountSettings": _NONE,
    "lambda:ListFunctions": _NONE,
}
# Ends of ARNs that hold a wildcard, each with why nothing narrower can be written down beforehand.
NAMED_BY_OTHERS = {
    "parameter/${AWS::StackName}/*": "AWS checks a path by itself or by what is below it; people name pauses",
    "parameter/${AWS::StackName}/stops/*": "people name stops",
    "role/*": "the sessions of any role may be registered as people",
    "alarm-mute*": "listing is a right on every rule; AWS writes both alarm-mute: and alarm-mute-rule:",
    "stack/${ServiceStackName}/*": "AWS makes the id that ends a stack's ARN",
    "stack/${AWS::StackName}/*": "AWS makes the id that ends a stack's ARN",
    "log-group:/aws/lambda/${CreateFunctionName}:*": "AWS names log streams",
    "log-group:/aws/lambda/${ResultFunctionName}:*": "AWS names log streams",
    "function:${CreateFunctionName}:*": "AWS numbers versions; the alias is found",
    "function:${ResultFunctionName}:*": "AWS numbers versions; the alias is found",
    "table/${SessionsTableName}/backup/*": "AWS makes the id of a backup",
    "table/${SessionsTableName}-rehearsal-*": "earlier versions named a table by its day",
    "${ReportsBucket.Arn}/checks/*": "a key is a day's",
    **{
        f"${{ReportsBucket.Arn}}/checks/{each}/*": "a key is a day's"
        for each in ("daily", "weekly", "monthly")
    },
    "${ReportsBucket.Arn}/incidents/*": "a key is an incident's",
    "iam::${AWS::AccountId}:policy/*": "whichever policies the service's role has",
    "iam::aws:policy/*": "whichever of AWS's policies the service's role has",
    "role/${AWS::StackName}-*": "CloudFormation ends the names of our schedules' roles",
    "role/${AWS::StackName}/*": "the path of our functions' roles; CloudFormation makes their names",
    "rule/*": "which rules listen to the alarms is what is looked for",
}
# IAM's limits of one role and of one managed policy, white space not counted (IAM and AWS STS quotas).
INLINE_LIMIT, MANAGED_LIMIT, ATTACHED_LIMIT = 10_240, 6_144, 10
FROM_SAM = 1_000  # what SAM adds to the inline policies: the right to call the on-failure destination
ATTACHED_BY_SAM = 3  # AWS's own, to write logs and traces and, of one function, to run a durable execution


def granted(template: Json, function: str) -> set[Permission]:
    return {
        Permission(action, words(resource), forbidden=statement["Effect"] == "Deny")
        for statement in statements(template, function)
        for action in statement["Action"]
        for resource in statement["Resource"]
    }


def bare(needs: Any) -> set[Permission]:
    return {Permission(need.action, need.resource, forbidden=need.forbidden) for need in needs}


@all_rows("function", sorted(NEEDS))
def test_each_function_has_exactly_the_permissions_it_needs(template: Json, function: str) -> None:
    needed, has = bare(NEEDS[function]), granted(template, function)
    missing = "\n".join(policy.block(needed - has))
    extra = "\n".join(policy.block(has - needed))
    assert not needed - has, f"{function} lacks:\n{missing}"
    assert not has - needed, f"{function} may too much:\n{extra}"


@all_rows("function", sorted(NEEDS))
def test_each_policy_in_the_template_is_as_generated(text: str, function: str) -> None:
    printed = policy.block(NEEDS[function])
    assert policy.current(text, function) == printed, "\n".join(
        (f"`python -m liveness_ops.policy --write` puts this into {function}:", *printed)
    )


def test_nothing_has_to_be_written_again(text: str) -> None:
    assert policy.written(text) == text, "run `python -m liveness_ops.policy --write`"


@pytest.mark.parametrize("name", policy.shared())
def test_a_shared_policy_gives_nothing_but_by_the_functions_that_name_it(template: Json, name: str) -> None:
    """No user, group or further role has it, and more than one function has all of it."""
    resource = template["Resources"][name]
    assert resource.keys() == {"Type", "Properties"}
    assert resource["Properties"].keys() == {"Description", "PolicyDocument"}
    users = [function for function, needs in NEEDS.items() if name in policy.attached(needs)]
    assert len(users) > 1


def test_no_function_has_a_right_twice(template: Json) -> None:
    for function in NEEDS:
        given = [
            (statement["Effect"], action, words(resource))
            for statement in statements(template, function)
            for action in statement["Action"]
            for resource in statement["Resource"]
        ]
        assert len(given) == len(set(given)), function


def test_a_denial_is_in_the_policy_of_what_it_limits(template: Json, functions: dict[str, Json]) -> None:
    """Who detaches or deletes the policy takes both, and never the denial alone."""
    managed = resources(template, "AWS::IAM::ManagedPolicy")
    documents = [managed[name]["PolicyDocument"] for name in policy.shared()]
    for each in functions.values():
        documents += [own for own in each.get("Policies", []) if "Ref" not in own]
    denied = 0
    for document in documents:
        rights = {
            effect: {
                (action, words(resource))
                for statement in document["Statement"]
                if statement["Effect"] == effect
                for action in listed(statement["Action"])
                for resource in listed(statement["Resource"])
            }
            for effect in ("Allow", "Deny")
        }
        assert rights["Deny"] <= rights["Allow"]
        denied += len(rights["Deny"])
    assert denied


@all_rows("function", sorted(NEEDS))
def test_each_write_has_a_reason(function: str) -> None:
    assert [
        need for need in NEEDS[function] if not need.action.split(":")[1].startswith(READS) and not need.why
    ] == []


@all_rows("function", sorted(NEEDS))
def test_every_resource_only_where_aws_knows_none(function: str) -> None:
    needs = NEEDS[function]
    assert {need.action for need in needs if need.resource == ANY} <= KNOW_NO_RESOURCE.keys()
    assert [need for need in needs if "*" in need.action] == []


def test_no_exception_is_kept_that_nothing_needs() -> None:
    asked = {need.action for needs in NEEDS.values() for need in needs if need.resource == ANY}
    assert asked == KNOW_NO_RESOURCE.keys()


def test_a_wildcard_covers_only_what_others_name() -> None:
    wide = {need.resource for needs in NEEDS.values() for need in needs if "*" in need.resource} - {ANY}
    assert [each for each in wide if not each.endswith(tuple(NAMED_BY_OTHERS))] == []
    assert [end for end in NAMED_BY_OTHERS if not any(each.endswith(end) for each in wide)] == []
    assert [each for each in wide if "*" in each[:-1]] == []


@all_rows("function", sorted(NEEDS))
def test_the_policies_of_each_function_fit_a_role(
    template: Json, functions: dict[str, Json], function: str
) -> None:
    own = [each for each in functions[function].get("Policies", []) if "Ref" not in each]
    assert size(template, own) + FROM_SAM < INLINE_LIMIT
    assert len(policy.attached(NEEDS[function])) + ATTACHED_BY_SAM <= ATTACHED_LIMIT


@pytest.mark.parametrize("name", policy.shared())
def test_each_managed_policy_is_within_the_size_limit(template: Json, name: str) -> None:
    assert size(template, template["Resources"][name]["Properties"]["PolicyDocument"]) < MANAGED_LIMIT


def size(template: Json, documents: Any) -> int:
    resolved = resolve(documents, defaults(template))
    return len("".join(json.dumps(resolved, separators=(",", ":")).split()))


@all_rows("function", sorted(NEEDS))
def test_a_configuration_is_never_changed_with_a_layer(function: str) -> None:
    needs = bare(NEEDS[function])
    for need in needs:
        if need.action == "lambda:UpdateFunctionConfiguration" and not need.forbidden:
            assert Permission(need.action, need.resource, forbidden=True) in needs
    assert not any(need.action == "iam:PassRole" for need in needs)


def test_the_generic_function_only_investigates_and_reports() -> None:
    writes = [need for need in NEEDS["UnknownAlarm"] if not need.action.split(":")[1].startswith(READS)]
    others = {need.resource for need in writes if need.action.split(":")[0] not in ("dynamodb", "sns", "sqs")}
    assert others == {FOLLOW_UP}


@pytest.mark.parametrize("function", ["FollowUp", "Watchdog"])
def test_follow_up_and_watchdog_have_no_permission_to_apply_a_remedy(function: str) -> None:
    """Whatever touches the service is a command to the alarm's own function, under its own role."""
    writes = [need for need in NEEDS[function] if not need.action.split(":")[1].startswith(READS)]
    assert {need.action for need in writes} <= {
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "lambda:InvokeFunction",
        "s3:PutObject",
        "sns:Publish",
        "ssm:DeleteParameters",
        "ssm:PutParameter",
    }
    stops = {need.resource for need in writes if need.action == "ssm:PutParameter"}
    # Exactly those by which a remedy that can act without a person is only asked for, and never over one.
    may_act = [name for name, spec in REMEDIES.items() if spec.ceiling is Mode.AUTO]
    asking = {f"{STOPS.removesuffix('*')}ask-{name}" for name in may_act}
    assert stops == (asking if function == "FollowUp" else set())
    denied = {need.resource for need in writes if need.forbidden}
    assert denied == stops
    own = (
        "${Incidents",
        "${Notifications",
        "${ReportsBucket",
        "arn:${AWS::Partition}:lambda:",
        STOPS.rstrip("*"),
    )
    assert all(need.resource.startswith(own) for need in writes)
    invoked = {need.resource for need in writes if need.action == "lambda:InvokeFunction"}
    assert all("function:${AWS::StackName}-" in resource for resource in invoked)


@pytest.mark.parametrize("function", [logical_id(module) for module in check_modules()])
def test_a_check_only_reads_files_and_reports(function: str) -> None:
    writes = [need for need in NEEDS[function] if not need.action.split(":")[1].startswith(READS)]
    asks = {("lambda:InvokeFunction", responder("slack-post"))} if function == "DailyCheck" else set()
    assert {(need.action, need.resource) for need in writes} == asks | {
        ("s3:PutObject", "${ReportsBucket.Arn}/checks/*"),
        ("sns:Publish", "${Notifications}"),
    }


def test_a_backup_touches_the_sessions_table_and_its_backups_alone() -> None:
    table = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${SessionsTableName}"
    assert bare(NEEDS["SessionsBackup"]) == {
        Permission("dynamodb:CreateBackup", table),
        Permission("dynamodb:DeleteBackup", f"{table}/backup/*"),
        Permission("dynamodb:ListBackups", ANY),
        *SETTINGS,
    }


def test_a_block_of_statements_is_grouped_sorted_and_explained() -> None:
    one, two = "arn:aws:lambda:::function:${One}", "arn:aws:lambda:::function:${Two}"
    needs = [
        Permission("lambda:GetAlias", two),
        Permission("lambda:GetAlias", one),
        Permission("sns:Publish", "${Notifications}", "tells on-call"),
        Permission("cloudwatch:GetMetricData", ANY),
        Permission("dynamodb:PutItem", "${Incidents.Arn}", "records what was done"),
        Permission("dynamodb:PutItem", "${Incidents.Arn}", "holds the lease"),
        no_layers(one),
    ]
    assert "\n".join(line.removeprefix("      ") for line in policy.block(needs)) == GROUPED
    assert policy.block(reversed(needs)) == policy.block(needs)


GROUPED = """\
Policies:
  - Version: "2012-10-17"
    Statement:
      - Effect: Allow
        Action: dynamodb:PutItem # holds the lease; records what was done
        Resource: !GetAtt Incidents.Arn
      - Effect: Allow
        Action: sns:Publish # tells on-call
        Resource: !Ref Notifications
      - Effect: Allow
        Action: cloudwatch:GetMetricData
        Resource: "*" # AWS knows no narrower resource for these, nor for composite alarms
      - Effect: Allow
        Action: lambda:GetAlias
        Resource:
          - !Sub arn:aws:lambda:::function:${One}
          - !Sub arn:aws:lambda:::function:${Two}
      - Effect: Deny
        Action: lambda:UpdateFunctionConfiguration # a change of configuration must never bring code with it
        Resource: !Sub arn:aws:lambda:::function:${One}
        Condition:
          "Null":
            lambda:Layer: "false\""""


@pytest.mark.parametrize(
    "resource",
    [
        "${ReportsBucket.Arn}/incidents/*",
        "${Incidents.Arn}",
        "${Notifications}",
        SLACK_IF_ANY,
        UNPOSTED_IF_ANY,
        "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-follow-up:live",
    ],
)
def test_every_way_to_write_a_resource_is_read_again(resource: str) -> None:
    need = Permission("s3:PutObject", resource, "files the report")
    block = parse("\n".join(policy.block([need])))
    assert granted({"Resources": {"One": {"Type": "", "Properties": block}}}, "One") == bare([need])


def test_a_function_that_lacks_one_right_of_a_shared_policy_does_not_get_it() -> None:
    """It has the others in its own policy; one that needs them all has the shared one and no other."""
    settings = policy.shared()["SettingsPolicy"].rights
    assert [line.strip() for line in policy.block(settings)] == ["Policies:", "- !Ref SettingsPolicy"]
    for left_out in settings:
        assert not any("!Ref" in line for line in policy.block(settings - {left_out}))


def test_what_needs_nothing_has_no_policy(text: str) -> None:
    assert policy.block([]) == []
    without = policy.replace(text, "HighErrorRate", [])
    assert policy.current(without, "HighErrorRate") == []
    assert "Policies" not in parse(without)["Resources"]["HighErrorRate"]["Properties"]


def test_a_block_is_replaced_in_place(text: str) -> None:
    block = policy.block([Permission("sns:Publish", "${Notifications}", "tells on-call")])
    once = policy.replace(text, "HighErrorRate", block)
    assert policy.current(once, "HighErrorRate") == block
    assert policy.replace(once, "HighErrorRate", block) == once
    assert policy.current(once, "LowConfidence") == policy.current(text, "LowConfidence")
    original = policy.current(text, "HighErrorRate")
    assert policy.replace(once, "HighErrorRate", original) == text
