"""What people may have done in CloudWatch to the alarm that will go off."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from liveness_ops.drill.follow import Scene
from liveness_ops.drill.kinds import SUPPRESSOR
from liveness_ops.drill.scenario import Aws
from liveness_ops.drill.words import Words


@dataclass(frozen=True, slots=True)
class ActionsDisabled:
    """Its actions are switched off: the oldest way to silence it."""

    alarm: str

    def apply(self, aws: Aws, now: datetime) -> None:
        """`aws cloudwatch disable-alarm-actions`."""
        aws.client("cloudwatch").disable_alarm_actions(AlarmNames=[self.alarm])


@dataclass(frozen=True, slots=True)
class Muted:
    """A mute rule is in force for it, for two hours from an hour ago."""

    alarm: str
    rule: str = "release-night"

    def apply(self, aws: Aws, now: datetime) -> None:
        """Make the rule."""
        begun = now - timedelta(hours=1)
        aws.client("cloudwatch").put_alarm_mute_rule(
            Name=self.rule,
            Rule={"Schedule": {"Expression": f"at({begun:%Y-%m-%dT%H:%M})", "Duration": "PT2H"}},
            MuteTargets={"AlarmNames": [self.alarm]},
        )


@dataclass(frozen=True, slots=True)
class Maintenance:
    """The alarm that suppresses the composite one is raised."""

    def apply(self, aws: Aws, now: datetime) -> None:
        """Raise it."""
        _maintenance(aws, "ALARM")


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """CloudWatch cannot evaluate the alarm as it should."""

    alarm: str
    state: str

    def apply(self, aws: Aws, now: datetime) -> None:
        """Say so."""
        aws.alarm_evaluation(self.alarm, self.state)


@dataclass(frozen=True, slots=True)
class MaintenanceEnds:
    """Nothing suppresses the composite alarm any more: it tells its state once more."""

    words: ClassVar[Words] = Words(
        "メンテナンスが終わり、抑制が解除される", "Maintenance is over: nothing is suppressed"
    )
    lasts: ClassVar[float] = 0

    def happen(self, scene: Scene) -> None:
        """As CloudWatch does it."""
        _maintenance(scene.aws, "OK")


def _maintenance(aws: Aws, state: str) -> None:
    aws.client("cloudwatch").set_alarm_state(
        AlarmName=SUPPRESSOR, StateValue=state, StateReason="maintenance"
    )
