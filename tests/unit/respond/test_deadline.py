"""A response has ended, and its message is sent, before Lambda ends the function."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from inspect import signature
from threading import Event
from typing import Any

import pytest

from responder.aws import parallel
from responder.aws.boto import _AGAIN_SECONDS, _PAUSE_SECONDS, Boto, _config
from responder.aws.gateway import ALL_SECONDS, LOOK_SECONDS, through
from responder.aws.operations import Request
from responder.aws.parallel import side_by_side
from responder.core import retry
from responder.core.context import Context
from responder.core.errors import AwsError, ResponderError, Throttled, Unreachable
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.respond import checked_writes
from responder.respond.checked_writes import (
    _LAST_TRY,
    FRESH,
    READ_SECONDS,
    SEND_SECONDS,
    WRITE_SECONDS,
    Deadline,
    writes_until,
)
from tests.unit.remedies.world import FOUR, rolled_out
from tests.unit.respond.scene import Scene

pytestmark = pytest.mark.unit
# template.yaml, Globals.
TIMEOUT = 60
_CONFIG: Any = _config(attempts=2, patience=signature(Boto).parameters["patience"].default)
ONCE = _CONFIG.connect_timeout + _CONFIG.read_timeout
# Each of the two tries in the worst case, and the pause of up to a second that the SDK makes between them.
READ = 2 * ONCE + 1
# One try did not connect.
_WRITE = _CONFIG.connect_timeout + _PAUSE_SECONDS + ONCE
CHANGE, RECORD = _LAST_TRY + _WRITE, _AGAIN_SECONDS + _WRITE
# After all else, the answer is put on record for repeats of the same event.
CLAIM = ONCE
UPDATE = "update_function_configuration"
PAUSES = retry.PAUSES


def test_what_may_be_begun_last_is_over_in_time() -> None:
    """A change, a read of it, two records; then the message, and what follows it."""
    assert WRITE_SECONDS + CHANGE <= READ_SECONDS
    assert WRITE_SECONDS + CHANGE + READ + 2 * RECORD <= SEND_SECONDS
    assert READ_SECONDS + READ + RECORD <= SEND_SECONDS
    assert SEND_SECONDS + RECORD + CLAIM < TIMEOUT


@dataclass
class Slow:
    """An AWS whose answers take as long as they may, `faster` than in earnest. `error`: of each read."""

    scene: Scene
    faster: float
    read: float
    record: float
    error: type[AwsError] | None
    sent: list[tuple[str, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.began = time.monotonic()
        self._call = self.scene.aws.call
        self.scene.aws.call = self.call  # type: ignore[method-assign]

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        reads = Request(service, operation, arguments).reads
        seconds = self.read if reads else CHANGE if operation == UPDATE else self.record
        at = (time.monotonic() - self.began) * self.faster
        self.sent.append((operation, at, at + seconds))
        Event().wait(seconds / self.faster)
        if self.error is not None and reads:
            raise self.error(service, operation, "-")
        return self._call(service, operation, **arguments)

    def of(self, operation: str) -> list[float]:
        """When it was begun."""
        return [at for each, at, _ in self.sent if each == operation]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("read", "error", "record", "acts"),
    [
        (READ, Unreachable, RECORD, False),
        (0.1, Throttled, RECORD, False),
        (LOOK_SECONDS - 0.5, None, RECORD, False),
        (1.0, None, LOOK_SECONDS - 0.5, True),
    ],
    ids=["no read is answered", "each is turned away", "each is nearly too late", "each takes seconds"],
)
def test_the_message_is_sent_and_the_response_over_however_slow_aws_is(
    read: float,
    error: type[AwsError] | None,
    record: float,
    acts: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Scene().faults(15).alarm()  # imports what a response needs
    faster = 20
    for name in ("WRITE_SECONDS", "READ_SECONDS", "SEND_SECONDS"):
        monkeypatch.setattr(checked_writes, name, getattr(checked_writes, name) / faster)
    monkeypatch.setattr(checked_writes, "_LAST_TRY", _LAST_TRY / faster)
    monkeypatch.setattr(side_by_side, "__defaults__", (ALL_SECONDS / faster, LOOK_SECONDS / faster))
    monkeypatch.setattr(parallel, "_TICK_SECONDS", parallel._TICK_SECONDS / faster)
    monkeypatch.setattr(retry, "PAUSES", [seconds / faster for seconds in PAUSES])
    scene = Scene().faults(15)
    slow = Slow(scene, faster, read, record, error)
    with suppress(ResponderError):
        scene.alarm()
    assert slow.of("publish")
    assert all(at <= WRITE_SECONDS + _LAST_TRY for at in slow.of(UPDATE))
    assert bool(slow.of(UPDATE)) == acts
    assert max(end for *_, end in slow.sent) + CLAIM < TIMEOUT


def test_what_is_asked_too_late_is_not_sent() -> None:
    aws = rolled_out()
    ago = time.monotonic() - READ_SECONDS
    read, write = ("lambda", "get_account_settings"), ("sns", "publish")
    late = through(aws, Deadline(ago))
    with pytest.raises(Unreachable):
        late.call(*read)
    with pytest.raises(Unreachable):
        list(late.pages("lambda", "list_aliases", FunctionName=FOUR[0]))
    late.call(*write, TopicArn="topic", Message="m")
    with pytest.raises(Unreachable):
        through(aws, Deadline(ago - SEND_SECONDS + READ_SECONDS)).call(*write, TopicArn="topic", Message="m")
    assert [each[:2] for each in aws.calls] == [write]


def test_what_comes_too_late_is_reported_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked_writes, "WRITE_SECONDS", -1.0)
    scene = Scene().faults(15)
    scene.alarm()
    assert (scene.result["result"], scene.result["because"]["key"]) == ("refused", "guard.too_late")
    assert "20 s" in scene.mail
    assert scene.percentages() == ["50"] * 4
    assert scene.leases() == []


@pytest.mark.parametrize(
    ("on_its_way", "seconds"),
    [(timedelta(), 20), (timedelta(seconds=3), 17), (FRESH, 15), (timedelta(minutes=2), 20), (-FRESH, 20)],
)
def test_the_time_to_write_counts_from_a_fresh_event_else_from_its_arrival(
    on_its_way: timedelta, seconds: float
) -> None:
    scene = Scene()
    context = Context(scene.aws, Settings(), scene.aws.now, scene.aws.now - on_its_way, began=100.0)
    assert writes_until(context) == 100 + seconds
