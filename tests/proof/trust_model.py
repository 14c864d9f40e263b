"""A stack of which only the modes, the stops and the assessments exist, and what may happen to them."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from random import Random
from typing import Any

from responder.core.assessment import Assessment, AssessmentResult
from responder.core.change import Ledger
from responder.core.context import Context, Gateway
from responder.core.errors import Changed, Rejected
from responder.core.modes import Mode, stricter
from responder.core.plain_data import Json
from responder.core.remedy import REMEDIES, spec_of
from responder.core.settings import Settings
from responder.core.switches import stops_path, switches
from responder.followup import trust
from responder.guards import Ends, Purpose, Question, judge
from tests.fakes.gateway import NOW
from tests.unit.core.world import PLAN

SETTINGS = Settings(stack="s")
STOPS = stops_path(SETTINGS.parameters_path)
# One that can act without a person, one that costs money and can, and one that is always asked for.
KNOWN = ("rollout_to_zero", "on_demand_billing", "alias_rollback")
_POWER = {Ends.REFUSE: 0, Ends.OBSERVE: 0, Ends.ASK: 1}
_CEILING = {Mode.OBSERVE: 0, Mode.APPROVE: 1, Mode.AUTO: 2}

type Rows = dict[str, Json]


class ProcessDied(Exception):
    """The process is gone."""


@dataclass
class MinimalAws(Gateway):
    """DynamoDB and SSM, as far as trust needs them. A condition that is unknown here is a mistake of the
    test. `dies`: before so many further writes have been made."""

    rows: Rows = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    dies: int | None = None

    def call(self, service: str, operation: str, /, **asked: Any) -> Json:
        if self.dies is not None:
            if not self.dies:
                raise ProcessDied
            self.dies -= 1
        assert service in ("ssm", "dynamodb")
        if operation == "query":
            return {"Items": [self.rows[key]["item"] for key in sorted(self.rows)]}
        {"put_parameter": self._put_parameter, "update_item": self._update_item}[operation](**asked)
        return {}

    def _put_parameter(self, **asked: Any) -> None:
        assert not asked.get("Overwrite")
        if asked["Name"] in self.parameters:
            raise Rejected("ssm", "PutParameter", "ParameterAlreadyExists")
        self.parameters[asked["Name"]] = asked["Value"]

    def _update_item(self, **asked: Any) -> None:
        key, values = asked["Key"]["sk"]["S"], asked["ExpressionAttributeValues"]
        known = self.rows.get(key)
        rank = int(values[":rank"]["N"])
        match asked["ConditionExpression"]:
            case "attribute_not_exists(pk) OR #rank < :rank":
                if known is not None and known["rank"] >= rank:
                    raise Changed("dynamodb", "UpdateItem", "ConditionalCheckFailedException")
                row = {**asked["Key"], "data": values[":data"], "expires": values[":expires"]}
                self.rows[key] = {"rank": rank, "item": row}
            case "#rank = :rank":
                if known is None or known["rank"] != rank:
                    raise Changed("dynamodb", "UpdateItem", "ConditionalCheckFailedException")
                known["item"]["led_to"] = values[":stop"]
            case other:
                raise AssertionError(other)


@lru_cache(maxsize=100_000)
def power(parameters: frozenset[tuple[str, str]], remedy: str) -> int:
    """What the guards let the automation do on perfect evidence: 0 nothing, 1 ask, 2 act."""
    board = switches(SETTINGS.parameters_path, dict(parameters))
    # As a response asks: evidence and the ceiling, the stricter of the two.
    most = stricter(Mode.AUTO, spec_of(remedy).ceiling)
    question = Question(Purpose.RESPOND, NOW, remedy, "i", board, Ledger(), PLAN, at_most=most)
    held = judge(question)
    return 2 if held is None else _POWER[held.ends]


@dataclass
class Stack:
    """What is on record. Every method is one event."""

    aws: MinimalAws = field(default_factory=MinimalAws)

    def __post_init__(self) -> None:
        self.aws.parameters[f"{SETTINGS.parameters_path}/settings"] = "{}"
        self.modes(dict.fromkeys(("everywhere", *(name.value for name in REMEDIES)), "auto"))
        assert self.powers == {name: ceiling(name) for name in KNOWN}

    @property
    def context(self) -> Context:
        return Context(self.aws, SETTINGS, NOW, NOW)

    @property
    def powers(self) -> dict[str, int]:
        now = frozenset(self.aws.parameters.items())
        return {name: power(now, name) for name in KNOWN}

    @property
    def asking(self) -> set[str]:
        return {name.removeprefix(STOPS) for name in self.aws.parameters if name.startswith(STOPS)}

    @property
    def record(self) -> dict[str, int]:
        """By act, how it was assessed."""
        return {key: row["rank"] for key, row in self.aws.rows.items()}

    # --- the follow-up ------------------------------------------------------------------------------

    def deliver(self, found: Assessment, dies: int | None = None) -> None:
        """`dies`: before this write of it."""
        self.aws.dies = dies
        try:
            acts, missing = trust.assessed(self.context, found)
            if missing is None:
                trust.reported(self.context, acts)
        except ProcessDied:
            pass
        finally:
            self.aws.dies = None

    # --- people -------------------------------------------------------------------------------------

    def modes(self, modes: dict[str, str]) -> None:
        self.set = {**getattr(self, "set", {}), **modes}
        self.aws.parameters[f"{SETTINGS.parameters_path}/modes"] = json.dumps(self.set)

    def stop(self, name: str, value: str) -> None:
        self.aws.parameters.setdefault(f"{STOPS}{name}", value)

    def remove(self, name: str) -> None:
        del self.aws.parameters[f"{STOPS}{name}"]


def acts(rng: Random) -> list[Assessment]:
    """A few acts of the last months, some of which are assessed more than once."""
    found = []
    for number in range(rng.randint(1, 4)):
        remedy, days = rng.choice(KNOWN), rng.choice((0, 1, 5, 29, 30, 31, 60))
        for result in rng.sample(list(AssessmentResult), rng.randint(1, 2)):
            at = NOW - timedelta(days=days, minutes=number)
            found.append(Assessment(remedy, "s", f"i-{number}", at, result, NOW))
    return found


def by_people(rng: Random, stack: Stack) -> None:
    """Any single act of a person."""
    there = sorted(stack.asking)
    match rng.randrange(4):
        case 0 if there:
            stack.remove(rng.choice(there))
        case 1:
            value = rng.choice(('{"who": "ken", "why": "x"}', "stop", '{"kind": "ask"}'))
            stack.stop(rng.choice(("release", "ask-rollout_to_zero", "everything")), value)
        case _:
            name = rng.choice(("everywhere", *KNOWN))
            stack.modes({name: rng.choice(list(Mode)).value})


def ceiling(remedy: str) -> int:
    return _CEILING[spec_of(remedy).ceiling]
