"""A report as the text of an e-mail, in the order in which it is needed at night.

One line; what a yes does; what to do next, with commands; what changed and how to undo it; the course; the
cause and what was ruled out; evidence in short; where it is, and how to stop everything.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from responder.core.finding import Tone
from responder.core.frozen import frozen
from responder.core.report import Report, ReportKind
from responder.core.text import Text, text
from responder.messages.advice import Act, StepWeight
from responder.messages.language import cut, in_a_row, say
from responder.messages.story import LabelledLine, Story

# Characters: what a telephone shows in a few screens, and what no message exceeds.
SHORT, LONGEST = 1_500, 3_500
# Characters of a line beside which little else fits.
LONGEST_LINE = LONGEST // 2
# Up to here a message that asks for approval keeps a finding: the person who approves needs evidence.
_ASKING = 2_000
# Findings that are shown at least where no cause was found.
_FEWEST = 3
_NORMAL = (Tone.NORMAL, Tone.INFO)
# Shorter than this, two equal texts are names and numbers rather than the same sentence twice.
_SENTENCE = 12


@frozen
class _Size:
    """How much of each part a message has.

    Attributes:
        findings: how many, at most.
        course: how many lines of it, at most.
        steps: how many besides those that are never left out.
        notes: with all that was ruled out, and with how a change that has a command for it is undone
            otherwise.
        leases: how many changes in force are listed; None for all of them, with notes such as that a
            deployment may undo a change.
        merged: several requests for approval are one step, with the command that shows them.
        by_weight: steps are in the order of their weight.
    """

    findings: int
    course: int
    steps: int
    notes: bool = True
    leases: int | None = None
    merged: bool = False
    by_weight: bool = False


# As much as fits into SHORT.
_SIZES = (
    _Size(8, 8, 5),
    _Size(5, 8, 5),
    _Size(3, 6, 4),
    _Size(2, 6, 4),
    _Size(1, 5, 3),
    _Size(1, 4, 2),
)
# Where none of them fits: this within _ASKING, if approval is asked for; then as much as fits into SHORT.
_ONE_FINDING = (_Size(1, 4, 2),)
_FEW_SIZES = (_Size(0, 4, 2), _Size(1, 4, 2, notes=False), _Size(0, 4, 2, notes=False))
# Where none of them fits either, there is room for a finding again: the first one within LONGEST. Fewer
# changes in force are listed, then several requests are merged.
_FEWER_LEASES = tuple(_Size(0, 3, 2, notes=False, leases=count) for count in (8, 4, 2))
_UNMERGED = (*_ONE_FINDING, _Size(0, 4, 2), _Size(0, 3, 2, notes=False), *_FEWER_LEASES)
_LEAST = _Size(0, 0, 2, notes=False, leases=0, merged=True, by_weight=True)
_LONG_SIZES = (
    *_UNMERGED,
    *(replace(each, merged=True) for each in _UNMERGED),
    _Size(0, 0, 2, notes=False, leases=1, merged=True),
    _LEAST,
)
# Where the automation itself failed, a person works by the manual: all of its steps.
_WHOLE_MANUAL = (_Size(5, 8, 12), _Size(1, 4, 12))
_MANUAL_SIZES = (
    *_WHOLE_MANUAL,
    *(replace(each, merged=True) for each in _WHOLE_MANUAL),
    _Size(0, 2, 12, notes=False, leases=2, merged=True),
    _Size(0, 0, 12, notes=False, leases=0, merged=True),
)
# What a round of the watchdog found concerns several incidents: as many of them as fit.
_ROUND_SIZES = (_Size(40, 8, 12), *(_Size(count, 8, 12, leases=4) for count in (40, 30, 20, 15, 10, 5)))
_OWN_SIZES = {ReportKind.FAILURE: _MANUAL_SIZES, ReportKind.WATCHDOG: _ROUND_SIZES}
# The parts with a label, in the order of the message.
_LABELLED = ("label.steps", "label.acts", "label.course", "label.cause", "label.findings")
# What no size fits into loses its last lines in this order.
_LEAST_IMPORTANT = (
    "label.findings",
    "label.cause",
    "label.course",
    "label.acts",
    "links",
    "consequences",
    "label.steps",
)
_SAMPLES = re.compile(r" ?[(（]n=[\d,]+[)）]$")
# What is in brackets belongs to the sentence around them.
_BRACKETS = r"（(?:[^（）]|（[^（）]*）)*）|\((?:[^()]|\([^()]*\))*\)"
_SENTENCES = re.compile(rf"(?:{_BRACKETS}|.)+?(?:。|\.(?= )|$) ?", re.DOTALL)


@dataclass
class _Once:
    """Tracks the sentences of a message, so that none appears twice."""

    shown: str

    def __call__(self, words: str) -> bool:
        """Whether it is new."""
        bare = _SAMPLES.sub("", words).rstrip("。.")
        if len(bare) >= _SENTENCE and bare in self.shown:
            return False
        self.shown += f"\n{words}"
        return True

    def rest(self, words: str) -> str:
        """The new sentences of a text."""
        return "".join(each for each in _SENTENCES.findall(words) if self(each.strip())).strip()


def plain(report: Report, story: Story, language: str) -> str:
    """The whole message; its first line alone already says what to do. Evidence is left out first, then
    lines of the course, then steps, then changes in force; requests for approval are merged, and lines are
    cut off at last."""
    own = ((LONGEST, _OWN_SIZES[report.kind]),) if report.kind in _OWN_SIZES else ()
    asks = report.waiting or any(act.approval for act in report.outcomes)
    asking = ((_ASKING, _ONE_FINDING),) if asks else ()
    for most, choices in (*own, (SHORT, _SIZES), *asking, (SHORT, _FEW_SIZES), (LONGEST, _LONG_SIZES)):
        for size in choices:
            message = _joined(_parts(story, language, size), language)
            if len(message) <= most:
                return message
    return _cut_off(story, language)


def _cut_off(story: Story, language: str) -> str:
    """The smallest message without lines that leave no room for others, then without the last lines of its
    parts, the least important part first. Its first line, where it is from and the command that stops
    everything are always there."""
    advice = story.advice
    first = cut(advice.headline, LONGEST_LINE)
    story = replace(story, advice=replace(story.advice, headline=first))
    parts = _parts(story, language, _LEAST)
    shortened = text("report.shortened", command=advice.show) if advice.show else text("report.clipped")
    parts["place"] = [say(shortened, language), *parts["place"]]
    order = [(parts[name], line) for name in _LEAST_IMPORTANT for line in range(len(parts[name]))[::-1]]
    # Steps are in the order of their weight already.
    steps = parts["label.steps"]
    order.sort(key=lambda each: each[0] is steps or len(each[0][each[1]]) < LONGEST_LINE)
    for part, line in order:
        if len(_joined(parts, language)) <= LONGEST:
            break
        part[line] = ""
    return _joined(parts, language)


def _joined(parts: Mapping[str, list[str]], language: str) -> str:
    """`parts`: by name, with an empty line in place of one that is left out."""
    shown = {name: [line for line in lines if line] for name, lines in parts.items()}
    said = [*shown["headline"], *shown["consequences"]]
    for label in _LABELLED:
        said += ["", f"■ {say(Text(label), language)}", *shown[label]] if shown[label] else []
    return "\n".join((*said, "", *shown["place"], *shown["links"], *shown["stop"])).strip() + "\n"


def _parts(story: Story, language: str, size: _Size) -> dict[str, list[str]]:
    """The lines of each part; a step and its command are one."""
    advice = story.advice
    once = _Once("\n".join((advice.headline, *advice.consequences)))
    acts = [
        line
        for act in _together(advice.acts, language)
        for line in _act(act, once, ending=size.notes, notes=size.leases is None)
    ]
    cause = [story.cause] if story.cause and once(story.cause) else []
    warnings = [f"! {said}" for each in story.warnings if (said := once.rest(each))]
    cause += _labelled(story.reasons[: None if size.notes and size.leases is None else 1], once)
    cause += warnings
    points, left_out = _points(story, size.findings, once)
    if left_out:
        # Where none is shown, a section would hold nothing else.
        more = Text("report.more" if points else "report.omitted", {"count": left_out})
        (points or cause).append(say(more, language))
    stop = text("report.stop_everything", command=advice.stop)
    return {
        "headline": [advice.headline],
        "consequences": [*advice.consequences],
        "label.steps": _steps(story, language, size),
        "label.acts": [*acts, *_leases(story, language, once, size.leases)],
        "label.course": _labelled(story.course[: size.course], once),
        "label.cause": cause,
        "label.findings": points,
        "place": [f"{label}: {said}" for label, said in story.facts],
        "links": [f"{label}: {said}" for label, said in story.links],
        "stop": [say(stop, language)],
    }


def _steps(story: Story, language: str, size: _Size) -> list[str]:
    advice = story.advice
    """Those with commands before those without; the last one is whom to call and is never left out, nor
    is one that the first line promises, nor, if there is room for all changes in force, one with a command
    for the very functions that it is about."""
    steps = advice.steps
    last = len(steps) - 1
    heaviest = sorted(range(len(steps)), key=lambda place: (place != last, -steps[place].weight))
    always = StepWeight.WITH_FUNCTIONS if size.leases is None else StepWeight.PROMISED
    kept = [
        step for place, step in enumerate(steps) if place in heaviest[: size.steps] or step.weight >= always
    ]
    shown = [*advice.answers, *kept]
    requests = [each for each in shown if each.weight is StepWeight.REQUEST]
    if size.merged and len(requests) > 1:
        shown[shown.index(requests[0])] = advice.all_requests
        shown = [each for each in shown if each not in requests]
    if size.by_weight:
        shown.sort(key=lambda step: -step.weight)
    lines = [f"{number}. {step.said.replace('\n', '\n   ')}" for number, step in enumerate(shown, 1)]
    if left_out := len(steps) - len(kept):
        return [*lines, say(text("report.more_steps", count=left_out, runbook=story.runbook), language)]
    named = any(step.weight is StepWeight.IN_RUNBOOK for step in kept)
    return [*lines, say(text("report.runbook", runbook=story.runbook), language)] if named else lines


def _together(acts: Iterable[Act[str]], language: str) -> Iterator[Act[str]]:
    """Proposals that were held back for the same reason are one: it is given once, for all of them."""
    alike: dict[object, list[Act[str]]] = {}
    for place, act in enumerate(acts):
        alone = bool(act.undo or act.written or not act.lines)
        alike.setdefault((act.label, act.lines, act.ending, act.notes, place if alone else -1), []).append(
            act
        )
    for first, *others in alike.values():
        titles = in_a_row([each.title for each in (first, *others)], language)
        rows = tuple(row for each in (first, *others) for row in each.rows)
        yield replace(first, title=titles, rows=rows)


def _act(act: Act[str], once: _Once, *, ending: bool, notes: bool) -> Iterator[str]:
    yield f"[{act.label}] {act.title}"
    for row in act.rows:
        note = f": {row.note}" if row.note and once(row.note) else ""
        status = f" [{row.status}]" if act.mixed else ""
        yield f"  {row.setting}: {row.values} ({row.target}){status}{note}"
    ended = act.ending if ending or not act.undo else ()
    yield from (f"  {line}" for line in _labelled((*act.lines, *ended), once))
    if act.undo and once(act.undo):
        yield f"  {act.undo_label}: {act.undo}"
    yield from (f"  {line}" for line in _labelled(act.notes if notes else (), once))
    for one in act.written:
        # To be pasted as it is: the command has a line to itself, and is never without its sentence.
        yield f"  {once.rest(one.what) or act.title}\n    {one.command}"


def _leases(story: Story, language: str, once: _Once, most: int | None) -> Iterator[str]:
    advice = story.advice
    """All leases, or `most` of them and the number of the others; without commands for another incident's."""
    for lease in advice.leases[:most]:
        if once(lease.said):
            yield f"- {lease.said}"
            if lease.undo and (lease.own or most is None) and once(lease.undo):
                yield f"  {lease.label}: {lease.undo}"
    left_out = 0 if most is None else len(advice.leases) - most
    if left_out > 0:
        yield f"- {say(text('report.more_leases', count=left_out, command=advice.all_leases), language)}"


def _labelled(lines: Iterable[LabelledLine], once: _Once) -> list[str]:
    return [f"{label}: {said}" for label, words in lines if (said := once.rest(words))]


def _points(story: Story, most: int, once: _Once) -> tuple[list[str], int]:
    """The findings of problems, healthy ones only if there is nothing else; and how many are left out."""
    odd = [point for point in story.points if point.tone not in _NORMAL] or list(story.points)
    most = most if story.known else max(most, _FEWEST)
    lines = []
    for point in odd[:most]:
        # A sentence that appeared already may continue.
        said = (point.said,) if once(point.said) else tuple(filter(once, point.details))[:1]
        lines += [f"[{point.label}] {each}" for each in said]
    return lines, len(story.points) - len(odd[:most])
