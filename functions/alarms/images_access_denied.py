"""FaceAuth-Images-AccessDenied (manual, S3アクセスエラー)."""

from alarms._causes import unknown
from alarms._common import CHANGED, ESCALATE, HEALTH, ruled_out
from alarms._denied import (
    ACCESS,
    BUCKET,
    DENIED,
    ENOUGH_CALLS,
    HOUR,
    Leading,
    allowed,
    calls_since,
    denying,
    leading,
    shown_now,
)
from alarms._denied_causes import MENDED, judge
from alarms._denied_changes import changes
from alarms._faults import INVOCATIONS
from responder.evidence import Facts
from responder.evidence.configuration import Config
from responder.facts.denied import Denials
from responder.mode import Severity
from responder.playbook import Playbook
from responder.remedies.propose_change import ProposeChange
from responder.text import Text, text
from responder.verdict import Verdict


def decide(facts: Facts) -> Verdict:
    """The leading denial: already over, explained by a policy, or unknown."""
    found = facts.of(DENIED)
    if found is None:
        return unknown(facts, facts.settings.functions, text("why.logs_unread"))
    recent = tuple(each for each in found.denials if each.at >= facts.now - HOUR)
    lead = leading(recent or found.denials)
    if lead is None:
        return unknown(facts, facts.settings.functions, _nothing(found))
    judged = judge(facts, lead)
    calls = calls_since(facts, lead)
    if calls is not None and calls >= ENOUGH_CALLS and not shown_now(facts, lead):
        return _mended(facts, lead, text("why.denied_no_more", denial=lead.say(), calls=calls))
    if judged is None:
        return unknown(facts, lead.functions, _unexplained(facts, lead))
    if judged == MENDED:
        return _mended(facts, lead, text("why.denied_allowed_now", denial=lead.say()))
    cause, steps = judged
    why = text("why.denied", denial=lead.say())
    if lead.others:
        why = text("why.denied_others", denial=lead.say(), others=lead.others)
    proposals = changes(facts, lead, cause, why)
    return Verdict(cause, why, ruled_out(facts, lead.functions), proposals, (*steps, *ESCALATE))


def _mended(facts: Facts, lead: Leading, why: Text) -> Verdict:
    cause, steps = MENDED
    return Verdict(cause, why, ruled_out(facts, lead.functions), steps=steps)


def _nothing(found: Denials) -> Text:
    if found.unparsed:
        return text("why.denied_unparsed", count=found.unparsed)
    return text("why.logs_unread" if found.unread else "why.no_denial_seen")


def _unexplained(facts: Facts, lead: Leading) -> Text:
    blind = denying(facts, lead.what.action) is None or allowed(facts, lead.what.action) is None
    return text("why.denied_blind" if blind else "why.denied_unexplained", denial=lead.say())


playbook = Playbook(
    alarm="FaceAuth-Images-AccessDenied",
    slug="images-access-denied",
    severity=Severity.HIGH,
    broken=text("broken.images_access_denied"),
    evidence=(DENIED, BUCKET, ACCESS, INVOCATIONS, Config(), CHANGED, HEALTH),
    decide=decide,
    remedies=(ProposeChange(),),
)
handler = playbook.handler
