"""The local AWS takes as much as AWS, and one more of it is refused as AWS refuses it; our stack fits."""

import pytest
from aws_durable_execution_sdk_python.exceptions import CheckpointError
from aws_durable_execution_sdk_python.lambda_service import OperationAction, OperationType, OperationUpdate
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from local_aws.client.metering import Meter
from tests.integration._stacks import STACK, CreationFailedError, deploy_longest
from tests.integration.limits import PAGE, Limit, RefusedError, limits, world, written

# Counted by the SDK's own runner, not by the local AWS.
OPERATIONS = "durable: operations of an execution"


@pytest.fixture(scope="module")
def aws(bare: LocalAws) -> LocalAws:
    world(bare)
    return bare


# A rate takes as many requests: only `make proof` reaches each. How one works: test_local_aws_rates.py.
@pytest.mark.parametrize(
    "limit",
    [
        pytest.param(each, id=each.name, marks=pytest.mark.long if each.rate else ())
        for each in limits()
        if each.name != OPERATIONS
    ],
)
def test_the_limit_is_enforced(aws: LocalAws, limit: Limit) -> None:
    limit.send(aws, limit.most)
    with pytest.raises((ClientError, CreationFailedError, RefusedError)) as refused:
        limit.send(aws, limit.most + 1)
    code = refused.value.response["Error"]["Code"] if isinstance(refused.value, ClientError) else ""
    assert limit.refused == code or limit.refused in str(refused.value)


def test_an_execution_has_no_more_operations_than_its_start_and_so_many() -> None:
    (limit,) = (each for each in limits() if each.name == OPERATIONS)
    waits = [OperationUpdate(f"{n}", OperationType.WAIT, OperationAction.START) for n in range(limit.most)]
    Meter().count(waits[1:])
    with pytest.raises(CheckpointError, match=limit.refused):
        Meter().count(waits)


def test_our_stack_with_the_longest_names_keeps_to_them(bare: LocalAws) -> None:
    """The limits hold for what a template makes: it would not be created."""
    bare.restore("bare")
    deploy_longest(bare)


def test_a_stack_with_one_character_more_is_refused_for_the_name_of_a_function(bare: LocalAws) -> None:
    bare.restore("bare")
    with pytest.raises(CreationFailedError, match="'functionName' failed to satisfy constraint"):
        deploy_longest(bare, f"{STACK}x")


def test_each_limit_has_a_name_and_a_source_of_its_own() -> None:
    assert len({each.name for each in limits()}) == len(limits())
    assert all(each.url.startswith("https://docs.aws.amazon.com/") for each in limits())


def test_the_page_lists_them() -> None:
    """Written by `python -m tests.integration.limits --write`."""
    page = PAGE.read_text(encoding="utf-8")
    assert written(page) == page
