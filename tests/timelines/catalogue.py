"""All timelines, and those that the follow-up does not yet get right."""

from collections.abc import Mapping

from tests.timelines.stories import flapping, in_force, outages, unsolved
from tests.timelines.timeline import Timeline

_ALL = (*unsolved.TIMELINES, *in_force.TIMELINES, *flapping.TIMELINES, *outages.TIMELINES)


def timelines(name: str = "") -> tuple[Timeline, ...]:
    """The one of this name, or those whose name begins so; all without one."""
    exact = tuple(each for each in _ALL if each.id == name)
    return exact or tuple(each for each in _ALL if each.id.startswith(name))


_USERS = "The first paragraph of an escalation does not say how many users it hits."
_REPEATS = f"{_USERS} Levels 2 and 3 get every repeat of the last level."
_SINCE = "Messages after a command give its time as the beginning of the incident."

# By timeline, what is not as expected. One that goes right leaves this list: a test sees to it.
KNOWN_MISSES: Mapping[str, str] = {
    "high-nobody": _REPEATS,
    "high-nobody-day": _REPEATS,
    "medium-nobody-day": "The repeats after the last level go to levels 2 to 4, for medium severity too.",
    "ack-at-10": _USERS,
    "ack-at-29": _USERS,
    "ack-twice": _USERS,
    "ack-at-119": _USERS,
    "question-nobody": f"{_REPEATS} Nor does it say what a yes changes.",
    "question-approved-at-20": _SINCE,
    "question-approved-at-100": f"{_USERS} {_SINCE}",
    "question-approved-at-200": f"{_USERS} {_SINCE}",
    "question-rejected": "A later decision gives its own time as the beginning of the incident.",
    "automatic-at-150": f"{_USERS} {_SINCE}",
    "daylight-saving-america": _REPEATS,
    "daylight-saving-europe": _REPEATS,
    "years-end": _REPEATS,
    "raised-to-high": "A later decision gives its own time as the beginning of the incident.",
    "person-sets-another-value": _SINCE,
    "needed-by-another": f"{_USERS} {_SINCE}",
    "observed-all-along": _USERS,
    "linked": "A reminder and an escalation come within an hour; a later decision has its own time as since.",
    "off-nobody-day": "The way back is asked for every hour of a quiet day.",
    "off-nobody-four-days": "The way back is asked for every hour of four quiet days.",
    "off-in-vain-day": "The way back is not offered; reminder and repeat of level 4 are two mails an hour.",
    "off-in-vain-restored": "What lowered security in vain is not offered back.",
    "off-in-vain-rejected": "Reminder and escalation of one state come within an hour.",
    "three-steps": "Each step back is told twice, and verified and asked are two mails.",
    "three-steps-slow": "Each step back is told twice, and verified and asked are two mails.",
    "step-fails": "That a step fails and that 0 % is asked for are two mails.",
    "step-without-traffic": "That a step is not proven and that the next is asked for are two mails.",
    "person-restores": _SINCE,
    "deployment-restores": _SINCE,
    "person-restores-half": _SINCE,
    "deployment-during-step": _SINCE,
    "next-incident-acts": _SINCE,
    "other-alarm-acts": _SINCE,
    "person-takes-back": f"{_USERS} {_SINCE}",
    "approved-under-observe": "The approval is sent three times and refused three times.",
    "approved-under-stop": "The approval is sent three times and refused three times.",
    "stopped-all-along": _USERS,
    "alarm-deleted": "No message says that the alarm is gone, and nothing can close the incident.",
    "alarm-deleted-off": "No message says that the alarm is gone, and the way back is not offered.",
    "warm-taken-back": _SINCE,
    "warm-in-vain": "The repeats after the last level go to levels 2 to 4, for medium severity too.",
    "warm-paused": _SINCE,
    "on-demand-nobody": _SINCE,
    "on-demand-approved": f"{_SINCE} The way back is told twice.",
    "flap-3-3": _REPEATS,
    "flap-3-3-off": f"{_REPEATS} Reminder and escalation come within an hour.",
    "flap-5-20": _USERS,
    "flap-12-12": _USERS,
    "flap-12-12-off": f"{_SINCE} A question and a repeat come within an hour.",
    "flap-12-12-off-day": f"{_SINCE} A question and a repeat come within an hour.",
    "flap-30-30": _USERS,
    "return-to-all-who-know": f"{_SINCE} It is not said what a yes changes.",
    "second-return": f"{_SINCE} It is not said what a yes changes.",
    "third-incident": _USERS,
    "sns-away-15": _REPEATS,
    "sns-throttles-40": f"{_REPEATS} A topic that is away for a quarter of an hour ends the follow-up.",
    "table-away-15": _USERS,
    "approvals-away": _USERS,
    "killed-at-119": _USERS,
    "stopped-at-50": _USERS,
}
