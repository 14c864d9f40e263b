"""The drill's world in memory: what a scenario seeds through boto3 goes into the fakes instead."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatch
from functools import cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any, cast

from botocore import xform_name

from liveness_ops.people.options import Language
from local_aws.client import Fault, LocalAws
from local_aws.client.records import Datapoints
from rehearsal.drill import scenario_setup, stack
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.stack import STACK
from rehearsal.drill.watched_alarms import event_of, reason, watched_alarm
from rehearsal.world.build import World, build
from rehearsal.world.names import ACCOUNT, LIVENESS, REGION, TABLE, bucket
from responder.core.errors import AwsError, Denied
from responder.core.plain_data import Json
from responder.core.remedy import REMEDIES
from responder.respond.playbook import Playbook
from tests.fakes import FakeAws
from tests.fakes.small import Modes
from tests.proof.faulty_gateway import as_botocore

TABLES = {name: f"{STACK}-{name}-1" for name in ("Incidents", "Claims", "Approvals")}
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:{STACK}-Notifications-1"
QUEUE = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{STACK}-Failures-1"
_DAYS = 12
# The modes that the template deploys with, as its owner's first choice is `auto`.
_AUTOMATIC = ("rollout_to_zero", "provisioned_concurrency", "on_demand_billing")


class InMemoryLocalAws:
    """What the drill's own code needs of its `LocalAws`. `ordered`: payloads of commands that were sent."""

    ahead = timedelta()

    def __init__(self, aws: FakeAws) -> None:
        self.aws = aws
        self.ordered: list[Json] = []

    def client(self, service: str) -> Any:
        return _Client(self, service)

    def functions(self, names: Iterable[str]) -> dict[str, Json]:
        known, warm = self.aws.lambdas.functions, self.aws.lambdas.provisioned
        return {
            name: {
                "config": known[name].latest,
                "provisioned": {alias: each for (of, alias), each in warm.items() if of == name},
            }
            for name in names
            if name in known
        }

    def function_state(self, name: str, last_update_status: str | None = None) -> None:
        if last_update_status is not None:
            self.aws.lambdas.functions[name].latest["LastUpdateStatus"] = last_update_status

    def log_format(self, name: str, form: str) -> None:
        self.aws.lambdas.functions[name].latest["LoggingConfig"] = {"LogFormat": form}

    def table_state(self, name: str, status: str | None = None, switches: int | None = None) -> None:
        if status is not None:
            self.aws.dynamo.tables[name]["TableStatus"] = status
        self.aws.dynamo.switched(name, switches or 0)

    def alarm_evaluation(self, name: str, state: str | None) -> None:
        self.aws.metrics.alarms[name]["EvaluationState"] = state

    def inject(self, faults: Iterable[Fault]) -> None:
        """The stories have their own faults."""
        raise AssertionError(f"a story of the matrix injects {list(faults)}")

    def put_points(self, points: Datapoints) -> None:
        for namespace, rows in points.items():
            for metric, dimensions, at, values in rows:
                found = [(datetime.fromtimestamp(at, UTC), value) for value in values]
                self.aws.metrics.put(namespace, metric, found, **dimensions)

    def put_lines(self, stream: str, lines: Mapping[str, list[tuple[int, str]]]) -> None:
        for group, found in lines.items():
            events = [{"timestamp": at, "message": text} for at, text in found]
            self.client("logs").put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)

    def age(self, days: float) -> None:
        for function in self.aws.lambdas.functions.values():
            for each in (function.latest, *function.versions.values()):
                at = datetime.fromisoformat(each["LastModified"]) - timedelta(days=days)
                each["LastModified"] = at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


class _Page(list[Any]):
    """The one page of a list."""

    def __init__(self, answer: Any) -> None:
        super().__init__([answer])

    def build_full_result(self) -> Any:
        return self[0]


class _Client:
    """As boto3's, of an administrator. Whatever it changes is done immediately."""

    def __init__(self, memory: InMemoryLocalAws, service: str) -> None:
        self._memory, self._service = memory, service
        self.meta = SimpleNamespace(region_name=REGION)

    def get_paginator(self, operation: str) -> Any:
        call = getattr(self, operation)
        return SimpleNamespace(paginate=lambda **asked: _Page(call(**asked)))

    def get_waiter(self, _: str) -> Any:
        return SimpleNamespace(wait=lambda **_: self._memory.aws.lambdas.settle())

    def __getattr__(self, operation: str) -> Any:
        def call(**arguments: Any) -> Any:
            if operation == "invoke":
                self._memory.ordered.append(json.loads(arguments["Payload"]))
                return {"Payload": io.BytesIO(b"null")}
            try:
                answer = self._memory.aws.administrator(self._service, operation, **arguments)
            except AwsError as error:
                raise as_botocore(error) from None
            if self._service == "lambda" and not operation.startswith(("get_", "list_")):
                self._memory.aws.lambdas.settle()
            return answer

        return call


def as_local_aws(aws: FakeAws) -> LocalAws:
    """The fakes as what the drill takes them for."""
    return cast("LocalAws", InMemoryLocalAws(aws))


@cache
def _world(world: World) -> FakeAws:
    aws = FakeAws()
    # `finish` then goes through to the alias, in one run with all its calls.
    aws.lambdas.publishes_at_once = True
    here = as_local_aws(aws)
    aws.tick(days=-_DAYS)
    build(here.client, world)
    aws.tick(days=_DAYS)
    for name, table in TABLES.items():
        aws.dynamo.create(table, *(("id",) if name == "Claims" else ("pk", "sk")))
    modes = Modes(aws.ssm.parameters, f"/{STACK}/first-modes")
    modes["everywhere"] = "auto"
    stack.register(here, stack.APPROVERS)
    for remedy in REMEDIES:
        mode = "auto" if remedy in _AUTOMATIC else "approve"
        modes[remedy] = mode
    return aws


def restored(scenario: Scenario) -> FakeAws:
    """The scenario's world as it is just before the alarm, which is on."""
    aws = _world(scenario.world).copied()
    here, now = as_local_aws(aws), aws.now
    aws.lambdas.add(function(scenario), Role=f"arn:aws:iam::{ACCOUNT}:role/{function(scenario)}")
    scenario_setup.traffic(here, scenario, now)
    scenario_setup.switches(here, scenario, now)
    ok = scenario.event.get("ok")
    name = watched_alarm(scenario.alarm, corrected=scenario.corrected).name
    aws.metrics.put_metric_alarm(name)
    aws.metrics.set_alarm_state(name, "OK" if ok else "ALARM")
    for condition in scenario.conditions:
        condition(here, now)
    _forbid(aws, function(scenario))
    return aws


def function(scenario: Scenario) -> str:
    """The function that answers."""
    return f"{STACK}-{scenario.alarm}"


def playbook(slug: str) -> Playbook:
    """By its short name."""
    found: Playbook = import_module(f"alarms.{slug.replace('-', '_')}").playbook
    return found


def environment(scenario: Scenario) -> dict[str, str]:
    """As the template gives it to the alarm's function, with what the owner of that world would say."""
    said = stack.parameters(scenario.world, Language.EN)
    given = stack.settings(scenario.world)
    return {
        "STACK": STACK,
        "REGION": REGION,
        "ACCOUNT": ACCOUNT,
        "LANGUAGE": said["Language"],
        "INCIDENTS_TABLE": TABLES["Incidents"],
        "CLAIMS_TABLE": TABLES["Claims"],
        "APPROVALS_TABLE": TABLES["Approvals"],
        "TOPIC": TOPIC,
        "FAILURES_QUEUE": QUEUE,
        "ROLLOUT_READERS": ",".join(given.get("rollout_readers", [])),
        "THRESHOLD_READERS": ",".join(given.get("threshold_readers", [])),
        "BUCKET": bucket(),
        "ALARM_NAME": watched_alarm(scenario.alarm).name,
        "FOLLOW_UP": f"{STACK}-follow-up:live",
    }


def event(scenario: Scenario, now: datetime) -> Json:
    """The event of the alarm's change, with the reason that the seeded figures give."""
    reported = watched_alarm(scenario.alarm, corrected=scenario.corrected)
    words, data = reason(reported, reported.values(scenario_setup.points(scenario, now), now), now)
    return event_of(reported.name, scenario.event, now, words, data)


def _forbid(aws: FakeAws, role: str) -> None:
    """What a policy denies our own function."""
    document = aws.iam.policies.get((role, "drill-forbids"), {"Statement": []})
    for statement in document["Statement"]:
        service, _, action = statement["Action"].partition(":")
        for where in _targets(aws, statement["Resource"]):
            aws.fail(
                service, xform_name(action), Denied, code="AccessDeniedException", times=10**9, where=where
            )


def _targets(aws: FakeAws, resource: str) -> Iterator[dict[str, str]]:
    if resource == "*":
        yield {}
        return
    for name in (*aws.lambdas.functions, *LIVENESS, TABLE):
        if fnmatch(f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}", resource):
            yield {"FunctionName": name}
