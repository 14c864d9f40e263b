"""A local AWS with one function in it, as it was before each test. A module may have an `aws` of its own."""

import os
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


@pytest.fixture(autouse=True)
def _environment() -> Iterator[None]:
    """The console's commands, run in this process, point the SDK at their AWS: not for the next test."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def aws(running: LocalAws) -> LocalAws:
    running.restore("clean")
    running.clear()
    return running
