"""How coarse datapoints have to be: CloudWatch keeps fine ones for less time.

AWS: GetMetricData: periods under a minute for 3 hours, 1 min for 15 days, 5 min for 63 days, 1 h for 455.
"""

from datetime import timedelta

_KEPT = (
    (timedelta(hours=3), 1),
    (timedelta(days=15), 60),
    (timedelta(days=63), 300),
)
_COARSEST = 3600
_A_DAY = 86_400


def period_for(own: int, age: timedelta) -> int:
    """The alarm's own period in seconds, or the next wider one that is still kept at that age."""
    step = next((step for kept, step in _KEPT if age <= kept), _COARSEST)
    return min(_A_DAY, -(-max(own, step) // step) * step)
