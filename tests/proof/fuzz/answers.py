"""AWS answers that were never seen before: junk of the shape of its model, or a good one, corrupted."""

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

from botocore import xform_name
from botocore.model import Shape
from botocore.session import get_session

from responder.core.plain_data import Json
from responder.core.text import Strings
from tests.fakes import FakeAws
from tests.fakes.gateway import NOW
from tests.proof.faulty_gateway import FaultyGateway
from tests.proof.fuzz.mutate import ODD, Mutator
from tests.proof.fuzz.worlds import SECRETS

_TEXTS = tuple(
    each for each in ODD if isinstance(each, str) and "\ud800" not in each and "\udfff" not in each
)
_NUMBERS = (0, 1, -1, 5, 60, 3600, 2**31, 10**15)
_FLOATS = (0.0, 1.0, -1.0, 95.5, 1e-9, 1e15, float("nan"), float("inf"))
_DEEPEST, _LONGEST = 6, 3
READS = ("get_", "list_", "describe_", "filter_", "lookup_", "simulate_", "head_", "generate_", "select_")
# Where free text is, and so what must not leave. A name stays a name.
_FREE = frozenset(
    (
        "message",
        "Variables",
        "CloudTrailEvent",
        "StateReason",
        "StateReasonData",
        "AlarmDescription",
        "StatusReason",
        "LastUpdateStatusReason",
        "ResourceStatusReason",
        "Description",
        "Message",
    )
)
_SAID = tuple(
    line.format(secret=secret)
    for secret in SECRETS[:-1]
    for line in (
        "[ERROR]\t2026-02-04T10:24:00.000Z\t8f5cbd1c-63a1-4d57-9c64-0f0a2f5a1b01\tDynamoDB error: {secret}",
        "REPORT RequestId: {secret}\tDuration: nan ms\tBilled Duration: -1 ms\tMemory Size: x MB\t",
        "[ERROR] {secret}: employee {secret}\nTraceback (most recent call last):\n  {secret}",
        "An error occurred ({secret}) when calling the {secret} operation: {secret}",
        '{{"userIdentity": {{"arn": 7}}, "requestParameters": {{"environment": "{secret}"}}}}',
        "CONFIDENCE_METRICS {secret} confidence=NaN",
        "Task timed out after {secret} seconds",
        "{secret}",
    )
)


class Junk:
    """Answers of one seed. Secrets are where the model has free text."""

    def __init__(self, seed: int, known: Strings = ()) -> None:
        self.seed, self.random = seed, Random(seed)
        self.known = known

    def answer(self, service: str, operation: str, arguments: Any) -> Json:
        """The same to the same question, whichever thread asks first."""
        self.random = Random(f"{self.seed} {service} {operation} {arguments}")
        shape = _output(service, operation)
        found: Any = self._of(shape, 0) if shape is not None else {}
        return dict(found)

    def _of(self, shape: Any, depth: int, free: bool = False) -> Any:
        kind: str = shape.type_name
        if kind == "structure":
            named = shape.members.items()
            there = [(name, each) for name, each in named if self._there(shape, name, depth)]
            return {name: self._of(each, depth + 1, name in _FREE) for name, each in there}
        if kind == "list":
            return [self._of(shape.member, depth + 1) for _ in self._few(depth)]
        if kind == "map":
            return {self._text(shape.key): self._of(shape.value, depth + 1, free) for _ in self._few(depth)}
        return self.random.choice(_SAID) if free else self._plain(shape, kind)

    def _plain(self, shape: Any, kind: str) -> Any:
        if kind == "timestamp":
            return NOW + timedelta(seconds=self.random.choice((0, -60, -3600, 10**6, -(10**9), 10**11)))
        if kind == "boolean":
            return self.random.random() < 0.5
        if kind in ("integer", "long"):
            return self.random.choice(_NUMBERS)
        if kind in ("float", "double"):
            return self.random.choice(_FLOATS)
        return b"\x89PNG" if kind == "blob" else self._text(shape)

    def _text(self, shape: Any) -> str:
        listed = getattr(shape, "enum", ())
        if listed and self.random.random() < 0.8:
            return str(self.random.choice(listed))
        return str(self.random.choice((*_TEXTS, *self.known, *self.known)))

    def _there(self, shape: Any, name: str, depth: int) -> bool:
        return depth < _DEEPEST and (name in shape.required_members or self.random.random() < 0.8)

    def _few(self, depth: int) -> range:
        return range(self.random.randint(0, _LONGEST) if depth < _DEEPEST else 0)


@cache
def _output(service: str, operation: str) -> Shape | None:
    model = get_session().get_service_model(service)
    names = {xform_name(name): name for name in model.operation_names}
    return model.operation_model(names[operation]).output_shape


class JunkGateway(FaultyGateway):
    """Every read of the monitored system gets another answer than the true one."""

    def __init__(self, aws: FakeAws, junk: Junk, own: Strings) -> None:
        super().__init__(aws)
        self.junk, self._own = junk, own

    def send(self, service: str, operation: str, arguments: Json) -> Any:
        reads = operation.startswith(READS)
        ours = service == "ssm" or (service == "dynamodb" and arguments.get("TableName") in self._own)
        if not reads or ours or operation == "list_alarm_mute_rules":
            return super().send(service, operation, arguments)
        with self._lock:
            self.aws.calls.append((service, operation, dict(arguments)))
            return self.junk.answer(service, operation, arguments)


class ReportingJunkGateway(JunkGateway):
    """What is written goes where it should, and nowhere else."""

    def send(self, service: str, operation: str, arguments: Json) -> Any:
        if (service, operation) == ("s3", "put_object"):
            return self.aws.call(service, operation, **arguments)
        if (service, operation) == ("sns", "publish"):
            return super().send(service, operation, arguments)
        with self._lock:
            self.aws.calls.append((service, operation, dict(arguments)))
            return self.junk.answer(service, operation, arguments)


def _top(value: Any) -> Iterable[tuple[Any, Any]]:
    return value.items() if isinstance(value, dict) else ()


class CorruptingGateway(FaultyGateway):
    """The `number`-th answer that comes back (of `only`) is corrupted; `corrupted`: as it was handed on."""

    def __init__(
        self, aws: FakeAws, mutator: Mutator, number: int = 1, only: tuple[str, str] | None = None
    ) -> None:
        super().__init__(aws)
        self.mutator, self.number, self.only = mutator, number, only
        self.corrupted: tuple[str, str, Any] | None = None

    def send(self, service: str, operation: str, arguments: Json) -> Any:
        found = super().send(service, operation, arguments)
        if self.only not in (None, (service, operation)):
            return found
        with self._lock:
            self.number -= 1
            if self.number != 0:
                return found
            corrupted = self._corrupt(operation, found)
            self.corrupted = service, operation, corrupted
            return corrupted

    def _corrupt(self, operation: str, found: Any) -> Any:
        corrupted = self.mutator.damaged(found)
        environment = corrupted.get("Environment") if isinstance(corrupted, dict) else None
        if isinstance(environment, dict) and isinstance(environment.get("Variables"), dict):
            # A variable that AWS leaves out looks like one that does not exist.
            environment["Variables"] = dict(found["Environment"]["Variables"])
        if "s3cret-" in str({name: value for name, value in _top(corrupted) if name != "Environment"}):
            # A wrong name looks like any other name.
            return found
        # botocore's parser gives a dictionary, whatever AWS sends.
        return corrupted if isinstance(corrupted, dict) else {}
