"""What `liveness-ops show` has to show of an incident: judged by the rows and by what was sent."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from liveness_ops.people.screen import Screen
from responder.core.change import Lease
from responder.core.plain_data import Data
from responder.core.text import Text
from responder.messages.language import say
from responder.messages.requests import name
from tests.proof.matrix import StoryRun

type Shown = Data


@dataclass(frozen=True)
class RecordingScreen(Screen):
    """Finds every word, and keeps it instead of drawing it."""

    words: list[str] = field(default_factory=list)

    def say(self, *said: Text | str, style: str = "") -> None:
        self.words.extend(say(each, self.language) if isinstance(each, Text) else each for each in said)

    def card(self, title: Text, lines: Iterable[tuple[Text, Text | str]]) -> None:
        for label, said in lines:
            self.say(title, label, said)


def missing(incident: str, leases: Iterable[Lease], shown: Shown, words: list[str]) -> Iterator[str]:
    """Each lease of this incident: that it was begun, its state, the status of each of its changes; an open
    one also in words."""
    for one in (each for each in leases if each.incident == incident):
        acts = [each for each in shown["acts"] if (each["remedy"], each["scope"]) == (one.remedy, one.scope)]
        if not any(each["state"] == one.state and _same(each, one) for each in acts):
            yield f"show has not {one.remedy} of {one.scope} as {one.state}, as it is on record"
        if not one.open:
            continue
        if f"{one.remedy}#{one.scope}" not in shown["in_force"]:
            yield f"show does not have {one.remedy} in force"
        if not any(say(name(one.remedy), "en") in line and one.scope in line for line in words):
            yield f"show says nothing of {one.remedy}"
        lines = "\n".join(words)
        yield from (f"show says nothing of {each.target}" for each in one.changes if each.target not in lines)


def _same(act: Data, one: Lease) -> bool:
    is_ = [(each["target"], each["setting"], each["before"], each["status"]) for each in act["left"]]
    return is_ == [(each.target, each.setting, each.before, each.status) for each in one.changes]


_STORE = ("put_item", "update_item", "transact_write_items", "query", "get_item")


def timeline_step_lost(played: StoryRun) -> bool:
    """The fault was in the topic or the store: what was reported may be on no line of the timeline,
    without which the run continues, and which is not written again."""
    lost = played.cell is not None and played.cell.operation in ("publish", *_STORE)
    return lost or played.begun.away


def unreported(incident: str, sent: Iterable[Data], shown: Shown) -> Iterator[str]:
    """Each message of this incident, and the result of each remedy in it; `sent`: to the topic."""
    answer = [json.loads(json.loads(each["Message"])["sqs"]) for each in sent]
    for said in (each for each in answer if each.get("incident") == incident and each["kind"] != "failure"):
        found = [each["results"] for each in shown["messages"] if each["report"] == said["id"]]
        if not found:
            yield f"show does not have the message {said['id']}"
            continue
        for each in said["outcomes"]:
            about = " ".join(filter(None, (each["remedy"], each["scope"])))
            if each["result"] not in [one.get(about) for one in found]:
                yield f"told as {each['result']}: {about}; show has {found}"
