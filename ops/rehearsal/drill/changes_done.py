"""Wait until AWS has finished what it was asked for: then the follow-up sends `finish`."""

import time

from local_aws.client import LocalAws
from rehearsal.world.names import ALIAS, FUNCTIONS, LIVENESS

_PATIENCE = 10.0


def wait(aws: LocalAws) -> None:
    """No function is being updated, no provisioned concurrency is being allocated."""
    end = time.monotonic() + _PATIENCE
    while _busy(aws):
        if time.monotonic() > end:
            raise TimeoutError("a change of the FaceAuth functions does not end")
        time.sleep(0.02)


def _busy(aws: LocalAws) -> bool:
    found = aws.functions(FUNCTIONS)
    updating = "InProgress" in [each["config"].get("LastUpdateStatus") for each in found.values()]
    warm = [found[name]["provisioned"].get(ALIAS, {}) for name in LIVENESS if name in found]
    return updating or "IN_PROGRESS" in [each.get("Status") for each in warm]
