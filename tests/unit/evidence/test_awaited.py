"""A decision knows which figures had not arrived."""

from dataclasses import replace
from datetime import timedelta

from responder.core.cause import Cause
from responder.core.codec import dump, load
from responder.core.finding import Subject
from responder.core.remedy import RemedyName
from responder.core.series import Series
from responder.core.text import text
from responder.core.verdict import LastDecision, Proposal, Verdict, decision
from responder.evidence import Facts
from responder.evidence.fault_rate import awaited
from responder.evidence.faults import FailedRequest, Fault
from responder.evidence.invocations import FunctionTraffic, Traffic
from tests.fakes.gateway import NOW
from tests.unit.alarms.world import RESULT, SETTINGS, ago, healthy, series


def facts(
    *failed: float,
    invocations: Series,
    throttled: int = 0,
    fault: Fault = Fault.INTERNAL,
    errors: Series | None = None,
) -> Facts:
    """Requests that failed so many minutes ago. `errors`: their invocations ended so, of which Lambda has
    counted these."""
    known = healthy()
    escaped = errors is not None
    failures = tuple(FailedRequest(RESULT, ago(each), fault, "code", escaped=escaped) for each in failed)
    traffic = FunctionTraffic(invocations, errors or Series(), Series())
    known["failures"] = replace(known["failures"], failures=failures)
    known["invocations"] = Traffic({RESULT: traffic})
    known["table_pressure"] = replace(known["table_pressure"], throttled_minutes=throttled)
    return Facts(known, NOW, SETTINGS, NOW - timedelta(minutes=1))


ARRIVED = series((5, 30), (4, 30), (0, 30))
LATE = series((5, 30), (4, 30))


def test_faults_of_minutes_without_invocations_wait_for_them() -> None:
    assert awaited(facts(2, 2, 2, invocations=LATE)) == (Subject.REQUESTS,)
    assert awaited(facts(2, 2, 2, invocations=ARRIVED)) == ()


def test_faults_after_the_last_invocation_wait_for_nothing_once_metrics_have_had_their_time() -> None:
    assert awaited(facts(*[3.5] * 6, invocations=series((5, 30)))) == ()


def test_imports_that_failed_wait_for_the_errors_that_lambda_counts() -> None:
    def waits(*failed: float, errors: Series) -> bool:
        many = series((5, 3_000), (0, 30))
        found = facts(*failed, invocations=many, fault=Fault.IMPORT_ERROR, errors=errors)
        return bool(awaited(found))

    assert waits(*[1.5] * 6, errors=Series())
    assert waits(*[1.5] * 6, errors=series((2, 5)))
    assert not waits(*[1.5] * 6, errors=series((2, 6)))
    assert not waits(*[9.5] * 6, errors=Series())


def test_what_users_do_waits_for_nothing() -> None:
    assert awaited(facts(2, 2, 2, invocations=LATE, fault=Fault.SESSION_ENDED)) == ()


def test_a_rate_that_the_newest_minute_makes_too_high_waits_for_the_next() -> None:
    """It may be incomplete: of 100 requests CloudWatch may have counted 20 so far."""
    newest = series((10, 30), (0, 20))
    assert awaited(facts(*[-0.1] * 6, invocations=newest)) == (Subject.REQUESTS,)
    assert awaited(facts(*[9.5] * 6, invocations=newest)) == ()


def test_one_minute_of_throttle_events_waits_for_a_second() -> None:
    every = {count: awaited(facts(invocations=ARRIVED, throttled=count)) for count in (0, 1, 2)}
    assert every == {0: (), 1: (Subject.TABLE,), 2: ()}


def test_requests_that_time_out_wait_for_the_throttle_events_of_the_table() -> None:
    ended = {
        each: awaited(facts(4, invocations=ARRIVED, fault=each)) for each in (Fault.TIMEOUT, Fault.MEMORY)
    }
    assert ended == {Fault.TIMEOUT: (Subject.TABLE,), Fault.MEMORY: ()}


def test_a_sample_too_small_to_act_on_waits_for_the_newest_minutes() -> None:
    """Of scores, starts or requests of one version, whatever the remedy is."""
    enough = Proposal(RemedyName.LOWER_THRESHOLD, text("why.no_fault_seen"))
    short = replace(enough, samples_short=text("say.few_near", count=3, enough=5))
    assert awaited(facts(invocations=ARRIVED), [enough]) == ()
    assert awaited(facts(invocations=ARRIVED), [enough, short]) == (Subject.REQUESTS,)


def test_the_incident_remembers_it_and_an_older_row_lacks_nothing() -> None:
    verdict = Verdict(Cause.UNKNOWN(), text("why.no_fault_seen"), awaits=(Subject.REQUESTS,))
    made = decision(verdict, (), NOW)
    stored = dump(made)
    assert load(LastDecision, stored) == made and made.awaits == (Subject.REQUESTS,)
    del stored["awaits"]
    assert load(LastDecision, stored).awaits == ()
