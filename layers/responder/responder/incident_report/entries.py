"""One row of the timeline for each kind of step; None where a step is not of the shape its kind promises."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from responder.core.change import Change, LeaseState, Status
from responder.core.finding import FINDINGS, Tone
from responder.core.plain_data import Data
from responder.core.settings_document import AUTOMATION, CLOUDWATCH
from responder.core.text import Text, Texts, Value, Values, text
from responder.followup_rules.seen import OpenRequest, Vote
from responder.incident_report import reading
from responder.incident_report.model import NotedFinding, OperatorAction, TimelineEntry
from responder.incident_report.reading import listed, mapped, said, word
from responder.messages.language import known
from responder.messages.requests import asked_for, called, leased, name
from responder.store import TimelineStep

PERSON = "person"
_MOST = 12
# The console's word for what a person did, by the words that steps and decisions have for it.
_WORDS = {
    **dict.fromkeys(("approve", "approved"), "approve"),
    **dict.fromkeys(("reject", "rejected"), "reject"),
    **dict.fromkeys(("ack", "acknowledge", "acknowledged"), "acknowledge"),
    **dict.fromkeys(("revert", "reverted"), "revert"),
    **dict.fromkeys(("taken", "step"), "taken"),
    **{each: each for each in ("withdraw", "note", "pause", "redrive", "discard", "close")},
}
# Who it was is the name; the identity behind it stays in the table.
_KNOWN = ("person", "what", "principal")
# What a proposal says of itself.
_OF_PROPOSAL = ("proposal", "remedy", "scope")
_LONGEST = 300
_SAME = timedelta(minutes=5)


def noted(steps: Iterable[TimelineStep]) -> tuple[NotedFinding, ...]:
    """Each finding as it was first reported. The same sentence of the same look, reported again later, is one
    finding; several of them in one step, such as one for each function, are several."""
    found: dict[tuple[str, str, int], NotedFinding] = {}
    for step in steps:
        seen: Counter[tuple[str, str]] = Counter()
        for each in map(mapped, listed(step.data) if step.kind == FINDINGS else ()):
            sentence = said(each.get("said"))
            if sentence is None:
                continue
            look, samples = str(each.get("look")), each.get("samples")
            count = samples if isinstance(samples, int) and not isinstance(samples, bool) else None
            tone = next((tone for tone in Tone if tone.value == each.get("tone")), Tone.INFO)
            new = NotedFinding(step.at, step.at, look, tone, sentence, count)
            kind = look, new.said.key
            seen[kind] += 1
            place = *kind, seen[kind]
            found[place] = replace(found.get(place, new), last=step.at)
    return tuple(found.values())


def written(verdict: Data) -> Iterator[Text]:
    """The changes that a stored verdict wrote for a person to make."""
    for proposal in map(mapped, listed(verdict.get("proposals"))):
        for one in map(mapped, listed(proposal.get("proposed"))):
            what = said(one.get("what"))
            if what is not None:
                yield text("chronicle.written", what=what, command=word(one.get("command")))


def entry(step: TimelineStep) -> TimelineEntry:
    """A step as a person reads it; what is unknown is shown as it is."""
    made = _READERS[step.kind](step) if step.kind in _READERS else None
    if made is None:
        unknown = text("chronicle.unknown", kind=step.kind)
        return TimelineEntry(step.at, step.kind, unknown, details=(reading.shown(step.data),))
    sentence, by, *details = made
    return TimelineEntry(step.at, step.kind, sentence, by, tuple(details))


# A sentence, who did it, and details of it.
type _Row = tuple[Text, str, *Texts]


def _state(step: TimelineStep) -> _Row | None:
    state = word(mapped(step.data).get("state"))
    return (text("chronicle.state", state=state), CLOUDWATCH) if state else None


def _verdict(step: TimelineStep) -> _Row | None:
    data = mapped(step.data)
    verdict = mapped(data.get("verdict"))
    cause, why = said(verdict.get("cause")), said(verdict.get("why"))
    if cause is None:
        return None
    judged = (_judged(mapped(each)) for each in listed(data.get("judged")))
    details = (each for each in (why, *judged, *written(verdict)) if each is not None)
    return text("chronicle.decided", cause=cause), AUTOMATION, *details


def _judged(stored: Data) -> Text | None:
    judgement = mapped(stored.get("judged"))
    ends, reason = judgement.get("ends"), said(judgement.get("reason"))
    if ends not in ("ask", "observe", "refuse") or reason is None:
        return None
    return Text(f"chronicle.ends_{ends}", {"remedy": _name(stored), "reason": reason})


def _reported(step: TimelineStep) -> _Row:
    data = mapped(step.data)
    results, names = mapped(data.get("results")), mapped(data.get("names"))
    level: Value = Text(f"level.{data['level']}") if data.get("level") in (1, 2, 3, 4) else "–"
    known = step.kind == "unchanged"
    details = (
        text(
            "chronicle.result",
            remedy=said(names.get(each)) or name(*each.split(" ", 1)),
            result=Text(f"result.{word(result) or '–'}"),
        )
        for each, result in list(results.items())[:_MOST]
    )
    sentence = text("chronicle.unchanged") if known else text("chronicle.reported", level=level)
    return sentence, AUTOMATION, *details


def _lease(step: TimelineStep) -> _Row | None:
    lease = reading.lease(step.data)
    if lease is None:
        return None
    called = leased(lease.remedy, lease.scope, lease.changes)
    sentence = Text(f"chronicle.lease_{lease.state}", {"remedy": called, "scope": lease.scope})
    if lease.state is LeaseState.IN_FORCE and (percent := lease.step):
        sentence = text("chronicle.lease_step", percent=percent)
    # The same change of several targets is one line.
    alike: dict[str, list[Change]] = {}
    # Until AWS has accepted the revert, the lease still holds the change that it reverts.
    kept = lease.state is LeaseState.REVERTING and {each.status for each in lease.changes} == {Status.APPLIED}
    for each in () if kept else lease.changes:
        alike.setdefault(repr(replace(each, target="", written=())), []).append(each)
    groups = list(alike.values())
    shown = [
        _change(each[0], each[0].target if len(each) == 1 else text("chronicle.functions", count=len(each)))
        for each in groups[:_MOST]
    ]
    if more := len(groups) - len(shown):
        shown.append(text("chronicle.omitted", count=more))
    return sentence, AUTOMATION if lease.state.going_back else lease.by, *shown


def _change(change: Change, targets: str | Text) -> Text:
    values: Values = {"setting": change.setting, "before": change.before, "after": change.after}
    return Text("chronicle.change", {"target": targets, **values, "status": status(change)})


def status(change: Change) -> Text:
    """The status of a change, and why."""
    found = Text(f"status.{change.status}")
    return found if change.note is None else text("chronicle.with_note", status=found, note=change.note.text)


def _ineffective(step: TimelineStep) -> _Row | None:
    data = mapped(step.data)
    return (
        (text("chronicle.ineffective", remedy=_name(data)), AUTOMATION) if word(data.get("remedy")) else None
    )


def _asked(step: TimelineStep) -> _Row | None:
    data = mapped(step.data)
    if not word(data.get("remedy")):
        return None
    return text("chronicle.asked", remedy=called(reading.request(data))), AUTOMATION


def _duty(step: TimelineStep) -> _Row | None:
    why = said(mapped(step.data).get("why"))
    if why is None:
        return None
    values = {key: name(str(value)) if key == "remedy" else value for key, value in why.values.items()}
    return replace(why, values=values), AUTOMATION


def _findings(step: TimelineStep) -> _Row | None:
    count = len(listed(step.data))
    return (text("chronicle.looked", count=count), AUTOMATION) if count else None


def _name(stored: Data) -> Text:
    return name(word(stored.get("remedy")), word(stored.get("scope")))


_READERS: dict[str, Callable[[TimelineStep], _Row | None]] = {
    "state": _state,
    "verdict": _verdict,
    "reported": _reported,
    "unchanged": _reported,
    "ineffective": _ineffective,
    "asked": _asked,
    "duty": _duty,
    FINDINGS: _findings,
    **dict.fromkeys((state.value for state in LeaseState), _lease),
}


# --- what people did: steps of kind `person`, and the rows of their decisions


def actions(
    steps: Iterable[TimelineStep], requests: Iterable[OpenRequest] = ()
) -> tuple[OperatorAction, ...]:
    """Every step that names its person, and decisions for which no step was noted; oldest first."""
    noted = tuple(each for each in map(action, steps) if each is not None)
    return tuple(sorted((*noted, *unnoted(noted, requests)), key=lambda each: each.at))


def unnoted(noted: tuple[OperatorAction, ...], requests: Iterable[OpenRequest]) -> Iterator[OperatorAction]:
    """Decisions that are only in the table of approvals."""
    for each in requests:
        about = {"proposal": each.asked.id, "remedy": each.asked.remedy, "scope": each.asked.scope}
        for vote in each.said:
            if not any(_same(one, vote, each.asked.id) for one in noted):
                what = vote.decision
                yield OperatorAction(vote.at, vote.person, what, _did(what), _more(about))


def _same(noted: OperatorAction, vote: Vote, proposal: str) -> bool:
    same = _WORDS.get(noted.what) == _WORDS.get(vote.decision)
    about = dict(noted.more).get("proposal", proposal) == proposal
    return same and about and noted.person == vote.person and abs(noted.at - vote.at) < _SAME


def action(step: TimelineStep) -> OperatorAction | None:
    """What one step records of a person; None where it names none."""
    data = mapped(step.data)
    person, what = word(data.get("person")), word(data.get("what"))
    if step.kind != PERSON or not person:
        return None
    return OperatorAction(step.at, person, what, _did(what), _more(data))


def action_entry(done: OperatorAction, requests: Iterable[OpenRequest] = ()) -> TimelineEntry:
    """What a person did as a row of the timeline."""
    return TimelineEntry(done.at, PERSON, done.said, done.person, details(done, requests))


def acknowledged(done: OperatorAction) -> bool:
    """Whether it is an acknowledgement."""
    return _WORDS.get(done.what) == "acknowledge"


def _more(data: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    plain = (
        (str(name), str(value)[:_LONGEST])
        for name, value in data.items()
        if name not in _KNOWN and isinstance(value, str | int | float) and value != ""
    )
    return tuple(plain)[:_MOST]


def _did(what: str) -> Text:
    if what in _WORDS:
        return Text(f"chronicle.did_{_WORDS[what]}")
    return text("chronicle.did_other", what=what or "–")


def details(done: OperatorAction, requests: Iterable[OpenRequest]) -> Texts:
    """What was noted with an action. A proposal is called by what it asks for: its remedy alone may name the
    opposite, such as the check that is off of a step that restores it."""
    noted = dict(done.more)
    asked = next((each.asked for each in requests if each.asked.id == noted.get("proposal")), None)
    if asked is None:
        return tuple(detail(kind, value) for kind, value in done.more)
    rest = (detail(kind, value) for kind, value in done.more if kind not in _OF_PROPOSAL)
    return (text("chronicle.more", name=text("chronicle.word_proposal"), value=asked_for(asked)), *rest)


def detail(kind: str, value: str) -> Text:
    """What a person noted with an action; in words where the catalogue has them."""
    label = Text(f"chronicle.word_{kind}")
    return text(
        "chronicle.more",
        name=label if known(label.key) else kind,
        value=name(value) if kind == "remedy" else value,
    )
