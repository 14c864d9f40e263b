"""Which version an alias would go back to, and what stands in the way."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from responder.context import Context
from responder.explained import Explained
from responder.gateway import Gateway
from responder.obstacle import Obstacle
from responder.remedies._allocation import Allocation, allocation
from responder.remedies._functions import LATEST, Alias, alias_of, listed
from responder.remedies._rollback_unfit import unfit
from responder.remedies._traffic import requests_through
from responder.settings import Settings

# An older version that is not active is passed over, but nobody is taken back through the whole history.
_LOOKS = 5


@dataclass(frozen=True, slots=True)
class Rollback:
    """`alias` is the busiest one; None where there is none. `others`: further aliases with traffic.

    `newest` and `previous` are configurations of versions; `previous` is the highest one below the serving
    one whose code differs, and that is active. They know values of variables, so they are never shown.
    """

    function: str
    alias: Alias | None = None
    requests: float = 0.0
    others: tuple[str, ...] = ()
    newest: Mapping[str, Any] = field(default_factory=dict, repr=False)
    previous: Mapping[str, Any] | None = field(default=None, repr=False)
    allocation: Allocation = field(default_factory=lambda: Allocation(0))

    @property
    def behind(self) -> bool:
        """Something newer than what the alias serves is published."""
        return self.alias is not None and self.newest.get("Version", self.alias.version) != self.alias.version

    @property
    def same_code(self) -> bool:
        """What the alias serves is the code of the newest version."""
        return self.alias is not None and self.alias.served.get("CodeSha256") == self.newest.get("CodeSha256")

    @property
    def back(self) -> bool:
        """The alias serves one published version, and newer code is published."""
        one = self.alias is not None and not self.alias.weighted and self.alias.version != LATEST
        return one and self.behind and not self.same_code


def look(context: Context, function: str) -> Rollback:
    """Three round trips deep; raises our errors."""
    aws = context.aws
    with ThreadPoolExecutor() as pool:
        published = pool.submit(listed, aws, "list_versions_by_function", "Versions", function)
        answers = {each["Name"]: each for each in listed(aws, "list_aliases", "Aliases", function)}
        versions = {str(each["Version"]): each for each in published.result() if each["Version"] != LATEST}
        used = requests_through(context, function, answers)
        if not answers:
            return Rollback(function)
        busiest = max(answers, key=lambda name: used[name])
        allocated = pool.submit(allocation, aws, function, busiest)
        alias = alias_of(answers[busiest], versions)
        return Rollback(
            function,
            alias,
            used[busiest],
            tuple(name for name in answers if name != busiest and used[name] > 0),
            versions[max(versions, key=int)] if versions else {},
            _previous(aws, function, alias, versions),
            allocated.result(),
        )


def reasons(found: Rollback, settings: Settings) -> tuple[Explained[Obstacle], ...]:
    """Everything that stands in the way. Pure."""
    alias = found.alias
    if alias is None:
        return (Obstacle.NO_ALIAS_TO_MOVE(target=found.function),)
    published = alias.version != LATEST
    alone = published and not found.behind
    checks: tuple[tuple[bool, Obstacle, dict[str, str]], ...] = (
        (alias.weighted, Obstacle.ALIAS_WEIGHTED, {}),
        (not published, Obstacle.ALIAS_SERVES_LATEST, {}),
        (found.requests == 0, Obstacle.ALIAS_TAKES_NO_TRAFFIC, {}),
        (published and found.behind and found.same_code, Obstacle.NEWER_NOT_RELEASED, versions_of(found)),
        (alone and found.previous is None, Obstacle.NO_PREVIOUS_VERSION, {"version": alias.version}),
    )
    about = {"target": found.function, "alias": alias.name}
    against = (kind(**about, **more) for stands, kind, more in checks if stands)
    return (*against, *unfit(found.function, alias.served, found.previous, settings))


def versions_of(found: Rollback) -> dict[str, str]:
    """The serving and the newest version, for a sentence."""
    version = found.alias.version if found.alias is not None else "-"
    return {"version": version, "newest": str(found.newest.get("Version", "-"))}


def _previous(
    aws: Gateway, function: str, alias: Alias, versions: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    for number in islice(_older(alias, versions), _LOOKS):
        # A list of versions names no State.
        now = aws.call("lambda", "get_function_configuration", FunctionName=function, Qualifier=number)
        if now.get("State", "Active") == "Active":
            return now
    return None


def _older(alias: Alias, versions: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Highest first; none where it does not serve the newest, which nobody goes back from."""
    newest, *older = sorted(versions, key=int, reverse=True) or [LATEST]
    code = alias.served.get("CodeSha256")
    if code is None or newest != alias.version:
        return
    yield from (number for number in older if versions[number].get("CodeSha256") != code)
