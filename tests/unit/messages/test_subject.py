from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responder.core.report import ReportKind
from responder.core.verdict import Outcome, Result
from responder.messages.subject import subject
from tests.unit.messages.samples import ACTS, FAULTS, LEASE, NOTHING, SAMPLES

pytestmark = pytest.mark.unit

RATE = "[HIGH] FaceAuth-Liveness-HighErrorRate"
SUBJECTS = {
    "acts": f"{RATE} ALARM: liveness check off (rollout 0%) applied",
    "partly": f"{RATE} ALARM: liveness check off (rollout 0%) partly applied",
    "asks": f"{RATE} ALARM: liveness check off (rollout 0%) needs approval",
    "refuses": "[MEDIUM] FaceAuth-Liveness-SlowVerification ALARM: memory increase only proposed",
    "nothing": "[HIGH] FaceAuth-Liveness-LowSuccessRate ALARM: nothing changed",
    "unknown": "[HIGH L2] FaceAuth-LivenessSessions-Throttles ALARM: nothing changed",
    "ours": "[HIGH] FaceAuth-CreateLivenessSession-Errors ALARM: responder failed, act by hand",
    "reverted": f"{RATE} COMMAND: liveness check off (rollout 0%) taken back",
}


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_says_what_happened(name: str) -> None:
    assert subject(SAMPLES[name]) == SUBJECTS[name]


def test_names_a_lowered_security_that_is_not_its_own_doing() -> None:
    assert subject(replace(NOTHING, leases=(LEASE,))).endswith("nothing changed (liveness check OFF)")


@settings(deadline=None)
@given(
    alarm=st.text(max_size=300),
    remedy=st.text(max_size=300),
    result=st.sampled_from(Result),
    kind=st.sampled_from(ReportKind),
    level=st.integers(1, 4),
)
def test_sns_accepts_it_whatever_the_names_are(
    alarm: str, remedy: str, result: Result, kind: ReportKind, level: int
) -> None:
    acts = (Outcome(remedy, "", result, FAULTS, lowers_security=True),)
    words = subject(replace(ACTS, alarm=alarm, outcomes=acts, kind=kind, level=level))
    assert words.isascii()
    assert words.isprintable()
    assert len(words) < 100
    assert words.startswith("[HIGH")
