"""FaceAuth-Liveness-SlowSessionCreation, an alarm of this stack (manual, セッション作成が遅い)."""

from dataclasses import replace

from responder.alarm_function import handler_of
from responder.causes.failed_requests import unknown
from responder.causes.leading_fault import raised
from responder.causes.slow import BY_HAND, evidence, in_vpc, network, nothing_proven, proven, remedies, unread
from responder.causes.steps import steps
from responder.core.cause import Cause
from responder.core.expected_alarms import AlarmOwner, Definition, slow_creation
from responder.core.liveness_function import LivenessFunction
from responder.core.manual import Manual
from responder.core.metric_ranges import Yields
from responder.core.modes import Severity
from responder.core.text import Text, text
from responder.core.verdict import Verdict
from responder.evidence import Facts
from responder.evidence.creation_time import FEWEST, CreationTime, slow
from responder.respond.playbook import Playbook

TIMES = CreationTime()
CREATE = LivenessFunction.CREATE
# Where the way through the VPC may have its part.
_PERHAPS_NETWORK = frozenset({Cause.COLD_STARTS, Cause.UNKNOWN})


def decide(facts: Facts) -> Verdict:
    """A confirmed cause; a fault that has passed; what remains when all else is ruled out; or unknown."""
    line = facts.settings.slow_session_creation_seconds
    high = raised(facts, (CREATE.deployed_name(facts.settings),))
    verdict = proven(facts, CREATE, line) or (_fast_again(facts, line) if high is None else None)
    verdict = replace(verdict or _suspected(facts, line) or unknown(facts, _why(facts)), raised=high)
    if verdict.cause.kind not in _PERHAPS_NETWORK or not in_vpc(facts, CREATE):
        return verdict
    return replace(verdict, steps=steps(verdict.cause.kind))


def _fast_again(facts: Facts, line: float) -> Verdict | None:
    times = facts.of(TIMES)
    if times is None:
        return None
    waits = times.whole if slow(times.recent, facts.settings) is None else times.recent
    if slow(waits, facts.settings) is not False or (times.recent.p90 or 0.0) > line:
        return None
    why = text("why.creation_fast", p90=waits.p90 or 0.0, limit=line, samples=waits.samples)
    return Verdict(Cause.CREATION_FAST(), why, steps=steps(Cause.CREATION_FAST))


def _suspected(facts: Facts, line: float) -> Verdict | None:
    times = facts.of(TIMES)
    if times is None or not (slow(times.whole, facts.settings) or slow(times.recent, facts.settings)):
        return None
    return network(facts, CREATE, line)


def _why(facts: Facts) -> Text:
    times, enough = facts.of(TIMES), FEWEST
    if times is None:
        return text("why.looks_failed")
    if times.whole.samples < enough and not unread(facts, CREATE):
        return text("why.few_creations", count=times.whole.samples, enough=enough, hours=times.hours)
    return nothing_proven(facts, CREATE)


playbook = Playbook(
    alarm="FaceAuth-Liveness-SlowSessionCreation",
    slug="slow-session-creation",
    severity=Severity.MEDIUM,
    evidence=(TIMES, *evidence(CREATE)),
    decide=decide,
    manual=Manual(("step.creation_time", *BY_HAND), CREATE),
    definition=Definition(
        AlarmOwner.OURS,
        slow_creation,
        "問題: セッション作成が遅い",
        Yields.CREATE,
        "SlowSessionCreationSeconds",
    ),
    remedies=remedies(CREATE),
)
handler = handler_of(playbook)
