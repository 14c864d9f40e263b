"""What the automation itself depends on is away: late is allowed, silence is not."""

from tests.timelines.expect import Knows, Most, Said
from tests.timelines.timeline import (
    HEALED,
    HIGH,
    KILLED,
    SNS_AWAY,
    STOPPED,
    THROTTLED,
    At,
    Timeline,
    ladder,
    table_away,
)
from tests.timelines.world import Service
from tests.unit.followup.scenes import too_few_faults

_FEW = Service(faults=0.1)

TIMELINES = (
    Timeline(
        "sns-away-15",
        too_few_faults,
        130,
        (At(25, SNS_AWAY), At(40, HEALED)),
        (Knows(2, 41, since=30, slack=2), Knows(3, 60, since=59), Knows(4, 120, since=119)),
        _FEW,
    ),
    Timeline(
        "sns-throttles-40",
        too_few_faults,
        130,
        (At(58, THROTTLED), At(98, HEALED)),
        (Knows(2, 30, since=29), Knows(3, 99, since=60, slack=2), Knows(4, 120, since=119)),
        _FEW,
    ),
    Timeline(
        "table-away-15",
        too_few_faults,
        130,
        (At(24, table_away()), At(39, HEALED)),
        (Knows(2, 40, since=24, slack=2), Knows(3, 60, since=59), Knows(4, 120, since=119)),
        _FEW,
        lost=4,
    ),
    Timeline(
        "approvals-away",
        too_few_faults,
        130,
        (At(20, table_away("Approvals")), At(80, HEALED)),
        ladder(HIGH),
        _FEW,
    ),
    Timeline(
        "killed-at-119",
        too_few_faults,
        130,
        (At(118.9, KILLED),),
        (*ladder(HIGH, last=3), Knows(4, 121, since=119), Most(4, 1)),
        _FEW,
    ),
    Timeline(
        "stopped-at-50",
        too_few_faults,
        130,
        (At(50, STOPPED),),
        (
            Knows(2, 30, since=29),
            Knows(3, 70, since=59),
            Knows(4, 120, since=119),
            Said(r"^watchdog", 1, 1, about="watchdog"),
        ),
        _FEW,
    ),
)
