"""All timelines, and those that the follow-up does not yet get right."""

from collections.abc import Mapping

from tests.timelines.stories import unsolved
from tests.timelines.timeline import Timeline

_ALL = unsolved.TIMELINES


def timelines(name: str = "") -> tuple[Timeline, ...]:
    """The one of this name; all without one."""
    return tuple(each for each in _ALL if name in ("", each.id))


_USERS = "The first paragraph of an escalation does not say how many users it hits."
_STALE = f"{_USERS} After the last level its figures are old, and levels 2 and 3 get every repeat."

# By timeline, what is not as expected. One that goes right leaves this list: a test sees to it.
KNOWN_MISSES: Mapping[str, str] = {
    "high-nobody": _STALE,
    "high-nobody-day": _STALE,
    "medium-nobody-day": "The repeats after the last level go to levels 2 to 4, for medium severity too.",
    "ack-at-10": _USERS,
    "ack-at-29": _USERS,
    "ack-twice": _USERS,
    "ack-at-119": _USERS,
    "question-nobody": f"{_STALE} It cannot be approved at every minute, nor is it said what a yes changes.",
    "question-approved-at-20": "Messages after a command give its time as the beginning of the incident.",
    "question-approved-at-100": "Between level 3 and level 4 there is nothing that could be approved.",
    "question-approved-at-200": "After the last level there is nothing that could be approved.",
    "question-rejected": "A later decision gives its own time as the beginning of the incident.",
    "automatic-at-150": "After the last level it is not decided again.",
    "daylight-saving-america": _STALE,
    "daylight-saving-europe": _STALE,
    "years-end": _STALE,
    "linked": "A reminder and an escalation come within an hour; a later decision has its own time as since.",
}
