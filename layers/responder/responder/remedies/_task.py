"""One change of one function, and what was told to go along with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from responder.change import Change, Status
from responder.context import Context
from responder.remedies._found import released_before, tried
from responder.remedies._functions import Alias
from responder.remedies._managed import Managed
from responder.remedies._obstacles import announced


@dataclass(frozen=True, slots=True)
class Task:
    """`done`: its status once in effect; `announced`: names of settings that may be released with it;
    `tried`: values that a run on the way back may have set before it died; `spares`: which aliases are
    left as they are; `before`: the version that each alias served before anything of ours."""

    context: Context
    managed: Managed
    change: Change
    done: Status
    announced: frozenset[str]
    tried: frozenset[str] = frozenset()
    spares: Callable[[Alias], bool] = lambda _: False
    before: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, context: Context, managed: Managed, change: Change, done: Status, snapshot: Mapping[str, Any]
    ) -> "Task":
        """What was announced when it was decided is in the `snapshot`; on the way back nothing was."""
        forth = snapshot["functions"][change.target].get("old") in (None, change.before)
        known = announced(snapshot, change.target) if forth else frozenset[str]()
        before = released_before(snapshot, change.target)
        return cls(context, managed, change, done, known, tried(snapshot, change.target), before=before)
