"""No message contradicts itself: causes, findings and what was ruled out agree. Pure.

The tables below are closed: every cause says which subjects are wrong, or that it says so of none. What a
cause calls wrong is called fine by nothing else in the message. Where nothing needs to be fixed, nothing in
the message is red.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from responder.core.cause import Cause
from responder.core.finding import Finding, Polarity, Subject, Tone
from responder.core.text import text
from responder.core.verdict import Verdict

_FAULTS = frozenset({Subject.REQUESTS})
_DENIED = frozenset({Subject.DENIALS})
_TABLE = frozenset({Subject.TABLE})
_CONCURRENCY = frozenset({Subject.CONCURRENCY})
_NOW = timedelta(0)
SAYS: dict[Cause, frozenset[Subject]] = {
    # --- faults of the log ---
    Cause.ACCESS_DENIED: _FAULTS | _DENIED,
    Cause.THROTTLING: _FAULTS,
    Cause.QUOTA: _FAULTS,
    Cause.INTERNAL: _FAULTS,
    Cause.CONFIGURATION: _FAULTS,
    Cause.REFUSED: _FAULTS,
    Cause.IMPORT_ERROR: _FAULTS,
    Cause.SLOW_REKOGNITION: _FAULTS,
    Cause.SLOW_TABLE: _FAULTS | _TABLE,
    Cause.SLOW_IMAGES: _FAULTS,
    Cause.SLOW_NETWORK: _FAULTS,
    Cause.SLOW_DEPENDENCY: _FAULTS,
    Cause.MEMORY: frozenset({Subject.MEMORY}),
    Cause.UNEXPECTED: _FAULTS,
    Cause.OTHER: _FAULTS,
    # --- errors without an AWS code ---
    Cause.CLIENT_SETUP: _FAULTS,
    Cause.CONNECTION: _FAULTS,
    Cause.CONNECTION_LOST: _FAULTS,
    Cause.CREDENTIALS: _FAULTS,
    Cause.PROXY: _FAULTS,
    Cause.READ_TIMEOUT: _FAULTS,
    Cause.RESPONSE: _FAULTS,
    Cause.TLS: _FAULTS,
    Cause.VALIDATION: _FAULTS,
    Cause.VARIABLE: _FAULTS,
    Cause.RELEASE: _FAULTS | {Subject.CHANGES},
    Cause.CHANGE: _FAULTS | {Subject.CHANGES},
    Cause.ENVIRONMENT: frozenset({Subject.CONFIGURATION}),
    # --- absent, or of no use ---
    Cause.TABLE_ABSENT: _FAULTS | {Subject.TABLE_STATE},
    Cause.TABLE_UNUSABLE: _FAULTS | {Subject.TABLE_STATE},
    Cause.INDEX_ABSENT: _FAULTS | {Subject.TABLE_STATE},
    Cause.INDEX_UNUSABLE: _FAULTS | {Subject.TABLE_STATE},
    Cause.BUCKET_ABSENT: _FAULTS | {Subject.BUCKET},
    Cause.OBJECT_ABSENT: _FAULTS,
    Cause.KEY_UNUSABLE: _FAULTS,
    Cause.PERMISSION_ABSENT: _FAULTS | {Subject.RIGHTS},
    Cause.POLICY_ABSENT: _FAULTS | {Subject.RIGHTS},
    Cause.ROLE_ABSENT: _FAULTS | {Subject.RIGHTS},
    Cause.COLD_STARTS: frozenset({Subject.COLD_STARTS}),
    # --- scores ---
    Cause.NEAR_THRESHOLD: frozenset({Subject.SCORES}),
    Cause.LOW_SCORES: frozenset({Subject.SCORES}),
    Cause.AMBER: frozenset({Subject.SCORES}),
    # --- capacity ---
    Cause.TABLE_THROTTLED: _TABLE,
    Cause.TABLE_CAPACITY: _TABLE,
    Cause.TABLE_HOT_KEY: _TABLE,
    Cause.TABLE_ON_DEMAND_THROTTLED: _TABLE,
    Cause.CONCURRENCY_OFF: frozenset({Subject.RESERVATION}),
    Cause.CONCURRENCY_RESERVED: _CONCURRENCY,
    Cause.CONCURRENCY_ACCOUNT: _CONCURRENCY,
    # --- denied calls ---
    Cause.DENIED_ROLE: _DENIED,
    Cause.DENIED_ELSEWHERE: _DENIED,
    Cause.DENIED_BY_ROLE: _DENIED,
    Cause.DENIED_BUCKET_POLICY: _DENIED | {Subject.BUCKET},
    Cause.DENIED_PUBLIC_BLOCK: _DENIED,
    Cause.DENIED_KEY: _DENIED,
    Cause.DENIED_ABOVE: _DENIED,
    Cause.DENIED_OTHER_ROLE: _DENIED,
    Cause.DENIED_OTHER_TARGET: _DENIED,
}
# They call nothing wrong: not known, a suspicion that rests on all else being well, users who left.
SAYS_NOTHING = frozenset({Cause.UNKNOWN, Cause.NETWORK, Cause.UNFINISHED})
# Of messages that answer no alarm: they come without evidence about the service.
WITHOUT_EVIDENCE = frozenset(
    {
        Cause.COMMAND,
        Cause.AUTOMATION_FAILED,
        Cause.FOLLOW_UP_FAILED,
        Cause.BACKUP_FAILED,
        Cause.CHECK_FAILED,
        Cause.REHEARSAL_FAILED,
        Cause.SLACK_POST_FAILED,
        Cause.SLACK_ACTION_FAILED,
        Cause.SLACK_CHECK_FAILED,
        Cause.WATCHDOG_HEADLESS,
        Cause.WATCHDOG_SILENT,
        Cause.WATCHDOG_DYING,
        Cause.WATCHDOG_OVERDUE,
        Cause.WATCHDOG_ORPHAN,
        Cause.WATCHDOG_APPROVED,
        Cause.WATCHDOG_UNREAD,
        Cause.WATCHDOG_MANY,
    }
)
_STEPS = (text("step.check_dashboard"), text("step.developers_logs"), text("step.escalate_lead"))


def contradictions(verdict: Verdict, findings: Iterable[Finding]) -> Iterator[tuple[Subject, str]]:
    """Each subject of which the message says two things, and where the other one is said."""
    findings = tuple(findings)
    wrong, red = _wrong(verdict), _red(findings)
    if verdict.cause.kind.normal:
        yield from ((subject, "causes") for subject in wrong | red)
    for each in findings:
        if each.polarity is Polarity.FINE and (each.subject in wrong or _contradicted(each, findings)):
            yield each.subject, each.look
    for out in verdict.ruled_out:
        if out.kind.subject in wrong | red:
            yield out.kind.subject, out.kind.value


def coherent(verdict: Verdict, findings: Iterable[Finding]) -> Verdict:
    """The verdict that the findings allow: nothing is normal while anything is red or has another cause, and
    nothing is ruled out that a finding shows or a cause names."""
    others = tuple(each for each in verdict.others if not each.kind.normal)
    verdict = replace(verdict, others=others)
    wrong, red = _wrong(verdict), _red(findings)
    if verdict.cause.kind.normal and wrong | red:
        subjects = tuple(text(f"say.subject.{subject}") for subject in Subject if subject in wrong | red)
        why = text("why.contradicted", believed=verdict.cause.text, subjects=subjects)
        verdict = replace(verdict, cause=Cause.UNKNOWN(), why=why, steps=_STEPS)
    kept = tuple(each for each in verdict.ruled_out if each.kind.subject not in wrong | red)
    return replace(verdict, ruled_out=kept)


def as_seen(verdict: Verdict, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings beside a coherent verdict: one that sees nothing of what a cause names, or of what another
    finding shows, says so as what its source shows, and not as its being fine."""
    findings = tuple(findings)
    wrong = _wrong(verdict)
    return tuple(
        replace(each, tone=Tone.INFO, said=text("evidence.not_seen_here", said=each.said))
        if each.polarity is Polarity.FINE and (each.subject in wrong or _contradicted(each, findings))
        else each
        for each in findings
    )


def _wrong(verdict: Verdict) -> frozenset[Subject]:
    causes = (verdict.cause, *verdict.others)
    return frozenset(subject for each in causes for subject in SAYS.get(each.kind, ()))


def _red(findings: Iterable[Finding]) -> frozenset[Subject]:
    return frozenset(each.subject for each in findings if each.polarity is Polarity.WRONG)


def _contradicted(fine: Finding, findings: Iterable[Finding]) -> bool:
    """Another finding shows that its subject is not fine within the very time that it speaks of."""
    return any(
        each.polarity is Polarity.WRONG
        and each.subject is fine.subject
        and (each.over or _NOW) <= (fine.over or _NOW)
        for each in findings
    )
