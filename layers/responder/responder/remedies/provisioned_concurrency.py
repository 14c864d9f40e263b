"""Keep environments warm on the alias that really receives the traffic."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from responder.core.change import Change, Plan, Status
from responder.core.context import Context, Gateway
from responder.core.errors import AwsError, Missing
from responder.core.frozen import frozen
from responder.core.permissions import ANY, Permission, qualified
from responder.core.reasons import ExplainedReason, FailureKind, Obstacle
from responder.core.remedy import RemedyName
from responder.remedies.base import OneFunction
from responder.remedies.engine.functions import LATEST, Alias, alias_of, listed, requests_through, scaled
from responder.remedies.engine.single_target import SingleTarget, TargetAccess
from responder.remedies.engine.write import unreadable


@frozen
class Allocation:
    """As it is now; `requested` is 0 where there is none."""

    requested: int
    status: str = "READY"
    reason: str = "-"
    modified: datetime | None = None

    @property
    def pending(self) -> bool:
        """AWS works on it."""
        return self.status == "IN_PROGRESS"

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> "Allocation":
        """From an answer of AWS; of the reason only its leading word of capitals, never the text."""
        word = re.match(r"[A-Z][A-Z_]+\b", str(answer.get("StatusReason", "")))
        at = answer.get("LastModified")
        return cls(
            int(answer["RequestedProvisionedConcurrentExecutions"]),
            str(answer["Status"]),
            word[0] if word else "-",
            datetime.fromisoformat(at).astimezone(UTC) if at else None,
        )


def allocation(aws: Gateway, function: str, alias: str) -> Allocation:
    """Read it; raises our errors."""
    try:
        where = {"FunctionName": function, "Qualifier": alias}
        return Allocation.of(aws.call("lambda", "get_provisioned_concurrency_config", **where))
    except Missing:
        return Allocation(0)


def allocated(aws: Gateway, target: str) -> TargetAccess[Allocation]:
    """`target` is `function:alias`."""
    function, alias = target.rsplit(":", 1)
    where = {"FunctionName": function, "Qualifier": alias}

    def write(wanted: str, _: Allocation) -> Allocation:
        if wanted == "0":
            aws.call("lambda", "delete_provisioned_concurrency_config", **where)
            return Allocation(0)
        asked = {**where, "ProvisionedConcurrentExecutions": int(wanted)}
        return Allocation.of(aws.call("lambda", "put_provisioned_concurrency_config", **asked))

    def broken(now: Allocation) -> ExplainedReason[FailureKind] | None:
        if now.status != "FAILED":
            return None
        return FailureKind.NOT_ALLOCATED(target=target, reason=now.reason)

    return TargetAccess(
        lambda: allocation(aws, function, alias),
        lambda now: str(now.requested),
        lambda now: now.pending,
        write,
        broken,
    )


_WHY = "the remedy itself; costs money until it is taken back"
KEEP_UNRESERVED = 100


@frozen
class BusyAlias:
    """What decides whether provisioned concurrency helps. `alias` is the busiest one, None where there is
    none; `requests` came through it in the last hour; `scaled`: Application Auto Scaling manages it."""

    function: str
    alias: Alias | None
    requests: float
    allocation: Allocation
    unreserved: int
    reserved: int | None
    scaled: bool
    snap_start: bool


@frozen
class ProvisionedConcurrency(OneFunction, SingleTarget[Allocation]):
    """On one of the two liveness functions."""

    name: RemedyName = RemedyName.PROVISIONED_CONCURRENCY

    def needs(self) -> tuple[Permission, ...]:
        """Reads of the function and the account; the write only on its aliases and versions."""
        function, aliases = self.which.arn, qualified(self.which.arn)
        return (
            Permission("lambda:GetFunctionConfiguration", function),
            Permission("lambda:ListAliases", function),
            Permission("lambda:GetFunctionConcurrency", function),
            Permission("lambda:GetAccountSettings", ANY),
            Permission("application-autoscaling:DescribeScalableTargets", ANY),
            Permission("cloudwatch:GetMetricData", ANY),
            Permission("lambda:GetProvisionedConcurrencyConfig", aliases),
            Permission("lambda:PutProvisionedConcurrencyConfig", aliases, _WHY),
            Permission("lambda:DeleteProvisionedConcurrencyConfig", aliases, "take the remedy back"),
        )

    def prepare(self, context: Context) -> Plan:
        """Without an alias that is used it would only cost money."""
        function = self.which.function(context.settings)
        try:
            found = _read(context, function)
        except AwsError as error:
            return Plan(function, (), obstacles=(unreadable(function, error),))
        return _plan(found, context.settings.provisioned_concurrency)

    def access(self, context: Context, target: str, snapshot: Mapping[str, Any]) -> TargetAccess[Allocation]:
        """Accepted at once, READY after minutes; `target` is `function:alias`."""
        return allocated(context.aws, target)


def _plan(found: BusyAlias, wanted: int) -> Plan:
    against = _reasons(found, wanted)
    if found.alias is None:
        return Plan(found.function, (), obstacles=against)
    now = found.allocation
    met = now.requested >= wanted
    change = Change(
        f"{found.function}:{found.alias.name}",
        "ProvisionedConcurrency",
        str(now.requested),
        str(now.requested if met else wanted),
        Status.ALREADY if met else Status.PLANNED,
    )
    return Plan(
        found.function,
        (change,),
        {"alias": found.alias.name, "old": now.requested},
        () if met else against,
        Obstacle.IN_FLIGHT(target=change.target) if now.pending and not met else None,
        modified={} if now.modified is None else {change.target: now.modified},
    )


def _read(context: Context, function: str) -> BusyAlias:
    """Two round trips deep: the metrics are asked by the alias's name."""
    aws = context.aws
    with ThreadPoolExecutor() as pool:
        aliases = pool.submit(listed, aws, "list_aliases", "Aliases", function)
        account = pool.submit(aws.call, "lambda", "get_account_settings")
        concurrency = pool.submit(aws.call, "lambda", "get_function_concurrency", FunctionName=function)
        configuration = pool.submit(aws.call, "lambda", "get_function_configuration", FunctionName=function)
        targets = pool.submit(scaled, context, "lambda")
        names = {each["Name"]: each for each in aliases.result()}
        requests = pool.submit(requests_through, context, function, list(names))
        found = {name: pool.submit(allocation, aws, function, name) for name in names}
        used = requests.result()
        busiest = max(names, key=lambda name: used[name], default=None)
        snap_start = configuration.result().get("SnapStart", {}).get("ApplyOn")
        return BusyAlias(
            function,
            alias_of(names[busiest]) if busiest is not None else None,
            used[busiest] if busiest is not None else 0.0,
            found[busiest].result() if busiest is not None else Allocation(0),
            int(account.result()["AccountLimit"]["UnreservedConcurrentExecutions"]),
            concurrency.result().get("ReservedConcurrentExecutions"),
            f"function:{function}:{busiest}" in {each["ResourceId"] for each in targets.result()},
            snap_start == "PublishedVersions",
        )


def _reasons(found: BusyAlias, wanted: int) -> tuple[ExplainedReason[Obstacle], ...]:
    """Everything that stands in the way. Pure."""
    if found.alias is None:
        return (Obstacle.NO_ALIAS(target=found.function),)
    checks: tuple[tuple[bool, Obstacle], ...] = (
        (found.alias.version == LATEST, Obstacle.ALIAS_UNPUBLISHED),
        (found.alias.weighted, Obstacle.ALIAS_WEIGHTED),
        (found.requests == 0, Obstacle.ALIAS_UNUSED),
        (found.scaled, Obstacle.SCALED_BY_POLICY),
        (found.snap_start, Obstacle.SNAP_START),
        (_full(found, wanted - found.allocation.requested), Obstacle.ACCOUNT_FULL),
        (found.reserved is not None and found.reserved < wanted, Obstacle.RESERVED_TOO_LOW),
    )
    values: dict[str, str | int] = {
        "target": found.function,
        "alias": found.alias.name,
        "wanted": wanted,
        "left": found.unreserved,
        "keep": KEEP_UNRESERVED,
        "reserved": found.reserved or 0,
    }
    return tuple(kind(**values) for holds, kind in checks if holds)


def _full(found: BusyAlias, more: int) -> bool:
    # With a reservation it comes out of that, not out of what others share.
    return found.reserved is None and found.unreserved - more < KEEP_UNRESERVED
