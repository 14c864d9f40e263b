"""How long an alarm is unsolved, over its calms and its incidents: from when the escalation's levels count.

The manual escalates what is not solved within so many minutes. An alarm that comes and goes is not solved:

- A calm of two hours or more ends it: the levels count anew from the return.
- After a shorter calm the levels go on counting from the first ALARM, with one exception: the first return
  after a calm of an hour or more may be another fault, so the levels count from that return. With the next
  return within two hours of calm they count from the first ALARM again.
- Whether the incident stayed open during the calm, or was closed and the return opened another, is the same.

So while an alarm is raised, and no calm since its first ALARM lasted two hours, each level whose minutes
have passed since that ALARM has been told, unless an acknowledgement holds it, or the only return so far came
after a calm of an hour or more: then the minutes count from that return.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta

from responder.core.codec import STORED
from responder.core.frozen import frozen

_LONG = timedelta(hours=1)
_SOLVED = timedelta(hours=2)
# An alarm that has come back so often is expected to come back again.
OFTEN = 2


@frozen
class EscalationClock:
    """All times in UTC.

    Attributes:
        first: the first ALARM since the alarm was last calm for two hours.
        since: the ALARM from which the levels count: `first`, or a later return.
        returns: how often it came back after a calm that had lasted the soak time.
    """

    first: datetime
    since: datetime
    returns: int = 0

    def returned(self, calm: timedelta, at: datetime, soak: timedelta) -> "EscalationClock":
        """The alarm is raised again `at`, after a calm that lasted so long."""
        if calm >= _SOLVED:
            return EscalationClock(at, at)
        if calm < soak:
            return self
        anew = calm >= _LONG and not self.returns
        return EscalationClock(self.first, at if anew else self.first, self.returns + 1)

    def enough(self, soak: timedelta) -> timedelta:
        """How long OK has to last until on-call is told of the calm, and the incident can end: an alarm that
        came back twice would be told as calm and as raised again and again."""
        return max(soak, _LONG) if self.returns >= OFTEN else soak


@frozen
class EarlierIncident:
    """What an incident leaves to the next one of its alarm.

    Attributes:
        calm: since when the alarm was OK when the incident ended.
        told: when each level above the first was told.
        late: by how many minutes acknowledgements had delayed the levels.
        held: until when the last acknowledgement holds the escalation; `held_by` whose it is.
    """

    clock: EscalationClock
    calm: datetime
    told: Mapping[int, datetime] = field(default_factory=dict, metadata=STORED)
    late: int = field(default=0, metadata=STORED)
    held: datetime | None = field(default=None, metadata=STORED)
    held_by: str = field(default="", metadata=STORED)

    def at(self, opened: datetime, soak: timedelta) -> EscalationClock:
        """The clock of an incident that begins then."""
        return self.clock.returned(opened - self.calm, opened, soak)
