from collections.abc import Iterator

import pytest

from responder.core.log import log
from responder.followup_rules import escalation


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    # What is meant to fail would bury what is not.
    before = log().log_level
    log().setLevel("CRITICAL")
    yield
    log().setLevel(before)


@pytest.fixture(autouse=True)
def _on_the_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    # The seconds of each incident's own have tests in tests/unit/followup_rules/test_deciding.py.
    monkeypatch.setattr(escalation, "_SPREAD_SECONDS", 1)
