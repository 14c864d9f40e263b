"""The first sentences of each message: what happens, what was done, what the reader must do."""

import json
import re
from datetime import timedelta

from responder.core.assessment import Assessment, AssessmentResult
from responder.core.cause import Cause
from responder.core.change import ChangeNote, Lease, may_be_in_force
from responder.core.codec import dump
from responder.core.command import CommandKind
from responder.core.reasons import ExplainedReason
from responder.core.remedy import RemedyName
from responder.core.text import Text, Texts, text
from responder.core.timestamps import stamp
from responder.core.verdict import Result
from responder.followup.messages.case import MessageContext
from responder.followup.messages.summary import in_words, undone
from responder.followup.messages.support_case import LAST_LEVEL, service
from responder.followup_rules import DutyKind
from responder.followup_rules.assessing import confirmed
from responder.followup_rules.memory import INEFFECTIVE
from responder.followup_rules.seen import working
from responder.messages.headline import broken_by
from responder.messages.language import due, duration
from responder.messages.requests import RequestedChange, called, name, on_again

type Sentences = Texts

_SECONDS = re.compile(r"(?<=T\d\d:\d\d):\d\d(?:\.\d+)?(?=Z)")


def escalate(case: MessageContext) -> Sentences:
    """How long it lasts, what helped so far, who is needed for what."""
    key = "followup.still" if case.again else "followup.escalate"
    span = duration(case.seen.now - case.began)
    said = Text(key, {"level": case.level, "broken": _broken(case), "span": span})
    returned = case.memory.raised is not None or case.memory.first is not None
    flaps = (text("followup.comes_and_goes", at=stamp(case.began)),) if returned else ()
    known = case.level == LAST_LEVEL and service(case) is not None
    support = (text("followup.support"),) if known else ()
    return said, *flaps, _hits(case), *_tried(case), *_waits(case), *support, *_take_over(case)


def ineffective(case: MessageContext) -> Sentences:
    """A remedy did not help. It stays in force: whether to undo it is another decision."""
    key, minutes = "followup.ineffective", case.memory.terms.effect
    if case.lease is not None:
        since, raised = confirmed(case.lease, case.memory), case.memory.raised
        if raised is not None and raised > since:
            key, since = "followup.ineffective_since_return", raised
        # An alarm that looks back for longer is waited for longer.
        minutes = int((case.seen.now - since).total_seconds() // 60)
    said = Text(key, {"broken": _broken(case), "remedy": case.remedy, "minutes": minutes})
    back = case.lease is not None and case.lease.lowers_security and case.lease.remedy not in case.seen.held
    offered = (text("followup.offered_back"),) if back else ()
    return said, *offered, *_waits(case), *_take_over(case)


def demoted(case: MessageContext) -> Sentences:
    """A remedy has lost its trust: from now on a person is asked for it."""
    missing = case.duty.data["missing"]
    why, remedy = reason_to_ask(case.duty.data["acts"]), case.remedy
    if missing is not None:
        key, must = "followup.not_demoted", "must.set_approve"
        if not case.answered:
            key, must = "followup.not_demoted_unanswered", "must.act"
        return Text(key, {"remedy": remedy, "why": why, "reason": missing}), Text(must)
    must = "must.resume_when_trusted" if case.answered else "must.act"
    return text("followup.demoted", remedy=remedy, why=why), Text(must)


def reason_to_ask(acts: tuple[Assessment, ...]) -> Text:
    """Why a remedy is only asked for: in which incidents it did harm, or else did not help."""
    harmful = [each for each in acts if each.result is AssessmentResult.HARMFUL]
    names = ", ".join(dict.fromkeys(each.incident for each in harmful or acts))
    if people := ", ".join(dict.fromkeys(each.by for each in harmful if each.by)):
        return text("followup.did_harm_as_said", incidents=names, person=people)
    if harmful and harmful[-1].before is not None and harmful[-1].after is not None:
        before, after = harmful[-1].before, harmful[-1].after
        return text(
            "followup.did_harm_measured",
            incidents=names,
            failed_before=before.bad,
            before=before.total,
            failed_after=after.bad,
            after=after.total,
        )
    return text("followup.did_harm" if harmful else "followup.did_not_help", incidents=names)


def gone(case: MessageContext) -> Sentences:
    """That the alarm does not exist, and what to do, come before it, as in every message while that lasts."""
    return text("followup.gone", broken=_broken(case)), *_tried(case), *_waits(case)


def settings(case: MessageContext) -> Sentences:
    """The problem, and its consequence."""
    fault = (text("report.sentence", words=_broken(case)),) if case.seen.raised else ()
    return *fault, text("followup.settings", reason=case.duty.why), text("must.mend_settings")


def rejected(case: MessageContext) -> Sentences:
    """A person rejected it, so no one has to wait for it."""
    person = case.duty.why.values.get("person", "-")
    if _asks_back(case):
        said = text("followup.rejected_back", person=person, remedy=case.remedy)
        return said, _next(case, case.asked_later)
    said = text("followup.rejected", person=person, remedy=case.remedy)
    if not case.seen.raised:
        return said, text("must.watch")
    return said, text("report.sentence", words=_broken(case)), text("must.act")


def stuck(case: MessageContext) -> Sentences:
    """A command without effect."""
    times, order = case.duty.data["times"], case.duty.data["order"]
    if order == "check-leases":
        return text("followup.unseen", alarm=case.head.alarm), text("must.by_hand")
    if case.lease:
        key = "followup.stuck_going" if order == DutyKind.FINISH else "followup.stuck_back"
        said = Text(key, {"remedy": case.request() or case.remedy, "times": times})
    else:
        person = case.asking.by if case.asking else "-"
        key = "followup.stuck_asked_back" if _asks_back(case) else "followup.stuck_asked"
        said = Text(key, {"person": person, "remedy": case.remedy, "times": times})
    return said, text("must.find_out")


def broken(case: MessageContext) -> Sentences:
    """The follow-up itself has failed."""
    error = case.duty.why.values["error"]
    return text("followup.broken", alarm=case.head.alarm, error=error), text("must.by_hand")


def postponed(case: MessageContext) -> Sentences:
    """A pause or the mode keeps it in force."""
    going = case.duty.data.get("order") == DutyKind.FINISH
    values = {"remedy": case.request() or case.remedy, "reason": case.duty.why}
    said = Text("followup.postponed_going" if going else "followup.postponed", values)
    return said, _next(case, text("must.postponed"))


def remind(case: MessageContext) -> Sentences:
    """Since when security is lowered, and what has to happen for it to end."""
    rollout, step_at, lease = case.seen.rollout, case.memory.step_at, case.lease
    if rollout and rollout.percent and step_at:
        span = duration(case.seen.now - step_at)
        said = text("followup.remind_step", percent=rollout.percent, span=span, at=stamp(step_at))
    else:
        at = lease.at if lease else case.seen.opened
        said = text("followup.remind", remedy=case.remedy, span=duration(case.seen.now - at))
    if case.open:
        return said, _answer(case)
    if lease and lease.remedy in case.seen.held:
        reason = case.seen.held[lease.remedy].text
        return said, text("followup.held", reason=reason), _next(case, text("must.postponed"))
    if lease and lease.until:
        return said, due("must.ends_at", lease.until, case.seen.now)
    return said, text("must.fix_cause") if case.seen.raised else case.asked_later


def changed(case: MessageContext) -> Sentences:
    """What others have changed of what was in force, and what is still in force; the same change of several
    targets is named once."""
    lease = case.lease
    if lease is None:
        return (text("followup.nothing_left"),)
    same: dict[str, tuple[ChangeNote, list[str]]] = {}
    for each in lease.changed_by_others:
        if each.note is not None:
            values = {name: value for name, value in each.note.values.items() if name != "target"}
            alike = ExplainedReason(each.note.kind, values)
            # Times are shown in minutes.
            shown = _SECONDS.sub("", json.dumps(dump(alike), sort_keys=True))
            same.setdefault(shown, (alike, []))[1].append(each.target)
    parts = tuple(
        ExplainedReason(note.kind, {**note.values, "target": ", ".join(targets)}).text
        for note, targets in same.values()
    )
    # What is still as we set it, at least in $LATEST.
    left = [each.target for each in lease.changes if each.status.done or may_be_in_force(each)]
    if not left:
        do = text("must.act" if case.seen.raised else "must.watch")
        if (again := on_again("did", lease.remedy, lease.changed_by_others)) is not None:
            return again, text("followup.changed_again", changes=parts), do
        return text("followup.changed", remedy=case.remedy, changes=parts), do
    said = text("followup.changed_in_part", remedy=case.remedy, changes=parts)
    end = text("must.ends_alone") if lease.until else case.asked_later
    return said, text("followup.changed_left", targets=", ".join(left)), _next(case, end)


def mitigated(case: MessageContext) -> Sentences:
    """Users are safe; the message names what would confirm the recovery, and does not claim it."""
    said = text("followup.mitigated", alarm=case.head.alarm, span=_calm_span(case))
    asks = case.seen.rollout is not None and not case.seen.held.get(RemedyName.ROLLOUT_TO_ZERO)
    must = text("must.answer_back" if asks else "must.told_later")
    return said, Text(f"followup.unproven_{case.unproven}"), _next(case, must)


def recovered(case: MessageContext) -> Sentences:
    """Recovery is confirmed by traffic, and something is still in force."""
    said = text(
        "followup.recovered", alarm=case.head.alarm, span=_calm_span(case), requests=case.memory.quiet
    )
    left = text("followup.in_force", remedy=case.names(case.seen.holding))
    if all(each.until for each in case.seen.holding):
        return said, left, _next(case, text("must.ends_alone"))
    at = (case.memory.recovered or case.seen.now) + timedelta(minutes=case.memory.terms.keep)
    return said, left, _next(case, due("must.asked_from", at, case.seen.now))


def close(case: MessageContext) -> Sentences:
    """How it ended; without traffic nothing is called confirmed."""
    proven = case.memory.recovered is not None
    said = text("followup.closed", alarm=case.head.alarm, span=duration(case.seen.now - case.seen.opened))
    proof = (
        text("followup.proven", requests=case.memory.quiet)
        if proven
        else Text(f"followup.closed_{case.unproven}")
    )
    if case.seen.leases:
        return said, proof, *_left(case), text("must.keep_or_undo")
    if case.differing:
        return said, proof, text("followup.differs", changes=in_words(case.differing)), text("must.compare")
    return said, proof, text("must.no_work" if proven else "must.watch_traffic")


def closed_by_hand(case: MessageContext) -> Sentences:
    """Who closed it and why; nothing proves that it is resolved."""
    said = text(
        "followup.closed_by_hand",
        alarm=case.head.alarm,
        person=case.duty.data["by"],
        why=case.duty.data["why"],
        span=duration(case.seen.now - case.seen.opened),
    )
    if case.seen.gone:
        return said, *_left(case), text("followup.closed_without_alarm")
    return said, *_left(case), text("must.watch_alarm")


def superseded(case: MessageContext) -> Sentences:
    """No follow-up reverts what is still in force."""
    said = text("followup.superseded", alarm=case.head.alarm)
    # Only these have a command.
    held = tuple(each for each in case.seen.leases if each.spec.can_revert)
    if held:
        key = "must.restore_by_hand" if case.answered else "must.restore_by_hand_later"
        return said, Text(key, {"remedy": case.names(held)})
    return said, text("must.read_newer")


def _left(case: MessageContext) -> Sentences:
    return (text("followup.left", remedy=case.names(case.seen.leases)),) if case.seen.leases else ()


def _calm_span(case: MessageContext) -> Text:
    return duration(case.seen.now - (case.memory.calm_from or case.seen.now))


def _waits(case: MessageContext) -> Sentences:
    """What can be approved now; what that changes is on a separate line."""
    asked = tuple(called(RequestedChange.asked(each.asked)) for each in case.open)
    return (text("followup.waits", remedy=asked),) if asked else ()


def _hits(case: MessageContext) -> Text:
    """How many users it hits, as of the last decision."""
    made = case.head.decision
    if made is None or made.failing is None or not made.failing.requests:
        return text("followup.hits_unknown")
    failed, minutes = made.failing.failed, made.failing.minutes
    requests = max(made.failing.requests, failed)
    percent, at = 100 * failed / requests, stamp(made.at)
    return text("followup.hits", failed=failed, requests=requests, percent=percent, minutes=minutes, at=at)


def _broken(case: MessageContext) -> Text:
    made = case.head.decision
    return broken_by(case.head.alarm, case.head.slug, made.cause if made else Cause.UNKNOWN())


def _tried(case: MessageContext) -> Sentences:
    by_effect: dict[str, list[Lease]] = {}
    stepped = [each for each in case.seen.leases if each.step]
    for lease in (each for each in case.seen.leases if not each.step):
        judged = case.memory.judged.get(case.seen.lease_key(lease.id))
        unjudged = "followup.unseen_effect" if case.seen.gone else "followup.judging"
        effect = "followup.no_effect" if judged == INEFFECTIVE else unjudged
        by_effect.setdefault("followup.working" if working(lease) else effect, []).append(lease)
    said = [Text(key, {"remedy": case.names(tuple(leases))}) for key, leases in by_effect.items()]
    said += [text("followup.stepped", remedy=case.named(each), percent=each.step) for each in stepped]
    said += [
        text("followup.undone", remedy=case.named(each), what=undone(case, each)) for each in case.undone
    ]
    done = case.head.decision.done if case.head.decision else ()
    failed = tuple(name(each.remedy, each.scope) for each in done if each.result is Result.FAILED)
    if failed:
        said.append(text("did.failed", remedy=failed))
    nothing = "followup.nothing_left" if any(each.result.acted for each in done) else "did.nothing"
    return tuple(said) or (Text(nothing),)


def _take_over(case: MessageContext) -> Sentences:
    """What the reader has to do: an acknowledged incident is not taken over again. No answer is accepted
    while the settings document cannot be used."""
    if case.open:
        return *(() if case.acknowledged else (text("must.acknowledge"),)), _answer(case)
    return (text("must.act" if case.acknowledged or not case.answered else "must.take_over"),)


def _answer(case: MessageContext) -> Text:
    """By when the first open request has to be answered, and whether that takes two people, or one more."""
    first = case.open[0]
    key = "must.approve"
    if first.asked.people > 1:
        key = "must.approve_second" if first.by else "must.approve_two"
    return Text(key, {"until": stamp(first.asked.expires)})


def _next(case: MessageContext, planned: Text) -> Text:
    """What happens next: `planned`, which is a revert, a request for one, or what a person may do, unless the
    settings document cannot be used, which holds all of them."""
    return planned if case.answered else text("must.correct_settings")


def _asks_back(case: MessageContext) -> bool:
    return case.asking is not None and case.asking.asked.order == CommandKind.REVERT
