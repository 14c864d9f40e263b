"""How the alarms that should be there are defined; each playbook defines its own.

Source of the service's: the manual's CloudWatchアラーム一覧, in the form in which the service's own stack
deploys it; of those of this stack and the corrected ones: this stack's template (a test holds both equal).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum

from responder.core.deployed_alarm import RETURNED, WatchedMetric
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.metric_ranges import ABOVE, BELOW, FROM, Yields
from responder.core.modes import Severity
from responder.core.settings import CORRECTED, Settings

LIST = "CloudWatchアラーム一覧"


class AlarmOwner(StrEnum):
    """Who owns the alarm, and therefore who fixes it."""

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
        defined = self.definition
        return ExpectedAlarm(
            names.get(self.slug, self.name),
            defined.kind,
            self.severity,
            defined.watch(settings),
            defined.correction is not None,
            defined.chapter,
            defined.yields,
            defined.parameter,
        )

    def corrected(self, settings: Settings, names: Mapping[str, str]) -> ExpectedAlarm | None:
        """The alarm's corrected version, if any."""
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
    function: LivenessFunction, metric: str, statistic: str, threshold: float, datapoints: int = 1
) -> Callable[[Settings], WatchedMetric]:
    """A metric of Lambda about one function, in periods of five minutes."""
    return lambda settings: WatchedMetric(
        ABOVE,
        threshold,
        "AWS/Lambda",
        metric,
        (("FunctionName", function.deployed_name(settings)),),
        statistic,
        300,
        datapoints,
        datapoints,
    )


# What the alarms watch that this stack creates: its own, and the corrected versions of deployed ones.
# Thresholds and periods that are parameters are not compared: such a number is `#`, such a threshold None.


def slow_creation(settings: Settings) -> WatchedMetric:
    """More than one in ten sessions, and enough of them, open more slowly than the parameter says."""
    opening = f"{settings.namespace}/SessionCreationTime"
    return _math(
        WatchedMetric(ABOVE, 10),
        "slow=IF((opened >= #) * (share * opened / 100 > # - 0.5), share, 0)",
        f"share=PR(#:900) {opening}",
        f"opened=SampleCount {opening}",
    )


def throttled_table(settings: Settings) -> WatchedMetric:
    """Table or index turned a few calls away."""
    on, index = f"TableName={settings.sessions_table}", "GlobalSecondaryIndexName"
    return _math(
        WatchedMetric(FROM, None),
        "throttled=SUM([FILL(r, 0), FILL(w, 0), FILL(ri, 0), FILL(wi, 0)])",
        f"r=Sum AWS/DynamoDB/ReadThrottleEvents {on}",
        f"w=Sum AWS/DynamoDB/WriteThrottleEvents {on}",
        f"ri=Sum AWS/DynamoDB/ReadThrottleEvents {index} {on}",
        f"wi=Sum AWS/DynamoDB/WriteThrottleEvents {index} {on}",
    )


def denied_images(settings: Settings) -> WatchedMetric:
    """The logs have a few denied calls."""
    return WatchedMetric(FROM, None, f"LivenessResponder/{settings.stack}", "AccessDenied", statistic="Sum")


def sure_faults(settings: Settings) -> WatchedMetric:
    """The logs have a few failed requests that no caller can have caused."""
    return WatchedMetric(FROM, None, f"LivenessResponder/{settings.stack}", "SureFaults", statistic="Sum")


def throttled_function(function: LivenessFunction) -> Callable[[Settings], WatchedMetric]:
    """Lambda turned a few invocations away."""
    return lambda settings: WatchedMetric(
        FROM,
        None,
        "AWS/Lambda",
        "Throttles",
        (("FunctionName", function.deployed_name(settings)),),
        "Sum",
    )


def success_rate(settings: Settings) -> WatchedMetric:
    """Share of checks that succeeded."""
    own = settings.namespace
    return _math(
        WatchedMetric(BELOW, None),
        "rate=IF(FILL(failure, 0) >= #, 100 * FILL(success, 0) / checks, 100)",
        "checks=SUM([FILL(success, 0), FILL(failure, 0)])",
        f"success=Sum {own}/SuccessCount",
        f"failure=Sum {own}/FailureCount",
    )


def slow_result(settings: Settings) -> WatchedMetric:
    """More than one in a hundred results, and enough of them, take longer than the parameter says (in ms)."""
    duration = f"AWS/Lambda/Duration FunctionName={settings.result_function}"
    return _math(
        WatchedMetric(ABOVE, 1),
        "slow=IF(share * results / 100 > # - 0.5, share, 0)",
        f"share=PR(#:900000) {duration}",
        f"results=SampleCount {duration}",
    )


def error_rate(settings: Settings) -> WatchedMetric:
    """Share of requests that failed with an error of the service."""
    asked = {
        "errors": "VerificationError",
        "success": "SuccessCount",
        "failure": "FailureCount",
        "unknown": "SessionNotFound",
        "expired": "SessionExpired",
    }
    return _math(
        WatchedMetric(ABOVE, None),
        "rate=IF(FILL(errors, 0) >= #, 100 * errors / asked, 0)",
        f"asked=SUM([{', '.join(f'FILL({name}, 0)' for name in asked)}])",
        *(f"{name}=Sum {settings.namespace}/{metric}" for name, metric in asked.items()),
    )


def timed_out(function: LivenessFunction) -> Callable[[Settings], WatchedMetric]:
    """Runs of one function that Lambda ended, as its logs say."""
    metric = "CreateSessionTimeouts" if function is LivenessFunction.CREATE else "GetResultTimeouts"
    return lambda settings: _math(
        WatchedMetric(FROM, None),
        "ended=MAX([FILL(text, 0), FILL(json, 0)])",
        f"text=Sum LivenessResponder/{settings.stack}/{metric}InText",
        f"json=Sum LivenessResponder/{settings.stack}/{metric}InJson",
    )


def _math(watched: WatchedMetric, returned: str, *queries: str) -> WatchedMetric:
    """The first query is what the alarm watches."""
    return replace(watched, queries=tuple(sorted((f"{RETURNED}{returned}", *queries))))
