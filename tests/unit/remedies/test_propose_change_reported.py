"""A suggested change is in the message whatever holds the automation back, and is never offered to apply."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from alarms import high_error_rate
from responder.causes import policy_changes
from responder.core.cause import Cause
from responder.core.change import Change, Changes, Lease, LeaseState, Status
from responder.core.command import ApprovalRequest, fingerprint
from responder.core.errors import Denied
from responder.core.modes import Effect
from responder.core.plain_data import Json
from responder.core.remedy import RemedyName
from responder.core.settings import Settings
from responder.core.text import text
from responder.core.verdict import Proposal, Verdict
from responder.incident_report.entries import entry, written
from responder.messages.language import say
from responder.remedies.propose_change import ProposeChange
from responder.store import Incidents, TimelineStep
from tests.rows import all_rows
from tests.unit.respond.scene import Scene

RIGHT = policy_changes.role_policy(Settings(bucket="images"), "Role", ("s3:PutObject",), "*")


def scene() -> Scene:
    why = text("why.no_scores")
    verdict = Verdict(
        Cause.DENIED_ROLE(), why, proposals=(Proposal(RemedyName.PROPOSE_CHANGE, why, proposed=(RIGHT,)),)
    )
    book = replace(
        high_error_rate.playbook, evidence=(), decide=lambda _: verdict, remedies=(ProposeChange(),)
    )
    made = Scene(playbook=book)
    made.aws.ssm.modes["propose_change"] = "observe"
    return made


def reported(made: Scene, **event: Any) -> Json:
    made.alarm(**event)
    return made.result


def mode(everywhere: str, own: str) -> Callable[[Scene], object]:
    return lambda made: made.aws.ssm.modes.update(everywhere=everywhere, propose_change=own)


def pauses(made: Scene) -> None:
    made.aws.ssm.parameters["/responder/stops/release"] = json.dumps({"who": "sato", "why": "release"})


def forgets_its_mode(made: Scene) -> None:
    del made.aws.ssm.modes["propose_change"]


def loses_the_store(made: Scene) -> None:
    made.aws.fail("dynamodb", "transact_write_items", Denied, times=99)


@pytest.fixture
def made() -> Scene:
    return scene()


@pytest.mark.parametrize(
    "what",
    [
        mode("auto", "observe"),
        mode("auto", "auto"),
        mode("approve", "approve"),
        mode("observe", "observe"),
        forgets_its_mode,
        pauses,
        loses_the_store,
    ],
)
def test_it_is_shown_whole_and_never_done_or_offered(made: Scene, what: Callable[[Scene], object]) -> None:
    what(made)
    outcome = reported(made)
    assert outcome["result"] in ("observed", "refused")
    assert (outcome["approval"], outcome["changes"]) == (None, [])
    assert [one["command"] for one in outcome["proposed"]] == [RIGHT.command]
    assert made.leases() == []


def test_it_says_that_nothing_of_the_kind_is_ever_done_from_here_and_what_to_do(made: Scene) -> None:
    assert reported(made)["because"]["key"] == "guard.never_applied"
    steps = [each["values"].get("step", each)["key"] for each in made.reported[-1]["steps"]]
    assert "step.review_written" in steps
    assert RIGHT.command in made.mail


def test_ordering_it_all_the_same_is_refused(made: Scene) -> None:
    made.alarm()
    for order in ("apply", "revert"):
        made.command(order, remedy="propose_change", scope="", proposal="0123456789abcdef")
        assert made.result["result"] == "refused"
    assert [service for service, *_ in made.aws.calls if service == "iam"] == []


FORGED = Change(Settings().result_function, "Timeout", "15", "29", Status.APPLIED)


@all_rows("changes", [(), (FORGED,)])
@all_rows("order", ["apply", "revert", "finish"])
@all_rows("leased", [False, True])
def test_records_written_by_hand_and_every_mode_at_auto_carry_nothing_out(
    leased: bool, order: str, changes: Changes
) -> None:
    made = scene()
    mode("auto", "auto")(made)
    reported(made)
    incident, store = str(made.pointer["incident"]), Incidents(made.aws, "Incidents")
    proposal = fingerprint(incident, "propose_change", changes)
    asked = ApprovalRequest(
        proposal, incident, "propose_change", "", Effect.RESTORES, made.aws.now, changes, order=order
    )
    store.record(incident, "asked", asked, made.aws.now, (asked,))
    made.approve(proposal)
    if leased:
        state = LeaseState.PARTIAL
        lease = Lease("propose_change", "review", incident, state, made.aws.now, None, {}, changes)
        store.settle(lease, None, made.aws.now)
    before = len(made.aws.writes)
    made.command(order, remedy="propose_change", proposal=proposal)
    assert made.result["result"] == "refused"
    assert made.result["because"]["key"] in ("guard.never_applied", "guard.lease_ended")
    assert {service for service, _ in made.aws.writes[before:]} <= {"dynamodb", "sns"}


def test_the_timeline_of_the_closing_report_names_it_with_its_command(made: Scene) -> None:
    made.alarm()
    stored = next(json.loads(row["data"]) for row in made.rows() if '"proposed"' in str(row.get("data")))
    row = entry(TimelineStep(made.aws.now, "verdict", stored))
    said = [say(detail, "en") for detail in row.details]
    assert any("put-role-policy" in each and "Role" in each for each in said)


@pytest.mark.parametrize("odd", [None, "x", [None], [{"proposed": "x"}], [{"proposed": [{"what": 1}]}]])
def test_what_an_older_or_newer_version_stored_breaks_no_report(odd: object) -> None:
    assert list(written({"proposals": odd})) == []
