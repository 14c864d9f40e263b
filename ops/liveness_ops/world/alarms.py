"""The nine alarms as the FaceAuth stack deploys them, and one that nobody foresaw."""

from dataclasses import dataclass
from typing import Any

from liveness_ops.world.names import CREATE, NAMESPACE, RESULT


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


_PREFIX = "FaceAuth-Liveness-"
ALARMS = (
    Deployed(f"{_PREFIX}LowSuccessRate", "SuccessCount", "Sum", 0.95, 2, above=False),
    Deployed(f"{_PREFIX}LowConfidence", "ConfidenceScore", "Average", 92, 2, above=False),
    Deployed(f"{_PREFIX}SlowVerification", "VerificationTime", "Average", 30, 2),
    Deployed(f"{_PREFIX}HighErrorRate", "VerificationError", "Sum", 10, 1),
    Deployed(f"{_PREFIX}SessionCreationErrors", "SessionCreationError", "Sum", 5, 1),
    Deployed(f"{CREATE}-Errors", "Errors", "Sum", 5, 1, function=CREATE),
    Deployed(f"{RESULT}-Errors", "Errors", "Sum", 5, 1, function=RESULT),
    Deployed(f"{CREATE}-Timeouts", "Duration", "Average", 9000, 2, function=CREATE),
    Deployed(f"{RESULT}-Timeouts", "Duration", "Average", 14000, 2, function=RESULT),
    Deployed("FaceAuth-Something-New", "SessionExpired", "Sum", 50, 1),
)
