"""`FakeAws`: a Gateway in memory, with faults, with other writers, with a record of every call."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from threading import RLock
from typing import Any

from botocore import xform_name
from botocore.session import get_session
from botocore.validate import ParamValidator

from responder.aws.operations import Request
from responder.core.context import PLACES, Gateway
from responder.core.errors import AwsError, Rejected
from responder.core.plain_data import Data, Json
from tests.fakes.copies import fresh
from tests.fakes.lambdas import StrictLambda
from tests.fakes.queues import StrictSqs
from tests.fakes.rights import Quiet, StrictCloudFormation, StrictIam, StrictS3
from tests.fakes.small import StrictAutoscaling, StrictSns, StrictSsm
from tests.fakes.tables import StrictDynamo
from tests.fakes.watching import StrictLogs, StrictMetrics

type Answer = Data | list[Data] | Callable[..., Data]


class Died(BaseException):
    """The process ends here; no code of the project may catch it."""


@dataclass
class Fault:
    service: str
    operation: str
    error: type[AwsError] | BaseException
    code: str
    call: int
    times: int
    after: bool
    where: Data
    seen: int = 0

    def strikes(self, service: str, operation: str, arguments: Data) -> bool:
        if (self.service, self.operation) != (service, operation):
            return False
        if any(arguments.get(name) != value for name, value in self.where.items()):
            return False
        self.seen += 1
        return self.call <= self.seen < self.call + self.times

    def raised(self) -> BaseException:
        if isinstance(self.error, BaseException):
            return self.error
        return self.error(self.service, api_name(self.service, self.operation), self.code)


NOW = datetime(2026, 2, 4, 10, 25, tzinfo=UTC)


# The place of a page in an answer whose pages name none.
_PAGE = "page "


@dataclass
class FakeAws(Gateway):
    """See the fields: `lambdas`, `dynamo`, `sns`, `sqs`, `ssm`, `metrics`, `logs`, `iam`, `s3`,
    `autoscaling`, `calls`, and `done`: those of them that AWS did as asked.

    What no part of it knows is answered by `answer(...)`, or fails the test.
    """

    now: datetime = NOW
    calls: list[tuple[str, str, Json]] = field(default_factory=list)
    done: list[tuple[str, str, Json]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lambdas, self.dynamo = StrictLambda(self._clock), StrictDynamo(self._clock)
        self.sns, self.sqs, self.ssm = StrictSns(), StrictSqs(self._clock), StrictSsm()
        self.metrics, self.autoscaling = StrictMetrics(), StrictAutoscaling()
        self.logs, self.iam, self.s3 = StrictLogs(), StrictIam(), StrictS3()
        self._parts: Json = {
            "lambda": self.lambdas,
            "dynamodb": self.dynamo,
            "sns": self.sns,
            "sqs": self.sqs,
            "ssm": self.ssm,
            "cloudwatch": self.metrics,
            "application-autoscaling": self.autoscaling,
            "logs": self.logs,
            "iam": self.iam,
            "s3": self.s3,
            "cloudformation": StrictCloudFormation(),
            "cloudtrail": Quiet(),
            "health": Quiet(),
        }
        self._faults: list[Fault] = []
        self._meanwhile: list[tuple[str, str, Callable[[], Any]]] = []
        self._answers: dict[tuple[str, str], Answer] = {}
        self._lock = RLock()

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        with self._lock:
            token = str(arguments.get("NextToken", ""))
            number = int(token.removeprefix(_PAGE)) if token.startswith(_PAGE) else 0
            if number:
                del arguments["NextToken"]
            pages = self._pages(service, operation, arguments)
            if len(pages) > 1 and not pages[0].keys() & PLACES.keys():
                more = {"NextToken": f"{_PAGE}{number + 1}"} if number + 1 < len(pages) else {}
                return {**pages[number], **more}
            places = [PLACES[name] for name in PLACES if len(pages) > 1 and name in pages[0]]
            asked = next((arguments[name] for name in places if name in arguments), None)
            after = (n for n, page in enumerate(pages, 1) if asked in map(page.get, PLACES))
            return dict(pages[next(after) if asked else 0])

    def administrator(self, service: str, operation: str, /, **arguments: Any) -> Json:
        """A caller with every permission, whose calls are not recorded and meet no fault."""
        with self._lock:
            accepted(service, operation, arguments)
            return dict(fresh(self._answered(service, operation, fresh(arguments))[0]))

    def copied(self) -> "FakeAws":
        """Another one of which everything is as it is here now."""
        return copy.deepcopy(self, self.shared())

    def shared(self) -> dict[int, Any]:
        """What a copy takes as it is, by its id: the calls, which no one changes; and a lock of its own."""
        return {id(self._lock): RLock()} | {id(each): each for each in (*self.calls, *self.done)}

    def tick(self, **span: float) -> None:
        """Time passes: `tick(minutes=5)`."""
        self.now += timedelta(**span)

    def move(self, to: datetime) -> None:
        """It is so late now, or later."""
        self.now = max(self.now, to)

    def settle(self) -> None:
        """What AWS was still working on is done."""
        self.lambdas.settle()
        self.dynamo.settle()

    def fail(
        self,
        service: str,
        operation: str,
        error: type[AwsError] | BaseException,
        *,
        code: str = "Injected",
        call: int = 1,
        times: int = 1,
        after: bool = False,
        where: Data | None = None,
    ) -> None:
        """The `call`-th call that matches `where` fails, and `times` in all, before or after its effect."""
        self._faults.append(Fault(service, operation, error, code, call, times, after, where or {}))

    def heal(self) -> None:
        """No further call fails. How many of several threads a crash has reached is random."""
        self._faults.clear()

    def between(self, service: str, operation: str, person: Callable[[], Any]) -> None:
        """Another writer acts once, just before the next call of `operation` arrives."""
        self._meanwhile.append((service, operation, person))

    def answer(self, service: str, operation: str, answer: Answer) -> None:
        """A canned answer: one page, a list of pages, or a function of the arguments."""
        self._answers[service, operation] = answer

    def count(self, service: str, operation: str) -> int:
        return len(self.sent(service, operation))

    def sent(self, service: str, operation: str) -> list[Json]:
        """The arguments of every such call."""
        return [arguments for *called, arguments in self.calls if called == [service, operation]]

    @property
    def writes(self) -> list[tuple[str, str]]:
        """Calls that change something, in order."""
        reads = ("get_", "list_", "describe_", "query", "scan", "filter_", "batch_get")
        return [
            (service, operation) for service, operation, _ in self.calls if not operation.startswith(reads)
        ]

    def _clock(self) -> datetime:
        return self.now

    def _pages(self, service: str, operation: str, arguments: Json) -> list[Data]:
        accepted(service, operation, arguments)
        call = (service, operation, fresh(arguments))
        self.calls.append(call)
        for entry in [each for each in self._meanwhile if each[:2] == (service, operation)]:
            self._meanwhile.remove(entry)
            entry[2]()
        struck = [fault for fault in self._faults if fault.strikes(service, operation, arguments)]
        for fault in struck:
            if not fault.after:
                raise fault.raised()
        # What only reads keeps nothing of what it is asked.
        reads = Request(*call).reads
        pages = self._answered(service, operation, call[2] if reads else fresh(arguments))
        self.done.append(call)
        for fault in struck:
            raise fault.raised()
        made: list[Data] = fresh(pages)
        return made

    def _answered(self, service: str, operation: str, arguments: Json) -> list[Data]:
        service = service.partition("@")[0]
        canned = self._answers.get((service, operation))
        if canned is not None:
            answer = canned(**arguments) if callable(canned) else canned
            return list(answer) if isinstance(answer, list) else [answer]
        method = getattr(self._parts.get(service), operation, None)
        if method is None:
            raise AssertionError(f"nobody told the fake about {service}:{operation}")
        return [method(**arguments)]


@cache
def _operations(service: str) -> Json:
    model = get_session().get_service_model(service.partition("@")[0])
    return {xform_name(name): model.operation_model(name) for name in model.operation_names}


def api_name(service: str, operation: str) -> str:
    """`update_alias` -> `UpdateAlias`."""
    return str(_operations(service)[operation].name)


# Requests that were accepted before, as hashes: a whole matrix of them is too much to keep.
_accepted: set[int] = set()
_MOST = 100_000


def accepted(service: str, operation: str, arguments: Data) -> None:
    """The SDK's own check of names, types and required parameters. Only a state that AWS answers without its
    revision may fail it: such a write must not leave."""
    if arguments.get("RevisionId", "") is None:
        raise Rejected(service, operation, "ParamValidationError")
    request = hash((service, operation, repr(arguments)))
    if request in _accepted:
        return
    if len(_accepted) > _MOST:
        _accepted.clear()
    form = hash((service, operation, _form(arguments)))
    if form not in _accepted:
        model = _operations(service)[operation]
        if model.input_shape is not None:
            report = ParamValidator().validate(arguments, model.input_shape)
            assert not report.has_errors(), f"{service}:{operation}: {report.generate_report()}"
        _accepted.add(form)
    _accepted.add(request)


# More than the longest text that a parameter has to be.
_LEAST = 256


def _form(value: Any) -> Any:
    """What the check looks at: which parameters there are, their types and lengths; the value of numbers and
    of texts that may be a time."""
    if isinstance(value, str):
        # botocore cannot encode half a surrogate pair in a query, a header or a path; AWS refuses it in JSON.
        value.encode()
        return (str, value) if value[:4].isdigit() else (type(value), min(len(value), _LEAST))
    if isinstance(value, Mapping):
        return dict, tuple((type(name), str(name).encode(), _form(part)) for name, part in value.items())
    if isinstance(value, bytes):
        return bytes, min(len(value), _LEAST)
    if isinstance(value, list | tuple):
        return type(value), tuple(map(_form, value))
    return type(value), value if isinstance(value, int | float) else None
