"""Besides the drills: the scheduled checks, and what the console shows of an incident; the same on both."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir
from dataclasses import replace
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import DEFAULT, patch

from typer.testing import CliRunner

from liveness_ops.backups import steps
from liveness_ops.cli import app
from liveness_ops.console import polling
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.play_scenario import play_once
from rehearsal.drill.stack import APPROVER, STACK
from rehearsal.drill.watched_alarms import event_of, watched_alarm
from rehearsal.standing.keeper import user
from rehearsal.world.build import World
from rehearsal.world.names import ACCOUNT, REGION
from responder.core.plain_data import Data
from tests.witness.outcome import Act, calls_of

# While an incident is open. What Lambda keeps of a response that failed for good is sent as it would be.
FUNCTIONS = (
    "daily-check",
    "weekly-check",
    "monthly-check",
    "sessions-backup",
    "watchdog",
    "response-failed",
)
# `INCIDENT` stands for the one that was opened; `tail` is ended by Ctrl-C.
COMMANDS = (
    "incidents",
    "incidents --all",
    "show INCIDENT",
    "tail INCIDENT",
    "leases",
    "check accepted",
    "mode",
    "settings show",
    "settings check",
    "settings history",
    "failures",
    "pause night --reason release --until 2h --yes",
    "mode",
    "resume night --yes",
)
# Beyond what the operator's policy allows.
FURTHER = (
    "check daily",
    "detect",
    "preflight",
    "backup-table",
    "restore-table --to Restored --yes",
    "enable-versioning --yes",
    "restore-object KEY",
)
_EVERYTHING = "arn:aws:iam::aws:policy/AdministratorAccess"
_ACTS = replace(scenarios("high-error-rate", "acts")[0], then=())


def run(aws: Any, environment: Mapping[str, str]) -> list[Act]:
    """`aws`: with our stack in the world `rolled-out`. `environment`: where the console reaches it."""
    aws.restore(World.ROLLED_OUT)
    keys = user(aws, APPROVER)
    aws.snapshot(World.ROLLED_OUT)
    incident = play_once(aws, _ACTS).acts[0].report["incident"]
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{STACK}-{_ACTS.alarm}:$LATEST"
    payload = event_of(watched_alarm(_ACTS.alarm).name, {}, datetime.now(UTC), "later", "{}")
    failed = {
        "version": "1.0",
        "requestContext": {"functionArn": arn, "condition": "RetriesExhausted", "approximateInvokeCount": 3},
        "requestPayload": payload,
        "responsePayload": {"errorType": "Unreachable", "errorMessage": "no answer"},
    }
    invoked = [_invoked(aws, name, failed if name == "response-failed" else {}) for name in FUNCTIONS]
    environment = {**environment, **keys}
    of_operator = list(_console(environment, COMMANDS, incident))
    aws.client("iam").attach_user_policy(UserName=APPROVER, PolicyArn=_EVERYTHING)
    return [*invoked, *of_operator, *_console(environment, FURTHER, incident)]


def _invoked(aws: Any, name: str, payload: Data) -> Act:
    aws.clear()
    called, mails = aws.counts()
    answer = aws.client("lambda").invoke(FunctionName=f"{STACK}-{name}", Payload=json.dumps(payload).encode())
    result = json.loads(answer["Payload"].read())
    aws.wait_idle()
    bodies = [json.loads(mail.bodies["sqs"]) for mail in aws.inbox(mails)]
    return _act(name, result.get("light", ", ".join(_flat(result))), bodies, calls_of(aws.calls(called)))


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
_OWN = re.compile(
    r"(?<=reportsbucket-)\w+|(?<=/backup/)[\da-f-]+|[0-9a-f]{8}-[0-9a-f-]{27,}|(?<=-)[0-9A-Z]{12,13}\b|\d[\d.,:TZ+-]*"
)


def _flat(value: Any) -> list[str]:
    """Every leaf as `path: value`, without what is each run's own."""
    return sorted(set(_leaves(value, "")))


def _leaves(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from _leaves(member, f"{path}.{_OWN.sub('#', str(key))}")
    elif isinstance(value, list):
        for member in value:
            yield from _leaves(member, f"{path}[]")
    else:
        yield f"{path}: {_OWN.sub('#', str(value))}"


def _console(environment: Mapping[str, str], commands: Sequence[str], incident: str) -> Iterator[Act]:
    for command in commands:
        words = [*command.replace("INCIDENT", incident).split(), "--json", "--region", REGION]
        ended = KeyboardInterrupt if words[0] == "tail" else DEFAULT
        with (
            patch.object(polling, "wait", wraps=polling.wait, side_effect=ended),
            patch.object(steps, "_PAUSE_SECONDS", 0.05),
            TemporaryDirectory() as folder,
            chdir(folder),
        ):
            done = CliRunner().invoke(app, [*words, "--language", "en"], env=dict(environment))
            lines = [json.loads(line.replace(folder, "")) for line in done.stdout.splitlines()]
        shown: Any = lines if len(lines) > 1 else lines[0]
        if words[0] == "check" and "sections" in shown:
            # The texts are those that the function shows.
            items = (item for section in shown["sections"] for item in section["items"])
            shown = {item["id"]: item["light"] for item in items}
        yield _act(f"liveness-ops {command}", str(done.exit_code), shown)
