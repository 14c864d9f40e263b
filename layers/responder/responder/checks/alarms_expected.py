"""The alarms that should be there: the manual's eight, the ninth, and ours.

Source of the nine: the manual's CloudWatchアラーム一覧, in the form in which the service's own stack
deploys it; of ours and the corrected ones: this stack's template (a test holds both equal).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from responder.checks.alarms_deployed import Watch
from responder.checks.alarms_range import ABOVE, BELOW, Yields
from responder.mode import Severity
from responder.settings import CORRECTED, Settings

LIST = "CloudWatchアラーム一覧"


class Kind(StrEnum):
    """Whose alarm it is, and so who mends it."""

    TABLE = "table"  # the service's, in the manual's table
    EXTRA = "extra"  # the service's, in no row of it
    OURS = "ours"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Expected:
    """One alarm that should be there.

    Attributes:
        correctable: this stack offers a corrected version of it.
        yields: what its metric math comes to, where that has bounds.
        parameter: of this stack, which is its threshold.
    """

    name: str
    kind: Kind
    severity: Severity
    watch: Watch
    correctable: bool = False
    chapter: str = LIST
    yields: Yields | None = None
    parameter: str = ""

    @property
    def corrected(self) -> str:
        """Name of its corrected version."""
        return f"{self.name}{CORRECTED}"


@dataclass(frozen=True, slots=True)
class _Row:
    slug: str
    name: str
    metric: str
    statistic: str
    threshold: float
    datapoints: int = 1
    comparison: str = ABOVE
    create: bool = False
    high: bool = True
    correctable: bool = False

    def expected(self, settings: Settings, names: Mapping[str, str]) -> Expected:
        own = self.name.startswith("FaceAuth-Liveness-")
        function = settings.create_function if self.create else settings.result_function
        watch = Watch(
            namespace=settings.namespace if own else "AWS/Lambda",
            metric=self.metric,
            dimensions=() if own else (("FunctionName", function),),
            statistic=self.statistic,
            threshold=self.threshold,
            comparison=self.comparison,
            period=300,
            evaluated=self.datapoints,
            datapoints=self.datapoints,
        )
        kind = Kind.EXTRA if self.slug == "session-creation-errors" else Kind.TABLE
        severity = Severity.HIGH if self.high else Severity.MEDIUM
        return Expected(names.get(self.slug, self.name), kind, severity, watch, self.correctable)


_L, _C, _G = "FaceAuth-Liveness-", "FaceAuth-CreateLivenessSession-", "FaceAuth-GetLivenessResult-"
_ROWS = (
    _Row("low-success-rate", f"{_L}LowSuccessRate", "SuccessCount", "Sum", 0.95, 2, BELOW, correctable=True),
    _Row("low-confidence", f"{_L}LowConfidence", "ConfidenceScore", "Average", 92, 2, BELOW, high=False),
    _Row(
        "slow-verification",
        f"{_L}SlowVerification",
        "VerificationTime",
        "Average",
        30,
        2,
        high=False,
        correctable=True,
    ),
    _Row("high-error-rate", f"{_L}HighErrorRate", "VerificationError", "Sum", 10, correctable=True),
    _Row("session-creation-errors", f"{_L}SessionCreationErrors", "SessionCreationError", "Sum", 5),
    _Row("create-session-errors", f"{_C}Errors", "Errors", "Sum", 5, create=True),
    _Row("get-result-errors", f"{_G}Errors", "Errors", "Sum", 5),
    _Row(
        "create-session-timeouts",
        f"{_C}Timeouts",
        "Duration",
        "Average",
        9000,
        2,
        create=True,
        high=False,
        correctable=True,
    ),
    _Row(
        "get-result-timeouts", f"{_G}Timeouts", "Duration", "Average", 14000, 2, high=False, correctable=True
    ),
)


def service_alarms(settings: Settings, names: Mapping[str, str]) -> tuple[Expected, ...]:
    """The nine of the service's own stack. `names`: alarm names by slug, where they are not the defaults."""
    return tuple(row.expected(settings, names) for row in _ROWS)
