import pytest

from tests.fakes import FakeAws
from tests.unit.evidence.worlds import NOW, Figures, Logs


@pytest.fixture
def aws() -> FakeAws:
    return FakeAws(NOW)


@pytest.fixture
def figures(aws: FakeAws) -> Figures:
    return Figures().serve(aws)


@pytest.fixture
def logs(aws: FakeAws) -> Logs:
    return Logs().serve(aws)
