"""What AWS always answers. Without it an answer was lost on its way, and does not mean "nothing there"."""

from collections.abc import Mapping
from typing import Any

from responder.core.errors import Unreachable

# Only what is there also where there is nothing to tell; a plain `{}` is GetItem's "no such item".
ALWAYS: Mapping[str, Mapping[str, str]] = {
    "application-autoscaling": {
        "describe_scalable_targets": "ScalableTargets",
        "describe_scaling_policies": "ScalingPolicies",
    },
    "cloudformation": {"describe_stacks": "Stacks"},
    "cloudtrail": {"lookup_events": "Events"},
    "cloudwatch": {"describe_alarms": "MetricAlarms", "get_metric_data": "MetricDataResults"},
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
    "health": {"describe_events": "events"},
    "iam": {
        "get_role": "Role",
        "list_attached_role_policies": "AttachedPolicies",
        "list_role_policies": "PolicyNames",
    },
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
    "logs": {"filter_log_events": "events"},
    # `Contents` is left out where there is no object.
    "s3": {"list_objects_v2": "IsTruncated"},
    "sns": {
        "get_subscription_attributes": "Attributes",
        "list_subscriptions_by_topic": "Subscriptions",
        "publish": "MessageId",
    },
    "sqs": {"send_message": "MessageId"},
    "ssm": {"get_parameter": "Parameter", "get_parameters_by_path": "Parameters"},
    "sts": {"get_caller_identity": "Arn"},
}


def whole(answer: dict[str, Any], service: str, operation: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The answer itself. `operation` is the client's method.

    Raises:
        Unreachable: it lacks what every such answer holds.
    """
    always = ALWAYS.get(service, {}).get(operation)
    if asked.get("ReturnValues") == "ALL_NEW":
        always = "Attributes"
    if always is not None and always not in answer:
        raise Unreachable(service, operation.title().replace("_", ""), "IncompleteAnswer")
    return answer
