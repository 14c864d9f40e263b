"""Everything that lands in a dead-letter queue is listed by on-call's own rights, and decided again: never
carried out as it was, never lost, never done twice."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from typer.testing import CliRunner, Result

from liveness_ops.cli import app
from liveness_ops.console import letters as reading
from liveness_ops.console.letters import QUEUES
from rehearsal.drill.stack import STACK
from rehearsal.drill.watched_alarms import watched_alarm
from rehearsal.world.names import LOGINS, REGION, ROLLOUT
from responder.core.plain_data import Json
from tests.integration.on_call import agreed
from tests.proof.dead_letter_queues import FAILS, ONE, SECRETS, SNAPSHOT, TWICE, fail, fill
from tests.proof.deployed_stack import DeployedStack
from tests.proof.race_invariants import applied_twice, other_settings_changed, over_hourly_limit
from tests.proof.service_faults import FAULTS
from tests.rows import in_both_languages

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]
type Note = Callable[..., None]
DENIED = "Denied"


@dataclass
class OnCallTerminal:
    """On-call's terminal: a user with the operator's policy and nothing else."""

    stack: DeployedStack
    user: str = "oncall"

    def run(self, line: str, language: str = "en") -> Result:
        environment = {**self.stack.aws.environment(), **self.stack.keys[self.user]}
        words = [*line.split(), "--region", REGION, "--language", language]
        return CliRunner().invoke(app, words, env=environment, input="n\n")

    def machine(self, line: str) -> Json:
        done = self.run(f"{agreed(line)} --json")
        found: Json = json.loads(done.stdout.splitlines()[-1])
        assert found["exit"] == done.exit_code
        return found

    @property
    def letters(self) -> list[Json]:
        found = self.machine("failures")
        assert found["unseen"] == 0
        return list(found["failures"])

    def letter(self, function: str, queue: str = "") -> Json:
        """The first one of this function."""
        return next(
            each
            for each in self.letters
            if each["function"] == f"{STACK}-{function}" and queue in ("", each["queue"])
        )

    @property
    def percentages(self) -> list[str]:
        client = self.stack.aws.client("lambda")
        found = (client.get_function_configuration(FunctionName=name) for name in LOGINS)
        return [each["Environment"]["Variables"][ROLLOUT] for each in found]

    @contextmanager
    def without(self, action: str) -> Iterator[None]:
        """The entry for people, which does it for the person, lacks the right."""
        iam = self.stack.aws.client("iam")
        pages = iam.get_paginator("list_roles").paginate()
        named = [each["RoleName"] for page in pages for each in page["Roles"]]
        (role,) = [each for each in named if each.startswith(f"{STACK}-PeopleRole")]
        statement = {"Effect": "Deny", "Action": action, "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_role_policy(RoleName=role, PolicyName="without", PolicyDocument=document)
        yield
        iam.delete_role_policy(RoleName=role, PolicyName="without")


@pytest.fixture(scope="module")
def filled(stack: DeployedStack) -> DeployedStack:
    fill(stack)
    return stack


@pytest.fixture(autouse=True)
def _one_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """On AWS a queue has many, and all of them are asked only by who waits a second."""
    monkeypatch.setattr(reading, "POLL_SECONDS", 0)


@pytest.fixture
def terminal(filled: DeployedStack) -> OnCallTerminal:
    filled.restore(SNAPSHOT)
    return OnCallTerminal(filled)


def ids(letters: Sequence[Json]) -> set[str]:
    return {each["id"] for each in letters}


def nothing_twice(terminal: OnCallTerminal) -> list[str]:
    after = terminal.stack.end_state()
    return [*applied_twice(after), *over_hourly_limit(after), *other_settings_changed(after)]


# --- listed ----------------------------------------------------------------------------------------


def test_whatever_aws_leaves_is_listed_by_name_age_and_reason(terminal: OnCallTerminal, note: Note) -> None:
    letters = terminal.letters
    found = {
        (
            each["queue"],
            each["what"],
            (each["function"] or "").removeprefix(f"{STACK}-"),
            each["error"],
        )
        for each in letters
    }
    assert found == {
        ("undelivered", "alarm", ONE, "NO_PERMISSIONS"),
        ("undelivered", "round", "watchdog", "NO_PERMISSIONS"),
        ("undelivered", "check", "daily-check", "AccessDeniedException"),
        ("failures", "alarm", FAILS, DENIED),
        ("failures", "message", "slack-post", DENIED),
        ("failures", "button", "slack-action", "BadEvent"),
        ("failed-twice", "alarm", TWICE, DENIED),
        ("failed-twice", "unknown", "", None),
        ("unfollowed", "round", "watchdog", DENIED),
        ("unfollowed", "follow-up", "", "200"),
        ("unmailed", "message", "", "550"),
        ("unposted", "message", "", "403"),
    }
    assert {each["queue"] for each in letters} == set(QUEUES)
    assert all(each["came"] for each in letters)
    note("dead letters", queues=len(QUEUES), kinds=len(found), letters=len(letters))


@in_both_languages
def test_neither_list_nor_reasons_show_whom_or_what_it_was_about(
    terminal: OnCallTerminal, language: str
) -> None:
    shown = terminal.run("failures", language).output + terminal.run("failures --all", language).output
    shown += json.dumps(terminal.machine("failures"))
    assert ONE in shown
    assert [word for word in SECRETS if word in shown] == []


# --- decided again ---------------------------------------------------------------------------------


def test_what_is_over_or_no_decision_stays_and_everything_else_is_decided_once(
    terminal: OnCallTerminal,
) -> None:
    before = terminal.letters
    done = terminal.machine("failures --all")
    assert done["exit"] == 0
    stays = {each["id"]: each["why"] for each in done["failures"] if each["why"]}
    assert set(stays) == ids([each for each in before if each["what"] != "alarm"])
    assert sorted(set(stays.values())) == [
        "ops.letter_unreadable",
        "ops.next_round",
        "ops.not_mailed",
        "ops.not_open",
        "ops.run_by_hand",
        "ops.went_by_mail",
    ]
    assert ids(terminal.letters) == set(stays)
    assert terminal.percentages == ["50"] * 4
    assert nothing_twice(terminal) == []
    # The same once more finds nothing to do.
    assert terminal.machine("failures --all")["exit"] == 5
    assert nothing_twice(terminal) == []


def test_an_alarm_that_is_still_on_is_looked_into_and_reported_and_nothing_is_done(
    terminal: OnCallTerminal,
) -> None:
    letter = terminal.letter(ONE)
    (done,) = terminal.machine(f"failures --redrive {letter['id']}")["failures"]
    assert (done["results"], done["removed"]) == ({"rollout_to_zero": "observed"}, True)
    assert terminal.percentages == ["50"] * 4
    after = terminal.stack.end_state()
    assert [each["kind"] for each in after.messages if each["alarm"] == watched_alarm(ONE).name] == [
        "response"
    ]


def test_an_alarm_that_is_over_is_reported_and_nothing_is_done(terminal: OnCallTerminal) -> None:
    letter = terminal.letter(ONE)
    terminal.stack.set(ONE, "OK")
    (done,) = terminal.machine(f"failures --redrive {letter['id']}")["failures"]
    assert (done["removed"], "applied" in done["results"].values()) == (True, False)
    after = terminal.stack.end_state()
    assert (after.changes, after.acts) == ({}, [])
    assert letter["id"] not in ids(terminal.letters)


def test_what_people_set_since_then_counts(terminal: OnCallTerminal) -> None:
    """The mode was `auto` when it failed."""
    letter = terminal.letter(ONE)
    assert terminal.machine("mode observe")["exit"] == 0
    (done,) = terminal.machine(f"failures --redrive {letter['id']}")["failures"]
    assert done["results"] == {"rollout_to_zero": "observed"}
    assert terminal.percentages == ["50"] * 4


# --- removed only once it was accepted -----------------------------------------------------------------


def test_what_was_not_accepted_stays_and_can_be_sent_again(terminal: OnCallTerminal) -> None:
    letter = terminal.letter(ONE)
    with terminal.without("lambda:InvokeFunction"):
        done = terminal.machine(f"failures --redrive {letter['id']}")
        assert (done["exit"], done["failures"][0]["removed"]) == (6, False)
    assert letter["id"] in ids(terminal.letters)
    assert terminal.machine(f"failures --redrive {letter['id']}")["exit"] == 0
    assert letter["id"] not in ids(terminal.letters)


def test_what_was_decided_and_could_not_be_removed_does_nothing_a_second_time(
    terminal: OnCallTerminal,
) -> None:
    letter = terminal.letter(ONE)
    for _ in range(2):
        with terminal.without("sqs:DeleteMessage"):
            (done,) = terminal.machine(f"failures --redrive {letter['id']}")["failures"]
        assert (done["sent"], done["removed"]) == (True, False)
        assert letter["id"] in ids(terminal.letters)
    assert terminal.machine(f"failures --redrive {letter['id']}")["failures"][0]["removed"] is True
    assert terminal.percentages == ["50"] * 4
    assert nothing_twice(terminal) == []
    assert terminal.stack.end_state().acts == []


# --- a command -------------------------------------------------------------------------------------


def test_an_approved_change_that_failed_is_decided_again_and_not_carried_out(stack: DeployedStack) -> None:
    stack.begin(replace(FAULTS, modes={"rollout_to_zero": "approve"}), [ONE])
    stack.set(ONE)
    stack.send(ONE, stack.event(ONE))
    after, terminal = stack.end_state(), OnCallTerminal(stack)
    (incident,) = after.heads
    (proposal,) = [each["approval"] for each in after.messages[-1]["outcomes"] if each.get("approval")]
    with terminal.without("lambda:InvokeFunction"):
        assert terminal.machine(f"approve {incident}")["exit"] == 6
    assert [each["answer"] for each in terminal.machine(f"show {incident}")["proposals"]] == ["approved"]
    order = {"command": "apply", "incident": incident, "remedy": "rollout_to_zero", "proposal": proposal}
    fail(stack, ONE, order)
    letter = terminal.letter(ONE, "failures")
    assert (letter["what"], letter["command"], letter["incident"]) == ("command", "apply", incident)
    (done,) = terminal.machine(f"failures --redrive {letter['id']}")["failures"]
    assert (done["results"], done["removed"]) == ({"rollout_to_zero": "asked"}, True)
    assert terminal.percentages == ["50"] * 4
    assert stack.end_state().acts == []
