"""The sessions table's settings, judged. Pure."""

import shlex
from collections.abc import Mapping
from typing import Any

from responder.checks import commands
from responder.checks.identity import Checked, magnitude
from responder.checks.model import CheckItem, CheckStatus, Harm
from responder.core.settings import Settings
from responder.core.text import Text, Value, text

ITEMS = "DynamoDBテーブル確認"
TTL = "DynamoDB TTL確認"
SECURITY = "DynamoDBセキュリティ"
KINDS = {
    "items": Checked.TABLE_ITEMS,
    "ttl": Checked.TABLE_TTL,
    "pitr": Checked.TABLE_PITR,
    "encryption": Checked.TABLE_ENCRYPTION,
}
CHAPTERS = {"items": ITEMS, "ttl": TTL, "pitr": SECURITY, "encryption": SECURITY}
TTL_ATTRIBUTE = "expires_at"
# DynamoDB deletes within about two days; at most 1,000 sessions a day are normal.
MOST_ITEMS = 3_000
# Days: as DynamoDB sets it, and what reaches back to the weekly backup.
_PITR_DAYS, _PITR_LEAST = 35, 7


def items(described: Mapping[str, Any], settings: Settings) -> CheckItem:
    """Rows and bytes; DynamoDB counts them about every six hours."""
    count, size = int(described.get("ItemCount", 0)), float(described.get("TableSizeBytes", 0))
    told = f"{size / 2**20:,.1f} MiB"
    given: dict[str, Value] = {"table": settings.sessions_table, "count": count, "size": told}
    many = count > MOST_ITEMS
    details: tuple[Text, ...] = (text("check.table.six_hours"),)
    if many:
        details = (text("check.table.many", most=MOST_ITEMS), *details)
    numbers = {"items": float(count), "bytes": size}
    light = CheckStatus.AMBER if many else CheckStatus.GREEN
    return CheckItem(
        Checked.TABLE_ITEMS.of(settings.sessions_table),
        light,
        text("check.table.items", **given),
        details,
        ITEMS,
        "",
        numbers,
        facts=(magnitude(count),),
    )


def on_demand(described: Mapping[str, Any]) -> bool:
    """A table that was never switched has no summary: it is provisioned (API reference, TableDescription)."""
    summary = described.get("BillingModeSummary") or {}
    return summary.get("BillingMode") == "PAY_PER_REQUEST"


def billing(described: Mapping[str, Any], settings: Settings) -> CheckItem:
    """On demand, as deployed: provisioned capacity is used up at a busy minute, and sessions fail."""
    table = settings.sessions_table
    if on_demand(described):
        return CheckItem(
            Checked.TABLE_BILLING.of(table),
            CheckStatus.GREEN,
            text("check.table.on_demand", table=table),
            (),
            ITEMS,
        )
    found = described.get("ProvisionedThroughput") or {}
    read, write = (int(found.get(f"{each}CapacityUnits") or 0) for each in ("Read", "Write"))
    said = text("check.table.provisioned", table=table, read=read, write=write)
    where = f"--region {settings.region} --table-name {table}"
    query = "'to_string(Table.ProvisionedThroughput.[ReadCapacityUnits,WriteCapacityUnits])'"
    show = f"aws dynamodb describe-table {where} --query {query} --output text"
    switch = f"aws dynamodb update-table {where} --billing-mode PAY_PER_REQUEST"
    command = commands.unchanged(show, commands.written([read, write]), switch)
    caution = text("check.table.caution.provisioned")
    numbers = {"read_units": float(read), "write_units": float(write)}
    details = (text("check.table.provisioned.limit"),)
    return CheckItem(
        Checked.TABLE_BILLING.of(table),
        CheckStatus.AMBER,
        said,
        details,
        ITEMS,
        command,
        numbers,
        caution=caution,
    )


def ttl(description: Mapping[str, Any], settings: Settings) -> CheckItem:
    """On, on the attribute that the service writes."""
    state = str(description.get("TimeToLiveStatus", "DISABLED"))
    attribute = str(description.get("AttributeName", ""))
    table = settings.sessions_table
    late = text("check.table.ttl.late")
    on = state in ("ENABLED", "ENABLING")
    if on and attribute == TTL_ATTRIBUTE:
        said = text("check.table.ttl", table=table, attribute=attribute)
        return CheckItem(Checked.TABLE_TTL.of(table), CheckStatus.GREEN, said, (late,), TTL)
    if on:
        said = text("check.table.ttl.other", table=table, attribute=attribute, wanted=TTL_ATTRIBUTE)
        command = _ttl(settings, attribute, on=False)
        caution = text("check.table.caution.ttl_off", attribute=attribute)
        details = (text("check.table.ttl.first_off"), late)
        return CheckItem(
            Checked.TABLE_TTL.of(table), CheckStatus.RED, said, details, TTL, command, caution=caution
        )
    said = text("check.table.ttl.off", table=table, wanted=TTL_ATTRIBUTE)
    # DynamoDB takes no second change within the hour.
    going = (text("check.table.ttl.disabling"),) if state == "DISABLING" else ()
    command = _ttl(settings, TTL_ATTRIBUTE, on=True)
    caution = text("check.table.caution.ttl_on", table=table, wanted=TTL_ATTRIBUTE)
    return CheckItem(
        Checked.TABLE_TTL.of(table), CheckStatus.RED, said, (*going, late), TTL, command, caution=caution
    )


def pitr(description: Mapping[str, Any], table: str, region: str) -> CheckItem:
    """Point-in-time recovery of any table."""
    found = description.get("PointInTimeRecoveryDescription", {})
    days = int(found.get("RecoveryPeriodInDays", _PITR_DAYS))
    where = f"--region {region} --table-name {table}"
    if found.get("PointInTimeRecoveryStatus") == "ENABLED" and days < _PITR_LEAST:
        longer = f"PointInTimeRecoveryEnabled=true,RecoveryPeriodInDays={_PITR_DAYS}"
        return CheckItem(
            Checked.TABLE_PITR.of(table),
            CheckStatus.AMBER,
            text("check.table.pitr.short", table=table, days=days, least=_PITR_LEAST),
            (),
            SECURITY,
            f"aws dynamodb update-continuous-backups {where} --point-in-time-recovery-specification {longer}",
            harm=Harm.DATA,
        )
    if found.get("PointInTimeRecoveryStatus") == "ENABLED":
        return CheckItem(
            Checked.TABLE_PITR.of(table),
            CheckStatus.GREEN,
            text("check.table.pitr", table=table, days=days),
            (),
            SECURITY,
        )
    command = (
        f"aws dynamodb update-continuous-backups {where} "
        "--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true"
    )
    return CheckItem(
        Checked.TABLE_PITR.of(table),
        CheckStatus.AMBER,
        text("check.table.pitr.off", table=table),
        (),
        SECURITY,
        command,
        harm=Harm.DATA,
    )


def encryption(described: Mapping[str, Any], table: str, region: str) -> CheckItem:
    """DynamoDB always encrypts. What can go wrong is a key of one's own that it cannot use any more, or
    another key than the tables are deployed with: one of KMS in this account, whose use CloudTrail shows."""
    found = described.get("SSEDescription") or {}
    if found.get("InaccessibleEncryptionDateTime"):
        command = f"aws kms describe-key --region {region} --key-id {found.get('KMSMasterKeyArn', '')}"
        return CheckItem(
            Checked.TABLE_ENCRYPTION.of(table),
            CheckStatus.RED,
            text("check.table.key_lost", table=table),
            (),
            SECURITY,
            command,
            harm=Harm.OUTAGE,
        )
    if found.get("Status") in ("ENABLED", "UPDATING", "ENABLING"):
        return CheckItem(
            Checked.TABLE_ENCRYPTION.of(table),
            CheckStatus.GREEN,
            text("check.table.encrypted", table=table),
            (),
            SECURITY,
        )
    command = (
        f"aws dynamodb update-table --region {region} --table-name {table} --sse-specification Enabled=true"
    )
    said = text("check.table.encrypted_by_aws", table=table)
    details = (text("check.table.encrypted_by_aws.drift"),)
    return CheckItem(Checked.TABLE_ENCRYPTION.of(table), CheckStatus.AMBER, said, details, SECURITY, command)


def _ttl(settings: Settings, attribute: str, *, on: bool) -> str:
    """Only while the table deletes nothing (`on`), or deletes by this attribute."""
    where = f"--region {settings.region} --table-name {settings.sessions_table}"
    counts, said = ("TimeToLiveStatus", "DISABLED") if on else ("AttributeName", attribute)
    query = f"TimeToLiveDescription.{counts}"
    read = f"aws dynamodb describe-time-to-live {where} --query {query} --output text"
    wanted = f"Enabled={'true' if on else 'false'},AttributeName={attribute}"
    change = f"aws dynamodb update-time-to-live {where} --time-to-live-specification {shlex.quote(wanted)}"
    return commands.unchanged(read, said, change)
