"""Lower the score a check must reach, for some hours: more people pass, and spoofing passes more easily.

AWS requires a human review of audit images with a lower threshold (developer guide, recommendations for Face
Liveness); a low success rate is also what an attack looks like. So two people decide, and it goes back by
itself.
"""

from dataclasses import replace
from decimal import Decimal

from responder.core.change import Change, Obstacles, Plan, Status
from responder.core.context import Context
from responder.core.frozen import frozen
from responder.core.permissions import CREATE_FUNCTION, RESULT_FUNCTION, Permissions, to_configure
from responder.core.reasons import ExplainedReason, Obstacle
from responder.core.remedy import RemedyName
from responder.remedies.engine.function_setting import FunctionSetting, planned
from responder.remedies.engine.functions import Variable, number


@frozen
class LowerThreshold(FunctionSetting):
    """The manual's 90 -> 85, on those of the two liveness functions that are known to read the variable."""

    name: RemedyName = RemedyName.LOWER_THRESHOLD
    scope: str = ""

    def needs(self) -> Permissions:
        """Rights on the two liveness functions."""
        arns = (CREATE_FUNCTION, RESULT_FUNCTION)
        purpose = "lower the confidence threshold, once two people approved"
        return tuple(right for arn in arns for right in to_configure(arn, purpose))

    def managed(self, change: Change) -> "Threshold":
        """The variable that was set then."""
        return Threshold(change.setting)

    def prepare(self, context: Context) -> Plan:
        """Plan the change for all readers or none; unless the function that judges is among them, it would
        change nothing."""
        settings = context.settings
        managed, wanted = Threshold(settings.threshold_variable), settings.lowered_threshold
        readers: dict[str, Obstacles] = {
            name: () for name in settings.functions if name in settings.threshold_readers
        }
        plan = planned(context, "liveness-threshold", managed, str(wanted), readers)
        against: list[ExplainedReason[Obstacle]] = [*plan.obstacles]
        judge = settings.result_function
        if judge not in settings.threshold_readers:
            # Facts that no API returns are declared; as FaceAuth is deployed, this one cannot be declared.
            against.insert(0, Obstacle.THRESHOLD_NOT_READ(target=judge, setting=managed.label))
        shown = []
        for change in plan.changes:
            # What is no number may be anything, a secret too.
            now = number(change.before)
            if change.status is not Status.PLANNED:
                shown += [change] if now is not None else []
                continue
            # Written as each function has it; a value that already fits stays as it is.
            latest = managed.value(plan.current[change.target].configuration) or ""
            after = latest if managed.meets(latest, str(wanted)) else _written(wanted, latest)
            about = {"target": change.target, "setting": change.setting}
            if now is None:
                against.append(Obstacle.THRESHOLD_UNREADABLE(**about))
                continue
            shown.append(replace(change, after=after))
            if not 0 < wanted < now:
                to = {"now": change.before, "wanted": str(wanted)}
                against.append(Obstacle.THRESHOLD_NOT_LOWER(target=change.target, **to))
        # Different thresholds in the functions were never approved, so never change only some of them.
        return replace(plan, changes=tuple(shown), obstacles=tuple(against), possible=())


@frozen
class Threshold(Variable):
    """A variable that is compared as a number."""

    def meets(self, value: str, wanted: str) -> bool:
        """Whether nothing has to be done. What is no number never meets it."""
        found = number(value)
        return found is not None and found == number(wanted)

    def same(self, value: str | None, other: str) -> bool:
        """`85` and `85.0` are one score."""
        return value == other or (value is not None and self.meets(value, other))


def _written(value: float, like: str) -> str:
    """With as many decimals as the value it replaces, or as many as it takes: 85.0 like `90` is `85`."""
    exact = Decimal(repr(value))
    plain = like.strip()
    places = len(plain.partition(".")[2]) if plain.replace(".", "", 1).isdecimal() else 1
    shown = f"{exact:.{places}f}"
    return shown if Decimal(shown) == exact else str(exact)
