"""Any number of simultaneous alarms of one fault, under AWS's request rates, end in exactly one applied
remedy.

The reads and writes of the responses go through the code that is deployed (`Retry`, `Turn`,
`CheckedWrites`), in virtual time; AWS's rates, the SDK's own second try and the ledger are played here.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from math import inf
from random import Random
from typing import Any

import pytest

from responder.aws.gateway import ALL_SECONDS, ONLY_LOOKS, PolicyGateway, Retry, Turn, through
from responder.aws.operations import Request
from responder.core import retry
from responder.core.context import Gateway
from responder.core.errors import Throttled
from responder.core.plain_data import Json
from responder.respond.checked_writes import WRITE_SECONDS, CheckedWrites
from tests.fakes import FakeAws
from tests.proof.seeded_random import rounds, seed
from tests.proof.virtual_time import VirtualTime
from tests.unit.remedies.world import FOUR
from tests.unit.respond.test_call_budget import LOOKUPS, READS_OF_LOGS, WITH_ALIASES, WITHOUT_ALIAS

RUNS, BOUNDED = 200, 6
PAUSES = retry.PAUSES
CLAIMS = "Claims"
LESS_URGENT = ONLY_LOOKS + 1
URGENT = LESS_URGENT + 1


@pytest.fixture(autouse=True)
def _in_earnest(monkeypatch: pytest.MonkeyPatch, _no_pauses: None) -> None:
    monkeypatch.setattr(retry, "PAUSES", PAUSES)


@dataclass
class Account(Gateway):
    """AWS as all responses see it: its rates, the table of claims, and what is in force."""

    time: VirtualTime
    rng: Random
    logs: float
    fake: FakeAws = field(default_factory=FakeAws)
    lease: str = ""
    written: Counter[str] = field(default_factory=Counter)
    left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        """As `Boto`: the SDK asks a second time where a read was turned away, `Boto` where a write was."""
        if self._taken(service):
            return self._answer(service, operation, arguments)
        self.time.pause(self.rng.uniform(0, 1) if Request(service, operation, {}).reads else 0.2)
        if self._taken(service):
            return self._answer(service, operation, arguments)
        raise Throttled(service, operation, "TooManyRequestsException")

    def _taken(self, service: str) -> bool:
        """The request has arrived, and AWS accepts it."""
        self.time.pause(self.rng.uniform(0.01, 0.1))
        rate = {"lambda": 15.0, "logs": self.logs, "cloudtrail": 2.0}.get(service)
        if rate is None:
            return True
        tokens, at = self.left.get(service, (rate, self.time.now))
        tokens = min(rate, tokens + (self.time.now - at) * rate)
        taken = tokens >= 1
        self.left[service] = tokens - taken, self.time.now
        return taken

    def _answer(self, service: str, operation: str, arguments: Json) -> Json:
        if service == "dynamodb":
            return self.fake.call(service, operation, **arguments)
        if not Request(service, operation, {}).reads:
            self.written[arguments["FunctionName"]] += 1
        return {}


@dataclass
class Response:
    """One alarm's: it reads, locks, writes. `ended`: how.

    `urgency`: URGENT where its playbook has the remedy for this fault. `dies`: so many seconds after it
    began, with its turn; it asks nothing more then.
    """

    aws: Account
    name: str
    asks: tuple[tuple[str, str], ...]
    urgency: int = URGENT
    dies: float = inf
    ended: str = ""

    def respond(self) -> None:
        """As `alarms.respond_to`, with nothing but what depends on the rates."""
        time = self.aws.time
        began = time.now
        turn = Turn(self.aws, CLAIMS, self.urgency, time.clock)
        retry = Retry(began + self._lives(), time.clock, time.pause, turn)
        patient = through(self.aws, retry)
        unread: list[str] = []
        time.together([partial(self._read, patient, unread, *each) for each in self.asks])
        if time.now - began >= self.dies:
            self.ended = "died"
            return
        retry.done()
        time.pause(0.02)
        if self.urgency < URGENT:
            self.ended = "looked"
        elif self.aws.lease or not unread:
            self._act(began)
        else:
            self.ended = "unreadable"

    def _lives(self) -> float:
        return min(ALL_SECONDS, self.dies)

    def _read(self, patient: PolicyGateway, unread: list[str], service: str, operation: str) -> None:
        try:
            patient.call(service, operation)
        except Throttled:
            unread.append(operation)

    def _act(self, began: float) -> None:
        time = self.aws.time
        # The lock is one conditional write.
        if self.aws.lease:
            self.ended = f"linked to {self.aws.lease}"
            return
        self.aws.lease = self.name
        until = began + WRITE_SECONDS
        checked = CheckedWrites(lambda: None, time.clock, until=until, pause=time.pause)
        writes = through(self.aws, checked)
        lost: list[str] = []
        time.together([partial(self._write, writes, lost, each) for each in FOUR])
        self.ended = "partial" if lost else "applied"

    def _write(self, writes: PolicyGateway, lost: list[str], function: str) -> None:
        try:
            writes.call("lambda", "update_function_configuration", FunctionName=function, RevisionId="r")
        except Throttled:
            lost.append(function)


MOST = 14


def play(rng: Random, worst: bool = False, alone: bool = False) -> tuple[list[str], Counter[str]]:
    """How each response of one run ended, and what was written. `worst`: the most alarms, in the same
    instant, with the most requests, in a Region that takes the fewest. `alone`: one has the remedy, and of
    the others, which only look or have a less urgent one against another fault, some die."""
    time = VirtualTime()
    account = Account(time, rng, logs=5.0 if worst else rng.choice((5.0, 10.0, 25.0)))
    account.fake.dynamo.create(CLAIMS, "id")
    control_plane = WITH_ALIASES if worst else rng.choice((WITHOUT_ALIAS, WITH_ALIASES))
    asks = (
        *[("lambda", "get_function_configuration")] * control_plane,
        *[("logs", "filter_log_events")] * READS_OF_LOGS,
        *[("cloudtrail", "lookup_events")] * LOOKUPS,
    )
    alarms = MOST if worst or alone else rng.randint(2, MOST)
    responses = [Response(account, f"alarm {number}", asks) for number in range(alarms)]
    if alone:
        for other in responses[1:]:
            other.urgency = rng.choice((ONLY_LOOKS, LESS_URGENT))
            other.dies = rng.choice((inf, inf, inf, rng.uniform(0, ALL_SECONDS)))
    spread = 0.0 if worst else rng.choice((0.0, 0.3, 1.0, 5.0))
    for each in responses:
        time.spawn(each.respond, rng.uniform(0, spread))
    random.seed(rng.random())
    time.run()
    return [each.ended for each in responses], account.written


@pytest.mark.timeout(300)
def test_exactly_one_remedy_is_applied_whatever_the_order(note: Callable[..., None]) -> None:
    ended: Counter[str] = Counter()
    runs = 0
    for rng in rounds("several at once", BOUNDED, RUNS):
        found, written = play(rng)
        kinds = Counter(each.partition(" ")[0] for each in found)
        assert kinds == Counter(applied=1, linked=len(found) - 1), f"run {runs} of PROOF_SEED={seed()}"
        assert written == Counter(FOUR)
        ended += kinds
        runs += 1
    note("several at once", runs=runs, alarms=ended.total(), applied=ended["applied"], linked=ended["linked"])


@pytest.mark.timeout(60)
def test_the_most_parallel_responses_do_not_keep_each_other_from_acting() -> None:
    """Where each of them asked on for itself, all would be left with a part of their answers."""
    found, written = play(Random("the most"), worst=True)
    assert Counter(each.partition(" ")[0] for each in found) == Counter(applied=1, linked=MOST - 1)
    assert written == Counter(FOUR)


@pytest.mark.timeout(300)
def test_the_only_one_with_the_remedy_applies_it_immediately(note: Callable[..., None]) -> None:
    runs = 0
    for rng in rounds("one has the remedy", BOUNDED, RUNS):
        found, written = play(rng, worst=runs % 2 == 0, alone=True)
        assert found[0] == "applied", f"run {runs} of PROOF_SEED={seed()}"
        assert set(found[1:]) <= {"looked", "died"}
        assert written == Counter(FOUR)
        runs += 1
    note("one of several has the remedy", runs=runs, alarms=runs * MOST, applied=runs)
