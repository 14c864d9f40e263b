"""From an account with the service to a deployed and self-tested stack, on the local AWS, step by step.

Each step is what docs/first-deployment.md asks a person to do, by the commands that it prints, without
answering any question. Slack is one on loopback, as in the tests. Run by ops/first-deployment.sh in a clone
of its own.
"""

import argparse
import base64
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from liveness_ops.deploying import environment
from liveness_ops.template_tools.load import ROOT
from local_aws.client import LocalAws
from rehearsal.world.build import World, build
from rehearsal.world.names import REGION
from tests.fakes.slack_server import TEAM, SlackServer

CHANNEL = "C0ONCALL"
SIGNING_SECRET = "f" * 32
ON_CALL = "on-call@company.example"
_ROUND = timedelta(minutes=5)
_HOUR = timedelta(hours=1)


class StepError(Exception):
    """A step did not end as it should; the message says why."""


@contextmanager
def step(name: str) -> Iterator[None]:
    """Prints the name and the wall time. Raises StepError with the name where the step fails."""
    begun = time.monotonic()
    try:
        yield
    except Exception as error:
        raise StepError(f"FAILED: {name}\n{error}") from error
    print(f"{time.monotonic() - begun:6.1f} s  {name}", flush=True)


def run(aws: LocalAws, command: str, expected: int = 0) -> str:
    """A command line in the clone, as a person pastes it; what it wrote to standard output."""
    done = subprocess.run(  # noqa: S603  # nosec B607 - our own commands
        ["bash", "-c", command],  # noqa: S607 - the bash of this user
        cwd=ROOT,
        env={**environment(), **aws.environment()},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != expected:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-40:])
        raise StepError(f"{command}\nended with {done.returncode}, not {expected}:\n{said}")
    return done.stdout


def play(aws: LocalAws, slack: SlackServer, stack: str) -> None:
    """Every step, in the order of the guide."""
    console = f"--region {aws.region} --stack {stack} --language en"
    with step("the secret of Slack, and preflight"):
        given = f"OnCallEmail={ON_CALL} SlackSecretArn={secret(aws, slack)} SlackChannel={TEAM}/{CHANNEL}"
        found = json.loads(run_any(aws, f"liveness-ops preflight {given} {console} --json"))
        if any(each["weight"] == "blocks" for each in found["lines"]):
            raise StepError(json.dumps(found["lines"], indent=1))
    with step("make deploy: the change set, shown and executed"):
        effects = make_deploy(aws, given, stack)
    print(f"          {', '.join(effects)}", flush=True)
    with step("Slack's address is that of the one on loopback"):
        point_at(aws, slack, stack)
    with step("selftest before any address is confirmed (status 7)"):
        found = json.loads(run(aws, f"liveness-ops selftest {console} --json", expected=7))
        lights = {(each["part"], each["light"]) for each in found["found"]}
        red = sorted(part for part, light in lights if light == "red")
        if red != ["address", "last_resort_address"] or ("slack", "green") not in lights:
            raise StepError(json.dumps(found["found"], indent=1))
        if [each["channel"] for each in slack.roots()] != [CHANNEL]:
            raise StepError(f"Slack has no message of the self-test: {slack.messages}")
    with step("confirm the addresses with the tokens that SNS has sent them"):
        if aws.confirm() != [ON_CALL, ON_CALL]:
            raise StepError("the address is not asked for both topics")
    with step("selftest, once a minute has passed"):
        aws.clear()
        aws.move_clock(datetime.now(UTC) + timedelta(seconds=61))
        run(aws, f"liveness-ops selftest {console}")
    with step("an hour passes, with the watchdog's rounds: no false alarm"):
        mails, posts = [mail.subject for mail in aws.inbox()], len(slack.messages)
        quiet(aws, stack)
        if len(slack.messages) != posts:
            raise StepError(f"messages in Slack about nothing: {slack.messages[posts:]}")
        if (later := [mail.subject for mail in aws.inbox()]) != mails:
            raise StepError(f"messages about nothing: {later[len(mails) :]}")
    with step("the checkout is clean"):
        if changed := run(aws, "git status --porcelain"):
            raise StepError(changed)


def make_deploy(aws: LocalAws, parameters: str, stack: str) -> list[str]:
    """Run `make deploy`; how many resources it showed as added, and none otherwise."""
    where = f"REGION={aws.region} STACK={stack} YES=1 PARAMETERS='{parameters}'"
    shown = run(aws, f"LIVENESS_LANGUAGE=en make --no-print-directory deploy {where}")
    effects = re.findall(r"^(?:Deleted|Replaced|Perhaps replaced|Changed|Added): \d+$", shown, re.MULTILINE)
    if len(effects) != 1 or not effects[0].startswith("Added: "):
        raise StepError(shown)
    return effects


def secret(aws: LocalAws, slack: SlackServer) -> str:
    """Create the secret as docs/slack.md describes; returns its ARN."""
    stored = json.dumps({"bot_token": slack.token, "signing_secret": SIGNING_SECRET})
    made = aws.client("secretsmanager").create_secret(Name="liveness-responder-slack", SecretString=stored)
    return str(made["ARN"])


def point_at(aws: LocalAws, slack: SlackServer, stack: str) -> None:
    """Slack's address is no parameter of the template, so it is set here."""
    client = aws.client("lambda")
    for name in (f"{stack}-slack-post", f"{stack}-slack-action"):
        found = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        variables = {"Variables": {**found, "SLACK_URL": slack.url}}
        client.update_function_configuration(FunctionName=name, Environment=variables)
        client.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})


def run_any(aws: LocalAws, command: str) -> str:
    """Run a command that may end with another status if it has something to report."""
    return run(aws, f"{command}; true")


def quiet(aws: LocalAws, stack: str) -> None:
    """Do what EventBridge and CloudWatch do in an hour without an alarm."""
    began = datetime.now(UTC) + timedelta(minutes=2)
    for number in range(int(_HOUR / _ROUND)):
        now = began + number * _ROUND
        aws.move_clock(now)
        measured(aws, watchdog_round(aws, stack), now)
        aws.evaluate_alarms()
    aws.move_clock(None)


def watchdog_round(aws: LocalAws, stack: str) -> str:
    """The log of one round. The local AWS may answer before it has read the log; then one more round."""
    for _ in range(3):
        answer = aws.client("lambda").invoke(FunctionName=f"{stack}-watchdog", Payload=b"{}", LogType="Tail")
        if "FunctionError" in answer:
            raise StepError(f"the watchdog fails: {answer['Payload'].read()!r}")
        if log := answer.get("LogResult"):
            return base64.b64decode(log).decode()
    raise StepError("the watchdog's log is empty")


def measured(aws: LocalAws, log: str, now: datetime) -> None:
    """What CloudWatch makes of lines in its embedded metric format, which the local AWS leaves alone."""
    lines = (json.loads(line) for line in log.splitlines() if line.startswith('{"_aws"'))
    for line in lines:
        for each in line["_aws"]["CloudWatchMetrics"]:
            dimensions = [{"Name": name, "Value": line[name]} for name in each["Dimensions"][0]]
            data = [
                {
                    "MetricName": one["Name"],
                    "Dimensions": dimensions,
                    "Timestamp": now,
                    "Values": as_list(line[one["Name"]]),
                }
                for one in each["Metrics"]
            ]
            aws.client("cloudwatch").put_metric_data(Namespace=each["Namespace"], MetricData=data)


def as_list(value: Any) -> list[float]:
    """A metric has one value or several."""
    return [float(each) for each in (value if isinstance(value, list) else [value])]


def main(arguments: list[str]) -> int:
    """Exit status 1 where a step fails."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--region", default=REGION)
    options.add_argument("--stack", default="liveness-responder")
    options.add_argument("--world", default=World.AS_DEPLOYED, type=World)
    options.add_argument("--concurrency", default=1000, type=int, help="the account's quota")
    given = options.parse_args(arguments)
    try:
        with SlackServer(channels=(CHANNEL,)) as slack, LocalAws(region=given.region) as aws:
            with step(f"a local AWS with the service ({given.world.value}) in {given.region}"):
                aws.settings(evaluates=1, concurrent_executions=given.concurrency)
                build(aws.client, given.world)
            play(aws, slack, given.stack)
    except StepError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
