"""Which code is changed on purpose, and which tests must notice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """Files (patterns) as they are laid out on Lambda, and tests (paths) as they are in the repository."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


def _in(folder: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{folder}/{name}" for name in names)


PARTS = {
    "guards": Part(
        ("responder/guards/*", *_in("responder", "mode.py", "switches.py", "ledger.py")),
        (
            *_in("tests/unit/core", "test_guards.py", "test_guards_stories.py", "test_guards_records.py"),
            *_in("tests/unit/core", "test_ledger.py", "test_switches.py"),
        ),
    ),
    "leases": Part(
        (
            *_in("responder", "change.py", "doubt.py", "shell/stands.py", "shell/before.py"),
            *_in("responder/remedies", "_managed.py", "_plan.py", "_obstacles.py", "_table.py"),
            "responder/remedies/_allocation.py",
        ),
        (
            *_in("tests/unit", "remedies", "core/test_ledger.py", "core/test_records.py"),
            *_in("tests/unit/shell", "test_lease_unseen.py", "test_since_it_was_asked.py"),
            *_in("tests/unit/follow", "test_deciding_again.py", "test_what_people_say.py"),
        ),
    ),
    "ladder": Part(("responder/watch/*",), ("tests/unit/watch",)),
    "decisions": Part(("alarms/*", *_in("responder", "rates.py", "decision.py")), ("tests/unit/alarms",)),
}
