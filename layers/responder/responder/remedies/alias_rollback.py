"""Let the alias that takes the traffic serve the previous version of the code again.

Nothing is published and no configuration is changed: a published version brings its own. Of settings only
names are reported, never values.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field, replace
from datetime import UTC, datetime
from itertools import islice

from responder.core.change import Change, Obstacles, Plan, Status
from responder.core.context import Context, Gateway
from responder.core.errors import AwsError, Changed, Unreachable
from responder.core.frozen import frozen
from responder.core.permissions import ANY, Permission, Permissions, qualified
from responder.core.plain_data import Data, Json
from responder.core.reasons import Caution, ExplainedReason, FailureKind, Obstacle
from responder.core.remedy import RemedyName
from responder.core.settings import Settings
from responder.core.text import Strings, Texts, text
from responder.remedies import OneFunction
from responder.remedies.engine.functions import (
    LATEST,
    Alias,
    alias_of,
    different,
    listed,
    number,
    requests_through,
    settings_of,
    variables_of,
)
from responder.remedies.engine.single_target import SingleTarget, TargetAccess
from responder.remedies.engine.write import after_write, unreadable
from responder.remedies.provisioned_concurrency import Allocation, allocation
from responder.remedies.repair_environment import all_expected

# Compared after a write in addition: what a version keeps itself.
_MORE = ("Role", "VpcConfig", "EphemeralStorage", "Architectures", "KMSKeyArn")
# An older version that is not active is skipped; only so many are looked at.
_LOOKS = 5

type Configuration = Data


@frozen
class Rollback:
    """`alias` is the busiest one. `others`: further aliases with traffic.

    `newest` and `previous` are configurations of versions; `previous` is the highest one below the serving
    one whose code differs, and that is active. They know values of variables, so they are never shown.
    """

    function: str
    alias: Alias
    requests: float
    others: Strings
    newest: Configuration = field(repr=False)
    previous: Configuration | None = field(repr=False)
    allocation: Allocation

    @property
    def behind(self) -> bool:
        """A newer version than the one that the alias serves is published."""
        return bool(self.newest.get("Version", self.alias.version) != self.alias.version)

    @property
    def same_code(self) -> bool:
        """What the alias serves is the code of the newest version."""
        return bool(self.alias.served.get("CodeSha256") == self.newest.get("CodeSha256"))

    @property
    def back(self) -> bool:
        """The alias serves one published version, and newer code is published."""
        one = not self.alias.weighted and self.alias.version != LATEST
        return one and self.behind and not self.same_code

    @property
    def versions(self) -> dict[str, str]:
        """The serving and the newest version, for a sentence."""
        return {"version": self.alias.version, "newest": str(self.newest.get("Version", "-"))}


@frozen
class AliasRollback(OneFunction, SingleTarget[Alias]):
    """The rollback of one of the two liveness functions."""

    name: RemedyName = RemedyName.ALIAS_ROLLBACK

    def needs(self) -> Permissions:
        """Reads of the function, its aliases and versions; the one write moves an alias."""
        arn, versions = self.function.arn, qualified(self.function.arn)
        return (
            Permission("lambda:ListAliases", arn),
            Permission("lambda:ListVersionsByFunction", arn),
            Permission("lambda:GetFunctionConfiguration", versions),
            Permission("lambda:GetProvisionedConcurrencyConfig", versions),
            Permission("cloudwatch:GetMetricData", ANY),
            Permission("lambda:UpdateAlias", arn, "move the alias between versions, once approved"),
        )

    def prepare(self, context: Context) -> Plan:
        """Plan the step from the newest version to the one before it, and never further."""
        name = self.function.deployed_name(context.settings)
        try:
            found = _read(context, name)
        except AwsError as error:
            return Plan(name, (), obstacles=(unreadable(name, error),))
        if found is None:
            return Plan(name, (), obstacles=(Obstacle.NO_ALIAS_TO_MOVE(target=name),))
        return _plan(found, context.settings)

    def access(self, context: Context, target: str, snapshot: Data) -> TargetAccess[Alias]:
        """Access to an alias, on which a change takes effect immediately. `target` is `function:alias`."""
        aws, (function, name) = context.aws, target.rsplit(":", 1)

        def read() -> Alias:
            # A deleted alias serves nothing.
            every = listed(aws, "list_aliases", "Aliases", function)
            found = (alias_of(each) for each in every if each["Name"] == name)
            return next(found, Alias(name, "", None, False, {}))

        def write(wanted: str, now: Alias) -> Alias:
            named = {"FunctionName": function, "Name": name, "RevisionId": now.revision}
            try:
                after = alias_of(aws.call("lambda", "update_alias", **named, FunctionVersion=wanted))
            except Changed as error:
                # The SDK repeats a call whose answer was lost, and then meets the revision that it made.
                after = after_write(read, Unreachable("lambda", "UpdateAlias", error.code))
                if _version(after) != wanted:
                    raise
            if _version(after) != wanted:
                raise Unreachable("lambda", "UpdateAlias", "UnexpectedAnswer")
            return after

        return TargetAccess(read, _version, lambda _: False, write)


def _version(alias: Alias) -> str:
    """The version that the alias serves; that of a canary equals no version, so a canary is never
    overwritten."""
    return f"{alias.version} (weighted)" if alias.weighted else alias.version


def _read(context: Context, function: str) -> Rollback | None:
    """Three round trips deep; None where there is no alias. Raises our errors."""
    aws = context.aws
    with ThreadPoolExecutor() as pool:
        published = pool.submit(listed, aws, "list_versions_by_function", "Versions", function)
        answers = {each["Name"]: each for each in listed(aws, "list_aliases", "Aliases", function)}
        versions = {str(each["Version"]): each for each in published.result() if each["Version"] != LATEST}
        used = requests_through(context, function, answers)
        if not answers:
            return None
        busiest = max(answers, key=lambda name: used[name])
        allocated = pool.submit(allocation, aws, function, busiest)
        alias = alias_of(answers[busiest], versions)
        return Rollback(
            function,
            alias,
            used[busiest],
            tuple(sorted(name for name in answers if name != busiest and used[name] > 0)),
            versions[max(versions, key=int)] if versions else {},
            _previous(aws, function, alias, versions),
            allocated.result(),
        )


def _previous(
    aws: Gateway, function: str, alias: Alias, versions: Mapping[str, Configuration]
) -> Configuration | None:
    for version in islice(_older(alias, versions), _LOOKS):
        # A list of versions names no State.
        now = aws.call("lambda", "get_function_configuration", FunctionName=function, Qualifier=version)
        if now.get("State", "Active") == "Active":
            return now
    return None


def _older(alias: Alias, versions: Mapping[str, Configuration]) -> Iterator[str]:
    """Older versions, the highest first; none if the alias does not serve the newest one, since that could
    not be reverted."""
    newest, *older = sorted(versions, key=int, reverse=True) or [LATEST]
    code = alias.served.get("CodeSha256")
    if code is None or newest != alias.version:
        return
    yield from (version for version in older if versions[version].get("CodeSha256") != code)


def _plan(found: Rollback, settings: Settings) -> Plan:
    against, alias = _obstacles(found, settings), found.alias
    # That it was rolled back holds also where nothing could be done now.
    if against and found.previous is None and not found.back:
        return Plan(found.function, (), obstacles=against)
    target, version = f"{found.function}:{alias.name}", alias.version
    moves: frozenset[tuple[str, str]] = frozenset()
    if found.previous is None:
        # An alias behind the newest version was rolled back, by us or a person: a second alarm asks for no
        # more.
        note = FailureKind.ROLLED_BACK_ALREADY(target=target, **found.versions)
        change = Change(target, "version", version, version, Status.ALREADY, note)
    else:
        change = Change(target, "version", version, str(found.previous["Version"]))
        # The settings that change with the code.
        names = different(settings_of(alias.served), settings_of(found.previous))
        moves = frozenset((found.function, name) for name in names)
    waits = found.allocation.pending and found.previous is not None
    return Plan(
        found.function,
        (change,),
        {"alias": alias.name, "old": version},
        against,
        Obstacle.IN_FLIGHT(target=target) if waits else None,
        cautions=_cautions(found),
        moves=moves,
        current=replace(alias, served={}),
    )


def _obstacles(found: Rollback, settings: Settings) -> Obstacles:
    """Every obstacle."""
    alias, previous = found.alias, found.previous
    published = alias.version != LATEST
    alone = published and not found.behind
    newer = published and found.behind and found.same_code
    checks: tuple[tuple[bool, Obstacle, dict[str, str]], ...] = (
        (alias.weighted, Obstacle.ALIAS_WEIGHTED, {}),
        (not published, Obstacle.ALIAS_SERVES_LATEST, {}),
        (found.requests == 0, Obstacle.ALIAS_TAKES_NO_TRAFFIC, {}),
        (newer, Obstacle.NEWER_NOT_RELEASED, found.versions),
        (alone and previous is None, Obstacle.NO_PREVIOUS_VERSION, {"version": alias.version}),
    )
    about = {"target": found.function, "alias": alias.name}
    against = [kind(**about, **more) for holds, kind, more in checks if holds]
    if previous is None or variables_of(previous) is None:
        # What cannot be read is one of the cautions.
        return tuple(against)
    of_previous = {"target": found.function, "version": str(previous.get("Version", "-"))}
    # A problem that the serving version has too is no reason against the version before it.
    broken = ", ".join(
        each.name
        for each in all_expected(settings)
        if (each.value or each.found(previous) is None)
        and each.amiss(previous)
        and each.found(previous) != each.found(alias.served)
    )
    if broken:
        against.append(Obstacle.PREVIOUS_BROKEN(**of_previous, names=broken))
    name = settings.threshold_variable
    now, then = (number((variables_of(each) or {}).get(name, "")) for each in (alias.served, previous))
    if now is not None and then is not None and then < now:
        # A rollback must not lower security as a side effect: that takes two people, and has an end time.
        against.append(Obstacle.PREVIOUS_LOWERS_THRESHOLD(**of_previous, setting=name))
    return tuple(against)


def _cautions(found: Rollback) -> tuple[ExplainedReason[Caution], ...]:
    """One caution that contains all of them, because only the first of several would be read."""
    if found.previous is None:
        return ()
    alias, back = found.alias, found.previous
    at, said = alias.served.get("LastModified"), text("caution.version_age_unknown", version=alias.version)
    if at is not None:
        moment = f"{datetime.fromisoformat(at).astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
        said = text("caution.version_published", version=alias.version, at=moment)
    facts = [said, *_settings(alias.served, back)]
    if found.allocation.requested:
        facts.append(text("caution.alias_provisioned", amount=found.allocation.requested))
    if found.others:
        facts.append(text("caution.other_aliases", names=", ".join(found.others)))
    return (Caution.ROLLBACK(version=str(back["Version"]), facts=tuple(facts)),)


def _settings(served: Configuration, back: Configuration) -> Texts:
    readable = variables_of(served) is not None and variables_of(back) is not None
    hidden = () if readable else (text("caution.settings_unreadable"),)

    def kept(configuration: Configuration) -> Json:
        more = {f".{name}": configuration[name] for name in _MORE if name in configuration}
        found = {**settings_of(configuration), **more}
        return {name: value for name, value in found.items() if readable or name.startswith(".")}

    names = different(kept(served), kept(back))
    if not names:
        return hidden or (text("caution.settings_same"),)
    return (*hidden, text("caution.settings_go_back", names=", ".join(names)))
