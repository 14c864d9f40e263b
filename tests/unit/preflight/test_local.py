"""Which world `preflight --local` starts."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from liveness_ops.cli import app
from liveness_ops.preflight import work


@pytest.mark.parametrize(
    ("options", "running", "wanted"),
    [
        ("", False, ["as-deployed"]),
        ("", True, []),
        ("--world rolled-out", False, ["rolled-out"]),
        ("--world rolled-out", True, ["rolled-out"]),
    ],
)
def test_as_deployed_is_started_where_none_runs_and_any_world_that_is_named(
    options: str, running: bool, wanted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []

    @contextmanager
    def start(world: str) -> Iterator[tuple[str, str]]:
        started.append(world)
        yield "http://127.0.0.1:9", "us-east-1"

    def load() -> Callable[[str], AbstractContextManager[tuple[str, str]]]:
        return start

    monkeypatch.setattr(work, "entry_points", lambda group: (SimpleNamespace(load=load),))
    monkeypatch.setattr(work, "there_is_one", lambda variables, common: running)
    line = f"preflight OnCallEmail=ops@company.example --local --json {options}"
    CliRunner().invoke(app, line.split(), env={"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    assert started == wanted
