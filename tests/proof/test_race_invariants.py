"""The invariants of the races, each tried on a result that violates it."""

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from responder.core.plain_data import Json
from tests.proof.end_state import EndState
from tests.proof.race_invariants import failed, violations

ALARM, INCIDENT = "FaceAuth-Liveness-HighErrorRate", "FaceAuth-Liveness-HighErrorRate-20260204T102500Z"
NAME = "FaceAuth-Enrollment"
SETTING = f"{NAME} LIVENESS_ROLLOUT_PERCENTAGE"
UPDATE = "UpdateFunctionConfiguration"


def row(sk: str, data: Json) -> Json:
    return {"pk": "STACK", "sk": sk, "data": json.dumps(data)}


def message(**more: Any) -> Json:
    body = {"alarm": ALARM, "incident": INCIDENT, "id": f"{INCIDENT}/response", "kind": "response"}
    return {**body, "outcomes": [], **more}


LEASE = row(
    "LEASE#rollout_to_zero#liveness-rollout",
    {
        "remedy": "rollout_to_zero",
        "incident": INCIDENT,
        "state": "in_force",
        "changes": [{"target": NAME, "after": "0"}],
    },
)
ACT = row("APPLIED#1", {"ok": True})
HEAD = {"pk": f"INCIDENT#{INCIDENT}", "sk": "HEAD", "incident": INCIDENT, "alarm": ALARM}
GOOD = EndState(
    rows=(LEASE, ACT, HEAD),
    messages=(message(),),
    threads=Counter([INCIDENT]),
    queues={"Failures": 0, "Undelivered": 0},
    writes=Counter([(UPDATE, NAME)]),
    calls=(),
    before={SETTING: "50", f"{NAME} OTHER": "x"},
    after={SETTING: "0", f"{NAME} OTHER": "x"},
)
OTHER = f"{ALARM}-20260204T102600Z"
BAD = {
    "written twice": replace(GOOD, writes=Counter([(UPDATE, NAME)] * 2)),
    "six changes in an hour": replace(
        GOOD, rows=(LEASE, HEAD, *(row(f"APPLIED#{n}", {"ok": True}) for n in range(6)))
    ),
    "set, and on no record": replace(GOOD, rows=(HEAD,)),
    "counted twice": replace(GOOD, rows=(LEASE, ACT, row("APPLIED#2", {"ok": True}), HEAD)),
    "of no incident": replace(GOOD, rows=(LEASE, ACT)),
    "another variable lost": replace(GOOD, after={SETTING: "0"}),
    "two incidents": replace(GOOD, rows=(*GOOD.rows, {**HEAD, "incident": OTHER})),
    "a message of another incident": replace(
        GOOD, messages=(message(), message(incident=OTHER, kind="failure"))
    ),
    "two threads": replace(GOOD, threads=Counter([INCIDENT] * 2)),
    "not in Slack": replace(GOOD, threads=Counter[str]()),
    "no message": replace(GOOD, messages=()),
    "two messages": replace(GOOD, messages=(message(), message(id=f"{INCIDENT}/another"))),
    "a failure without a message": replace(GOOD, queues={"Failures": 1}),
    "a failure that was not kept": replace(GOOD, messages=(message(), message(kind="failure"))),
    "undelivered": replace(GOOD, queues={"Failures": 0, "Undelivered": 1}),
}


def test_what_is_as_it_should_be_violates_no_invariant() -> None:
    assert violations(GOOD, {ALARM}) == []
    assert violations(replace(GOOD, messages=(message(), message())), {ALARM}) == []
    assert [*failed(GOOD)] == []


@pytest.mark.parametrize("what", BAD)
def test_each_invariant_can_be_violated(what: str) -> None:
    assert violations(BAD[what], {ALARM})


def test_in_a_storm_a_failure_violates_an_invariant() -> None:
    assert [*failed(replace(GOOD, queues={"Failures": 1}))]
    assert [*failed(replace(GOOD, messages=(message(kind="failure"),)))]
