"""People at Slack and at a terminal, at the same moment: one act at most, and a rejection stays in force."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

import pytest

from rehearsal.drill import changes_done
from responder.core.plain_data import Json
from responder.slack.inbound.request import MODAL
from tests.fakes.slack_server import TEAM
from tests.integration.beside_slack import CHANNEL, KEN, ME
from tests.integration.test_slack_in import OnCall
from tests.proof.deployed_stack import DeployedStack
from tests.proof.end_state import EndState
from tests.proof.race_invariants import applied_twice, other_settings_changed, over_hourly_limit, unanswered
from tests.proof.seeded_random import in_parallel, rounds, seed
from tests.proof.service_faults import FAULTS

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]

type Note = Callable[..., None]
type Act = Callable[[], Any]
ONE, ROLLOUT = "high-error-rate", "rollout_to_zero"


def asked(stack: DeployedStack) -> OnCall:
    """Going to 0 % waits for an answer."""
    stack.begin(replace(FAULTS, modes={ROLLOUT: "approve"}), [ONE])
    stack.set(ONE)
    stack.send(ONE, stack.event(ONE))
    (incident,) = stack.end_state().heads
    stack.keep("asked")
    return OnCall(stack.aws, stack.slack, stack.keys["oncall"], incident, [], [], stack.keys["mari"])


def in_force(stack: DeployedStack, oncall: OnCall) -> OnCall:
    """It is at 0 %, and the revert waits for an answer."""
    stack.restore("asked")
    oncall.run(f"approve {oncall.incident}")
    changes_done.wait(stack.aws)
    oncall.finish()
    oncall.press("revert", p="")
    stack.keep("to revert")
    return oncall


def rejection(oncall: OnCall, pressed: str) -> Json:
    """The form with the reason, sent. `pressed`: Slack's id of this press; a repeat has the same."""
    about = {
        "i": oncall.incident,
        "p": oncall.proposal,
        "r": ROLLOUT,
        "s": "",
        "channel": CHANNEL,
        "ts": "1.2",
    }
    values = {"reason": {"reason": {"type": "plain_text_input", "value": "no"}}}
    view = {"callback_id": MODAL, "private_metadata": json.dumps(about), "state": {"values": values}}
    who = {"user": {"id": KEN, "team_id": TEAM}, "team": {"id": TEAM}}
    return {"type": "view_submission", **who, "trigger_id": pressed, "view": view}


def acts(oncall: OnCall) -> dict[str, Act]:
    """What people do, by name. Each click is a separate one."""
    return {
        "slack yes": lambda: oncall.send(oncall.request(oncall.click("approve", ME))),
        "slack yes of another": lambda: oncall.send(oncall.request(oncall.click("approve", KEN))),
        "slack no": lambda: oncall.send(oncall.request(rejection(oncall, "1.2.4"))),
        "terminal yes": partial(oncall.elsewhere, f"approve {oncall.incident}"),
        "terminal no": partial(oncall.elsewhere, f"reject {oncall.incident} --reason later"),
    }


PAIRS = (
    ("slack yes", "terminal yes"),
    ("slack yes", "slack yes"),
    ("slack yes", "slack yes of another"),
    ("terminal yes", "terminal yes"),
    ("slack yes", "terminal no"),
    ("terminal yes", "slack no"),
    ("slack yes of another", "slack no", "terminal yes"),
    ("slack yes", "slack yes", "terminal yes", "terminal no"),
)


def wrong(after: EndState, oncall: OnCall, wanted: str) -> list[str]:
    """`wanted`: what it is once it is carried out."""
    rows = [row for row in oncall.rows if row["pk"] == oncall.proposal]
    # A person who rejects after their approval was applied has a row that says no; the timeline has both.
    yes = {step["person"] for step in oncall.steps if step["what"] == "approve"}
    standing = {row["sk"] for row in rows if row["decision"] == "approve"}
    done = set(oncall.percentages) == {wanted}
    found = [
        *applied_twice(after),
        *over_hourly_limit(after),
        *other_settings_changed(after),
        *unanswered(after),
    ]
    if len({(row["pk"], row["sk"]) for row in rows}) != len(rows):
        found.append(f"rows {rows}")
    if done and not yes:
        found.append("carried out, and no one had approved it")
    if not done and standing and len(standing) == len(rows):
        found.append(f"approved by {sorted(standing)}, rejected by no one, and not carried out")
    if len(set(oncall.percentages)) != 1:
        found.append(f"half done: {oncall.percentages}")
    if sum(outcome == "applied" for outcome in after.outcomes(ROLLOUT).elements()) > 1:
        found.append("reported twice as applied")
    return found


def play(stack: DeployedStack, oncall: OnCall, snapshot: str, wanted: str, rng: Random) -> list[str]:
    stack.restore(snapshot)
    chosen = rng.choice(PAIRS)
    in_parallel(rng, [acts(oncall)[name] for name in chosen], rng.choice((0, 0.2, 1.0)))
    after = stack.end_state()
    return [f"{' + '.join(chosen)}: {each}" for each in wrong(after, oncall, wanted)]


def test_two_who_answer_simultaneously_lead_to_one_act_at_most(stack: DeployedStack, note: Note) -> None:
    """The remedy is proposed; in every second round its revert."""
    oncall = asked(stack)
    in_force(stack, oncall)
    for number, rng in enumerate(rounds("doors", 40)):
        proposed = ("to revert", "50") if number % 2 else ("asked", "0")
        problems = play(stack, oncall, *proposed, rng)
        assert not problems, f"PROOF_SEED={seed()}"
        note("races", rounds=1)
