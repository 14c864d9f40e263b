"""A local AWS with one function in it, as it was before each test; and one with our stack. A module may have
its own `aws`."""

import os
from collections.abc import Iterator

import pytest

from liveness_ops.people.options import Language
from local_aws.client import LocalAws
from rehearsal.drill.build import build
from rehearsal.drill.stack import install
from rehearsal.world.build import World
from rehearsal.world.names import REGION
from tests.integration._local_aws import CALLS, allow, function, role
from tests.integration.on_call import OnCall, waiting


@pytest.fixture(scope="session")
def _bare() -> Iterator[LocalAws]:
    with LocalAws() as aws:
        aws.snapshot("bare")
        yield aws


@pytest.fixture(scope="module")
def bare(_bare: LocalAws) -> LocalAws:
    """With nothing in it: one for all modules, each of which begins anew."""
    _bare.restore("bare")
    _bare.clear()
    return _bare


@pytest.fixture(scope="module")
def running(bare: LocalAws) -> LocalAws:
    function(bare, "caller", role(bare, "caller", allow("*")), CALLS)
    bare.client("ssm").put_parameter(Name="/liveness/mode", Value="auto", Type="String")
    bare.snapshot("clean")
    return bare


@pytest.fixture(scope="session")
def _deployed() -> Iterator[LocalAws]:
    build()
    with LocalAws(region=REGION) as aws:
        aws.settings(evaluates=0)
        install(aws, World.ROLLED_OUT, Language.EN)
        aws.snapshot("deployed")
        yield aws


@pytest.fixture(scope="module")
def stack(_deployed: LocalAws) -> LocalAws:
    """Our stack in English, where everything is rolled out, as it was deployed: one for all modules that need
    no other. Its functions are warm once one of them has used them."""
    _deployed.restore("deployed")
    _deployed.snapshot(World.ROLLED_OUT)
    _deployed.clear()
    return _deployed


@pytest.fixture(scope="module")
def deployed(stack: LocalAws) -> OnCall:
    """On-call with an incident that waits."""
    return waiting(stack)


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
