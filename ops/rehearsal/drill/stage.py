"""Play one scenario on the local AWS: restore, break, seed, raise the alarm, wait, look; then follow it."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any

from local_aws.client import LocalAws
from rehearsal.drill import setting, signal, state
from rehearsal.drill.check import differences, problems
from rehearsal.drill.course import Course
from rehearsal.drill.difference import About, Difference
from rehearsal.drill.filed import logs, reports, rows
from rehearsal.drill.follow import Follow, Message
from rehearsal.drill.mail_shape import faults
from rehearsal.drill.orders import order
from rehearsal.drill.person_acts import PersonAct
from rehearsal.drill.scenario import Expect, Scenario
from rehearsal.drill.stack import STACK, warm_up
from rehearsal.drill.taken import Taken
from rehearsal.world.names import FUNCTIONS
from rehearsal.world.points import Point
from responder.core.reasons import FailureKind

_TOO_SLOW = 2.0
# What a follow-up logs when a look did not come in time.
_LOST = "a look failed"
# In a message, the reason for a reading of the response that was not done in time by its own clock.
_LATE = f'"{FailureKind.LATE.value}"'


@dataclass(frozen=True)
class Played:
    """A scenario and its result: the response first, then each command, and the incident's course.
    `again`: it failed on a machine that was too slow, and this is the second play."""

    scenario: Scenario
    acts: tuple[Taken, ...]
    again: bool = False

    @cached_property
    def problems(self) -> list[Difference]:
        """Everything that differs from what was expected, in the form of the mails too."""
        return [problem for act in self.acts for problem in (*act.problems, *_misshapen(act))]

    @property
    def slow(self) -> bool:
        """A machine too busy for the looks' own clocks may have spoilt it."""
        courses = (act.course for act in self.acts if act.course is not None)
        lost = any(_LOST in run.log for course in courses for run in course.runs)
        late = any(_LATE in mail.bodies["sqs"] for act in self.acts for mail in act.mail)
        return self.seconds > _TOO_SLOW or lost or late

    @property
    def seconds(self) -> float:
        """Wall time of the responses."""
        return sum(act.seconds for act in self.acts if act.course is None)


def _misshapen(act: Taken) -> Iterator[Difference]:
    entries = act.course.entries if act.course is not None else ()
    for mail in (*act.mail, *(entry.mail for entry in entries if isinstance(entry, Message))):
        for fault in faults(mail.subject, mail.text, json.loads(mail.bodies["sqs"])):
            yield Difference(About.SHAPE, None, fault)


def play(aws: LocalAws, scenario: Scenario) -> Played:
    """Once; and once more where it failed on a machine that was too slow. Alarms that fire at the same time
    are slow
    by design: what they wait for is AWS's rates."""
    played = play_once(aws, scenario)
    if not played.problems or not played.slow or scenario.beside:
        return played
    return replace(play_once(aws, scenario), again=True)


def play_once(aws: LocalAws, scenario: Scenario) -> Played:
    """Whatever the outcome."""
    if scenario.beside:
        warm_up(aws, scenario.alarms)
    now = datetime.now(UTC)
    aws.restore(scenario.world)
    aws.clear()
    points = setting.traffic(aws, scenario, now)
    setting.switches(aws, scenario, now)
    if scenario.kind is not None:
        scenario.kind.create(aws.client("cloudwatch"))
        aws.wait_idle()
        aws.clear()
    for twist in scenario.twists:
        twist(aws, now)
    aws.inject(setting.faults(aws, scenario))
    acts = [_act(aws, scenario, scenario.expect, lambda: signal.send(aws, scenario, points, now))]
    for step in scenario.then:
        # Neither a person nor the follow-up takes the next step within a second of the last.
        aws.idle_second()
        for twist in step.before:
            twist(aws, now)
        # Only the responder changes anything between two acts: they share one reading.
        before = None if step.before else acts[-1].after
        do = (
            partial(step.play, aws, acts)
            if isinstance(step, PersonAct)
            else partial(order, aws, scenario, step, acts)
        )
        taken = replace(_act(aws, scenario, step.expect, do, before), step=step)
        if isinstance(step, PersonAct) and taken.answer != step.ends:
            of = f"{step.command} ({step.who})"
            taken.problems.append(Difference(About.COMMAND, step.ends, str(taken.answer), of))
        acts.append(taken)
    if scenario.follow is not None:
        acts.append(_follow(aws, scenario, scenario.follow, acts, points))
    return Played(scenario, tuple(acts))


def _follow(
    aws: LocalAws, scenario: Scenario, follow: Follow, acts: list[Taken], points: list[Point]
) -> Taken:
    first = acts[0]
    # Nothing changes between the last act and the follow-up: they share one reading.
    course = Course(aws, scenario, first, points, list(follow.script), follow.until)
    taken = _act(aws, scenario, None, lambda: course.play(follow.most), acts[-1].after)
    found = reports(aws, course.incident)
    said = "\n".join((taken.logs, *(run.log for run in course.runs)))
    taken = replace(taken, course=course, files=found, logs=said)
    taken.problems.extend(differences(follow, taken, first.before, denied=scenario.denied))
    return taken


def _act(
    aws: LocalAws,
    scenario: Scenario,
    expect: Expect | None,
    do: Callable[[], Any],
    known: state.State | None = None,
) -> Taken:
    before = known or _state(aws)
    called, mails = aws.counts()
    begun = time.monotonic()
    answer = do()
    aws.wait_idle()
    seconds = time.monotonic() - begun
    mail = aws.inbox(mails)
    taken = Taken(
        before=before,
        after=_state(aws),
        mail=tuple(each for each in mail if "-Notifications" in each.topic),
        last_resort=tuple(each for each in mail if "-Notifications" not in each.topic),
        calls=tuple(aws.calls(called)),
        rows=tuple(rows(aws)),
        seconds=seconds,
        logs=logs(aws, f"{STACK}-{scenario.alarm}"),
        answer=answer,
    )
    if expect is not None:
        taken.problems.extend(problems(expect, taken, denied=scenario.denied))
    return taken


def _state(aws: LocalAws) -> state.State:
    return state.of(aws.functions(FUNCTIONS), *aws.answers(*state.ASKED))
