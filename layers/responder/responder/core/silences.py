"""What keeps an alarm from acting: people's own ways to silence it in CloudWatch.

Sources: CloudWatch API reference (DescribeAlarms, PutCompositeAlarm, PutAlarmMuteRule); CloudWatch User
Guide, "Alarm events and EventBridge". Whatever silences an alarm, EventBridge hears of its changes all the
same.
"""

import re
from datetime import datetime

from responder.core.frozen import frozen
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Refusal

_LONGEST = 255


@frozen
class Silence:
    """One silence of one alarm. `until`: when it ends (UTC), where that is known."""

    reason: ExplainedReason[Refusal]
    until: datetime | None = None


def name_of(named: object) -> str:
    """The name of an alarm or a mute rule that AWS gives by its name or its ARN; `?` where it gives none."""
    name = re.split(":alarm(?:-mute(?:-rule)?)?:", named)[-1] if isinstance(named, str) else ""
    return name if name and name.isprintable() and len(name) <= _LONGEST else "?"
