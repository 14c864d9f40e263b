"""Throttles of one function against its limit of concurrent executions."""

from dataclasses import field
from datetime import timedelta

from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.finding import Findings, Subject, Tone
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.permissions import ANY, Permission, Permissions
from responder.core.series import Series
from responder.core.text import Values, text
from responder.evidence import metrics, trail
from responder.evidence.base import Look
from responder.evidence.metrics import Metric, of_function


@frozen
class Reserved:
    """Limits on one function. `reserved` is None where nothing is reserved, 0 where it is switched off.

    `earlier`: of a function that is switched off, what was reserved before; None for nothing, or not known.
    `account`: concurrent executions of the whole account and Region; `unreserved`: what of it is shared.
    """

    function: str
    reserved: int | None
    account: int
    unreserved: int
    earlier: int | None = None


@frozen
class Running:
    """One-minute figures over 1 h: sums of throttles and invocations, maxima of concurrent executions.

    `shared`: concurrency of all functions without a reservation; `account`: of all functions.
    """

    function: str
    throttles: Series = field(default_factory=Series)
    invocations: Series = field(default_factory=Series)
    own: Series = field(default_factory=Series)
    shared: Series = field(default_factory=Series)
    account: Series = field(default_factory=Series)


_LAMBDA = "AWS/Lambda"


@frozen
class Concurrency(metrics.MetricLook):
    """Concurrent executions and throttled invocations, in the last hour."""

    KEY, SUBJECT = "concurrency", Subject.CONCURRENCY
    function: LivenessFunction

    def look(self, context: Context) -> Running:
        """Read all metrics in one request."""
        name = self.function.deployed_name(context.settings)
        asked = {
            "throttles": of_function("Throttles", "Sum", name),
            "invocations": of_function("Invocations", "Sum", name),
            "own": of_function("ConcurrentExecutions", "Maximum", name),
            "shared": Metric(_LAMBDA, "UnreservedConcurrentExecutions", "Maximum"),
            "account": Metric(_LAMBDA, "ConcurrentExecutions", "Maximum"),
        }
        return Running(name, **metrics.read(context, asked, *metrics.window(context.now, hours=1)))

    def findings(self, fact: Running, context: Context) -> Findings:
        """Turned away first; then the busiest minute."""
        recent, hour = (round(fact.throttles.since(context.ago(minutes=m)).total) for m in (15, 60))
        peaks = {name: round(getattr(fact, name).peak or 0.0) for name in ("own", "shared", "account")}
        samples = round(fact.invocations.total) + hour
        said = text("evidence.concurrency", function=fact.function, count=recent, hour=hour, calls=samples)
        tone = Tone.RED if recent else Tone.AMBER if hour else Tone.NORMAL
        details = (text("evidence.concurrency.peaks", **peaks),)
        numbers = {"throttles": float(hour), **{name: float(peak) for name, peak in peaks.items()}}
        of = ("FunctionName", fact.function)
        drawn = (_LAMBDA, "Throttles", *of), (_LAMBDA, "ConcurrentExecutions", *of)
        link = metrics.graph(context, *drawn, hours=1)
        return (self.finding(tone, said, samples, details, numbers, link, over=timedelta(hours=1)),)


@frozen
class Reservation(Look):
    """Reserved concurrency of the function and the limits of the account."""

    KEY, SUBJECT = "reservation", Subject.RESERVATION
    function: LivenessFunction

    def needs(self) -> Permissions:
        """Reading both."""
        return (
            Permission("lambda:GetFunctionConcurrency", self.function.arn),
            Permission("lambda:GetAccountSettings", ANY),
            Permission("cloudtrail:LookupEvents", ANY),
        )

    def look(self, context: Context) -> Reserved:
        """An answer without the field means that nothing is reserved. CloudTrail is asked for the earlier
        reservation of a function that is switched off."""
        name = self.function.deployed_name(context.settings)
        own = context.aws.call("lambda", "get_function_concurrency", FunctionName=name)
        limit = context.aws.call("lambda", "get_account_settings").get("AccountLimit") or {}
        return Reserved(
            name,
            own.get("ReservedConcurrentExecutions"),
            int(limit.get("ConcurrentExecutions", 0)),
            int(limit.get("UnreservedConcurrentExecutions", 0)),
            _earlier(context, name) if own.get("ReservedConcurrentExecutions") == 0 else None,
        )

    def findings(self, fact: Reserved, context: Context) -> Findings:
        """Nothing reserved, a number, or switched off."""
        values: Values = {
            "function": fact.function,
            "account": fact.account,
            "unreserved": fact.unreserved,
        }
        if fact.reserved is None:
            said = text("evidence.reservation.none", **values)
        elif fact.reserved == 0:
            said = text("evidence.reservation.off", function=fact.function)
        else:
            said = text("evidence.reservation", reserved=fact.reserved, **values)
        tone = Tone.RED if fact.reserved == 0 else Tone.INFO
        link = console_links.function(context.settings.region, fact.function, "configure")
        return (self.finding(tone, said, link=link),)


def _earlier(context: Context, function: str) -> int | None:
    """The last reservation that was not 0. Without an answer of CloudTrail it is unknown."""
    try:
        known = trail.reservations(context, function)
        return next((each for each in known if each != 0), None)
    except AwsError:
        return None
