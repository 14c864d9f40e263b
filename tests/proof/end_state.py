"""The state of the stack once nothing runs or waits in it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping

from local_aws.client import Call, LocalAws
from rehearsal.drill import state
from rehearsal.drill.stack import STACK
from rehearsal.drill.stored_records import rows, scan
from responder.aws.items import from_item
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from tests.fakes.slack_server import SlackServer

# As CloudTrail calls them.
WRITES = (
    "UpdateFunctionConfiguration20150331v2",
    "PublishVersion20150331",
    "UpdateAlias20150331",
    "UpdateTable",
    "PutProvisionedConcurrencyConfig",
    "DeleteProvisionedConcurrencyConfig",
)


type Writes = Counter[tuple[str, str]]


@frozen
class EndState:
    """`writes`: successful ones of the responder since the beginning, by (operation, resource). `threads`:
    messages at the root of Slack's channel, by incident. `messages`: what on-call got, oldest first."""

    rows: tuple[Data, ...]
    messages: tuple[Data, ...]
    threads: Counter[str]
    queues: Mapping[str, int]
    writes: Writes
    calls: tuple[Call, ...]
    before: state.State
    after: state.State

    @classmethod
    def read(cls, aws: LocalAws, slack: SlackServer, before: state.State, earlier: Writes) -> "EndState":
        mail = [each for each in aws.inbox() if "-Notifications" in each.topic]
        roots = (each["metadata"]["event_payload"]["incident"] for each in slack.roots())
        return cls(
            tuple(from_item(row) for row in rows(*aws.answers(scan(aws)))),
            tuple(json.loads(each.bodies["sqs"]) for each in mail),
            Counter(roots),
            dict(_queues(aws)),
            written(aws) - earlier,
            tuple(aws.calls()),
            before,
            state.read(aws.client),
        )

    @property
    def changes(self) -> dict[str, tuple[str, str]]:
        """Setting -> (before, after)."""
        return state.differences(self.before, self.after)

    @property
    def pointers(self) -> dict[str, Data]:
        """By alarm, the incident that it points to."""
        return {row["alarm"]: row for row in self.rows if row["pk"] == "ALARMS"}

    @property
    def incidents(self) -> set[str]:
        """Every one that anything is on record of, or was reported of."""
        known = {
            row["pk"].removeprefix("INCIDENT#") for row in self.rows if row["pk"].startswith("INCIDENT#")
        }
        return known | {each["incident"] for each in self.messages}

    @property
    def heads(self) -> dict[str, Data]:
        """By incident."""
        return {row["incident"]: row for row in self.rows if row["sk"] == "HEAD"}

    @property
    def posted(self) -> bool:
        """Slack has every incident that was reported."""
        return {each["incident"] for each in self.messages} <= set(self.threads)

    @property
    def leases(self) -> list[Json]:
        """All that are on record."""
        return [json.loads(row["data"]) for row in self.rows if row["sk"].startswith("LEASE#")]

    @property
    def acts(self) -> list[Json]:
        """What was applied, as the guards count it."""
        return [json.loads(row["data"]) for row in self.rows if row["sk"].startswith("APPLIED#")]

    def outcomes(self, remedy: str) -> Counter[str]:
        """The results of the proposals of a remedy, over all messages."""
        reported = (one for each in self.messages for one in each["outcomes"] if one["remedy"] == remedy)
        return Counter(one["result"] for one in reported)


def _queues(aws: LocalAws) -> Iterator[tuple[str, int]]:
    sqs = aws.client("sqs")
    for url in sqs.list_queues()["QueueUrls"]:
        name = url.rsplit("/", 1)[-1].removeprefix(f"{STACK}-").split("-")[0]
        wanted = ["ApproximateNumberOfMessages"]
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=wanted)["Attributes"]
        yield name, int(found[wanted[0]])


def written(aws: LocalAws) -> Writes:
    """Every successful write of the responder, as CloudTrail has it."""
    return Counter(_writes(aws))


def _writes(aws: LocalAws) -> Iterator[tuple[str, str]]:
    trail = aws.client("cloudtrail").get_paginator("lookup_events")
    for name in WRITES:
        where = [{"AttributeKey": "EventName", "AttributeValue": name}]
        for page in trail.paginate(LookupAttributes=where):
            for event in page["Events"]:
                detail = json.loads(event["CloudTrailEvent"])
                ours = f"assumed-role/{STACK}-" in detail["userIdentity"]["arn"]
                if ours and "errorCode" not in detail:
                    yield name.split("2015")[0], event["Resources"][0]["ResourceName"]
