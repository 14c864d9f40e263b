"""Let the alias that takes the traffic serve the previous version of the code again.

Nothing is published and no configuration is changed: a published version brings its own.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from responder.core.change import Change, Plan, Status
from responder.core.context import Context, Gateway
from responder.core.errors import AwsError, Changed, Unreachable
from responder.core.frozen import frozen
from responder.core.permissions import ANY, Permission, qualified
from responder.core.reasons import FailureKind, Obstacle
from responder.core.remedy import RemedyName
from responder.core.settings import Settings
from responder.remedies.base import OneFunction
from responder.remedies.engine.functions import Alias, alias_of, listed
from responder.remedies.engine.single_target import SingleTarget, TargetAccess
from responder.remedies.engine.write import unreadable
from responder.remedies.previous_version import (
    Rollback,
    cautions,
    going_along,
    obstacles,
    read_rollback,
    versions_of,
)


@frozen
class AliasRollback(OneFunction, SingleTarget[Alias]):
    """Of one of the two liveness functions."""

    name: RemedyName = RemedyName.ALIAS_ROLLBACK

    def needs(self) -> tuple[Permission, ...]:
        """Reads of the function, its aliases and versions; the one write moves an alias."""
        function, versions = self.which.arn, qualified(self.which.arn)
        return (
            Permission("lambda:ListAliases", function),
            Permission("lambda:ListVersionsByFunction", function),
            Permission("lambda:GetFunctionConfiguration", versions),
            Permission("lambda:GetProvisionedConcurrencyConfig", versions),
            Permission("cloudwatch:GetMetricData", ANY),
            Permission("lambda:UpdateAlias", function, "move the alias between versions, once approved"),
        )

    def prepare(self, context: Context) -> Plan:
        """From the newest version to the one before it, and never further."""
        function = self.which.function(context.settings)
        try:
            found = read_rollback(context, function)
        except AwsError as error:
            return Plan(function, (), obstacles=(unreadable(function, error),))
        return _plan(found, context.settings)

    def access(self, context: Context, target: str, snapshot: Mapping[str, Any]) -> TargetAccess[Alias]:
        """In effect at once. `target` is `function:alias`."""
        aws, (function, name) = context.aws, target.rsplit(":", 1)

        def write(wanted: str, now: Alias) -> Alias:
            where = {"FunctionName": function, "Name": name, "FunctionVersion": wanted}
            expected = {"RevisionId": now.revision} if now.revision else {}
            try:
                after = alias_of(aws.call("lambda", "update_alias", **where, **expected))
            except Changed as error:
                return _ours(aws, target, wanted, error)
            if _version(after) != wanted:
                raise Unreachable("lambda", "UpdateAlias", "UnexpectedAnswer")
            return after

        return TargetAccess(lambda: _alias(aws, target), _version, lambda _: False, write)


def _plan(found: Rollback, settings: Settings) -> Plan:
    against, alias = obstacles(found, settings), found.alias
    # That it was rolled back holds also where nothing could be done now.
    if alias is None or (against and found.previous is None and not found.back):
        return Plan(found.function, (), obstacles=against)
    target, version = f"{found.function}:{alias.name}", alias.version
    # An alias behind the newest version was rolled back, by us or a person: a second alarm asks for no more.
    back = version if found.previous is None else str(found.previous["Version"])
    done = found.previous is None
    note = FailureKind.ROLLED_BACK_ALREADY(target=target, **versions_of(found)) if done else None
    change = Change(target, "version", version, back, Status.ALREADY if done else Status.PLANNED, note)
    return Plan(
        found.function,
        (change,),
        {"alias": alias.name, "old": version},
        against,
        Obstacle.IN_FLIGHT(target=target) if found.allocation.pending and not done else None,
        cautions=cautions(found),
        moves=going_along(found),
        current=replace(alias, served={}),
    )


def _version(alias: Alias) -> str:
    """What it serves; a canary is never equal to a number, so it is never moved over."""
    return f"{alias.version} (weighted)" if alias.weighted else alias.version


def _alias(aws: Gateway, target: str) -> Alias:
    """As it is now; one that is gone serves nothing."""
    function, name = target.rsplit(":", 1)
    found = (each for each in listed(aws, "list_aliases", "Aliases", function) if each["Name"] == name)
    return next((alias_of(each) for each in found), Alias(name, "", None, False, {}))


def _ours(aws: Gateway, target: str, wanted: str, error: Changed) -> Alias:
    # The SDK repeats a call whose answer was lost, and then meets the revision that it made itself.
    try:
        now = _alias(aws, target)
    except AwsError:
        raise Unreachable("lambda", "UpdateAlias", error.code) from None
    if _version(now) != wanted:
        raise error
    return now
