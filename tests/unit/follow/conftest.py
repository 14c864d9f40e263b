from collections.abc import Iterator

import pytest

from responder.shell.log import log


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    # What is meant to fail would bury what is not.
    before = log().log_level
    log().setLevel("CRITICAL")
    yield
    log().setLevel(before)
