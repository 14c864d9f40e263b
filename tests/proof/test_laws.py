"""The laws of the races, each tried on a result that breaks it."""

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from tests.proof.after import After
from tests.proof.laws import broken, failed

ALARM, INCIDENT = "FaceAuth-Liveness-HighErrorRate", "FaceAuth-Liveness-HighErrorRate-20260204T102500Z"
NAME = "FaceAuth-Enrollment"
SETTING = f"{NAME} LIVENESS_ROLLOUT_PERCENTAGE"
UPDATE = "UpdateFunctionConfiguration"


def row(sk: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"pk": "STACK", "sk": sk, "data": json.dumps(data)}


def said(**more: Any) -> dict[str, Any]:
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
GOOD = After(
    rows=(LEASE, ACT, HEAD),
    said=(said(),),
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
    "told of another incident": replace(GOOD, said=(said(), said(incident=OTHER, kind="failure"))),
    "two threads": replace(GOOD, threads=Counter([INCIDENT] * 2)),
    "not told in Slack": replace(GOOD, threads=Counter[str]()),
    "told by nobody": replace(GOOD, said=()),
    "told twice": replace(GOOD, said=(said(), said(id=f"{INCIDENT}/another"))),
    "a failure that nobody hears of": replace(GOOD, queues={"Failures": 1}),
    "a failure that nobody kept": replace(GOOD, said=(said(), said(kind="failure"))),
    "undelivered": replace(GOOD, queues={"Failures": 0, "Undelivered": 1}),
}


def test_what_is_as_it_should_be_breaks_no_law() -> None:
    assert broken(GOOD, {ALARM}) == []
    assert broken(replace(GOOD, said=(said(), said())), {ALARM}) == []
    assert [*failed(GOOD)] == []


@pytest.mark.parametrize("what", BAD)
def test_each_law_can_be_broken(what: str) -> None:
    assert broken(BAD[what], {ALARM})


def test_in_a_storm_a_failure_breaks_a_law() -> None:
    assert [*failed(replace(GOOD, queues={"Failures": 1}))]
    assert [*failed(replace(GOOD, said=(said(kind="failure"),)))]
