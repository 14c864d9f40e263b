"""A report as the text of an e-mail, in the order in which it is needed at night.

One line; what a yes does; what to do next, with commands; what changed and how to undo it; the course; the
cause and what was ruled out; evidence in short; where it is, and how to stop everything.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from responder.core.finding import Tone
from responder.core.report import Report, ReportKind
from responder.core.text import Text, text
from responder.messages.language import in_a_row, say
from responder.messages.story import LabelledLine, OutcomePart, Story, story_of

# Characters: what a telephone shows in a few screens, and what no message exceeds.
SHORT, LONGEST = 1_500, 3_500
# Up to here a message that asks for approval keeps a finding: the person who approves needs evidence.
_ASKING = 2_000
# Findings that are shown at least where no cause was found.
_FEWEST = 3
_NORMAL = (Tone.NORMAL, Tone.INFO)
# Shorter than this, two equal texts are names and numbers rather than the same sentence twice.
_SENTENCE = 12
# How many findings, lines of the course and steps, and whether all that was ruled out, and how a change that
# has a command for it is undone otherwise: as many as fit into SHORT.
_SIZES = (
    (8, 8, 5, True),
    (5, 8, 5, True),
    (3, 6, 4, True),
    (2, 6, 4, True),
    (1, 5, 3, True),
    (1, 4, 2, True),
)
# Where none of them fits: this within _ASKING, if approval is asked for; then as many as fit into SHORT.
_ONE_FINDING = ((1, 4, 2, True),)
_FEW_SIZES = ((0, 4, 2, True), (1, 4, 2, False), (0, 4, 2, False))
# Where none of them fits either, there is room for a finding again: the first one within LONGEST, or else the
# last. The last three list few changes in force or none, and no notes, such as that a deployment may undo a
# change.
_LONG_SIZES = (
    *_ONE_FINDING,
    (0, 4, 2, True),
    (0, 3, 2, False),
    (0, 3, 2, False, 2),
    (0, 0, 2, False, 1),
    (0, 0, 2, False, 0),
)
# Where the automation itself failed, a person works by the manual: all of its steps.
_MANUAL_SIZES = ((5, 8, 12, True), (1, 4, 12, True))
# Weights of steps.
_PROMISED, _WITH_FUNCTIONS, _IN_RUNBOOK = 4, 3, 1
_SAMPLES = re.compile(r" ?[(（]n=[\d,]+[)）]$")
# What is in brackets belongs to the sentence around them.
_BRACKETS = r"（(?:[^（）]|（[^（）]*）)*）|\((?:[^()]|\([^()]*\))*\)"
_SENTENCES = re.compile(rf"(?:{_BRACKETS}|.)+?(?:。|\.(?= )|$) ?", re.DOTALL)


class _Once:
    """Tracks the sentences of a message, so that none appears twice."""

    def __init__(self, first: Iterable[str]) -> None:
        self._said = "\n".join(first)

    def __call__(self, words: str) -> bool:
        """Whether it is new."""
        bare = _SAMPLES.sub("", words).rstrip("。.")
        if len(bare) >= _SENTENCE and bare in self._said:
            return False
        self._said += f"\n{words}"
        return True

    def rest(self, words: str) -> str:
        """The new sentences of a text."""
        return "".join(each for each in _SENTENCES.findall(words) if self(each.strip())).strip()


def plain(report: Report, language: str, story: Story | None = None) -> str:
    """The whole message; its first line alone already says what to do. Evidence is left out first, then
    lines of the course, then steps, then changes in force."""
    whole = story or story_of(report, language)
    message = ""
    manual = ((LONGEST, _MANUAL_SIZES),) if report.kind is ReportKind.FAILURE else ()
    asks = report.waiting or any(act.approval for act in report.outcomes)
    asking = ((_ASKING, _ONE_FINDING),) if asks else ()
    for most, choices in (*manual, (SHORT, _SIZES), *asking, (SHORT, _FEW_SIZES), (LONGEST, _LONG_SIZES)):
        for sizes in choices:
            message = _message(whole, language, *sizes)
            if len(message) <= most:
                return message
    return message


def _message(  # noqa: PLR0913  one value per part that can be left out
    story: Story,
    language: str,
    points: int,
    lines: int,
    steps: int,
    notes: bool,
    leases: int | None = None,
) -> str:
    once = _Once((story.headline, *story.consequences))
    acts = [
        line
        for act in _together(story.acts, language)
        for line in _act(act, once, ending=notes, notes=leases is None)
    ]
    parts = (
        ("label.steps", _steps(story, language, steps, heavy=leases is None)),
        ("label.acts", [*acts, *_leases(story, language, once, leases)]),
        ("label.course", _labelled(story.course[:lines], once)),
        ("label.cause", _cause(story, once, None if notes and leases is None else 1)),
        ("label.findings", _points(story, points, language, once)),
    )
    said = [story.headline, *story.consequences]
    for label, found in parts:
        said += ["", f"■ {say(Text(label), language)}", *found] if found else []
    return "\n".join((*said, "", *_footer(story, language))).strip() + "\n"


def _steps(story: Story, language: str, most: int, *, heavy: bool) -> list[str]:
    """Those with commands before those without; the last one is whom to call and is never left out, nor
    is one that the first line promises. `heavy`: nor one with a command for the very functions that it is
    about."""
    last = len(story.steps) - 1
    by_weight = sorted(range(len(story.steps)), key=lambda place: (place != last, -story.steps[place].weight))
    always = _WITH_FUNCTIONS if heavy else _PROMISED
    kept = [
        step for place, step in enumerate(story.steps) if place in by_weight[:most] or step.weight >= always
    ]
    lines = []
    for number, step in enumerate((*story.answers, *(each.said for each in kept)), 1):
        first, *more = step.split("\n")
        lines += [f"{number}. {first}", *(f"   {line}" for line in more)]
    if left_out := len(story.steps) - len(kept):
        return [*lines, say(text("report.more_steps", count=left_out, runbook=story.runbook), language)]
    named = any(step.weight == _IN_RUNBOOK for step in kept)
    return [*lines, say(text("report.runbook", runbook=story.runbook), language)] if named else lines


def _together(acts: Iterable[OutcomePart], language: str) -> Iterator[OutcomePart]:
    """Proposals that were held back for the same reason are one: it is given once, for all of them."""
    alike: dict[object, list[OutcomePart]] = {}
    for place, act in enumerate(acts):
        alone = bool(act.undo or act.written or not act.lines)
        alike.setdefault((act.label, act.lines, act.ending, act.notes, place if alone else -1), []).append(
            act
        )
    for first, *others in alike.values():
        titles = in_a_row([each.title for each in (first, *others)], language)
        rows = tuple(row for each in (first, *others) for row in each.rows)
        yield replace(first, title=titles, rows=rows)


def _act(act: OutcomePart, once: _Once, *, ending: bool, notes: bool) -> Iterator[str]:
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
        # To be pasted as it is: the command has a line to itself.
        yield from (f"  {once.rest(one.what) or act.title}", f"    {one.command}")


def _leases(story: Story, language: str, once: _Once, most: int | None) -> Iterator[str]:
    """All leases, or `most` of them and the number of the others; without commands for another incident's."""
    for lease in story.leases[:most]:
        if once(lease.said):
            yield f"- {lease.said}"
            if lease.undo and (lease.own or most is None) and once(lease.undo):
                yield f"  {lease.label}: {lease.undo}"
    left_out = 0 if most is None else len(story.leases) - most
    if left_out > 0:
        yield f"- {say(text('report.more_leases', count=left_out, command=story.all_leases), language)}"


def _cause(story: Story, once: _Once, most: int | None) -> list[str]:
    cause = [story.cause] if story.cause and once(story.cause) else []
    warnings = [f"! {said}" for each in story.warnings if (said := once.rest(each))]
    return [*cause, *_labelled(story.reasons[:most], once), *warnings]


def _labelled(lines: Iterable[LabelledLine], once: _Once) -> list[str]:
    return [f"{label}: {said}" for label, words in lines if (said := once.rest(words))]


def _points(story: Story, most: int, language: str, once: _Once) -> list[str]:
    """The findings of problems; healthy ones only if there is nothing else."""
    odd = [point for point in story.points if point.tone not in _NORMAL] or list(story.points)
    most = most if story.known else max(most, _FEWEST)
    lines = []
    for point in odd[:most]:
        # A sentence that appeared already may continue.
        said = (point.said,) if once(point.said) else tuple(filter(once, point.details))[:1]
        lines += [f"[{point.label}] {each}" for each in said]
    left_out = len(story.points) - len(odd[:most])
    key = "report.more" if lines else "report.omitted"
    return [*lines, say(Text(key, {"count": left_out}), language)] if left_out else lines


def _footer(story: Story, language: str) -> list[str]:
    stop = text("report.stop_everything", command=story.stop)
    return [*(f"{label}: {said}" for label, said in (*story.facts, *story.links)), say(stop, language)]
