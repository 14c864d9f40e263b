"""`make deploy` and the change sets of the local AWS: a declined one, a table that would be replaced."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from liveness_ops import change_set, deploying
from liveness_ops.people.exits import EarlyExit
from liveness_ops.people.screen import Screen
from local_aws.client import LocalAws
from responder.aws import Boto
from tests.integration import _stacks

TABLE = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {
        "TableName": "before",
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    },
}
TOPIC = {"Type": "AWS::SNS::Topic"}


@pytest.fixture(scope="module")
def aws(bare: LocalAws) -> LocalAws:
    return bare


@pytest.fixture
def gateway(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Boto:
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    return Boto(aws.region)


@pytest.fixture
def stack(aws: LocalAws) -> Iterator[str]:
    """A stack with a table and a topic."""
    name = _stacks.fresh()
    _stacks.create(aws, name, TemplateBody=body(Data=TABLE, Topic=TOPIC))
    yield name
    aws.client("cloudformation").delete_stack(StackName=name)


def body(**resources: Any) -> str:
    return json.dumps({"Resources": resources})


def changed(aws: LocalAws, stack: str, template: str, kind: str = "UPDATE") -> str:
    """The ARN of a change set, once it is made."""
    client = aws.client("cloudformation")
    made = client.create_change_set(
        StackName=stack, ChangeSetName=_stacks.fresh(), ChangeSetType=kind, TemplateBody=template
    )
    return str(made["Id"])


def deploy(gateway: Boto, arn: str, yes: bool = True) -> None:
    deploying.deploy(gateway, Screen("en", yes=yes), change_set.read(gateway, arn), False, 0.05)


def test_a_declined_first_deployment_leaves_nothing_behind(aws: LocalAws, gateway: Boto) -> None:
    stack = _stacks.fresh()
    arn = changed(aws, stack, body(Topic=TOPIC), "CREATE")
    with pytest.raises(EarlyExit):
        deploy(gateway, arn, yes=False)
    gone = aws.client("cloudformation").get_waiter("stack_delete_complete")
    gone.wait(StackName=stack, WaiterConfig={"Delay": 0.05, "MaxAttempts": 200})


def test_it_creates_and_updates_a_stack(aws: LocalAws, gateway: Boto) -> None:
    stack = _stacks.fresh()
    deploy(gateway, changed(aws, stack, body(Topic=TOPIC), "CREATE"))
    deploy(gateway, changed(aws, stack, body(Topic=TOPIC, Other=TOPIC)))
    (row,) = aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    assert row["StackStatus"] == "UPDATE_COMPLETE"


def test_a_table_that_would_be_replaced_stays(aws: LocalAws, gateway: Boto, stack: str) -> None:
    properties = {**TABLE["Properties"], "TableName": "after"}  # type: ignore[dict-item]
    arn = changed(aws, stack, body(Data={**TABLE, "Properties": properties}, Topic=TOPIC))
    with pytest.raises(EarlyExit) as early:
        deploy(gateway, arn)
    assert early.value.data["error"] == "deploy.loses_data"
    assert aws.client("dynamodb").list_tables()["TableNames"] == ["before"]
    assert change_set.known(gateway, stack) == frozenset()


def test_no_changes_are_a_success(aws: LocalAws, gateway: Boto, stack: str) -> None:
    deploy(gateway, changed(aws, stack, body(Data=TABLE, Topic=TOPIC)), yes=False)
    assert change_set.known(gateway, stack) == frozenset()


def test_what_fails_is_named(aws: LocalAws, gateway: Boto, capsys: pytest.CaptureFixture[str]) -> None:
    aws.client("sns").create_topic(Name="taken")
    taken = {**TOPIC, "Properties": {"TopicName": "taken"}}
    stack = _stacks.fresh()
    with pytest.raises(EarlyExit):
        deploy(gateway, changed(aws, stack, body(Topic=taken), "CREATE"))
    assert "  Topic: " in capsys.readouterr().out
