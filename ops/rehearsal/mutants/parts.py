"""Which code is changed on purpose, and which tests must notice."""

from dataclasses import dataclass

from responder.core.text import Strings


@dataclass(frozen=True, slots=True)
class Part:
    """Files (patterns) as they are laid out on Lambda, and tests (paths) as they are in the repository."""

    files: Strings
    tests: Strings


def _in(folder: str, *names: str) -> Strings:
    return tuple(f"{folder}/{name}" for name in names)


PARTS = {
    "guards": Part(
        ("responder/guards/*", *_in("responder/core", "modes.py", "switches.py", "change.py")),
        (
            *_in("tests/unit/core", "test_guards.py", "test_guards_stories.py", "test_guards_records.py"),
            *_in("tests/unit/core", "test_ledger.py", "test_switches.py"),
        ),
    ),
    "leases": Part(
        (
            *_in("responder", "core/change.py", "respond/lease_check.py", "respond/proposal.py"),
            *_in("responder/remedies/engine", "function_setting.py", "functions.py"),
            *_in("responder/remedies/engine", "single_target.py", "write.py"),
            *_in("responder/remedies", "on_demand_billing.py", "provisioned_concurrency.py"),
        ),
        (
            *_in("tests/unit/core", "test_ledger.py", "test_leases.py", "test_doubt.py"),
            "tests/unit/respond/test_begun.py",
            *_in("tests/unit/remedies", "test_engine.py", "test_look.py", "test_memory_increase.py"),
            *_in("tests/unit/remedies", "test_rollout_to_zero.py", "test_rollout_restore.py"),
            *_in("tests/unit/remedies", "test_lower_threshold.py", "test_repair_environment.py"),
            *_in("tests/unit/remedies", "test_alias_rollback.py", "test_alias_rollback_undo.py"),
            "tests/unit/respond/test_back_as_approved.py",
            *_in("tests/unit/remedies", "test_provisioned_concurrency.py", "test_on_demand_billing.py"),
        ),
    ),
    "ladder": Part(
        ("responder/followup_rules/*",),
        (
            *_in("tests/unit/followup_rules", "test_deciding.py", "test_ending.py", "test_finishing.py"),
            *_in(
                "tests/unit/followup_rules",
                "test_escalation_levels.py",
                "test_memory.py",
                "test_pace.py",
                "test_restoring.py",
            ),
            "tests/unit/followup_rules/test_as_reported.py",
        ),
    ),
    "decisions": Part(
        (
            "alarms/*",
            "responder/causes/*",
            *_in("responder", "evidence/fault_rate.py", "core/verdict.py"),
        ),
        ("tests/unit/alarms", *_in("tests/unit/core", "test_decision.py", "test_rates.py")),
    ),
}
