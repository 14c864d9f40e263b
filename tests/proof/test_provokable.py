"""No mixture of faults has security lowered automatically unless sure faults alone justify it, and where they
do and nothing is throttled, it is lowered."""

from collections import Counter
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from random import Random

import pytest

import alarms
from responder.core.change import Ledger
from responder.core.modes import Effect, Mode
from responder.core.series import Series
from responder.core.settings import Settings
from responder.core.switches import Switches
from responder.core.text import text
from responder.core.verdict import Proposal
from responder.evidence import Facts
from responder.evidence.faults import FailureTally
from responder.evidence.invocations import FunctionTraffic, Traffic
from responder.evidence.logs import Event, count
from responder.evidence.table import TableLoad
from responder.respond.gather import Gathered, key
from responder.respond.playbook import Playbook
from responder.respond.proposal import draft
from tests.fakes.gateway import NOW
from tests.proof import fault_mixtures
from tests.proof.conftest import Note
from tests.proof.fault_mixtures import ABOUT, BOTH, CREATE, MINUTES, Mixture
from tests.proof.seeded_random import rounds
from tests.proof.summary import WHOLE
from tests.unit.core.world import PLAN
from tests.unit.respond.scene import Scene
from tests.unit.respond.seeded import seeded

PART = "provokable"
SWITCHES = Switches(Mode.AUTO, {"rollout_to_zero": Mode.AUTO, "lower_threshold": Mode.AUTO})
MODULES = sorted(path.stem for path in Path(alarms.__path__[0]).glob("[!_]*.py"))
LOWERING = {
    book.slug: book
    for book in (import_module(f"alarms.{name}").playbook for name in MODULES)
    if any(each.name.spec.lowers_security for each in book.remedies)
}


def series(counted: Counter[int]) -> Series:
    """By minutes ago, as CloudWatch dates them: by the beginning of the minute."""
    return Series(tuple(sorted((NOW - timedelta(minutes=ago + 1), float(n)) for ago, n in counted.items())))


def traffic(mixture: Mixture, function: str) -> FunctionTraffic:
    turned_away = mixture.turned_away.get(function, Counter())
    return FunctionTraffic(*map(series, (*mixture.by_minute(function), turned_away)))


def facts(mixture: Mixture) -> Facts:
    """What the looks would bring home; lines and all."""
    counted = [
        count(name, [Event(*each) for each in mixture.log(name)], mixture.form.setting) for name in BOTH
    ]
    found = [failure for each in counted for failure in each.failures]
    throttled = tuple(at for each in counted for at in each.throttled)
    complete = {
        name: NOW - timedelta(minutes=mixture.capped.get(name, MINUTES))
        for name in BOTH
        if name not in mixture.unread
    }
    unread = {name: text("failed.denied", action="logs:FilterLogEvents") for name in mixture.unread}
    within = {span: [(ago, n) for ago, n in mixture.table.items() if ago < span] for span in (15, 60)}
    recent, hour = (float(sum(n for _, n in within[span])) for span in (15, 60))
    load = TableLoad({"": recent}, len(within[15]), {"": 9.0}, {"": 9.0}, {}, 0.0, hour)
    looks = {
        "failures": FailureTally(
            NOW - timedelta(minutes=MINUTES), tuple(found), complete, len(found), unread, throttled
        ),
        "invocations": Traffic({name: traffic(mixture, name) for name in BOTH}),
        "table_pressure": load,
    }
    return Facts(
        {name: fact for name, fact in looks.items() if name not in mixture.blind}, NOW, Settings(), NOW
    )


def acts(book: Playbook, proposal: Proposal, found: Facts) -> bool:
    """Through the guards, with every mode at auto and nothing in the way."""
    remedies = {key(each): each for each in book.remedies}
    plans = {key(each): PLAN for each in book.remedies}
    gathered = Gathered(found, (), plans, SWITCHES, Ledger(), None, None)
    return draft(proposal, remedies, gathered, "incident", ()).held is None


def lowers(book: Playbook, found: Facts) -> tuple[bool, bool]:
    """(something that lowers security was proposed, and was applied automatically)."""
    effects = {key(each): each.name.spec.effect for each in book.remedies}
    mine = [
        each
        for each in book.decide(found).proposals
        if effects[each.remedy, each.scope] is Effect.LOWERS_SECURITY
    ]
    return bool(mine), any(acts(book, each, found) for each in mine)


@pytest.mark.parametrize("share", range(5 if WHOLE else 1))
@pytest.mark.parametrize("slug", sorted(LOWERING))
def test_sure_faults_alone_decide(slug: str, share: int, note: Note) -> None:
    book = LOWERING[slug]
    about = slug if slug in ABOUT else "high-error-rate"
    counted = Counter[str]()
    for rng in rounds(f"provokable {slug} {share}", 120, 600):
        mixture = fault_mixtures.mixture(rng, about)
        asked, acted = lowers(book, facts(mixture))
        expected = fault_mixtures.may_act(mixture) and slug in ABOUT
        assert acted == expected, mixture
        held = fault_mixtures.justified(mixture) and not expected
        counted.update(
            {
                "mixtures": 1,
                "done by itself": acted,
                "only asked": asked and not acted,
                "sure faults sufficed, but something was throttled or unread": held,
            }
        )
    # It must not pass by never acting, nor by never having a reason to.
    if slug in ABOUT:
        assert counted["done by itself"] >= counted["mixtures"] / 20, counted
        assert counted["only asked"] >= counted["mixtures"] / 20, counted
    note(PART, **counted)


@pytest.mark.parametrize("share", range(3 if WHOLE else 1))
@pytest.mark.parametrize("slug", sorted(ABOUT))
@pytest.mark.usefixtures("quiet", "no_look_is_late")
def test_a_whole_response_switches_the_check_off_for_sure_faults_alone(
    slug: str, share: int, note: Note
) -> None:
    counted = Counter[str]()
    for number, rng in enumerate(rounds(f"provokable responses {slug} {share}", 4, 40)):
        mixture = one_that(rng, slug, acts=number % 2 == 0)
        scene = played(mixture)
        off = scene.percentages() == ["0"] * 4
        assert off or scene.percentages() == ["50"] * 4
        assert off == fault_mixtures.may_act(mixture), mixture
        counted.update({"whole responses": 1, "of them done by themselves": off})
    note(PART, **counted)


def one_that(rng: Random, slug: str, *, acts: bool) -> Mixture:
    """The next that justifies an act, or does not."""
    while True:
        mixture = fault_mixtures.mixture(rng, slug, readable=True)
        if fault_mixtures.may_act(mixture) == acts:
            return mixture


def played(mixture: Mixture) -> Scene:
    """Logs and metrics of the mixture, and the alarm."""
    scene = seeded(LOWERING[mixture.slug])
    shift = scene.aws.now.replace(second=0, microsecond=0) - NOW
    for name in BOTH:
        scene.aws.lambdas.functions[name].latest["LoggingConfig"] = {"LogFormat": mixture.form.setting}
        for at, stream, line in mixture.log(name):
            scene.logs.put(name, at + shift, line, stream)
        figures = traffic(mixture, name)
        for metric in ("invocations", "errors", "throttles"):
            points = [(at + shift, value) for at, value in getattr(figures, metric).points]
            scene.figures.put("AWS/Lambda", metric.capitalize(), points, FunctionName=name)
    events = [(at + shift, value) for at, value in series(mixture.table).points]
    table = Settings().sessions_table
    scene.figures.put("AWS/DynamoDB", "WriteThrottleEvents", events, TableName=table)
    scene.alarm()
    return scene


def test_every_alarm_that_can_lower_security_is_among_them() -> None:
    assert set(ABOUT) | {"low-confidence"} == set(LOWERING)
    assert CREATE in BOTH


@pytest.mark.parametrize("slug", sorted(ABOUT))
def test_the_oracle_separates_what_is_provoked_from_what_is_not(slug: str) -> None:
    """An oracle that says the same of everything proves nothing."""
    function = ABOUT[slug][0]

    def of(kind: str, count: int = 40, **more: object) -> Mixture:
        requests = {name: Counter[tuple[int, str]]() for name in BOTH}
        requests[function] = Counter({(5, kind): count, (6, "passed"): 60})
        return Mixture(slug, requests, **more)  # type: ignore[arg-type]

    assert all(fault_mixtures.may_act(of(kind)) for kind in fault_mixtures.SURE)
    assert not any(
        fault_mixtures.may_act(of(kind)) for kind in (*fault_mixtures.PROVOKED, *fault_mixtures.NORMAL)
    )
    assert not fault_mixtures.may_act(of("internal error", 4))
    assert not fault_mixtures.may_act(of("internal error", table=Counter({59: 1})))
    assert fault_mixtures.may_act(of("internal error", table=Counter({60: 1})))
    assert not fault_mixtures.may_act(of("internal error", blind=frozenset({"table_pressure"})))
    assert not fault_mixtures.may_act(of("internal error", capped={CREATE: 59}))
