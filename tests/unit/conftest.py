from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from pytest_socket import disable_socket, enable_socket

from responder.aws.parallel import side_by_side
from responder.checks.run import running
from responder.core import retry
from responder.core.log import log
from tests.fakes.pools import AtOnce, with_pools
from tests.proof.summary import WHOLE

# How long an example takes says how busy the machine is, nothing about the property.
settings.register_profile(
    "unit", max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("proof", parent=settings.get_profile("unit"), max_examples=250)
# For `make mutants`: whether a property fails is all that is asked, thousands of times.
settings.register_profile(
    "mutants",
    parent=settings.get_profile("unit"),
    phases=(Phase.explicit, Phase.generate),
    derandomize=True,
    database=None,
)
settings.load_profile("proof" if WHOLE else "unit")


# Once for each file: with thousands of small tests, what is done around each of them adds up.
@pytest.fixture(autouse=True, scope="module")
def _alone(request: pytest.FixtureRequest) -> Iterator[None]:
    """No network, and nothing to wait for."""
    _log_level()
    with pytest.MonkeyPatch.context() as patch:
        # How long a reading of a fake takes depends on how busy the machine is. Tests of the limits give
        # their own.
        patch.setattr(side_by_side, "__defaults__", (60.0, 60.0))
        # As many tries as in earnest, of what a fake turns away.
        patch.setattr(retry, "PAUSES", (0.0,) * len(retry.PAUSES))
        patch.setattr(running, "RATES", {})
        # Starting a thread takes longer than what a fake does.
        if request.path.name not in WITH_THREADS:
            for module in with_pools():
                patch.setattr(module, "ThreadPoolExecutor", AtOnce)
        disable_socket(allow_unix_socket=True)
        yield
    enable_socket()


@cache
def _log_level() -> int:
    return log().log_level


def pytest_runtest_teardown() -> None:
    """A test that wants no log would leave none to the next one of the same process."""
    if log().log_level != _log_level():
        log().setLevel(_log_level())


# About time, or about what happens at the same time.
WITH_THREADS = {
    "test_simultaneous.py",
    "test_budget.py",
    "test_call_budget.py",
    "test_check_running.py",
    "test_checked_writes.py",
    "test_deadline.py",
    "test_patient.py",
    "test_readiness_reached.py",
    "test_three_seconds.py",
    "test_twice.py",
}
# Whole stories, simulations, whole commands, and what runs by the clock: `make test` plays them, the quick
# gate `make check` does not.
SLOW = {
    "backtest",
    "backups",
    "checks",
    "console",
    "detection",
    "drill",
    "followup",
    "people",
    "preflight",
    "slack_inbound",
    "slack_outbound",
    "timelines",
    "watchdog",
    "test_any_history.py",
    "test_check_any.py",
    "test_check_command.py",
    "test_detect_command.py",
    "test_detection.py",
    "test_finishing.py",
    "test_mail_shape.py",
    "test_settings_unusable.py",
}


_HERE = Path(__file__).parent


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Without them there is no need to import them either."""
    return True if "not slow" in config.option.markexpr and collection_path.name in SLOW else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        # Those of other folders are in the list, too.
        if item.path.is_relative_to(_HERE) and SLOW & set(item.path.relative_to(_HERE).parts):
            item.add_marker(pytest.mark.slow)
