"""The table of remedies: every one that is deployed has its row, which says what the design promises."""

from dataclasses import fields, is_dataclass
from datetime import timedelta
from importlib import import_module
from pkgutil import iter_modules

import pytest

from responder import remedies
from responder.core.frozen import frozen
from responder.core.modes import Effect, Mode
from responder.core.remedy import REMEDIES, UNKNOWN, RemedyName, spec_of
from responder.core.settings import Settings
from tests.texts import catalogue


@frozen
class Promise:
    """Class, highest mode, people who must approve, hours of the lease, whether it stays."""

    effect: Effect
    ceiling: Mode
    people: int = 1
    hours: int | None = None
    stays: bool = False


PROMISED = {
    RemedyName.ROLLOUT_TO_ZERO: Promise(Effect.LOWERS_SECURITY, Mode.AUTO),
    RemedyName.PROVISIONED_CONCURRENCY: Promise(Effect.COSTS_MONEY, Mode.AUTO, hours=24),
    RemedyName.ON_DEMAND_BILLING: Promise(Effect.COSTS_MONEY, Mode.AUTO),
    RemedyName.MEMORY_INCREASE: Promise(Effect.COSTS_MONEY, Mode.APPROVE, stays=True),
    RemedyName.ALIAS_ROLLBACK: Promise(Effect.CHANGES_CODE, Mode.APPROVE, stays=True),
    RemedyName.REPAIR_ENVIRONMENT: Promise(Effect.RESTORES, Mode.APPROVE, stays=True),
    RemedyName.LOWER_THRESHOLD: Promise(Effect.LOWERS_SECURITY, Mode.APPROVE, people=2, hours=4),
    RemedyName.PROPOSE_CHANGE: Promise(Effect.NEVER, Mode.OBSERVE),
}


@pytest.mark.parametrize("remedy", PROMISED)
def test_a_remedy_is_of_its_class_and_asks_as_many_people_as_it_must(remedy: RemedyName) -> None:
    spec, span = remedy.spec, remedy.spec.lease_time(Settings())
    hours = None if span is None else int(span / timedelta(hours=1))
    assert Promise(spec.effect, spec.ceiling, spec.people, hours, spec.stays) == PROMISED[remedy]


def test_every_remedy_has_promises_to_test() -> None:
    assert set(PROMISED) == set(REMEDIES)


def test_a_lease_lasts_as_long_as_the_settings_say() -> None:
    settings = Settings(provisioned_concurrency_hours=7, threshold_hours=2)
    assert RemedyName.PROVISIONED_CONCURRENCY.spec.lease_time(settings) == timedelta(hours=7)
    assert RemedyName.LOWER_THRESHOLD.spec.lease_time(settings) == timedelta(hours=2)


def test_every_module_of_a_remedy_has_a_row_and_every_row_a_module() -> None:
    named = set()
    for module in iter_modules(remedies.__path__):
        for made in vars(import_module(f"{remedies.__name__}.{module.name}")).values():
            if isinstance(made, type) and is_dataclass(made) and hasattr(made, "revert"):
                (name,) = (each.default for each in fields(made) if each.name == "name")
                named.add((module.name, name))
    assert named == {(each.value, each) for each in RemedyName}
    assert list(REMEDIES) == list(RemedyName)


def test_what_is_applied_names_its_chapter_and_every_sentence_exists() -> None:
    for spec in REMEDIES.values():
        assert bool(spec.chapter) is spec.applied
        assert {spec.by_hand, spec.same_step, spec.ending} - {""} <= catalogue().keys()


def test_what_lowers_security_reports_it_in_the_subject_and_in_the_first_line() -> None:
    lowering = [name for name, spec in REMEDIES.items() if spec.lowers_security]
    assert {f"subject.lowered_{name}" for name in lowering} <= catalogue().keys()
    assert {f"remedy.security.{name}" for name in lowering} <= catalogue().keys()


@pytest.mark.parametrize("kind", ["name", "undo", "back", "reverse", "yes"])
def test_every_remedy_that_is_applied_is_named_wherever_it_is_shown(kind: str) -> None:
    wanted = {f"remedy.{kind}.{name}" for name, spec in REMEDIES.items() if spec.applied}
    assert sorted(wanted - catalogue().keys()) == []


def test_a_remedy_of_another_release_is_reverted_by_people_of_the_strictest_class_and_claims_nothing() -> (
    None
):
    assert spec_of("gone") is UNKNOWN
    assert UNKNOWN.effect is Effect.LOWERS_SECURITY
    assert not (UNKNOWN.lowers_security or UNKNOWN.stays)
