"""The labelled lines of an incident's course. Only what is known: a line without an answer is left out."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from responder.core.assessment import AssessmentResult
from responder.core.change import Change, Lease, LeaseState, half_released
from responder.core.liveness_function import scope_of
from responder.core.text import Text, Texts, Values, text
from responder.core.timestamps import stamp
from responder.core.verdict import Result
from responder.followup.messages.case import MessageContext
from responder.followup_rules import ApprovalAnswer
from responder.followup_rules.escalation import next_level, reached
from responder.followup_rules.reverting import ENOUGH
from responder.followup_rules.seen import working
from responder.messages.language import due, duration
from responder.messages.requests import asked_for, name

type Line = tuple[Text, Text]
type Lines = Iterator[Line]


def elapsed(case: MessageContext) -> Lines:
    """The time since the first ALARM, from a minute on."""
    if (span := case.seen.now - case.began) >= timedelta(minutes=1):
        yield text("course.elapsed"), text("course.since", span=duration(span))


def detection(case: MessageContext) -> Lines:
    """The time of detection, from the first datapoint that the alarm counted if the event contained it."""
    if case.head.first is not None and case.head.first < case.head.opened:
        span = duration(case.head.opened - case.head.first)
        yield text("course.detection"), text("course.detected", span=span)


def answer(case: MessageContext) -> Lines:
    """Was the manual's response time met?"""
    first = case.extra.first_message
    if first is None:
        return
    taken, minutes = max(first - case.head.opened, timedelta()), case.head.severity.minutes
    key = "course.answered" if taken <= timedelta(minutes=minutes) else "course.answered_late"
    yield text("course.answer"), Text(key, {"span": duration(taken), "minutes": minutes})


def mitigation(case: MessageContext) -> Lines:
    """Until users were safe."""
    if case.memory.mitigated is not None:
        yield text("course.mitigation"), _after(case, case.memory.mitigated)


def recovery(case: MessageContext) -> Lines:
    """Until the fault was gone. Why nothing proves that is in the first line."""
    if case.memory.recovered is not None:
        yield text("course.recovery"), _after(case, case.memory.recovered)


def _after(case: MessageContext, at: datetime) -> Text:
    return text("course.after", span=duration(at - case.seen.opened), at=stamp(at))


def traffic(case: MessageContext) -> Lines:
    """During the calm; with the check off there is none to be counted."""
    if case.unproven in ("off", "unreleased"):
        return
    found = case.seen.traffic
    if found is not None and found.requests and found.requests == case.memory.quiet:
        said = text("course.counted", requests=found.requests, faults=found.faults)
    else:
        said = text("course.count", requests=case.memory.quiet)
    yield text("course.traffic"), said


def tried(case: MessageContext) -> Lines:
    """What is in force with its effect, what was in force before, the rest as in the last decision."""
    said = [*_in_force(case), *_before(case), *_of_decision(case)]
    for one in said or [text("course.tried_nothing")]:
        yield text("course.tried"), one


def _in_force(case: MessageContext) -> Iterator[Text]:
    states = {LeaseState.PARTIAL: "course.half", LeaseState.REVERTING: "course.going_back"}
    unjudged = "course.unseen_effect" if case.seen.gone else "course.judging"
    for lease in case.seen.leases:
        judged = case.memory.judged.get(case.seen.lease_key(lease.id))
        effect = f"course.{judged}" if judged else unjudged
        state = states.get(lease.state) or ("course.working" if working(lease) else effect)
        yield text("course.tried_one", remedy=case.named(lease), what=Text(state))


def _before(case: MessageContext) -> Iterator[Text]:
    for lease in case.undone:
        yield text("course.tried_one", remedy=case.named(lease), what=undone(case, lease))


def undone(case: MessageContext, lease: Lease) -> Text:
    """How long it was in force, who reverted or changed it, and that it did harm or did not help."""
    notes = (each.note.values for each in lease.changed_by_others if each.note is not None)
    who = ", ".join(dict.fromkeys(str(values["who"]) for values in notes if "who" in values))
    values: Values = {
        "since": stamp(lease.at),
        "until": stamp(lease.ended or lease.at),
        "person": who or lease.ended_by,
    }
    how = "changed" if lease.changed_by_others else "undone"
    what = Text(f"course.{how}_by" if values["person"] else f"course.{how}", values)
    harmful = any(each.act == lease.act for each in case.seen.harm)
    result = AssessmentResult.HARMFUL if harmful else case.memory.assessed.get(lease.act)
    if result in (AssessmentResult.HARMFUL, AssessmentResult.INEFFECTIVE):
        return text("course.undone_effect", what=what, effect=Text(f"course.effect_{result}"))
    return what


def _of_decision(case: MessageContext) -> Iterator[Text]:
    leases = (*case.seen.leases, *case.seen.ended)
    known = {(each.remedy, scope_of(each.scope, case.settings)) for each in leases}
    waiting = {each.asked.id for each in case.pending}
    answers = {each.asked.id: each.answer for each in case.seen.askings}
    for each in case.head.decision.done if case.head.decision else ():
        if (each.remedy, each.scope) in known or each.approval in waiting:
            continue
        named = name(each.remedy, each.scope)
        if each.result is Result.ASKED:
            given = answers.get(each.approval, ApprovalAnswer.EXPIRED)
            given = ApprovalAnswer.EXPIRED if given is ApprovalAnswer.OPEN else given
            yield text("course.tried_one", remedy=named, what=Text(f"answer.{given}"))
            continue
        what = Text("course.gone" if each.result.acted else f"result.{each.result}")
        if each.because is None:
            yield text("course.tried_one", remedy=named, what=what)
        else:
            yield text("course.tried_because", remedy=named, what=what, because=each.because.text)


def proposed(case: MessageContext) -> Lines:
    """What can be approved now."""
    for asked in (each.asked for each in case.open):
        values: Values = {
            "remedy": asked_for(asked),
            "change": in_words(asked.changes),
            "id": asked.id,
            "until": stamp(asked.expires),
            "people": text("course.two_people" if asked.people > 1 else "course.one_person"),
        }
        yield text("course.proposed"), Text("course.asks", values)


def in_words(changes: Iterable[Change]) -> Texts:
    """The changes in words; the same change of several targets is named once."""
    same: dict[tuple[str, str, str], list[str]] = {}
    for each in changes:
        same.setdefault((each.setting, each.before, each.after), []).append(each.target)
    return tuple(
        text("course.change", setting=setting, before=before, after=after, targets=", ".join(targets))
        for (setting, before, after), targets in same.items()
    )


def keeps(case: MessageContext) -> Lines:
    """What happens to the leases of this incident from now on: nothing while the settings document cannot
    be used."""
    terms = case.memory.terms
    for lease in case.seen.holding if case.answered else ():
        named = case.named(lease)
        values: Values = {"remedy": named, "minutes": terms.keep}
        if lease.spec.in_steps:
            values |= {"enough": ENOUGH, "minutes": terms.verify}
        if lease.spec.in_steps and half_released(lease):
            yield text("course.keeps"), text("course.keeps_unreleased", remedy=named)
        elif lease.spec.ending and lease.until is not None:
            yield text("course.keeps"), due(lease.spec.ending, lease.until, case.seen.now, **values)
        elif lease.spec.ending:
            yield text("course.keeps"), Text(lease.spec.ending, values)


def informed(case: MessageContext) -> Lines:
    """Every level notified before this message."""
    first, level_1 = case.extra.first_message, Text("level.1")
    at_once = text("course.at_once", level=level_1)
    before = tuple(
        text("course.at", level=Text(f"level.{level}"), at=stamp(at))
        for level, at in sorted(case.memory.notified.items())
        if case.seen.now > at
    )
    said = text("course.at", level=level_1, at=stamp(first)) if first else at_once
    yield text("course.informed"), text("report.all", parts=(said, *before))


def acknowledged(case: MessageContext) -> Lines:
    """Who acknowledged it, and until when that holds the escalation; during a calm it waits anyway."""
    memory, label = case.memory, text("course.taken")
    if memory.held is None:
        if memory.calm_from is None:
            yield label, text("course.not_acknowledged_by_anyone")
        return
    key = "course.taken_by" if case.acknowledged else "course.taken_before"
    key = key if memory.calm_from is None else "course.taken_once"
    yield label, Text(key, {"person": memory.held_by, "until": stamp(memory.held)})


def ahead(case: MessageContext) -> Lines:
    """The next level and its time, as the escalation itself has it."""
    planned = next_level(case.seen, case.memory)
    if planned is not None:
        said = due("course.next_level", planned.at, case.seen.now, level=Text(f"level.{planned.duty.key}"))
        if planned.at > case.seen.now and not case.answered:
            # No acknowledgement holds it.
            said = Text("course.next_level_unanswered", said.values)
        yield text("course.ahead"), said
    elif reached(case.seen, case.memory) == case.memory.terms.last and case.memory.calm_from is None:
        yield text("course.ahead"), text("course.last_level")
