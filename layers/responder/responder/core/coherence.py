"""No message contradicts itself: causes, findings and what was ruled out agree. Pure.

A test holds the table below complete: for every cause it lists the subjects that are wrong, or that there are
none. What a cause calls wrong is called fine by nothing else in the message. Where nothing needs to be fixed,
nothing in the message is red.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from responder.core.cause import Cause
from responder.core.finding import Finding, Polarity, Subject, Tone
from responder.core.text import Text, text
from responder.core.verdict import Verdict

_NOW = timedelta(0)
# By subject: the causes that say it is wrong.
_SAID_BY: dict[tuple[Subject, ...], str] = {
    (Subject.REQUESTS, Subject.DENIALS): "ACCESS_DENIED",
    (Subject.REQUESTS,): """THROTTLING QUOTA INTERNAL CONFIGURATION REFUSED IMPORT_ERROR SLOW_REKOGNITION
        SLOW_IMAGES SLOW_NETWORK SLOW_DEPENDENCY UNEXPECTED OTHER CLIENT_SETUP CONNECTION CONNECTION_LOST
        CREDENTIALS PROXY READ_TIMEOUT RESPONSE TLS VALIDATION VARIABLE OBJECT_ABSENT KEY_UNUSABLE""",
    (Subject.REQUESTS, Subject.TABLE): "SLOW_TABLE",
    (Subject.MEMORY,): "MEMORY",
    (Subject.REQUESTS, Subject.CHANGES): "RELEASE CHANGE",
    (Subject.CONFIGURATION,): "ENVIRONMENT",
    (Subject.REQUESTS, Subject.TABLE_STATE): "TABLE_ABSENT TABLE_UNUSABLE INDEX_ABSENT INDEX_UNUSABLE",
    (Subject.REQUESTS, Subject.BUCKET): "BUCKET_ABSENT",
    (Subject.REQUESTS, Subject.RIGHTS): "PERMISSION_ABSENT POLICY_ABSENT ROLE_ABSENT",
    (Subject.COLD_STARTS,): "COLD_STARTS",
    (Subject.SCORES,): "NEAR_THRESHOLD LOW_SCORES AMBER",
    (Subject.TABLE,): "TABLE_THROTTLED TABLE_CAPACITY TABLE_HOT_KEY TABLE_ON_DEMAND_THROTTLED",
    (Subject.RESERVATION,): "CONCURRENCY_OFF",
    (Subject.CONCURRENCY,): "CONCURRENCY_RESERVED CONCURRENCY_ACCOUNT",
    (Subject.DENIALS,): """DENIED_ROLE DENIED_ELSEWHERE DENIED_BY_ROLE DENIED_PUBLIC_BLOCK DENIED_KEY
        DENIED_ABOVE DENIED_OTHER_ROLE DENIED_OTHER_TARGET""",
    (Subject.DENIALS, Subject.BUCKET): "DENIED_BUCKET_POLICY",
}
SAYS = {Cause[name]: frozenset(subjects) for subjects, names in _SAID_BY.items() for name in names.split()}
_STEPS = (text("step.check_dashboard"), text("step.developers_logs"), Text("step.escalate_lead"))


def contradictions(verdict: Verdict, findings: Iterable[Finding]) -> Iterator[tuple[Subject, str]]:
    """Each subject about which the message contradicts itself, and where the other statement is."""
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
    """The findings of a coherent verdict: one that shows nothing of what a cause names, or of what another
    finding shows, is worded as what its source shows, not as proof that the subject is fine."""
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
    """Another finding shows that its subject is not fine within the same period."""
    return any(
        each.polarity is Polarity.WRONG
        and each.subject is fine.subject
        and (each.over or _NOW) <= (fine.over or _NOW)
        for each in findings
    )
