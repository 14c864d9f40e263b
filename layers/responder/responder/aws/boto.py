"""The gateway to AWS: every call of the project goes through `Boto`."""

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from threading import Lock
from typing import Any

import boto3
import botocore
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError
from botocore.parsers import ResponseParserError

from responder.aws.pace import Pace
from responder.aws.parallel import place_after
from responder.aws.translate import translated
from responder.core.context import reads
from responder.core.deployed_alarm import LISTS
from responder.core.errors import AwsError, Unreachable
from responder.core.retry import WRITES, Repeat, again


def version() -> str:
    """botocore's, `1.42.60`."""
    return str(botocore.__version__)


# What AWS always answers. Without it an answer was lost on its way, and does not mean "nothing there".
# Only keys that an empty answer has, too; a plain `{}` is GetItem's "no such item". Of several, one will do.
# The members are those of the page `API_<Operation>.html` below each service's address. The SDK's model calls
# `Role` and `PolicyNames` required; of other lists neither says whether an empty one is sent. If AWS leaves
# one out, it cannot be read, and nothing is done because of it.
ALWAYS: Mapping[str, Mapping[str, str | tuple[str, ...]]] = {
    # https://docs.aws.amazon.com/autoscaling/application/APIReference/
    "application-autoscaling": {
        "describe_scalable_targets": "ScalableTargets",
        "describe_scaling_policies": "ScalingPolicies",
    },
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/
    "cloudformation": {"describe_stacks": "Stacks"},
    # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/
    "cloudtrail": {"lookup_events": "Events"},
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/
    "cloudwatch": {
        # Of the three lists some may be left out, but not all.
        "describe_alarms": tuple(LISTS.values()),
        "get_metric_data": "MetricDataResults",
    },
    # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/
    "dynamodb": {
        "create_backup": "BackupDetails",
        "describe_backup": "BackupDescription",
        "describe_table": "Table",
        "list_backups": "BackupSummaries",
        "list_tables": "TableNames",
        "query": "Items",
        # Without `Items` where the items are only counted.
        "scan": "Count",
        "update_table": "TableDescription",
    },
    # https://docs.aws.amazon.com/health/latest/APIReference/
    "health": {"describe_events": "events"},
    # https://docs.aws.amazon.com/IAM/latest/APIReference/
    "iam": {
        "get_role": "Role",
        "list_attached_role_policies": "AttachedPolicies",
        "list_role_policies": "PolicyNames",
    },
    # https://docs.aws.amazon.com/lambda/latest/api/
    "lambda": {
        "get_account_settings": "AccountLimit",
        "get_function_configuration": "FunctionName",
        "get_provisioned_concurrency_config": "Status",
        "list_aliases": "Aliases",
        "list_versions_by_function": "Versions",
        "publish_version": "Version",
        "put_provisioned_concurrency_config": "Status",
        "update_alias": "FunctionVersion",
        "update_function_configuration": "FunctionName",
    },
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/
    "logs": {"filter_log_events": "events"},
    # https://docs.aws.amazon.com/AmazonS3/latest/API/; `Contents` is left out where there is no object.
    "s3": {"list_objects_v2": "IsTruncated"},
    # https://docs.aws.amazon.com/sns/latest/api/
    "sns": {
        "get_subscription_attributes": "Attributes",
        "list_subscriptions_by_topic": "Subscriptions",
        "publish": "MessageId",
    },
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/
    "sqs": {"send_message": "MessageId"},
    # https://docs.aws.amazon.com/systems-manager/latest/APIReference/
    "ssm": {"get_parameter": "Parameter", "get_parameters_by_path": "Parameters"},
    # https://docs.aws.amazon.com/STS/latest/APIReference/
    "sts": {"get_caller_identity": "Arn"},
}


def whole(answer: dict[str, Any], service: str, operation: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The answer itself. `operation` is the client's method.

    Raises:
        Unreachable: it lacks what every such answer holds.
    """
    always = ALWAYS.get(service, {}).get(operation, ())
    if asked.get("ReturnValues") == "ALL_NEW":
        always = "Attributes"
    names = (always,) if isinstance(always, str) else always
    if names and not any(name in answer for name in names):
        raise Unreachable(service, operation.title().replace("_", ""), "IncompleteAnswer")
    return answer


# An answer that the SDK cannot read is a separate error, outside of its tree.
FAILURES = (BotoCoreError, ClientError, ResponseParserError)
_HOME = {"health": "us-east-1", "ce": "us-east-1", "support": "us-east-1"}
_PAUSE_SECONDS = 0.2
_AGAIN_SECONDS = 1.0
# Lambda's control plane takes so many requests a second of an account, all its operations together but these
# (Lambda quotas). Reads leave room for three writes of a rollback of four functions; the place of one read is
# free again by the time of the fourth. A read waits for a second at most: a look has three. A write waits for
# a moment at most: what allowed it is of then.
_CONTROL_PLANE, _KEPT, _SECOND, _MOMENT = 15, 3, 1.0, 0.1
_NOT_OF_IT = frozenset({"invoke", "get_function", "get_policy"})


class Boto:
    """A `Gateway` over boto3: clients made when first asked for, safe to share between threads.

    The SDK repeats a request that timed out, though it may have taken effect: good for reads, wrong
    for writes. So writes have separate clients that do not repeat; `Boto` repeats a write only when
    it did not leave, once, or was turned away for its rate and `WRITES` has it sent again as it is.
    """

    def __init__(
        self,
        region: str,
        pause: Callable[[float], None] = time.sleep,
        patience: float = 3,
        clock: Callable[[], float] = time.monotonic,
        *,
        again: float = _AGAIN_SECONDS,
    ) -> None:
        """`patience`: for how many seconds an answer is waited for; `again`: for how many a write is sent
        again that was turned away for its rate, and may be repeated as it is."""
        self._again = again
        self._region = region
        self._pause = pause
        self._clock = clock
        self._patience = patience
        self._pace = Pace(_CONTROL_PLANE, _CONTROL_PLANE, clock, pause)
        self._session: Any = boto3.Session(region_name=region)
        self._clients: dict[tuple[str, bool], Any] = {}
        self._lock = Lock()

    def call(self, service: str, operation: str, /, **arguments: Any) -> dict[str, Any]:
        """One request; the answer as botocore parses it. `service@region` asks another Region."""
        ask = partial(self._asked, service, operation, arguments)
        if WRITES.get((service, operation)) is not Repeat.AS_IT_IS:
            return ask()
        until = self._clock() + self._again
        return again(ask, until, self._clock, self._pause)

    def pages(self, service: str, operation: str, /, **arguments: Any) -> Iterator[dict[str, Any]]:
        """Every page of a paginated operation, fetched as they are consumed."""
        try:
            self._keep_pace(service, operation, reading=True)
            for page in self._client(service, reading=True).get_paginator(operation).paginate(**arguments):
                yield whole(page, service.partition("@")[0], operation, arguments)
                if place_after(page):
                    self._keep_pace(service, operation, reading=True)
        except FAILURES as error:
            raise self._translated(error, service, operation) from None

    def ready(self, services: Iterable[str]) -> None:
        """Make the clients now. A cold start pays for it before the looks' clocks run, not within.

        What modules and clients are made of stays as long as the environment. The collector does not look for
        garbage in it meanwhile, which would be a tenth of the CPU of a cold start, nor later.
        """
        missing = [service for service in services if (service, True) not in self._clients]
        if not missing:
            return
        collecting = gc.isenabled()
        gc.disable()
        try:
            for service in missing:
                self._client(service, reading=True)
        finally:
            gc.freeze()
            if collecting:
                gc.enable()

    def raw(self, service: str) -> Any:
        """A client without retries, for libraries that need a boto3 client."""
        return self._client(service, reading=False)

    def credentials(self) -> Any:
        """Botocore's credentials of the caller; None where there are none."""
        return self._session.get_credentials()

    def _asked(self, service: str, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        reading = reads(operation)
        try:
            try:
                return self._send(service, operation, reading, arguments)
            except (ConnectTimeoutError, EndpointConnectionError):
                if reading:
                    raise
                # It did not leave, so that nothing was done.
                self._pause(_PAUSE_SECONDS)
                return self._send(service, operation, reading, arguments)
        except FAILURES as error:
            raise self._translated(error, service, operation) from None

    def _keep_pace(self, service: str, operation: str, *, reading: bool) -> None:
        if service == "lambda" and operation not in _NOT_OF_IT:
            self._pace.wait(*((_KEPT, _SECOND) if reading else (0, _MOMENT)))

    def _send(self, service: str, operation: str, reading: bool, arguments: dict[str, Any]) -> dict[str, Any]:
        self._keep_pace(service, operation, reading=reading)
        answer: dict[str, Any] = getattr(self._client(service, reading=reading), operation)(**arguments)
        return whole(answer, service.partition("@")[0], operation, arguments)

    def _translated(self, error: Any, service: str, operation: str) -> AwsError:
        return translated(error, service.partition("@")[0], self._api(service, operation))

    def _client(self, service: str, *, reading: bool) -> Any:
        # A session is not thread-safe while it makes a client; the clients themselves are.
        with self._lock:
            key = (service, reading)
            if key not in self._clients:
                name, _, region = service.partition("@")
                self._clients[key] = self._session.client(
                    name,
                    region_name=region or _HOME.get(name, self._region),
                    config=_config(attempts=2 if reading else 1, patience=self._patience),
                )
            return self._clients[key]

    def _api(self, service: str, operation: str) -> str:
        names: dict[str, str] = self._client(service, reading=True).meta.method_to_api_mapping
        return names.get(operation, operation)


def _config(attempts: int, patience: float) -> Config:
    return Config(
        connect_timeout=1,
        read_timeout=patience,
        retries={"mode": "standard", "total_max_attempts": attempts},
        # One reading sends requests from many threads simultaneously.
        max_pool_connections=25,
    )


@cache
def gateway(region: str) -> Boto:
    """Made once per execution environment: clients hold no state of a response."""
    return Boto(region)
