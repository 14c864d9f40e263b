"""What is written can be read some time later, as on AWS.

Metrics come up to three minutes after their time, log lines some seconds. How late a series is follows from
its name alone, so that runs repeat.
"""

from __future__ import annotations

import time
from zlib import crc32

from .store import STORE


def metric_arrived(series: object, at: float) -> bool:
    """Whether a value of this series and time (s) can be read now."""
    least, most = STORE.settings.metrics_late
    if not most:
        return True
    return time.time() >= at + least + (crc32(repr(series).encode()) % 1000 / 999 * (most - least))


def line_arrived(at: float) -> bool:
    """Whether a log event of this time (ms) can be read now."""
    late = STORE.settings.lines_late
    # A line may be ahead of the clock, up to two hours: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
    return not late or time.time() >= at / 1000 + late
