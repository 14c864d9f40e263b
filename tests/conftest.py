import gc
import logging
from collections.abc import Generator, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer.main
import typer.testing
from _pytest.runner import runtestprotocol
from hypothesis.internal.conjecture import providers

from local_aws.quick_sdk import quicken
from responder.core.plain_data import Json
from tests.log_lines import LogLines
from tests.proof import seeded_random
from tests.proof.summary import WHOLE, Summary
from tests.scheduling import ByGroup, turn, waits

if TYPE_CHECKING:
    from local_aws.client import LocalAws
    from tests.integration.beside_slack import BesideSlack


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--waiting", type=int, default=0, help="so many workers take only tests that wait")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A worker that takes only what waits need not collect, and import, what computes: most of all tests."""
    given = getattr(config, "workerinput", None)
    fewer = given is not None and _takes_only_what_waits(given, config)
    return True if fewer and not waits(collection_path.relative_to(config.rootpath)) else None


def _takes_only_what_waits(given: Json, config: pytest.Config) -> bool:
    """A worker in the place of one that died has a higher number, and takes everything."""
    number, workers = int(given["workerid"].removeprefix("gw")), given["workercount"]
    return bool(workers - config.option.waiting <= number < workers)


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_testnodedown(node: Any) -> None:
    """Syrupy takes what the first worker has collected for what all have: else snapshots seem unused."""
    if _takes_only_what_waits(node.workerinput, node.config):
        getattr(node, "workeroutput", {}).get("syrupy_report", {}).pop("collected", None)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:
    """Of a folder, each worker collects another part first. The first to collect a file compiles it;
    in the same order all of them would compile all of them."""
    report = yield
    if isinstance(collector, pytest.Directory):
        given = getattr(collector.config, "workerinput", {"workerid": "gw0", "workercount": 1})
        first = len(report.result) * int(given["workerid"].removeprefix("gw")) // given["workercount"]
        report.result = report.result[first:] + report.result[:first]
    return report


# Before fixtures group the items: every worker has to have the same order.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: (turn(item.nodeid), item.nodeid.partition("::")[0]))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByGroup | None:
    return ByGroup(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    # What was collected lives to the end: looking through it for garbage again and again finds nothing.
    gc.collect()
    gc.freeze()
    # What a test leaves is small compared with what it creates.
    gc.set_threshold(50_000, 50, 100)


def pytest_configure(config: pytest.Config) -> None:
    # Here and not in tests/proof: the process that starts the workers loads no other conftest.
    if not hasattr(config, "workerinput"):
        if config.option.waiting and config.option.waiting >= (config.getoption("numprocesses", 0) or 0):
            raise pytest.UsageError("--waiting needs more workers (-n) than those that wait")
        config.pluginmanager.register(Summary(config.invocation_params.args), "proof-summary")
        seeded_random.set_seed()
    if hasattr(config, "workerinput") and not WHOLE:
        _draw_no_constants()
    quicken()
    _build_console_once()


def _draw_no_constants() -> None:
    """Hypothesis looks for constants in every module that a worker has imported; ten examples draw few."""
    inner: Any = providers
    inner._get_local_constants = lambda: inner._local_constants


def _build_console_once() -> None:
    """Typer's runner builds the whole command line for each command; on a terminal a process has one."""
    typer.testing._get_command = cache(typer.main.get_command)  # type: ignore[attr-defined]


@pytest.fixture
def logged() -> Iterator[LogLines]:
    """Instead of `caplog`, whose plugin takes a fifth of the time of a small test, of every one."""
    lines, root = LogLines(), logging.getLogger()
    before = root.level
    root.addHandler(lines)
    root.setLevel(logging.DEBUG)
    yield lines
    root.setLevel(before)
    root.removeHandler(lines)


# Seconds.
_QUICK = 0.1


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """As pytest does it, but a worker sends only the reports that say something: of most tests that is one of
    five messages, each of which costs as much CPU as a small test."""
    if not hasattr(item.config, "workerinput"):
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed or report.duration > _QUICK:
            item.ihook.pytest_runtest_logreport(report=report)
    return True


# Each starts when the first test asks for it. What they need is imported then: unit tests do without.
@pytest.fixture(scope="session")
def bare_aws() -> Iterator["LocalAws"]:
    """With nothing in it, in the snapshot `bare`."""
    from local_aws.client import LocalAws

    with LocalAws() as aws:
        aws.snapshot("bare")
        yield aws


@pytest.fixture(scope="session")
def service_aws() -> Iterator["LocalAws"]:
    """With the service and what its users left, as each of the worlds, in a snapshot of its name."""
    from local_aws.client import LocalAws
    from rehearsal.preflight import fill
    from rehearsal.world.build import World
    from rehearsal.world.names import REGION

    with LocalAws(region=REGION) as aws:
        aws.settings(evaluates=0)
        aws.snapshot("empty")
        for world in World:
            aws.restore("empty")
            fill(aws, world)
            aws.snapshot(world)
        yield aws


@pytest.fixture(scope="session")
def deployed_aws() -> Iterator["LocalAws"]:
    """With our stack in English, where everything is rolled out, in the snapshot `deployed`."""
    from liveness_ops.people.options import Language
    from local_aws.client import LocalAws
    from rehearsal.drill.build import build
    from rehearsal.drill.stack import install
    from rehearsal.world.build import World
    from rehearsal.world.names import REGION

    build()
    with LocalAws(region=REGION) as aws:
        aws.settings(evaluates=0, long_polls=0)
        install(aws, World.ROLLED_OUT, Language.EN)
        aws.snapshot("deployed")
        yield aws


@pytest.fixture(scope="session")
def beside_slack() -> Iterator["BesideSlack"]:
    """The same with a Slack beside it."""
    from tests.integration.beside_slack import opened

    with opened() as found:
        yield found
