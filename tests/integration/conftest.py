"""A local AWS with one function in it, as it was before each test; and one with our stack. A module may have
its own `aws`."""

import os
from collections.abc import Iterator

import pytest

from local_aws.client import LocalAws
from rehearsal.world.build import World
from tests.integration._local_aws import CALLS, allow, function, role
from tests.integration.on_call import OnCall, waiting


@pytest.fixture(scope="module")
def bare(bare_aws: LocalAws) -> LocalAws:
    """With nothing in it: one for all modules, each of which begins anew."""
    bare_aws.restore("bare")
    bare_aws.clear()
    return bare_aws


@pytest.fixture(scope="module")
def running(bare: LocalAws) -> LocalAws:
    function(bare, "caller", role(bare, "caller", allow("*")), CALLS)
    bare.client("ssm").put_parameter(Name="/liveness/mode", Value="auto", Type="String")
    bare.snapshot("clean")
    return bare


@pytest.fixture(scope="module")
def service(service_aws: LocalAws) -> LocalAws:
    """The service as deployed, without our stack: one for all modules, each of which begins anew."""
    service_aws.restore(World.AS_DEPLOYED)
    service_aws.clear()
    return service_aws


@pytest.fixture(scope="module")
def stack(deployed_aws: LocalAws) -> LocalAws:
    """Our stack in English, where everything is rolled out, as it was deployed: one for all modules that need
    no other. Its functions are warm once one of them has used them."""
    deployed_aws.restore("deployed")
    deployed_aws.snapshot(World.ROLLED_OUT)
    deployed_aws.clear()
    return deployed_aws


@pytest.fixture(scope="session")
def deployed(deployed_aws: LocalAws) -> OnCall:
    """On-call in front of it, with an incident that waits, in the snapshot `asked`."""
    deployed_aws.restore("deployed")
    deployed_aws.snapshot(World.ROLLED_OUT)
    return waiting(deployed_aws)


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
