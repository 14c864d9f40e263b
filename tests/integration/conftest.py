"""A local AWS with one function in it, as it was before each test. A module may have an `aws` of its own."""

from collections.abc import Iterator

import pytest

from liveness_ops.local_aws import LocalAws
from tests.integration._local_aws import CALLS, allow, function, role


@pytest.fixture(scope="module")
def running() -> Iterator[LocalAws]:
    with LocalAws() as aws:
        function(aws, "caller", role(aws, "caller", allow("*")), CALLS)
        aws.client("ssm").put_parameter(Name="/liveness/mode", Value="auto", Type="String")
        aws.snapshot("clean")
        yield aws


@pytest.fixture
def aws(running: LocalAws) -> LocalAws:
    running.restore("clean")
    running.clear()
    return running
