"""The section "Uninstall" of docs/first-deployment.md, as it is written: exactly what it names is left."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from liveness_ops.deploying import environment
from liveness_ops.template_tools.load import ROOT
from local_aws.client import LocalAws
from rehearsal.drill.build import build
from rehearsal.drill.stack import STACK, deploy
from responder.core.plain_data import Json
from responder.core.text import Strings
from tests.integration import aws_cli

pytestmark = pytest.mark.timeout(600)
ELSEWHERE = "eu-west-1"
TRIAL = f"{STACK}-trial"
PARAMETERS = {"OnCallEmail": "ops@company.example", "CorrectedAlarms": "on"}
KEPT = {
    "table": {f"{STACK}-Incidents-", f"{STACK}-Approvals-", f"{STACK}-Claims-"},
    # The second one is that of SAM CLI, for the packages of all stacks of the account.
    "bucket": {f"{STACK}-reportsbucket-", "aws-sam-cli-managed-default-samclisourcebucket-"},
    "queue": {f"{STACK}-Failures-"},
    "parameter": {f"/{STACK}/{each}" for each in ("settings", "modes", "set-by-people", "stops/everything")},
}


@pytest.fixture(scope="module")
def aws(service: LocalAws) -> LocalAws:
    build()
    return service


def section() -> Strings:
    """The console blocks of the section: the deletion, and the removal of what is kept."""
    page = (ROOT / "docs" / "first-deployment.md").read_text(encoding="utf-8")
    text = page.split("\n## Uninstall\n")[1].split("\n## ")[0]
    return tuple(re.findall(r"```console\n(.*?)```", text, re.DOTALL))


def paste(aws: LocalAws, folder: Path, block: str) -> str:
    """Into a shell, with REGION replaced as the page asks."""
    tools = environment()
    with aws_cli.installed(folder, aws):
        done = subprocess.run(
            ["bash", "-c", "set -e\n" + block.replace("REGION", aws.region)],
            cwd=folder,
            env={**tools, **aws.environment(), "PATH": f"{folder}{os.pathsep}{tools['PATH']}"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def everything(aws: LocalAws) -> dict[str, set[str]]:
    """Of all kinds of things that the stack or its functions make, with the stack's name somewhere in it."""
    region = {"BucketRegion": aws.region}
    asked: dict[str, tuple[str, str, str, Json]] = {
        "table": ("dynamodb", "list_tables", "TableNames[]", {}),
        "bucket": ("s3", "list_buckets", "Buckets[].Name", region),
        "queue": ("sqs", "list_queues", "QueueUrls[]", {"MaxResults": 1000}),
        "parameter": ("ssm", "describe_parameters", "Parameters[].Name", {}),
        "group": ("logs", "describe_log_groups", "logGroups[].logGroupName", {}),
        "filter": ("logs", "describe_metric_filters", "metricFilters[].filterName", {}),
        "function": ("lambda", "list_functions", "Functions[].FunctionName", {}),
        "layer": ("lambda", "list_layers", "Layers[].LayerName", {}),
        "alarm": ("cloudwatch", "describe_alarms", "MetricAlarms[].AlarmName", {}),
        "dashboard": ("cloudwatch", "list_dashboards", "DashboardEntries[].DashboardName", {}),
        "topic": ("sns", "list_topics", "Topics[].TopicArn", {}),
        "subscription": ("sns", "list_subscriptions", "Subscriptions[].TopicArn", {}),
        "rule": ("events", "list_rules", "Rules[].Name", {}),
        "schedule": ("scheduler", "list_schedules", "Schedules[].Name", {}),
        "role": ("iam", "list_roles", "Roles[].RoleName", {}),
        "policy": ("iam", "list_policies", "Policies[].PolicyName", {"Scope": "Local"}),
    }
    found = {}
    for kind, (service, operation, query, arguments) in asked.items():
        pages = aws.client(service).get_paginator(operation).paginate(**arguments)
        found[kind] = {name for page in pages for name in aws_cli.search(query, page)}
    return found


def new(before: dict[str, set[str]], after: dict[str, set[str]]) -> dict[str, set[str]]:
    return {kind: after[kind] - before[kind] for kind in after if after[kind] - before[kind]}


def used(aws: LocalAws) -> None:
    """What people and functions leave in it."""
    client, ssm = aws.client, aws.client("ssm")
    for name in KEPT["parameter"]:
        ssm.put_parameter(Name=name, Value="{}", Type="String")
    bucket = next(each for each in everything(aws)["bucket"] if each.startswith(f"{STACK}-reportsbucket-"))
    client("s3").put_object(Bucket=bucket, Key="incidents/a/report.json", Body=b"{}")
    queue = next(each for each in everything(aws)["queue"] if f"/{STACK}-Failures-" in each)
    client("sqs").send_message(QueueUrl=queue, MessageBody="{}")


def neighbours(aws: LocalAws) -> None:
    """Of another stack whose name begins in the same way, and of a stack of the same name in another
    Region."""
    key = "id"
    for kind in ("Incidents", "Approvals", "Claims"):
        aws.client("dynamodb").create_table(
            TableName=f"{TRIAL}-{kind}-1ABC",
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=f"{TRIAL}-reportsbucket-1abc")
    place = {"LocationConstraint": ELSEWHERE}
    s3.create_bucket(Bucket=f"{STACK}-reportsbucket-elsewhere", CreateBucketConfiguration=place)
    aws.client("sqs").create_queue(QueueName=f"{TRIAL}-Failures-1ABC")
    aws.client("ssm").put_parameter(Name=f"/{TRIAL}/settings", Value="{}", Type="String")
    logs, group = aws.client("logs"), f"/aws/lambda/{TRIAL}-people"
    logs.create_log_group(logGroupName=group)
    logs.put_retention_policy(logGroupName=group, retentionInDays=90)


def test_afterwards_nothing_is_left_but_what_the_page_says_and_then_nothing_at_all(
    aws: LocalAws, tmp_path: Path
) -> None:
    deletion, removal = section()
    before = everything(aws)
    deploy(aws, PARAMETERS)
    used(aws)
    deployed = new(before, everything(aws))
    assert len(deployed) >= 15
    # Where the policy cannot be read, nothing is deleted.
    with pytest.raises(AssertionError):
        paste(
            aws,
            tmp_path,
            deletion.replace("--stack-name liveness-responder --query", "--stack-name none --query"),
        )
    assert new(before, everything(aws)) == deployed
    paste(aws, tmp_path, deletion)
    left = new(before, everything(aws))
    assert {kind: {_start(name) for name in names} for kind, names in left.items()} == KEPT
    # Lambda makes a log group again where a function still wrote.
    aws.client("logs").create_log_group(logGroupName=f"/aws/lambda/{STACK}-people")
    neighbours(aws)
    others = {
        "table": {f"{TRIAL}-{kind}-1ABC" for kind in ("Incidents", "Approvals", "Claims")},
        "bucket": {f"{TRIAL}-reportsbucket-1abc", *(each for each in left["bucket"] if STACK not in each)},
        "queue": {each for each in everything(aws)["queue"] if TRIAL in each},
        "parameter": {f"/{TRIAL}/settings"},
        "group": {f"/aws/lambda/{TRIAL}-people"},
    }
    paste(aws, tmp_path, removal)
    assert new(before, everything(aws)) == others
    aws.client("s3").head_bucket(Bucket=f"{STACK}-reportsbucket-elsewhere")
    paste(aws, tmp_path, removal)
    assert new(before, everything(aws)) == others


def _start(name: str) -> str:
    """Without what CloudFormation adds to a name, and of a queue without its address."""
    return name if name.startswith("/") else re.sub(r"-[^-]+$", "-", name.rpartition("/")[2])
