"""How the alarms that should be there are defined; each playbook says so of its own.

Source of the service's: the manual's CloudWatchアラーム一覧, in the form in which the service's own stack
deploys it; of ours and the corrected ones: this stack's template (a test holds both equal).
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from responder.core.deployed_alarm import WatchedMetric
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.metric_ranges import ABOVE, Yields
from responder.core.modes import Severity
from responder.core.settings import CORRECTED, Settings

LIST = "CloudWatchアラーム一覧"


class AlarmOwner(StrEnum):
    """Whose alarm it is, and so who mends it."""

    TABLE = "table"  # the service's, in the manual's table
    EXTRA = "extra"  # the service's, in no row of it
    OURS = "ours"
    CORRECTED = "corrected"


@frozen
class ExpectedAlarm:
    """One alarm that should be there.

    Attributes:
        correctable: this stack offers a corrected version of it.
        yields: what its metric math comes to, where that has bounds.
        parameter: of this stack, which is its threshold.
    """

    name: str
    kind: AlarmOwner
    severity: Severity
    watch: WatchedMetric
    correctable: bool = False
    chapter: str = LIST
    yields: Yields | None = None
    parameter: str = ""

    @property
    def corrected(self) -> str:
        """Name of its corrected version."""
        return f"{self.name}{CORRECTED}"


@frozen
class Correction:
    """The alarm of this stack that measures what a deployed one only seems to.

    Attributes:
        watch: what it watches; a number that is a parameter is `#`.
        parameter: of this stack, which is its threshold.
        yields: what its metric math comes to, where that has bounds.
    """

    watch: Callable[[Settings], WatchedMetric]
    parameter: str
    yields: Yields | None = None


@frozen
class Definition:
    """How the alarm of a playbook is to be defined. `watch`, `yields`, `parameter`: as of a `Correction`.

    Attributes:
        chapter: of the manual, where the alarm or what it is about is described.
    """

    kind: AlarmOwner
    watch: Callable[[Settings], WatchedMetric]
    chapter: str = LIST
    yields: Yields | None = None
    parameter: str = ""
    correction: Correction | None = None


@frozen
class Audited:
    """An alarm that has a playbook. `name`: its default."""

    slug: str
    name: str
    severity: Severity
    definition: Definition

    def expected(self, settings: Settings, names: Mapping[str, str]) -> ExpectedAlarm:
        """`names`: alarm names by slug, where they are not the defaults."""
        told = self.definition
        return ExpectedAlarm(
            names.get(self.slug, self.name),
            told.kind,
            self.severity,
            told.watch(settings),
            told.correction is not None,
            told.chapter,
            told.yields,
            told.parameter,
        )

    def corrected(self, settings: Settings, names: Mapping[str, str]) -> ExpectedAlarm | None:
        """Its corrected version, where there is one."""
        better = self.definition.correction
        if better is None:
            return None
        return ExpectedAlarm(
            f"{names.get(self.slug, self.name)}{CORRECTED}",
            AlarmOwner.CORRECTED,
            self.severity,
            better.watch(settings),
            yields=better.yields,
            parameter=better.parameter,
        )


def of_service(
    metric: str, statistic: str, threshold: float, datapoints: int = 1, comparison: str = ABOVE
) -> Callable[[Settings], WatchedMetric]:
    """One of the service's own metrics, in periods of five minutes."""
    return lambda settings: WatchedMetric(
        comparison, threshold, settings.namespace, metric, (), statistic, 300, datapoints, datapoints
    )


def of_function(
    which: LivenessFunction, metric: str, statistic: str, threshold: float, datapoints: int = 1
) -> Callable[[Settings], WatchedMetric]:
    """A metric of Lambda about one function, in periods of five minutes."""
    return lambda settings: WatchedMetric(
        ABOVE,
        threshold,
        "AWS/Lambda",
        metric,
        (("FunctionName", which.function(settings)),),
        statistic,
        300,
        datapoints,
        datapoints,
    )
