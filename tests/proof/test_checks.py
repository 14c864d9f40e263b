"""The scheduled checks find what is injected for them, and call nothing a fault that is none."""

import pytest

from checks import daily, monthly, weekly
from responder.core.settings import Settings
from tests.proof.check_case import CheckCase, missed
from tests.proof.check_cases import FAULTLESS, FAULTS
from tests.proof.conftest import Note

PART = "checks"
CLASSES = tuple(dict.fromkeys((*FAULTS, *FAULTLESS)))

# (class, name): why it is not found, or why it is called a fault though it is none.
KNOWN_MISSES: dict[tuple[str, str], str] = {
    ("the bucket's life cycle", "moved to a deep archive after a day"): "only when images end is judged",
    ("the dashboard", "widgets without a metric"): "what a widget holds is not read",
    (
        "rights that are too wide",
        "messages to any topic",
    ): "SMS takes it on every resource; who gets them is not known",
    ("rights that are well", "wildcards that reach nothing else"): "any wildcard in an action is amber",
}


@pytest.mark.parametrize("kind", CLASSES)
def test_every_injected_fault_is_found_and_worlds_without_one_stay_green(kind: str, note: Note) -> None:
    faults, worlds = FAULTS.get(kind, []), FAULTLESS.get(kind, [])
    overlooked, alarming = missed(faults), missed(worlds)
    score = {
        "injected": len(faults),
        "found": len(faults) - len(overlooked),
        "missed": len(overlooked),
        "without a fault": len(worlds),
        "false alarms": len(alarming),
    }
    note(PART, **score)
    note(f"{PART}: {kind}", **score)
    for name in overlooked:
        note(f"{PART}, missed: {kind}: {name} ({KNOWN_MISSES.get((kind, name), 'new')})", times=1)
    for name in alarming:
        note(f"{PART}, false alarm: {kind}: {name} ({KNOWN_MISSES.get((kind, name), 'new')})", times=1)
    wrong = {**overlooked, **alarming}
    known = {name for of, name in KNOWN_MISSES if of == kind}
    assert {name: why for name, why in wrong.items() if name not in known} == {}
    assert known - set(wrong) == set(), "found by now: take them from the known misses"


def test_every_check_of_every_rhythm_has_enough_cases() -> None:
    every = [each for rows in FAULTS.values() for each in rows]
    well = [each for rows in FAULTLESS.values() for each in rows]
    assert len(every) >= 120
    assert len(well) >= 20
    names = {
        (one.rhythm, each.name)
        for one in (daily.round_, weekly.round_, monthly.round_)
        for each in one.checks(Settings())
    }
    # The weekly and the monthly check of backups are the same code.
    names -= {(monthly.round_.rhythm, "backups")}
    assert {(each.site.rhythm.rhythm, each.site.check) for each in every} == names
    assert {(each.site.rhythm.rhythm, each.site.check) for each in well} == names


def test_no_two_of_a_class_have_one_name_and_no_known_miss_is_of_another() -> None:
    rows = [
        (kind, each.name) for part in (FAULTS, FAULTLESS) for kind, found in part.items() for each in found
    ]
    assert len(set(rows)) == len(rows)
    assert set(KNOWN_MISSES) <= set(rows)


def test_a_fault_that_no_check_sees_would_be_listed() -> None:
    (usual, *_) = FAULTLESS["the service's figures"]
    (found, *_) = FAULTS["the service's figures"]
    nothing = CheckCase("nothing", usual.site, usual.inject, found.light, found.says)
    alarming = CheckCase("alarming", found.site, found.inject)
    assert set(missed([usual, found, nothing, alarming])) == {"nothing", "alarming"}
