"""What preflight makes of AWS's answers."""

import json
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

import pytest

from liveness_ops.preflight.facts import Found
from liveness_ops.preflight.form import Form
from liveness_ops.preflight.looking import NEEDS, SECRET, TYPES, look, policy
from liveness_ops.template_tools.load import functions
from responder.aws.operations import Request
from responder.core.context import Gateway
from responder.core.errors import Denied, Missing, Rejected
from responder.core.plain_data import Json
from tests.unit.preflight.account import ADDRESS, SLACK, TEMPLATE
from tests.unit.preflight.account import SECRET as ARN

FUNCTION = {
    "FunctionName": "FaceAuth-Enrollment",
    "Runtime": "python3.9",
    "Role": "arn:aws:iam::123456789012:role/path/FaceAuthLambdaExecutionRole",
    "VpcConfig": {"SubnetIds": ["subnet-1"]},
    "MemorySize": 512,
    "Timeout": 30,
    "Environment": {"Variables": {"AD_SERVER_URL": "ldaps://secret.example"}},
    "LoggingConfig": {"LogGroup": "/all"},
}
LIMIT = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 900}
ANSWERS: Json = {
    "sts.get_caller_identity": {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/me"},
    "lambda.list_functions": {"Functions": [FUNCTION]},
    "lambda.list_aliases": {"Aliases": [{"Name": "live"}]},
    "lambda.list_versions_by_function": {"Versions": [{"Version": "$LATEST"}, {"Version": "1"}]},
    "lambda.get_account_settings": {"AccountLimit": LIMIT},
    "cloudwatch.describe_alarms": {
        "MetricAlarms": [{"AlarmName": "a"}],
        "CompositeAlarms": [{"AlarmName": "b"}],
    },
    "cloudwatch.get_metric_data": {"MetricDataResults": []},
    "cloudwatch.list_metrics": {"Metrics": [{"MetricName": "SuccessCount"}]},
    "logs.describe_log_groups": {"logGroups": [{"logGroupName": "/all"}]},
    "dynamodb.list_tables": {"TableNames": ["FaceAuth-LivenessSessions"]},
    "dynamodb.describe_table": {"Table": {"GlobalSecondaryIndexes": [{"IndexName": "EmployeeIdIndex"}]}},
    "sqs.list_queues": {},
    "s3.list_buckets": {"Buckets": [{"Name": "here"}, {"Name": "there", "BucketRegion": "eu-west-1"}]},
    "iam.list_role_policies": {"PolicyNames": ["FaceAuthLambdaPolicy"]},
    "cloudformation.list_stacks": {
        "StackSummaries": [
            {"StackName": "FaceAuthStack", "StackStatus": "DELETE_COMPLETE"},
            {"StackName": "FaceAuthStack", "StackStatus": "UPDATE_COMPLETE"},
            {"StackName": "Nested", "StackStatus": "UPDATE_COMPLETE", "ParentId": "arn"},
        ]
    },
    "cloudformation.describe_stacks": Rejected("cloudformation", "DescribeStacks", "ValidationError"),
    "cloudformation.list_stack_resources": {"StackResourceSummaries": []},
    "cloudformation.describe_type": {"Schema": '{"properties": {"DurableConfig": {}}}'},
    "ssm.get_parameters_by_path": {"Parameters": [{"Name": "/s/stops/x", "Value": "never kept"}]},
    "service-quotas.list_service_quotas": {
        "Quotas": [
            {"QuotaName": "Requests per second of CreateFaceLivenessSession", "Value": 5.0},
            {"QuotaName": "Requests per second of DetectFaces", "Value": 1.0},
        ]
    },
    "secretsmanager.get_secret_value": {
        "ARN": ARN,
        "SecretString": json.dumps({"bot_token": "xoxb-1", "signing_secret": ""}),
    },
}


class Answers(Gateway):
    """A `Gateway` that answers from a table, and remembers what it was asked."""

    def __init__(self, **other: Any) -> None:
        self.answers = {**ANSWERS, **{name.replace("__", "."): each for name, each in other.items()}}
        self.asked: list[tuple[str, str]] = []

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        self.asked.append((service, operation))
        found = self.answers[f"{service.partition('@')[0]}.{operation}"]
        if isinstance(found, Exception):
            raise found
        answer: Json = found
        if operation == "list_buckets" and not arguments:
            # S3 returns Regions only where the request has a parameter (API Reference, "Bucket").
            return {"Buckets": [{"Name": each["Name"]} for each in answer["Buckets"]]}
        return answer


def seen(given: Mapping[str, str] = ADDRESS, home: str = "", **other: Any) -> Found:
    return look(Answers(**other), Form(TEMPLATE, "s", "us-east-1", given=given), home)[1]


def test_of_a_function_it_keeps_names_and_no_value() -> None:
    found = seen()
    (one,) = (found.functions or {}).values()
    assert (one.role, one.vpc, one.log_group) == ("FaceAuthLambdaExecutionRole", True, "/all")
    assert one.variables == frozenset(("AD_SERVER_URL",))
    assert "secret.example" not in repr(found)


def test_variables_that_lambda_could_not_decrypt_are_not_known() -> None:
    sealed = {**FUNCTION, "Environment": {"Error": {"ErrorCode": "AccessDeniedException"}}}
    (one,) = (seen(lambda__list_functions={"Functions": [sealed]}).functions or {}).values()
    assert one.variables is None


def test_a_live_stack_counts_before_a_deleted_one_of_its_name_and_nested_ones_do_not() -> None:
    assert seen().stacks == {"FaceAuthStack": "UPDATE_COMPLETE"}


@pytest.mark.parametrize(
    ("status", "kept"),
    [
        ("ROLLBACK_COMPLETE", False),
        ("CREATE_FAILED", False),
        ("DELETE_FAILED", False),
        ("REVIEW_IN_PROGRESS", False),
        ("CREATE_COMPLETE", True),
        ("UPDATE_ROLLBACK_COMPLETE", True),
        ("UPDATE_IN_PROGRESS", True),
    ],
)
def test_the_command_names_what_the_deployed_stack_has_unless_that_must_be_deleted_first(
    status: str, kept: bool
) -> None:
    parameters = [{"ParameterKey": name, "ParameterValue": value} for name, value in ADDRESS.items()]
    row = {"StackStatus": status, "Parameters": parameters}
    aws = Answers(cloudformation__describe_stacks={"Stacks": [row]})
    form, _ = look(aws, Form(TEMPLATE, "s", "us-east-1"))
    assert (form.overrides.items() >= ADDRESS.items()) is kept


def test_what_the_region_has_is_asked_of_cloudformation() -> None:
    types = ("AWS::Lambda::Function.DurableConfig", "AWS::Lambda::Url", "AWS::Scheduler::Schedule")
    unknown = Rejected("cloudformation", "DescribeType", "TypeNotFoundException")
    assert seen().lacking == ()
    assert seen(cloudformation__describe_type={"Schema": '{"properties": {}}'}).lacking == types[:1]
    assert seen(cloudformation__describe_type=unknown).lacking == types
    denied = seen(cloudformation__describe_type=Denied("cloudformation", "DescribeType", "AccessDenied"))
    assert (denied.lacking, set(denied.unread)) == (None, {"cloudformation:DescribeType"})


# What SAM makes of its own types, and of events.
SAM = {
    "AWS::Serverless::Function": "AWS::Lambda::Function",
    "AWS::Serverless::LayerVersion": "AWS::Lambda::LayerVersion",
    "EventBridgeRule": "AWS::Events::Rule",
    "Schedule": "AWS::Events::Rule",
    "ScheduleV2": "AWS::Scheduler::Schedule",
    "SNS": "AWS::SNS::Subscription",
}


def test_what_some_region_lacks_of_the_template_is_asked_for_and_nothing_else() -> None:
    """By AWS's resource schemas of each Region, as cfn-lint keeps them."""
    used = [(each["Type"], each.get("Properties", {})) for each in TEMPLATE["Resources"].values()]
    used += [("AWS::Serverless::Function", each) for each in functions(TEMPLATE).values()]
    used += [(each["Type"], {}) for _, about in used for each in about.get("Events", {}).values()]
    made = {(SAM.get(kind, kind), name) for kind, about in used for name in ("", *about)}
    regions = resources.files("cfnlint.data.schemas.providers").iterdir()
    known = [json.loads(each.read_text()) for each in regions if re.match(r"\w+-.+\.json", each.name)]
    lacking = {kind for kind, _ in made for each in known if kind not in each}
    asked = {(*each.split("."), "")[:2] for each in TYPES}
    assert len(known) > 30
    assert lacking
    assert lacking <= {kind for kind, _ in asked}
    assert asked <= made


def test_a_bucket_of_another_region_is_not_here() -> None:
    assert seen().buckets == frozenset(("here",))


def test_every_type_of_alarm_is_seen() -> None:
    assert seen().alarms == frozenset(("a", "b"))


def test_of_the_secret_only_the_missing_keys_are_kept() -> None:
    found = seen(SLACK)
    assert found.secret is not None
    assert (found.secret.missing, found.secret.arn) == (("signing_secret",), ARN)
    assert "xoxb-1" not in repr(found)


@pytest.mark.parametrize("stored", ["no json", "[]", ""])
def test_a_secret_that_is_no_object_lacks_both_keys(stored: str) -> None:
    found = seen(SLACK, secretsmanager__get_secret_value={"ARN": ARN, "SecretString": stored})
    assert found.secret is not None
    assert len(found.secret.missing) == 2


def test_a_role_that_is_not_there_is_no_error() -> None:
    found = seen(iam__list_role_policies=Missing("iam", "ListRolePolicies", "NoSuchEntity"))
    assert (found.policies, found.unread) == (None, {})


def test_only_quotas_of_face_liveness_count() -> None:
    assert seen().quotas == (5.0,)


def test_a_quota_that_aws_does_not_list_is_no_error() -> None:
    other: Json = {"service-quotas__list_service_quotas": {"Quotas": []}}
    found = seen(**other)
    assert (found.quotas, found.unread) == ((), {})


def test_what_is_refused_is_kept_by_the_name_that_iam_has_for_it() -> None:
    denied: Json = {
        "s3__list_buckets": Denied("s3", "ListBuckets", "AccessDenied"),
        "service-quotas__list_service_quotas": Denied("service-quotas", "ListServiceQuotas", "AccessDenied"),
    }
    found = seen(**denied)
    assert set(found.unread) == {"s3:ListAllMyBuckets", "servicequotas:ListServiceQuotas"}
    assert set(found.unread) <= {each.action for each in NEEDS}
    assert (found.buckets, found.quotas) == (None, None)


def test_it_looks_into_the_profile_s_region_only_where_nothing_is_in_this_one() -> None:
    assert seen(home="eu-west-1").elsewhere == ""
    empty = Answers(lambda__list_functions={"Functions": []})
    look(empty, Form(TEMPLATE, "s", "us-east-1"), "eu-west-1")
    assert ("lambda@eu-west-1", "list_functions") in empty.asked
    empty = Answers(lambda__list_functions={"Functions": []})
    look(empty, Form(TEMPLATE, "s", "us-east-1"), "us-east-1")
    assert not any("@" in service for service, _ in empty.asked)


def test_everything_it_asks_is_a_read() -> None:
    aws = Answers()
    look(aws, Form(TEMPLATE, "s", "us-east-1", given=SLACK))
    assert [each for each in aws.asked if not Request(*each, {}).reads] == []


def test_the_policy_names_region_and_stack_and_the_secret_only_where_it_is_given() -> None:
    form = Form(TEMPLATE, "mine", "ap-northeast-1", given=SLACK)
    statements = policy(form)["Statement"]
    actions = {action for each in statements for action in each["Action"]}
    assert actions == {each.action for each in (*NEEDS, SECRET)}
    resources = {resource for each in statements for resource in each["Resource"]}
    assert {"arn:aws:cloudformation:ap-northeast-1:*:stack/mine/*", ARN} <= resources
    without = policy(Form(TEMPLATE, "mine", "ap-northeast-1"))["Statement"]
    assert SECRET.action not in {action for each in without for action in each["Action"]}


def test_the_policy_only_reads() -> None:
    verbs = {each.action.partition(":")[2] for each in (*NEEDS, SECRET)}
    assert [each for each in verbs if not each.startswith(("Describe", "Get", "List"))] == []
