"""What uses the rights of Slack's two functions: a message of the topic, and each button."""

import copy
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rehearsal.drill import changes_done
from responder.core.frozen import frozen
from responder.core.plain_data import Json
from tests.integration.beside_slack import POSTS
from tests.integration.slack_delivery import sns
from tests.integration.test_slack_in import OnCall
from tests.laid_out import machine
from tests.proof.deployed_stack import DeployedStack
from tests.proof.rights_of_other_functions import mail_text
from tests.proof.test_concurrent_answers import asked, rejection
from tests.unit.messages.samples import ACTS

ASKED, IN_FORCE = "asked", "in force"
# Commands are claimed for less than a minute, so that none is sent twice.
_SHORTLY = ("person#apply#", "person#revert#")

_TIMES = re.compile(r"\d{8}T\d{6}")


@frozen
class Use:
    """`do`: what a person does, or what the topic sends; from which snapshot on."""

    function: str
    name: str
    do: Callable[[OnCall], Any]
    snapshot: str = ASKED

    def __str__(self) -> str:
        return self.name


@dataclass
class WaitingIncident:
    """The stack, and the incident that waits for an answer."""

    stack: DeployedStack
    oncall: OnCall

    def begin(self, use: Use, *, cold: bool) -> None:
        """As it was. `cold`: no function keeps the secret that it has read."""
        aws, slack = self.stack.aws, self.stack.slack
        aws.release()
        aws.wait_idle(240)
        aws.restore(use.snapshot, cold=cold)
        aws.clear()
        slack.messages[:] = copy.deepcopy(self.stack.kept[use.snapshot])
        slack.whispers.clear()
        slack.views.clear()

    def play(self, use: Use) -> None:
        """Until all is quiet."""
        use.do(self.oncall)
        self.stack.aws.wait_idle(240)

    def heard(self, use: Use) -> str:
        """All that people read of it: in Slack, where it was pressed, and by mail."""
        slack, before = self.stack.slack, len(self.stack.kept[use.snapshot])
        posted = [json.dumps(each, ensure_ascii=False) for each in slack.messages[before:]]
        whispered = [str(each["text"]) for each in slack.whispers]
        return "\n".join((*posted, *whispered, mail_text(self.stack.aws.inbox())))

    def done(self) -> Json:
        """All that it has come to, without the times."""
        oncall = self.oncall
        asks = [row for row in oncall.all("Incidents") if "PROPOSAL#" in row["sk"]]
        messages = [_named(each) for each in self.stack.slack.messages if not each["deleted"]]
        return {
            "rows": sorted((row["pk"], row["sk"], row.get("decision")) for row in oncall.rows),
            "steps": sorted({step["what"] for step in oncall.steps}),
            "percentages": oncall.percentages,
            "pauses": len(oncall.pauses),
            "proposals": len(asks),
            "form": bool(self.stack.slack.views),
            # Nothing depends on the graph, nor on why there is none.
            "messages": sorted(each for each in messages if not each[1].endswith("#graph")),
        }

    def a_minute_later(self) -> None:
        """What was claimed for a moment is free again."""
        oncall = self.oncall
        for row in oncall.all("Claims"):
            if row["id"].startswith(_SHORTLY):
                key = {"id": {"S": row["id"]}}
                self.stack.aws.client("dynamodb").delete_item(TableName=oncall.table("Claims"), Key=key)


def waiting_incident(stack: DeployedStack) -> WaitingIncident:
    """With one proposal that waits, and one remedy in force."""
    oncall = asked(stack)
    oncall.run(f"approve {oncall.incident}")
    changes_done.wait(stack.aws)
    oncall.finish()
    stack.keep(IN_FORCE)
    return WaitingIncident(stack, oncall)


def uses() -> list[Use]:
    """Each once."""
    buttons = [
        Use("slack-action", name, lambda oncall, name=name: oncall.press(name))  # type: ignore[misc]
        for name in ("acknowledge", "approve", "reject", "pause")
    ]
    return [
        *buttons,
        Use("slack-action", "submit", _send),
        Use("slack-action", "revert", lambda oncall: oncall.press("revert", p=""), IN_FORCE),
        Use("slack-post", "message", _post),
    ]


def _send(oncall: OnCall) -> Any:
    # Sent again it is another request, as by Slack.
    return oncall.send(oncall.request(rejection(oncall, str(time.time()))))


def _post(oncall: OnCall) -> None:
    event = json.dumps(sns(machine(ACTS, "en"))).encode()
    oncall.aws.client("lambda").invoke(FunctionName=POSTS, InvocationType="Event", Payload=event)


def _named(message: Json) -> tuple[str, str, bool]:
    about = message["metadata"]["event_payload"]
    return about["incident"], _TIMES.sub("", about["report"]), bool(message["thread_ts"])
