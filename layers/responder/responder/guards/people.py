"""Guards over what people said, and over the evidence itself."""

from datetime import datetime

from responder.core.errors import SettingsUnusable
from responder.core.modes import Mode
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Refusal
from responder.core.stops import Stop
from responder.core.text import text
from responder.core.timestamps import stamp
from responder.guards.question import Ends, Hold, Purpose, Question

# What no person has ordered.
_BY_ITSELF = (Purpose.RESPOND, Purpose.RESUME, Purpose.FINISH)


def paused(question: Question) -> Hold | None:
    """A person paused the automation."""
    if question.switches is None or not question.switches.readable:
        return Hold(Ends.OBSERVE, Refusal.PAUSES_UNREADABLE())
    if stops := question.switches.active(question.now):
        longest = max(stops, key=lambda each: (each.until is None, each.until or question.now))
        return Hold(Ends.REFUSE, _reason(longest, question.now), question.switches.until(question.now))
    return None


def silenced(question: Question) -> Hold | None:
    """A person silenced this alarm in CloudWatch; it is over once the last of the silences is."""
    every = question.switches.silences if question.switches is not None else ()
    found = [each for each in every if each.until is None or each.until > question.now]
    if not found:
        return None
    ends = [each.until for each in found if each.until is not None]
    return Hold(Ends.OBSERVE, found[0].reason, max(ends) if len(ends) == len(found) else None)


def mode(question: Question) -> Hold | None:
    """The stricter of the global and the remedy's mode; an approval satisfies `approve` only."""
    unusable = question.switches.document if question.switches else None
    if isinstance(unusable, SettingsUnusable):
        # What is wrong the follow-up says, once in an incident; a command is answered by this line alone.
        responds = question.purpose in _BY_ITSELF
        because = {"detail": unusable.reason.text}
        said = Refusal.SETTINGS_UNUSABLE() if responds else Refusal.SETTINGS_UNUSABLE_BECAUSE(**because)
        return Hold(Ends.OBSERVE, said)
    found = question.switches.mode(question.remedy) if question.switches else None
    if found is None:
        return Hold(Ends.OBSERVE, Refusal.MODE_UNREADABLE())
    if found is Mode.OBSERVE and question.at_most is Mode.OBSERVE and question.at_most_reason:
        return Hold(Ends.OBSERVE, question.at_most_reason)
    if found is Mode.OBSERVE:
        return Hold(Ends.OBSERVE, Refusal.MODE_OBSERVE())
    if question.purpose in _BY_ITSELF and found is Mode.APPROVE and not question.approved:
        return Hold(Ends.ASK, Refusal.MODE_APPROVE())
    return None


def stale(question: Question) -> Hold | None:
    """Old, replayed or not re-read: the alarm may be over."""
    return Hold(Ends.OBSERVE, question.doubts[0]) if question.doubts else None


def too_few_samples(question: Question) -> Hold | None:
    """A rate with too few samples never justifies an action."""
    if question.samples_short is None:
        return None
    return Hold(Ends.REFUSE, Refusal.TOO_FEW_SAMPLES(detail=question.samples_short))


def _reason(stop: Stop, now: datetime) -> ExplainedReason[Refusal]:
    until = stamp(stop.until, now) if stop.until else text("guard.until_resumed")
    if stop.since is None:
        return Refusal.PAUSED(name=stop.name, who=stop.who, why=stop.why, until=until)
    since = stamp(stop.since, now)
    return Refusal.WINDOW(name=stop.name, who=stop.who, why=stop.why, since=since, until=until)
