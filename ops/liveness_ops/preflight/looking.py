"""What preflight reads, and the rights that this takes. No value of a variable or secret is kept.

`NEEDS` and `SECRET` are what `liveness-ops preflight --policy` prints. GetCallerIdentity takes no right.
"""

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from liveness_ops.listing import listed
from liveness_ops.policy import statements
from liveness_ops.preflight.facts import FUNCTIONS, Found, Function, Limits, Secret, Served, Stack, adopt
from liveness_ops.preflight.form import Form, partition
from liveness_ops.template_tools.load import resolve
from responder.checks.alarms import session_traffic
from responder.checks.alarms.session_traffic import read_traffic
from responder.core.context import Context, Gateway
from responder.core.deployed_alarm import describe_all
from responder.core.errors import AwsError, Missing
from responder.core.permissions import ANY, Permission
from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.core.text import Strings
from responder.evidence.base import action

_HERE = "arn:${AWS::Partition}:%s:${AWS::Region}:${AWS::AccountId}:%s"
_FUNCTION = _HERE % ("lambda", "function:*")
_STACK = _HERE % ("cloudformation", "stack/${AWS::StackName}/*")
# Names are followed to where they lead: so these are rights on everything of their kind.
_ANYWHERE = [
    "cloudformation:DescribeType",
    "cloudformation:ListStacks",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:ListMetrics",
    "dynamodb:ListTables",
    "lambda:GetAccountSettings",
    "lambda:ListFunctions",
    "logs:DescribeLogGroups",
    "s3:ListAllMyBuckets",
    "servicequotas:ListServiceQuotas",
    "sqs:ListQueues",
]
NEEDS = (
    *(Permission(each, ANY) for each in _ANYWHERE),
    Permission("cloudformation:DescribeStacks", _STACK),
    Permission("cloudformation:ListStackResources", _STACK),
    *session_traffic.NEEDS,
    Permission("dynamodb:DescribeTable", _HERE % ("dynamodb", "table/*")),
    Permission("iam:ListRolePolicies", "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"),
    Permission("lambda:ListAliases", _FUNCTION),
    Permission("lambda:ListVersionsByFunction", _FUNCTION),
    Permission("ssm:GetParametersByPath", _HERE % ("ssm", "parameter/${AWS::StackName}")),
)
SECRET = Permission("secretsmanager:GetSecretValue", "${SlackSecretArn}")
# Quotas of Rekognition are found by the operation in their name: AWS's pages do not give their codes.
LIVENESS = ("CreateFaceLivenessSession", "GetFaceLivenessSessionResults")
SLACK_KEYS = ("bot_token", "signing_secret")
_GONE = "DELETE_COMPLETE"
# What of the template AWS does not have, or did not have at first, in every Region: types, and a property of
# one. To ask for all types would be twenty requests, for which AWS names no quota.
TYPES = ("AWS::Lambda::Function.DurableConfig", "AWS::Lambda::Url", "AWS::Scheduler::Schedule")


def policy(form: Form) -> Json:
    """The IAM policy that a look for this form takes; of an account that is not known yet."""
    names = form.names | {"AWS::Region": form.region or "*", "AWS::AccountId": form.account or "*"}
    names["AWS::Partition"] = partition(form.region)
    needs = (*NEEDS, SECRET) if form.value("SlackSecretArn") else NEEDS
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": [name for name, _ in each.actions],
                "Resource": [resolve({"Fn::Sub": one}, names) for one in each.resources],
            }
            for each in statements(needs)
        ],
    }


def look(aws: Gateway, form: Form, home: str = "") -> tuple[Form, Found]:
    """Everything; the form comes back with the names that were found. `home`: the profile's Region.

    Raises:
        AwsError: AWS does not know the caller, or cannot be reached.
    """
    me = aws.call("sts", "get_caller_identity")
    form = replace(form, account=me["Account"])
    reader = _Reader(aws)
    first = reader.all(
        functions=_functions,
        limits=_limits,
        alarms=_alarms,
        tables=_names("dynamodb", "list_tables", "TableNames"),
        buckets=partial(_buckets, region=form.region),
        # SQS gives pages only where the request says how long they may be.
        queues=_names("sqs", "list_queues", "QueueUrls", QueueNamePrefix=f"{form.stack}-", MaxResults=1000),
        stacks=_stacks,
        parameters=_names(
            "ssm", "get_parameters_by_path", "Parameters", "Name", Path=f"/{form.stack}", Recursive=True
        ),
        quotas=_quotas,
        stack=partial(_stack, name=form.stack),
        lacking=_lacking,
    )
    found = Found(form.account, form.region, me["Arn"], **first)
    if found.stack is not None:
        form = replace(form, deployed=found.stack.kept)
    form = adopt(form, found)
    found = replace(found, **reader.all(**_second(form, found)))
    if home not in ("", form.region) and not found.functions_of(form):
        found = replace(found, elsewhere=reader.ask(partial(_home, form=form, region=home)) or "")
    # Which inline policy is the service's follows from its role.
    return adopt(form, found), replace(found, unread=reader.unread)


def _second(form: Form, found: Found) -> dict[str, Callable[[Gateway], Any]]:
    """The questions that need the names found before."""
    asked: dict[str, Callable[[Gateway], Any]] = {
        "metrics": _names(
            "cloudwatch", "list_metrics", "Metrics", "MetricName", Namespace=form.value("MetricNamespace")
        ),
        "sessions": partial(_sessions, form=form),
        "log_groups": partial(_log_groups, prefixes=(*form.filtered(), f"/aws/lambda/{form.stack}-")),
        "policies": partial(_policies, role=form.value("ServiceRoleName")),
        "served": partial(_served, names=[each.name for each in found.functions_of(form)]),
    }
    if found.tables is not None and form.value("SessionsTableName") in found.tables:
        asked["indexes"] = partial(_indexes, table=form.value("SessionsTableName"))
    if form.value("SlackSecretArn"):
        asked["secret"] = partial(_secret, arn=form.value("SlackSecretArn"))
    return asked


class _Reader:
    """Reads in parallel; what could not be read is None, and in `unread` by its IAM action."""

    def __init__(self, aws: Gateway) -> None:
        self._aws = aws
        self.unread: dict[str, AwsError] = {}

    def all(self, **asked: Callable[[Gateway], Any]) -> Json:
        """The answer of each of them, by name."""
        # Few: Lambda takes 15 requests a second from a whole account.
        with ThreadPoolExecutor(4) as pool:
            return dict(zip(asked, pool.map(self.ask, asked.values()), strict=True))

    def ask[T](self, read: Callable[[Gateway], T]) -> T | None:
        """The answer of one of them."""
        try:
            return read(self._aws)
        except AwsError as error:
            self.unread[action(error)] = error
            return None


def _names(
    service: str, operation: str, key: str, name: str = "", **asked: Any
) -> Callable[[Gateway], frozenset[str]]:
    """The question for all names of a kind. `name`: of each row below `key`; empty where the row is it."""

    def read(aws: Gateway) -> frozenset[str]:
        rows = listed(aws, service, operation, key, **asked)
        return frozenset(row[name] if name else row for row in rows)

    return read


def _functions(aws: Gateway) -> dict[str, Function]:
    rows = listed(aws, "lambda", "list_functions", "Functions")
    return {row["FunctionName"]: _function(row) for row in rows}


def _function(row: Data) -> Function:
    name = row["FunctionName"]
    variables = row.get("Environment") or {}
    return Function(
        name=name,
        runtime=row.get("Runtime") or "",
        role=row.get("Role", "").rpartition("/")[2],
        vpc=bool((row.get("VpcConfig") or {}).get("SubnetIds")),
        memory=row.get("MemorySize") or 0,
        timeout=row.get("Timeout") or 0,
        log_group=(row.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{name}",
        variables=None if variables.get("Error") else frozenset(variables.get("Variables") or ()),
    )


def _served(aws: Gateway, names: Iterable[str]) -> dict[str, Served]:
    found = {}
    for name in names:
        aliases = listed(aws, "lambda", "list_aliases", "Aliases", FunctionName=name)
        versions = listed(aws, "lambda", "list_versions_by_function", "Versions", FunctionName=name)
        there = tuple(each["Name"] for each in aliases)
        found[name] = Served(there, sum(each["Version"] != "$LATEST" for each in versions))
    return found


def _limits(aws: Gateway) -> Limits:
    found = aws.call("lambda", "get_account_settings")["AccountLimit"]
    return Limits(found["ConcurrentExecutions"], found["UnreservedConcurrentExecutions"])


def _alarms(aws: Gateway) -> frozenset[str]:
    return frozenset(row["AlarmName"] for row in describe_all(aws))


def _sessions(aws: Gateway, form: Form) -> float | None:
    """A day; None where there were any on fewer than three days."""
    settings = Settings(namespace=form.value("MetricNamespace"), check_zone=form.value("CheckZone"))
    now = datetime.now(UTC)
    traffic = read_traffic(Context(aws, settings, now, now))
    return None if traffic is None else traffic.a_day


def _log_groups(aws: Gateway, prefixes: Iterable[str]) -> frozenset[str]:
    of = partial(listed, aws, "logs", "describe_log_groups", "logGroups")
    return frozenset(row["logGroupName"] for prefix in prefixes for row in of(logGroupNamePrefix=prefix))


def _indexes(aws: Gateway, table: str) -> frozenset[str]:
    found = aws.call("dynamodb", "describe_table", TableName=table)["Table"]
    return frozenset(each["IndexName"] for each in found.get("GlobalSecondaryIndexes") or ())


def _buckets(aws: Gateway, region: str) -> frozenset[str]:
    # S3 returns a bucket's Region only where the request has a parameter.
    rows = listed(aws, "s3", "list_buckets", "Buckets", MaxBuckets=1000)
    return frozenset(row["Name"] for row in rows if row.get("BucketRegion", region) == region)


def _policies(aws: Gateway, role: str) -> Strings | None:
    """The policies of the role; None where there is no such role."""
    try:
        return tuple(listed(aws, "iam", "list_role_policies", "PolicyNames", RoleName=role))
    except Missing:
        return None


def _stacks(aws: Gateway) -> dict[str, str]:
    """The stacks, without nested ones. A deleted stack counts if no other one has its name."""
    rows = listed(aws, "cloudformation", "list_stacks", "StackSummaries")
    whole = ((row["StackName"], row["StackStatus"]) for row in rows if "ParentId" not in row)
    return dict(sorted(whole, key=lambda each: each[1] != _GONE))


def _stack(aws: Gateway, name: str) -> Stack | None:
    """The stack of the wanted name; None where there is none."""
    try:
        (row,) = aws.call("cloudformation", "describe_stacks", StackName=name)["Stacks"]
    except AwsError as error:
        # CloudFormation has no error code for a stack that does not exist.
        if error.code != "ValidationError":
            raise
        return None
    rows = listed(aws, "cloudformation", "list_stack_resources", "StackResourceSummaries", StackName=name)
    known = {each.get("PhysicalResourceId", ""): each["LogicalResourceId"] for each in rows}
    given = {each["ParameterKey"]: each.get("ParameterValue", "") for each in row.get("Parameters", [])}
    return Stack(row["StackStatus"], known, given)


def _lacking(aws: Gateway) -> Strings:
    """What of the template CloudFormation does not know in this Region: the answer has the type's schema
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeType.html)."""
    return tuple(each for each in TYPES if not _knows(aws, *each.split(".")))


def _knows(aws: Gateway, kind: str, wanted: str = "") -> bool:
    try:
        answer = aws.call("cloudformation", "describe_type", Type="RESOURCE", TypeName=kind)
    except AwsError as error:
        if error.code != "TypeNotFoundException":
            raise
        return False
    return not wanted or wanted in json.loads(answer["Schema"])["properties"]


def _quotas(aws: Gateway) -> tuple[float, ...]:
    rows = listed(aws, "service-quotas", "list_service_quotas", "Quotas", ServiceCode="rekognition")
    return tuple(row["Value"] for row in rows if any(name in row["QuotaName"] for name in LIVENESS))


def _secret(aws: Gateway, arn: str) -> Secret:
    try:
        answer = aws.call("secretsmanager", "get_secret_value", SecretId=arn)
    except Missing:
        return Secret(there=False)
    try:
        stored = json.loads(answer.get("SecretString", ""))
    except ValueError:
        stored = {}
    known = stored if isinstance(stored, dict) else {}
    return Secret(True, tuple(key for key in SLACK_KEYS if not known.get(key)), answer["ARN"])


def _home(aws: Gateway, form: Form, region: str) -> str:
    """This Region, if the service's functions are there."""
    there = _names(f"lambda@{region}", "list_functions", "Functions", "FunctionName")(aws)
    return region if there & {form.value(each) for each in FUNCTIONS} else ""
