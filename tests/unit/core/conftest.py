import pytest

from responder.store import Incidents
from tests.unit.core.world import store


@pytest.fixture
def incidents() -> Incidents:
    return store()
