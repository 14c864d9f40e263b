"""moto as the AWS that a drill plays on: what the drill needs of `LocalAws`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import boto3
import time_machine
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session
from moto import mock_aws
from moto.awslambda_simple.models import lambda_simple_backends

from liveness_ops.people.options import Language
from local_aws.client import Call, Execution, Fault, Mail
from local_aws.client.records import Datapoints
from rehearsal.drill import alarm_trigger, scenario_setup
from rehearsal.drill import stack as drill_stack
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.stack import STACK
from rehearsal.drill.watched_alarms import watched_alarm
from rehearsal.world import seed
from rehearsal.world.build import World, build
from rehearsal.world.names import ACCOUNT, OURS, REGION
from responder.core.plain_data import Data, Json
from tests.witness import stack
from tests.witness.entry import entry
from tests.witness.follow_up import in_this_process
from tests.witness.functions import Functions
from tests.witness.stubs import composite_alarms, percentiles, revisions
from tests.witness.usable import HOST

_DAYS = 12
_BATCH = 500
CONFIGURATION: Any = {
    "lambda": {"use_docker": False},
    "iam": {"load_aws_managed_policies": True},
}


class NotPlayable(Exception):
    """moto cannot be brought into that state through any API; the text names it."""


class MotoAws:
    """One world with our stack. `restore` does not go back: each scenario has a process of its own."""

    account, region = ACCOUNT, REGION

    endpoint = ""
    # A response that waits for late figures sets the clock ahead; here none is late.
    ahead = timedelta()

    def __init__(self) -> None:
        self.scenario: Scenario | None = None
        self._clients: Json = {}
        self._functions = Functions()
        self._clock: time_machine.Traveller | None = None
        self.refused: list[str] = []

    @property
    def calls_made(self) -> Any:
        return self._functions.calls

    @property
    def functions_here(self) -> Functions:
        return self._functions

    @property
    def log(self) -> list[str]:
        return self._functions.log

    def client(self, service: str) -> Any:
        if service not in self._clients:
            make: Any = boto3.client
            self._clients[service] = make(service, region_name=REGION)
        return self._clients[service]

    def install(self, world: World) -> None:
        """As `rehearsal.drill.stack.install` does on the local AWS."""
        with time_machine.travel(datetime.now(UTC) - timedelta(days=_DAYS)):
            build(self.client, world)
            stack.deploy(drill_stack.parameters(world, Language.EN))
            here: Any = self
            drill_stack.register(here, drill_stack.APPROVERS, given=drill_stack.settings(world))
        listed = self.client("lambda").get_paginator("list_functions").paginate().build_full_result()
        for function in listed["Functions"]:
            if function["FunctionName"].startswith(STACK):
                variables = function.get("Environment", {}).get("Variables", {})
                # A number of the template stays one in moto.
                texts = {key: str(value) for key, value in variables.items()}
                self._functions.deployed[function["FunctionName"]] = function["Handler"], texts

    # --- what a drill does to its AWS

    def put_points(self, points: Datapoints) -> None:
        cloudwatch = self.client("cloudwatch")
        for namespace, rows in points.items():
            data = [
                {
                    "MetricName": metric,
                    "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
                    "Timestamp": datetime.fromtimestamp(at, UTC),
                    "Values": values,
                }
                for metric, dimensions, at, values in rows
            ]
            for first in range(0, len(data), _BATCH):
                cloudwatch.put_metric_data(Namespace=namespace, MetricData=data[first : first + _BATCH])

    def put_lines(self, stream: str, lines: Mapping[str, list[tuple[int, str]]]) -> None:
        logs = self.client("logs")
        for group, written in lines.items():
            events = [{"timestamp": at, "message": text} for at, text in written]
            logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)

    def age(self, days: float) -> None:
        # Its lists are copies.
        for stored in lambda_simple_backends[ACCOUNT][REGION]._lambdas._functions.values():
            for version in (stored["latest"], *stored["versions"]):
                version.last_modified = _earlier(version.last_modified, days)
        self._functions.calls.remembered.trail.clear()

    def function_state(self, name: str, last_update_status: str | None = None) -> None:
        if last_update_status not in (None, "Successful"):
            raise NotPlayable("a function whose update is in progress")

    def log_format(self, name: str, form: str) -> None:
        stored = lambda_simple_backends[ACCOUNT][REGION]._lambdas._functions[name]
        for version in (stored["latest"], *stored["versions"]):
            # moto has no LoggingConfig.
            version.get_configuration = partial(_in_format, version.get_configuration, form)

    def table_state(self, name: str, status: str | None = None, switches: int | None = None) -> None:
        raise NotPlayable("a table that is updating, or was switched often")

    def alarm_evaluation(self, name: str, state: str | None) -> None:
        raise NotPlayable("an alarm that CloudWatch cannot evaluate")

    def evaluate_alarm(self, name: str) -> None:
        """moto's metric filters count nothing: their points are those that the traffic has."""
        assert self.scenario is not None
        now, watched = datetime.now(UTC), watched_alarm(self.scenario.alarm)
        points = scenario_setup.points(self.scenario, now)
        here: Any = self
        seed.put_points(here, [point for point in points if point.namespace == OURS])
        values = watched.values(points, now)
        if any(watched.breaches(value) for _, value in values):
            alarm_trigger.raised(here, self.scenario.alarm, points, now)
            return
        cloudwatch = self.client("cloudwatch")
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="Threshold not crossed")

    def inject(self, faults: Iterable[Fault]) -> None:
        if list(faults):
            raise NotPlayable("calls that fail")

    def move_clock(self, now: datetime | None) -> None:
        """From there on it runs as the machine's."""
        if self._clock is None and now is not None:
            self._clock = time_machine.travel(now.timestamp()).start()
        elif self._clock is not None and now is not None:
            self._clock.move_to(now.timestamp())

    def end_execution(self, arn: str, status: str) -> None: ...

    def restore(self, name: str) -> None: ...

    def settings(self, **_: Any) -> dict[str, float]:
        return {"policies_late": 0}  # moto honours a change immediately

    def clear(self) -> None: ...

    def snapshot(self, name: str) -> None: ...

    def idle_second(self) -> None: ...

    def client_with(self, keys: tuple[str, str, str | None], service: str) -> Any:
        raise NotPlayable("what a person may not do past the entry")

    # --- what it reads

    def counts(self) -> tuple[int, int]:
        return len(self._functions.calls.made), len(self._functions.calls.mail)

    def calls(self, since: int = 0) -> list[Call]:
        return self._functions.calls.made[since:]

    def inbox(self, since: int = 0) -> list[Mail]:
        return self._functions.calls.mail[since:]

    def executions(self) -> list[Execution]:
        return self._functions.calls.executions

    def wait_idle(self, timeout: float = 60) -> None:
        queued = self._functions.queued
        while queued:
            self._functions.answer(queued.pop(0))

    def functions(self, names: Iterable[str]) -> Json:
        aws, functions = self.client("lambda"), {}
        for name in names:
            aliases = [alias["Name"] for alias in aws.list_aliases(FunctionName=name)["Aliases"]]
            functions[name] = {
                "config": aws.get_function_configuration(FunctionName=name),
                "aliases": {
                    alias: aws.get_function_configuration(FunctionName=name, Qualifier=alias)
                    for alias in aliases
                },
                "provisioned": {alias: self._provisioned(name, alias) for alias in aliases},
            }
        return functions

    def _provisioned(self, name: str, alias: str) -> Json:
        with suppress(ClientError):
            answer: Json = self.client("lambda").get_provisioned_concurrency_config(
                FunctionName=name, Qualifier=alias
            )
            return answer
        return {}

    def answers(self, *requests: tuple[str, str, Data]) -> list[Json]:
        return [self._answer(*request) for request in requests]

    def _answer(self, service: str, operation: str, given: Data) -> Json:
        try:
            answer: Json = getattr(self.client(service), xform_name(operation))(**given)
        except ClientError as error:
            if operation == "FilterLogEvents":
                return {"events": []}
            return {"__type": error.response["Error"]["Code"]}
        return answer


def _in_format(shown: Callable[..., Json], form: str, **options: bool) -> Json:
    """A function's configuration, with the format of its log."""
    return {**shown(**options), "LoggingConfig": {"LogFormat": form}}


def _earlier(stamp: str, days: float) -> str:
    at = datetime.fromisoformat(stamp.replace("Z", "+00:00")[:26] + "+00:00" if "." in stamp else stamp)
    return (at - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.%f000Z")


class LeavesThisMachine(Exception):
    """moto does not answer this request, and no other AWS is asked."""


@contextmanager
def empty() -> Iterator[MotoAws]:
    """With nothing in it, in this process, which has no other AWS meanwhile."""
    send = URLLib3Session.send

    def stay(session: Any, request: Any) -> Any:
        if urlsplit(request.url).hostname != HOST:
            aws.refused.append(f"moto does not answer {request.url}, and nothing leaves this machine")
            raise LeavesThisMachine(aws.refused[-1])
        return send(session, request)

    with mock_aws(config=CONFIGURATION):
        aws = MotoAws()
        here = aws.functions_here
        with (
            patch.object(URLLib3Session, "send", stay),
            aws.calls_made.watched(),
            revisions(),
            percentiles(),
            composite_alarms(),
            entry(here),
            in_this_process(here),
        ):
            yield aws


@contextmanager
def moto_aws(world: World) -> Iterator[MotoAws]:
    """With that world and our stack."""
    with empty() as aws:
        aws.install(world)
        yield aws
