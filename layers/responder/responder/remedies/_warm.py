"""Whether provisioned concurrency would help a function, and has room."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from responder.context import Context
from responder.explained import Explained
from responder.obstacle import Obstacle
from responder.remedies._allocation import Allocation, allocation
from responder.remedies._functions import LATEST, Alias, alias_of
from responder.remedies._scaling import scaled
from responder.remedies._traffic import requests_through

KEEP_UNRESERVED = 100


@dataclass(frozen=True, slots=True)
class Warm:
    """`alias` is the busiest one; None where there is none. `requests` came through it in the last hour."""

    function: str
    alias: Alias | None
    requests: float
    allocation: Allocation
    unreserved: int
    reserved: int | None
    managed: bool
    snap_start: bool


def look(context: Context, function: str) -> Warm:
    """Two round trips deep: the metrics are asked by the alias's name."""
    aws = context.aws
    with ThreadPoolExecutor() as pool:
        aliases = pool.submit(lambda: list(aws.pages("lambda", "list_aliases", FunctionName=function)))
        account = pool.submit(aws.call, "lambda", "get_account_settings")
        concurrency = pool.submit(aws.call, "lambda", "get_function_concurrency", FunctionName=function)
        configuration = pool.submit(aws.call, "lambda", "get_function_configuration", FunctionName=function)
        targets = pool.submit(scaled, context, "lambda")
        names = {each["Name"]: each for page in aliases.result() for each in page["Aliases"]}
        requests = pool.submit(requests_through, context, function, list(names))
        found = {name: pool.submit(allocation, aws, function, name) for name in names}
        used = requests.result()
        busiest = max(names, key=lambda name: used[name], default=None)
        snap_start = configuration.result().get("SnapStart", {}).get("ApplyOn")
        return Warm(
            function,
            alias_of(names[busiest]) if busiest is not None else None,
            used[busiest] if busiest is not None else 0.0,
            found[busiest].result() if busiest is not None else Allocation(0),
            int(account.result()["AccountLimit"]["UnreservedConcurrentExecutions"]),
            concurrency.result().get("ReservedConcurrentExecutions"),
            f"function:{function}:{busiest}" in {each["ResourceId"] for each in targets.result()},
            snap_start == "PublishedVersions",
        )


def reasons(warm: Warm, wanted: int) -> tuple[Explained[Obstacle], ...]:
    """Everything that stands in the way. Pure."""
    if warm.alias is None:
        return (Obstacle.NO_ALIAS(target=warm.function),)
    checks: tuple[tuple[bool, Obstacle], ...] = (
        (warm.alias.version == LATEST, Obstacle.ALIAS_UNPUBLISHED),
        (warm.alias.weighted, Obstacle.ALIAS_WEIGHTED),
        (warm.requests == 0, Obstacle.ALIAS_UNUSED),
        (warm.managed, Obstacle.SCALED_BY_POLICY),
        (warm.snap_start, Obstacle.SNAP_START),
        (_full(warm, wanted - warm.allocation.requested), Obstacle.ACCOUNT_FULL),
        (warm.reserved is not None and warm.reserved < wanted, Obstacle.RESERVED_TOO_LOW),
    )
    values: dict[str, str | int] = {
        "target": warm.function,
        "alias": warm.alias.name,
        "wanted": wanted,
        "left": warm.unreserved,
        "keep": KEEP_UNRESERVED,
        "reserved": warm.reserved or 0,
    }
    return tuple(kind(**values) for stands, kind in checks if stands)


def _full(warm: Warm, more: int) -> bool:
    # With a reservation it comes out of that, not out of what others share.
    return warm.reserved is None and warm.unreserved - more < KEEP_UNRESERVED
