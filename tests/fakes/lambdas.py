"""Lambda's control plane, with the rules by which AWS refuses a call."""
# ruff: noqa: N803 - the argument names are AWS's own

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from responder.core.errors import Busy, Changed, Missing, Rejected
from responder.core.plain_data import Json
from tests.fakes.copies import fresh
from tests.fakes.deploying import Deploying

LATEST = "$LATEST"
ENVIRONMENT_LIMIT = 4096
_NOT_COMPARED = ("Version", "RevisionId", "LastModified", "State", "LastUpdateStatus", "FunctionArn")


@dataclass
class Function:
    """`latest` is $LATEST; `before` the configuration to fall back to when an update fails."""

    latest: Json
    versions: dict[str, Json] = field(default_factory=dict)
    aliases: dict[str, Json] = field(default_factory=dict)
    before: Json | None = None
    fails: str | None = None
    locked: bool = False


class StrictLambda(Deploying):
    """Updates stay InProgress until `settle()`; every change makes a new RevisionId, settling too."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._clock = clock
        self._revisions = 0
        self.functions: dict[str, Function] = {}
        self.blocked_runtimes: set[str] = set()
        self.invocations: list[Json] = []
        self.executions: Json = {}
        self.receive: Callable[[str, Any], Any] | None = None
        self.publishes_at_once = False

    # --- what a test does to the world -----------------------------------------------------------

    def add(self, name: str, variables: dict[str, str] | None = None, **configuration: Any) -> Function:
        """A deployed function: `add("F", {"A": "1"}, MemorySize=512)`."""
        latest = {
            "FunctionName": name,
            "FunctionArn": f"arn:aws:lambda:us-east-1:123456789012:function:{name}",
            "Runtime": "python3.13",
            "Handler": "handler.handler",
            "MemorySize": 512,
            "Timeout": 30,
            "CodeSha256": "code-1",
            "Version": LATEST,
            "State": "Active",
            "LastUpdateStatus": "Successful",
            "LastModified": "2026-01-01T00:00:00.000+0000",
            **configuration,
        }
        if variables is not None:
            latest["Environment"] = {"Variables": dict(variables)}
        latest["RevisionId"] = self._revision()
        self.functions[name] = Function(latest)
        return self.functions[name]

    def release(self, name: str, alias: str, **routing: float) -> str:
        """Publish $LATEST and let an alias serve it: `release("F", "live")`."""
        version = self._published(self.functions[name])["Version"]
        self.functions[name].versions[version]["State"] = "Active"
        self._point(
            self.functions[name], alias, version, {"AdditionalVersionWeights": routing} if routing else None
        )
        return str(version)

    def variables(self, name: str, qualifier: str = LATEST) -> dict[str, str]:
        """What code that runs there sees."""
        return dict(self._configuration(name, qualifier).get("Environment", {}).get("Variables", {}))

    def person_sets(self, name: str, **variables: str) -> None:
        """A person changes variables, correctly, and AWS has finished."""
        latest = self.functions[name].latest
        latest.setdefault("Environment", {}).setdefault("Variables", {}).update(variables)
        self._touch(latest)

    def person_deploys(self, name: str, code: str) -> None:
        """New code in $LATEST, not released."""
        self.functions[name].latest["CodeSha256"] = code
        self._touch(self.functions[name].latest)

    def lock_key(self, name: str) -> None:
        """The role may not decrypt the variables."""
        self.functions[name].locked = True

    def fail_next_update(self, name: str, reason: str = "InvalidConfiguration") -> None:
        """AWS accepts the next update and then fails it: the old configuration stays."""
        self.functions[name].fails = reason

    def settle(self, name: str | None = None) -> None:
        """AWS has finished what it was working on."""
        self.settle_concurrency()
        for each in self.functions.values() if name is None else [self.functions[name]]:
            for version in each.versions.values():
                version["State"] = "Active"
            if each.latest["LastUpdateStatus"] == "InProgress":
                self._finish(each)

    # --- the API ---------------------------------------------------------------------------------

    def get_function_configuration(self, FunctionName: str, Qualifier: str = LATEST) -> Json:
        return self._shown(FunctionName, self._configuration(FunctionName, Qualifier))

    def get_function(self, FunctionName: str, Qualifier: str = LATEST) -> Json:
        return {"Configuration": self.get_function_configuration(FunctionName, Qualifier)}

    def list_versions_by_function(self, FunctionName: str, **_: Any) -> Json:
        function = self._function(FunctionName, "ListVersionsByFunction")
        found = [function.latest, *function.versions.values()]
        return {"Versions": [self._shown(FunctionName, each) for each in found]}

    def list_aliases(self, FunctionName: str, **_: Any) -> Json:
        return {"Aliases": list(self._function(FunctionName, "ListAliases").aliases.values())}

    def update_function_configuration(
        self, FunctionName: str, RevisionId: str | None = None, **changes: Any
    ) -> Json:
        operation = "UpdateFunctionConfiguration"
        function = self._function(FunctionName, operation)
        latest = function.latest
        self._may_change(latest, operation, RevisionId)
        if latest["Runtime"] in self.blocked_runtimes:
            raise Rejected("lambda", operation, "InvalidParameterValueException")
        if "Environment" in changes:
            _fits(changes["Environment"].get("Variables", {}), operation)
        function.before = fresh(latest)
        latest.update(fresh(changes))
        latest["LastUpdateStatus"] = "InProgress"
        self._touch(latest)
        return self._shown(FunctionName, latest)

    def publish_version(
        self, FunctionName: str, CodeSha256: str | None = None, RevisionId: str | None = None, **_: Any
    ) -> Json:
        function = self._function(FunctionName, "PublishVersion")
        self._may_change(function.latest, "PublishVersion", RevisionId)
        if CodeSha256 not in (None, function.latest["CodeSha256"]):
            raise Rejected("lambda", "PublishVersion", "InvalidParameterValueException")
        return self._shown(FunctionName, self._published(function))

    def update_alias(
        self,
        FunctionName: str,
        Name: str,
        FunctionVersion: str,
        RevisionId: str | None = None,
        RoutingConfig: Json | None = None,
    ) -> Json:
        function = self._function(FunctionName, "UpdateAlias")
        alias = function.aliases.get(Name)
        if alias is None or FunctionVersion not in (LATEST, *function.versions):
            raise Missing("lambda", "UpdateAlias", "ResourceNotFoundException")
        if RevisionId not in (None, alias["RevisionId"]):
            raise Changed("lambda", "UpdateAlias", "PreconditionFailedException")
        if FunctionVersion != LATEST and function.versions[FunctionVersion]["State"] != "Active":
            raise Busy("lambda", "UpdateAlias", "ResourceConflictException")
        routing = alias.get("RoutingConfig") if RoutingConfig is None else RoutingConfig
        self._point(function, Name, FunctionVersion, routing)
        return dict(function.aliases[Name])

    def get_account_settings(self) -> Json:
        limit = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": self.unreserved}
        return {"AccountLimit": limit, "AccountUsage": {"FunctionCount": len(self.functions)}}

    def invoke(self, FunctionName: str, **request: Any) -> Json:
        """`receive` replaces the function's code; a durable execution is started once by its name."""
        name, payload = request.get("DurableExecutionName"), request.get("Payload", b"")
        if name is not None and ":" not in FunctionName:
            raise Rejected("lambda", "Invoke", "InvalidParameterValueException")
        if name is not None and self.executions.setdefault(name, payload) != payload:
            raise Busy("lambda", "Invoke", "DurableExecutionAlreadyStartedException")
        self.invocations.append({"FunctionName": FunctionName, **request})
        if name is None and self.receive is not None:
            self.receive(FunctionName, json.loads(payload))
        return {"StatusCode": 202 if request.get("InvocationType") == "Event" else 200}

    # --- inside ----------------------------------------------------------------------------------

    def _function(self, name: str, operation: str) -> Function:
        if name not in self.functions:
            raise Missing("lambda", operation, "ResourceNotFoundException")
        return self.functions[name]

    def _configuration(self, name: str, qualifier: str) -> Json:
        function = self._function(name, "GetFunctionConfiguration")
        version = function.aliases.get(qualifier, {}).get("FunctionVersion", qualifier)
        if version == LATEST:
            return function.latest
        if version not in function.versions:
            raise Missing("lambda", "GetFunctionConfiguration", "ResourceNotFoundException")
        return function.versions[version]

    def _shown(self, name: str, configuration: Json) -> Json:
        shown: Json = fresh(configuration)
        if self.functions[name].locked and "Environment" in shown:
            shown["Environment"] = {"Error": {"ErrorCode": "AccessDeniedException", "Message": "secret"}}
        return shown

    def _may_change(self, latest: Json, operation: str, revision: str | None) -> None:
        if latest["LastUpdateStatus"] == "InProgress" or latest["State"] == "Pending":
            raise Busy("lambda", operation, "ResourceConflictException")
        if revision not in (None, latest["RevisionId"]):
            raise Changed("lambda", operation, "PreconditionFailedException")

    def _revision(self) -> str:
        self._revisions += 1
        return f"revision-{self._revisions}"

    def _touch(self, latest: Json) -> None:
        latest["RevisionId"] = self._revision()
        latest["LastModified"] = self._clock().strftime("%Y-%m-%dT%H:%M:%S.000+0000")

    def _finish(self, function: Function) -> None:
        if function.fails and function.before is not None:
            function.latest = {**function.before, "LastUpdateStatus": "Failed"}
            function.latest["LastUpdateStatusReasonCode"] = function.fails
            function.fails = None
        else:
            function.latest["LastUpdateStatus"] = "Successful"
        function.latest["RevisionId"] = self._revision()

    def _published(self, function: Function) -> Json:
        if function.versions:
            last = function.versions[max(function.versions, key=int)]
            if _fingerprint(last) == _fingerprint(function.latest):
                return last
        number = str(len(function.versions) + 1)
        state = "Active" if self.publishes_at_once else "Pending"
        made = {**fresh(function.latest), "Version": number, "State": state}
        made["FunctionArn"] = f"{made['FunctionArn']}:{number}"
        made["RevisionId"] = self._revision()
        function.versions[number] = made
        function.latest["RevisionId"] = self._revision()
        return made

    def _point(self, function: Function, alias: str, version: str, routing: Json | None) -> None:
        function.aliases[alias] = {
            "Name": alias,
            "AliasArn": f"{function.latest['FunctionArn']}:{alias}",
            "FunctionVersion": version,
            "RevisionId": self._revision(),
            **({"RoutingConfig": routing} if routing else {}),
        }


def _fits(variables: dict[str, str], operation: str) -> None:
    size = len(json.dumps(variables, ensure_ascii=False).encode())
    bad = [key for key in variables if not key[:1].isalpha() or len(key) < 2 or key.startswith("AWS_")]
    if size > ENVIRONMENT_LIMIT or bad:
        raise Rejected("lambda", operation, "InvalidParameterValueException")


def _fingerprint(configuration: Json) -> str:
    kept = {name: value for name, value in configuration.items() if name not in _NOT_COMPARED}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
