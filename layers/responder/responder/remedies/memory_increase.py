"""More memory, and with it more CPU. Stays; the next deployment may undo it."""

from responder.core.change import Change, Plan
from responder.core.context import Context
from responder.core.frozen import frozen
from responder.core.permissions import Permissions, to_configure
from responder.core.remedy import RemedyName
from responder.remedies import OneFunction
from responder.remedies.engine.function_setting import FunctionSetting, planned
from responder.remedies.engine.functions import NumericSetting

_MEMORY = NumericSetting("MemorySize")


@frozen
class MemoryIncrease(OneFunction, FunctionSetting):
    """More memory for one of the two liveness functions."""

    name: RemedyName = RemedyName.MEMORY_INCREASE

    def needs(self) -> Permissions:
        """Rights on its function."""
        return to_configure(self.function.arn, "raise the memory, once approved")

    def managed(self, change: Change) -> NumericSetting:
        """The memory."""
        return _MEMORY

    def prepare(self, context: Context) -> Plan:
        """At least as much as the settings ask for."""
        name = self.function.deployed_name(context.settings)
        return planned(context, name, _MEMORY, str(context.settings.memory_size), {name: ()})
