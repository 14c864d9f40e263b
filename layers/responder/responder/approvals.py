"""Approvals: rows written by operators only, believed only after every rule was checked again.

A row: `pk` = proposal id, `sk` = person, `decision` = approve | reject, `principal` = the identity
that wrote it (IAM ARN or Slack id), `at` = ISO time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from responder.asked import Asked
from responder.aws.items import from_item, typed
from responder.gateway import Gateway
from responder.settings import Settings
from responder.text import Text, text

FRESH = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Approval:
    """A valid approval: who gave it, and when."""

    person: str
    at: datetime


def rows(aws: Gateway, table: str, proposal: str) -> tuple[Mapping[str, Any], ...]:
    """Every row about a proposal. Raises our errors when the table cannot be read."""
    answer = aws.call(
        "dynamodb",
        "query",
        TableName=table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": typed(proposal)},
        ConsistentRead=True,
    )
    return tuple(from_item(item) for item in answer.get("Items", []))


def check(
    found: tuple[Mapping[str, Any], ...], asked: Asked, settings: Settings, now: datetime
) -> Approval | Text:
    """The approval that lets `asked` be applied, or the reason why there is none.

    One rejection stands against any approval. The age that matters is the approval's.
    """
    if any(row.get("decision") == "reject" for row in found):
        return text("guard.rejected")
    people = registered(settings.approvers_of(asked.effect))
    judged = [each for row in found if (each := _judge(row, asked, people, now)) is not None]
    # What one person may not do must not hide what another one did.
    valid = next((each for each in judged if isinstance(each, Approval)), None)
    return valid or next(iter(judged), text("guard.not_approved"))


def _judge(
    row: Mapping[str, Any], asked: Asked, people: Mapping[str, tuple[str, ...]], now: datetime
) -> Approval | Text | None:
    person, at = str(row.get("sk")), _time(row.get("at"))
    if row.get("decision") != "approve" or at is None or not (asked.since or asked.at) <= at <= now:
        return None
    if row.get("principal") not in people.get(person, ()):
        return text("guard.no_right", person=person)
    if at > asked.expires or now - at > FRESH:
        return text("guard.expired")
    return Approval(person, at)


def registered(entries: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """`name=identity|identity` per person, as the parameter is written -> identities by name."""
    split = (entry.partition("=") for entry in entries)
    return {name.strip(): tuple(i.strip() for i in ids.split("|") if i.strip()) for name, _, ids in split}


def _time(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
