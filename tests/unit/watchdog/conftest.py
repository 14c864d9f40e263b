import pytest

from responder.core.log import log


@pytest.fixture(autouse=True)
def _quiet() -> None:
    """Made before any test captures the output: the log keeps the stream that it is made with."""
    log().setLevel("CRITICAL")
