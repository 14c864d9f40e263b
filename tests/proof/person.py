"""A person who changes the service manually while the responder changes it."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

from botocore.exceptions import ClientError, ConnectionClosedError

from local_aws.client import LocalAws
from rehearsal.world.names import ALIAS, INDEX, LOGINS, ROLLOUT, TABLE
from responder.core.plain_data import Json
from responder.core.text import Strings

# Less than the responder waits for an answer.
_PATIENCE = 2.5
_BUSY = ("ResourceConflictException", "ResourceInUseException")
_OWN, _VALUE, _PERCENT, _MEMORY, _UNITS = "PERSONS_OWN", "a choice", "25", 1024, 9

type Variables = dict[str, str]


@dataclass
class Person(ABC):
    """`does` it, as the AWS console would; `undone`: what of it is gone.

    `done`: what was changed, as AWS has accepted it. `touches`: the ends of the settings' names. `lasts`: it
    also counts once a person has approved the revert.
    """

    aws: LocalAws
    done: list[str] = field(default_factory=list)
    touches: ClassVar[Strings] = ()
    lasts: ClassVar[bool] = True

    @abstractmethod
    def does(self) -> None: ...

    @abstractmethod
    def undone(self) -> Iterator[str]: ...

    def patiently(self, what: str, change: Callable[[], Any]) -> None:
        """As often as it takes, while AWS is busy with it."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            try:
                change()
            except ConnectionClosedError:
                # A connection that was kept for too long; what he does can be done again.
                continue
            except ClientError as error:
                if error.response["Error"]["Code"] not in _BUSY:
                    raise
                time.sleep(0.02)
            else:
                self.done.append(what)
                return


class Functions(Person):
    """All four of the login functions."""

    def configuration(self, name: str) -> Json:
        found: Json = self.aws.client("lambda").get_function_configuration(FunctionName=name)
        return found

    def variables(self, name: str) -> Variables:
        found: Variables = self.configuration(name)["Environment"]["Variables"]
        return found

    def write(self, name: str, **setting: Any) -> None:
        self.aws.client("lambda").update_function_configuration(FunctionName=name, **setting)

    def put(self, name: str, variable: str, value: str) -> None:
        self.write(name, Environment={"Variables": {**self.variables(name), variable: value}})


class AddsAVariable(Functions):
    """His own, in addition to the responder's."""

    touches = (_OWN,)

    def does(self) -> None:
        for name in LOGINS:
            self.patiently(name, partial(self.put, name, _OWN, _VALUE))

    def undone(self) -> Iterator[str]:
        for name in self.done:
            if self.variables(name).get(_OWN) != _VALUE:
                yield f"{name} has lost {_OWN}"
            served = self.aws.client("lambda").get_function_configuration(FunctionName=name, Qualifier=ALIAS)
            if _OWN in served["Environment"]["Variables"]:
                yield f"{name} was released with {_OWN}"


class SetsThePercentage(Functions):
    """The very variable that the responder sets."""

    def does(self) -> None:
        for name in LOGINS:
            self.patiently(name, partial(self.put, name, ROLLOUT, _PERCENT))

    def undone(self) -> Iterator[str]:
        for name in self.done:
            if (found := self.variables(name)[ROLLOUT]) != _PERCENT:
                yield f"{name} is at {found}"


class RaisesTheMemory(Functions):
    """Another setting of the same configuration."""

    touches = ("MemorySize",)

    def does(self) -> None:
        for name in LOGINS:
            self.patiently(name, partial(self.write, name, MemorySize=_MEMORY))

    def undone(self) -> Iterator[str]:
        for name in self.done:
            if (found := self.configuration(name)["MemorySize"]) != _MEMORY:
                yield f"{name} has {found} MB"


class _Table(Person):
    def table(self) -> Json:
        found: Json = self.aws.client("dynamodb").describe_table(TableName=TABLE)["Table"]
        return found

    def billing(self) -> str:
        return str(self.table().get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"))

    def update(self, **setting: Any) -> None:
        self.aws.client("dynamodb").update_table(TableName=TABLE, **setting)


class SwitchesTheTable(_Table):
    """To on-demand, himself, where it is not."""

    lasts = False

    def does(self) -> None:
        if self.billing() == "PROVISIONED":
            self.patiently(TABLE, lambda: self.update(BillingMode="PAY_PER_REQUEST"))

    def undone(self) -> Iterator[str]:
        if self.done and self.table()["BillingModeSummary"]["BillingMode"] != "PAY_PER_REQUEST":
            yield "the table is not on demand any more"


class RaisesTheThroughput(_Table):
    """Of the table and its index."""

    def does(self) -> None:
        units = {"ReadCapacityUnits": _UNITS, "WriteCapacityUnits": _UNITS}
        index = {"Update": {"IndexName": INDEX, "ProvisionedThroughput": units}}
        if self.billing() == "PROVISIONED":
            more = {"ProvisionedThroughput": units, "GlobalSecondaryIndexUpdates": [index]}
            self.patiently(TABLE, lambda: self.update(**more))

    def undone(self) -> Iterator[str]:
        """Only by a table that is on demand, where there is no throughput to lose."""
        units = self.table()["ProvisionedThroughput"]["WriteCapacityUnits"]
        if self.done and self.billing() == "PROVISIONED" and units != _UNITS:
            yield f"the table has {units} units"
