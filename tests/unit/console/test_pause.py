"""pause and resume: the guards read them immediately, and none is lost or written over."""

import json
import re

import pytest

from responder.core.errors import Denied, Unreachable
from responder.core.plain_data import Json
from tests.texts import piece
from tests.unit.people.terminal import KEN, Terminal

EVE = "arn:aws:iam::123456789012:user/eve"
PATH = "/responder/stops/"


def stored(terminal: Terminal) -> dict[str, Json]:
    found = terminal.fake.ssm.parameters
    return {name.removeprefix(PATH): json.loads(value) for name, value in found.items() if PATH in name}


def refusal(terminal: Terminal) -> str:
    """What a response reports of its proposal now."""
    answer = terminal.scene.command("re-evaluate")
    assert set(answer["results"].values()) == {"refused"}
    return json.dumps(terminal.scene.result, ensure_ascii=False)


def test_a_pause_has_who_why_and_until_when(terminal: Terminal) -> None:
    found = terminal.machine("pause release --reason 'v2  goes\tout' --until 2h")
    assert stored(terminal) == {
        "release": {"who": "aiko", "why": "v2 goes out", "until": "2026-02-04T12:27:00Z"}
    }
    assert found == {
        "exit": 0,
        "person": "aiko",
        "pause": {
            "name": "release",
            "who": "aiko",
            "why": "v2 goes out",
            "from": None,
            "until": "2026-02-04T12:27:00Z",
            "state": "active",
            "remedy": None,
        },
    }


def test_the_next_response_is_refused_with_who_and_why_and_after_resume_it_acts_again(
    terminal: Terminal,
) -> None:
    terminal.run("pause release --reason 'v2 goes out' --until 2h")
    said = refusal(terminal)
    assert "aiko" in said
    assert "v2 goes out" in said
    assert terminal.run("resume").exit_code == 0
    terminal.fake.tick(minutes=0.1)
    terminal.scene.command("re-evaluate")
    assert terminal.scene.result["result"] == "asked"


def test_a_window_set_ahead_holds_from_its_beginning_until_its_end(terminal: Terminal) -> None:
    line = "pause night --reason maintenance --from 2m --until 2m"
    assert terminal.machine(line)["pause"]["state"] == "planned"
    assert stored(terminal)["night"]["from"] == "2026-02-04T10:29:00Z"
    assert stored(terminal)["night"]["until"] == "2026-02-04T10:31:00Z"
    terminal.scene.command("re-evaluate")
    assert terminal.scene.result["result"] == "asked"
    terminal.fake.tick(minutes=2)
    assert "maintenance" in refusal(terminal)
    terminal.fake.tick(minutes=2)
    terminal.scene.command("re-evaluate")
    assert terminal.scene.result["result"] == "asked"


def test_a_window_can_be_called_off_before_it_begins(terminal: Terminal) -> None:
    terminal.run("pause night --reason maintenance --from 22:00 --until 2h")
    assert terminal.machine("resume")["resumed"]["state"] == "planned"
    assert stored(terminal) == {}


def test_without_a_name_it_is_made_of_the_person_and_the_time(terminal: Terminal) -> None:
    assert terminal.machine("pause --reason x --until 1h")["pause"]["name"] == "aiko-20260204T102700Z"
    terminal.caller = "arn:aws:sts::123456789012:assumed-role/On Call/eve@company.example"
    terminal.fake.tick(minutes=1)
    name = terminal.machine("pause --reason x --until 1h")["pause"]["name"]
    assert re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", name)
    assert name.startswith("assumed-role-On-Call-eve-company.example")


def test_anyone_whom_aws_lets_may_stop_it_and_is_named(terminal: Terminal) -> None:
    terminal.caller = EVE
    assert terminal.run("pause stop --reason 'it runs wild' --until 1h").exit_code == 0
    assert stored(terminal)["stop"]["who"] == "user/eve"


def test_two_people_at_the_same_time_lose_nothing(terminal: Terminal) -> None:
    def ken() -> None:
        terminal.caller = KEN
        assert terminal.run("pause release --reason mine --until 3h").exit_code == 0
        terminal.caller = "arn:aws:iam::123456789012:user/aiko"

    terminal.fake.between("ssm", "put_parameter", ken)
    found = terminal.machine("pause release --reason 'also mine' --until 1h")
    assert (found["exit"], found["error"]) == (7, "ops.pause_taken")
    assert "by ken: mine" in found["message"]
    assert found["pause"]["who"] == "ken"
    assert stored(terminal)["release"]["why"] == "mine"


def test_not_even_one_s_own_pause_or_one_that_is_over_is_written_over(terminal: Terminal) -> None:
    terminal.run("pause release --reason first --until 1h")
    terminal.fake.tick(hours=2)
    assert terminal.run("pause release --reason second --until 1h").exit_code == 7
    assert stored(terminal)["release"]["why"] == "first"
    assert terminal.run("resume release").exit_code == 0
    assert terminal.run("pause release --reason second --until 1h").exit_code == 0


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("pause a --reason x --until soon", "ops.no_time"),
        ("pause a --reason x --until 0m", "ops.pause_past"),
        ("pause a --reason x --until 2026-02-04T10:00Z", "ops.pause_past"),
        ("pause a --reason x --from 2026-02-05T00:00Z --until 2026-02-04T23:00Z", "ops.pause_past"),
        ("pause a --reason ' ' --until 1h", "ops.pause_why"),
        ("pause a/b --reason x --until 1h", "ops.pause_name"),
        ("pause 'a b' --reason x --until 1h", "ops.pause_name"),
        ("pause everything --reason x --until 1h", "ops.pause_name"),
        ("pause ask-rollout_to_zero --reason x --until 1h", "ops.pause_name"),
        (f"pause {'a' * 65} --reason x --until 1h", "ops.pause_name"),
    ],
)
def test_what_is_not_clear_writes_nothing(terminal: Terminal, line: str, error: str) -> None:
    assert terminal.refused(line) == (2, error)
    assert stored(terminal) == {}


def test_to_pause_everything_the_command_without_a_name_is_shown(terminal: Terminal) -> None:
    done = terminal.run("pause everything --reason x --until 1h")
    assert piece("ops.pause_nameless") in done.output
    assert "liveness-ops pause --reason" in done.output


@pytest.mark.parametrize("line", ["pause --reason x", "pause --until 1h", "pause a b --reason x --until 1h"])
def test_reason_and_end_are_needed(terminal: Terminal, line: str) -> None:
    assert terminal.run(line).exit_code == 2
    assert stored(terminal) == {}


def test_a_beginning_that_is_past_is_now(terminal: Terminal) -> None:
    found = terminal.machine("pause a --reason x --from 2026-02-04T10:00Z --until 1h")
    assert (found["pause"]["from"], found["pause"]["state"]) == (None, "active")


def test_the_guards_read_back_any_reason(terminal: Terminal) -> None:
    terminal.run("pause a --reason '{{ssm:x}} \"q\" リリース' --until 1h")
    assert stored(terminal)["a"]["why"] == '{{ssm:x}} "q" リリース'
    assert "{{" not in terminal.fake.ssm.parameters[f"{PATH}a"]


def test_the_longest_reason_fits_a_parameter(terminal: Terminal) -> None:
    assert terminal.run(f"pause a --reason {'障' * 2000} --until 1h").exit_code == 0
    assert len(terminal.fake.ssm.parameters[f"{PATH}a"].encode()) < 4096


def test_a_pause_that_was_written_though_no_answer_came_counts_as_written(terminal: Terminal) -> None:
    terminal.fake.fail("ssm", "put_parameter", Unreachable, code="ReadTimeoutError", after=True)
    assert terminal.run("pause a --reason x --until 1h").exit_code == 0
    terminal.fake.fail("ssm", "put_parameter", Unreachable, code="ReadTimeoutError", call=1)
    done = terminal.run("pause b --reason x --until 1h")
    assert (done.exit_code, list(stored(terminal))) == (6, ["a"])


def test_where_aws_refuses_there_is_one_line(terminal: Terminal) -> None:
    terminal.fake.fail("ssm", "put_parameter", Denied, code="AccessDeniedException")
    done = terminal.run("pause a --reason x --until 1h")
    assert (done.exit_code, done.output.count("\n")) == (6, 1)
    assert done.output.startswith("AWS call failed: ssm:PutParameter AccessDeniedException.")


@pytest.mark.parametrize(
    ("language", "said"), [("ja", piece("ops.paused", "ja")), ("en", piece("ops.paused"))]
)
def test_it_says_until_when_and_how_to_end_it(terminal: Terminal, language: str, said: str) -> None:
    shown = terminal.run("pause a --reason x --until 1h", language=language).output
    assert said in shown
    assert ("02/04 20:27 JST" if language == "ja" else "Feb 04 11:27 UTC") in shown
    assert "liveness-ops resume a" in shown


def test_a_long_pause_says_its_year(terminal: Terminal) -> None:
    """Times are reported without their year: 2099 would look like tonight."""
    shown = terminal.run("pause a --reason x --until 2099-02-04T20:00Z").output
    assert "until 2099-02-04" in shown
    assert piece("ops.pause_long") not in terminal.run("pause b --reason x --until 47h").output


# --- resume ----------------------------------------------------------------------------------------


def test_resume_says_who_had_paused_and_why(terminal: Terminal) -> None:
    terminal.everyone_may("lowers_security", "costs_money")
    terminal.run("pause release --reason 'v2 goes out' --until 2h")
    terminal.caller = KEN
    done = terminal.run("resume release", "y\n")
    assert done.exit_code == 0
    assert "Paused by aiko. Resume?" in done.output
    assert "aiko had paused: v2 goes out" in done.output
    assert stored(terminal) == {}


def test_another_person_s_pause_is_not_ended_without_a_yes(terminal: Terminal) -> None:
    terminal.run("pause release --reason x --until 2h")
    terminal.caller = KEN
    assert terminal.run("resume release", "n\n").exit_code == 1
    assert list(stored(terminal)) == ["release"]


def test_a_stranger_can_pause_and_ends_no_pause(terminal: Terminal) -> None:
    terminal.caller = EVE
    assert terminal.run("pause mine --reason x --until 2h").exit_code == 0
    done = terminal.run("resume mine --yes")
    assert (done.exit_code, list(stored(terminal))) == (3, ["mine"])
    assert EVE in done.output


def test_of_several_one_has_to_be_named(terminal: Terminal) -> None:
    terminal.run("pause one --reason x --until 2h")
    terminal.run("pause two --reason y --from 1h --until 2h")
    found = terminal.machine("resume")
    assert (found["exit"], [each["name"] for each in found["pauses"]]) == (2, ["one", "two"])
    assert [each["state"] for each in found["pauses"]] == ["active", "planned"]
    assert len(stored(terminal)) == 2


def test_it_says_what_still_holds(terminal: Terminal) -> None:
    terminal.run("pause one --reason x --until 2h")
    terminal.run("pause two --reason y --until 2h")
    found = terminal.machine("resume one")
    assert [each["name"] for each in found["still_paused"]] == ["two"]
    done = terminal.run("resume two")
    assert "No pause is in force. The modes: liveness-ops mode" in done.output


def test_where_nothing_is_paused_there_is_nothing_to_resume(terminal: Terminal) -> None:
    assert terminal.machine("resume")["error"] == "ops.nothing_paused"
    assert terminal.machine("resume nothing")["exit"] == 5


def test_a_pause_that_is_over_is_not_in_the_way(terminal: Terminal) -> None:
    terminal.run("pause old --reason x --until 1m")
    terminal.fake.tick(minutes=5)
    assert terminal.machine("resume")["exit"] == 5
    terminal.run("pause new --reason x --until 1h")
    assert terminal.machine("resume")["resumed"]["name"] == "new"


def test_a_pause_that_a_person_wrote_by_hand_can_be_ended_too(terminal: Terminal) -> None:
    terminal.everyone_may("lowers_security", "costs_money")
    terminal.fake.ssm.parameters[f"{PATH}hand"] = "stop!"
    assert terminal.run("resume", "y\n").exit_code == 0


def test_another_pause_of_the_same_name_is_not_ended_by_mistake(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.run("pause release --reason x --until 2h")
    terminal.caller = KEN

    def think(*_: object, **__: object) -> bool:
        value = '{"who": "mari", "why": "mine", "until": "2026-02-05T00:00:00Z"}'
        terminal.fake.ssm.parameters[f"{PATH}release"] = value
        return True

    monkeypatch.setattr("typer.confirm", think)
    assert terminal.run("resume release").exit_code == 7
    assert stored(terminal)["release"]["who"] == "mari"


def test_ended_by_two_simultaneously_it_is_ended_once(terminal: Terminal) -> None:
    terminal.run("pause release --reason x --until 2h")
    parameters = terminal.fake.ssm.parameters
    terminal.fake.between("ssm", "delete_parameter", lambda: parameters.pop(f"{PATH}release"))
    assert terminal.machine("resume release")["exit"] == 5
