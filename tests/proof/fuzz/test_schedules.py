"""What the clock calls, and what the follow-up is started with: nothing in the event is trusted."""

import json
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from responder.checks.backups.making import back_up
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.followup.follower import Follower
from tests.fakes.gateway import NOW
from tests.proof.conftest import Note
from tests.proof.faulty_gateway import FaultyGateway
from tests.proof.fuzz.case_counts import examples, seeds
from tests.proof.fuzz.mutate import Mutator
from tests.proof.fuzz.ongoing_incidents import incident, story
from tests.proof.fuzz.secret_mutator import PASTED, SecretMutator, secrets_in
from tests.proof.fuzz.strategies import JSON
from tests.proof.fuzz.worlds import chain, logged
from tests.unit.checks.backups_world import TABLE, Backups

EVENTS = Path(__file__).parents[3] / "events"
OURS = re.compile(rf"liveness-responder-{TABLE}-\d{{8}}T\d{{6}}Z")
DAYS = 35
SETTINGS = Settings(account="123456789012")


def stocked(mutator: Mutator, corrupt: bool) -> tuple[Backups, dict[str, Json]]:
    """Backups of the stack of five ages and two that only look like it; on request, one line is broken."""
    world = Backups(NOW)
    for days in (1, 20, 36, 50, 90):
        world.ours(days)
    world.add("of-a-person", 90)
    world.add(f"liveness-responder-{TABLE}-by-hand", 90)
    place = mutator.random.randrange(len(world.kept))
    whole = world.kept[place]
    corrupted = mutator.damaged(whole) if corrupt else whole
    # The SDK itself refuses an ARN that is none.
    world.kept[place] = {**corrupted, "BackupArn": whole["BackupArn"]} if isinstance(corrupted, dict) else {}
    return world, {str(each.get("BackupArn")): dict(each) for each in world.kept}


def test_whatever_the_event_and_the_list_hold_a_backup_is_made_and_only_our_own_old_ones_end(
    note: Note,
) -> None:
    counted = Counter[str]()
    event = json.loads((EVENTS / "sessions-backup" / "scheduled.json").read_text())
    for seed in seeds(50):
        mutator = SecretMutator(seed) if seed % 4 > 1 else Mutator(seed)
        ordered = mutator.damaged({**event, "time": "2026-02-04T10:20:00Z"})
        world, listed = stocked(mutator, corrupt=seed % 2 == 1)

        def finished(_: float, world: Backups = world) -> None:
            world.kept[-1]["BackupStatus"] = "AVAILABLE"

        said: list[object] = []
        with logged() as lines:
            try:
                said.append(back_up(ordered, Context(world.aws, SETTINGS, NOW, NOW), finished))
            except AwsError as error:
                said.append(chain(error))
                counted["thrown"] += 1
        orders = [world.aws.sent("dynamodb", each) for each in ("create_backup", "delete_backup")]
        assert secrets_in(said, orders, lines.lines) == [], mutator.reported
        gone = [listed[given["BackupArn"]] for given in world.aws.sent("dynamodb", "delete_backup")]
        assert all(_old_and_ours(each) for each in gone), (mutator.reported, gone)
        (made,) = world.aws.sent("dynamodb", "create_backup")
        assert OURS.fullmatch(made["BackupName"]), mutator.reported
        counted.update(cases=1, pruned=len(gone))
    note("bad input, backups", **counted)


def _old_and_ours(row: Json) -> bool:
    ours = OURS.fullmatch(str(row["BackupName"])) is not None and row["BackupStatus"] == "AVAILABLE"
    return ours and NOW - row["BackupCreationDateTime"] > timedelta(days=DAYS)


PASTED_IN = st.sampled_from(PASTED).flatmap(
    lambda secret: st.sampled_from(({"incident": secret}, {"incident": [secret]}, {secret: secret}, secret))
)


def test_a_follow_up_is_begun_for_nothing_but_an_incident_on_record(note: Note) -> None:
    world, counted = story("acted"), Counter[str]()
    mine = incident(world)

    @given(JSON | PASTED_IN)
    @examples(80)
    def one(drawn: Any) -> None:
        world.rewind()
        event = drawn if isinstance(drawn, dict) else {"incident": drawn}
        # As the handler reads it.
        name = str(event.get("incident", ""))
        follower = Follower(name, FaultyGateway(world.aws), world.settings, lambda: world.aws.now)
        with logged() as lines:
            moment = follower.begin()
        assert moment["over"] or name == mine
        assert world.aws.writes == []
        assert not any("\ud800" in line for line in lines.lines)
        assert secrets_in(moment, world.aws.sns.published, lines.lines) == []
        counted["cases"] += 1

    one()
    note("bad input, follow-up events", **counted)
