"""Keep environments warm on the alias that really receives the traffic."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from responder.core.change import Change, Obstacles, Plan, Status
from responder.core.context import Context, Gateway
from responder.core.errors import AwsError, Missing
from responder.core.frozen import frozen
from responder.core.permissions import ANY, Permission, Permissions, qualified
from responder.core.plain_data import Data
from responder.core.reasons import ExplainedReason, FailureKind, Obstacle
from responder.core.remedy import RemedyName
from responder.remedies import OneFunction
from responder.remedies.engine.functions import LATEST, Alias, alias_of, listed, requests_through, scaled
from responder.remedies.engine.single_target import SingleTarget, TargetAccess
from responder.remedies.engine.write import unreadable

_WHY = "the remedy itself; costs money until it is reverted"
KEEP_UNRESERVED = 100


@frozen
class Allocation:
    """Provisioned concurrency of one alias; `requested` is 0 where there is none."""

    requested: int
    status: str = "READY"
    reason: str = "-"
    modified: datetime | None = None

    @property
    def pending(self) -> bool:
        """AWS works on it."""
        return self.status == "IN_PROGRESS"

    @classmethod
    def of(cls, answer: Data) -> "Allocation":
        """The state in an answer of AWS; of the reason only its leading word in capitals, never the text."""
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
    """Accepted immediately, READY after minutes; `target` is `function:alias`."""
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


@frozen
class ProvisionedConcurrency(OneFunction, SingleTarget[Allocation]):
    """Provisioned concurrency for one of the two liveness functions."""

    name: RemedyName = RemedyName.PROVISIONED_CONCURRENCY

    def needs(self) -> Permissions:
        """Reads of the function and the account; the write only on its aliases and versions."""
        arn, aliases = self.function.arn, qualified(self.function.arn)
        return (
            Permission("lambda:GetFunctionConfiguration", arn),
            Permission("lambda:ListAliases", arn),
            Permission("lambda:GetFunctionConcurrency", arn),
            Permission("lambda:GetAccountSettings", ANY),
            Permission("application-autoscaling:DescribeScalableTargets", ANY),
            Permission("cloudwatch:GetMetricData", ANY),
            Permission("lambda:GetProvisionedConcurrencyConfig", aliases),
            Permission("lambda:PutProvisionedConcurrencyConfig", aliases, _WHY),
            Permission("lambda:DeleteProvisionedConcurrencyConfig", aliases, "revert the remedy"),
        )

    def prepare(self, context: Context) -> Plan:
        """Plan it for the alias that is used; without one it would only cost money."""
        name = self.function.deployed_name(context.settings)
        try:
            return _plan(context, name, context.settings.provisioned_concurrency)
        except AwsError as error:
            return Plan(name, (), obstacles=(unreadable(name, error),))

    def access(self, context: Context, target: str, snapshot: Data) -> TargetAccess[Allocation]:
        """See `allocated`."""
        return allocated(context.aws, target)


def _plan(context: Context, function: str, wanted: int) -> Plan:
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
        snap_start = configuration.result().get("SnapStart", {}).get("ApplyOn") == "PublishedVersions"
        unreserved = int(account.result()["AccountLimit"]["UnreservedConcurrentExecutions"])
        reserved: int | None = concurrency.result().get("ReservedConcurrentExecutions")
        by_policy = f"function:{function}:{busiest}" in {each["ResourceId"] for each in targets.result()}
        if busiest is None:
            return Plan(function, (), obstacles=(Obstacle.NO_ALIAS(target=function),))
        now = found[busiest].result()
    # With a reservation it comes out of that, not out of what others share.
    full = reserved is None and unreserved - (wanted - now.requested) < KEEP_UNRESERVED
    alias = alias_of(names[busiest])
    checks = {
        Obstacle.ALIAS_UNPUBLISHED: alias.version == LATEST,
        Obstacle.ALIAS_WEIGHTED: alias.weighted,
        Obstacle.ALIAS_UNUSED: used[busiest] == 0,
        Obstacle.SCALED_BY_POLICY: by_policy,
        Obstacle.SNAP_START: snap_start,
        Obstacle.ACCOUNT_FULL: full,
        Obstacle.RESERVED_TOO_LOW: reserved is not None and reserved < wanted,
    }
    values = {"wanted": wanted, "left": unreserved, "keep": KEEP_UNRESERVED, "reserved": reserved or 0}
    about = {"target": function, "alias": alias.name}
    against = tuple(kind(**about, **values) for kind, holds in checks.items() if holds)
    return _change(function, alias, now, wanted, against)


def _change(
    function: str,
    alias: Alias,
    now: Allocation,
    wanted: int,
    against: Obstacles,
) -> Plan:
    met, target = now.requested >= wanted, f"{function}:{alias.name}"
    after = str(now.requested if met else wanted)
    status = Status.ALREADY if met else Status.PLANNED
    return Plan(
        function,
        (Change(target, "ProvisionedConcurrency", str(now.requested), after, status),),
        {"alias": alias.name, "old": now.requested},
        () if met else against,
        Obstacle.IN_FLIGHT(target=target) if now.pending and not met else None,
        modified={} if now.modified is None else {target: now.modified},
    )
