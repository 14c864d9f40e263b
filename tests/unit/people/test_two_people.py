"""What makes every check weaker waits for two people; several proposals wait side by side."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from liveness_ops.people.proposals import meaning
from responder.core.change import Change
from responder.core.command import ApprovalRequest, fingerprint
from responder.core.modes import Effect
from responder.messages.language import say
from responder.store import Incidents
from tests.texts import piece
from tests.unit.people.terminal import KEN, Terminal, asked

CHANGES = (Change("FaceAuth-GetLivenessResult", "CONFIDENCE_THRESHOLD", "90", "80"),)


def weaker(monkeypatch: pytest.MonkeyPatch) -> tuple[Terminal, str]:
    terminal, _ = asked(monkeypatch)
    proposal = fingerprint(terminal.incident, "lower_threshold", CHANGES)
    now = terminal.scene.aws.now
    one = ApprovalRequest(
        proposal, terminal.incident, "lower_threshold", "", Effect.LOWERS_SECURITY, now, CHANGES
    )
    Incidents(terminal.scene.aws, "Incidents").record(terminal.incident, "asked", one, now, (one,))
    terminal.scene.aws.tick(minutes=1)
    terminal.entry.answer = {
        "Payload": io.BytesIO(b'{"report": "1", "results": {"lower_threshold": "applied"}}')
    }
    return terminal, proposal


def test_the_first_of_two_approves_and_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, proposal = weaker(monkeypatch)
    done = terminal.run(f"approve {terminal.incident} {proposal} --yes")
    assert (done.exit_code, terminal.asked) == (0, [])
    assert "aiko has approved; 2 different people are needed" in done.output


def test_the_second_of_two_sees_the_first_and_carries_it_out(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, proposal = weaker(monkeypatch)
    terminal.run(f"approve {terminal.incident} {proposal} --yes")
    terminal.caller = KEN
    done = terminal.run(f"approve {terminal.incident} {proposal} --yes")
    assert (done.exit_code, len(terminal.asked)) == (0, 1)
    assert "aiko (2 required)" in done.output


def test_two_approvals_of_the_first_person_count_once(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, proposal = weaker(monkeypatch)
    for _ in range(2):
        found = terminal.machine(f"approve {terminal.incident} {proposal} --yes")
        assert found["carried_out"] is False
    assert (len(terminal.rows), terminal.asked) == (1, [])


def test_of_several_one_has_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, proposal = weaker(monkeypatch)
    done = terminal.run("approve INCIDENT --yes")
    assert (done.exit_code, terminal.rows) == (2, [])
    assert f"{proposal}  lower confidence threshold (until" in done.output
    assert proposal in terminal.machine("approve INCIDENT")["proposals"]


ROLLOUT = ApprovalRequest(
    id="1",
    incident="i",
    remedy="rollout_to_zero",
    scope="",
    effect=Effect.LOWERS_SECURITY,
    at=datetime(2026, 2, 4, tzinfo=UTC),
    changes=(Change("F", "V", "50", "0"),),
)
BACK = replace(ROLLOUT, order="revert", changes=(Change("F", "V", "0", "10"),))
WARM = replace(ROLLOUT, remedy="memory_increase", effect=Effect.COSTS_MONEY)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (ROLLOUT, piece("remedy.yes.rollout_to_zero")),
        (BACK, "raises security"),
        (replace(BACK, changes=ROLLOUT.changes), piece("remedy.yes.rollout_to_zero")),
        (replace(ROLLOUT, remedy="something_new"), piece("remedy.yes.unknown")),
        (WARM, "costs more per second"),
        (replace(WARM, order="revert"), "runs out of memory again"),
    ],
)
def test_it_says_what_it_means_for_security(asked: ApprovalRequest, said: str) -> None:
    assert said in say(meaning(asked), "en")
