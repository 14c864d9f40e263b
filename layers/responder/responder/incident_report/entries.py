"""One row of the timeline for each kind of step; None where a step is not of the shape its kind promises."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from responder.core.change import Change, Lease, LeaseState
from responder.core.codec import dump
from responder.core.finding import Finding, Tone
from responder.core.settings_document import AUTOMATION, CLOUDWATCH
from responder.core.text import Text, Value, text
from responder.incident_report import reading
from responder.incident_report.model import NotedFinding, TimelineEntry
from responder.incident_report.reading import listed, said
from responder.messages.headline import name
from responder.messages.requests import called
from responder.store import TimelineStep

KIND = "findings"
# More would not fit a row of the table (400 KB), nor be read.
_FINDINGS_MOST = 60


def pack_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """What a response puts down of its evidence, as `data` of a step of kind `findings`."""
    packed = [
        {"look": each.look, "tone": each.tone.value, "said": dump(each.said), "samples": each.samples}
        for each in findings
    ]
    return packed[:_FINDINGS_MOST]


def noted(steps: Iterable[TimelineStep]) -> tuple[NotedFinding, ...]:
    """Each finding as it was first told; the same sentence of the same look is one finding."""
    found: dict[tuple[str, str], NotedFinding] = {}
    for step in steps:
        for each in _of(step) if step.kind == KIND else ():
            first = found.get((each.look, each.said.key), each)
            found[each.look, each.said.key] = NotedFinding(
                first.at, step.at, first.look, first.tone, first.said, first.samples
            )
    return tuple(found.values())


def _of(step: TimelineStep) -> Iterator[NotedFinding]:
    for each in listed(step.data):
        sentence = said(each.get("said")) if isinstance(each, Mapping) else None
        if sentence is not None:
            samples = each.get("samples")
            count = samples if isinstance(samples, int) and not isinstance(samples, bool) else None
            yield NotedFinding(
                step.at, step.at, str(each.get("look")), _tone(each.get("tone")), sentence, count
            )


def _tone(value: object) -> Tone:
    return next((tone for tone in Tone if tone.value == value), Tone.INFO)


# What was written down for a person, as the timeline keeps it.


def written(verdict: Mapping[str, Any]) -> Iterator[Text]:
    """From a stored verdict; what is of another shape is left out."""
    for proposal in map(reading.mapped, reading.listed(verdict.get("proposals"))):
        for one in map(reading.mapped, reading.listed(proposal.get("proposed"))):
            what = reading.said(one.get("what"))
            if what is not None:
                yield text("chronicle.written", what=what, command=reading.word(one.get("command")))


_MOST = 12


def entry(step: TimelineStep) -> TimelineEntry:
    """A step as a person reads it; what is unknown is shown as it is."""
    made = _READERS[step.kind](step) if step.kind in _READERS else None
    unknown = text("chronicle.unknown", kind=step.kind)
    return made or TimelineEntry(step.at, step.kind, unknown, details=(reading.shown(step.data),))


def _state(step: TimelineStep) -> TimelineEntry | None:
    state = reading.word(reading.mapped(step.data).get("state"))
    return (
        TimelineEntry(step.at, step.kind, text("chronicle.state", state=state), CLOUDWATCH) if state else None
    )


def _verdict(step: TimelineStep) -> TimelineEntry | None:
    data = reading.mapped(step.data)
    verdict = reading.mapped(data.get("verdict"))
    cause, why = reading.said(verdict.get("cause")), reading.said(verdict.get("why"))
    if cause is None:
        return None
    judged = (_judged(reading.mapped(each)) for each in reading.listed(data.get("judged")))
    details = (why, *judged, *written(verdict))
    said = text("chronicle.decided", cause=cause)
    return TimelineEntry(
        step.at, step.kind, said, AUTOMATION, tuple(each for each in details if each is not None)
    )


def _judged(stored: Mapping[str, Any]) -> Text | None:
    """Why a proposal was not simply carried out."""
    judgement = reading.mapped(stored.get("judged"))
    ends, reason = judgement.get("ends"), reading.said(judgement.get("reason"))
    if ends not in ("ask", "observe", "refuse") or reason is None:
        return None
    return Text(f"chronicle.ends_{ends}", {"remedy": _name(stored), "reason": reason})


def _told(step: TimelineStep) -> TimelineEntry | None:
    data = reading.mapped(step.data)
    results, names = reading.mapped(data.get("results")), reading.mapped(data.get("names"))
    known = step.kind == "unchanged"
    level: Value = Text(f"level.{data['level']}") if data.get("level") in (1, 2, 3, 4) else "–"
    said = text("chronicle.unchanged") if known else text("chronicle.told", level=level)
    details = tuple(
        text(
            "chronicle.result",
            remedy=reading.said(names.get(each)) or name(*each.split(" ", 1)),
            result=Text(f"result.{reading.word(result) or '–'}"),
        )
        for each, result in list(results.items())[:_MOST]
    )
    return TimelineEntry(step.at, step.kind, said, AUTOMATION, details)


def _lease(step: TimelineStep) -> TimelineEntry | None:
    lease = reading.lease(step.data)
    if lease is None:
        return None
    said = Text(f"chronicle.lease_{lease.state}", {"remedy": name(lease.remedy), "scope": lease.scope})
    return TimelineEntry(step.at, step.kind, said, _by(lease), _changes(lease.changes))


def _by(lease: Lease) -> str:
    return AUTOMATION if lease.state.going_back else lease.by


def _changes(changes: tuple[Change, ...]) -> tuple[Text, ...]:
    """The same change of several targets is said once."""
    alike: dict[str, list[Change]] = {}
    for each in changes:
        alike.setdefault(repr(replace(each, target="", written=())), []).append(each)
    groups = list(alike.values())
    shown = tuple(_change(each[0], ", ".join(one.target for one in each)) for each in groups[:_MOST])
    more = len(groups) - len(shown)
    return (*shown, text("report.more", count=more)) if more else shown


def _change(change: Change, targets: str) -> Text:
    status = Text(f"status.{change.status}")
    if change.note is not None:
        status = text("chronicle.with_note", status=status, note=change.note.text)
    values: dict[str, Value] = {"setting": change.setting, "before": change.before, "after": change.after}
    return Text("chronicle.change", {"target": targets, **values, "status": status})


def _ineffective(step: TimelineStep) -> TimelineEntry | None:
    data = reading.mapped(step.data)
    if not reading.word(data.get("remedy")):
        return None
    return TimelineEntry(step.at, step.kind, text("chronicle.ineffective", remedy=_name(data)), AUTOMATION)


def _asked(step: TimelineStep) -> TimelineEntry | None:
    data = reading.mapped(step.data)
    if not reading.word(data.get("remedy")):
        return None
    said = text("chronicle.asked", remedy=called(reading.request(data)))
    return TimelineEntry(step.at, step.kind, said, AUTOMATION)


def _duty(step: TimelineStep) -> TimelineEntry | None:
    """What the follow-up did, in the words of its reason."""
    why = reading.said(reading.mapped(step.data).get("why"))
    return TimelineEntry(step.at, step.kind, why, AUTOMATION) if why is not None else None


def _findings(step: TimelineStep) -> TimelineEntry | None:
    count = len(reading.listed(step.data))
    return (
        TimelineEntry(step.at, step.kind, text("chronicle.looked", count=count), AUTOMATION)
        if count
        else None
    )


def _name(stored: Mapping[str, Any]) -> Text:
    return name(reading.word(stored.get("remedy")), reading.word(stored.get("scope")))


_READERS: dict[str, Callable[[TimelineStep], TimelineEntry | None]] = {
    "state": _state,
    "verdict": _verdict,
    "told": _told,
    "unchanged": _told,
    "ineffective": _ineffective,
    "asked": _asked,
    "duty": _duty,
    "findings": _findings,
    **dict.fromkeys((state.value for state in LeaseState), _lease),
}
