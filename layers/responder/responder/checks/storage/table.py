"""The sessions table every week: how much it holds, and whether it forgets (manual, 週次)."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from responder.checks.base import AwsAnswer, ask, unread
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckSection, CheckStatus, Harm
from responder.checks.storage import table_judged
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.permissions import SESSIONS_TABLE, Permission
from responder.core.text import Text, text
from responder.evidence.base import reason

_RIGHTS = ("DescribeTable", "DescribeTimeToLive", "DescribeContinuousBackups")


@dataclass(frozen=True, slots=True)
class SessionsTable:
    """Items, size, expiry, point-in-time recovery; no row is read."""

    name: str = "table"

    def needs(self) -> tuple[Permission, ...]:
        """Describing it."""
        return tuple(Permission(f"dynamodb:{each}", SESSIONS_TABLE) for each in _RIGHTS)

    def run(self, context: Context) -> CheckSection:
        """Three requests side by side."""
        settings = context.settings
        operations = ("describe_table", "describe_time_to_live", "describe_continuous_backups")
        with ThreadPoolExecutor(len(operations)) as pool:
            asked = partial(ask, context, "dynamodb", TableName=settings.sessions_table)
            described, expiry, backups = pool.map(asked, operations)
        table = settings.sessions_table
        if isinstance(described, Missing):
            return CheckSection(self.name, (gone(table, described),))
        return CheckSection(
            self.name,
            (
                told(described, "Table", partial(table_judged.items, settings=settings), "items", table),
                *(
                    (table_judged.billing(described["Table"], settings),)
                    if not isinstance(described, AwsError)
                    else ()
                ),
                told(
                    expiry,
                    "TimeToLiveDescription",
                    partial(table_judged.ttl, settings=settings),
                    "ttl",
                    table,
                ),
                told(
                    backups,
                    "ContinuousBackupsDescription",
                    lambda found: table_judged.pitr(found, table, settings.region),
                    "pitr",
                    table,
                ),
            ),
        )


def gone(table: str, error: AwsError) -> CheckItem:
    """There is no such table."""
    said = text("check.table.gone", table=table, reason=reason(error))
    return CheckItem(Checked.TABLE.of(table), CheckStatus.RED, said, (), table_judged.ITEMS, harm=Harm.OUTAGE)


def told(
    answer: AwsAnswer, key: str, judge: Callable[[Mapping[str, Any]], CheckItem], part: str, table: str
) -> CheckItem:
    """`part`: what it is called where it could not be read."""
    if isinstance(answer, AwsError):
        return unread(
            table_judged.KINDS[part].of(table),
            Text(f"check.table.part.{part}", {"table": table}),
            answer,
            table_judged.CHAPTERS[part],
        )
    return judge(answer.get(key) or {})
