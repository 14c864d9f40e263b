"""What is kept of a function before it is changed: its managed value, and the names of its other settings."""

from collections.abc import Mapping
from typing import Any

from responder.remedies.engine.functions import FunctionNow
from responder.remedies.engine.managed import ManagedSetting
from responder.remedies.engine.obstacles import unreleased_settings


def snapshot_of(now: FunctionNow, managed: ManagedSetting, old: str | None = None) -> dict[str, Any]:
    """One function's part of `Plan.snapshot["functions"]`. `unreleased`: settings that publishing would
    release, named in the plan's cautions. `old`: the managed value, where it may be kept."""
    kept = {
        "others": sorted(name for name in managed.rest(now.configuration) if not name.startswith(".")),
        "revision": now.revision,
        "code": now.code,
        "aliases": {alias.name: alias.version for alias in now.aliases},
        "unreleased": sorted(name for _, name in unreleased_settings(now, managed)),
    }
    return kept if old is None else {"old": old, **kept}


def old_value(snapshot: Mapping[str, Any], target: str) -> str:
    """What a target's value was before anything of ours."""
    return str(snapshot["functions"][target]["old"])


def versions_before(snapshot: Mapping[str, Any], target: str) -> Mapping[str, str]:
    """The version that each alias of a function served before anything of ours, by its name."""
    aliases: Mapping[str, str] = snapshot["functions"][target].get("aliases", {})
    return aliases


def announced(snapshot: Mapping[str, Any], target: str) -> frozenset[str]:
    """Settings that may be released with the change: the person who decided has read their names."""
    return frozenset(snapshot["functions"][target].get("unreleased", ()))


def tried(snapshot: Mapping[str, Any], target: str) -> frozenset[str]:
    """Values that a run on the way back may have set without putting it on record. The value from before
    anything of ours is none of them: with it there is nothing left to take back."""
    old = snapshot["functions"][target].get("old")
    return frozenset(snapshot.get("tried", {}).get(target, ())) - {old}
