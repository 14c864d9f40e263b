"""The system's configuration as of a past time, from what it is now and what was changed since.

What CloudTrail shows no change of is as it was. What only the responder has changed is taken from its own
rows: they hold the value that we manage from before each act. Anything else is not known.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from operator import attrgetter
from threading import Lock
from typing import Any

from liveness_ops.backtest.records import Records
from liveness_ops.backtest.unknown import NotRecordedError, Unknown
from liveness_ops.backtest.writes import SECOND, Write, Writes
from liveness_ops.listing import listed
from responder.core.change import Lease
from responder.core.context import Gateway
from responder.core.errors import AwsError, Missing
from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.core.text import Strings
from responder.evidence import trail

type Answer = Json

_CONFIGURED = (
    "CreateFunction",
    "DeleteFunction",
    "PutRuntimeManagementConfig",
    "UpdateFunctionCode",
    "UpdateFunctionConfiguration",
)
_ALIASES = ("CreateAlias", "DeleteAlias", "UpdateAlias")
_MADE = ("CreateFunction", "DeleteFunction")
_RESERVED = ("DeleteFunctionConcurrency", "PutFunctionConcurrency")
_WARM = ("DeleteProvisionedConcurrencyConfig", "PutProvisionedConcurrencyConfig")
_ROLE = ("CreateRole", "DeleteRole", "UpdateAssumeRolePolicy")
_SCALED = ("DeregisterScalableTarget", "RegisterScalableTarget", "DeleteScalingPolicy", "PutScalingPolicy")
_BUCKET = ("CreateBucket", "DeleteBucket")
# By operation: the parameter that names the resource, "" for all of the account; and the calls that change
# the answer.
_TOUCHED: Mapping[str, tuple[str, Strings]] = {
    "describe_scalable_targets": ("", _SCALED),
    "describe_scaling_policies": ("", _SCALED),
    "describe_table": (
        "TableName",
        ("CreateTable", "DeleteTable", "RestoreTableFromBackup", "RestoreTableToPointInTime", "UpdateTable"),
    ),
    "get_account_settings": ("", _RESERVED),
    "get_bucket_encryption": ("Bucket", (*_BUCKET, "DeleteBucketEncryption", "PutBucketEncryption")),
    "get_bucket_policy": ("Bucket", (*_BUCKET, "DeleteBucketPolicy", "PutBucketPolicy")),
    "get_function_concurrency": ("FunctionName", (*_MADE, *_RESERVED)),
    "get_function_configuration": ("FunctionName", _CONFIGURED),
    "get_provisioned_concurrency_config": ("FunctionName", (*_MADE, *_WARM, "DeleteAlias")),
    "get_public_access_block": (
        "Bucket",
        (*_BUCKET, "DeleteBucketPublicAccessBlock", "PutBucketPublicAccessBlock"),
    ),
    "get_role": ("RoleName", _ROLE),
    "get_role_policy": ("RoleName", (*_ROLE, "DeleteRolePolicy", "PutRolePolicy")),
    "list_aliases": ("FunctionName", (*_MADE, *_ALIASES)),
    "list_attached_role_policies": ("RoleName", (*_ROLE, "AttachRolePolicy", "DetachRolePolicy")),
    "list_versions_by_function": ("FunctionName", (*_CONFIGURED, "PublishVersion")),
}
OPERATIONS = frozenset(_TOUCHED)
_LISTS = {
    "describe_scalable_targets": "ScalableTargets",
    "describe_scaling_policies": "ScalingPolicies",
    "list_aliases": "Aliases",
    "list_attached_role_policies": "AttachedPolicies",
    "list_versions_by_function": "Versions",
}
_LATEST = "$LATEST"
_NUMBERS = frozenset({"MemorySize", "Timeout"})


class Configuration:
    """Asks AWS each question once, and answers it as of any time.

    `writes`: by service (`cloudtrail`, `cloudtrail@us-east-1`), the account's writes of the period.
    """

    def __init__(
        self, aws: Gateway, settings: Settings, writes: Mapping[str, Writes], records: Records
    ) -> None:
        self._aws, self._settings, self._records = aws, settings, records
        self.writes = writes
        self._answers: Json = {}
        self._lock = Lock()

    def answer(
        self,
        service: str,
        operation: str,
        asked: Data,
        at: datetime,
    ) -> Answer:
        """The answer as AWS would have given it then; a list in one page.

        Raises AwsError as AWS did then, and NotRecordedError.
        """
        name, calls = _TOUCHED[operation]
        target = asked.get(name, "").partition(":")[0]
        self._needs(at)
        since = [each for each in self._since(at) if each.name in calls and (not name or each.names(target))]
        if not since:
            return self._present(service, operation, asked)
        foreign = [each for each in since if not each.role.startswith(f"{self._settings.stack}/")]
        if foreign:
            raise _changed_since(foreign, target or operation)
        # When it was changed last before that is a part of the answer.
        self._needs(at - trail.BEFORE)
        put_back = _PUT_BACK.get(operation)
        acts = [each for each in self._records.acts() if each.at >= at and target in _targets(each)]
        found = put_back(self, asked, at, acts) if put_back and acts else None
        if found is None:
            raise _changed_since(since, target or operation)
        return found

    def _needs(self, since: datetime) -> None:
        """Raises NotRecordedError where CloudTrail was not read back to that time."""
        for each in self.writes.values():
            if each.unread and each.since >= since:
                raise NotRecordedError(Unknown.TRAIL_UNREAD(call=each.unread))

    def _since(self, at: datetime) -> list[Write]:
        return sorted((each for each in self._known() if each.at > at - SECOND), key=attrgetter("at"))

    def _known(self) -> Iterator[Write]:
        """The account's writes, of all services."""
        return chain.from_iterable(writes.known for writes in self.writes.values())

    def changed_before(self, target: str, calls: Strings, at: datetime) -> datetime | None:
        """When it was changed last before that; None where no such change is on record."""
        before = (each for each in self._known() if each.at <= at - SECOND)
        return max((each.at for each in before if each.name in calls and each.names(target)), default=None)

    def _present(self, service: str, operation: str, asked: Data) -> Answer:
        """What AWS answers now, asked once."""

        def ask() -> Answer:
            if (key := _LISTS.get(operation)) is None:
                return self._aws.call(service, operation, **asked)
            return {key: list(listed(self._aws, service, operation, key, **asked))}

        answer: Answer = self.once(repr((service, operation, sorted(asked.items()))), ask)
        return answer

    def once(self, key: str, ask: Callable[[], Any]) -> Any:
        """The answer, or the error, of the first time it was asked."""
        with self._lock:
            if key not in self._answers:
                try:
                    self._answers[key] = ask()
                except AwsError as error:
                    self._answers[key] = error
            found = self._answers[key]
        if isinstance(found, AwsError):
            raise found
        return found

    # --- what only the responder has changed, as before; None where its rows do not have it

    def function(self, asked: Data, at: datetime, acts: list[Lease]) -> Answer | None:
        """GetFunctionConfiguration of $LATEST, or of what an alias served."""
        found = self._present("lambda", "get_function_configuration", asked)
        if asked.get("Qualifier", _LATEST) != _LATEST:
            return found
        return self._as_before(found, asked["FunctionName"], at, acts)

    def _as_before(self, found: Answer, name: str, at: datetime, acts: list[Lease]) -> Answer | None:
        before = {**found, "LastUpdateStatus": "Successful", "State": "Active"}
        variables = dict((found.get("Environment") or {}).get("Variables") or {})
        settings = [each for lease in reversed(acts) for each in lease.changes if each.target == name]
        for change in settings:
            if change.setting in _NUMBERS:
                before[change.setting] = int(change.before)
            elif change.setting in variables:
                variables[change.setting] = change.before
            else:
                return None
        if variables:
            before["Environment"] = {**found["Environment"], "Variables": variables}
        changed = self.changed_before(name, _CONFIGURED, at)
        before["LastModified"] = _stamp(changed or min(each.since for each in self.writes.values()))
        return before

    def aliases(self, asked: Data, at: datetime, acts: list[Lease]) -> Answer | None:
        """ListAliases: each on the version that it served."""
        name = asked["FunctionName"]
        found = self._present("lambda", "list_aliases", asked)["Aliases"]
        versions: dict[str, str] = {}
        for lease in reversed(acts):
            snapshot = self._records.snapshot(lease)
            versions |= ((snapshot.get("functions") or {}).get(name) or {}).get("aliases") or {}
            versions |= {
                change.target.partition(":")[2]: change.before
                for change in lease.changes
                if change.setting == "version" and change.target.startswith(f"{name}:")
            }
        if not {each["Name"] for each in found} <= versions.keys():
            return None
        return {"Aliases": [{**each, "FunctionVersion": versions[each["Name"]]} for each in found]}

    def versions(self, asked: Data, at: datetime, acts: list[Lease]) -> Answer | None:
        """ListVersionsByFunction: without what was published since."""
        found = self._present("lambda", "list_versions_by_function", asked)["Versions"]
        latest = self.function(asked, at, acts)
        old = [
            each
            for each in found
            if each["Version"] != _LATEST and datetime.fromisoformat(each["LastModified"]) <= at
        ]
        return None if latest is None else {"Versions": [{**latest, "Version": _LATEST}, *old]}

    def warm(self, asked: Data, at: datetime, acts: list[Lease]) -> Answer | None:
        """GetProvisionedConcurrencyConfig."""
        target = f"{asked['FunctionName']}:{asked['Qualifier']}"
        first = next((each for lease in acts for each in lease.changes if each.target == target), None)
        if first is None:
            return None
        if first.before == "0":
            raise Missing(
                "lambda", "GetProvisionedConcurrencyConfig", "ProvisionedConcurrencyConfigNotFoundException"
            )
        return {"RequestedProvisionedConcurrentExecutions": int(first.before), "Status": "READY"}

    def table(self, asked: Data, at: datetime, acts: list[Lease]) -> Answer | None:
        """DescribeTable: billing and throughput of before our switch."""
        found = self._present("dynamodb", "describe_table", asked)["Table"]
        change, snapshot = acts[0].changes[0], self._records.snapshot(acts[0])
        if "throughput" not in snapshot:
            return None
        units = {"": snapshot["throughput"], **snapshot.get("indexes", {})}
        summary = {"BillingMode": change.before}
        indexes = [
            {**each, "IndexStatus": "ACTIVE", "ProvisionedThroughput": _throughput(units[each["IndexName"]])}
            for each in found.get("GlobalSecondaryIndexes", ())
            if each["IndexName"] in units
        ]
        table = {
            **found,
            "TableStatus": "ACTIVE",
            "BillingModeSummary": summary,
            "ProvisionedThroughput": _throughput(units[""]),
            "GlobalSecondaryIndexes": indexes,
        }
        return {"Table": table}


type _PutBack = Callable[[Configuration, Data, datetime, list[Lease]], Answer | None]
_PUT_BACK: Mapping[str, _PutBack] = {
    "describe_table": Configuration.table,
    "get_function_configuration": Configuration.function,
    "get_provisioned_concurrency_config": Configuration.warm,
    "list_aliases": Configuration.aliases,
    "list_versions_by_function": Configuration.versions,
}


def _changed_since(since: list[Write], target: str) -> NotRecordedError:
    first = since[0]
    at = f"{first.at:%Y-%m-%dT%H:%M:%SZ}"
    return NotRecordedError(Unknown.CHANGED_SINCE(target=target, who=first.who, at=at))


def _targets(lease: Lease) -> set[str]:
    return {change.target.partition(":")[0] for change in lease.changes}


def _throughput(units: Data) -> dict[str, int]:
    return {"ReadCapacityUnits": int(units["read"]), "WriteCapacityUnits": int(units["write"])}


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "+0000"
