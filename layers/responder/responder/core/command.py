"""An instruction to an alarm's function, from our follow-up or a person; and the proposal that waits for a
person, bound by a hash to exactly what was shown.

It only names things; the code that executes it reads each of them from the stores again.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from responder.core.change import Change, Changes
from responder.core.codec import STORED, Misfit, load
from responder.core.errors import BadEvent
from responder.core.frozen import frozen
from responder.core.modes import Effect
from responder.core.plain_data import Data
from responder.core.remedy import spec_of

# The result of sending a command that is already being executed.
UNDER_WAY = "under_way"
_NAME = re.compile(r"[A-Za-z0-9_.#-]{0,80}")
# An upper bound for the counts of a step.
_MOST = 10**9


class CommandKind(StrEnum):
    """The five commands. A check of the leases changes nothing: it records what is set."""

    RE_EVALUATE = "re-evaluate"
    CHECK_LEASES = "check-leases"
    FINISH = "finish"
    APPLY = "apply"
    REVERT = "revert"


class RestoreVerdict(StrEnum):
    """The result of a step that restores the rollout; also the topic of the report about it."""

    VERIFIED = "restore_verified"
    UNPROVEN = "restore_unproven"
    FAILING = "restore_failing"


@frozen
class RestoreStep:
    """What the follow-up saw of the current step of the rollout's revert. It is part of the message that
    requests the next step; it decides nothing.

    Attributes:
        percent: the rollout that the step has set; `minutes` since then.
        requests: of the liveness functions in these minutes, `faults` of them failed; None where they could
            not be read.
        raised: the alarm is raised again.
    """

    judged: RestoreVerdict
    percent: int
    minutes: int
    requests: int | None = field(default=None, metadata=STORED)
    faults: int = field(default=0, metadata=STORED)
    raised: bool = field(default=False, metadata=STORED)

    @property
    def sensible(self) -> bool:
        """Whether the counts are possible."""
        counts = (self.percent, self.minutes, self.faults, self.requests or 0)
        return all(0 <= each < _MOST for each in counts)


@frozen
class Command:
    """`proposal` is the id of an approved proposal (apply, and reverts that need approval);
    `wanted` holds choices such as `{"percent": 10}`; `quiet`: the request is valid for longer, and no
    message is sent again; `step`: the result of the previous step."""

    order: CommandKind = field(metadata={"stored": "command"})
    incident: str
    remedy: str = ""
    scope: str = ""
    proposal: str = ""
    wanted: Mapping[str, Any] = field(default_factory=dict)
    quiet: bool = False
    step: RestoreStep | None = None

    @property
    def key(self) -> str:
        """Equal for two deliveries of the same command."""
        parts = (self.order, self.incident, self.remedy, self.scope, self.proposal)
        return json.dumps(["command", *parts, dict(self.wanted)], sort_keys=True, default=str)


def is_command(event: object) -> bool:
    """Whether it is a command, not an alarm event; whether it is a valid one is not judged."""
    return isinstance(event, Mapping) and "command" in event


def parse_command(event: Data) -> Command:
    """Read a command.

    Raises:
        BadEvent: names the field that is missing or unreadable.
    """
    try:
        found = load(Command, event)
    except Misfit as error:
        raise BadEvent(error.field.partition(".")[0]) from None
    for name in ("incident", "remedy", "scope", "proposal"):
        if not _NAME.fullmatch(getattr(found, name)):
            raise BadEvent(name)
    if not found.incident:
        raise BadEvent("incident")
    if found.step is not None and not found.step.sensible:
        raise BadEvent("step")
    return found


VALID = timedelta(minutes=30)
# How long, at least, the follow-up sees a proposal after it was requested.
REMEMBERED = 2 * VALID


@frozen
class ApprovalRequest:
    """`id` is the hash over incident, remedy, targets, old and new values; valid for 30 min.

    `since`: approvals from then on count: the first time it was asked, or its last use. `at` is the
    last time it was asked. `carried_by`: who had approved it when it was carried out, at `since`, or the
    automation, which needed no approval by then. `order` is the command that carries it out (`apply`,
    `revert`), `wanted` the choices that go with it.
    """

    id: str
    incident: str
    remedy: str
    scope: str
    effect: Effect
    at: datetime
    changes: tuple[Change, ...]
    since: datetime | None = None
    order: str = "apply"
    wanted: Mapping[str, Any] = field(default_factory=dict)
    carried_by: str = ""

    @property
    def people(self) -> int:
        """How many different people must approve it."""
        return spec_of(self.remedy).people

    @property
    def restores(self) -> bool:
        """Whether it restores the old state. A step of the revert can also weaken the check again."""
        return self.order == CommandKind.REVERT and not weakens(self.remedy, self.changes)

    @property
    def expires(self) -> datetime:
        """The time from which it cannot be approved (UTC)."""
        return self.at + VALID


def weakens(remedy: str, changes: Changes) -> bool:
    """During a revert: at least one function gets fewer users on the check than now."""
    return spec_of(remedy).in_steps and any(map(_falls, changes))


def _falls(change: Change) -> bool:
    before, after = number(change.before), number(change.after)
    return before is not None and after is not None and after < before


def number(value: str) -> float | None:
    """A plain decimal number; None for everything else."""
    return float(value) if value.replace(".", "", 1).isdecimal() else None


def fingerprint(incident: str, remedy: str, changes: Changes) -> str:
    """16 hexadecimal digits; any other old or new value makes another proposal."""
    parts = sorted((change.target, change.setting, change.before, change.after) for change in changes)
    bound = json.dumps([incident, remedy, parts], ensure_ascii=False)
    return hashlib.sha256(bound.encode()).hexdigest()[:16]


def revert_fingerprint(incident: str, remedy: str, changes: Changes, wanted: Data) -> str:
    """The fingerprint of a revert. A step is approved as a step: the choice that was shown belongs to it."""
    choice = "".join(f" {name}={value}" for name, value in sorted(wanted.items()))
    return fingerprint(incident, f"{remedy} revert{choice}", changes)
