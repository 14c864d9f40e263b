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
    return time.time() >= at + least + (crc32(repr(series).encode()) % 1000 / 999 * (most - least))


def line_arrived(at: float) -> bool:
    """Whether a log event of this time (ms) can be read now."""
    return time.time() >= at / 1000 + STORE.settings.lines_late
