"""What is read of a target before a change, and before its revert: it decides whether a write is allowed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from responder.core.change import Change, ChangeNote, Lease, LeaseState, Status
from responder.core.errors import AwsError, Busy, Changed, Denied, Missing, Rejected, Throttled, Unreachable
from responder.core.lambda_runtimes import updates_refused_from
from responder.core.liveness_function import LivenessFunction
from responder.core.plain_data import Json
from responder.core.reasons import Caution, ExplainedReason, FailureKind, Obstacle
from responder.core.text import Strings
from responder.remedies import Presence, TargetState
from responder.remedies.engine.functions import (
    Alias,
    FunctionNow,
    Variable,
    announced,
    cautions,
    in_flight,
    obstacles,
    unannounced,
    variables_of,
)
from responder.remedies.engine.single_target import TargetAccess, finish, put, undo
from responder.remedies.engine.write import failure_of, unreadable
from responder.remedies.memory_increase import MemoryIncrease
from responder.remedies.on_demand_billing import OnDemandBilling, TableNow
from responder.remedies.provisioned_concurrency import Allocation, ProvisionedConcurrency, allocated
from responder.remedies.rollout_to_zero import RolloutToZero
from tests.fakes import FakeAws
from tests.unit.remedies.world import (
    ENROLLMENT,
    FOUR,
    RESULT,
    ROLLOUT,
    TABLE,
    applied,
    context,
    lease,
    rolled_out,
)

TOKYO = timezone(timedelta(hours=9))
EARLY, LATE = datetime(2026, 2, 3, 9, 0, tzinfo=TOKYO), datetime(2026, 2, 4, 19, 20, tzinfo=TOKYO)
LATE_UTC = datetime(2026, 2, 4, 10, 20, tzinfo=UTC)
ACTION = "lambda:UpdateFunctionConfiguration"
UPDATE: Json = {"service": "lambda", "operation": "UpdateFunctionConfiguration", "code": "SomeCode"}


# --- when it was changed last: a person's change of the last minutes is asked about ----------------


def table(**more: Any) -> FakeAws:
    aws = FakeAws()
    aws.dynamo.add(TABLE, (10, 20))
    aws.dynamo.tables[TABLE].update(more)
    return aws


@pytest.mark.parametrize("billing", ["PROVISIONED", "PAY_PER_REQUEST"])
@pytest.mark.parametrize("name", ["mode", "LastIncreaseDateTime", "LastDecreaseDateTime"])
def test_the_latest_change_of_a_tables_mode_or_throughput_is_seen(name: str, billing: str) -> None:
    times = dict.fromkeys(("mode", "LastIncreaseDateTime", "LastDecreaseDateTime"), EARLY) | {name: LATE}
    mode = times.pop("mode")
    aws = table()
    aws.dynamo.tables[TABLE]["ProvisionedThroughput"].update(times)
    summary = {"BillingMode": billing, "LastUpdateToPayPerRequestDateTime": mode}
    aws.dynamo.tables[TABLE]["BillingModeSummary"] = summary
    found = OnDemandBilling().prepare(context(aws)).changed_at
    assert str(found) == str(LATE_UTC)


def test_a_table_that_was_never_changed_reports_it() -> None:
    assert OnDemandBilling().prepare(context(table())).changed_at is None


def test_a_table_on_demand_may_have_no_throughput_at_all() -> None:
    bare = TableNow({"TableStatus": "ACTIVE", "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}})
    assert (bare.throughput, bare.indexes, bare.changed_at) == ({"read": 0, "write": 0}, {}, None)
    silent = TableNow({"TableStatus": "ACTIVE", "ProvisionedThroughput": {}})
    assert (silent.throughput, silent.billing) == ({"read": 0, "write": 0}, "PROVISIONED")


def warm(**more: Any) -> FakeAws:
    aws = FakeAws()
    aws.lambdas.add(RESULT)
    aws.lambdas.release(RESULT, "live")
    at = aws.now - timedelta(minutes=10)
    aws.metrics.put("AWS/Lambda", "Invocations", [(at, 40)], FunctionName=RESULT, Resource=f"{RESULT}:live")
    aws.lambdas.provision(RESULT, "live", 2)
    aws.lambdas.provisioned[RESULT, "live"].update(more)
    return aws


def test_when_provisioned_concurrency_was_set_is_seen() -> None:
    remedy = ProvisionedConcurrency(LivenessFunction.RESULT)
    found = remedy.prepare(context(warm(LastModified="2026-02-04T19:20:00+0900"))).changed_at
    assert str(found) == str(LATE_UTC)
    assert remedy.prepare(context(warm())).changed_at is None


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("FUNCTION_ERROR_INIT_FAILURE s3cret text", "FUNCTION_ERROR_INIT_FAILURE"),
        ("s3cret text", "-"),
        ("", "-"),
        (None, "-"),
    ],
)
def test_of_why_aws_gave_up_only_its_code_is_reported(reason: str | None, word: str) -> None:
    answer = {"RequestedProvisionedConcurrentExecutions": 5, "Status": "FAILED"}
    found = Allocation.of(answer if reason is None else {**answer, "StatusReason": reason})
    assert found == Allocation(5, "FAILED", word)


# --- why not: the target, the right and the code are named, nothing else ---------------------------


@pytest.mark.parametrize(
    ("error", "note"),
    [
        (Busy, Obstacle.IN_FLIGHT(target="F")),
        (Changed, FailureKind.CHANGED_MEANWHILE(target="F")),
        (
            Unreachable,
            FailureKind.OUTCOME_UNKNOWN(target="F", action=ACTION),
        ),
        *(
            (
                kind,
                FailureKind.REFUSED(target="F", action=ACTION, code="SomeCode"),
            )
            for kind in (Denied, Rejected, Throttled)
        ),
    ],
)
def test_a_write_that_failed_names_its_target_and_its_end(error: type[AwsError], note: ChangeNote) -> None:
    assert failure_of("F", error(**UPDATE)) == note


def test_a_read_that_failed_names_its_target_the_right_and_the_code() -> None:
    assert unreadable("F", Denied(**UPDATE)) == Obstacle.UNREADABLE(
        target="F", action=ACTION, code="SomeCode"
    )


@pytest.fixture
def aws() -> FakeAws:
    return rolled_out()


def test_an_alias_that_cannot_be_moved_is_named(aws: FakeAws) -> None:
    first = aws.lambdas.release(ENROLLMENT, "stable")
    aws.lambdas.release(FOUR[1], "live")
    aws.lambdas.person_deploys(FOUR[1], "code-2")
    aws.lambdas.release(ENROLLMENT, "live", **{first: 0.1})
    assert RolloutToZero().prepare(context(aws)).obstacles == (
        Obstacle.ALIAS_WEIGHTED(target=ENROLLMENT, alias="live"),
        Obstacle.ALIAS_OTHER_CODE(target=FOUR[1], alias="live"),
    )


def test_the_memory_of_a_version_that_is_not_listed_is_not_guessed() -> None:
    aws = FakeAws()
    aws.lambdas.add(RESULT, {})
    aws.lambdas.release(RESULT, "live")
    aws.answer("lambda", "list_versions_by_function", {"Versions": []})
    plan = MemoryIncrease(LivenessFunction.RESULT).prepare(context(aws))
    assert plan.obstacles == (Obstacle.ALIAS_OTHER_CODE(target=RESULT, alias="live"),)


@pytest.mark.parametrize(("size", "already"), [(1023, False), (1024, True), (1025, True)])
def test_exactly_as_much_memory_as_wanted_is_enough(size: int, already: bool) -> None:
    aws = FakeAws()
    aws.lambdas.add(RESULT, {}, MemorySize=size)
    plan = MemoryIncrease(LivenessFunction.RESULT).prepare(context(aws, memory_size=1024))
    assert plan.already is already


# --- compare, then set -----------------------------------------------------------------------------


def setting(
    before: str, after: str, status: Status = Status.PLANNED, note: ChangeNote | None = None
) -> Change:
    return Change(f"{RESULT}:live", "ProvisionedConcurrency", before, after, status, note)


def there(aws: FakeAws) -> int:
    return int(aws.lambdas.provisioned[RESULT, "live"]["RequestedProvisionedConcurrentExecutions"])


def test_an_alias_belongs_to_a_function_whose_name_may_hold_colons() -> None:
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{RESULT}"
    aws = FakeAws()
    aws.lambdas.add(arn)
    aws.lambdas.release(arn, "live")
    assert put(allocated(aws, f"{arn}:live"), setting("0", "5"), Status.APPLIED).status is Status.IN_PROGRESS
    assert (arn, "live") in aws.lambdas.provisioned


def test_a_value_that_changed_since_it_was_read_is_not_overwritten() -> None:
    aws = warm()
    found = put(allocated(aws, f"{RESULT}:live"), setting("3", "5"), Status.APPLIED)
    assert found.status is Status.FAILED
    assert found.note == FailureKind.CHANGED_MEANWHILE(target=f"{RESULT}:live")
    assert (there(aws), aws.writes) == (2, [])


@pytest.mark.parametrize(("now", "status"), [(5, Status.IN_PROGRESS), (2, Status.REVERTED), (7, Status.KEPT)])
def test_only_what_we_set_goes_back(now: int, status: Status) -> None:
    aws = warm(RequestedProvisionedConcurrentExecutions=now)
    ours = setting("2", "5", Status.APPLIED, FailureKind.CHANGED_MEANWHILE(target="x"))
    back = undo(allocated(aws, f"{RESULT}:live"), ours, "2", Status.REVERTED)
    assert back.status is status
    kept = FailureKind.KEPT(target=f"{RESULT}:live", setting="ProvisionedConcurrency", now="7")
    assert back.note == (kept if status is Status.KEPT else None)
    assert there(aws) == (7 if status is Status.KEPT else 2)
    wanted = ("2", "5") if status is Status.KEPT else ("5", "2")
    assert (back.before, back.after) == wanted


def test_a_persons_value_that_aws_still_works_on_is_waited_for_and_not_written_over() -> None:
    aws = warm(RequestedProvisionedConcurrentExecutions=7, Status="IN_PROGRESS")
    back = undo(allocated(aws, f"{RESULT}:live"), setting("2", "5", Status.APPLIED), "2", Status.REVERTED)
    assert back.status is Status.FAILED
    assert back.note == Obstacle.IN_FLIGHT(target=f"{RESULT}:live")
    assert (there(aws), aws.writes) == (7, [])


def test_what_cannot_be_read_does_not_go_back() -> None:
    aws = warm()
    aws.fail("lambda", "get_provisioned_concurrency_config", Denied, code="AccessDeniedException")
    back = undo(allocated(aws, f"{RESULT}:live"), setting("2", "5", Status.APPLIED), "2", Status.REVERTED)
    action = "lambda:GetProvisionedConcurrencyConfig"
    why = Obstacle.UNREADABLE(target=f"{RESULT}:live", action=action, code="AccessDeniedException")
    assert (back.status, back.note, aws.writes) == (Status.FAILED, why, [])


UNKNOWN = FailureKind.OUTCOME_UNKNOWN(target=f"{RESULT}:live", action="lambda:PutX")


@pytest.mark.parametrize(
    ("change", "now", "status", "note"),
    [
        (setting("2", "5", Status.IN_PROGRESS), 5, Status.APPLIED, None),
        (setting("2", "5", Status.FAILED, UNKNOWN), 5, Status.APPLIED, None),
        (setting("2", "5", Status.FAILED, UNKNOWN), 2, Status.FAILED, "change.not_made"),
        (setting("2", "5", Status.FAILED, UNKNOWN), 7, Status.KEPT, "change.kept"),
        (setting("2", "5", Status.IN_PROGRESS), 7, Status.KEPT, "change.kept"),
        (setting("2", "5", Status.IN_PROGRESS), 2, Status.KEPT, "change.kept"),
        (setting("2", "5", Status.PLANNED), 2, Status.FAILED, "change.not_made"),
        (setting("2", "5", Status.APPLIED), 7, Status.APPLIED, None),
    ],
)
def test_the_result_of_a_change_is_reported_by_the_value_that_is_there(
    change: Change, now: int, status: Status, note: str | None
) -> None:
    aws = warm(RequestedProvisionedConcurrentExecutions=now)
    found = finish(allocated(aws, f"{RESULT}:live"), change, Status.APPLIED)
    assert (found.status, found.note.kind.value if found.note else None) == (status, note)
    assert found.note is None or found.note.values["target"] == f"{RESULT}:live"
    assert note != "change.kept" or (found.note is not None and found.note.values["now"] == str(now))
    assert (found.before, found.after, aws.writes) == ("2", "5", [])


def test_what_aws_works_on_is_neither_made_nor_failed() -> None:
    aws = warm(RequestedProvisionedConcurrentExecutions=5, Status="IN_PROGRESS")
    for change in (setting("2", "5", Status.IN_PROGRESS, UNKNOWN), setting("2", "5", Status.FAILED, UNKNOWN)):
        found = finish(allocated(aws, f"{RESULT}:live"), change, Status.APPLIED)
        assert (found.status, found.note) == (Status.IN_PROGRESS, None)


def test_what_aws_gave_up_is_reported_with_its_code() -> None:
    aws = warm(RequestedProvisionedConcurrentExecutions=5, Status="FAILED", StatusReason="NO_ROOM, s3cret")
    found = finish(allocated(aws, f"{RESULT}:live"), setting("2", "5", Status.IN_PROGRESS), Status.APPLIED)
    why = FailureKind.NOT_ALLOCATED(target=f"{RESULT}:live", reason="NO_ROOM")
    assert (found.status, found.note) == (Status.FAILED, why)


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.FAILED])
def test_while_it_cannot_be_read_what_was_known_is_kept(status: Status) -> None:
    aws = warm()
    aws.fail("lambda", "get_provisioned_concurrency_config", Denied, code="AccessDeniedException")
    change = setting("2", "5", status, UNKNOWN)
    found = finish(allocated(aws, f"{RESULT}:live"), change, Status.APPLIED)
    assert found.status is status
    assert found.note is not None
    expected = UNKNOWN.kind.value if status is Status.FAILED else "change.refused"
    assert (found.note.kind.value, found.note.values["target"]) == (expected, f"{RESULT}:live")


def test_what_was_just_read_is_not_read_again_before_it_is_written() -> None:
    """A second look would only make the time longer in which another person can change it."""
    aws = warm(RequestedProvisionedConcurrentExecutions=5)
    undo(allocated(aws, f"{RESULT}:live"), setting("2", "5", Status.APPLIED), "2", Status.REVERTED)
    assert aws.count("lambda", "get_provisioned_concurrency_config") == 1
    functions = rolled_out()
    held = applied(functions, RolloutToZero())
    before = functions.count("lambda", "get_function_configuration")
    RolloutToZero().revert(context(functions), held, {})
    assert functions.count("lambda", "get_function_configuration") == before + len(FOUR)


def test_a_change_that_succeeded_later_loses_its_old_note() -> None:
    aws = warm()
    done = put(allocated(aws, f"{RESULT}:live"), setting("2", "5", note=UNKNOWN), Status.APPLIED)
    assert (done.status, done.note) == (Status.IN_PROGRESS, None)


@pytest.mark.parametrize("look", [False, True])
def test_a_write_that_no_one_answered_is_unknown_where_the_look_after_it_fails_too(look: bool) -> None:
    aws = warm()
    put_call = ("lambda", "put_provisioned_concurrency_config")
    aws.fail(*put_call, Unreachable)
    if not look:
        aws.fail("lambda", "get_provisioned_concurrency_config", Denied, call=2)
    found = put(allocated(aws, f"{RESULT}:live"), setting("2", "5"), Status.APPLIED)
    action = "lambda:PutProvisionedConcurrencyConfig"
    assert found.note == FailureKind.OUTCOME_UNKNOWN(target=f"{RESULT}:live", action=action)
    assert (found.status, aws.count(*put_call)) == (Status.FAILED, 1)


@pytest.mark.parametrize(
    ("stands", "pending", "status"),
    [
        ("5", False, Status.APPLIED),
        ("5", True, Status.IN_PROGRESS),
        ("2", True, Status.IN_PROGRESS),
        ("2", False, Status.FAILED),
    ],
)
def test_a_write_without_an_answer_counts_by_the_value_after_it(
    stands: str, pending: bool, status: Status
) -> None:
    written: list[str] = []

    def write(wanted: str, _: str) -> str:
        written.append(wanted)
        raise Unreachable(**UPDATE)

    target = TargetAccess(lambda: stands if written else "2", str, lambda _: pending and bool(written), write)
    assert put(target, setting("2", "5"), Status.APPLIED).status is status


@pytest.mark.parametrize(("now", "now_set"), [("5", "5"), (None, "-")])
def test_a_persons_value_that_is_kept_is_reported(aws: FakeAws, now: str | None, now_set: str) -> None:
    held = applied(aws, RolloutToZero())
    variables = aws.lambdas.functions[ENROLLMENT].latest["Environment"]["Variables"]
    variables.pop(ROLLOUT)
    if now is not None:
        variables[ROLLOUT] = now
    change = RolloutToZero().revert(context(aws), held, {})[0]
    note = FailureKind.KEPT(target=ENROLLMENT, setting=ROLLOUT, now=now_set)
    assert (change.status, change.note) == (Status.KEPT, note)


def test_a_persons_value_found_after_a_run_that_died_is_reported_and_kept(aws: FakeAws) -> None:
    plan = RolloutToZero().prepare(context(aws))
    aws.lambdas.person_sets(ENROLLMENT, **{ROLLOUT: "5"})
    begun = lease(RolloutToZero(), plan, plan.changes, LeaseState.APPLYING)
    change = RolloutToZero().confirm(context(aws), begun)[0]
    note = FailureKind.KEPT(target=ENROLLMENT, setting=ROLLOUT, now="5")
    assert (change.status, change.note) == (Status.KEPT, note)


def test_a_function_that_cannot_be_read_does_not_go_back_and_is_named(aws: FakeAws) -> None:
    held = applied(aws, RolloutToZero())
    where = {"FunctionName": ENROLLMENT}
    aws.fail("lambda", "get_function_configuration", Denied, code="AccessDeniedException", where=where)
    change = RolloutToZero().revert(context(aws), held, {})[0]
    action = "lambda:GetFunctionConfiguration"
    why = Obstacle.UNREADABLE(target=ENROLLMENT, action=action, code="AccessDeniedException")
    assert (change.status, change.note) == (Status.FAILED, why)
    assert aws.lambdas.variables(ENROLLMENT)[ROLLOUT] == "0"


@pytest.mark.parametrize(
    "environment",
    [
        {"Error": {"ErrorCode": "AccessDeniedException"}},
        {"Error": {"ErrorCode": "AccessDeniedException"}, "Variables": {}},
        {"Variables": {"A": "1"}, "Error": {"ErrorCode": "KMSAccessDeniedException"}},
        {"Something": "else"},
    ],
)
def test_variables_that_aws_could_not_decrypt_are_not_taken_for_none(environment: Json) -> None:
    """All are sent together: one that is overlooked would be lost."""
    assert variables_of({"Environment": environment}) is None


@pytest.mark.parametrize("environment", [None, {}, {"Variables": {}}])
def test_a_function_without_variables_has_none(environment: Json | None) -> None:
    assert variables_of({"Environment": environment}) == {}
    assert variables_of({}) == {}


# --- a function that must not be written now: what, which alias, which settings --------------------


def function(**latest: Any) -> FunctionNow:
    """With V, A and a time-out, as an alias serves it unless given."""
    calm: Json = {
        "Environment": {"Variables": {"V": "50", "A": "1"}},
        "Timeout": 3,
        "CodeSha256": "sha",
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "Runtime": "python3.13",
    }
    alias = Alias("live", "1", "r", False, calm)
    return FunctionNow("F", calm | latest, (alias,))


TODAY = date(2026, 2, 4)
OURS = Variable("V")
CHANGED = {"Environment": {"Variables": {"V": "50", "A": "2"}}, "Timeout": 9}


def test_settings_that_would_be_released_are_named_without_their_values() -> None:
    unreleased = Caution.UNRELEASED_SETTINGS(target="F", alias="live", names="Timeout, A")
    assert cautions(function(**CHANGED), OURS) == (unreleased,)
    assert cautions(function(), OURS) == ()


@pytest.mark.parametrize(
    ("known", "names"),
    [((), "A, Timeout"), (("A",), "Timeout"), (("A", "Timeout"), ""), (("B",), "A, Timeout")],
)
def test_only_what_was_announced_is_released(known: Strings, names: str) -> None:
    now = function(**CHANGED)
    found = unannounced(now, OURS, now.released, frozenset(known))
    not_announced = Obstacle.UNANNOUNCED(target="F", alias="live", names=names)
    assert found == (not_announced if names else None)


def test_a_snapshot_of_before_announced_nothing() -> None:
    assert announced({"functions": {"F": {}}}, "F") == frozenset()
    assert announced({"functions": {"F": {"unreleased": ["A"]}}}, "F") == {"A"}


@pytest.mark.parametrize(
    ("latest", "why"),
    [
        ({"Environment": {"Error": {"ErrorCode": "x"}}}, Obstacle.VARIABLES_UNREADABLE(target="F")),
        (
            {"Environment": {"Variables": {"A": "1"}}},
            Obstacle.SETTING_MISSING(target="F", setting="V"),
        ),
        ({"State": "Pending"}, Obstacle.NOT_ACTIVE(target="F", state="Pending")),
        ({"LastUpdateStatus": "Failed"}, Obstacle.LAST_UPDATE_FAILED(target="F")),
    ],
)
def test_why_a_function_is_not_written_is_reported_with_its_name(
    latest: Json, why: ExplainedReason[Obstacle]
) -> None:
    assert obstacles(function(**latest), OURS, TODAY) == (why,)


def test_an_update_that_continues_is_reported_with_its_function() -> None:
    assert in_flight(function(LastUpdateStatus="InProgress")) == Obstacle.IN_FLIGHT(target="F")
    assert in_flight(function()) is None


def test_from_the_day_on_which_aws_takes_no_updates_of_a_runtime_none_is_tried() -> None:
    old = function(Runtime="python3.8")
    day = updates_refused_from("python3.8")
    assert day is not None
    why = Obstacle.RUNTIME_REFUSED(target="F", runtime="python3.8", since=day.isoformat())
    assert obstacles(old, OURS, day) == (why,)
    assert obstacles(old, OURS, day - timedelta(days=1)) == ()


def test_what_was_there_is_put_down_by_name_and_never_by_value() -> None:
    aws = FakeAws()
    aws.lambdas.add(RESULT, {"A": "s3cret"}, MemorySize=256)
    aws.lambdas.release(RESULT, "live")
    aws.lambdas.person_sets(RESULT, B="s3cret")
    now = aws.lambdas.functions[RESULT].latest
    plan = MemoryIncrease(LivenessFunction.RESULT).prepare(context(aws, memory_size=1024))
    assert plan.snapshot == {
        "functions": {
            RESULT: {
                "old": "256",
                "others": ["A", "B"],
                "revision": now["RevisionId"],
                "code": now["CodeSha256"],
                "aliases": {"live": "1"},
                "unreleased": ["B"],
            }
        }
    }
    assert plan.scope == RESULT
    assert plan.moves == {(RESULT, "B")}
    assert plan.changed_at == datetime.fromisoformat(now["LastModified"])


def test_a_setting_that_is_not_there_had_no_value(aws: FakeAws) -> None:
    aws.lambdas.add(ENROLLMENT, {})
    plan = RolloutToZero().prepare(context(aws))
    assert plan.snapshot["functions"][ENROLLMENT]["old"] == ""


def test_a_function_that_cannot_be_read_is_named() -> None:
    aws = FakeAws()
    plan = MemoryIncrease(LivenessFunction.RESULT).prepare(context(aws, memory_size=1024))
    (why,) = plan.obstacles
    assert (why.kind.value, why.values["target"]) == ("obstacle.unreadable", RESULT)


# --- a write without an answer, or that a person crossed --------------------------------------------

WRITE = ("lambda", "update_function_configuration")
MORE = MemoryIncrease(LivenessFunction.RESULT)


def small() -> FakeAws:
    aws = FakeAws()
    aws.lambdas.add(RESULT, {"A": "1"}, MemorySize=256)
    return aws


def enlarged(aws: FakeAws) -> Change:
    asked = context(aws, memory_size=1024)
    (change,) = MORE.apply(asked, MORE.prepare(asked))
    return change


def memory(aws: FakeAws) -> int:
    return int(aws.lambdas.functions[RESULT].latest["MemorySize"])


def test_where_a_person_interferes_twice_it_is_reported_and_the_value_is_kept() -> None:
    aws = small()
    aws.fail(*WRITE, Changed, times=2)
    change = enlarged(aws)
    assert (change.status, memory(aws)) == (Status.FAILED, 256)
    assert change.note == FailureKind.CHANGED_MEANWHILE(target=RESULT)


def test_a_second_write_that_had_no_answer_and_is_there_is_ours() -> None:
    aws = small()
    aws.fail(*WRITE, Changed)
    aws.fail(*WRITE, Unreachable, call=2, after=True)
    change = enlarged(aws)
    assert (change.note, memory(aws)) == (None, 1024)
    assert change.status in (Status.APPLIED, Status.IN_PROGRESS)


@pytest.mark.parametrize("crossed", [False, True])
def test_what_was_lost_with_a_write_that_had_no_answer_is_reported_and_never_called_done(
    crossed: bool,
) -> None:
    aws = small()
    errors = [Changed(**UPDATE)] if crossed else []

    def wiped(**_: Any) -> Any:
        if errors:
            raise errors.pop()
        aws.lambdas.functions[RESULT].latest.update(MemorySize=1024, Environment={"Variables": {}})
        raise Unreachable(**UPDATE)

    asked = context(aws, memory_size=1024)
    plan = MORE.prepare(asked)
    aws.answer(*WRITE, wiped)
    changes = MORE.apply(asked, plan)
    assert [(each.status, each.note) for each in changes] == [
        (Status.FAILED, FailureKind.VARIABLES_LOST(target=RESULT, names="A"))
    ]
    assert MORE.apply(asked, lease(MORE, plan, changes).plan) == changes, "only a person puts it right"


def test_a_write_that_is_refused_names_its_function_and_the_right() -> None:
    aws = small()
    aws.fail(*WRITE, Denied, code="AccessDeniedException")
    refused = FailureKind.REFUSED(target=RESULT, action=ACTION, code="AccessDeniedException")
    assert enlarged(aws).note == refused


@pytest.mark.parametrize("serves_it", [False, True])
def test_an_alias_is_not_moved_to_settings_that_no_one_was_notified_of(serves_it: bool) -> None:
    """The memory is there already; only what the alias serves is behind."""
    aws = small()
    aws.lambdas.release(RESULT, "live")
    aws.lambdas.functions[RESULT].latest["MemorySize"] = 1024
    asked = context(aws, memory_size=1024)
    plan = MORE.prepare(asked)
    if serves_it:
        aws.lambdas.release(RESULT, "live")
    aws.lambdas.person_sets(RESULT, B="1")
    (change,) = MORE.apply(asked, lease(MORE, plan, plan.changes, LeaseState.APPLYING).plan)
    not_announced = Obstacle.UNANNOUNCED(target=RESULT, alias="live", names="B")
    not_released = FailureKind.NOT_RELEASED(target=RESULT, reason=not_announced.text)
    assert change.note == (None if serves_it else not_released)
    assert change.status is (Status.APPLIED if serves_it else Status.FAILED)


def test_what_a_person_set_meanwhile_is_notified_with_its_function() -> None:
    aws = small()
    asked = context(aws, memory_size=1024)
    plan = MORE.prepare(asked)
    aws.lambdas.update_function_configuration(FunctionName=RESULT, MemorySize=512)
    aws.lambdas.settle()
    (change,) = MORE.apply(asked, plan)
    assert (change.status, memory(aws)) == (Status.FAILED, 512)
    assert change.note == FailureKind.CHANGED_MEANWHILE(target=RESULT)


def test_while_aws_works_on_another_change_nothing_is_sent() -> None:
    aws = small()
    asked = context(aws, memory_size=1024)
    plan = MORE.prepare(asked)
    aws.lambdas.functions[RESULT].latest["LastUpdateStatus"] = "InProgress"
    (change,) = MORE.apply(asked, lease(MORE, plan, plan.changes, LeaseState.APPLYING).plan)
    assert change.note == Obstacle.IN_FLIGHT(target=RESULT)
    assert aws.count(*WRITE) == 0


def test_all_that_was_lost_is_named() -> None:
    aws = small()
    aws.lambdas.person_sets(RESULT, B="2")
    asked = context(aws, memory_size=1024)
    plan = MORE.prepare(asked)
    latest = aws.lambdas.functions[RESULT].latest
    aws.answer(*WRITE, {**latest, "MemorySize": 1024, "Environment": {"Variables": {}}})
    (change,) = MORE.apply(asked, plan)
    assert change.note == FailureKind.VARIABLES_LOST(target=RESULT, names="A, B")


def test_an_update_that_aws_gave_up_unseen_is_a_failure() -> None:
    aws = small()

    def given_up(**_: Any) -> Any:
        aws.lambdas.functions[RESULT].latest.update(MemorySize=1024, LastUpdateStatus="Failed")
        raise Unreachable(**UPDATE)

    asked = context(aws, memory_size=1024)
    plan = MORE.prepare(asked)
    aws.answer(*WRITE, given_up)
    (change,) = MORE.apply(asked, plan)
    assert change.status is Status.FAILED
    assert change.note == Obstacle.LAST_UPDATE_FAILED(target=RESULT)


def test_our_write_is_known_by_its_time_and_its_old_note_is_gone() -> None:
    aws = small()
    asked = context(aws, memory_size=1024)
    plan = MORE.prepare(asked)
    unknown = FailureKind.OUTCOME_UNKNOWN(target=RESULT, action=ACTION)
    begun = tuple(replace(each, status=Status.FAILED, note=unknown) for each in plan.changes)
    (change,) = MORE.apply(asked, lease(MORE, plan, begun, LeaseState.APPLYING).plan)
    assert change.note is None
    latest = aws.lambdas.functions[RESULT].latest
    assert change.written[-1] == datetime.fromisoformat(latest["LastModified"])


# --- what a target has now -------------------------------------------------------------------------


def now_of(aws: FakeAws, held: Lease) -> list[object]:
    found = RolloutToZero().look(context(aws), held)
    return [each.now for each in found if isinstance(each, TargetState)]


def test_what_a_function_has_is_shown_beside_what_its_aliases_serve(aws: FakeAws) -> None:
    aws.lambdas.release(ENROLLMENT, "live")
    held = applied(aws, RolloutToZero())
    assert now_of(aws, held) == ["0"] * 4
    aws.lambdas.person_sets(ENROLLMENT, **{ROLLOUT: "50"})
    aws.lambdas.person_sets(FOUR[1], **{ROLLOUT: "s3cret"})
    del aws.lambdas.functions[FOUR[2]].latest["Environment"]["Variables"][ROLLOUT]
    assert now_of(aws, held) == ["$LATEST 50, live 0", "?", "-", "0"]


def test_an_update_that_aws_gave_up_is_no_change_by_others(aws: FakeAws) -> None:
    plan = RolloutToZero().prepare(context(aws))
    changes = RolloutToZero().apply(context(aws), plan)
    made = lease(RolloutToZero(), plan, changes)
    aws.settle()
    aws.lambdas.person_sets(ENROLLMENT, **{ROLLOUT: "50"})
    failed_update = aws.lambdas.functions[ENROLLMENT].latest
    failed_update["LastUpdateStatus"] = "Failed"
    for status, pending in ((Status.IN_PROGRESS, True), (Status.APPLIED, False)):
        held = replace(made, changes=tuple(replace(each, status=status) for each in changes))
        first = RolloutToZero().look(context(aws), held)[0]
        assert isinstance(first, TargetState)
        assert first.pending is pending
    failed_update["LastUpdateStatus"] = "Successful"
    for change in changes:
        assert change.status is Status.IN_PROGRESS
    first = RolloutToZero().look(context(aws), made)[0]
    assert isinstance(first, TargetState)
    assert first.pending is False


def test_what_an_alias_has_is_shown_and_whether_aws_works_on_it() -> None:
    remedy = ProvisionedConcurrency(LivenessFunction.RESULT)
    aws = warm()
    made = Lease(
        remedy.name, RESULT, "i", LeaseState.IN_FORCE, aws.now, None, {"old": 2}, (setting("2", "5"),)
    )
    assert remedy.look(context(aws), made) == (TargetState(Presence.NOWHERE, "2"),)
    aws.lambdas.provisioned[RESULT, "live"].update(
        RequestedProvisionedConcurrentExecutions=5, Status="IN_PROGRESS"
    )
    assert remedy.look(context(aws), made) == (TargetState(Presence.EVERYWHERE, "5", pending=True),)


# --- the revert of a function ---------------------------------------------------------------------


def test_variables_that_cannot_be_decrypted_do_not_go_back(aws: FakeAws) -> None:
    held = applied(aws, RolloutToZero())
    aws.lambdas.lock_key(ENROLLMENT)
    back = RolloutToZero().revert(context(aws), held, {})
    assert (back[0].status, back[0].target) == (Status.FAILED, ENROLLMENT)
    assert back[0].note == Obstacle.VARIABLES_UNREADABLE(target=ENROLLMENT)


def test_a_function_that_was_deleted_has_nothing_to_go_back_to(aws: FakeAws) -> None:
    held = applied(aws, RolloutToZero())
    del aws.lambdas.functions[ENROLLMENT]
    back = RolloutToZero().revert(context(aws), held, {})
    assert (back[0].status, back[0].note) == (Status.KEPT, FailureKind.GONE(target=ENROLLMENT))


def test_a_persons_value_that_users_do_not_have_yet_is_reported_with_what_they_have(aws: FakeAws) -> None:
    aws.lambdas.release(ENROLLMENT, "live")
    held = applied(aws, RolloutToZero())
    aws.lambdas.person_sets(ENROLLMENT, **{ROLLOUT: "30"})
    back = RolloutToZero().revert(context(aws), held, {})
    about = {"target": ENROLLMENT, "setting": ROLLOUT, "alias": "live"}
    assert back[0].status is Status.FAILED
    assert back[0].note == FailureKind.STILL_SERVED(**about, value="0", now="30")


def test_a_version_with_our_value_from_before_it_was_set_is_not_ours() -> None:
    aws = rolled_out("0")
    aws.lambdas.release(ENROLLMENT, "live")
    aws.lambdas.person_sets(ENROLLMENT, **{ROLLOUT: "50"})
    for name in FOUR[1:]:
        aws.lambdas.person_sets(name, **{ROLLOUT: "50"})
    held = applied(aws, RolloutToZero())
    aws.lambdas.person_sets(ENROLLMENT, **{ROLLOUT: "30"})
    back = RolloutToZero().revert(context(aws), held, {})
    assert back[0].status is Status.KEPT


def test_variables_that_cannot_be_decrypted_are_not_read_as_removed(aws: FakeAws) -> None:
    held = applied(aws, RolloutToZero())
    aws.lambdas.lock_key(ENROLLMENT)
    first = RolloutToZero().look(context(aws), held)[0]
    assert isinstance(first, AwsError)
    read = (first.service, first.operation, first.code)
    assert read == ("lambda", "GetFunctionConfiguration", "EnvironmentError")


@pytest.mark.parametrize("status", [Status.APPLIED, Status.IN_PROGRESS])
def test_a_target_that_was_deleted_is_neither_finished_nor_put_back(status: Status) -> None:
    def read() -> str:
        raise Missing(**UPDATE)

    access = TargetAccess(read, str, lambda _: False, lambda wanted, _: wanted)
    change = setting("2", "5", status)
    gone = replace(change, status=Status.KEPT, note=FailureKind.GONE(target=change.target))
    assert undo(access, change, "2", Status.REVERTED) == gone
    assert finish(access, change, Status.APPLIED) == (gone if status is Status.IN_PROGRESS else change)
