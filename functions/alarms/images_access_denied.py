"""FaceAuth-Images-AccessDenied (manual, S3アクセスエラー)."""

from responder.alarm_function import handler_of
from responder.causes import ACCESS, BUCKET, CHANGED, HEALTH, HOUR, INVOCATIONS, PRESSURE, TABLE
from responder.causes.denied import (
    DENIED,
    MENDED,
    LeadingDenial,
    allowed,
    changes,
    denying,
    judge,
    leading,
    over,
)
from responder.causes.failed_requests import unknown
from responder.causes.mending import with_change
from responder.causes.steps import ENDS_BY_HAND, About, ruled_out, steps, with_throttled_table
from responder.core.expected_alarms import AlarmOwner, Definition, denied_images
from responder.core.manual import Manual
from responder.core.modes import Severity
from responder.core.text import Text, text
from responder.core.verdict import Verdict
from responder.evidence import Facts
from responder.evidence.configuration import Config
from responder.evidence.denied import QUIET, DeniedRequests
from responder.evidence.faults import DenyingPolicy
from responder.remedies.on_demand_billing import OnDemandBilling
from responder.remedies.propose_change import ProposeChange
from responder.respond.playbook import Playbook


def decide(facts: Facts) -> Verdict:
    """Who denies what, and besides whether the table is throttled."""
    return with_throttled_table(facts, _denied(facts))


def _denied(facts: Facts) -> Verdict:
    """The leading denial: already over, explained by a policy, or unknown."""
    found = facts.of(DENIED)
    if found is None:
        return unknown(facts, text("why.logs_unread"))
    lead = _lead(facts, found)
    if lead is None:
        return unknown(facts, _nothing(found))
    judged, calls = judge(facts, lead), over(facts, lead)
    if calls is not None:
        return _mended(facts, text("why.denied_no_more", denial=lead.say(), calls=calls))
    if judged is None:
        return unknown(facts, _unexplained(facts, lead))
    if judged == MENDED:
        return _mended(facts, text("why.denied_allowed_now", denial=lead.say()))
    why = text("why.denied", denial=lead.say())
    if lead.others:
        why = text("why.denied_others", denial=lead.say(), others=lead.others)
    function = str(judged.values.get("function", ""))
    return Verdict(
        judged,
        with_change(facts, judged, why),
        ruled_out(facts),
        changes(facts, lead, judged, why),
        steps(About(judged.kind, (function,) if function else ())),
    )


def _lead(facts: Facts, found: DeniedRequests) -> LeadingDenial | None:
    """The leading denial; where that has ended, what is still denied."""
    recent = tuple(each for each in found.denials if each.at >= facts.now - HOUR)
    lead = leading(recent or found.denials)
    going = leading(tuple(each for each in found.denials if each.at > facts.now - QUIET))
    if lead is None or going is None:
        return lead
    return going if over(facts, lead) is not None or judge(facts, lead) == MENDED else lead


def _mended(facts: Facts, why: Text) -> Verdict:
    return Verdict(MENDED, why, ruled_out(facts), steps=steps(MENDED.kind))


def _nothing(found: DeniedRequests) -> Text:
    if found.unparsed:
        return text("why.denied_unparsed", count=found.unparsed)
    return text("why.no_denial_seen" if found.whole(found.since) else "why.logs_unread")


def _unexplained(facts: Facts, lead: LeadingDenial) -> Text:
    if allowed(facts, lead.what.action) and lead.what.reason is DenyingPolicy.NOT_ALLOWED:
        return text("why.denied_despite", denial=lead.say())
    blind = denying(facts, lead.what.action) is None or facts.of(ACCESS) is None
    return text("why.denied_blind" if blind else "why.denied_unexplained", denial=lead.say())


playbook = Playbook(
    alarm="FaceAuth-Images-AccessDenied",
    slug="images-access-denied",
    severity=Severity.HIGH,
    evidence=(DENIED, BUCKET, ACCESS, INVOCATIONS, Config(), TABLE, PRESSURE, CHANGED, HEALTH),
    decide=decide,
    manual=Manual(
        (
            "step.denied_logs",
            "step.check_permissions",
            "step.bucket_access",
            "step.developers_logs",
            *ENDS_BY_HAND,
        )
    ),
    definition=Definition(
        AlarmOwner.OURS, denied_images, "問題: S3アクセスエラー", parameter="MinimumSureFaults"
    ),
    remedies=(OnDemandBilling(), ProposeChange()),
)
handler = handler_of(playbook)
