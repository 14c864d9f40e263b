"""What is known of each operation that is sent to AWS: one table, by service and the client's method."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from responder.core.deployed_alarm import LISTS
from responder.core.plain_data import Data
from responder.core.text import Strings

_READS = (
    "get_",
    "list_",
    "describe_",
    "query",
    "scan",
    "batch_get",
    "filter_",
    "lookup_",
    "head_",
    "simulate_",
)


class Repeat(Enum):
    """How a write that was turned away for its rate is sent again."""

    # By `Boto`, for some seconds: it carries its own condition, or depends on nothing that was read.
    AS_IT_IS = "as it is"
    # By `CheckedWrites`, until 20 s after the event, where it names the revision that it may replace; modes,
    # stops and the alarm are read again before each try.
    AT_REVISION = "at its revision"
    # Likewise, where the read `compared_with` answers the same as before the first try.
    COMPARED = "compared again"
    # Not at all: what was read before it may have changed, and nothing holds the two together. The
    # person who asked for it gets an error, or the next scheduled run tries again.
    NEVER = "never"


class Operation(NamedTuple):
    """One operation.

    Attributes:
        always: what AWS always answers. Without it an answer was lost on its way, and does not mean "nothing
            there". Only keys that an empty answer has, too; a plain `{}` is GetItem's "no such item". Of
            several, one will do.
        repeat: of a write. One of which nothing is known is sent once.
        compared_with: the read of the same service that a write is compared with.
        shared: `SharedAnswers` keeps the answer. AWS takes few of them: Lambda's control plane 15 requests a
            second, all operations and functions of an account together (Lambda quotas, "Rate of the remainder
            of the control plane API requests"), and CloudTrail two (LookupEvents).
        own_rate: it is none of those 15.
    """

    always: str | Strings = ()
    repeat: Repeat | None = None
    compared_with: str = ""
    shared: bool = False
    own_rate: bool = False


_AS_IT_IS = Operation(repeat=Repeat.AS_IT_IS)
_NEVER = Operation(repeat=Repeat.NEVER)
_SHARED = Operation(shared=True)
_OWN_RATE = Operation(own_rate=True)
_CONCURRENCY = "get_provisioned_concurrency_config"

# The members are those of the page `API_<Operation>.html` below each service's address. The SDK's model calls
# `Role` and `PolicyNames` required; of other lists neither says whether an empty one is sent. If AWS leaves
# one out, it cannot be read, and nothing is done because of it.
OPERATIONS: Mapping[str, Mapping[str, Operation]] = {
    # https://docs.aws.amazon.com/autoscaling/application/APIReference/
    "application-autoscaling": {
        "describe_scalable_targets": Operation("ScalableTargets"),
        "describe_scaling_policies": Operation("ScalingPolicies"),
    },
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/
    "cloudformation": {
        "describe_stacks": Operation("Stacks"),
        "list_stack_resources": Operation("StackResourceSummaries"),
    },
    # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/
    "cloudtrail": {"lookup_events": Operation("Events", shared=True)},
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/
    "cloudwatch": {
        # Of the three lists some may be left out, but not all.
        "describe_alarms": Operation(tuple(LISTS.values())),
        "get_metric_data": Operation("MetricDataResults"),
    },
    # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/
    "dynamodb": {
        # Backups: a name of its own, the ARN of one backup.
        "create_backup": Operation("BackupDetails", Repeat.AS_IT_IS),
        "delete_backup": _AS_IT_IS,
        "describe_backup": Operation("BackupDescription"),
        "describe_table": Operation("Table"),
        "list_backups": Operation("BackupSummaries"),
        "list_tables": Operation("TableNames"),
        # The responder's records: a condition of their own, or a row that nothing else writes.
        "put_item": _AS_IT_IS,
        "query": Operation("Items"),
        # Without `Items` where the items are only counted.
        "scan": Operation("Count"),
        "transact_write_items": _AS_IT_IS,
        "update_item": _AS_IT_IS,
        "update_table": Operation("TableDescription", Repeat.COMPARED, "describe_table"),
    },
    # https://docs.aws.amazon.com/health/latest/APIReference/
    "health": {"describe_events": Operation("events")},
    # https://docs.aws.amazon.com/IAM/latest/APIReference/
    "iam": {
        "get_role": Operation("Role"),
        "list_attached_role_policies": Operation("AttachedPolicies"),
        "list_role_policies": Operation("PolicyNames"),
    },
    # https://docs.aws.amazon.com/lambda/latest/api/
    "lambda": {
        "delete_provisioned_concurrency_config": Operation((), Repeat.COMPARED, _CONCURRENCY),
        "get_account_settings": Operation("AccountLimit", shared=True),
        "get_function": _OWN_RATE,
        "get_function_concurrency": _SHARED,
        "get_function_configuration": Operation("FunctionName", shared=True),
        "get_policy": _OWN_RATE,
        "get_provisioned_concurrency_config": Operation("Status", shared=True),
        "invoke": Operation(repeat=Repeat.AS_IT_IS, own_rate=True),
        "list_aliases": Operation("Aliases", shared=True),
        "list_versions_by_function": Operation("Versions", shared=True),
        "publish_version": Operation("Version", Repeat.AT_REVISION),
        "put_provisioned_concurrency_config": Operation("Status", Repeat.COMPARED, _CONCURRENCY),
        "update_alias": Operation("FunctionVersion", Repeat.AT_REVISION),
        "update_function_configuration": Operation("FunctionName", Repeat.AT_REVISION),
    },
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/
    "logs": {"filter_log_events": Operation("events")},
    # https://docs.aws.amazon.com/AmazonS3/latest/API/; `Contents` is left out where there is no object.
    # Reports are written under a name of their own.
    "s3": {"list_objects_v2": Operation("IsTruncated"), "put_object": _AS_IT_IS},
    # https://docs.aws.amazon.com/sns/latest/api/; a message may come twice.
    "sns": {
        "get_subscription_attributes": Operation("Attributes"),
        "list_subscriptions_by_topic": Operation("Subscriptions"),
        "publish": Operation("MessageId", Repeat.AS_IT_IS),
    },
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/; a command may come twice.
    "sqs": {
        "change_message_visibility": _AS_IT_IS,
        "delete_message": _AS_IT_IS,
        "receive_message": _AS_IT_IS,
        "send_message": Operation("MessageId", Repeat.AS_IT_IS),
    },
    # https://docs.aws.amazon.com/systems-manager/latest/APIReference/
    "ssm": {
        # Another stop of the same name may have been created meanwhile.
        "delete_parameter": _NEVER,
        "delete_parameters": _NEVER,
        "get_parameter": Operation("Parameter"),
        "get_parameters_by_path": Operation("Parameters"),
        # A stop is created and never written over; a mode is set by one request at a time.
        "put_parameter": _AS_IT_IS,
    },
    # https://docs.aws.amazon.com/STS/latest/APIReference/
    "sts": {"get_caller_identity": Operation("Arn")},
}
_UNKNOWN = Operation()


class Request(NamedTuple):
    """One request to AWS: a call, or one page of a list. `service@region` is in another Region."""

    service: str
    operation: str
    arguments: Data

    @property
    def reads(self) -> bool:
        """Whether it only reads; an operation that is not known to read counts as a write."""
        return self.operation.startswith(_READS)

    @property
    def row(self) -> Operation:
        """What is known of its operation."""
        return OPERATIONS.get(self.service.partition("@")[0], {}).get(self.operation, _UNKNOWN)

    @property
    def api(self) -> str:
        """The operation's name in errors: `UpdateAlias`."""
        return self.operation.title().replace("_", "")
