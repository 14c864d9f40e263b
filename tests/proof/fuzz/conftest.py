from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import disable_socket, enable_socket

from responder.aws.parallel import side_by_side
from tests.fakes.pools import AtOnce, with_pools
from tests.proof.summary import WHOLE

_PATIENT = 600.0
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if WHOLE and HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(1800))


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No network, no threads, and no metrics as lines on standard output. Looks are waited for: how long they
    take says how busy the machine is."""
    monkeypatch.setattr(side_by_side, "__defaults__", (_PATIENT, _PATIENT))
    for module in with_pools():
        monkeypatch.setattr(module, "ThreadPoolExecutor", AtOnce)
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()
