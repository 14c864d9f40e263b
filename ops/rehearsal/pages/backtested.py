"""The page of `liveness-ops backtest`, of what was played on a local AWS."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from liveness_ops.backtest.work import Asked, backtest
from liveness_ops.people.command_runner import read_stack
from liveness_ops.people.operator_session import OperatorSession, identify
from liveness_ops.people.options import Language
from liveness_ops.people.screen import Screen
from local_aws.client import LocalAws
from rehearsal.drill.stack import STACK
from responder.aws import Boto


def pages(aws: LocalAws, folder: Path) -> Iterator[Path]:
    """One in each language."""
    folder.mkdir(parents=True, exist_ok=True)
    with _environment(aws.environment()):
        for language in Language:
            path = folder / f"backtest.{language}.html"
            backtest(_session(aws, language), Asked(page=path, show=False, state=folder / "state.json"))
            yield path


def _session(aws: LocalAws, language: Language) -> OperatorSession:
    boto = Boto(aws.region, patience=20)
    settings, outputs = read_stack(boto, STACK, aws.region)
    me, clock = identify(boto, settings, _now, strangers=True)
    return OperatorSession(boto, settings, Screen(language, machine=True), me, clock, outputs)


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _environment(given: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(given)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
