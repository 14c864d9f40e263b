"""Play one scenario on the local AWS: restore, break, seed, raise the alarm, wait, look; then follow it."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from typing import Any

from local_aws.client import LocalAws
from rehearsal.drill import alarm_trigger, scenario_setup, state
from rehearsal.drill.alarm_commands import decide_again, order
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
# As on AWS: values of metrics 0 to 3 minutes after their time, log lines and permissions some seconds.
LATE: dict[str, float | list[float]] = {
    "metrics_late": [0.0, 180.0],
    "lines_late": 4.0,
    "policies_late": 10.0,
}


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


def play(aws: LocalAws, scenario: Scenario, *, late: bool = False) -> ScenarioRun:
    """Once; and once more where it failed on a machine that was too slow. Alarms that fire at the same time
    are slow by design: what they wait for is AWS's rates.

    `late`: metrics, log lines and permissions are late as on AWS; then the last of its decisions is compared,
    and no figure of a message, as those differ by the second at which it is played.
    """
    if late:
        scenario = _without_figures(scenario)
        aws.settings(**LATE)
    played = play_once(aws, scenario, late=late)
    if not played.problems or not played.slow or scenario.beside:
        return played
    return replace(play_once(aws, scenario, late=late), again=True)


def play_once(aws: LocalAws, scenario: Scenario, *, late: bool = False) -> ScenarioRun:
    """Whatever the outcome; `late`: see `_decided`."""
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
    # Permissions that were lost before the alarm are missing by now.
    aws.settings(policies_late=0)
    for condition in scenario.conditions:
        condition(aws, now)
    aws.settings(policies_late=LATE["policies_late"] if late else 0)
    aws.inject(scenario_setup.faults(aws, scenario))
    begin = partial(alarm_trigger.send, aws, scenario, points, now)
    acts = [_decided(aws, scenario, begin, late=late)]
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
        if isinstance(step, PersonAct):
            step_result.problems.extend(_answer(step, step_result))
        acts.append(step_result)
    if scenario.follow is not None:
        acts.append(_follow(aws, scenario, scenario.follow, acts, points))
    return ScenarioRun(scenario, tuple(acts))


def _answer(step: PersonAct, step_result: StepResult) -> Iterator[Difference]:
    if step_result.answer != step.ends:
        of = f"{step.command} ({step.who})"
        yield Difference(About.COMMAND, step.ends, str(step_result.answer), of)


def _without_figures(scenario: Scenario) -> Scenario:
    words = tuple(each for each in scenario.expect.says if not each.replace(".", "").isdigit())
    return replace(scenario, expect=replace(scenario.expect, says=words))


def _decided(aws: LocalAws, scenario: Scenario, begin: Callable[[], Any], *, late: bool) -> StepResult:
    """The response to an alarm. As long as it lacks figures that are `late`, it is decided again, as the
    follow-up has it done: at each of the next three minutes."""
    decided, began = _act(aws, scenario, None, begin), datetime.now(UTC)
    # In the course of an incident the follow-up itself does it; simultaneous alarms each have a message.
    for minute in (1, 2, 3) if late and not (scenario.follow or scenario.beside) else ():
        if not _lacks(decided):
            break
        aws.move_clock(began + timedelta(minutes=minute))
        again = _act(aws, scenario, None, partial(decide_again, aws, scenario, decided), decided.after)
        decided = replace(again, before=decided.before, mail=again.mail or decided.mail)
    if aws.ahead:
        # The same command within seconds would be a repeat of the last.
        aws.move_clock(datetime.now(UTC) + aws.ahead + timedelta(minutes=1))
    return replace(decided, problems=problems(scenario.expect, decided, denied=scenario.denied))


def _lacks(decided: StepResult) -> bool:
    """The decision on record says so; where no incident is open, none is on record."""
    of_incident = (
        row for row in decided.rows if row.get("incident", {}).get("S") == decided.report.get("incident", "-")
    )
    decisions = (json.loads(row["decision"]["S"]) for row in of_incident if "decision" in row)
    return any(decision["awaits"] for decision in decisions)


def _follow(
    aws: LocalAws, scenario: Scenario, follow: Follow, acts: list[StepResult], points: list[Point]
) -> StepResult:
    first = acts[0]
    # Nothing changes between the last act and the follow-up: they share one reading.
    followed = FollowedIncident(aws, scenario, first, points, follow)
    step_result = _act(aws, scenario, None, followed.play, acts[-1].after)
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
