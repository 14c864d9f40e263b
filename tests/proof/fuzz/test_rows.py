"""Whatever a row holds, half-written or written by a person: nothing is done because of it,
every entry still reports, and another alarm is answered as if it were not there."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.aws.items import from_item, typed
from responder.core.plain_data import Json
from tests.proof.conftest import Note
from tests.proof.fuzz.case_counts import enough, examples, seeds
from tests.proof.fuzz.entries import entries
from tests.proof.fuzz.mutate import Mutator
from tests.proof.fuzz.ongoing_incidents import STORIES, story
from tests.proof.fuzz.row_oracle import sound
from tests.proof.fuzz.secret_mutator import KEYS, SecretMutator, leaks_beyond
from tests.proof.fuzz.strategies import JSON, MOMENTS
from tests.proof.fuzz.worlds import PlaybookWorld, broken, leaks, logged

# DynamoDB's own limit.
_DEEPEST = 32
ODD_TYPES: tuple[Json, ...] = (
    {"B": b"x"},
    {"SS": ["a"]},
    {"NS": ["1"]},
    {"NULL": True},
    {"N": "1E+30"},
)


_WEIGHT = {name: world for world, name in enumerate(("LEASE", "HEAD", "VERSION", "APPLIED", "PROPOSAL"))}


def stored(world: PlaybookWorld) -> list[tuple[str, Json]]:
    """Every row of both tables, those first on which the most depends."""
    found = [(table, row) for table in ("Incidents", "Approvals") for row in world.aws.dynamo.rows(table)]
    return sorted(found, key=lambda each: _WEIGHT.get(each[1]["sk"]["S"].partition("#")[0], len(_WEIGHT)))


def damaged(mutator: Mutator, row: Json, times: int | None = None) -> Json | None:
    """The same row with other attributes; None where DynamoDB would not hold it."""
    plain = mutator.damaged(from_item(row), times)
    if not isinstance(plain, dict):
        return None
    keys = {name: plain[name] if _key(plain.get(name)) else row[name]["S"] for name in ("pk", "sk")}
    try:
        made = {name: typed(value) for name, value in {**plain, **keys}.items() if name and _flat(value)}
        json.dumps(made, ensure_ascii=False).encode()
    except (TypeError, UnicodeEncodeError, ArithmeticError):
        return None
    if mutator.random.random() < 0.1:
        name = mutator.random.choice([each for each in made if each not in keys] or ["data"])
        made[name] = mutator.random.choice(ODD_TYPES)
        mutator.reported.append(f"type of {name}: {made[name]}")
    return made


def _key(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 1024


def _flat(value: Any, depth: int = 0) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth < _DEEPEST and all(_flat(each, depth + 1) for each in inner)


def wrong(world: PlaybookWorld, name: str, lines: list[str]) -> Iterator[str]:
    """What does not hold after an entry was called."""
    if world.acts and not sound(world.aws.dynamo.rows("Incidents"), world.began.incident):
        yield f"acts on what it cannot read: {world.acts}"
    if not world.whole():
        yield "a variable is lost"
    for each in leaks(world, lines, []):
        yield f"leaks {each}"
    if name == "response failed" and not world.reported:
        yield "no message was sent"


@pytest.mark.parametrize("name", STORIES)
def test_a_row_with_something_broken_in_it(name: str, note: Note) -> None:
    world, counted = story(name), Counter[str]()
    called, rows, tried = entries(world), stored(world), seeds(3, more=60)
    for seed in tried:
        table, row = rows[seed % len(rows)]
        mutator = Mutator(seed)
        made = damaged(mutator, row, times=2)
        if made is None:
            continue
        counted["rows"] += 1
        for entry, call in called.items():
            world.rewind()
            world.aws.dynamo.delete_item(TableName=table, Key={key: row[key] for key in ("pk", "sk")})
            world.aws.dynamo.put_item(TableName=table, Item=made)
            with logged() as lines:
                call()
            problems = list(wrong(world, entry, lines.lines))
            assert problems == [], (entry, row["pk"], row["sk"], mutator.reported)
            counted.update({entry.split()[0].rstrip(","): 1})
    note("bad input, rows", **counted)
    assert called
    assert enough(counted["rows"], tried)


OPENED = "FaceAuth-Liveness-HighErrorRate-20260204T102500Z"
ELSEWHERE: list[tuple[str, str]] = [
    ("ALARMS", "FaceAuth-Liveness-SlowVerification"),
    ("INCIDENT#another-20260101T000000Z", "HEAD"),
    ("INCIDENT#another-20260101T000000Z", "STEP#2026-01-01T00:00:00.000000+00:00#reported#0"),
    (f"INCIDENT#{OPENED}", "STEP#"),
    (f"INCIDENT#{OPENED}", "SLACK"),
    (f"INCIDENT#{OPENED}", "PROPOSAL#0123456789abcdef"),
    (f"PERSON#{OPENED}", "STEP#x"),
    ("STACK", "SOMETHING#else"),
    ("WATCHDOG", "orphan#x"),
    ("%", "%"),
]
IN_THE_WAY: list[tuple[str, str]] = [
    ("ALARMS", "FaceAuth-Liveness-HighErrorRate"),
    (f"INCIDENT#{OPENED}", "HEAD"),
    ("STACK", "LEASE#rollout_to_zero#liveness-rollout"),
    ("STACK", "LEASE#"),
    ("STACK", "APPLIED#2026-02-04T10:25:00.000000+00:00#x#rollout_to_zero#liveness-rollout"),
    ("STACK", "VERSION"),
]
NAMES = st.sampled_from(
    [
        "incident",
        "data",
        "state",
        "state_at",
        "closed",
        "version",
        "generation",
        "watch",
        "decision",
        "kind",
        "opened",
    ]
)
VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
    | JSON.map(json.dumps)
    | MOMENTS.filter(lambda value: isinstance(value, str))
)
ATTRIBUTES = st.dictionaries(NAMES, VALUES, max_size=5)


@pytest.mark.parametrize("keys", [*ELSEWHERE, *IN_THE_WAY], ids=" ".join)
def test_one_odd_row_silences_no_alarm(keys: tuple[str, str], note: Note) -> None:
    world, counted = broken(), Counter[str]()
    event = world.scene.event("ALARM")
    with logged():
        world.deliver(event)
    undisturbed = len(world.acts)
    assert undisturbed

    @given(ATTRIBUTES)
    @examples(2, 36)
    def one(attributes: Json) -> None:
        world.rewind()
        row = {**attributes, "pk": keys[0], "sk": keys[1]}
        world.aws.dynamo.put_item(
            TableName="Incidents", Item={name: typed(each) for name, each in row.items()}
        )
        with logged() as lines:
            world.deliver(event)
        assert world.reported, "no message was sent"
        assert leaks(world, lines.lines, []) == []
        assert world.whole()
        if keys in ELSEWHERE:
            assert len(world.acts) == undisturbed, "it is none of this alarm's business"
        counted.update(cases=1, acted=bool(world.acts))

    one()
    note("bad input, odd rows", **counted)


# What a lease or an act is called and is of, word for word.
_NAMES = ("remedy", "scope", "incident", "target", "setting", "before", "after")


def test_nothing_is_done_while_the_ledger_holds_a_row_that_no_one_can_read(note: Note) -> None:
    world, counted = broken(), Counter[str]()
    kept = story("acted").aws.dynamo.rows("Incidents")
    ledger = [row for row in kept if row["pk"]["S"] == "STACK"]
    event, tried = world.scene.event("ALARM"), seeds(20, more=68)
    for seed in tried:
        mutator = SecretMutator(seed, (*KEYS, *_NAMES)) if seed % 2 else Mutator(seed)
        row = ledger[seed // 2 % len(ledger)]
        made = damaged(mutator, row)
        if made is None or made["pk"] != row["pk"] or made["sk"] != row["sk"]:
            continue
        world.rewind()
        world.aws.dynamo.put_item(TableName="Incidents", Item=made)
        with logged() as lines:
            got = world.deliver(event)
        assert world.reported, mutator.reported
        assert leaks_beyond(world, made, lines.lines, got.thrown) == [], mutator.reported
        assert not world.acts or sound([made], ""), mutator.reported
        counted.update(cases=1, acted=bool(world.acts))
    note("bad input, ledger rows", **counted)
    assert enough(counted["cases"], tried)
