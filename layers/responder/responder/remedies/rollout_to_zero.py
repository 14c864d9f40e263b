"""Take users off the liveness check: the rollout percentage of all four functions to 0.

Logins fall back to DetectFaces: available again, but open to photo and video spoofing.
"""

from dataclasses import replace

from responder.core.change import Change, Lease, LeaseState, Plan, unreleased
from responder.core.context import Context
from responder.core.errors import AwsError, Refused
from responder.core.frozen import frozen
from responder.core.permissions import ROLLOUT_FUNCTIONS, Permissions, to_configure
from responder.core.plain_data import Data
from responder.core.reasons import ExplainedReason, Obstacle
from responder.core.remedy import RemedyName
from responder.remedies.engine.function_setting import FunctionSetting, planned
from responder.remedies.engine.functions import Alias, FunctionNow, Variable, old_value

_OFF = "0"
_ALL = 100


@frozen
class RolloutToZero(FunctionSetting):
    """The migration guide's emergency rollback: all functions that read the switch, or none."""

    name: RemedyName = RemedyName.ROLLOUT_TO_ZERO
    scope: str = ""

    def needs(self) -> Permissions:
        """Rights on the four functions."""
        return tuple(
            right for arn in ROLLOUT_FUNCTIONS for right in to_configure(arn, "set the rollout to 0")
        )

    def managed(self, change: Change) -> Variable:
        """The switch that was set then."""
        return Variable(change.setting)

    def prepare(self, context: Context) -> Plan:
        """One function with an obstacle stops all: a rollback of three leaves a mixed system."""
        settings = context.settings
        variable = settings.rollout_variable
        targets = {
            name: ()
            if name in settings.rollout_readers
            else (Obstacle.NOT_A_READER(target=name, setting=variable),)
            for name in settings.rollout_functions
        }
        found = planned(context, "liveness-rollout", Variable(variable), _OFF, targets)
        return found if targets else replace(found, obstacles=(Obstacle.NO_TARGETS(),))

    def is_back(self, change: Change, old: str) -> bool:
        """The old value again, unless that is what the remedy sets."""
        return change.after == old != _OFF

    def spares(self, lease: Lease, change: Change, alias: Alias) -> bool:
        """During a revert, an alias that serves more than the step already."""
        return lease.state is LeaseState.REVERTING and _serves_more(change, change.after, alias)

    def step_obstacle(
        self, change: Change, wanted: str, now: FunctionNow | AwsError
    ) -> ExplainedReason[Obstacle] | None:
        """An alias that never got our value, or that a person has moved, may serve more than the step."""
        for alias in () if isinstance(now, AwsError) else now.released:
            if _serves_more(change, wanted, alias):
                served = Variable(change.setting).value(alias.served) or ""
                about = {"target": change.target, "alias": alias.name, "setting": change.setting}
                return Obstacle.ALIAS_SERVES_MORE(**about, now=served, wanted=wanted)
        return None

    def restored(self, lease: Lease, wanted: Data) -> dict[str, str]:
        """The old value, or with `{"percent": N}` the step towards it; never above the old value."""
        percent = wanted.get("percent")
        if percent is not None and (not str(percent).isdecimal() or int(percent) > _ALL):
            raise Refused(Obstacle.NO_PERCENTAGE())

        def value(old: str) -> str:
            if percent is None:
                return old
            return str(min(int(percent), int(old))) if old.isdecimal() else str(int(percent))

        targets = (change.target for change in lease.changes)
        return {target: value(old_value(lease.snapshot, target)) for target in targets}


def _serves_more(change: Change, wanted: str, alias: Alias) -> bool:
    """Than `wanted`, and what is neither the change's value nor, during its revert, the one before."""
    served = Variable(change.setting).value(alias.served) or ""
    moving = wanted == change.after and not unreleased(change)
    ours = (change.after, change.before) if moving else (change.after,)
    return served.isdecimal() and wanted.isdecimal() and served not in ours and int(served) > int(wanted)
