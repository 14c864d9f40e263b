"""The gateway of a response: its requests pass an ordered list of policies on their way to AWS."""

import math
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from threading import Lock
from typing import Any, Protocol
from uuid import uuid4

from responder.aws.items import to_item
from responder.aws.operations import Request
from responder.core.context import Context, Gateway
from responder.core.errors import AwsError, Changed, Throttled
from responder.core.frozen import frozen
from responder.core.log import log
from responder.core.plain_data import Json
from responder.core.retry import Sleep, again

LOOK_SECONDS = 3.0
ALL_SECONDS = 8.0
# How often, at most, the turn is checked.
_TURN_SECONDS = 0.25
# How long a response that died keeps the others waiting.
LASTS = timedelta(seconds=2)
_ID = "turn"
_FREE = "attribute_not_exists(id) OR ends < :now OR holder = :me OR urgency < :urgency"
# The urgency of a response that only looks, or asks a person.
ONLY_LOOKS = 0

type Answer = Json
type Send = Callable[[], Answer]


class Policy(Protocol):
    """Handles each request around the policies after it."""

    def __call__(self, request: Request, send: Send, /) -> Answer:
        """`send`: the rest of the way, as often as it is called."""
        ...


@frozen
class PolicyGateway(Gateway):
    """A `Gateway` to `aws`: each request, and each page of a list, passes the policies in their order."""

    aws: Gateway
    policies: tuple[Policy, ...] = field(repr=False)

    def call(self, service: str, operation: str, /, **arguments: Any) -> Answer:
        """One request."""
        request = Request(service, operation, arguments)
        send: Send = partial(self.aws.call, service, operation, **arguments)
        for policy in reversed(self.policies):
            send = partial(policy, request, send)
        return send()

    @property
    def turned_away(self) -> bool:
        """A request had to be repeated because of its rate, so that a look may take longer."""
        return any(isinstance(each, Retry) and each.turned_away for each in self.policies)


def through(aws: Gateway, *policies: Policy) -> PolicyGateway:
    """`aws` with these policies before its others; each replaces one of its kind."""
    if not isinstance(aws, PolicyGateway):
        return PolicyGateway(aws, policies)
    kinds = tuple(map(type, policies))
    others = (each for each in aws.policies if not isinstance(each, kinds))
    return PolicyGateway(aws.aws, (*policies, *others))


def policy_of[P](aws: Gateway, kind: type[P]) -> P | None:
    """The policy of a kind that requests to `aws` pass."""
    policies = aws.policies if isinstance(aws, PolicyGateway) else ()
    return next((each for each in policies if isinstance(each, kind)), None)


@dataclass(slots=True)
class Turn:
    """When AWS throttles several responses at the same time, they continue one after the other.

    Alarms of one fault fire in the same second, and their requests may be more than AWS accepts in the time
    that a response has for its looks. Each would be left with a part of its answers, and none could act. So
    only the one that has the turn asks again; the others wait, and find by then what it has done. A response
    that can apply a remedy automatically takes the turn from one that can only look or ask, and a more severe
    alarm's from a less severe one's: otherwise the one that can help might still wait when its deadline has
    passed.

    It is one row of the table of claims. `urgency`: it is taken immediately from a response with a lower one,
    which finds that out when it next keeps the turn. `wall`: seconds since 1970.
    """

    aws: Gateway
    table: str
    urgency: int = ONLY_LOOKS
    wall: Callable[[], float] = time.time
    mine: bool = False
    _holder: str = field(default_factory=lambda: uuid4().hex)

    def take(self) -> bool:
        """Take or keep the turn; False while another response, at least as urgent, has it. If that cannot be
        read, each response continues without a turn."""
        now = self.wall()
        try:
            self._put(now + LASTS.total_seconds(), _FREE)
        except Changed:
            self.mine = False
        except AwsError as error:
            log().warning("turn not known", extra={"error": str(error)})
            return True
        else:
            self.mine = True
        return self.mine

    def leave(self) -> None:
        """Give the turn to the next one; if that fails, it runs out."""
        if not self.mine:
            return
        self.mine = False
        try:
            self._put(0, "holder = :me")
        except AwsError as error:
            log().warning("turn not left", extra={"error": str(error)})

    def _put(self, ends: float, condition: str) -> None:
        now = self.wall()
        values = {":now": int(now * 1000), ":me": self._holder, ":urgency": self.urgency}
        row = {
            "id": _ID,
            "holder": self._holder,
            "urgency": self.urgency,
            "ends": int(ends * 1000),
            "expiration": int(now) + 60,
        }
        used = {name: value for name, value in values.items() if name in condition}
        self.aws.call(
            "dynamodb",
            "put_item",
            TableName=self.table,
            Item=to_item(row),
            ConditionExpression=condition,
            ExpressionAttributeValues=to_item(used),
        )


@dataclass(slots=True)
class Retry:
    """A read that AWS turns away for its rate is asked again, the last time at `until` of the clock.

    `turn`: only while it is this one's.

    Attributes:
        turned_away: that has happened.
    """

    until: float
    clock: Callable[[], float] = time.monotonic
    pause: Sleep = time.sleep
    turn: Turn | None = None
    turned_away: bool = False
    _may: bool = False
    _found: float = -math.inf
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, request: Request, send: Send, /) -> Answer:
        """Raises Throttled once the time is over."""
        if not request.reads:
            return send()

        def once() -> Answer:
            try:
                return send()
            except Throttled:
                self.turned_away = True
                raise

        return again(once, self.until, self.clock, self.pause, self._turn)

    def _turn(self) -> bool:
        with self._lock:
            turn, now = self.turn, self.clock()
            due = now - self._found >= _TURN_SECONDS
            self._found = now if due else self._found
        if turn is None:
            return True
        if due:
            self._may = turn.take()
        return self._may

    def done(self) -> None:
        """No more is read: the turn passes to the next one."""
        with self._lock:
            turn, self.turn, self.until = self.turn, None, -math.inf
        if turn is not None:
            turn.leave()


class SharedAnswers:
    """Keeps the answers, and the errors, of what AWS takes few requests for in memory: each question is asked
    once, whichever evidence, plans or checks need the answer.

    Questions that are asked side by side share one request. What AWS turned away for its rate is not kept,
    and a write forgets what was kept of its function.

    What is read right before a write, to compare what it would overwrite, does not pass here: the act of a
    remedy reads AWS itself. While an act is finished, its reads are kept for the judgement just before its
    next write; each write names the revision that was read. The look at what is in force reads AWS where a
    kept answer contradicts the record.

    Answers hold values of variables: an object lives no
    longer than the response, or the run of checks, that it was made for, and it cannot be copied or stored.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked: dict[tuple[str, str, str, str], Future[Answer]] = {}

    def __reduce__(self) -> str:
        raise TypeError("knows values that must not be stored")

    def __call__(self, request: Request, send: Send, /) -> Answer:
        """The kept answer, or error, where there is one; each caller gets its own copy."""
        service, operation, arguments = request
        function = str(arguments.get("FunctionName", ""))
        if service == "lambda" and not request.reads:
            try:
                return send()
            finally:
                self.forget(function)
        if not request.row.shared:
            return send()
        key = (service, operation, function, repr(sorted(arguments.items())))
        with self._lock:
            known = self._asked.get(key)
            future = known or self._asked.setdefault(key, Future())
        if known is None:
            try:
                future.set_result(send())
            except BaseException as error:
                if isinstance(error, Throttled):
                    with self._lock:
                        self._asked.pop(key, None)
                future.set_exception(error)
                raise
        answer: Answer = _copied(future.result())
        return answer

    def forget(self, function: str) -> None:
        """Forget the answers about this function."""
        with self._lock:
            for key in [key for key in self._asked if key[2] == function]:
                del self._asked[key]


def _copied(answer: Any) -> Any:
    """A copy with its own containers; their values are immutable."""
    if isinstance(answer, dict):
        # Most parts are values: a call for each would take longer than all else.
        return {
            name: _copied(part) if isinstance(part, (dict, list)) else part for name, part in answer.items()
        }
    return [_copied(part) for part in answer] if isinstance(answer, list) else answer


class Pace:
    """`rate` requests a second, and a burst of `most` after a pause."""

    def __init__(
        self,
        rate: float,
        most: float = 1,
        clock: Callable[[], float] = time.monotonic,
        pause: Sleep = time.sleep,
    ) -> None:
        """`clock` gives seconds; `pause` waits so many of them."""
        self._rate, self._most, self._clock, self._pause = rate, most, clock, pause
        self._left, self._at = most, clock()
        self._lock = Lock()

    def wait(self, kept: float = 0, longest: float = math.inf) -> None:
        """Until one more may be sent and so many are `kept` for others, but no longer than so many seconds;
        what waits is sent in its order."""
        with self._lock:
            now = self._clock()
            self._left = min(self._most, self._left + (now - self._at) * self._rate) - 1
            self._at = now
            due = (kept - self._left) / self._rate
        if due > 0:
            self._pause(min(due, longest))


class Paced:
    """A request waits for its place in the rate, in place of being refused.

    `rates`: requests a second, by service or by operation (`logs filter_log_events`).
    """

    def __init__(
        self,
        rates: Mapping[str, float],
        clock: Callable[[], float] = time.monotonic,
        pause: Sleep = time.sleep,
    ) -> None:
        self._paces = {name: Pace(rate, clock=clock, pause=pause) for name, rate in rates.items()}

    def __call__(self, request: Request, send: Send, /) -> Answer:
        """An operation of its own rate does not count towards its service's."""
        service, operation, _ = request
        pace = self._paces.get(f"{service} {operation}") or self._paces.get(service)
        if pace is not None:
            pace.wait()
        return send()


def patient(context: Context, seconds: float = ALL_SECONDS) -> Context:
    """The context in which reads are asked again from now on, for so many seconds."""
    return replace(context, aws=through(context.aws, Retry(time.monotonic() + seconds)))


def shared(context: Context) -> Context:
    """The context in which each question is asked once from now on; unchanged, if that is already so."""
    if policy_of(context.aws, SharedAnswers) is not None:
        return context
    return replace(context, aws=through(context.aws, SharedAnswers()))


def forget(context: Context, functions: Iterable[str]) -> bool:
    """Ask again what is asked about these functions next; False where nothing was kept."""
    share = policy_of(context.aws, SharedAnswers)
    if share is None:
        return False
    for name in functions:
        share.forget(name)
    return True
