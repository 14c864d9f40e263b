"""Lambda refuses here what it refuses on AWS."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from tests.integration._local_aws import code_of, function, role, settle


@pytest.fixture(scope="module")
def aws(bare: LocalAws) -> LocalAws:
    return bare


@pytest.fixture(scope="module")
def arn(aws: LocalAws) -> str:
    return role(aws, "plain")


def refused(call: Any, **given: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**given)
    return code_of(caught.value)


def test_a_stale_revision_is_refused(aws: LocalAws, arn: str) -> None:
    function(aws, "revision", arn, Environment={"Variables": {"AA": "1"}})
    client = aws.client("lambda")
    stale = client.get_function_configuration(FunctionName="revision")["RevisionId"]
    client.update_function_configuration(FunctionName="revision", MemorySize=256, RevisionId=stale)
    settle(aws, "revision")
    code = refused(
        client.update_function_configuration, FunctionName="revision", MemorySize=512, RevisionId=stale
    )
    assert code == "PreconditionFailedException"
    assert refused(client.publish_version, FunctionName="revision", RevisionId=stale) == code
    assert client.get_function_configuration(FunctionName="revision")["MemorySize"] == 256


def test_nothing_is_changed_while_an_update_is_in_flight(aws: LocalAws, arn: str) -> None:
    function(aws, "busy", arn)
    client = aws.client("lambda")
    aws.function_state("busy", last_update_status="InProgress")
    for call in (client.update_function_configuration, client.publish_version):
        assert refused(call, FunctionName="busy") == "ResourceConflictException"
    aws.function_state("busy", last_update_status="Successful")
    client.update_function_configuration(FunctionName="busy", MemorySize=256)


def test_an_update_takes_a_while_and_leaves_state_alone(aws: LocalAws, arn: str) -> None:
    function(aws, "slow", arn)
    answer = aws.client("lambda").update_function_configuration(FunctionName="slow", Timeout=5)
    assert (answer["State"], answer["LastUpdateStatus"]) == ("Active", "InProgress")
    settle(aws, "slow")
    after = aws.client("lambda").get_function_configuration(FunctionName="slow")
    assert after["RevisionId"] != answer["RevisionId"]


def test_variables_over_4_kb_are_refused(aws: LocalAws, arn: str) -> None:
    function(aws, "large", arn)
    variables = {"Variables": {"AA": "x" * 4100}}
    code = refused(
        aws.client("lambda").update_function_configuration, FunctionName="large", Environment=variables
    )
    assert code == "InvalidParameterValueException"


def test_an_unchanged_function_publishes_nothing(aws: LocalAws, arn: str) -> None:
    function(aws, "versions", arn)
    client = aws.client("lambda")
    first = client.publish_version(FunctionName="versions")["Version"]
    client.update_function_configuration(FunctionName="versions", MemorySize=128)
    settle(aws, "versions")
    assert client.publish_version(FunctionName="versions")["Version"] == first
    client.update_function_configuration(FunctionName="versions", MemorySize=256)
    settle(aws, "versions")
    assert client.publish_version(FunctionName="versions")["Version"] != first


def test_an_alias_is_moved_by_revision_to_a_version_that_exists(aws: LocalAws, arn: str) -> None:
    function(aws, "aliased", arn)
    client = aws.client("lambda")
    version = client.publish_version(FunctionName="aliased")["Version"]
    made = client.create_alias(FunctionName="aliased", Name="live", FunctionVersion=version)
    moved = {"FunctionName": "aliased", "Name": "live", "FunctionVersion": version}
    client.update_alias(**moved, RevisionId=made["RevisionId"])
    assert (
        refused(client.update_alias, **moved, RevisionId=made["RevisionId"]) == "PreconditionFailedException"
    )
    assert refused(client.update_alias, **{**moved, "FunctionVersion": "99"}) == "ResourceNotFoundException"


def test_provisioned_concurrency_needs_an_alias_and_time(aws: LocalAws, arn: str) -> None:
    function(aws, "provisioned", arn)
    client = aws.client("lambda")
    version = client.publish_version(FunctionName="provisioned")["Version"]
    client.create_alias(FunctionName="provisioned", Name="live", FunctionVersion=version)
    wanted = {"FunctionName": "provisioned", "ProvisionedConcurrentExecutions": 5}
    put = client.put_provisioned_concurrency_config
    assert refused(put, **wanted, Qualifier="$LATEST") == "InvalidParameterValueException"
    assert refused(put, **{**wanted, "ProvisionedConcurrentExecutions": 950}, Qualifier="live") == (
        "InvalidParameterValueException"
    )
    assert put(**wanted, Qualifier="live")["Status"] == "IN_PROGRESS"
    aws.settings(provisioned_seconds=0)
    assert put(**wanted, Qualifier="live")["Status"] == "READY"


def test_a_reservation_leaves_a_hundred_executions_to_the_others(aws: LocalAws, arn: str) -> None:
    function(aws, "reserving", arn)
    put = aws.client("lambda").put_function_concurrency
    assert refused(put, FunctionName="reserving", ReservedConcurrentExecutions=901) == (
        "InvalidParameterValueException"
    )
    put(FunctionName="reserving", ReservedConcurrentExecutions=900)
    aws.settings(concurrent_executions=10)
    assert refused(put, FunctionName="reserving", ReservedConcurrentExecutions=1) == (
        "InvalidParameterValueException"
    )
    put(FunctionName="reserving", ReservedConcurrentExecutions=0)
    aws.settings(concurrent_executions=1000)


def test_one_control_call_says_of_functions_what_the_api_says(aws: LocalAws, arn: str) -> None:
    function(aws, "known", arn, Environment={"Variables": {"AA": "1"}})
    client, warm = aws.client("lambda"), {"FunctionName": "known", "Qualifier": "live"}
    version = client.publish_version(FunctionName="known")["Version"]
    client.create_alias(FunctionName="known", Name="live", FunctionVersion=version)
    client.update_function_configuration(FunctionName="known", Environment={"Variables": {"AA": "2"}})
    aws.settings(provisioned_seconds=30)
    client.put_provisioned_concurrency_config(**warm, ProvisionedConcurrentExecutions=2)
    found = aws.functions(["known", "unknown"])
    assert set(found) == {"known"}
    assert found["known"]["provisioned"]["live"]["Status"] == "IN_PROGRESS"
    settle(aws, "known")
    for config, asked in (("config", {}), ("aliases", {"Qualifier": "live"})):
        said = client.get_function_configuration(FunctionName="known", **asked)
        now = aws.functions(["known"])["known"][config]
        now = now["live"] if asked else now
        assert {key: now[key] for key in said if key != "ResponseMetadata"} == {
            key: value for key, value in said.items() if key != "ResponseMetadata"
        }


WHOLE = """
import os, sys
import botocore.session
botocore.session.seen = getattr(botocore.session, "seen", ()) + (os.environ["AWS_LAMBDA_FUNCTION_NAME"],)
def handler(event, context):
    own = os.environ.get("OWN", ""), os.environ["AWS_ACCESS_KEY_ID"], os.getpid()
    return [*own, list(botocore.session.seen), os.path.exists("code.py"), "GATEWAY_PORT" in os.environ]
"""


def test_functions_with_the_same_layers_share_nothing_but_what_is_imported(aws: LocalAws) -> None:
    owner = role(aws, "shares")
    for name in ("first", "second", "third"):
        function(aws, name, owner, WHOLE, Environment={"Variables": {"OWN": name}})
    client = aws.client("lambda")
    found = [
        json.loads(client.invoke(FunctionName=name)["Payload"].read())
        for name in ("first", "second", "third")
    ]
    assert [each[0] for each in found] == ["first", "second", "third"]
    assert len({each[1] for each in found}) == len({each[2] for each in found}) == 3
    assert [each[3] for each in found] == [["first"], ["second"], ["third"]]
    assert [each[4:] for each in found] == [[True, False]] * 3
