"""The alarm's function runs in this process: its metrics would be lines on standard output."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from responder.core.log import log


class Records(logging.Handler):
    """Everything that was logged, as one text: what must not be in it can be searched for."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.__dict__} {record.exc_info}")

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture(autouse=True)
def _no_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")


@contextmanager
def recording() -> Iterator[Records]:
    records, logger = Records(), logging.getLogger(log().name)
    # Other tests silence it.
    before = logger.level
    logger.setLevel("INFO")
    logger.addHandler(records)
    try:
        yield records
    finally:
        logger.removeHandler(records)
        logger.setLevel(before)


@pytest.fixture
def logged() -> Iterator[Records]:
    with recording() as records:
        yield records
