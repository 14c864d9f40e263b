"""The alarms as the FaceAuth stack deploys them, and one without a playbook."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rehearsal.world.names import NAMESPACE
from responder.core.expected_alarms import AlarmOwner
from responder.core.metric_ranges import BELOW
from responder.core.settings import Settings
from responder.respond.playbook import PLAYBOOKS


@dataclass(frozen=True, slots=True)
class Deployed:
    """Threshold, comparison and datapoints of one alarm; periods of 5 minutes, no action."""

    name: str
    metric: str
    statistic: str
    threshold: float
    datapoints: int
    above: bool = True
    function: str = ""

    @property
    def namespace(self) -> str:
        """Alarms on a function watch Lambda's own metrics."""
        return "AWS/Lambda" if self.function else NAMESPACE

    def request(self) -> dict[str, Any]:
        """Arguments of PutMetricAlarm."""
        sign = "GreaterThanThreshold" if self.above else "LessThanThreshold"
        return {
            "AlarmName": self.name,
            "AlarmDescription": f"FaceAuth: {self.metric}",
            "Namespace": self.namespace,
            "MetricName": self.metric,
            "Statistic": self.statistic,
            "Dimensions": [{"Name": "FunctionName", "Value": self.function}] if self.function else [],
            "Period": 300,
            "EvaluationPeriods": self.datapoints,
            "DatapointsToAlarm": self.datapoints,
            "Threshold": self.threshold,
            "ComparisonOperator": sign,
            "TreatMissingData": "notBreaching",
        }


def _of_service() -> Iterator[Deployed]:
    for playbook in PLAYBOOKS.values():
        definition = playbook.definition
        if definition is not None and definition.kind is not AlarmOwner.OURS:
            watch = definition.watch(Settings())
            yield Deployed(
                playbook.alarm,
                watch.metric,
                watch.statistic,
                float(watch.threshold or 0),
                watch.datapoints,
                watch.comparison != BELOW,
                dict(watch.dimensions).get("FunctionName", ""),
            )


ALARMS = (*_of_service(), Deployed("FaceAuth-Something-New", "SessionExpired", "Sum", 50, 1))
