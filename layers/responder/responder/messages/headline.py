"""The first line: what is broken, what was done, what the reader has to do; lowered security before
everything else."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from responder.core.alarm_event import AlarmState
from responder.core.cause import Cause
from responder.core.change import Change, Lease, LeaseState, Status, half_released
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Because, Refusal
from responder.core.remedy import spec_of
from responder.core.report import Report, ReportKind
from responder.core.text import Text, Value, text
from responder.core.verdict import Outcome, Result
from responder.messages.catalogue import known
from responder.messages.language import either, say

VALID = timedelta(minutes=30)
NEWS, ONE_MORE, IN_PLACE, BEING_APPLIED = "course.news", "one_more", "in_place", "being_applied"
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
_MOST = 3
_ABOUT_CALM = ("mitigated", "recovered")
_CALM = {AlarmState.OK: "report.ok_now", AlarmState.INSUFFICIENT_DATA: "report.no_data_now"}


def headline(report: Report, language: str) -> str:
    """One line, whole sentences."""
    first = news(report)
    parts = (first, *_calm_meanwhile(report)) if first is not None else _of_response(report)
    said = [_sentence(part, language) for part in (*_absence(report), *parts)]
    if (stop := stop_of(report)) is not None and say(stop.text, language) not in "".join(said):
        key = "report.stopped" if report.answered else "report.stopped_unanswered"
        said.append(_sentence(text(key, reason=stop.text), language))
    if (lowering := lowered(report)) is not None:
        said.insert(0, _sentence(_security(report, lowering), language))
    tags = (say(tag, language) for tag in _tags(report))
    return ("" if language == "ja" else " ").join((*tags, *said))


def _tags(report: Report) -> Iterator[Text]:
    """What the line begins with: lowered security, then an escalation."""
    if lowered(report) is not None:
        yield text("remedy.security.lowered")
    if report.topic == "escalate":
        repeated = report.again or report.kind is ReportKind.REMINDER
        yield Text("followup.tag_still" if repeated else "followup.tag_escalated", {"level": report.level})


def _of_response(report: Report) -> tuple[Text, ...]:
    raised = () if report.verdict.raised is None else (report.verdict.raised,)
    if report.kind is ReportKind.COMMAND:
        from responder.messages.requests import again_of

        felt = (broken(report),) if report.state is AlarmState.ALARM else ()
        undone = any(again_of("did", act) for act in report.outcomes)
        first = (*did(report), *felt) if undone else (*felt, *did(report))
        return *first, *_calm(report), *must(report)
    return broken(report), *raised, *did(report), *must(report)


def _calm(report: Report) -> tuple[Text, ...]:
    """The alarm is OK again."""
    return (Text(f"{_CALM[report.state]}_alone"),) if report.state in _CALM else ()


def _calm_meanwhile(report: Report) -> tuple[Text, ...]:
    """Of a message of the follow-up that is about something else than the calm."""
    return _calm(report) if report.open and report.topic not in _ABOUT_CALM else ()


def stop_of(report: Report) -> Because | None:
    """What keeps the automation from acting: as it was read, or as a command met it."""
    met = (act.because for act in report.outcomes if act.because is not None)
    return report.stop or next((each for each in met if _stops(each)), None)


def _stops(because: Because) -> bool:
    return isinstance(because.kind, Refusal) and because.kind.stops


def lowered(report: Report) -> str | None:
    """The remedy by which security is lowered right now, if any."""
    acts = [act.remedy for act in report.outcomes if act.lowers_security and act.result.in_force]
    leases = [lease.remedy for lease in report.leases if lease.open and lease.lowers_security]
    return next(iter((*acts, *leases)), None)


def news(report: Report) -> Text | None:
    """What a message of the follow-up says first: its course begins with it."""
    return next((said for label, said in report.course if label.key == NEWS), None)


def _absence(report: Report) -> tuple[Text, ...]:
    """That the alarm does not exist: it comes before everything else."""
    if report.absence is None:
        return ()
    values: dict[str, Value] = {"alarm": report.alarm, "at": stamp(report.absence.since)}
    if report.absence.over:
        return (Text("absence.over", values),)
    do = text("absence.undo_first" if to_undo(report) else "absence.close")
    do = do if report.answered else text("absence.close_later")
    return Text("absence.lasts", values), do


def to_undo(report: Report) -> bool:
    """Whether a change of this incident has to be reverted before a person closes it."""
    return any(each.open and each.incident == report.incident and not each.stays for each in report.leases)


def broken(report: Report) -> Text:
    """What users feel, or felt where the alarm is OK."""
    said = broken_by(report.alarm, report.slug, report.verdict.cause)
    if report.kind is ReportKind.RESPONSE and report.state in _CALM:
        return Text(_CALM[report.state], {"broken": said})
    return said


def broken_by(alarm: str, slug: str, cause: ExplainedReason[Cause]) -> Text:
    """What users feel of an alarm for this cause."""
    if cause.kind.normal:
        return text("report.normal", alarm=alarm, cause=cause.text)
    broken = Text(f"broken.{slug.replace('-', '_')}")
    return broken if known(broken.key) else text("report.broken", alarm=alarm)


def did(report: Report) -> tuple[Text, ...]:
    """The results of the proposals, the most important first."""
    if report.kind is ReportKind.FAILURE:
        return (text("did.crashed"),)
    from responder.messages.requests import RequestedChange, called

    applied = [act for act in report.outcomes if spec_of(act.remedy).applied]
    groups: dict[str, tuple[Text, list[Text]]] = {}
    for act in sorted(applied, key=lambda act: _ORDER.index(act.result)):
        said = _became(act, report.leases)
        groups.setdefault(repr(said), (said, []))[1].append(called(RequestedChange.outcome(act)))
    became = [Text(said.key, {**said.values, "remedy": tuple(names)}) for said, names in groups.values()]
    written = (text("did.written"),) if len(applied) < len(report.outcomes) else ()
    return (*became[:_MOST], *written) or (text("did.nothing"),)


def _became(act: Outcome, leases: tuple[Lease, ...]) -> Text:
    """The result of a proposal, without its name."""
    from responder.messages.requests import RequestedChange, again_of, called

    key = result_key(act, leases)
    if (again := again_of("did", act)) is not None:
        kept = text("did.kept", remedy=called(RequestedChange.outcome(act)))
        return text("report.all", parts=(again, kept)) if act.result is Result.KEPT else again
    if act.because is not None and key in (ONE_MORE, IN_PLACE, BEING_APPLIED):
        return Text(f"did.{key}", act.because.values)
    count, done = len(act.changes), len(act.changes) - len(unset(act))
    if key == Result.PARTIAL and 0 < done < count:
        return Text("did.partial_of", {"done": done, "count": count})
    return Text(f"did.{key}")


def result_key(act: Outcome, leases: tuple[Lease, ...]) -> str:
    """What names its result. That AWS still works on it, that one of two people has approved, and that
    another incident does it or has done it, each have their own name. `leases`: all that is in force."""
    if act.result is Result.APPLIED and working(act):
        return "started"
    because = act.because.kind if act.because is not None else None
    if act.because is not None and act.result.declined and because in (Refusal.LEASED, Refusal.LINKED):
        whose = act.remedy, act.because.values["incident"]
        theirs = [one for one in leases if one.open and (one.remedy, one.incident) == whose]
        if all(map(_whole, theirs)):
            return IN_PLACE
        begun = all(one.state is LeaseState.APPLYING for one in theirs)
        return BEING_APPLIED if begun else act.result.value
    return ONE_MORE if because is Refusal.ONE_MORE else act.result.value


def _whole(lease: Lease) -> bool:
    """Whether every target has it: it was not done in part, not changed by others, and is not being
    reverted."""
    return lease.state is LeaseState.IN_FORCE and not lease.overtaken


def unset(act: Outcome) -> tuple[Change, ...]:
    """The targets of a partial change that do not have the value."""
    return tuple(each for each in act.changes if each.status in (Status.FAILED, Status.PLANNED))


def in_part(report: Report, remedy: str) -> bool:
    """Whether some target does not have it."""
    acts = any(each.remedy == remedy and each.result is Result.PARTIAL for each in report.outcomes)
    held = (one for one in report.leases if one.open and one.remedy == remedy)
    return acts or any(one.overtaken or one.state is LeaseState.PARTIAL for one in held)


def must(report: Report) -> tuple[Text, ...]:
    """What the reader has to do first; nothing where the stop, which the first line ends with, says it."""
    return (said,) if (said := _must(report)) else ()


def _must(report: Report) -> Text | None:
    from responder.messages.console_steps import steps

    results = {act.result for act in report.outcomes}
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
    if report.answered and any(working(act) for act in report.outcomes):
        return text("must.continue")
    if (lowering := lowered(report)) is not None:
        return Text(_end(report, lowering))
    if steps(report):
        return text("must.act")
    return _of_reasons(report)


def _of_reasons(report: Report) -> Text | None:
    """What another incident does or has done is said without a reason."""
    elsewhere = (IN_PLACE, BEING_APPLIED)
    refused = (act for act in report.outcomes if act.result is Result.REFUSED)
    reasons = [act.because for act in refused if result_key(act, report.leases) not in elsewhere]
    if not reasons:
        return text("must.watch")
    return text("must.read_reason") if any(each != stop_of(report) for each in reasons) else None


def _end(report: Report, lowering: str) -> str:
    """How lowered security ends."""
    if _on_no_record(report, lowering):
        return "must.restore_manually"
    if not report.answered:
        return "must.restore_later"
    if restoring(report) and any(act.result is Result.STEPPED for act in report.outcomes):
        return "must.go_on"
    if spec_of(lowering).hours is not None:
        return "must.goes_back"
    return "must.restore_calm" if report.state in _CALM else "must.restore"


def _on_no_record(report: Report, remedy: str) -> bool:
    """It was found in force, and no lease of it is: nothing will ask for its reversal. Where the leases could
    not be read, one may be."""
    acts = [act.result for act in report.outcomes if act.remedy == remedy and act.result.in_force]
    held = any(each.open and each.remedy == remedy for each in report.leases)
    return report.leases_read and not held and all(each is Result.ALREADY for each in acts)


def _security(report: Report, lowering: str) -> Text:
    """What lowered security allows, and to whom; during a revert the check is partly on."""
    if restoring(report):
        return text("remedy.security.rollout_restoring")
    if any(one.open and one.remedy == lowering and half_released(one) for one in report.leases):
        return Text(f"remedy.security.{lowering}_unreleased")
    if in_part(report, lowering):
        return Text(f"remedy.security.{lowering}_in_part")
    return Text(f"remedy.security.{lowering}")


def restoring(report: Report) -> bool:
    """The rollout is being reverted: at least by a step, and not off once more."""
    from responder.messages.requests import RequestedChange

    lowering = lowered(report)
    if lowering is None or not spec_of(lowering).in_steps:
        return False
    return any(step_of(one) for one in report.leases) or any(
        act.result is Result.REVERTED
        or (act.result is Result.STEPPED and RequestedChange.outcome(act).direction.restores)
        for act in report.outcomes
        if spec_of(act.remedy).in_steps
    )


def step_of(lease: Lease) -> str:
    """The rollout that a step of the revert has set; empty while it is off."""
    if not lease.open or not lease.spec.in_steps:
        return ""
    return next((change.after for change in lease.changes if change.after != "0"), "")


def name(remedy: str, scope: str = "") -> Text:
    """A remedy as people call it, with its instance where there are several."""
    return scoped(either(Text(f"remedy.name.{remedy}"), Text(remedy)), scope)


def scoped(said: Text, scope: str) -> Text:
    """The name with the remedy's instance, where it has several."""
    instance = Text(f"remedy.scope.{scope}")
    return text("report.scoped", remedy=said, scope=instance) if known(instance.key) else said


def leased(remedy: str, scope: str, changes: Iterable[Change]) -> Text:
    """A remedy that was applied, with its scope where that is a target."""
    called = name(remedy, scope)
    of_one = any(change.target.partition(":")[0] == scope for change in changes)
    return text("report.scoped", remedy=called, scope=scope) if of_one else called


def working(act: Outcome) -> bool:
    """AWS has accepted it, and it is not in effect yet."""
    return any(change.status is Status.IN_PROGRESS for change in act.changes)


def stamp(at: datetime) -> str:
    """A time as a value of a Text."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def due(key: str, until: datetime, now: datetime, **values: Value) -> Text:
    """The text of `key`, which names a time that is still to come. A message sent at that time or later has
    the text `<key>_overdue`, which says that it has passed."""
    return Text(key if until > now else f"{key}_overdue", {**values, "until": stamp(until)})


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


def _sentence(part: Text, language: str) -> str:
    words = say(part, language)
    return words if words.endswith(("。", ".")) else say(text("report.sentence", words=words), language)
