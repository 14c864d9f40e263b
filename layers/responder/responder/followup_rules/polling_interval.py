"""When to look again: quickly at first, slowly later, and always when something falls due."""

import math
from datetime import timedelta

from responder.core.approval_request import VALID
from responder.followup_rules.duties import planned
from responder.followup_rules.memory import FollowUpMemory
from responder.followup_rules.seen import ApprovalAnswer, Observation

_PACES = (
    (timedelta(minutes=10), 30),
    (timedelta(hours=1), 60),
    (timedelta(hours=6), 300),
)
_SLOWEST = 900
# A question just asked, and one that waits: by then an approval is carried out whose command got lost.
_WAITING = ((VALID, 60), (timedelta.max, 180))


def pause(seen: Observation, watch: FollowUpMemory) -> int:
    """Seconds until the next look, at least 1."""
    age = seen.now - seen.opened
    seconds = next((pace for until, pace in _PACES if age < until), _SLOWEST)
    for each in seen.askings:
        if each.answer is ApprovalAnswer.OPEN:
            waits = seen.now - (each.asked.since or each.asked.at)
            seconds = min(seconds, next(pace for until, pace in _WAITING if waits < until))
    ahead = [(each.at - seen.now).total_seconds() for each in planned(seen, watch) if each.at > seen.now]
    return max(1, min([seconds, *(math.ceil(each) for each in ahead)]))
