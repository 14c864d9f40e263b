"""The project's own AWS client: with fakes instead of the network, and one injected fault."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import RLock, local
from types import SimpleNamespace
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.session import get_session

from responder.aws.boto import Boto
from responder.aws.gateway import Pace
from responder.core.errors import AwsError, Changed, Unreachable
from responder.core.plain_data import Json
from tests.fakes import Died, FakeAws
from tests.proof.faults import Fault

_SERVER, _CLIENT = 500, 400


@dataclass(frozen=True, order=True)
class Cell:
    """One call of a run: the `number`-th of its like."""

    service: str
    operation: str
    number: int

    def __str__(self) -> str:
        return f"{self.service}:{self.operation} {self.number}"


class FaultyGateway(Boto):
    """`Boto` over `FakeAws`. `calls_made`: every call in order; `injected`: the fault has happened.

    After a kill nothing leaves this process, whatever its other threads were about to do.
    """

    def __init__(self, aws: FakeAws, cell: Cell | None = None, fault: Fault | None = None) -> None:
        # A session is only asked for clients, and those are fakes.
        self._pause = lambda _: None
        self._clock, self._again = lambda: 0.0, 1.0
        self._pace = Pace(1, 1, self._clock, self._pause)
        self._region = "us-east-1"
        self._clients = {}
        self._lock = RLock()  # type: ignore[assignment]
        self.aws, self.cell, self.fault = aws, cell, fault
        self.calls_made: list[Cell] = []
        self.injected = self.dead = False
        self._seen: Counter[tuple[str, str]] = Counter()
        self._thread = local()

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        with self._counted(service, operation):
            return super().call(service, operation, **arguments)

    def ready(self, services: Any) -> None:
        """Nothing has to be made ready."""

    def raw(self, service: str) -> Any:
        return Client(self, service, counts=True)

    def _client(self, service: str, *, reading: bool) -> Any:
        return Client(self, service)

    @contextmanager
    def _counted(self, service: str, operation: str) -> Iterator[None]:
        """Whatever is repeated within this one call meets the same fault again."""
        before = getattr(self._thread, "now", False)
        self._thread.now = self._is_cell(service, operation)
        try:
            yield
        finally:
            self._thread.now = before

    def _is_cell(self, service: str, operation: str) -> bool:
        with self._lock:
            self._seen[service, operation] += 1
            cell = Cell(service, operation, self._seen[service, operation])
            self.calls_made.append(cell)
            return cell == self.cell

    def call_outside_aws[T](
        self, service: str, operation: str, act: Callable[[], T], failing: Callable[[Fault], Exception]
    ) -> T:
        """A call that goes elsewhere than to AWS, and fails as those do; `failing`: what its caller gets."""
        with self._counted(service, operation):
            fault = self.fault if getattr(self._thread, "now", False) else None
            if self.dead:
                raise Died
            self.injected = self.injected or fault is not None
            if fault is not None and not fault.after:
                self.dead = fault.kills
                raise Died if fault.kills else failing(fault)
            answer = act()
            if fault is not None:
                self.dead = fault.kills
                raise Died if fault.kills else failing(fault)
            return answer

    def send(self, service: str, operation: str, arguments: Json) -> Any:
        """The request itself: fault before, effect, fault after."""
        fault = self.fault if getattr(self._thread, "now", False) else None
        with self._lock:
            if self.dead:
                raise Died
            if fault is not None:
                self.injected = True
                self.dead = fault.kills and not fault.after
                if not fault.after:
                    self._raise(fault, service, operation)
            try:
                answer = self.aws.call(service, operation, **arguments)
            except AwsError as error:
                raise as_botocore(error) from None
            if fault is not None:
                self.dead = fault.kills
                self._raise(fault, service, operation)
                return {}
            return answer

    def _raise(self, fault: Fault, service: str, operation: str) -> None:
        if fault.error is not None:
            raise fault.error(_names(service)[operation])


class Client:
    """What `Boto` and Powertools need of a boto3 client."""

    def __init__(self, gateway: FaultyGateway, service: str, *, counts: bool = False) -> None:
        self._gateway, self._service, self._counts = gateway, service, counts
        self.meta = SimpleNamespace(method_to_api_mapping=_names(service))

    def __getattr__(self, operation: str) -> Any:
        if operation not in _names(self._service):
            raise AttributeError(operation)

        def call(**arguments: Any) -> Json:
            if not self._counts:
                return dict(self._gateway.send(self._service, operation, arguments))
            with self._gateway._counted(self._service, operation):
                return dict(self._gateway.send(self._service, operation, arguments))

        return call


@cache
def _names(service: str) -> dict[str, str]:
    """`update_alias` -> `UpdateAlias`."""
    return {xform_name(name): name for name in get_session().get_service_model(service).operation_names}


def as_botocore(error: AwsError) -> ClientError:
    """What botocore would have raised for an error of the fakes."""
    status = _SERVER if isinstance(error, Unreachable) else _CLIENT
    answer: Json = {
        "Error": {"Code": error.code, "Message": "from the fakes"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    if isinstance(error, Changed):
        answer |= {"Item": dict(error.item)} if error.item is not None else {}
        reasons = [{"Code": code} for code in error.reasons]
        if reasons and error.item is not None:
            failed = next(one for one in reasons if one["Code"] == "ConditionalCheckFailed")
            failed["Item"] = error.item  # type: ignore[assignment]
        answer |= {"CancellationReasons": reasons} if reasons else {}
    return ClientError(answer, error.operation)  # type: ignore[arg-type]
