"""More memory, and with it more CPU. Stays; the next deployment may undo it."""

from dataclasses import dataclass

from responder.change import Change, Plan
from responder.context import Context
from responder.permissions import Permission, to_configure
from responder.remedies.base import OneFunction
from responder.remedies.engine.function_setting import FunctionSetting, planned
from responder.remedies.engine.managed import NumericSetting
from responder.remedy import RemedyName

_MEMORY = NumericSetting("MemorySize")


@dataclass(frozen=True, slots=True)
class MemoryIncrease(OneFunction, FunctionSetting):
    """On one of the two liveness functions."""

    name: RemedyName = RemedyName.MEMORY_INCREASE

    def needs(self) -> tuple[Permission, ...]:
        """Rights on its function."""
        return to_configure(self.which.arn, "raise the memory, once approved")

    def managed(self, change: Change) -> NumericSetting:
        """The memory."""
        return _MEMORY

    def prepare(self, context: Context) -> Plan:
        """At least as much as the settings ask for."""
        function = self.which.function(context.settings)
        return planned(context, function, _MEMORY, str(context.settings.memory_size), {function: ()})
