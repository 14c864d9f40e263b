"""From an alarm to the written change, next to the manual's commands for a person: `make bench-change`.

All on one local AWS, in one run, each beginning an idle second after the one before: a function keeps the
rate of Lambda's control plane, which is counted by the second, and an alarm seldom fires within a second of
another. The response counts from when the alarm changes its state until the last of the four functions is
asked to change. Cold: its function has not run before, and nothing of it is imported. Warm: its process has
answered before.

A person's three commands (manual, アラート2: the error lines of both functions, then the rollout of one
function) run in sequence, without the time for reading and deciding. Like them the first response
changes functions that have no alias. Where an alias serves each of them, a person would need two further
commands for each function.
"""

import os
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from statistics import median

from liveness_ops.people.options import Language
from local_aws.client import LocalAws
from rehearsal.drill.build import build
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.play_scenario import play_once
from rehearsal.drill.run import deployed
from rehearsal.world.build import World
from rehearsal.world.names import CREATE, LOGINS, RESULT

RUNS = 5
_IDLE_SECONDS = 1
_WRITE = "lambda:UpdateFunctionConfiguration"
_SCENARIOS = {"": "acts-without-alias", ", through an alias": "acts"}


def main() -> int:
    """Print medians and ratios. Status 1 where the AWS CLI is not installed."""
    cli = shutil.which("aws")
    if cli is None:
        print("The AWS CLI is not installed: there is nothing to compare with.")
        return 1
    build()
    aws = deployed(World.ROLLED_OUT, Language.EN)
    found = defaultdict(list)
    try:
        for _ in range(RUNS):
            time.sleep(_IDLE_SECONDS)
            found["by hand"].append(_by_hand(aws, cli))
            for name, scenario in _SCENARIOS.items():
                aws.restore(World.ROLLED_OUT, cold=True)
                for state in ("cold", "warm"):
                    time.sleep(_IDLE_SECONDS)
                    found[f"{state}{name}"].append(_response(aws, scenario))
    finally:
        aws.stop()
    person = median(found.pop("by hand"))
    print(f"three commands by hand: {person:.2f} s")
    for name, seconds in found.items():
        print(f"response, {name}: {median(seconds):.2f} s, {person / median(seconds):.1f} times as fast")
    return 0


def _response(aws: LocalAws, name: str) -> float:
    (scenario,) = scenarios("high-error-rate", name)
    problems = play_once(aws, scenario).acts[0].problems
    if problems:
        raise RuntimeError("; ".join(map(str, problems)))
    (alarm,) = aws.client("cloudwatch").describe_alarms(AlarmNames=["FaceAuth-Liveness-HighErrorRate"])[
        "MetricAlarms"
    ]
    raised: float = alarm["StateUpdatedTimestamp"].timestamp()
    return max(call.when - raised for call in aws.calls() if call.action == _WRITE)


def _by_hand(aws: LocalAws, cli: str) -> float:
    since = f"{int(time.time() - 3600)}000"
    looks = [
        *("logs", "filter-log-events", "--filter-pattern", "ERROR", "--start-time", since, "--limit", "50"),
        "--log-group-name",
    ]
    change = ("lambda", "update-function-configuration", "--function-name", LOGINS[0])
    values = "Variables={LIVENESS_ROLLOUT_PERCENTAGE=0}"
    began = time.monotonic()
    for command in (
        (*looks, f"/aws/lambda/{CREATE}"),
        (*looks, f"/aws/lambda/{RESULT}"),
        (*change, "--environment", values),
    ):
        environment = {**os.environ, **aws.environment()}
        subprocess.run([cli, *command], env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
