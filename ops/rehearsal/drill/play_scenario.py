"""Play one scenario on the local AWS: restore, break, seed, raise the alarm, wait, look; then follow it."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any

from local_aws.client import LocalAws
from rehearsal.drill import alarm_trigger, scenario_setup, state
from rehearsal.drill.alarm_commands import order
from rehearsal.drill.check import differences, problems
from rehearsal.drill.difference import About, Difference
from rehearsal.drill.follow import Follow, Message
from rehearsal.drill.followed_incident import FollowedIncident
from rehearsal.drill.mail_shape import faults
from rehearsal.drill.person_acts import PersonAct
from rehearsal.drill.scenario import Expect, Scenario
from rehearsal.drill.stack import STACK, warm_up
from rehearsal.drill.step_result import StepResult
from rehearsal.drill.stored_records import filter_events, logs, reports, rows, scan
from rehearsal.world.names import FUNCTIONS
from rehearsal.world.points import Point
from responder.core.reasons import FailureKind

_TOO_SLOW = 2.0
# What a follow-up logs when a look did not come in time.
_LOST = "a look failed"
# In a message, the reason for a reading of the response that was not done in time by its own clock.
_LATE = f'"{FailureKind.LATE.value}"'


@dataclass(frozen=True)
class ScenarioRun:
    """A scenario and its result: the response first, then each command, and the incident's course.
    `again`: it failed on a machine that was too slow, and this is the second play."""

    scenario: Scenario
    acts: tuple[StepResult, ...]
    again: bool = False

    @cached_property
    def problems(self) -> list[Difference]:
        """Everything that differs from what was expected, in the form of the mails too."""
        return [problem for act in self.acts for problem in (*act.problems, *_misshapen(act))]

    @property
    def slow(self) -> bool:
        """A machine too busy for the looks' own clocks may have spoilt it."""
        courses = (act.followed for act in self.acts if act.followed is not None)
        lost = any(_LOST in run.log for followed in courses for run in followed.runs)
        late = any(_LATE in mail.bodies["sqs"] for act in self.acts for mail in act.mail)
        return self.seconds > _TOO_SLOW or lost or late

    @property
    def seconds(self) -> float:
        """Wall time of the responses."""
        return sum(act.seconds for act in self.acts if act.followed is None)


def _misshapen(act: StepResult) -> Iterator[Difference]:
    entries = act.followed.entries if act.followed is not None else ()
    for mail in (*act.mail, *(entry.mail for entry in entries if isinstance(entry, Message))):
        for fault in faults(mail.subject, mail.text, json.loads(mail.bodies["sqs"])):
            yield Difference(About.SHAPE, None, fault)


def play(aws: LocalAws, scenario: Scenario) -> ScenarioRun:
    """Once; and once more where it failed on a machine that was too slow. Alarms that fire at the same time
    are slow by design: what they wait for is AWS's rates."""
    played = play_once(aws, scenario)
    if not played.problems or not played.slow or scenario.beside:
        return played
    return replace(play_once(aws, scenario), again=True)


def play_once(aws: LocalAws, scenario: Scenario) -> ScenarioRun:
    """Whatever the outcome."""
    if scenario.beside:
        warm_up(aws, scenario.alarms)
    now = datetime.now(UTC)
    aws.restore(scenario.world)
    aws.clear()
    points = scenario_setup.traffic(aws, scenario, now)
    scenario_setup.switches(aws, scenario, now)
    if scenario.kind is not None:
        scenario.kind.create(aws.client("cloudwatch"))
        aws.wait_idle()
        aws.clear()
    for condition in scenario.conditions:
        condition(aws, now)
    aws.inject(scenario_setup.faults(aws, scenario))
    acts = [_act(aws, scenario, scenario.expect, lambda: alarm_trigger.send(aws, scenario, points, now))]
    for step in scenario.then:
        # Neither a person nor the follow-up takes the next step within a second of the last.
        aws.idle_second()
        for condition in step.before:
            condition(aws, now)
        # Only the responder changes anything between two acts: they share one reading.
        before = None if step.before else acts[-1].after
        do = (
            partial(step.play, aws, acts)
            if isinstance(step, PersonAct)
            else partial(order, aws, scenario, step, acts)
        )
        step_result = replace(_act(aws, scenario, step.expect, do, before), step=step)
        if isinstance(step, PersonAct) and step_result.answer != step.ends:
            of = f"{step.command} ({step.who})"
            step_result.problems.append(Difference(About.COMMAND, step.ends, str(step_result.answer), of))
        acts.append(step_result)
    if scenario.follow is not None:
        acts.append(_follow(aws, scenario, scenario.follow, acts, points))
    return ScenarioRun(scenario, tuple(acts))


def _follow(
    aws: LocalAws, scenario: Scenario, follow: Follow, acts: list[StepResult], points: list[Point]
) -> StepResult:
    first = acts[0]
    # Nothing changes between the last act and the follow-up: they share one reading.
    followed = FollowedIncident(aws, scenario, first, points, list(follow.script), follow.until)
    step_result = _act(aws, scenario, None, lambda: followed.play(follow.most), acts[-1].after)
    found = reports(aws, followed.incident)
    said = "\n".join((step_result.logs, *(run.log for run in followed.runs)))
    step_result = replace(step_result, followed=followed, files=found, logs=said)
    step_result.problems.extend(differences(follow, step_result, first.before, denied=scenario.denied))
    return step_result


def _act(
    aws: LocalAws,
    scenario: Scenario,
    expect: Expect | None,
    do: Callable[[], Any],
    known: state.State | None = None,
) -> StepResult:
    before = known or state.of(aws.functions(FUNCTIONS), *aws.answers(*state.ASKED))
    called, mails = aws.counts()
    begun = time.monotonic()
    answer = do()
    aws.wait_idle()
    seconds = time.monotonic() - begun
    mail = aws.inbox(mails)
    # One request where each would take one of its own.
    of_function = filter_events(f"{STACK}-{scenario.alarm}")
    *settings, scanned, filtered = aws.answers(*state.ASKED, scan(aws), of_function)
    step_result = StepResult(
        before=before,
        after=state.of(aws.functions(FUNCTIONS), *settings),
        mail=tuple(each for each in mail if "-Notifications" in each.topic),
        last_resort=tuple(each for each in mail if "-Notifications" not in each.topic),
        calls=tuple(aws.calls(called)),
        rows=tuple(rows(scanned)),
        seconds=seconds,
        logs=logs(filtered),
        answer=answer,
    )
    if expect is not None:
        step_result.problems.extend(problems(expect, step_result, denied=scenario.denied))
    return step_result
