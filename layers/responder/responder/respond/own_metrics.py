"""The automation's own metrics, written to the log in CloudWatch's embedded metric format.

A metric must never be the reason why an answer fails: nothing here raises.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from responder.core.log import log
from responder.core.refusals import Refusal
from responder.core.settings import Settings
from responder.core.verdict import Outcome
from responder.followup_rules import Duty, DutyKind, FollowUpMemory, Observation

NAMESPACE = "LivenessResponder"
# Dimensions have few values: never an id, never free text.
_VALUE = re.compile(r"[A-Za-z0-9_.-]{1,40}")


class OwnMetric(StrEnum):
    """Names in CloudWatch. Times are seconds, the others counts."""

    TIME_TO_MESSAGE = "TimeToMessage"  # the alarm's state change until on-call was notified
    TIME_TO_MITIGATION = "TimeToMitigation"  # the first ALARM until the alarm was calm the first time
    TIME_TO_RECOVERY = "TimeToRecovery"  # the first ALARM until the calm that traffic proved
    APPLIED = "Applied"
    REFUSED = "Refused"  # also by Reason
    INEFFECTIVE = "Ineffective"
    ESCALATIONS = "Escalations"  # also by Level
    CLOSED_BY_HAND = "ClosedByHand"  # a person closed the incident; its times are none of recovery
    UNSENT = "Unsent"  # failed events that Lambda could not send on; written only where there are some
    OPEN_INCIDENTS = "OpenIncidents"  # by each round of the watchdog: its alarm counts them

    @property
    def unit(self) -> str:
        """The unit by CloudWatch's name."""
        return "Seconds" if self.startswith("TimeTo") else "Count"


def measure(settings: Settings, metric: OwnMetric, value: float = 1, **dimensions: str) -> None:
    """One value, by the dimension Stack; with further dimensions once more by all of them."""
    try:
        # Not needed before the mitigating call, so not loaded before it.
        from aws_lambda_powertools.metrics import EphemeralMetrics

        # An empty service keeps the dimension of that name out, whatever the environment says.
        sheet = EphemeralMetrics(namespace=NAMESPACE, service="")
        sheet.add_metric(metric.value, metric.unit, value)
        sheet.add_dimension("Stack", settings.stack)
        if dimensions:
            plain = {name: each if _VALUE.fullmatch(each) else "other" for name, each in dimensions.items()}
            sheet.add_dimensions(Stack=settings.stack, **plain)
        sheet.flush_metrics()
    except Exception as error:
        log().warning("a metric was not written", extra={"metric": metric, "kind": type(error).__name__})


def answered(
    settings: Settings, change_at: datetime | None, now: datetime, outcomes: Iterable[Outcome]
) -> None:
    """Count a response once it was reported as news; what is reported again is not counted again.

    `change_at`: the alarm's state change (UTC), None for a command. `now`: when it was reported, not when the
    response began.
    """
    if change_at is not None:
        measure(settings, OwnMetric.TIME_TO_MESSAGE, max(0.0, (now - change_at).total_seconds()))
    for each in outcomes:
        if each.result.acted:
            measure(settings, OwnMetric.APPLIED)
        elif each.result.declined:
            kind = each.because.kind if each.because else None
            reason = kind.word if isinstance(kind, Refusal) else kind.value if kind else "none"
            measure(settings, OwnMetric.REFUSED, Reason=reason)


def followed(settings: Settings, duty: Duty, seen: Observation, watch: FollowUpMemory) -> None:
    """After a duty of the follow-up was done. `watch` as it was before it is recorded as done."""
    if duty.task is DutyKind.ESCALATE:
        measure(settings, OwnMetric.ESCALATIONS, Level=duty.key)
    if duty.task is DutyKind.JUDGE and not duty.data.get("helped"):
        measure(settings, OwnMetric.INEFFECTIVE)
    if duty.task is DutyKind.CLOSE and duty.data.get("by"):
        measure(settings, OwnMetric.CLOSED_BY_HAND)
        return
    times = (
        (OwnMetric.TIME_TO_MITIGATION, DutyKind.MITIGATED, watch.mitigated),
        (OwnMetric.TIME_TO_RECOVERY, DutyKind.RECOVERED, watch.recovered),
    )
    for metric, reports, reached in times:
        first = not any(key.startswith(reports) for key in watch.reported)
        if duty.task in (reports, DutyKind.CLOSE) and first and reached is not None:
            measure(settings, metric, max(0.0, (reached - seen.opened).total_seconds()))


def beat(settings: Settings, open_incidents: int) -> None:
    """Count a round of the watchdog that could read what it checks."""
    measure(settings, OwnMetric.OPEN_INCIDENTS, open_incidents)
