"""What people say, in rows that anyone could have written: a broken approval counts for nothing, and a
switch that cannot be read holds."""

import json
import unicodedata
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.aws.items import from_item, to_item
from responder.core.plain_data import Json
from responder.core.settings_document import parse
from tests.proof.conftest import Note
from tests.proof.fuzz.case_counts import enough, examples, seeds
from tests.proof.fuzz.entries import entries
from tests.proof.fuzz.mutate import Mutator
from tests.proof.fuzz.ongoing_incidents import PEOPLE, ROLLOUT, incident, story
from tests.proof.fuzz.secret_mutator import KEYS, PASTED, SecretMutator, leaks_beyond
from tests.proof.fuzz.strategies import JSON, MOMENTS, TIMES
from tests.proof.fuzz.test_rows import damaged
from tests.proof.fuzz.worlds import PlaybookWorld, broken, leaks, logged
from tests.rows import all_rows
from tests.unit.slack_inbound.workspace import AIKO, AIKO_ARN, KEN, KEN_ARN

_PEOPLE = {"aiko": (AIKO, AIKO_ARN), "ken": (KEN, KEN_ARN)}
_FRESH = timedelta(minutes=15)
# A pause until the year 8026, which could not be put on record.
_FOUND = (403287,)


@cache
def played(name: str) -> PlaybookWorld:
    return story(name)


def story_of(name: str) -> PlaybookWorld:
    """The same one, from its moment on."""
    played(name).rewind()
    return played(name)


def asked_at(world: PlaybookWorld, proposal: str) -> datetime:
    """From then on it can be approved."""
    (row,) = [each for each in world.scene.rows("PROPOSAL#") if each["sk"].endswith(proposal)]
    return datetime.fromisoformat(json.loads(row["data"])["at"])


def _spelled(name: str) -> str:
    """Capitals and full-width letters make no difference; what cannot be seen is in no name."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold() if name.isprintable() else name


def counts(row: Json, world: PlaybookWorld, asked: Json) -> bool:
    """Judged by code of the test: this row approves it, as the existing one does."""
    now, since = world.aws.now, asked_at(world, asked["pk"])
    try:
        at = datetime.fromisoformat(row["at"])
        fresh = at.tzinfo is not None and since <= at <= now and now - at <= _FRESH
        known = row["principal"] in _PEOPLE[_spelled(row["sk"])]
    except (KeyError, TypeError, ValueError):
        return False
    return fresh and known and row["decision"] == "approve" and row["pk"] == asked["pk"]


@all_rows(
    "odd", [*TIMES, *PASTED, "2026-02-04T10:26:00", "2026-02-04T10:26:00+00:00", "2026-02-04T10:24:59+00:00"]
)
def test_an_approval_of_an_odd_time_counts_for_nothing(odd: Any, note: Note) -> None:
    world = story_of("asked")
    (row,) = [each for each in world.aws.dynamo.rows("Approvals") if not each["pk"]["S"].startswith("ACK#")]
    asked = from_item(row)
    try:
        made = to_item({**asked, "at": odd})
    except TypeError:
        note("bad input, approvals", not_held_by_dynamodb=1)
        return
    world.aws.dynamo.put_item(TableName="Approvals", Item=made)
    order = {"command": "apply", "incident": incident(world), "remedy": ROLLOUT, "proposal": asked["pk"]}
    began = world.aws.now
    with logged() as lines:
        got = world.deliver(order)
    world.aws.now = began
    assert bool(world.acts) == counts({**asked, "at": odd}, world, asked)
    assert world.reported
    assert leaks_beyond(world, made, lines.lines, got.thrown) == []
    note("bad input, approvals", cases=1, acted=bool(world.acts))


@pytest.mark.parametrize(("name", "command"), [("asked", "apply"), ("back", "revert")])
def test_a_broken_approval_counts_for_nothing(name: str, command: str, note: Note) -> None:
    world, counted = story(name), Counter[str]()
    said = [each for each in world.aws.dynamo.rows("Approvals") if not each["pk"]["S"].startswith("ACK#")]
    row = max(said, key=lambda each: str(each["at"]["S"]))
    proposal = row["pk"]["S"]
    order = {"command": command, "incident": incident(world), "remedy": ROLLOUT, "proposal": proposal}
    began, tried = world.aws.now, seeds(16, more=75)
    for seed in tried:
        mutator = SecretMutator(seed, KEYS) if seed % 2 else Mutator(seed)
        made = damaged(mutator, row)
        if made is None:
            continue
        world.rewind()
        world.aws.dynamo.delete_item(TableName="Approvals", Key={key: row[key] for key in ("pk", "sk")})
        world.aws.dynamo.put_item(TableName="Approvals", Item=made)
        with logged() as lines:
            got = world.deliver(order)
        assert leaks_beyond(world, made, lines.lines, got.thrown) == [], mutator.reported
        world.aws.now = began
        assert not world.acts or counts(from_item(made), world, from_item(row)), mutator.reported
        # A revert is reported by `finish`, once it has taken effect.
        assert world.reported or got.kept or (world.acts and command == "revert"), mutator.reported
        assert world.whole(), mutator.reported
        counted.update(cases=1, acted=bool(world.acts))
    note("bad input, approvals", **counted)
    assert enough(counted["cases"], tried)


def test_no_acknowledgement_but_a_whole_one_holds_the_escalation(note: Note) -> None:
    """A row that is not read holds nothing: the next level is notified at its time."""
    from responder.store.approvals import acknowledgements

    world = story("acted")
    rows = [each for each in world.aws.dynamo.rows("Approvals") if each["pk"]["S"].startswith("ACK#")]
    opened, people, now = world.aws.now - timedelta(hours=1), parse(PEOPLE).people, world.aws.now
    assert acknowledgements((from_item(rows[0]),), opened, people, now), "a whole one holds it"
    cases, tried = 0, seeds(150)
    for seed in tried:
        mutator = Mutator(seed)
        made = damaged(mutator, rows[0])
        if made is None:
            continue
        found = acknowledgements((from_item(made),), opened, people, now)
        same = {name: from_item(made).get(name) for name in ("sk", "decision", "principal")}
        same["sk"] = _spelled(str(same["sk"]))
        good = {name: from_item(rows[0])[name] for name in same}
        ken = {**good, "sk": "ken", "principal": KEN_ARN}
        assert not found or same in (good, ken), mutator.reported
        cases += 1
    note("bad input, acknowledgements", cases=cases)
    assert enough(cases, tried)


def test_an_acknowledgement_with_a_secret_in_it_is_reported_without_it(note: Note) -> None:
    """By whatever reads it: the escalation, the revert, a click, another alarm."""
    world, counted = story("acted"), Counter[str]()
    (row,) = [each for each in world.aws.dynamo.rows("Approvals") if each["pk"]["S"].startswith("ACK#")]
    called, tried = entries(world), seeds(2, more=60)
    for seed in tried:
        planter = SecretMutator(seed, KEYS)
        made = damaged(planter, row)
        if made is None:
            continue
        counted["cases"] += 1
        for entry, call in called.items():
            world.rewind()
            world.aws.dynamo.put_item(TableName="Approvals", Item=made)
            with logged() as lines:
                call()
            assert leaks_beyond(world, made, lines.lines) == [], (entry, planter.reported)
    note("bad input, acknowledgements", **counted)
    assert enough(counted["cases"], tried)


MODES = st.sampled_from(
    ["auto", "auto", "auto", "approve", "observe", "AUTO", "auto ", "auto\n", "", "ａｕｔｏ", "{}"]
)
TEXTS = MODES | st.text(max_size=8) | JSON.map(json.dumps)
PAUSES = st.dictionaries(
    st.text(max_size=8),
    st.text(max_size=8)
    | JSON.map(json.dumps)
    | st.fixed_dictionaries({}, optional={"until": MOMENTS, "from": MOMENTS, "who": JSON, "why": JSON}).map(
        json.dumps
    ),
    max_size=2,
)


def over(value: str, now: datetime) -> bool:
    """Judged by code of the test: a pause that is well-formed and has ended, or has not begun."""
    try:
        stored = json.loads(value)
        until, since = (_read(stored.get(name)) for name in ("until", "from"))
    except (AttributeError, RecursionError, ValueError):
        return False
    ended = until is not None and until <= now
    return ended or (since is not None and since > now and (until is None or since < until))


def _read(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (OverflowError, TypeError, ValueError):
        return None


# While the table is throttled, this alone acts.
BILLING = "on_demand_billing"


def test_a_switch_that_cannot_be_read_holds(note: Note) -> None:
    world, counted = broken(), Counter[str]()
    event = world.scene.event("ALARM")

    @given(st.just(("auto", "auto")) | st.tuples(TEXTS, TEXTS), PAUSES, st.booleans())
    @examples(25, 28)
    def one(modes: tuple[str, str], pauses: dict[str, str], odd: bool) -> None:
        world.rewind()
        everywhere, own = modes
        found = world.aws.ssm.parameters
        world.aws.ssm.modes.update({"everywhere": everywhere, BILLING: own})
        found.update({f"/responder/stops/{name}": value for name, value in pauses.items()})
        if odd:
            found.update({"/responder/mode": "auto", "/responder/modes/": "auto", "/responder": "x"})
        with logged() as lines:
            world.deliver(event)
        free = (everywhere, own) == ("auto", "auto") and all(
            over(each, world.aws.now) for each in pauses.values()
        )
        assert bool(world.acts) == free
        assert world.reported
        assert leaks(world, lines.lines, []) == []
        counted.update(cases=1, acted=bool(world.acts))

    one()
    assert counted["acted"], "not one of them was free to act"
    note("bad input, switches", **counted)


def test_what_a_person_put_into_a_pause_breaks_no_message(note: Note) -> None:
    """Its words are shown; whatever they are, on-call is notified in both languages."""
    world, tried = broken(), 0
    event = world.scene.event("ALARM")
    good = {"who": "aiko", "why": "release", "until": "2026-02-05T00:00:00Z", "from": "2026-02-04T00:00:00Z"}
    for seed in (*_FOUND, *seeds(10, more=75)):
        mutator = SecretMutator(seed, ("who", "why")) if seed % 4 > 1 else Mutator(seed)
        world.rewind()
        world.environment["LANGUAGE"] = "ja" if seed % 2 else "en"
        world.aws.ssm.parameters["/responder/stops/x"] = json.dumps(mutator.damaged(good))
        with logged() as lines:
            got = world.deliver(event)
        assert world.reported == 1 and not got.kept, mutator.reported
        assert leaks(world, lines.lines, got.thrown) == [], mutator.reported
        tried += 1
    note("bad input, pauses", cases=tried)
