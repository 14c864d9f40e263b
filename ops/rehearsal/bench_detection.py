"""How long a fault needs to become an alarm, and how often alarms fire without one: `make bench-detection`.

The tables are simulated, for alarms as this stack makes them for each traffic and as the service has them.
Three cells are measured besides: sessions that fail at the given rate write their log lines and metrics into
a local AWS, whose clock is moved on by a minute each time, and the alarm of the template is evaluated there.
"""

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from liveness_ops.template_tools.load import defaults, resolve, resources, template
from local_aws.client import LocalAws
from rehearsal.world.functions import STREAM, group
from rehearsal.world.lines import Format
from rehearsal.world.names import CREATE, LIVENESS, OURS, RESULT
from rehearsal.world.points import of_requests
from rehearsal.world.request_endings import CREATE_SESSION, GET, created, passed, service_error
from rehearsal.world.seed import put_lines, put_points
from rehearsal.world.traffic import Ending, Request
from responder.checks.run.alarm_names import audited
from responder.core.deployed_alarm import watch
from responder.core.settings import CORRECTED, Settings
from responder.detection.choice import rules_for
from responder.detection.false_alarms import false_alarms
from responder.detection.minutes import DELIVERY, LONGEST, SteadyFault, at, minutes_of_runs, minutes_to_alarm
from responder.detection.rules import AlarmRule, CountedRequests, rule_of
from responder.detection.traffic import over_day
from responder.respond.playbook import PLAYBOOKS

TRAFFIC = (1000, 300, 100)
SHARES = (1.0, 0.3, 0.1)
SURE = "FaceAuth-Liveness-SureFaults"
ERRORS = f"FaceAuth-Liveness-HighErrorRate{CORRECTED}"
CELLS = ((SURE, 1000, 1.0), (SURE, 300, 0.3), (ERRORS, 1000, 0.3))
RUNS = 30
# Longer than the longest window, so that no fault meets another one.
_APART = timedelta(hours=10)
# Of the medians of so many runs all but 1 in 1,000 are between these shares of all runs.
_LOW, _HIGH = 0.2, 0.8
_TIMEOUTS = {CREATE: 10.0, RESULT: 15.0}


def main() -> int:
    """Print the tables. Status 1 where what was measured does not fit what was computed."""
    least, most = DELIVERY
    print(f"Minutes to ALARM, median / p90; CloudWatch has the metrics {least:g} to {most:g} minutes later.")
    for sessions in TRAFFIC:
        _table(sessions)
    print("\nMeasured on the local AWS")
    with LocalAws() as aws:
        fits = [_measured(aws, number, *cell) for number, cell in enumerate(CELLS)]
    return 0 if all(fits) else 1


# --- simulated -----------------------------------------------------------------------------------


def _table(sessions: int) -> None:
    chosen = rules_for(sessions).overrides
    traffic = over_day(sessions)
    print(f"\n{sessions} sessions a day: {', '.join(f'{name}={value}' for name, value in chosen.items())}")
    shares = "".join(f"{f'{share:.0%} failing':>18}" for share in SHARES)
    print(f"{'alarm':46}{'false a year':>13}{shares}{'no session opens':>18}")
    for name, rule in _rules(sessions).items():
        usual = false_alarms(rule, traffic)
        cells = [_cell(rule, SteadyFault(traffic, share)) for share in SHARES]
        cells.append(_cell(rule, SteadyFault(traffic, 1.0, calls=CountedRequests.BOTH)))
        print(f"{name:46}{usual.a_year:>13.2f}{''.join(f'{each:>18}' for each in cells)}")


def _cell(rule: AlarmRule, fault: SteadyFault) -> str:
    found = minutes_to_alarm(rule, fault)
    return " / ".join("never" if each is None else f"{each:.1f}" for each in (found.median, found.p90))


def _rules(sessions: int) -> dict[str, AlarmRule]:
    """The rules of the service's alarms and of this stack's, by name; without those that cannot be
    modelled."""
    settings = Settings()
    watched = {each.name: each.definition.watch(settings) for each in audited(PLAYBOOKS)}
    watched |= {name: watch(row) for name, row in _made(sessions).items()}
    rules = {name: rule_of(each, settings, _TIMEOUTS) for name, each in sorted(watched.items())}
    return {name: rule for name, rule in rules.items() if isinstance(rule, AlarmRule)}


def _made(sessions: int) -> dict[str, dict[str, Any]]:
    """The template's alarms on the service, with the parameters for this traffic."""
    known = template()
    rows = (
        resolve(each, {**defaults(known), **rules_for(sessions).overrides})
        for each in resources(known, "AWS::CloudWatch::Alarm").values()
    )
    return {
        each["AlarmName"]: each for each in rows if not each["AlarmName"].startswith("LivenessResponder-")
    }


# --- measured ------------------------------------------------------------------------------------


def _measured(aws: LocalAws, number: int, name: str, sessions: int, share: float) -> bool:
    """Measure one cell: whether the median of all runs is where the simulation has it."""
    _deploy(aws, name, sessions)
    rule, fault = _rules(sessions)[name], SteadyFault(over_day(sessions), share)
    random = Random(number)  # noqa: S311  # nosec B311 - a simulation
    begin = datetime.now(UTC).replace(second=0, microsecond=0) + (1 + number * RUNS) * _APART
    took = sorted(
        _one(aws, _Injected(rule, fault, random, begin + run * _APART, name)) for run in range(RUNS)
    )
    foreseen = minutes_of_runs(rule, fault, 4000)
    low, middle, high = (at(foreseen, each) for each in (_LOW, 0.5, _HIGH))
    median = took[len(took) // 2]
    fits = low is not None and high is not None and low <= median <= high
    print(
        f"{name}, {sessions} sessions a day, {share:.0%} failing: {median:.1f} min, median of {RUNS} faults "
        f"({took[0]:.1f} to {took[-1]:.1f}); computed {middle} ({low} to {high} for such a median): "
        f"{'fits' if fits else 'DOES NOT FIT'}"
    )
    return fits


def _deploy(aws: LocalAws, name: str, sessions: int) -> None:
    """This alarm, and the metric filters."""
    known = template()
    aws.client("cloudwatch").put_metric_alarm(**_typed(_made(sessions)[name]))
    logs = aws.client("logs")
    for each in LIVENESS:
        if not logs.describe_log_groups(logGroupNamePrefix=group(each))["logGroups"]:
            logs.create_log_group(logGroupName=group(each))
            logs.create_log_stream(logGroupName=group(each), logStreamName=STREAM)
    for logical, given in resources(known, "AWS::Logs::MetricFilter").items():
        about = resolve(given, defaults(known))
        logs.put_metric_filter(
            logGroupName=about["LogGroupName"],
            filterName=logical,
            filterPattern=about["FilterPattern"],
            metricTransformations=[
                {key[0].lower() + key[1:]: str(value) for key, value in each.items()}
                for each in about["MetricTransformations"]
            ],
        )


def _typed(value: Any) -> Any:
    """A parameter is text in the template, and a number for CloudWatch."""
    if isinstance(value, list):
        return [_typed(each) for each in value]
    if not isinstance(value, dict):
        return value
    numbers = {"Period": int, "Threshold": float}
    return {key: numbers.get(key, _typed)(each) for key, each in value.items()}


@dataclass(frozen=True)
class _Injected:
    """One fault: when its minute begins, and the alarm that has to fire."""

    rule: AlarmRule
    fault: SteadyFault
    random: Random
    begin: datetime
    alarm: str

    def requests(self, start: float) -> dict[int, list[Request]]:
        """The requests by minute, from the alarm's window before the fault on. `start`: that of the fault, in
        minutes."""
        minute, found = -float(self.rule.minutes + 5), dict[int, list[Request]]()
        while (minute := minute + self.random.expovariate(self.fault.traffic.usual / 60)) < LONGEST:
            for time, function, ending in self._session(minute, start):
                found.setdefault(int(time // 1), []).append(self._request(time, function, ending))
        return found

    def _session(self, time: float, start: float) -> Iterator[tuple[float, str, Ending]]:
        both, broken = CountedRequests.BOTH, self.fault.calls or self.rule.requests
        for function, calls, well, badly in (
            (CREATE, CountedRequests.CREATE, created(), service_error("InternalServerError", CREATE_SESSION)),
            (RESULT, CountedRequests.RESULT, passed(), service_error("InternalServerError", GET)),
        ):
            for _ in range(self.fault.patience.tries + 1):
                hit = time >= start and broken in (both, calls)
                fails = hit and self.random.random() < self.fault.share
                yield time, function, badly if fails else well
                if not fails:
                    break
                time += self.random.random()
            else:
                return
            time += 0.5 + self.random.random()

    def _request(self, time: float, function: str, ending: Ending) -> Request:
        identity, session = (str(UUID(int=self.random.getrandbits(128), version=4)) for _ in range(2))
        when = self.begin + timedelta(minutes=time)
        return Request(function, when, identity, session, "EMP700001", ending, logged=True)


def _one(aws: LocalAws, injected: _Injected) -> float:
    """Minutes from the fault's start until the alarm is in ALARM, by the clock of the local AWS."""
    start = injected.random.random()
    by_minute = injected.requests(start)
    _reach(aws, injected, 0)
    _write(aws, [each for minute, many in sorted(by_minute.items()) if minute < 0 for each in many])
    for minute in range(LONGEST):
        _reach(aws, injected, minute + 1)
        _write(aws, by_minute.get(minute, []))
        aws.evaluate_alarms()
        (alarm,) = aws.client("cloudwatch").describe_alarms(AlarmNames=[injected.alarm])["MetricAlarms"]
        if alarm["StateValue"] == "ALARM":
            return minute + 1 - start
    return math.inf


def _reach(aws: LocalAws, injected: _Injected, minute: int) -> None:
    """Just before that minute begins: the one before it is the last that the alarm looks at."""
    aws.move_clock(injected.begin + timedelta(minutes=minute, seconds=-10))


def _write(aws: LocalAws, requests: list[Request]) -> None:
    """What is counted from log lines, the metric filters of the local AWS count."""
    put_lines(aws, requests, Format.TEXT)
    put_points(aws, (each for each in of_requests(requests, "") if each.namespace != OURS))


if __name__ == "__main__":
    sys.exit(main())
