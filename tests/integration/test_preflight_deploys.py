"""What preflight proposes deploys as it is, and the scheduled checks name what it left off."""

import json
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from liveness_ops.cli import app
from liveness_ops.drill.build import build, sam
from liveness_ops.drill.stack import STACK
from liveness_ops.local_aws import LocalAws
from liveness_ops.preflight.local import fill
from liveness_ops.world.build import World
from liveness_ops.world.names import CREATE, LOGINS, REGION, TABLE, bucket

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
ALARM = "FaceAuth-Liveness-HighErrorRate"
MISSING = {
    "log_group": f"/aws/lambda/{CREATE}",
    "alarm": ALARM,
    "function": LOGINS[3],
    "bucket": bucket(),
    "table": TABLE,
}


def console(aws: LocalAws, line: str) -> dict[str, Any]:
    where = ["--region", REGION, "--language", "en", "--json"]
    done = CliRunner().invoke(app, [*line.split(), *where], env=aws.environment())
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def deploy(aws: LocalAws, command: str) -> None:
    """Run it, with nobody there to answer a question."""
    words = shlex.split(command)
    assert words[:5] == ["sam", "build", "&&", "sam", "deploy"]
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


def options(words: list[str]) -> dict[str, Any]:
    given = dict(zip(words[::2], words[1::2], strict=True))
    named = {"--stack-name": "StackName", "--change-set-name": "ChangeSetName"}
    told = {named[key]: value for key, value in given.items() if key in named}
    document: dict[str, Any] = json.loads(given.get("--cli-input-json", "{}"))
    return document | told


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    """The service with pieces missing, and what preflight proposed deployed without a question."""
    build()
    with LocalAws(region=REGION) as running:
        running.settings(evaluates=0)
        fill(running, World.AS_DEPLOYED)
        running.client("logs").delete_log_group(logGroupName=MISSING["log_group"])
        running.client("cloudwatch").delete_alarms(AlarmNames=[ALARM])
        running.client("lambda").delete_function(FunctionName=MISSING["function"])
        running.client("s3").delete_bucket(Bucket=MISSING["bucket"])
        running.client("dynamodb").delete_table(TableName=TABLE)
        told = console(running, "preflight OnCallEmail=ops@company.example")
        assert MISSING.items() <= {each["kind"]: each["subject"] for each in told["lines"]}.items()
        deploy(running, told["command"])
        yield running


def test_the_stack_is_there_and_what_was_missing_is_off(aws: LocalAws) -> None:
    (stack,) = aws.client("cloudformation").describe_stacks(StackName="liveness-responder")["Stacks"]
    given = {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert {given[each] for each in ("OurAlarms", "CorrectedAlarms")} == {"off"}
    assert given["InitialMode"] == "observe"


@pytest.mark.parametrize("rhythm", ["daily", "weekly"])
def test_the_checks_name_what_is_missing(aws: LocalAws, rhythm: str, tmp_path: Any) -> None:
    told = json.dumps(console(aws, f"check {rhythm} --no-open --page {tmp_path}/page.html"))
    named = {"daily": ("alarm", "function", "table"), "weekly": ("bucket",)}[rhythm]
    assert [MISSING[each] for each in named if MISSING[each] not in told] == []
    if rhythm == "daily":
        assert "OurAlarms=on" in told
        assert "CorrectedAlarms=on" in told


def test_asked_again_it_proposes_an_update_with_what_came_meanwhile(aws: LocalAws) -> None:
    aws.client("logs").create_log_group(logGroupName=MISSING["log_group"])
    told = console(aws, "preflight")
    assert told["parameters"] == {"OurAlarms": "on", "CorrectedAlarms": "on"}
    assert "stack_exists" in {each["kind"] for each in told["lines"]}


def test_deployed_again_after_a_deletion_it_goes_on_with_the_old_register(aws: LocalAws) -> None:
    cloudformation, dynamodb = aws.client("cloudformation"), aws.client("dynamodb")
    (old,) = (each for each in dynamodb.list_tables()["TableNames"] if "-Incidents-" in each)
    dynamodb.put_item(TableName=old, Item={"pk": {"S": "ALARM#x"}, "sk": {"S": "INCIDENT"}})
    cloudformation.delete_stack(StackName=STACK)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
    told = console(aws, "preflight OnCallEmail=ops@company.example")
    carried_out(aws, told["adoption"])
    deploy(aws, told["command"])
    (stack,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    assert (stack["StackStatus"], outputs["IncidentsTable"]) == ("UPDATE_COMPLETE", old)
    assert dynamodb.scan(TableName=old)["Count"] == 1
