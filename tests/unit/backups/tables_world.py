"""DynamoDB with a table, its backups and everything that a backup leaves out."""
# ruff: noqa: N803 - the argument names are AWS's own

from datetime import datetime, timedelta
from typing import Any

from responder.core.errors import Busy, Missing, Rejected
from responder.core.plain_data import Json
from tests.fakes import FakeAws

TABLE = "FaceAuth-LivenessSessions"
INDEX = "EmployeeIdIndex"
NEW = "Sessions-Restored"
RESTORE = f"restore-table --to {NEW} --yes"
TABLES = "arn:aws:dynamodb:us-east-1:123456789012:table"
ARN = f"{TABLES}/{TABLE}"
READ = {"ServiceNamespace": "dynamodb", "ScalableDimension": "dynamodb:table:ReadCapacityUnits"}
OF_INDEX = {"ServiceNamespace": "dynamodb", "ScalableDimension": "dynamodb:index:WriteCapacityUnits"}
STAT = {"Period": 60, "Stat": "Sum"}


def about(table: str) -> list[dict[str, str]]:
    return [{"Name": "TableName", "Value": table}]


def alarm(name: str, table: str, **more: Any) -> Json:
    return {
        "AlarmName": name, "AlarmArn": f"arn:{name}", "StateValue": "OK", "Namespace": "AWS/DynamoDB",
        "MetricName": "WriteThrottleEvents", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1,
        "Threshold": 0.0, "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "notBreaching",
        "ActionsEnabled": False, "OKActions": [], "AlarmActions": ["arn:aws:sns:us-east-1:1:ops"],
        "Dimensions": about(table), **more,
    }  # fmt: skip


class Tables:
    """A restored table is CREATING until it was read `looks` times, and has nothing but its rows.

    `ttl`, `pitr` and `tags` are by table; where a table is in none of them, it is off.
    """

    def __init__(self, aws: FakeAws) -> None:
        self.aws, self.looks = aws, 2
        self.tables: dict[str, Json] = {TABLE: {"TableStatus": "ACTIVE", "TableArn": ARN}}
        self.backups = [self.backup(9, "old"), self.backup(2, "new"), self.backup(0, "half", "CREATING")]
        self.billing = "PROVISIONED"
        self.indexes = [INDEX]
        self.features: Json = {
            "TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
        }
        self.ttl, self.pitr = {TABLE: "expires_at"}, {TABLE: 20}
        self.tags = {ARN: {"team": "auth", "aws:cloudformation:stack-name": "x"}}
        self.alarms = [
            alarm("Throttles", TABLE),
            alarm(f"TargetTracking-table/{TABLE}-AlarmHigh", TABLE),
            {
                "AlarmName": f"{TABLE}-Math", "Dimensions": [], "EvaluationPeriods": 1, "Threshold": 1.0,
                "Metrics": [
                    {"Id": "a", "MetricStat": {**STAT, "Metric": {"Dimensions": about(TABLE)}}},
                    {"Id": "b", "Expression": "a * 2"},
                ],
            },
            alarm("Another", "Other"),
        ]  # fmt: skip
        self._scale()
        self._serve()

    def backup(self, days: float, name: str, status: str = "AVAILABLE") -> Json:
        made: datetime = self.aws.now - timedelta(days=days)
        return {
            "TableName": TABLE,
            "BackupArn": f"{ARN}/backup/{name}",
            "BackupName": name,
            "BackupStatus": status,
            "BackupType": "USER",
            "BackupCreationDateTime": made,
        }

    def act(self, name: str, **more: Any) -> None:
        """A scheduled action."""
        action = {
            **READ, "ResourceId": f"table/{TABLE}", "ScheduledActionName": name, "CreationTime": self.aws.now,
            "Schedule": "cron(0 18 * * ? *)", "ScalableTargetAction": {"MinCapacity": 9}, **more,
        }  # fmt: skip
        self.aws.autoscaling.actions.append(action)

    def made_of(self, table: str) -> str:
        return str(self.tables[table]["RestoreSummary"]["SourceBackupArn"])

    def lose(self, table: str) -> None:
        """Its scaling and its alarms outlive it."""
        arn = self.tables.pop(table)["TableArn"]
        for kept, key in ((self.ttl, table), (self.pitr, table), (self.tags, arn)):
            kept.pop(key, None)

    def _scale(self) -> None:
        scaling = self.aws.autoscaling
        scaling.actions = []
        scaling.targets = [
            {**READ, "ResourceId": f"table/{TABLE}", "MinCapacity": 5, "MaxCapacity": 50},
            {**READ, "ResourceId": f"table/{TABLE}-other", "MinCapacity": 1, "MaxCapacity": 2},
        ]
        tracking = {
            "TargetValue": 70.0,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"},
        }
        policy = {**READ, "ResourceId": f"table/{TABLE}", "PolicyType": "TargetTrackingScaling"}
        scaling.policies = [
            {**policy, "PolicyName": f"read-{TABLE}", "TargetTrackingScalingPolicyConfiguration": tracking}
        ]

    def _serve(self) -> None:
        def one(operation: str, answer: Any) -> None:
            self.aws.answer("dynamodb", operation, answer)

        one("list_backups", self._list)
        one("describe_backup", self._describe_backup)
        one("describe_table", self._describe)
        one("restore_table_from_backup", self._restore)
        one("describe_time_to_live", self._describe_ttl)
        one("describe_continuous_backups", self._describe_pitr)
        one("list_tags_of_resource", self._list_tags)
        one("update_time_to_live", self._update_ttl)
        one("update_continuous_backups", self._update_pitr)
        one("tag_resource", self._tag)
        self.aws.answer("cloudwatch", "describe_alarms", self._describe_alarms)
        self.aws.answer("cloudwatch", "put_metric_alarm", self._put_alarm)

    def _list(self, TableName: str, BackupType: str) -> Json:
        kinds = ("USER", "SYSTEM") if BackupType == "ALL" else (BackupType,)
        return {"BackupSummaries": [each for each in self.backups if each["BackupType"] in kinds]}

    def _describe_backup(self, BackupArn: str) -> Json:
        found = [each for each in self.backups if each["BackupArn"] == BackupArn]
        if not found:
            raise Missing("dynamodb", "DescribeBackup", "BackupNotFoundException")
        table = {"TableName": found[0]["TableName"], "BillingMode": self.billing}
        features = {**self.features, "GlobalSecondaryIndexes": [{"IndexName": i} for i in self.indexes]}
        described = {"BackupDetails": found[0], "SourceTableDetails": table}
        return {"BackupDescription": {**described, "SourceTableFeatureDetails": features}}

    def _describe(self, TableName: str) -> Json:
        if TableName not in self.tables:
            raise Missing("dynamodb", "DescribeTable", "ResourceNotFoundException")
        table = self.tables[TableName]
        if table["TableStatus"] == "CREATING":
            table["looks"] += 1
            table["TableStatus"] = "ACTIVE" if table["looks"] >= self.looks else "CREATING"
        return {"Table": table}

    def _restore(self, TargetTableName: str, BackupArn: str, BillingModeOverride: str = "") -> Json:
        if TargetTableName in self.tables:
            raise Rejected("dynamodb", "RestoreTableFromBackup", "TableAlreadyExistsException")
        self.tables[TargetTableName] = {
            "TableStatus": "CREATING", "looks": 0, "TableArn": f"{TABLES}/{TargetTableName}",
            "RestoreSummary": {"SourceBackupArn": BackupArn},
            "BillingModeSummary": {"BillingMode": BillingModeOverride or self.billing},
        }  # fmt: skip
        return {}

    def _describe_ttl(self, TableName: str) -> Json:
        found = self.ttl.get(TableName, "")
        on = {"TimeToLiveStatus": "ENABLED", "AttributeName": found}
        return {"TimeToLiveDescription": on if found else {"TimeToLiveStatus": "DISABLED"}}

    def _describe_pitr(self, TableName: str) -> Json:
        days = self.pitr.get(TableName)
        on = {"PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": days}
        given = on if days else {"PointInTimeRecoveryStatus": "DISABLED"}
        return {"ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": given}}

    def _list_tags(self, ResourceArn: str) -> list[Json]:
        found = self.tags.get(ResourceArn, {})
        return [{"Tags": [{"Key": key, "Value": value}]} for key, value in found.items()] or [{"Tags": []}]

    def _update_ttl(self, TableName: str, TimeToLiveSpecification: Json) -> Json:
        self._active(TableName)
        if TableName in self.ttl:
            raise Rejected("dynamodb", "UpdateTimeToLive", "ValidationException")
        self.ttl[TableName] = TimeToLiveSpecification["AttributeName"]
        return {}

    def _update_pitr(self, TableName: str, PointInTimeRecoverySpecification: Json) -> Json:
        self._active(TableName)
        self.pitr[TableName] = PointInTimeRecoverySpecification["RecoveryPeriodInDays"]
        return {}

    def _tag(self, ResourceArn: str, Tags: list[dict[str, str]]) -> Json:
        self._active(ResourceArn.rpartition("/")[2])
        self.tags.setdefault(ResourceArn, {}).update({each["Key"]: each["Value"] for each in Tags})
        return {}

    def _active(self, table: str) -> None:
        if self.tables[table]["TableStatus"] != "ACTIVE":
            raise Busy("dynamodb", "UpdateTable", "ResourceInUseException")

    def _describe_alarms(self, AlarmTypes: list[str], AlarmNames: list[str] | None = None, **_: Any) -> Json:
        found = [each for each in self.alarms if not AlarmNames or each["AlarmName"] in AlarmNames]
        logs = [each for each in found if "ScheduledQueryConfiguration" in each]
        metrics = [each for each in found if each not in logs]
        return {"MetricAlarms": metrics, "LogAlarms": logs if "LogAlarm" in AlarmTypes else []}

    def _put_alarm(self, AlarmName: str, **put: Any) -> Json:
        self.alarms = [each for each in self.alarms if each["AlarmName"] != AlarmName]
        self.alarms.append({"AlarmName": AlarmName, **put})
        return {}
