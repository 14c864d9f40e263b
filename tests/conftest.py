import gc
import logging
from collections.abc import Iterator
from functools import cache

import pytest
import typer.main
import typer.testing
from _pytest.runner import runtestprotocol
from botocore.loaders import JSONFileLoader

from tests.log_lines import LogLines
from tests.proof import chance
from tests.proof.summary import Summary

# Files are handed out in this order, the long ones first: all workers have something to do until the end.
_ORDER = ("e2e", "recipe", "integration", "proof", "unit/timelines", "template", "unit")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _turn(item.nodeid.removeprefix("tests/")))


def _turn(path: str) -> int:
    return next(turn for turn, each in enumerate(_ORDER) if path.startswith(each))


def pytest_collection_finish() -> None:
    # What was collected lives to the end: looking through it for garbage again and again finds nothing.
    gc.collect()
    gc.freeze()
    # What a test leaves is small compared with what it creates.
    gc.set_threshold(50_000, 50, 100)


def pytest_configure(config: pytest.Config) -> None:
    # Here and not in tests/proof: the process that starts the workers loads no other conftest.
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Summary(config.invocation_params.args), "proof-summary")
        chance.settle()
    _read_models_once()
    _build_console_once()


def _read_models_once() -> None:
    """AWS's models of its services, once a process: botocore reads them again for each session, and every
    command of the console has its own session. That is a third of the time of such tests."""
    load = cache(JSONFileLoader().load_file)
    JSONFileLoader.load_file = lambda self, file_path: load(file_path)  # type: ignore[method-assign]


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
