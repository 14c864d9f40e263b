"""What earlier versions have stored is read completely by the present code: `rows/<commit>`, written by the
deployed functions of that commit (`python -m rehearsal.upgrade.run <commit> --rows …`). A field, a word or a
text that is renamed fails here."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest

from liveness_ops.console.letters import Letter, read
from responder.checks import accepted
from responder.core.assessment import Assessment
from responder.core.change import Applied, Lease, Rejection
from responder.core.codec import dump, load
from responder.core.command import ApprovalRequest
from responder.core.modes import Mode
from responder.core.plain_data import Data, Json
from responder.core.settings_document import EMPTY, parse
from responder.core.settings_fields import FIELDS, RETIRED
from responder.core.switches import stops_path, switches
from responder.messages.language import known
from responder.slack.status import IncidentStatus
from responder.store import approvals, rows
from responder.store.incidents import Incident, IncidentHead
from responder.store.rows import step_of
from responder.watchdog.rules import TroubleNote

VERSIONS = sorted(Path(__file__).with_name("rows").iterdir())
versions = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
KEYS = {"pk", "sk", "expires"}
type Row = Data

# By the first word of `sk`, or of `pk` where that names the kind: its class, and what of the row it is.
READ: Mapping[str, tuple[type, Callable[[Row], Any]]] = {
    "LEASE": (Lease, rows.data),
    "OVERTAKEN": (Lease, rows.data),
    "REPLACED": (Lease, rows.data),
    "APPLIED": (Applied, rows.data),
    "REJECTED": (Rejection, rows.data),
    "ASSESSMENTS": (Assessment, rows.data),
    "SLACK": (IncidentStatus, rows.data),
    "PROPOSAL": (ApprovalRequest, lambda row: {**rows.data(row), "since": row["since"]}),
    "HEAD": (IncidentHead, lambda row: rest(rows.unpacked(row, "decision", "watch"))),
    "ALARMS": (Incident, lambda row: rest(rows.unpacked(row, "earlier"), incident="id")),
    "WATCHDOG": (TroubleNote, lambda row: {**rest(row), "trouble": row["sk"]}),
}
# A counter, claims of posts, and steps, of which each kind has its own reader.
OTHERS = {"VERSION", "SLACK#", "STEP"}


def rest(row: Row, **renamed: str) -> Json:
    """The row without its keys."""
    return {renamed.get(name, name): part for name, part in row.items() if name not in KEYS}


def stored(version: Path, name: str) -> list[Json]:
    return cast(list[Json], json.loads((version / f"{name}.json").read_text(encoding="utf-8")))


def kind(row: Row) -> str:
    first = row["pk"].partition("#")[0]
    if first in ("ALARMS", "ASSESSMENTS", "WATCHDOG"):
        return str(first)
    word, mark, _ = row["sk"].partition("#")
    return f"{word}{mark}" if word == "SLACK" else str(word)


def lost(before: Any, after: Any, where: str = "") -> Iterator[str]:
    """Stored parts that are missing once the row is read."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name, part in before.items():
            yield from lost(part, after[name], f"{where}.{name}") if name in after else [f"{where}.{name}"]
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from lost(one, other, f"{where}[{number}]")
    elif before != after and moment(before) != moment(after):
        yield f"{where}: {before!r} is {after!r}"


def moment(value: Any) -> object:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value


@versions
def test_every_row_of_the_incidents_is_read_whole(version: Path) -> None:
    found = stored(version, "incidents")
    assert {"HEAD", "ALARMS", "LEASE", "APPLIED", "PROPOSAL", "SLACK", "STEP"} <= set(map(kind, found))
    for row in found:
        if kind(row) in OTHERS:
            continue
        of, part = READ[kind(row)]
        assert list(lost(part(row), dump(rows.read(of, row, part)))) == [], row["sk"]


@versions
def test_every_step_is_read_and_its_lease_is_whole(version: Path) -> None:
    steps = [step_of(row) for row in stored(version, "incidents") if kind(row) == "STEP"]
    assert "unreadable" not in {each.kind for each in steps}
    leases = [each.data for each in steps if each.kind in ("applying", "in_force", "ended")]
    assert leases
    for each in leases:
        assert list(lost(each, dump(load(Lease, each)))) == []


@versions
def test_every_text_is_in_the_catalogue(version: Path) -> None:
    def keys(value: Any) -> Iterator[str]:
        if isinstance(value, str) and value[:1] in ("{", "["):
            with suppress(ValueError):
                value = json.loads(value)
        if isinstance(value, dict):
            yield from [value["key"]] if value.keys() >= {"key", "values"} else []
            value = list(value.values())
        for part in value if isinstance(value, list) else []:
            yield from keys(part)

    found = set(keys([*stored(version, "incidents"), *stored(version, "claims")]))
    assert found
    assert [key for key in sorted(found) if not known(key)] == []


@versions
def test_what_people_said_counts(version: Path) -> None:
    found = stored(version, "approvals")
    assert {each["decision"] for each in found} >= {"acknowledge", "accept", "approve"}
    for row in found:
        assert approvals.written(row) is not None
        if row["pk"] == accepted.ACCEPTED:
            read_back = accepted._read(row)
            assert read_back is not None
            said = {name: part for name, part in rest(row).items() if name not in ("decision", "principal")}
            assert list(lost(said, dump(read_back))) == []


@versions
def test_the_settings_the_modes_and_the_stop_are_in_force(version: Path) -> None:
    parameters = {each["Name"]: each["Value"] for each in stored(version, "parameters")}
    path = next(iter(parameters)).rpartition("/first-")[0]
    found = switches(path, parameters)
    document = json.loads(parameters[f"{path}/settings"])
    assert parse(parameters[f"{path}/settings"]) == found.document != EMPTY
    # A setting that is gone is in `RETIRED`, or every stack that has set it only observes.
    assert document.keys() <= FIELDS.keys() | RETIRED | {"roles", "people"}
    modes = json.loads(parameters[f"{path}/modes"])
    assert {"everywhere": found.everywhere, **found.remedies}.items() >= {
        name: Mode(mode) for name, mode in modes.items()
    }.items()
    stop = json.loads(parameters[f"{stops_path(path)}release"])
    assert [(each.name, each.by, each.why, each.until) for each in found.stops] == [
        ("release", stop["who"], stop["why"], datetime.fromisoformat(stop["until"]))
    ]


@versions
def test_every_message_of_a_queue_is_understood(version: Path) -> None:
    found = stored(version, "messages")
    assert {each["queue"] for each in found} == {
        f"{name}Queue"
        for name in ("FailedTwice", "Failures", "Undelivered", "Unfollowed", "Unmailed", "Unposted")
    }
    for each in found:
        given = {name: str(part.get("StringValue")) for name, part in each["attributes"].items()}
        failure = read(Letter(each["queue"], "", "", 0, each["body"], "", given))
        assert failure.what != "unknown", each["body"]
        assert failure.alarm or failure.incident, each["body"]


@versions
def test_every_answer_that_is_kept_is_whole(version: Path) -> None:
    answers = stored(version, "claims")
    assert answers
    for row in answers:
        assert row["status"] == "COMPLETED"
        assert isinstance(json.loads(row["data"]), dict)
