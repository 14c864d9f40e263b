import pytest

from tests.proof import chance
from tests.proof.summary import Summary


def pytest_configure(config: pytest.Config) -> None:
    # Here and not in tests/proof: the process that starts the workers loads no other conftest.
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Summary(config.invocation_params.args), "proof-summary")
        chance.settle()
