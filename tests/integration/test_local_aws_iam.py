"""Function code has the rights of its role and no others; every decision is on record."""

import json
import time
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from responder.core.plain_data import Json
from tests.integration._local_aws import CALLS, TRUST, allow, call, code_of, function, role, user


@pytest.fixture(scope="module")
def running(bare: LocalAws) -> LocalAws:
    account = f"{bare.region}:{bare.account}"
    caller = role(
        bare, "caller",
        allow("ssm:GetParameter*", f"arn:aws:ssm:{account}:parameter/liveness/*"),
        allow("lambda:PutProvisionedConcurrencyConfig", f"arn:aws:lambda:{account}:function:caller:live"),
        allow("lambda:UpdateFunctionConfiguration", f"arn:aws:lambda:{account}:function:caller"),
        allow("dynamodb:PutItem", f"arn:aws:dynamodb:{account}:table/incidents"),
        allow("dynamodb:DeleteBackup", f"arn:aws:dynamodb:{account}:table/incidents/backup/*"),
        {**allow("lambda:UpdateFunctionConfiguration"), "Effect": "Deny",
         "Condition": {"Null": {"lambda:Layer": "false"}}},
        allow(["application-autoscaling:DescribeScalableTargets", "cloudwatch:ListAlarmMuteRules"]),
    )  # fmt: skip
    function(bare, "caller", caller, CALLS)
    bare.client("ssm").put_parameter(Name="/liveness/mode", Value="auto", Type="String")
    bare.snapshot("clean")
    return bare


@pytest.fixture
def aws(running: LocalAws) -> LocalAws:
    running.restore("clean")
    running.clear()
    return running


def test_calls_under_a_role_are_recorded(aws: LocalAws) -> None:
    assert call(aws, "ssm", "get_parameter", Name="/liveness/mode") == "ok"
    assert call(aws, "ssm", "get_parameter", Name="/other") == "AccessDeniedException"
    first, second = aws.calls()
    arn = f"arn:aws:ssm:{aws.region}:{aws.account}:parameter"
    assert (first.role, first.action, first.resource, first.allowed) == (
        "caller", "ssm:GetParameter", f"{arn}/liveness/mode", True,
    )  # fmt: skip
    assert (second.resource, second.allowed, second.operation) == (f"{arn}/other", False, "GetParameter")
    assert abs(second.when - time.time()) < 30
    aws.clear()
    assert aws.calls() == []


@pytest.mark.parametrize(
    ("table", "code"), [("incidents", "BackupNotFoundException"), ("other", "AccessDeniedException")]
)
def test_a_backup_is_checked_by_its_own_name(aws: LocalAws, table: str, code: str) -> None:
    arn = f"arn:aws:dynamodb:{aws.region}:{aws.account}:table/{table}/backup/01"
    assert call(aws, "dynamodb", "delete_backup", BackupArn=arn) == code
    assert [each.resource for each in aws.calls()] == [arn]


def test_every_name_of_a_call_is_checked(aws: LocalAws) -> None:
    names = ["/liveness/mode", "/secret"]
    assert call(aws, "ssm", "get_parameters", Names=names) == "AccessDeniedException"
    assert [each.allowed for each in aws.calls()] == [True, False]


def test_what_a_role_with_a_path_may_do_is_simulated_on_each_resource(aws: LocalAws) -> None:
    iam, arn = aws.client("iam"), f"arn:aws:dynamodb:{aws.region}:{aws.account}:table/"
    role = iam.create_role(RoleName="below", Path="/team/", AssumeRolePolicyDocument=json.dumps(TRUST))[
        "Role"
    ]
    allowed = {"Effect": "Allow", "Action": "dynamodb:UpdateTable", "Resource": f"{arn}ours"}
    policy = {"Version": "2012-10-17", "Statement": [allowed]}
    iam.put_role_policy(RoleName="below", PolicyName="tables", PolicyDocument=json.dumps(policy))
    found = iam.simulate_principal_policy(
        PolicySourceArn=role["Arn"],
        ActionNames=["dynamodb:UpdateTable", "dynamodb:DeleteTable"],
        ResourceArns=[f"{arn}ours", f"{arn}theirs"],
    )["EvaluationResults"]
    assert {(each["EvalActionName"], each["EvalResourceName"].removeprefix(arn)): each["EvalDecision"]
            for each in found} == {
        ("dynamodb:UpdateTable", "ours"): "allowed",
        ("dynamodb:UpdateTable", "theirs"): "implicitDeny",
        ("dynamodb:DeleteTable", "ours"): "implicitDeny",
        ("dynamodb:DeleteTable", "theirs"): "implicitDeny",
    }  # fmt: skip


def test_lambda_calls_are_checked_as_what_they_are(aws: LocalAws) -> None:
    given = {"FunctionName": "caller", "Qualifier": "live", "ProvisionedConcurrentExecutions": 1}
    assert call(aws, "lambda", "put_provisioned_concurrency_config", **given) == "ResourceNotFoundException"
    assert call(aws, "lambda", "list_aliases", FunctionName="caller") == "AccessDeniedException"
    assert [each.action for each in aws.calls()] == [
        "lambda:PutProvisionedConcurrencyConfig", "lambda:ListAliases",
    ]  # fmt: skip


def test_a_deny_on_layers_denies_only_calls_with_layers(aws: LocalAws) -> None:
    layers = [f"arn:aws:lambda:{aws.region}:{aws.account}:layer:x:1"]
    update = "update_function_configuration"
    assert call(aws, "lambda", update, FunctionName="caller", Layers=layers) == "AccessDeniedException"
    assert call(aws, "lambda", update, FunctionName="caller", Description="x") == "ok"


def test_an_attached_policy_allows_and_denies_what_its_version_in_force_says(aws: LocalAws) -> None:
    iam, here = aws.client("iam"), f"arn:aws:ssm:{aws.region}:{aws.account}:parameter"

    def document(*statements: dict[str, object]) -> str:
        return json.dumps({"Version": "2012-10-17", "Statement": statements})

    def read() -> tuple[str, str]:
        """One that the role's own policy allows, and another one."""
        get = partial(call, aws, "ssm", "get_parameter")
        return get(Name="/liveness/mode"), get(Name="/other")

    policy = document(allow("ssm:GetParameter", f"{here}/other"))
    arn = iam.create_policy(PolicyName="shared", PolicyDocument=policy)["Policy"]["Arn"]
    assert read() == ("ok", "AccessDeniedException")
    iam.attach_role_policy(RoleName="caller", PolicyArn=arn)
    assert read() == ("ok", "ParameterNotFound")
    never = document({**allow("ssm:GetParameter", f"{here}/liveness/*"), "Effect": "Deny"})
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=never, SetAsDefault=False)
    assert read() == ("ok", "ParameterNotFound")
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=never, SetAsDefault=True)
    assert read() == ("AccessDeniedException", "AccessDeniedException")
    with pytest.raises(ClientError, match="DeleteConflict"):
        iam.delete_policy(PolicyArn=arn)
    iam.detach_role_policy(RoleName="caller", PolicyArn=arn)
    assert read() == ("ok", "AccessDeniedException")


def test_a_transaction_is_checked_item_by_item(aws: LocalAws) -> None:
    put = {"Put": {"TableName": "incidents", "Item": {"id": {"S": "1"}}}}
    delete = {"Delete": {"TableName": "incidents", "Key": {"id": {"S": "1"}}}}
    assert (
        call(aws, "dynamodb", "transact_write_items", TransactItems=[put, delete]) == "AccessDeniedException"
    )
    assert [(each.action, each.allowed) for each in aws.calls()] == [
        ("dynamodb:PutItem", True), ("dynamodb:DeleteItem", False),
    ]  # fmt: skip


def test_a_bucket_that_demands_tls_takes_what_speaks_tls_on_aws(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="reports", CreateBucketConfiguration={"LocationConstraint": aws.region})
    arn = "arn:aws:s3:::reports/*"
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    statements = [
        allow("s3:PutObject", arn, Principal={"AWS": f"arn:aws:iam::{aws.account}:role/caller"}),
        {**allow("s3:*", arn, Principal="*", Condition=plain), "Effect": "Deny"},
    ]
    policy = {"Version": "2012-10-17", "Statement": statements}
    s3.put_bucket_policy(Bucket="reports", Policy=json.dumps(policy))
    assert call(aws, "s3", "put_object", Bucket="reports", Key="a", Body="b") == "ok"
    assert call(aws, "s3", "delete_object", Bucket="reports", Key="a") == "AccessDenied"


def test_stand_ins_are_authorised_too(aws: LocalAws) -> None:
    assert call(aws, "health", "describe_events") == "AccessDeniedException"
    given = {"ServiceNamespace": "dynamodb"}
    assert call(aws, "application-autoscaling", "describe_scalable_targets", **given) == "ok"
    assert call(aws, "cloudwatch", "list_alarm_mute_rules") == "ok"


@pytest.fixture
def stopper(aws: LocalAws) -> Any:
    """SSM as a person sees it who may create stops, and neither change nor delete them."""
    stops = f"arn:aws:ssm:{aws.region}:{aws.account}:parameter/stack/stops/*"
    over = {"StringEquals": {"ssm:Overwrite": "true"}}
    deny = {**allow("ssm:PutParameter", stops, Condition=over), "Effect": "Deny"}
    return user(aws, "stopper", allow("ssm:PutParameter", stops), deny).client(aws, "ssm")


def code(call: Any, **given: Any) -> str:
    try:
        call(**given)
    except ClientError as problem:
        return code_of(problem)
    return "ok"


def test_a_dashboard_is_checked_on_its_own_arn_without_a_region(aws: LocalAws) -> None:
    mine = f"arn:aws:cloudwatch::{aws.account}:dashboard/mine"
    client = user(aws, "looker", allow("cloudwatch:GetDashboard", mine)).client(aws, "cloudwatch")
    assert code(client.get_dashboard, DashboardName="mine") == "ResourceNotFound"
    assert code(client.get_dashboard, DashboardName="other") == "AccessDeniedException"


def test_who_may_not_overwrite_can_create_a_parameter_once(aws: LocalAws, stopper: Any) -> None:
    stop = {"Name": "/stack/stops/hana", "Value": "first", "Type": "String"}
    denied = "AccessDeniedException"
    assert code(stopper.put_parameter, **stop, Overwrite=True) == denied
    assert code(stopper.put_parameter, **stop) == "ok"
    assert code(stopper.put_parameter, **{**stop, "Value": "second"}) == "ParameterAlreadyExists"
    assert code(stopper.put_parameter, **stop, Overwrite=False) == "ParameterAlreadyExists"
    assert code(stopper.put_parameter, **{**stop, "Value": "third"}, Overwrite=True) == denied
    assert code(stopper.delete_parameter, Name=stop["Name"]) == denied
    assert code(stopper.delete_parameters, Names=[stop["Name"]]) == denied
    assert aws.client("ssm").get_parameter(Name=stop["Name"])["Parameter"]["Value"] == "first"


def test_deleting_one_parameter_and_several_are_two_rights(aws: LocalAws) -> None:
    arn = f"arn:aws:ssm:{aws.region}:{aws.account}:parameter/stack/*"
    for right, other in {"Parameter": "Parameters", "Parameters": "Parameter"}.items():
        ssm = user(aws, right, allow(f"ssm:Delete{right}", arn)).client(aws, "ssm")
        calls: dict[str, tuple[Any, Json]] = {
            "Parameter": (ssm.delete_parameter, {"Name": "/stack/x"}),
            "Parameters": (ssm.delete_parameters, {"Names": ["/stack/x"]}),
        }
        aws.client("ssm").put_parameter(Name="/stack/x", Value="x", Type="String")
        call, given = calls[other]
        assert code(call, **given) == "AccessDeniedException"
        call, given = calls[right]
        assert code(call, **given) == "ok"
