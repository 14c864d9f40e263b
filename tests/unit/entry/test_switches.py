"""Modes and pauses are changed through the entry, by people whom the document of people knows."""

import copy
import json

import pytest

from responder.core.errors import Denied, Unreachable
from responder.core.switches import ask_for
from responder.people.switches import digest
from tests.fakes import Died
from tests.fakes.registered import document as registered
from tests.unit.entry.people_entry import AIKO, EVE, KEN, MARI, Entry

MODE, ROLLOUT = "everywhere", "rollout_to_zero"
PAUSE = json.dumps({"who": "ken", "why": "deploying", "until": "2026-02-04T22:00:00Z"})


BOTH = ("lowers_security", "costs_money")


@pytest.fixture
def entry() -> Entry:
    """Where rollout, billing, warm starts and memory are not only observed."""
    made = Entry()
    made.parameters["/responder/settings"] = registered(
        aiko=[*BOTH, AIKO], ken=["lowers_security", KEN], mari=["costs_money", MARI]
    )
    made.modes[MODE] = "approve"
    made.parameters.update({"/responder/stops/release": PAUSE, "/responder/set-by-people": "modes settings"})
    return made


def test_a_mode_is_set_and_says_what_it_was(entry: Entry) -> None:
    status, answer = entry.ask("mode", mode="auto", before="approve")
    assert (status, answer["mode"], answer["before"], answer["remedy"]) == (200, "auto", "approve", None)
    assert entry.modes[MODE] == "auto"


def test_the_first_mode_that_a_person_sets_leaves_the_others_as_the_template_has_them(entry: Entry) -> None:
    first = {MODE: "approve", ROLLOUT: "auto", "on_demand_billing": "approve"}
    entry.parameters["/responder/first-modes"] = json.dumps(first)
    del entry.parameters["/responder/modes"], entry.parameters["/responder/set-by-people"]
    assert entry.ask("mode", mode="observe", before="approve")[0] == 200
    assert {**first, MODE: "observe"}.items() <= dict(entry.modes).items()
    assert json.loads(entry.parameters["/responder/first-modes"]) == first
    assert entry.parameters["/responder/set-by-people"] == "modes"


def test_a_mode_that_a_person_sets_to_what_the_template_has_is_kept_through_a_deployment(
    entry: Entry,
) -> None:
    first = {MODE: "observe", ROLLOUT: "auto", "on_demand_billing": "approve"}
    entry.parameters["/responder/first-modes"] = json.dumps(first)
    del entry.parameters["/responder/modes"]
    entry.parameters["/responder/set-by-people"] = "settings"
    assert entry.ask("mode", mode="observe", before="observe")[0] == 200
    entry.parameters["/responder/first-modes"] = json.dumps({**first, MODE: "auto"})
    assert entry.modes[MODE] == "observe"
    assert entry.parameters["/responder/set-by-people"] == "modes settings"


def test_that_people_have_set_the_modes_is_on_record_after_the_same_request_once_more(entry: Entry) -> None:
    """The process died, or AWS refused, between the two writes."""
    entry.parameters["/responder/set-by-people"] = "settings"
    entry.fake.fail("ssm", "put_parameter", Denied, where={"Name": "/responder/set-by-people"})
    assert entry.ask("mode", mode="observe", before="approve")[0] == 503
    assert (entry.modes[MODE], entry.parameters["/responder/set-by-people"]) == ("observe", "settings")
    entry.fake.heal()
    assert entry.ask("mode", mode="observe", before="observe")[0] == 200
    assert entry.parameters["/responder/set-by-people"] == "modes settings"


def test_its_history_names_the_person(entry: Entry) -> None:
    entry.ask("mode", MARI, mode="observe", before="approve")
    (sent,) = entry.fake.sent("ssm", "put_parameter")
    assert (sent["Name"], json.loads(sent["Value"])[MODE]) == ("/responder/modes", "observe")
    assert sent["Description"] == f"Set by mari ({MARI})"


def test_a_remedy_s_mode_is_set_up_to_its_ceiling(entry: Entry) -> None:
    assert entry.declined("mode", remedy="memory_increase", mode="auto", before="auto") == (
        400,
        "unclear",
        "denial.ceiling",
    )
    entry.modes["memory_increase"] = "observe"
    assert entry.ask("mode", MARI, remedy="memory_increase", mode="approve", before="observe")[0] == 200
    assert entry.modes["memory_increase"] == "approve"


def test_a_mode_is_raised_only_by_who_may_approve_what_it_allows(entry: Entry) -> None:
    """Lowering it stops something, which every registered person may."""
    entry.modes[ROLLOUT] = "approve"
    before = copy.deepcopy(entry.parameters)
    found = entry.ask("mode", MARI, remedy="rollout_to_zero", mode="auto", before="approve")
    assert (found[0], found[1]["error"]) == (403, "denial.may_not_raise")
    assert entry.parameters == before
    assert entry.ask("mode", MARI, remedy="rollout_to_zero", mode="observe", before="approve")[0] == 200
    assert entry.ask("mode", MARI, remedy="on_demand_billing", mode="observe", before="auto")[0] == 200
    assert entry.ask("mode", MARI, remedy="on_demand_billing", mode="auto", before="observe")[0] == 200


def test_the_global_mode_is_raised_only_by_who_may_approve_all_that_it_allows(entry: Entry) -> None:
    """Not what each remedy's own mode holds back all the same."""
    before = copy.deepcopy(entry.parameters)
    status, answer = entry.ask("mode", MARI, mode="auto", before="approve")
    assert (status, answer["error"]) == (403, "denial.may_not_raise")
    assert "may not approve lowers_security," in answer["said"][0]["en"]
    assert entry.parameters == before
    entry.modes[ROLLOUT] = "observe"
    assert entry.ask("mode", MARI, mode="auto", before="approve")[0] == 200


def test_a_person_without_any_class_raises_no_global_mode(entry: Entry) -> None:
    entry.parameters["/responder/settings"] = registered(aiko=[AIKO])
    assert entry.ask("mode", mode="auto", before="approve")[1]["error"] == "denial.may_not_raise"
    assert entry.ask("mode", mode="observe", before="approve")[0] == 200


def test_the_stricter_mode_is_named(entry: Entry) -> None:
    entry.modes[ROLLOUT] = "observe"
    answer = entry.ask("mode", remedy="rollout_to_zero", mode="auto", before="observe")[1]
    assert "approve" in answer["said"][1]["en"]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"mode": "auto", "before": "observe"}, "denial.mode_changed"),
        ({"mode": "auto", "before": ""}, "denial.mode_changed"),
        ({"mode": "fast", "before": "approve"}, "denial.unreadable"),
        ({"remedy": "nothing", "mode": "auto", "before": "approve"}, "denial.no_remedy"),
    ],
)
def test_what_does_not_fit_changes_nothing(entry: Entry, fields: dict[str, str], error: str) -> None:
    before = copy.deepcopy(entry.parameters)
    assert entry.ask("mode", **fields)[1]["error"] == error
    assert entry.parameters == before


def test_the_mode_that_is_set_already_is_not_written_again(entry: Entry) -> None:
    assert entry.ask("mode", mode="approve", before="observe")[0] == 200
    assert entry.fake.count("ssm", "put_parameter") == 0


def test_of_two_simultaneously_neither_raises_what_the_other_has_just_lowered(entry: Entry) -> None:
    """Who is reported that a mode is lowered can rely on it."""
    second: list[tuple[int, str]] = []

    def meanwhile() -> None:
        status, answer = entry.ask("mode", MARI, mode="observe", before="approve")
        second.append((status, answer["error"]))

    entry.fake.between("sns", "publish", meanwhile)
    assert entry.ask("mode", mode="auto", before="approve")[0] == 200
    assert (second, entry.modes[MODE]) == ([(409, "denial.being_changed")], "auto")
    assert len(entry.fake.sns.published) == 1
    assert entry.ask("mode", MARI, mode="observe", before="auto")[0] == 200


def test_what_was_changed_after_it_was_looked_at_is_not_written_over(entry: Entry) -> None:
    entry.fake.between("dynamodb", "put_item", lambda: entry.modes.update({MODE: "observe"}))
    assert entry.ask("mode", mode="auto", before="approve")[1]["error"] == "denial.mode_changed"
    assert entry.modes[MODE] == "observe"


def test_after_a_run_that_died_while_changing_a_mode_others_can_change_it_soon(entry: Entry) -> None:
    entry.fake.fail("sns", "publish", Died())
    entry.fake.fail("dynamodb", "put_item", Died(), call=2)
    with pytest.raises(Died):
        entry.ask("mode", mode="auto", before="approve")
    assert entry.ask("mode", MARI, mode="observe", before="approve")[1]["error"] == "denial.being_changed"
    entry.fake.tick(minutes=2, seconds=1)
    assert entry.ask("mode", MARI, mode="observe", before="approve")[0] == 200


def test_a_mode_that_cannot_be_read_can_be_set(entry: Entry) -> None:
    entry.modes[MODE] = "quick"
    assert entry.ask("mode", mode="observe", before="")[0] == 200
    assert entry.modes[MODE] == "observe"


def test_an_unregistered_person_changes_no_mode_and_ends_no_pause(entry: Entry) -> None:
    before = copy.deepcopy(entry.parameters)
    assert entry.ask("mode", EVE, mode="observe", before="approve")[0] == 403
    assert entry.ask("resume", EVE, name="release", shown=digest(PAUSE))[0] == 403
    assert entry.parameters == before


def test_a_pause_is_ended_that_the_person_was_shown(entry: Entry) -> None:
    status, answer = entry.ask("resume", name="release", shown=digest(PAUSE))
    assert (status, answer["resumed"]["who"], answer["resumed"]["why"]) == (200, "ken", "deploying")
    assert "/responder/stops/release" not in entry.parameters


@pytest.mark.parametrize("name", ["everything", "release"])
@pytest.mark.parametrize("value", ["stop", PAUSE])
def test_another_person_s_pause_is_ended_only_by_who_may_approve_all_that_it_holds_back(
    entry: Entry, name: str, value: str
) -> None:
    parameter = f"/responder/stops/{name}"
    entry.parameters[parameter] = value
    status, answer = entry.ask("resume", MARI, name=name, shown=digest(value))
    assert (status, answer["ending"], answer["error"]) == (403, "stranger", "denial.may_not_resume")
    assert "may not approve lowers_security," in answer["said"][0]["en"]
    assert entry.parameters[parameter] == value
    assert entry.ask("resume", name=name, shown=digest(value))[0] == 200
    assert parameter not in entry.parameters


def test_what_is_only_observed_is_not_held_back_by_a_pause(entry: Entry) -> None:
    entry.modes[ROLLOUT] = "observe"
    assert entry.ask("resume", MARI, name="release", shown=digest(PAUSE))[0] == 200


def test_one_s_own_pause_is_ended_without_any_class(entry: Entry) -> None:
    """It gives back what others had allowed: who could not end it would not dare to stop."""
    entry.parameters["/responder/settings"] = registered(aiko=[*BOTH, AIKO], ken=[KEN])
    assert entry.ask("resume", KEN, name="release", shown=digest(PAUSE))[0] == 200


def test_a_pause_that_is_over_holds_nothing_back(entry: Entry) -> None:
    over = PAUSE.replace("2026-02-04T22:00", "2026-02-04T02:00")
    entry.parameters["/responder/stops/release"] = over
    assert entry.ask("resume", MARI, name="release", shown=digest(over))[0] == 200


def test_a_pause_with_half_a_letter_is_ended_and_named(entry: Entry) -> None:
    """No UTF-8 holds it, so that neither AWS nor Lambda would take a word with it."""
    half = '{"who": "a\\ud800", "why": "\\udfffz"}'
    entry.parameters["/responder/stops/release"] = half
    answer = entry.ask("resume", name="release", shown=digest(half))[1]
    assert (answer["resumed"]["who"], answer["resumed"]["why"]) == ("a?", "?z")


@pytest.mark.parametrize("name", ["a/b", "x" * 900, "every/thing.at-once_#"])
def test_whatever_name_aws_takes_for_a_stop_it_can_be_ended(entry: Entry, name: str) -> None:
    entry.parameters[f"/responder/stops/{name}"] = "stop"
    assert entry.ask("resume", name=name, shown=digest("stop"))[0] == 200
    assert f"/responder/stops/{name}" not in entry.parameters


def test_another_pause_of_the_same_name_stays(entry: Entry) -> None:
    entry.parameters["/responder/stops/release"] = PAUSE.replace("ken", "mari")
    assert entry.declined("resume", name="release", shown=digest(PAUSE)) == (
        409,
        "not_done",
        "denial.pause_changed",
    )
    assert "/responder/stops/release" in entry.parameters


@pytest.mark.parametrize("name", ["nothing", "..", "mode", "../settings", "../mode"])
def test_a_pause_that_does_not_exist_is_not_ended(entry: Entry, name: str) -> None:
    before = copy.deepcopy(entry.parameters)
    assert entry.ask("resume", name=name, shown=digest(PAUSE))[1]["error"] == "denial.no_pause"
    assert entry.parameters == before


def test_a_pause_that_a_person_ends_in_the_same_moment_is_no_error(entry: Entry) -> None:
    entry.fake.between("ssm", "delete_parameter", lambda: entry.parameters.pop("/responder/stops/release"))
    assert entry.refused("resume", name="release", shown=digest(PAUSE)) == (409, "denial.no_pause")


def test_where_aws_refuses_the_person_reads_which_call(entry: Entry) -> None:
    entry.fake.fail("ssm", "put_parameter", Denied, code="AccessDeniedException")
    status, answer = entry.ask("mode", mode="auto", before="approve")
    assert (status, answer["call"]) == (503, "ssm:PutParameter AccessDeniedException")
    entry.fake.fail("ssm", "delete_parameter", Unreachable)
    assert entry.ask("resume", name="release", shown=digest(PAUSE))[0] == 503


# --- on-call is notified -----------------------------------------------------------------------------


def test_on_call_is_notified_who_changed_a_mode_and_what_it_was(entry: Entry) -> None:
    entry.ask("mode", MARI, mode="observe", before="approve")
    (sent,) = entry.fake.sns.published
    assert sent["Subject"] == "[INFO] Change of global mode"
    mail = entry.scene.mail
    assert "mari is changing a mode" in mail
    assert "approve → observe" in mail
    assert MARI not in sent["Message"]
    entry.ask("mode", MARI, remedy="on_demand_billing", mode="observe", before="auto")
    assert "on_demand_billing" in entry.fake.sns.published[-1]["Subject"]
    assert len(entry.fake.sns.published) == 2


def test_a_run_that_dies_beside_the_change_never_leaves_on_call_unreported(entry: Entry) -> None:
    entry.fake.fail("ssm", "put_parameter", Died(), after=True)
    with pytest.raises(Died):
        entry.ask("mode", mode="observe", before="approve")
    assert (entry.modes[MODE], len(entry.fake.sns.published)) == ("observe", 1)
    assert entry.ask("mode", mode="observe", before="observe")[0] == 200


def test_a_mode_that_could_not_be_changed_is_reported_as_such(entry: Entry) -> None:
    entry.fake.fail("ssm", "put_parameter", Denied, code="AccessDeniedException")
    assert entry.ask("mode", mode="observe", before="approve")[0] == 503
    assert entry.fake.sns.published[-1]["Subject"] == "[INFO] Failed: change of global mode"
    assert "may not have been applied (ssm:PutParameter AccessDeniedException)" in entry.scene.mail
    assert entry.modes[MODE] == "approve"


def test_a_mode_that_is_not_changed_is_not_reported(entry: Entry) -> None:
    entry.ask("mode", mode="approve", before="observe")
    entry.ask("mode", MARI, mode="auto", before="approve")
    assert entry.fake.sns.published == []


def test_where_on_call_cannot_be_notified_the_person_still_gets_the_result(entry: Entry) -> None:
    entry.fake.fail("sns", "publish", Denied, code="AuthorizationError")
    status, answer = entry.ask("mode", mode="observe", before="approve")
    assert (status, entry.modes[MODE]) == (200, "observe")
    assert "on-call could not be notified (sns:Publish AuthorizationError)" in answer["said"][1]["en"]


def test_a_demoted_remedy_is_resumed_only_by_a_person_of_its_class(entry: Entry) -> None:
    stop = ask_for(ROLLOUT, "automation", "made things worse")
    name = f"/responder/stops/{stop.name}"
    entry.parameters[name] = stop.to_json()
    shown = digest(stop.to_json())
    assert entry.refused("resume", MARI, name=stop.name, shown=shown) == (403, "denial.may_not_resume")
    assert name in entry.parameters
    # Who may approve no other remedy may end this stop.
    status, answer = entry.ask("resume", KEN, name=stop.name, shown=shown)
    assert (status, answer["resumed"]["remedy"], answer["resumed"]["why"]) == (200, ROLLOUT, stop.why)
    assert name not in entry.parameters


@pytest.mark.parametrize("kind", [{"kind": "ask", "remedy": ROLLOUT}, {}])
def test_the_creator_of_a_stop_under_a_remedy_s_name_needs_the_class_to_end_it(
    entry: Entry, kind: dict[str, str]
) -> None:
    """The follow-up writes over none: a person who took the name before could let the remedy go."""
    value = json.dumps({"who": "mari", "why": "mine", **kind, "until": "2020-01-01T00:00:00Z"})
    entry.parameters["/responder/stops/ask-rollout_to_zero"] = value
    assert entry.refused("resume", MARI, name="ask-rollout_to_zero", shown=digest(value)) == (
        403,
        "denial.may_not_resume",
    )
    assert "/responder/stops/ask-rollout_to_zero" in entry.parameters
