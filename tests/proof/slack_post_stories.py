"""What the topic sends, on its way into Slack: each kind of message as a story, and what must hold of it."""

import copy
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from responder.checks.report.summary import Summary, envelope
from responder.core.context import Context
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.core.report import Report, ReportKind
from responder.core.settings import Settings
from responder.slack.outbound import post
from responder.slack.secret import Keeper
from tests.fakes import FakeAws
from tests.laid_out import machine
from tests.proof.faulty_gateway import FaultyGateway
from tests.proof.faulty_slack import FaultySlack, Workspace
from tests.proof.matrix import Invariant, Story, StoryRun, StoryStart, clean
from tests.proof.reporting import ENVIRONMENT, record, reported_once
from tests.unit.checks.reports import report
from tests.unit.messages.samples import ACTS, AT

_CALLED, _LEVEL = "C0ONCALL", "C0LEVEL2"
_TOKEN, _SIGNING = "xoxb-test", "a-signing-secret"
_PICTURE = {"MetricWidgetImage": b"\x89PNG a graph"}
_GRAPH = {
    "AlarmName": ACTS.alarm,
    "Namespace": "FaceAuth/Liveness",
    "MetricName": "VerificationError",
    "Statistic": "Sum",
    "Period": 300,
    "Threshold": 5.0,
}
_SETTINGS = Settings(
    stack="responder",
    incidents_table="Incidents",
    slack_channel=_CALLED,
    slack_team="T0TEAM",
    slack_level_mentions=f"2=<!subteam^S1DEV>,2={_LEVEL}",
    slack_secret="arn:aws:secretsmanager:us-east-1:123456789012:secret:slack",
)


@frozen
class Known:
    """`shown`: every message of the clean run: channel, report, and whether it is in a thread; `said`: what
    the incident's own message says in the end."""

    slack: Workspace
    shown: Counter[tuple[str, str, bool]]
    said: frozenset[str]


def _later(minutes: float, **changes: Any) -> Report:
    at: datetime = ACTS.at + timedelta(minutes=minutes)
    return replace(ACTS, id=f"{ACTS.incident}/{changes['kind']}/{at:%H%M%S}", at=at, **changes)


_NEXT = _later(30, kind=ReportKind.ESCALATION, level=2)
_MESSAGES: dict[str, tuple[tuple[Data, ...], Data]] = {
    "first report": ((), machine(ACTS, "ja")),
    "escalation": ((machine(ACTS, "ja"),), machine(_NEXT, "ja")),
    "escalation first": ((), machine(_NEXT, "ja")),
    "check": ((), json.loads(json.loads(envelope(Summary(report()), "ja").message)["lambda"])),
}


def stories() -> list[Story]:
    """Of each kind of message one, and one that comes before the message that it belongs below."""
    return [Story(f"slack: {name}", partial(_begin, name)) for name in _MESSAGES]


def _begin(name: str) -> StoryStart:
    begun = _reported(name)
    shown, said = _clean(name)
    return replace(begun, known=replace(begun.known, shown=shown, said=said))


@cache
def _clean(name: str) -> tuple[Counter[tuple[str, str, bool]], frozenset[str]]:
    slack: Workspace = clean(Story("", partial(_reported, name))).begun.known.slack
    return _shown(slack), _said(slack)


def _reported(name: str) -> StoryStart:
    earlier, last = _MESSAGES[name]
    slack, aws = Workspace(token=_TOKEN, channels=(_CALLED, _LEVEL)), _aws()
    for each in earlier:
        post.receive(
            _sns(each), Context(aws, _SETTINGS, aws.now, aws.now), FaultySlack(FaultyGateway(aws), slack.do)
        )
        aws.tick(minutes=30)
    aws.calls.clear()
    event = _sns(last)

    def code(gateway: FaultyGateway) -> Any:
        context = Context(gateway, _SETTINGS, aws.now, aws.now)
        Keeper().secret(context)
        return post.receive(event, context, FaultySlack(gateway, slack.do), lambda _: None)

    return StoryStart(
        aws, code, ENVIRONMENT, record("slack-post", event), Known(slack, Counter(), frozenset())
    )


def _aws() -> FakeAws:
    aws = FakeAws(AT + timedelta(seconds=1))
    aws.dynamo.create("Incidents", "pk", "sk")
    secret = {"SecretString": json.dumps({"bot_token": _TOKEN, "signing_secret": _SIGNING})}
    aws.answer("secretsmanager", "get_secret_value", secret)
    aws.answer("cloudwatch", "describe_alarms", {"MetricAlarms": [_GRAPH]})
    aws.answer("cloudwatch", "get_metric_widget_image", _PICTURE)
    return aws


def _sns(reported: Data) -> Json:
    body = json.dumps(reported, ensure_ascii=False)
    return {"Records": [{"EventSource": "aws:sns", "Sns": copy.deepcopy({"Message": body})}]}


def once(played: StoryRun) -> Iterator[str]:
    """Every message that the clean run posts is there, once; or it is reported by mail that it is not."""
    known: Known = played.begun.known
    shown = _shown(known.slack)
    for each in shown:
        # That the level's channel was not reached, or a picture is not allowed, is noted once.
        if shown[each] > max(known.shown[each], each[1].endswith(("#unreached", "#graph"))):
            yield f"posted too often: {each}"
    lost = known.shown - shown
    if lost and not played.invocation.kept:
        yield f"lost: {sorted(lost)}"
    if not known.said <= _said(known.slack) and not played.invocation.kept:
        yield "the incident's own message says something older"


def by_mail(played: StoryRun) -> Iterator[str]:
    """Mail only where Slack could not be reported."""
    yield from reported_once(played)
    if bool(played.reported) != played.invocation.kept:
        yield "told by mail, and Slack was told" if played.reported else "no message was sent"


def _shown(slack: Workspace) -> Counter[tuple[str, str, bool]]:
    found = (each for each in slack.messages if not each["deleted"])
    return Counter(
        (each["channel"], each["metadata"]["event_payload"]["report"], bool(each["thread_ts"]))
        for each in found
    )


def _said(slack: Workspace) -> frozenset[str]:
    return frozenset(
        each["text"] for each in slack.roots(_CALLED) if not each["metadata"]["event_payload"]["report"]
    )


def invariants(_: Story) -> tuple[Invariant, ...]:
    """Of each of these stories."""
    return once, by_mail
