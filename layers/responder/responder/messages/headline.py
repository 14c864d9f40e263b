"""The first line: what is broken, what was done, what the reader has to do; lowered security before
everything else. And the subject of the mail, which names the outcome."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from responder.core.alarm_event import AlarmState
from responder.core.cause import Cause
from responder.core.change import Leases, LeaseState, half_released
from responder.core.command import VALID
from responder.core.frozen import frozen
from responder.core.reasons import ExplainedReason
from responder.core.remedy import spec_of
from responder.core.report import Report, ReportKind
from responder.core.text import Text, Texts, Values, text
from responder.core.timestamps import stamp
from responder.core.verdict import Outcome, Result
from responder.messages.language import due, either, known, say
from responder.messages.requests import (
    BY_ANOTHER,
    ONE_MORE,
    RequestedChange,
    again_of,
    called,
    name,
    result_key,
)
from responder.messages.steps import steps

NEWS = "course.news"
# The most important result first; in the subject, a question before everything else.
_ORDER = (
    Result.APPLIED,
    Result.PARTIAL,
    Result.FAILED,
    Result.REVERTED,
    Result.STEPPED,
    Result.ASKED,
    Result.KEPT,
    Result.OBSERVED,
    Result.REFUSED,
    Result.ALREADY,
)
_SUBJECT_ORDER = (
    Result.ASKED,
    Result.FAILED,
    Result.PARTIAL,
    Result.APPLIED,
    Result.REVERTED,
    Result.STEPPED,
    Result.KEPT,
    Result.OBSERVED,
    Result.REFUSED,
    Result.ALREADY,
)
_MOST = 3
_ABOUT_CALM = ("mitigated", "recovered")
_CALM = {AlarmState.OK: "report.ok_now", AlarmState.INSUFFICIENT_DATA: "report.no_data_now"}


@frozen
class Headline:
    """The first line as data.

    Attributes:
        tags: what it begins with: lowered security, then an escalation.
        security: what lowered security allows, and to whom.
        sentences: what is broken, what was done, what to do.
        stop: what keeps the automation from acting, and the reason for it; said unless a sentence gives that
            reason.
    """

    tags: Texts
    security: Texts
    sentences: Texts
    stop: tuple[Text, Text] | None = None


def line(headline: Headline, language: str) -> str:
    """The first line in words, in whole sentences."""
    said = [_sentence(part, language) for part in headline.sentences]
    if headline.stop is not None and say(headline.stop[1], language) not in "".join(said):
        said.append(_sentence(headline.stop[0], language))
    first = (say(tag, language) for tag in headline.tags)
    security = (_sentence(each, language) for each in headline.security)
    return ("" if language == "ja" else " ").join((*first, *security, *said))


def _sentence(part: Text, language: str) -> str:
    words = say(part, language)
    return words if words.endswith(("。", ".")) else say(text("report.sentence", words=words), language)


def headline(report: Report) -> Headline:
    """Decides the first line."""
    lowering, stop = report.lowering, report.stopped_by
    lowered = () if lowering is None else (text("remedy.security.lowered"),)
    repeated = report.again or report.kind is ReportKind.REMINDER
    tag = "followup.tag_still" if repeated else "followup.tag_escalated"
    escalated = (Text(tag, {"level": report.level}),) if report.topic == "escalate" else ()
    security: Texts = ()
    if lowering is not None:
        unreleased = any(one.open and one.remedy == lowering and half_released(one) for one in report.leases)
        state = "_unreleased" if unreleased else "_in_part" if _in_part(report, lowering) else ""
        # During a revert the check is partly on.
        key = "rollout_restoring" if _restoring(report, lowering) else f"{lowering}{state}"
        security = (Text(f"remedy.security.{key}"),)
    stopped = "report.stopped" if report.answered else "report.stopped_unanswered"
    return Headline(
        tags=(*lowered, *escalated),
        security=security,
        sentences=(*_absence(report), *_news(report)),
        stop=None if stop is None else (Text(stopped, {"reason": stop.text}), stop.text),
    )


def _absence(report: Report) -> Texts:
    """That the alarm does not exist: it comes before everything else."""
    if report.absence is None:
        return ()
    values: Values = {"alarm": report.alarm, "at": stamp(report.absence.since)}
    if report.absence.over:
        return (Text("absence.over", values),)
    do = text("absence.undo_first" if report.to_revert else "absence.close")
    return Text("absence.lasts", values), do if report.answered else text("absence.close_later")


def _news(report: Report) -> Texts:
    """A message of the follow-up begins with what its course begins with."""
    # The alarm is OK again.
    calm = (Text(f"{_CALM[report.state]}_alone"),) if report.state in _CALM else ()
    news = next((said for label, said in report.course if label.key == NEWS), None)
    if news is not None:
        return (news, *calm) if report.open and report.topic not in _ABOUT_CALM else (news,)
    done, first = did(report), must(report)
    do = () if first is None else (first,)
    if report.kind is not ReportKind.COMMAND:
        raised = () if report.verdict.raised is None else (report.verdict.raised,)
        return _broken(report), *raised, *done, *do
    felt = (_broken(report),) if report.state is AlarmState.ALARM else ()
    undone = any(again_of("did", act) for act in report.outcomes)
    return (*done, *felt, *calm, *do) if undone else (*felt, *done, *calm, *do)


def _broken(report: Report) -> Text:
    """What users feel, or felt where the alarm is OK."""
    said = broken_by(report.alarm, report.slug, report.verdict.cause)
    if report.kind is ReportKind.RESPONSE and report.state in _CALM:
        return Text(_CALM[report.state], {"broken": said})
    return said


def broken_by(alarm: str, slug: str, cause: ExplainedReason[Cause]) -> Text:
    """What users feel of an alarm for this cause."""
    if cause.kind.normal:
        return text("report.normal", alarm=alarm, cause=cause.text)
    return either(Text(f"broken.{slug.replace('-', '_')}"), text("report.broken", alarm=alarm))


def did(report: Report) -> Texts:
    """The results of the proposals, the most important first."""
    if report.kind is ReportKind.FAILURE:
        return (text("did.crashed"),)
    applied = [act for act in report.outcomes if spec_of(act.remedy).applied]
    groups: dict[str, tuple[Text, list[Text]]] = {}
    for act in sorted(applied, key=lambda act: _ORDER.index(act.result)):
        said = _became(act, report.leases)
        groups.setdefault(repr(said), (said, []))[1].append(called(RequestedChange.outcome(act)))
    became = [Text(said.key, {**said.values, "remedy": tuple(names)}) for said, names in groups.values()]
    written = (text("did.written"),) if len(applied) < len(report.outcomes) else ()
    return (*became[:_MOST], *written) or (text("did.nothing"),)


def _became(act: Outcome, leases: Leases) -> Text:
    """The result of a proposal, without its name."""
    key = result_key(act, leases)
    if (again := again_of("did", act)) is not None:
        kept = text("did.kept", remedy=called(RequestedChange.outcome(act)))
        return text("report.all", parts=(again, kept)) if act.result is Result.KEPT else again
    if act.because is not None and key in (ONE_MORE, *BY_ANOTHER):
        return Text(f"did.{key}", act.because.values)
    count, done = len(act.changes), len(act.changes) - len(act.unset)
    if key == Result.PARTIAL and 0 < done < count:
        return Text("did.partial_of", {"done": done, "count": count})
    return Text(f"did.{key}")


def must(report: Report) -> Text | None:
    """What the reader has to do first; None where the stop, which the first line ends with, says it."""
    results, lowering = {act.result for act in report.outcomes}, report.lowering
    if report.kind is ReportKind.FAILURE:
        return text("must.by_hand")
    if Result.ASKED in results:
        asked = [spec_of(act.remedy).people for act in report.outcomes if act.result is Result.ASKED]
        return Text(f"must.approve{'_two' if min(asked) > 1 else ''}", {"until": stamp(report.at + VALID)})
    if report.kind is ReportKind.COMMAND and report.waiting:
        # One person has approved, and another one has to.
        return due("must.approve_second", report.waiting[0].expires, report.at)
    if any(result.half_done for result in results):
        return text("must.act" if steps(report) else "must.finish")
    if report.answered and any(act.working for act in report.outcomes):
        return text("must.continue")
    if lowering is not None:
        return Text(_end(report, lowering))
    return text("must.act") if steps(report) else _of_reasons(report)


def _of_reasons(report: Report) -> Text | None:
    """What another incident does or has done is said without a reason."""
    refused = (act for act in report.outcomes if act.result is Result.REFUSED)
    reasons = [act.because for act in refused if result_key(act, report.leases) not in BY_ANOTHER]
    if not reasons:
        return text("must.watch")
    return text("must.read_reason") if any(each != report.stopped_by for each in reasons) else None


def _end(report: Report, lowering: str) -> str:
    """How lowered security ends."""
    acts = [act.result for act in report.outcomes if act.remedy == lowering and act.result.in_force]
    on_record = any(each.open and each.remedy == lowering for each in report.leases)
    if report.leases_read and not on_record and all(each is Result.ALREADY for each in acts):
        # It was found in force, and nothing will ask for its reversal.
        return "must.restore_manually"
    if not report.answered:
        return "must.restore_later"
    if _restoring(report, lowering) and any(act.result is Result.STEPPED for act in report.outcomes):
        return "must.go_on"
    if spec_of(lowering).hours is not None:
        return "must.goes_back"
    return "must.restore_calm" if report.state in _CALM else "must.restore"


def _in_part(report: Report, remedy: str) -> bool:
    """Whether some target does not have it."""
    acts = any(each.remedy == remedy and each.result is Result.PARTIAL for each in report.outcomes)
    leases = (one for one in report.leases if one.open and one.remedy == remedy)
    return acts or any(one.changed_by_others or one.state is LeaseState.PARTIAL for one in leases)


def _restoring(report: Report, lowering: str) -> bool:
    """The rollout is being reverted: at least by a step, and not off once more."""
    if not spec_of(lowering).in_steps:
        return False
    return any(one.step for one in report.leases) or any(
        act.result is Result.REVERTED
        or (act.result is Result.STEPPED and RequestedChange.outcome(act).direction.restores)
        for act in report.outcomes
        if spec_of(act.remedy).in_steps
    )


def subject(report: Report) -> Text:
    """Severity and lowered security, then the outcome."""
    severity = Text(f"subject.{report.severity}")
    if report.level > 1:
        severity = text("subject.severity", severity=severity, level=report.level)
    lowering = report.lowering
    tags = [severity]
    if lowering is not None:
        # Security is lowered right now.
        percent = next(filter(None, (each.step for each in report.leases)), "")
        tag = either(Text(f"subject.lowered_{lowering}"), name(lowering))
        if percent and _restoring(report, lowering):
            tag = text("subject.lowered_to", percent=percent)
        elif _in_part(report, lowering):
            tag = either(Text(f"{tag.key}_in_part"), tag)
        tags.append(tag)
    return text("subject.line", tags=tuple(tags), outcome=_outcome(report))


def _outcome(report: Report) -> Text:
    """The status, and what is to be done."""
    if report.topic:
        return _of_topic(report)
    if report.kind is ReportKind.FAILURE:
        return text("subject.failure")
    # Of the same result, what lowers security is named, and a suggested change last.
    first, *others = sorted(
        report.outcomes,
        key=lambda act: (
            _SUBJECT_ORDER.index(act.result),
            not RequestedChange.outcome(act).lowers_security,
            not spec_of(act.remedy).applied,
        ),
    ) or (None,)
    if first is None:
        # The cause is what happened.
        cause = report.verdict.cause
        key = "subject.normal" if cause.kind.normal else "subject.nothing"
        return Text(key, {"cause": cause.text}) if report.verdict.known else text("subject.unknown")
    if not spec_of(first.remedy).applied:
        return text("subject.written")
    remedy = called(RequestedChange.outcome(replace(first, scope="")))
    key = result_key(first, report.leases)
    if (again := again_of("subject", first)) is not None:
        remedy, key = again, f"{key}_again"
    applied = (each for each in others if spec_of(each.remedy).applied)
    if alike := sum(result_key(each, report.leases) == key for each in applied):
        remedy = text("subject.and_others", first=remedy, count=alike)
    return either(
        Text(f"subject.{key}", {"remedy": remedy}), Text(f"subject.{first.result}", {"remedy": remedy})
    )


def _of_topic(report: Report) -> Text:
    minutes = max(0, int((report.at - (report.unsolved or report.since)).total_seconds() // 60))
    unproven = all(label.key != "course.recovery" for label, _ in report.course)
    key = f"subject.topic.{report.topic}{'_unproven' if unproven and report.topic == 'close' else ''}"
    if not report.verdict.steps and known(f"{key}_restarted"):
        return Text(f"{key}_restarted")
    if not report.answered and known(f"{key}_unanswered"):
        return Text(f"{key}_unanswered", {"minutes": minutes})
    if report.about is not None and known(f"{key}_of"):
        return Text(f"{key}_of", {"remedy": report.about})
    return either(Text(key, {"minutes": minutes}), Text(report.topic))


# A sentence that names a time, and what is said once that has passed.
_AFTER = {
    "must.approve": "must.approve_overdue",
    "must.approve_two": "must.approve_overdue",
    "must.approve_second": "must.approve_overdue",
    "must.ends_at": "must.ends_at_overdue",
}


def after_times(headline: str, passed: Iterable[datetime], language: str) -> str:
    """A stored headline as it reads once these times have passed."""
    for until in map(stamp, passed):
        for key, after in _AFTER.items():
            before, now = (say(Text(each, {"until": until}), language) for each in (key, after))
            headline = headline.replace(before, now)
    return headline
