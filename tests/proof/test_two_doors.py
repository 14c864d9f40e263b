"""People at Slack and at a terminal, at the same moment: one act at most, and a rejection stays in force."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

import pytest

from rehearsal.drill import settled
from responder.slack.inbound.request import MODAL
from tests.fakes.slack_server import TEAM
from tests.integration.beside_slack import CHANNEL, KEN, ME
from tests.integration.test_slack_in import OnCall
from tests.proof.after import After
from tests.proof.arena import Arena
from tests.proof.chance import at_once, rounds, seed
from tests.proof.laws import applied_twice, lost, over_budget, unanswered
from tests.proof.troubles import FAULTS

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]

type Note = Callable[..., None]
type Act = Callable[[], Any]
ONE, ROLLOUT = "high-error-rate", "rollout_to_zero"


def asked(arena: Arena) -> OnCall:
    """Going to 0 % waits for an answer."""
    arena.begin(replace(FAULTS, modes={ROLLOUT: "approve"}), [ONE])
    arena.set(ONE)
    arena.send(ONE, arena.event(ONE))
    (incident,) = arena.after().heads
    arena.keep("asked")
    return OnCall(arena.aws, arena.slack, arena.keys["oncall"], incident, [], [], arena.keys["mari"])


def in_force(arena: Arena, oncall: OnCall) -> OnCall:
    """It is at 0 %, and the revert waits for an answer."""
    arena.restore("asked")
    oncall.run(f"approve {oncall.incident}")
    settled.wait(arena.aws)
    oncall.finish()
    oncall.press("revert", p="")
    arena.keep("to revert")
    return oncall


def rejection(oncall: OnCall, pressed: str) -> dict[str, Any]:
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


def wrong(after: After, oncall: OnCall, wanted: str) -> list[str]:
    """`wanted`: what it is once it is carried out."""
    rows = [row for row in oncall.rows if row["pk"] == oncall.proposal]
    # A person who rejects after their approval was applied has a row that says no; the timeline has both.
    yes = {step["person"] for step in oncall.steps if step["what"] == "approve"}
    standing = {row["sk"] for row in rows if row["decision"] == "approve"}
    done = set(oncall.percentages) == {wanted}
    found = [*applied_twice(after), *over_budget(after), *lost(after), *unanswered(after)]
    if len({(row["pk"], row["sk"]) for row in rows}) != len(rows):
        found.append(f"rows {rows}")
    if done and not yes:
        found.append("carried out, and nobody had approved it")
    if not done and standing and len(standing) == len(rows):
        found.append(f"approved by {sorted(standing)}, rejected by nobody, and not carried out")
    if len(set(oncall.percentages)) != 1:
        found.append(f"half done: {oncall.percentages}")
    if sum(outcome == "applied" for outcome in after.outcomes(ROLLOUT).elements()) > 1:
        found.append("told twice that it was applied")
    return found


def play(arena: Arena, oncall: OnCall, snapshot: str, wanted: str, chance: Random) -> list[str]:
    arena.restore(snapshot)
    chosen = chance.choice(PAIRS)
    at_once(chance, [acts(oncall)[name] for name in chosen], chance.choice((0, 0.2, 1.0)))
    after = arena.after()
    return [f"{' + '.join(chosen)}: {each}" for each in wrong(after, oncall, wanted)]


def test_two_who_answer_simultaneously_lead_to_one_act_at_most(arena: Arena, note: Note) -> None:
    """The remedy is proposed; in every second round its revert."""
    oncall = asked(arena)
    in_force(arena, oncall)
    for number, chance in enumerate(rounds("doors", 40)):
        proposed = ("to revert", "50") if number % 2 else ("asked", "0")
        problems = play(arena, oncall, *proposed, chance)
        assert not problems, f"PROOF_SEED={seed()}"
        note("races", rounds=1)
