"""No message contradicts itself: causes, findings and what was ruled out agree. Pure.

The table below is closed: every cause says which subjects are wrong, or which are fine. A subject that a
cause calls wrong is called fine by nothing else in the message. Where nothing needs to be fixed, nothing in
the message is red.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from responder.cause import Cause
from responder.finding import Finding, Polarity, Subject, Tone
from responder.text import text
from responder.verdict import Verdict

_FAULTS = frozenset({Subject.REQUESTS})
_DENIED = frozenset({Subject.DENIALS})
_TABLE = frozenset({Subject.TABLE})
_CONCURRENCY = frozenset({Subject.CONCURRENCY})
_NOTHING = frozenset[Subject]()


@dataclass(frozen=True, slots=True)
class Saying:
    """What a cause says: of `wrong` that something is the matter with it, of `fine` that nothing is."""

    wrong: frozenset[Subject] = _NOTHING
    fine: frozenset[Subject] = _NOTHING


SAYS: dict[Cause, Saying] = {
    Cause.UNKNOWN: Saying(),
    # --- faults of the log ---
    Cause.ACCESS_DENIED: Saying(_FAULTS | _DENIED),
    Cause.THROTTLING: Saying(_FAULTS),
    Cause.QUOTA: Saying(_FAULTS),
    Cause.INTERNAL: Saying(_FAULTS),
    Cause.CONFIGURATION: Saying(_FAULTS),
    Cause.REFUSED: Saying(_FAULTS),
    Cause.IMPORT_ERROR: Saying(_FAULTS),
    Cause.SLOW_REKOGNITION: Saying(_FAULTS),
    Cause.SLOW_TABLE: Saying(_FAULTS | _TABLE),
    Cause.SLOW_IMAGES: Saying(_FAULTS),
    Cause.SLOW_NETWORK: Saying(_FAULTS),
    Cause.SLOW_DEPENDENCY: Saying(_FAULTS),
    Cause.MEMORY: Saying(frozenset({Subject.MEMORY})),
    Cause.UNEXPECTED: Saying(_FAULTS),
    Cause.OTHER: Saying(_FAULTS),
    # --- errors without an AWS code ---
    Cause.CLIENT_SETUP: Saying(_FAULTS),
    Cause.CONNECTION: Saying(_FAULTS),
    Cause.CONNECTION_LOST: Saying(_FAULTS),
    Cause.CREDENTIALS: Saying(_FAULTS),
    Cause.PROXY: Saying(_FAULTS),
    Cause.READ_TIMEOUT: Saying(_FAULTS),
    Cause.RESPONSE: Saying(_FAULTS),
    Cause.TLS: Saying(_FAULTS),
    Cause.VALIDATION: Saying(_FAULTS),
    Cause.VARIABLE: Saying(_FAULTS),
    Cause.RELEASE: Saying(_FAULTS | {Subject.CHANGES}),
    Cause.CHANGE: Saying(_FAULTS | {Subject.CHANGES}),
    Cause.ENVIRONMENT: Saying(frozenset({Subject.CONFIGURATION})),
    # --- absent, or of no use ---
    Cause.TABLE_ABSENT: Saying(_FAULTS | {Subject.TABLE_STATE}),
    Cause.TABLE_UNUSABLE: Saying(_FAULTS | {Subject.TABLE_STATE}),
    Cause.INDEX_ABSENT: Saying(_FAULTS | {Subject.TABLE_STATE}),
    Cause.INDEX_UNUSABLE: Saying(_FAULTS | {Subject.TABLE_STATE}),
    Cause.BUCKET_ABSENT: Saying(_FAULTS | {Subject.BUCKET}),
    Cause.OBJECT_ABSENT: Saying(_FAULTS),
    Cause.KEY_UNUSABLE: Saying(_FAULTS),
    Cause.PERMISSION_ABSENT: Saying(_FAULTS | {Subject.RIGHTS}),
    Cause.POLICY_ABSENT: Saying(_FAULTS | {Subject.RIGHTS}),
    Cause.ROLE_ABSENT: Saying(_FAULTS | {Subject.RIGHTS}),
    Cause.COLD_STARTS: Saying(frozenset({Subject.COLD_STARTS})),
    Cause.NETWORK: Saying(),
    # --- nothing is wrong, or it is over ---
    Cause.SESSIONS_ENDED: Saying(fine=_FAULTS | _DENIED | _TABLE | _CONCURRENCY),
    Cause.RATE_NORMAL: Saying(fine=frozenset({Subject.SUCCESS_RATE}) | _CONCURRENCY),
    Cause.PASSED_BY: Saying(fine=_TABLE),
    Cause.CREATION_FAST: Saying(fine=frozenset({Subject.DURATION})),
    Cause.THROTTLES_PASSED: Saying(fine=_CONCURRENCY),
    Cause.DENIED_MENDED: Saying(fine=_NOTHING),
    # --- scores ---
    Cause.UNFINISHED: Saying(),
    Cause.NEAR_THRESHOLD: Saying(frozenset({Subject.SCORES})),
    Cause.LOW_SCORES: Saying(frozenset({Subject.SCORES})),
    Cause.AMBER: Saying(frozenset({Subject.SCORES})),
    # --- capacity ---
    Cause.TABLE_THROTTLED: Saying(_TABLE),
    Cause.TABLE_CAPACITY: Saying(_TABLE),
    Cause.TABLE_HOT_KEY: Saying(_TABLE),
    Cause.TABLE_ON_DEMAND_THROTTLED: Saying(_TABLE),
    Cause.CONCURRENCY_OFF: Saying(frozenset({Subject.RESERVATION})),
    Cause.CONCURRENCY_RESERVED: Saying(_CONCURRENCY),
    Cause.CONCURRENCY_ACCOUNT: Saying(_CONCURRENCY),
    # --- denied calls ---
    Cause.DENIED_ROLE: Saying(_DENIED),
    Cause.DENIED_ELSEWHERE: Saying(_DENIED),
    Cause.DENIED_BY_ROLE: Saying(_DENIED),
    Cause.DENIED_BUCKET_POLICY: Saying(_DENIED | {Subject.BUCKET}),
    Cause.DENIED_PUBLIC_BLOCK: Saying(_DENIED),
    Cause.DENIED_KEY: Saying(_DENIED),
    Cause.DENIED_ABOVE: Saying(_DENIED),
    Cause.DENIED_OTHER_ROLE: Saying(_DENIED),
    Cause.DENIED_OTHER_TARGET: Saying(_DENIED),
}
# Of messages that answer no alarm: they come without evidence about the service.
WITHOUT_EVIDENCE = frozenset(
    {
        Cause.COMMAND,
        Cause.AUTOMATION_FAILED,
        Cause.FOLLOW_UP_FAILED,
        Cause.BACKUP_FAILED,
        Cause.CHECK_FAILED,
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
    wrong, fine = _said(verdict)
    for subject in wrong & fine:
        yield subject, "causes"
    for each in findings:
        if each.polarity is Polarity.FINE and each.subject in wrong:
            yield each.subject, each.look
        if each.polarity is Polarity.WRONG and (each.subject in fine or verdict.cause.kind.normal):
            yield each.subject, each.look
    red = {each.subject for each in findings if each.polarity is Polarity.WRONG}
    for out in verdict.ruled_out:
        if out.kind.subject in wrong | red:
            yield out.kind.subject, out.kind.value


def coherent(verdict: Verdict, findings: Iterable[Finding]) -> Verdict:
    """The verdict that the findings allow: nothing is normal while its evidence is red, and nothing is ruled
    out that a finding shows or a cause names."""
    red = {each.subject for each in findings if each.polarity is Polarity.WRONG}
    if verdict.cause.kind.normal and red:
        subjects = tuple(text(f"say.subject.{subject}") for subject in Subject if subject in red)
        why = text("why.contradicted", believed=verdict.cause.text, subjects=subjects)
        verdict = replace(verdict, cause=Cause.UNKNOWN(), why=why, steps=_STEPS)
    others = tuple(each for each in verdict.others if not each.kind.normal)
    wrong, _ = _said(verdict)
    kept = tuple(each for each in verdict.ruled_out if each.kind.subject not in wrong | red)
    return replace(verdict, ruled_out=kept, others=others)


def as_seen(verdict: Verdict, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings beside a coherent verdict: one that sees nothing of what a cause names says so as what its
    source shows, and not as its being fine."""
    wrong, _ = _said(verdict)
    return tuple(
        replace(each, tone=Tone.INFO, said=text("evidence.not_seen_here", said=each.said))
        if each.polarity is Polarity.FINE and each.subject in wrong
        else each
        for each in findings
    )


def _said(verdict: Verdict) -> tuple[frozenset[Subject], frozenset[Subject]]:
    says = [SAYS.get(each.kind, Saying()) for each in (verdict.cause, *verdict.others)]
    return _NOTHING.union(*(each.wrong for each in says)), _NOTHING.union(*(each.fine for each in says))
