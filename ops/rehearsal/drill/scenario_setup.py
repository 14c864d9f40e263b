"""What a scenario finds when it begins: its traffic, its modes and pauses, the calls that fail."""

import json
from datetime import datetime, timedelta

from local_aws.client import Fault, LocalAws
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.stack import STACK
from rehearsal.world import seed
from rehearsal.world.lines import Format
from rehearsal.world.names import LIVENESS, OURS
from rehearsal.world.points import Point, of_lambda, of_requests, of_table
from rehearsal.world.traffic import Request, unfold
from responder.core.switches import EVERYWHERE, MODES


def traffic(aws: LocalAws, scenario: Scenario, now: datetime, part: int = 0) -> list[Point]:
    """Log lines and datapoints; the latter are what the alarm's reason is computed from. What our metric
    filters count is theirs to put."""
    requests = list(unfold(scenario.traffic, now, part))
    found = _points(requests, scenario, now)
    if scenario.form is not Format.TEXT:
        for name in LIVENESS:
            aws.log_format(name, scenario.form.setting)
    seed.put_lines(aws, requests, scenario.form)
    seed.put_points(aws, [each for each in found if each.namespace != OURS])
    return found


def points(scenario: Scenario, now: datetime) -> list[Point]:
    """What the alarm's reason is computed from, without putting it anywhere."""
    return _points(list(unfold(scenario.traffic, now)), scenario, now)


def _points(requests: list[Request], scenario: Scenario, now: datetime) -> list[Point]:
    return [
        *of_requests(requests, scenario.qualifier),
        *of_table(scenario.table_pressure, now),
        *of_lambda(scenario.lambda_pressure, now),
    ]


def switches(aws: LocalAws, scenario: Scenario, now: datetime) -> None:
    """Modes, a pause of two hours, and a pause that ended two hours ago."""
    ssm = aws.client("ssm")
    if scenario.modes:
        first = json.loads(ssm.get_parameter(Name=f"/{STACK}/first-{MODES}")["Parameter"]["Value"])
        modes = {**first, **{remedy or EVERYWHERE: mode for remedy, mode in scenario.modes.items()}}
        ssm.put_parameter(Name=f"/{STACK}/{MODES}", Value=json.dumps(modes), Type="String", Overwrite=True)
    for name, hours in ((scenario.pause, 2), (scenario.ended_pause, -2)):
        if name:
            until = (now + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
            value = json.dumps({"who": "oncall", "why": "release night", "until": until})
            ssm.put_parameter(Name=f"/{STACK}/stops/{name}", Value=value, Type="String")


def faults(aws: LocalAws, scenario: Scenario) -> list[Fault]:
    """Only calls of the alarm's own function fail, never those of the drill."""
    if not scenario.faults:
        return []
    arn = aws.client("lambda").get_function_configuration(FunctionName=f"{STACK}-{scenario.alarm}")["Role"]
    return [Fault(**fault, role=arn.rsplit("/", 1)[-1]) for fault in scenario.faults]
