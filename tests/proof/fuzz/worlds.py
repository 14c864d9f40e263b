"""A broken FaceAuth with secrets in it, a responder in front of it, and what must never be seen of either."""

import copy
import json
import logging
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import time_machine

from responder.alarm_function.handler import World, answer
from responder.aws.claims import Claims
from responder.core.log import log
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.respond.playbook import Playbook
from tests.fakes import FakeAws
from tests.fakes.gateway import NOW
from tests.proof.async_invocation import Invocation, LambdaContext, invoke
from tests.proof.faulty_gateway import FaultyGateway
from tests.unit.followup.scenes import TABLE, FollowUpScene, new_scene
from tests.unit.remedies.world import ROLLOUT
from tests.unit.respond.scene import CREATE, REQUEST, RESULT

OWN_TABLES = ("Incidents", "Claims", "Approvals")
# Each in the form of the places that are read, or where a person puts it.
EMPLOYEE, SESSION = "EMP-7700123", "5d1c7b3e-9f42-4a52-b7c1-0f3a9d2e6c11"
IMAGE = "liveness-audit/5d1c7b3e/reference-0.jpg"
TOKEN, KEY = "xoxb-71-not-a-real-one", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # pragma: allowlist secret
SECRETS = (EMPLOYEE, SESSION, IMAGE, TOKEN, KEY, "s3cret-")
CREATE_FAILED = (
    "[ERROR]\t{at}Z\t{id}\tLiveness service error: Failed to create liveness session: An error occurred "
    "(InternalServerError) when calling the CreateFaceLivenessSession operation: try again"
)
_ROWS = ("put_item", "update_item", "delete_item", "transact_write_items")


def adapted(raw: str) -> str:
    """A stored event at the time and the place of these worlds."""
    return (
        raw.replace("ap-northeast-1", "us-east-1")
        .replace("2026-02-04T01:2", "2026-02-04T10:2")
        .replace("20260204T0125", "20260204T1025")
    )


@dataclass
class Snapshot:
    """All that a run can change, to begin the next one from."""

    aws: FakeAws
    kept: Json = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kept = copy.deepcopy(self._state())
        # Made anew from it in a fraction of the time of a deep copy.
        self._packed = pickle.dumps(self.kept)

    @property
    def incident(self) -> str:
        """The id of the one there is."""
        rows = self.kept["dynamo._rows"]["Incidents"]
        return next(str(row["incident"]["S"]) for key, row in rows.items() if key[0] == "ALARMS")

    def rewind(self) -> None:
        for holder, name, value in self._parts(pickle.loads(self._packed)):
            setattr(holder, name, value)
        self.aws.calls.clear()

    def _state(self) -> Json:
        return {
            f"{part}.{name}": value
            for part, names in _STATE.items()
            for name in names
            for value in [getattr(self._part(part), name)]
        }

    def _parts(self, state: Json) -> Iterator[tuple[Any, str, Any]]:
        for where, value in state.items():
            part, _, name = where.partition(".")
            yield self._part(part), name, value

    def _part(self, name: str) -> Any:
        return getattr(self.aws, name) if name else self.aws


_STATE = {
    "": ("now",),
    "dynamo": ("_keys", "_rows", "tables", "_pending", "_switches"),
    "lambdas": ("functions", "invocations", "executions"),
    "sns": ("published",),
    "sqs": ("sent", "queues"),
    "ssm": ("parameters",),
}


class LogCapture(logging.Handler):
    """Every line as it is written, tracebacks included."""

    def __init__(self, formatter: logging.Formatter | None) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def logged() -> Iterator[LogCapture]:
    """Only the responder's log: failures on purpose would hide others. At the time of these worlds."""
    logger = logging.getLogger(log().name)
    before, level = logger.handlers[:], logger.level
    lines = LogCapture(before[0].formatter if before else None)
    logger.handlers[:] = [lines]
    logger.setLevel("INFO")
    try:
        with time_machine.travel(NOW, tick=False):
            yield lines
    finally:
        logger.handlers[:] = before
        logger.setLevel(level)


@dataclass
class PlaybookWorld:
    """One playbook's function in its world; every case begins at the same moment."""

    scene: FollowUpScene
    began: Snapshot = field(init=False)

    def __post_init__(self) -> None:
        self.began = Snapshot(self.aws)

    @classmethod
    def beside(cls, first: "PlaybookWorld", other: FollowUpScene) -> "PlaybookWorld":
        """The function of another alarm in the same world."""
        made = cls.__new__(cls)
        made.scene, made.began = other, first.began
        return made

    @property
    def aws(self) -> FakeAws:
        return self.scene.aws

    @property
    def environment(self) -> dict[str, str]:
        return self.scene.environment

    @property
    def settings(self) -> Settings:
        return Settings.read(self.environment)

    def rewind(self) -> None:
        self.began.rewind()

    def keep(self) -> None:
        """From here on."""
        self.began = Snapshot(self.aws)

    def deliver(self, event: Any) -> Invocation:
        """As Lambda does it, with Powertools' own claims."""

        def code(gateway: FaultyGateway) -> Any:
            world = World(gateway, Claims(gateway, "Claims"), self.environment, self.aws.now)
            return answer(self.scene.playbook, event, LambdaContext(), world)

        return invoke(code, self.aws, record(self.scene.playbook.slug, event), self.environment)

    # --- the result ------------------------------------------------------------------------------

    @property
    def acts(self) -> list[tuple[str, str]]:
        """Every write to anything but the responder's own resources."""
        return [(service, name) for service, name, given in self.aws.calls if _act(service, name, given)]

    @property
    def written(self) -> str:
        """Everything that people can read."""
        rows = [self.aws.dynamo.rows(table) for table in OWN_TABLES]
        return json.dumps([rows, self.aws.sns.published, self.aws.lambdas.invocations], default=str)

    @property
    def reported(self) -> int:
        return len(self.aws.sns.published) - len(self.began.kept["sns.published"])

    @property
    def rows_changed(self) -> bool:
        return bool(self.aws.dynamo._rows["Incidents"] != self.began.kept["dynamo._rows"]["Incidents"])

    def whole(self) -> bool:
        """No function has lost a variable, and the managed one holds a percentage."""
        before = self.began.kept["lambdas.functions"]
        for name, now in self.aws.lambdas.functions.items():
            was, is_ = (_variables(each.latest) for each in (before[name], now))
            if {**was, ROLLOUT: ""} != {**is_, ROLLOUT: ""}:
                return False
            percent = is_.get(ROLLOUT, "0")
            if percent != was.get(ROLLOUT, "0") and not (percent.isdecimal() and int(percent) <= 100):
                return False
        return True


def _variables(configuration: Json) -> dict[str, str]:
    return dict(configuration.get("Environment", {}).get("Variables", {}))


def _act(service: str, name: str, given: Json) -> bool:
    reads = ("get_", "list_", "describe_", "query", "scan", "filter_", "batch_get", "lookup_", "simulate_")
    if name.startswith(reads) or (service, name) in (("sns", "publish"), ("sqs", "send_message")):
        return False
    if service == "dynamodb" and name in _ROWS:
        tables = (
            {given.get("TableName")}
            if "TableName" in given
            else {next(iter(part.values()))["TableName"] for part in given["TransactItems"]}
        )
        return not tables <= set(OWN_TABLES)
    ours = given.get("FunctionName", "").startswith("responder-")
    pause = service == "ssm" and "/stops/" in given.get("Name", "")
    filed = service == "s3" and given.get("Bucket") == "reports"
    return not (pause or filed or (service == "lambda" and name == "invoke" and ours))


def record(slug: str, event: Any) -> Json:
    """What Lambda hands to the on-failure destination; the message of an error may hold anything."""
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:responder-{slug}:$LATEST"
    return {
        "version": "1.0",
        "timestamp": "2026-02-04T10:30:00.000Z",
        "requestContext": {
            "requestId": "e4b2",
            "functionArn": arn,
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3,
        },
        "requestPayload": event,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": {
            "errorMessage": f"{EMPLOYEE} {SESSION} {IMAGE} {TOKEN} {KEY}",
            "errorType": "KeyError",
            "stackTrace": [f'  File "a.py", line 1\\n    {KEY}\\n'],
        },
    }


def broken(playbook: Playbook | None = None) -> PlaybookWorld:
    """Everything that makes a playbook act: Rekognition answers with internal errors, the table is too small,
    one function starts cold behind an alias. Among the lines, what must not leave."""
    made = new_scene(playbook)
    made.aws.dynamo.add(TABLE, (10, 20), {"EmployeeIdIndex": (3, 4)})
    made.throttles().starts_cold().faults(15)
    for each in range(15):
        at = made.aws.now - timedelta(seconds=30 * each + 15)
        made.logs.put(CREATE, at, CREATE_FAILED.format(at=_stamp(at), id=REQUEST.format(0x700 + each)))
    at = made.aws.now - timedelta(minutes=1)
    for name in (CREATE, RESULT):
        made.logs.put(name, at, f"[ERROR]\t{_stamp(at)}Z\t{SESSION}\temployee {EMPLOYEE} {IMAGE} {KEY}")
        _alias(made, name)
    limits = {"AccountLimit": {"UnreservedConcurrentExecutions": 900, "ConcurrentExecutions": 1000}}
    made.aws.answer("lambda", "get_account_settings", limits)
    made.aws.answer("s3", "put_object", {})
    return PlaybookWorld(made)


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").removesuffix("+00:00")


def _alias(made: FollowUpScene, name: str) -> None:
    made.aws.lambdas.release(name, "live")
    times = [made.aws.now - timedelta(minutes=each) for each in range(1, 50)]
    points = [(at, 3.0) for at in times]
    made.figures.put("AWS/Lambda", "Invocations", points, FunctionName=name, Resource=f"{name}:live")


def leaks(world: PlaybookWorld, lines: list[str], thrown: list[BaseException]) -> list[str]:
    """Secrets in what was written, sent, logged or thrown."""
    seen = [world.written, *lines, *map(chain, thrown)]
    return [secret for secret in SECRETS if any(secret in each for each in seen)]


def chain(error: BaseException | None) -> str:
    """What the runtime prints of it, without a cause that was suppressed."""
    said = []
    while error is not None:
        said.append(f"{type(error).__name__}: {error}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(said)
