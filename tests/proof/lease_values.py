"""What a lease on record says about settings of the service."""

from collections.abc import Iterator, Mapping

from rehearsal.drill.state import State
from rehearsal.world.names import ALIAS
from responder.core.change import Change, Lease
from responder.core.plain_data import Data
from tests.fakes import FakeAws


def old_values(aws: FakeAws, lease: Lease) -> dict[str, str]:
    """Setting, as `drill.state` names it -> what it was before us, as far as the lease knows."""
    return {key: old for change in lease.changes for key, old in _old(aws, lease, change)}


def wanted(aws: FakeAws, change: Change) -> dict[str, str]:
    """Setting -> what the change makes of it, once it is in effect also behind the alias."""
    if change.setting == "BillingMode":
        return {f"{change.target} billing": change.after}
    if change.setting == "ProvisionedConcurrency":
        return {f"{change.target} provisioned": change.after}
    if change.setting == "version":
        return {f"{change.target} CodeSha256": _code(aws, change.target, change.after)}
    alias = ALIAS in aws.lambdas.functions[change.target].aliases
    places = (change.target, f"{change.target}:{ALIAS}") if alias else (change.target,)
    return {f"{place} {change.setting}": change.after for place in places}


def _old(aws: FakeAws, lease: Lease, change: Change) -> Iterator[tuple[str, str]]:
    snapshot, target = lease.snapshot, change.target
    if change.setting == "BillingMode":
        yield f"{target} billing", "PROVISIONED"
        yield f"{target} units", _units(snapshot["throughput"])
        yield from ((f"{target} {name} units", _units(units)) for name, units in snapshot["indexes"].items())
    elif change.setting == "ProvisionedConcurrency":
        yield f"{target} provisioned", str(snapshot["old"])
    elif change.setting == "version":
        yield f"{target} CodeSha256", _code(aws, target, str(snapshot["old"]))
    else:
        old = snapshot["functions"][target].get("old", "" if change.before == "(missing)" else change.before)
        yield from ((f"{place} {change.setting}", old) for place in (target, f"{target}:{ALIAS}"))


def undone(before: State, after: State, covered: Mapping[str, str]) -> Iterator[str]:
    """Every difference of which no lease knows the old value."""
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key, ""), after.get(key, "")
        if old != new and covered.get(key) != old:
            # Never the values: one of a variable that was lost may be a secret.
            yield f"{key} has changed, and " + (
                "another old value is leased" if key in covered else "no lease"
            )


def _units(units: Data) -> str:
    return f"{units['read']}/{units['write']}"


def _code(aws: FakeAws, target: str, version: str) -> str:
    return str(aws.lambdas.functions[target.partition(":")[0]].versions[version]["CodeSha256"])
