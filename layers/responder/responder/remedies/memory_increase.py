"""More memory, and with it more CPU. Stays; the next deployment may undo it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from responder.change import Change, Plan
from responder.context import Context
from responder.permissions import Permission
from responder.remedies.base import OneFunction
from responder.remedies.engine.function_setting import FunctionSetting, planned, to_configure
from responder.remedies.engine.managed import settings_of
from responder.remedy import RemedyName


@dataclass(frozen=True, slots=True)
class MemoryIncrease(OneFunction, FunctionSetting):
    """On one of the two liveness functions."""

    name: RemedyName = RemedyName.MEMORY_INCREASE

    def needs(self) -> tuple[Permission, ...]:
        """Rights on its function."""
        return to_configure(self.which.arn, "raise the memory, once approved")

    def managed(self, change: Change) -> "Memory":
        """The memory."""
        return Memory()

    def prepare(self, context: Context) -> Plan:
        """The same reads and obstacles as for a variable."""
        function = self.which.function(context.settings)
        return planned(context, function, Memory(), str(context.settings.memory_size), {function: ()})


@dataclass(frozen=True, slots=True)
class Memory:
    """MemorySize in MB."""

    label: str = "MemorySize"

    def value(self, configuration: Mapping[str, Any]) -> str | None:
        """As it is."""
        size = configuration.get(self.label)
        return None if size is None else str(size)

    def meets(self, value: str, wanted: str) -> bool:
        """More than wanted is fine."""
        return int(value) >= int(wanted)

    def same(self, value: str | None, other: str) -> bool:
        """They are equal."""
        return value == other

    def request(self, configuration: Mapping[str, Any], wanted: str) -> dict[str, Any]:
        """Memory alone: AWS leaves what is not named as it is."""
        return {self.label: int(wanted)}

    def rest(self, configuration: Mapping[str, Any]) -> dict[str, Any]:
        """Every variable, and the other behaviour."""
        found = settings_of(configuration)
        found.pop(f".{self.label}", None)
        return found
