"""Besides the drills: the scheduled checks, and what the console shows of an incident; the same on both."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from typer.testing import CliRunner

from liveness_ops.cli import app
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.play_scenario import play_once
from rehearsal.drill.stack import APPROVER, STACK
from rehearsal.world.build import World
from rehearsal.world.names import REGION
from tests.witness.outcome import Act, calls_of

CHECKS = ("daily-check", "weekly-check", "monthly-check")
# `INCIDENT` stands for the one that was opened.
COMMANDS = (
    "incidents",
    "incidents --all",
    "show INCIDENT",
    "leases",
    "check accepted",
    "mode",
    "settings show",
    "settings check",
    "settings history",
    "failures",
)
_ACTS = replace(scenarios("high-error-rate", "acts")[0], then=())


def run(aws: Any, environment: Mapping[str, str]) -> list[Act]:
    """`aws`: with our stack in the world `rolled-out`. `environment`: where the console reaches it."""
    return [*_checks(aws), *_console(aws, environment)]


def _checks(aws: Any) -> Iterator[Act]:
    aws.restore(World.ROLLED_OUT)
    for name in CHECKS:
        aws.clear()
        called, mails = aws.counts()
        answer = aws.client("lambda").invoke(FunctionName=f"{STACK}-{name}", Payload=b"{}")
        found = json.loads(answer["Payload"].read())
        aws.wait_idle()
        bodies = [json.loads(each.bodies["sqs"]) for each in aws.inbox(mails)]
        yield _act(name, found.get("light", str(found)), bodies, calls_of(aws.calls(called)))


def _act(step: str, answer: str, shown: Any, calls: Mapping[str, int] | None = None) -> Act:
    return {
        "step": step,
        "answer": answer,
        "causes": [],
        "proposals": [],
        "changes": {},
        "calls": dict(calls or {}),
        "shown": _flat(shown),
    }


# What differs between two runs on the same AWS: times, ids, names that CloudFormation has made, and numbers.
_OWN = re.compile(r"(?<=reportsbucket-)\w+|[0-9a-f]{8}-[0-9a-f-]{27,}|(?<=-)[0-9A-Z]{12,13}\b|\d[\d.,:TZ+-]*")


def _flat(value: Any) -> list[str]:
    """Every leaf as `path: value`, without what is each run's own."""
    return sorted(set(_leaves(value, "")))


def _leaves(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _leaves(each, f"{path}.{_OWN.sub('#', str(key))}")
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each, f"{path}[]")
    else:
        yield f"{path}: {_OWN.sub('#', str(value))}"


def _console(aws: Any, environment: Mapping[str, str]) -> Iterator[Act]:
    keys = _person(aws)
    incident = play_once(aws, _ACTS).acts[0].report["incident"]
    for command in COMMANDS:
        words = [*command.replace("INCIDENT", incident).split(), "--json", "--region", REGION]
        done = CliRunner().invoke(app, [*words, "--language", "en"], env={**environment, **keys})
        lines = done.stdout.splitlines()
        yield _act(f"liveness-ops {command}", str(done.exit_code), json.loads(lines[-1]) if lines else {})


def _person(aws: Any) -> dict[str, str]:
    """On-call's keys."""
    iam = aws.client("iam")
    aws.restore(World.ROLLED_OUT)
    iam.create_user(UserName=APPROVER)
    (stack,) = aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    policy = next(one["OutputValue"] for one in stack["Outputs"] if one["OutputKey"] == "OperatorPolicy")
    iam.attach_user_policy(UserName=APPROVER, PolicyArn=policy)
    key = iam.create_access_key(UserName=APPROVER)["AccessKey"]
    aws.snapshot(World.ROLLED_OUT)
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
