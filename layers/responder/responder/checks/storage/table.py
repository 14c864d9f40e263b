"""The weekly check of the sessions table: its size, and whether items expire (manual, 週次). Also the
protection of any of our tables."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from responder.checks import commands
from responder.checks.base import AwsAnswer, ask
from responder.checks.commands import aws
from responder.checks.finding import AMBER, GREEN, Checked, CheckItem, Harm, Items, magnitude
from responder.checks.model import CheckSection
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.frozen import frozen
from responder.core.permissions import SESSIONS_TABLE, Permission, Permissions
from responder.core.plain_data import Data
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.evidence.base import reason

ITEMS, TTL, SECURITY = "DynamoDBテーブル確認", "DynamoDB TTL確認", "DynamoDBセキュリティ"
# Of each part: the request, what its answer holds, what is judged by it, and the manual's chapter.
_PARTS = {
    "items": ("describe_table", "Table", Checked.TABLE_ITEMS, ITEMS),
    "ttl": ("describe_time_to_live", "TimeToLiveDescription", Checked.TABLE_TTL, TTL),
    "pitr": ("describe_continuous_backups", "ContinuousBackupsDescription", Checked.TABLE_PITR, SECURITY),
    "encryption": ("describe_table", "Table", Checked.TABLE_ENCRYPTION, SECURITY),
}
TTL_ATTRIBUTE = "expires_at"
# DynamoDB deletes within about two days; at most 1,000 sessions a day are normal.
MOST_ITEMS = 3_000
# Days: as DynamoDB sets it, and what reaches back to the weekly backup.
_PITR_DAYS, _PITR_LEAST = 35, 7


@frozen
class SessionsTable:
    """Items, size, expiry, point-in-time recovery; no row is read."""

    name: str = "table"

    def needs(self) -> Permissions:
        """Describing it."""
        rights = ("DescribeTable", "DescribeTimeToLive", "DescribeContinuousBackups")
        return tuple(Permission(f"dynamodb:{each}", SESSIONS_TABLE) for each in rights)

    def run(self, context: Context) -> CheckSection:
        """Three requests side by side."""
        settings = context.settings
        name = settings.sessions_table
        with ThreadPoolExecutor(3) as pool:
            asked = partial(ask, context, "dynamodb", TableName=name)
            operations = ("describe_table", "describe_time_to_live", "describe_continuous_backups")
            described, expiry, backups = pool.map(asked, operations)
        if isinstance(described, Missing):
            return CheckSection(self.name, (gone(name, described),))
        bills = () if isinstance(described, AwsError) else (billing(described["Table"], settings),)
        return CheckSection(
            self.name,
            (
                _judged("items", name, described, partial(items, settings=settings)),
                *bills,
                _judged("ttl", name, expiry, partial(ttl, settings=settings)),
                _judged("pitr", name, backups, partial(pitr, table=name, region=settings.region)),
            ),
        )


def protection(context: Context, table: str) -> Items:
    """Encryption and point-in-time recovery of one table, the stack's or the service's."""

    def judged(part: str, judge: Callable[..., CheckItem]) -> CheckItem:
        answer = ask(context, "dynamodb", _PARTS[part][0], TableName=table)
        return _judged(part, table, answer, partial(judge, table=table, region=context.settings.region))

    return judged("encryption", encryption), judged("pitr", pitr)


def _judged(part: str, table: str, answer: AwsAnswer, judge: Callable[[Data], CheckItem]) -> CheckItem:
    _, key, kind, chapter = _PARTS[part]
    if isinstance(answer, AwsError):
        what = Text(f"check.table.part.{part}", {"table": table})
        return kind.of(table, chapter=chapter).unread(what, answer)
    return judge(answer.get(key) or {})


def gone(table: str, error: AwsError) -> CheckItem:
    """There is no such table."""
    said = text("check.table.gone", table=table, reason=reason(error))
    return Checked.TABLE.of(table, chapter=ITEMS).red(said, harm=Harm.OUTAGE)


def items(described: Data, settings: Settings) -> CheckItem:
    """Rows and bytes; DynamoDB counts them about every six hours."""
    count, size = int(described.get("ItemCount", 0)), float(described.get("TableSizeBytes", 0))
    many, table = count > MOST_ITEMS, settings.sessions_table
    details = (text("check.table.many", most=MOST_ITEMS),) if many else ()
    return Checked.TABLE_ITEMS.of(table, chapter=ITEMS).item(
        AMBER if many else GREEN,
        text("check.table.items", table=table, count=count, size=f"{size / 2**20:,.1f} MiB"),
        *details,
        text("check.table.six_hours"),
        numbers={"items": float(count), "bytes": size},
        facts=(magnitude(count),),
    )


def on_demand(described: Data) -> bool:
    """A table that was never switched has no summary: it is provisioned (API reference, TableDescription)."""
    summary = described.get("BillingModeSummary") or {}
    return summary.get("BillingMode") == "PAY_PER_REQUEST"


def billing(described: Data, settings: Settings) -> CheckItem:
    """On demand, as deployed: provisioned capacity is used up at a busy minute, and sessions fail."""
    table, region = settings.sessions_table, settings.region
    this = Checked.TABLE_BILLING.of(table, chapter=ITEMS)
    if on_demand(described):
        return this.green(text("check.table.on_demand", table=table))
    found = described.get("ProvisionedThroughput") or {}
    read, write = (int(found.get(f"{each}CapacityUnits") or 0) for each in ("Read", "Write"))
    query = "to_string(Table.ProvisionedThroughput.[ReadCapacityUnits,WriteCapacityUnits])"
    show = aws("dynamodb describe-table", region, table_name=table, query=query, output="text")
    switch = aws("dynamodb update-table", region, table_name=table, billing_mode="PAY_PER_REQUEST")
    return this.amber(
        text("check.table.provisioned", table=table, read=read, write=write),
        text("check.table.provisioned.limit"),
        command=commands.unchanged(show, commands.written([read, write]), switch),
        numbers={"read_units": float(read), "write_units": float(write)},
        caution=text("check.table.caution.provisioned"),
    )


def ttl(description: Data, settings: Settings) -> CheckItem:
    """The item about TTL: whether it is on, for the attribute that the service writes."""
    state = str(description.get("TimeToLiveStatus", "DISABLED"))
    attribute, table = str(description.get("AttributeName", "")), settings.sessions_table
    this, late = Checked.TABLE_TTL.of(table, chapter=TTL), text("check.table.ttl.late")
    on = state in ("ENABLED", "ENABLING")
    if on and attribute == TTL_ATTRIBUTE:
        return this.green(text("check.table.ttl", table=table, attribute=attribute), late)
    if on:
        said = text("check.table.ttl.other", table=table, attribute=attribute, wanted=TTL_ATTRIBUTE)
        caution = text("check.table.caution.ttl_off", attribute=attribute)
        command = _ttl(settings, attribute, "AttributeName", attribute, "false")
        return this.red(said, text("check.table.ttl.first_off"), late, command=command, caution=caution)
    said = text("check.table.ttl.off", table=table, wanted=TTL_ATTRIBUTE)
    # DynamoDB takes no second change within the hour.
    going = (text("check.table.ttl.disabling"),) if state == "DISABLING" else ()
    command = _ttl(settings, TTL_ATTRIBUTE, "TimeToLiveStatus", "DISABLED", "true")
    caution = text("check.table.caution.ttl_on", table=table, wanted=TTL_ATTRIBUTE)
    return this.red(said, *going, late, command=command, caution=caution)


def _ttl(settings: Settings, attribute: str, key: str, said: str, enabled: str) -> str:
    """The command, which runs only while DynamoDB answers that `key` is `said`."""
    region, table = settings.region, settings.sessions_table
    query = f"TimeToLiveDescription.{key}"
    read = aws("dynamodb describe-time-to-live", region, table_name=table, query=query, output="text")
    wanted = f"Enabled={enabled},AttributeName={attribute}"
    call = "dynamodb update-time-to-live"
    return commands.unchanged(
        read, said, aws(call, region, table_name=table, time_to_live_specification=wanted)
    )


def pitr(description: Data, table: str, region: str) -> CheckItem:
    """Point-in-time recovery of any table."""
    found = description.get("PointInTimeRecoveryDescription", {})
    days, this = (
        int(found.get("RecoveryPeriodInDays", _PITR_DAYS)),
        Checked.TABLE_PITR.of(table, chapter=SECURITY),
    )
    on = found.get("PointInTimeRecoveryStatus") == "ENABLED"
    if on and days >= _PITR_LEAST:
        return this.green(text("check.table.pitr", table=table, days=days))
    said = text("check.table.pitr.off", table=table)
    wanted = "PointInTimeRecoveryEnabled=true"
    if on:
        said = text("check.table.pitr.short", table=table, days=days, least=_PITR_LEAST)
        wanted += f",RecoveryPeriodInDays={_PITR_DAYS}"
    call, option = "dynamodb update-continuous-backups", "point_in_time_recovery_specification"
    return this.amber(said, command=aws(call, region, table_name=table, **{option: wanted}), harm=Harm.DATA)


def encryption(described: Data, table: str, region: str) -> CheckItem:
    """DynamoDB always encrypts. What can go wrong is a customer's key that it can no longer use, or
    another key than the tables are deployed with: one of KMS in this account, whose use CloudTrail shows."""
    found, this = (
        described.get("SSEDescription") or {},
        Checked.TABLE_ENCRYPTION.of(table, chapter=SECURITY),
    )
    if found.get("InaccessibleEncryptionDateTime"):
        command = aws("kms describe-key", region, key_id=str(found.get("KMSMasterKeyArn", "")))
        return this.red(text("check.table.key_lost", table=table), command=command, harm=Harm.OUTAGE)
    if found.get("Status") in ("ENABLED", "UPDATING", "ENABLING"):
        return this.green(text("check.table.encrypted", table=table))
    command = aws("dynamodb update-table", region, table_name=table, sse_specification="Enabled=true")
    said, drift = (
        text("check.table.encrypted_by_aws", table=table),
        text("check.table.encrypted_by_aws.drift"),
    )
    return this.amber(said, drift, command=command)
