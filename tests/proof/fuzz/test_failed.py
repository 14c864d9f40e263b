"""Whatever Lambda hands to `response_failed`: it is kept and reported, the secrets of its error are not."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import given

from responder.core.context import Context
from responder.core.plain_data import Json
from responder.failures.handler import keep_and_report
from tests.proof.conftest import Note
from tests.proof.faulty_gateway import FaultyGateway
from tests.proof.fuzz.case_counts import examples, seeds
from tests.proof.fuzz.mutate import Mutator
from tests.proof.fuzz.ongoing_incidents import incident, story
from tests.proof.fuzz.strategies import JSON
from tests.proof.fuzz.worlds import SECRETS, PlaybookWorld, adapted, logged, record

STORED = sorted((Path(__file__).parents[3] / "events" / "response-failed").glob("*.json"))
SLUGS = (
    "high-error-rate",
    "unknown-alarm",
    "follow-up",
    "watchdog",
    "daily-check",
    "sessions-backup",
    "-",
    "x" * 80,
)
_SAID: Json = {"id": "x", "at": "2026-02-04T10:25:00+00:00", "said": None, "noted": {}}


def known(world: PlaybookWorld) -> list[Any]:
    """What really arrives there."""
    event = world.scene.event("ALARM")
    about = {
        "kind": "approve",
        "user": "U0AIKO",
        "channel": "C0",
        "incident": incident(world),
        "proposal": "0" * 16,
    }
    click = {**about, "remedy": "", "scope": "", "thread": ""}
    messages = [json.dumps(each) for each in world.scene.reported]
    posts = [{"Records": [{"EventSource": "aws:sns", "Sns": {"Message": each}}]} for each in messages]
    return [
        *(record(slug, event) for slug in SLUGS),
        *(record("slack-post", each) for each in posts),
        record("slack-action", {"job": {**_SAID, "click": click}}),
        *(json.loads(adapted(path.read_text())) for path in STORED),
    ]


def wrong(world: PlaybookWorld, given: Any) -> list[str]:
    """Hand it over, and say what does not hold."""
    world.rewind()
    given = json.loads(json.dumps(given))
    now = world.aws.now
    with logged() as lines:
        keep_and_report(given, Context(FaultyGateway(world.aws), world.settings, now, now))
    bodies = [request["MessageBody"] for request in world.aws.sqs.sent]
    found = [] if len(bodies) == 1 else ["not kept"]
    # What is no number is not equal to itself.
    if bodies[0] != json.dumps(given) and '{"cut": true' not in bodies[0]:
        found.append("not kept as it came")
    if not world.reported and "undelivered" not in bodies[0]:
        found.append("no message was sent")
    seen = [json.dumps(world.aws.sns.published), *lines.lines]
    found += [f"leaks {secret}" for secret in SECRETS if any(secret in each for each in seen)]
    return [*found, *map(str, world.acts)]


def test_a_record_with_something_broken_in_it_is_kept_and_reported(note: Note) -> None:
    world, tried = story("acted"), 0
    records = known(world)
    for seed in seeds(110):
        mutator = Mutator(seed)
        world.environment["LANGUAGE"] = "ja" if seed % 2 else "en"
        assert wrong(world, mutator.damaged(records[seed % len(records)])) == [], mutator.reported
        tried += 1
    note("bad input, failed events", broken=tried)


def test_anything_at_all_is_kept_and_reported(note: Note) -> None:
    world, counted = story("acted"), Counter[str]()

    @given(JSON)
    @examples(60)
    def one(given: Any) -> None:
        assert wrong(world, given) == []
        counted["anything"] += 1

    one()
    note("bad input, failed events", **counted)
