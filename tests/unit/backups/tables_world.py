"""DynamoDB with a table, its backups and everything that a backup leaves out."""
# ruff: noqa: N803 - the argument names are AWS's own

from datetime import datetime, timedelta
from typing import Any

from responder.errors import Busy, Missing, Rejected
from tests.fakes import FakeAws

TABLE = "FaceAuth-LivenessSessions"
ARN = f"arn:aws:dynamodb:us-east-1:123456789012:table/{TABLE}"
SCALING = {"ServiceNamespace": "dynamodb", "ScalableDimension": "dynamodb:table:ReadCapacityUnits"}


class Tables:
    """A restored table is CREATING until it was looked at `looks` times."""

    def __init__(self, aws: FakeAws) -> None:
        self.aws, self.looks = aws, 2
        self.tables: dict[str, dict[str, Any]] = {TABLE: {"TableStatus": "ACTIVE", "TableArn": ARN}}
        self.backups = [self.backup(9, "old"), self.backup(2, "new"), self.backup(0, "half", "CREATING")]
        self.features: dict[str, Any] = {
            "TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
        }
        self.tags = [{"Key": "team", "Value": "auth"}, {"Key": "aws:cloudformation:stack-name", "Value": "x"}]
        aws.autoscaling.targets = [
            {**SCALING, "ResourceId": f"table/{TABLE}", "MinCapacity": 5, "MaxCapacity": 50},
            {**SCALING, "ResourceId": f"table/{TABLE}-other", "MinCapacity": 1, "MaxCapacity": 2},
        ]
        tracking = {
            "TargetValue": 70.0,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"},
        }
        policy = {**SCALING, "ResourceId": f"table/{TABLE}", "PolicyType": "TargetTrackingScaling"}
        aws.autoscaling.policies = [
            {**policy, "PolicyName": f"read-{TABLE}", "TargetTrackingScalingPolicyConfiguration": tracking}
        ]
        self._serve()

    def backup(self, days: float, name: str, status: str = "AVAILABLE") -> dict[str, Any]:
        made: datetime = self.aws.now - timedelta(days=days)
        return {
            "TableName": TABLE,
            "BackupArn": f"{ARN}/backup/{name}",
            "BackupName": name,
            "BackupStatus": status,
            "BackupCreationDateTime": made,
        }

    def _serve(self) -> None:
        one = self.aws.answer
        ttl = {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
        recovery = {"PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": 20}
        pitr = {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery}
        about = [{"Name": "TableName", "Value": TABLE}]
        alarms = [
            {"AlarmName": "Throttles", "Dimensions": about},
            {"AlarmName": f"TargetTracking-table/{TABLE}-AlarmHigh", "Dimensions": about},
            {"AlarmName": "Math", "Metrics": [{"Id": "a", "MetricStat": {"Metric": {"Dimensions": about}}}]},
            {"AlarmName": "Another", "Dimensions": [{"Name": "TableName", "Value": "Other"}]},
        ]
        one("dynamodb", "list_backups", lambda **_: {"BackupSummaries": self.backups})
        one("dynamodb", "describe_backup", self._describe_backup)
        one("dynamodb", "describe_table", self._describe)
        one("dynamodb", "restore_table_from_backup", self._restore)
        one("dynamodb", "describe_time_to_live", {"TimeToLiveDescription": ttl})
        one("dynamodb", "describe_continuous_backups", {"ContinuousBackupsDescription": pitr})
        one("dynamodb", "list_tags_of_resource", lambda **_: {"Tags": self.tags})
        one("cloudwatch", "describe_alarms", {"MetricAlarms": alarms})
        for operation in ("update_time_to_live", "update_continuous_backups"):
            one("dynamodb", operation, self._active)
        one("dynamodb", "tag_resource", {})
        one("application-autoscaling", "register_scalable_target", {})
        one("application-autoscaling", "put_scaling_policy", {})

    def _describe_backup(self, BackupArn: str) -> dict[str, Any]:
        found = [each for each in self.backups if each["BackupArn"] == BackupArn]
        if not found:
            raise Missing("dynamodb", "DescribeBackup", "BackupNotFoundException")
        table = {"TableName": found[0]["TableName"]}
        described = {"BackupDetails": found[0], "SourceTableDetails": table}
        return {"BackupDescription": {**described, "SourceTableFeatureDetails": self.features}}

    def _describe(self, TableName: str) -> dict[str, Any]:
        if TableName not in self.tables:
            raise Missing("dynamodb", "DescribeTable", "ResourceNotFoundException")
        table = self.tables[TableName]
        if table["TableStatus"] == "CREATING":
            table["looks"] += 1
            table["TableStatus"] = "ACTIVE" if table["looks"] >= self.looks else "CREATING"
        return {"Table": table}

    def _restore(self, TargetTableName: str, BackupArn: str) -> dict[str, Any]:
        if TargetTableName in self.tables:
            raise Rejected("dynamodb", "RestoreTableFromBackup", "TableAlreadyExistsException")
        self.tables[TargetTableName] = {"TableStatus": "CREATING", "looks": 0, "from": BackupArn}
        return {}

    def _active(self, TableName: str, **_: Any) -> dict[str, Any]:
        if self.tables[TableName]["TableStatus"] != "ACTIVE":
            raise Busy("dynamodb", "UpdateTimeToLive", "ResourceInUseException")
        return {}
