"""Function code runs as on Lambda, and asynchronous invocations fail as there."""

import json
import time

import pytest

from local_aws.client import LocalAws
from tests.integration._local_aws import allow, function, role


@pytest.fixture(scope="module")
def aws(bare: LocalAws) -> LocalAws:
    return bare


@pytest.fixture(scope="module")
def arn(aws: LocalAws) -> str:
    return role(aws, "plain")


def test_a_failed_event_is_retried_and_reaches_the_destination(aws: LocalAws) -> None:
    target = function(aws, "told", role(aws, "told"))
    sender = role(aws, "fails", allow("lambda:InvokeFunction", target))
    function(aws, "fails", sender, "def handler(event, context):\n    raise KeyError('gone')\n")
    client = aws.client("lambda")
    destination = {"OnFailure": {"Destination": target}}
    client.put_function_event_invoke_config(
        FunctionName="fails", MaximumRetryAttempts=2, DestinationConfig=destination
    )
    before = len(logs(aws, "told"))
    client.invoke(FunctionName="fails", InvocationType="Event", Payload=b'{"a": 1}')
    aws.wait_idle()
    assert len(logs(aws, "fails")) == 3
    assert len(logs(aws, "told")) == before + 1


def test_an_old_event_is_not_retried(aws: LocalAws) -> None:
    function(aws, "old", role(aws, "old"), "def handler(event, context):\n    raise KeyError('gone')\n")
    client = aws.client("lambda")
    client.put_function_event_invoke_config(FunctionName="old", MaximumEventAgeInSeconds=60)
    client.invoke(FunctionName="old", InvocationType="Event", Payload=b"{}")
    aws.wait_idle()
    assert len(logs(aws, "old")) == 2  # immediately and after a minute, not after three


def test_retries_come_after_one_and_two_minutes_of_the_clock(aws: LocalAws) -> None:
    code = "import time\ndef handler(event, context):\n    print('at', time.time())\n    raise KeyError\n"
    function(aws, "minutes", role(aws, "minutes", allow("logs:*")), code)
    aws.settings(retries_on_clock=1)
    begun = time.monotonic()
    aws.client("lambda").invoke(FunctionName="minutes", InvocationType="Event", Payload=b"{}")
    aws.wait_idle()
    aws.settings(retries_on_clock=0)
    aws.move_clock(None)
    assert time.monotonic() - begun < 30
    found = aws.client("logs").filter_log_events(logGroupName="/aws/lambda/minutes", filterPattern='"at "')
    first, second, third = (float(each["message"].split()[-1]) for each in found["events"])
    assert 60 <= second - first < 90
    assert 120 <= third - second < 150


def logs(aws: LocalAws, name: str) -> list[str]:
    """One line for each invocation that ended."""
    try:
        found = aws.client("logs").filter_log_events(
            logGroupName=f"/aws/lambda/{name}", filterPattern='"REPORT RequestId"'
        )
    except aws.client("logs").exceptions.ResourceNotFoundException:
        return []
    return [each["message"] for each in found["events"]]


def test_a_function_that_raised_stays_warm_and_says_what_it_raised(aws: LocalAws, arn: str) -> None:
    code = (
        "calls = []\ndef handler(event, context):\n    calls.append(1)\n    return [len(calls)][event['n']]\n"
    )
    function(aws, "raises", arn, code)
    client = aws.client("lambda")
    failed = client.invoke(FunctionName="raises", Payload=b'{"n": 1}')
    answer = json.loads(failed["Payload"].read())
    assert failed["FunctionError"] == "Unhandled"
    assert (answer["errorType"], answer["errorMessage"]) == ("IndexError", "list index out of range")
    assert "in handler" in "".join(answer["stackTrace"])
    assert json.loads(client.invoke(FunctionName="raises", Payload=b'{"n": 0}')["Payload"].read()) == 2


def test_code_sees_the_runtime_and_nothing_else_of_this_environment(aws: LocalAws, arn: str) -> None:
    code = (
        "import os\n"
        "def handler(event, context):\n"
        "    import boto3\n"
        "    try:\n"
        "        import ministack\n"
        "    except ImportError:\n"
        "        return {**os.environ, 'arn': context.invoked_function_arn}\n"
    )
    made = function(aws, "sees", arn, code)
    seen = json.loads(aws.client("lambda").invoke(FunctionName="sees")["Payload"].read())
    assert seen["AWS_ENDPOINT_URL"] == aws.endpoint
    assert seen["AWS_LAMBDA_FUNCTION_NAME"] == "sees"
    assert seen["AWS_REGION"] == aws.region
    assert seen["arn"] == made
    assert "AUTH" not in seen
