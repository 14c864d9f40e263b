"""What preflight proposes deploys as it is, and the scheduled checks name what it left off."""

import json
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from liveness_ops.cli import app
from local_aws.client import LocalAws
from rehearsal.drill import stack
from rehearsal.drill.build import alone, build, sam
from rehearsal.drill.stack import STACK
from rehearsal.world.names import CREATE, LOGINS, REGION, TABLE, bucket
from responder.core.plain_data import Json

pytestmark = pytest.mark.timeout(600)
ALARM = "FaceAuth-Liveness-HighErrorRate"
MISSING = {
    "log_group": f"/aws/lambda/{CREATE}",
    "alarm": ALARM,
    "function": LOGINS[3],
    "bucket": bucket(),
    "table": TABLE,
}


def console(aws: LocalAws, line: str) -> Json:
    where = ["--region", REGION, "--language", "en", "--json"]
    done = CliRunner().invoke(app, [*line.split(), *where], env=aws.environment())
    reported: Json = json.loads(done.stdout)
    return reported


def deploy(aws: LocalAws, command: str) -> None:
    """Run it, without input to answer a question."""
    words = shlex.split(command)
    assert words[:5] == ["sam", "build", "&&", "sam", "deploy"]
    build()
    with alone():
        sam({**aws.environment(), "SAM_CLI_POLL_DELAY": "0.2"}, *words[4:])


def carried_out(aws: LocalAws, command: str) -> None:
    """Each `aws cloudformation …` of it, as the AWS CLI would."""
    client = aws.client("cloudformation")
    for each in command.split(" && "):
        _, _, operation, *words = shlex.split(each)
        if operation == "wait":
            waiter = client.get_waiter(words.pop(0).replace("-", "_"))
            waiter.wait(**options(words), WaiterConfig={"Delay": 1, "MaxAttempts": 30})
        else:
            getattr(client, operation.replace("-", "_"))(**options(words))


def options(words: list[str]) -> Json:
    given = dict(zip(words[::2], words[1::2], strict=True))
    named = {"--stack-name": "StackName", "--change-set-name": "ChangeSetName"}
    answer = {named[key]: value for key, value in given.items() if key in named}
    document: Json = json.loads(given.get("--cli-input-json", "{}"))
    return document | answer


@pytest.fixture(scope="module")
def aws(service: LocalAws) -> LocalAws:
    """The service with pieces missing, and what preflight proposed deployed. SAM CLI takes its command in
    tests that are `long`."""
    service.client("logs").delete_log_group(logGroupName=MISSING["log_group"])
    service.client("cloudwatch").delete_alarms(AlarmNames=[ALARM])
    service.client("lambda").delete_function(FunctionName=MISSING["function"])
    service.client("s3").delete_bucket(Bucket=MISSING["bucket"])
    service.client("dynamodb").delete_table(TableName=TABLE)
    answer = console(service, "preflight OnCallEmail=ops@company.example")
    assert MISSING.items() <= {each["kind"]: each["subject"] for each in answer["lines"]}.items()
    build()
    stack.deploy(service, answer["parameters"])
    return service


def test_the_stack_is_there_and_what_was_missing_is_off(aws: LocalAws) -> None:
    (made,) = aws.client("cloudformation").describe_stacks(StackName="liveness-responder")["Stacks"]
    given = {each["ParameterKey"]: each["ParameterValue"] for each in made["Parameters"]}
    assert made["StackStatus"] == "CREATE_COMPLETE"
    assert {given[each] for each in ("OurAlarms", "CorrectedAlarms")} == {"off"}
    assert given["InitialMode"] == "observe"


@pytest.mark.parametrize("rhythm", ["daily", "weekly"])
def test_the_checks_name_what_is_missing_in_a_file_and_send_nothing(
    aws: LocalAws, rhythm: str, tmp_path: Path
) -> None:
    page, before = tmp_path / "page.html", len(aws.inbox())
    found = console(aws, f"check {rhythm} --no-open --page {page}")
    assert (found["exit"], found["rhythm"], len(aws.inbox())) == (0, rhythm, before)
    assert '<html lang="en">' in page.read_text(encoding="utf-8")
    answer = json.dumps(found)
    named = {"daily": ("alarm", "function", "table"), "weekly": ("bucket",)}[rhythm]
    assert [MISSING[each] for each in named if MISSING[each] not in answer] == []
    if rhythm == "daily":
        assert "OurAlarms=on" in answer
        assert "CorrectedAlarms=on" in answer


@pytest.mark.long
def test_an_upgrade_keeps_what_the_stack_has_and_names_what_could_be_switched_on(aws: LocalAws) -> None:
    aws.client("logs").create_log_group(logGroupName=MISSING["log_group"])
    answer = console(aws, "preflight CheckZone=UTC")
    assert answer["parameters"] == {
        "OnCallEmail": "ops@company.example",
        "OurAlarms": "off",
        "CorrectedAlarms": "off",
        "CheckZone": "UTC",
    }
    lines = {(each["kind"], each["subject"]) for each in answer["lines"]}
    assert {
        ("switched_off", "OurAlarms"),
        ("switched_off", "CorrectedAlarms"),
        ("stack_exists", STACK),
    } <= lines
    deploy(aws, answer["command"])
    assert given(aws) >= answer["parameters"].items()
    again = console(aws, "preflight OurAlarms=on")
    deploy(aws, again["command"])
    assert given(aws) >= {("OurAlarms", "on"), ("CheckZone", "UTC"), ("CorrectedAlarms", "off")}


@pytest.mark.long
def test_deployed_again_after_a_deletion_it_continues_with_all_that_was_kept(aws: LocalAws) -> None:
    cloudformation, dynamodb = aws.client("cloudformation"), aws.client("dynamodb")
    s3, sqs, ssm, logs = (aws.client(each) for each in ("s3", "sqs", "ssm", "logs"))
    kept = ("Incidents", "Claims", "Approvals", "ReportsBucket", "Failures")
    old = {each: physical(aws, each) for each in kept}
    dynamodb.put_item(TableName=old["Incidents"], Item={"pk": {"S": "ALARM#x"}, "sk": {"S": "INCIDENT"}})
    s3.put_object(Bucket=old["ReportsBucket"], Key="incidents/x/report.json", Body=b"{}")
    sqs.send_message(QueueUrl=old["Failures"], MessageBody="{}")
    ssm.put_parameter(Name=f"/{STACK}/stops/everything", Value="stop", Type="String")
    cloudformation.delete_stack(StackName=STACK)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
    # Lambda makes a log group again where a function still wrote: CloudFormation would refuse to make it.
    logs.create_log_group(logGroupName=f"/aws/lambda/{STACK}-people")
    blocked = console(aws, "preflight OnCallEmail=ops@company.example")
    (line,) = (each for each in blocked["lines"] if each["kind"] == "old_logs")
    assert (line["weight"], blocked["exit"]) == ("blocks", 1)
    logs.delete_log_group(logGroupName=f"/aws/lambda/{STACK}-people")
    answer = console(aws, "preflight OnCallEmail=ops@company.example")
    said = {each["kind"]: each["message"] for each in answer["lines"]}
    assert f"/{STACK}/stops/everything" in said["old_parameters"]
    assert all(each in said["old_resources"] for each in old.values())
    carried_out(aws, answer["adoption"])
    again = console(aws, "preflight OnCallEmail=ops@company.example")
    assert (again["adoption"], again["command"]) == ("", answer["command"])
    deploy(aws, again["command"])
    (made,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    assert made["StackStatus"] == "UPDATE_COMPLETE"
    assert {each: physical(aws, each) for each in kept} == old
    assert dynamodb.scan(TableName=old["Incidents"])["Count"] == 1
    assert s3.list_objects_v2(Bucket=old["ReportsBucket"])["KeyCount"] == 1
    assert "Messages" in sqs.receive_message(QueueUrl=old["Failures"])
    assert s3.get_bucket_policy(Bucket=old["ReportsBucket"])["Policy"]


def given(aws: LocalAws) -> set[tuple[str, str]]:
    (made,) = aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return {(each["ParameterKey"], each["ParameterValue"]) for each in made["Parameters"]}


def physical(aws: LocalAws, logical: str) -> str:
    found = aws.client("cloudformation").describe_stack_resource(StackName=STACK, LogicalResourceId=logical)
    return str(found["StackResourceDetail"]["PhysicalResourceId"])
