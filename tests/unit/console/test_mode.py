"""mode: seen with its ceiling, set with what it means, raised only by who answers for it."""

from collections.abc import Callable

import pytest

from responder.core.errors import Denied
from responder.core.switches import ask_for
from tests.texts import piece
from tests.unit.people.terminal import Terminal

EVE = "arn:aws:iam::123456789012:user/eve"


def mode_of(terminal: Terminal, remedy: str = "") -> str:
    return terminal.fake.ssm.modes[remedy or "everywhere"]


def put(terminal: Terminal, mode: str, remedy: str = "") -> None:
    terminal.fake.ssm.modes[remedy or "everywhere"] = mode


def test_without_arguments_it_shows_what_each_may_do_in_effect(terminal: Terminal) -> None:
    put(terminal, "approve")
    put(terminal, "observe", "on_demand_billing")
    del terminal.fake.ssm.modes["provisioned_concurrency"]
    found = terminal.machine("mode")
    assert found["global"] == "approve"
    rows = {each["remedy"]: (each["own"], each["ceiling"], each["effective"]) for each in found["remedies"]}
    assert rows["rollout_to_zero"] == ("auto", "auto", "approve")
    assert rows["on_demand_billing"] == ("observe", "auto", "observe")
    assert rows["provisioned_concurrency"] == (None, "auto", "observe")
    assert rows["memory_increase"] == ("auto", "approve", "approve")


@pytest.mark.parametrize(
    ("language", "words"),
    [("ja", ("実際のモード", piece("notice.unreadable", "ja"))), ("en", ("Effective", "treated"))],
)
def test_the_table_says_what_is_missing_in_words(
    terminal: Terminal, language: str, words: tuple[str, str]
) -> None:
    del terminal.fake.ssm.modes["provisioned_concurrency"]
    shown = terminal.run("mode", language=language).output
    assert all(each in shown for each in words)


def test_the_table_shows_the_pauses_beside_the_modes(terminal: Terminal) -> None:
    terminal.run("pause release --reason 'v2 goes out' --until 2h")
    shown = terminal.run("mode").output
    assert "release  by aiko: v2 goes out" in shown
    assert piece("ops.paused_now") in shown
    assert [each["name"] for each in terminal.machine("mode")["pauses"]] == ["release"]


def test_while_it_is_paused_no_mode_is_shown_as_in_force(terminal: Terminal) -> None:
    assert terminal.machine("mode")["paused"] is False
    terminal.run("pause release --reason 'v2 goes out' --until 2h")
    row = next(
        each for each in terminal.run("mode").stdout.splitlines() if each.startswith("rollout_to_zero")
    )
    assert row.split("\t")[-1] == "paused"
    assert terminal.machine("mode")["paused"] is True


@pytest.mark.parametrize("line", ["mode auto", "mode rollout_to_zero auto"])
def test_a_mode_that_is_set_already_is_reported_to_be_unchanged(terminal: Terminal, line: str) -> None:
    done = terminal.run(line)
    assert (done.exit_code, done.stdout[:10]) == (0, "Unchanged:")
    assert terminal.machine(line)["unchanged"] is True
    assert terminal.sent == []


def test_one_remedy_is_shown_alone(terminal: Terminal) -> None:
    assert [each["remedy"] for each in terminal.machine("mode rollout_to_zero")["remedies"]] == [
        "rollout_to_zero"
    ]


def test_a_mode_goes_down_without_a_question_and_the_next_response_obeys(terminal: Terminal) -> None:
    found = terminal.machine("mode rollout_to_zero observe")
    assert found == {
        "exit": 0,
        "person": "aiko",
        "remedy": "rollout_to_zero",
        "mode": "observe",
        "before": "auto",
        "effective": "observe",
    }
    terminal.scene.command("re-evaluate")
    assert terminal.scene.result["result"] == "observed"


def test_the_global_mode_is_set_by_its_name_alone(terminal: Terminal) -> None:
    found = terminal.machine("mode observe")
    assert (mode_of(terminal), found["remedy"], found["before"]) == ("observe", None, "auto")
    assert {each["effective"] for each in found["remedies"]} == {"observe"}


def test_a_mode_goes_up_only_after_a_yes(terminal: Terminal) -> None:
    terminal.everyone_may("lowers_security", "costs_money")
    put(terminal, "observe")
    done = terminal.run("mode auto", "n\n")
    assert (done.exit_code, mode_of(terminal)) == (1, "observe")
    assert piece("ops.means_auto") in done.output
    assert terminal.run("mode auto", "y\n").exit_code == 0
    assert mode_of(terminal) == "auto"


def test_where_the_global_mode_is_stricter_it_reports_it(terminal: Terminal) -> None:
    put(terminal, "observe")
    put(terminal, "observe", "rollout_to_zero")
    done = terminal.run("mode rollout_to_zero auto --yes")
    assert done.exit_code == 0
    assert "The global mode is stricter: the effective mode is observe." in done.output
    assert "liveness check off (rollout 0%): proposals only" in done.output
    assert "applied automatically" not in done.output


@pytest.mark.parametrize(
    ("language", "said"), [("en", "(until resumed manually)"), ("ja", "（期限: 手動で再開するまで）")]
)
def test_a_stop_without_an_end_is_listed_as_such(terminal: Terminal, language: str, said: str) -> None:
    terminal.fake.ssm.parameters["/responder/stops/everything"] = "stop"
    assert said in terminal.run("mode", language=language).output


def test_while_everything_is_paused_no_mode_is_said_to_act(terminal: Terminal) -> None:
    terminal.run("pause release --reason release --until 2h")
    put(terminal, "approve", "rollout_to_zero")
    done = terminal.run("mode rollout_to_zero auto --yes")
    assert piece("ops.paused_now") in done.output
    assert "applied automatically" not in done.output


def test_no_mode_above_the_ceiling(terminal: Terminal) -> None:
    put(terminal, "observe", "memory_increase")
    found = terminal.machine("mode memory_increase auto --yes")
    assert (found["exit"], found["error"]) == (2, "denial.ceiling")
    assert "is approve" in found["message"]
    assert mode_of(terminal, "memory_increase") == "observe"


@pytest.mark.parametrize("line", ["mode auto", "mode rollout_to_zero approve", "mode observe"])
def test_a_stranger_changes_no_mode_and_can_pause(terminal: Terminal, line: str) -> None:
    put(terminal, "approve")
    put(terminal, "observe", "rollout_to_zero")
    terminal.caller = EVE
    assert terminal.refused(f"{line} --yes") == (3, "denial.stranger")
    assert (mode_of(terminal), mode_of(terminal, "rollout_to_zero")) == ("approve", "observe")
    assert terminal.run("pause --reason 'too much changes' --until 2h").exit_code == 0


@pytest.mark.parametrize(
    "line",
    [
        "mode nothing",
        "mode nothing auto",
        "mode everywhere auto",
        "mode AUTO",
        "mode rollout_to_zero on",
        "mode rollout_to_zero AUTO",
        "mode auto observe",
    ],
)
def test_what_is_no_remedy_or_no_mode_changes_nothing(terminal: Terminal, line: str) -> None:
    before = dict(terminal.fake.ssm.parameters)
    assert terminal.run(line).exit_code == 2
    assert terminal.fake.ssm.parameters == before


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("mode atuo", "auto"),
        ("mode rollout", "rollout_to_zero"),
        ("mode memory_increase aprove", "approve"),
    ],
)
def test_of_a_misspelt_one_the_modes_and_the_nearest_are_named(
    terminal: Terminal, line: str, meant: str
) -> None:
    said, maybe = terminal.run(line).output.splitlines()
    assert "observe, approve, auto" in said
    assert maybe == f"Did you mean {meant}?"


def test_piped_it_shows_the_global_mode_in_a_row_of_its_own(terminal: Terminal) -> None:
    put(terminal, "approve")
    _, row, *_ = terminal.run("mode").stdout.splitlines()
    assert row.split("\t") == ["global", "all remedies", "approve", "–", "approve"]


def test_a_mode_above_the_ceiling_is_not_announced_before_it_is_refused(terminal: Terminal) -> None:
    put(terminal, "observe", "memory_increase")
    for line in ("mode memory_increase auto", "mode memory_increase auto --yes"):
        done = terminal.run(line)
        assert (done.exit_code, piece("denial.ceiling") in done.output) == (2, True)
        assert piece("ops.means_auto") not in done.output
    assert terminal.sent == []


def test_what_a_mode_means_is_shown_before_the_question_and_with_yes_only_once_it_is_set(
    terminal: Terminal,
) -> None:
    put(terminal, "observe", "rollout_to_zero")
    assert piece("ops.means_auto") in terminal.run("mode rollout_to_zero auto", "n\n").output
    terminal.caller = EVE
    assert piece("ops.means_auto") not in terminal.run("mode rollout_to_zero auto --yes").output


def test_what_a_person_lowered_while_one_thinks_is_not_raised(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(terminal, "approve")

    def think(*_: object, **__: object) -> bool:
        put(terminal, "observe")
        return True

    monkeypatch.setattr("typer.confirm", think)
    assert terminal.run("mode auto").exit_code == 7
    assert mode_of(terminal) == "observe"


@pytest.mark.parametrize(
    "break_it",
    [
        lambda aws: aws.fail("ssm", "get_parameters_by_path", Denied, code="AccessDeniedException", times=9),
        lambda aws: aws.fail("ssm", "put_parameter", Denied, code="AccessDeniedException"),
    ],
)
def test_where_aws_refuses_there_is_one_line(terminal: Terminal, break_it: Callable[..., None]) -> None:
    break_it(terminal.fake)
    assert terminal.ends("mode observe") == (6, 1)


@pytest.mark.parametrize("value", ["auto", "{", '{"everywhere": "AUTO"}', '["auto"]'])
def test_modes_that_cannot_be_read_count_as_observe_until_a_person_sets_them(
    terminal: Terminal, value: str
) -> None:
    terminal.fake.ssm.parameters["/responder/modes"] = value
    found = terminal.machine("mode")
    assert (found["exit"], found["global"]) == (0, None)
    assert {each["effective"] for each in found["remedies"]} == {"observe"}
    assert piece("notice.unreadable") in terminal.run("mode", language="en").output
    assert terminal.run("mode observe").exit_code == 0
    assert mode_of(terminal) == "observe"


def test_a_remedy_that_is_only_asked_for_is_shown_so_with_the_reason(terminal: Terminal) -> None:
    put(terminal, "auto")
    stop = ask_for("rollout_to_zero", "automation", "made things worse (high-error-rate-1)")
    terminal.fake.ssm.parameters[f"/responder/stops/{stop.name}"] = stop.to_json()
    found = terminal.machine("mode")
    rows = {each["remedy"]: (each["own"], each["effective"]) for each in found["remedies"]}
    assert rows["rollout_to_zero"] == ("auto", "approve")
    assert rows["on_demand_billing"] == ("auto", "auto")
    assert [(each["name"], each["remedy"]) for each in found["pauses"]] == [(stop.name, "rollout_to_zero")]
    assert found["paused"] is False
    assert stop.why in terminal.run("mode").output
