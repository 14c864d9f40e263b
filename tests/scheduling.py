"""The order in which files are handed out to workers, and which go to one worker together: those that share a
local AWS, so that it starts and is deployed once."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

# The long ones first: all workers have something to do until the end.
_GROUPS = {
    "our stack": r"integration/test_(checks|console\.|people|restore)|proof/test_backtest",
    "nothing else": r"integration/test_(alarm_audit|limits|local_aws_(?!start)|our_stack|role_sessions)",
    "our stack beside a Slack": r"integration/test_slack_in|proof/test_races",
    "the service": r"integration/test_(first_deployment|preflight|safety_audit|uninstall)",
    "the drill": r"e2e/",
}
_ORDER = (
    *_GROUPS.values(),
    "recipe/",
    "(answers|witness)/",
    "integration/",
    "proof/",
    "unit/timelines/",
    "template/",
    "unit/",
)


def turn(nodeid: str) -> int:
    """When it is handed out."""
    return _turn(nodeid.partition("::")[0])


@cache
def _turn(file: str) -> int:
    path = file.removeprefix("tests/")
    return next(turn for turn, each in enumerate(_ORDER) if re.match(each, path))


def waits(path: Path) -> bool:
    """Whether what is in this file or folder waits for a local AWS or for time, as far as its name says."""
    if not path.name.startswith("test_"):
        return path.name not in ("template", "unit")
    return _turn(path.as_posix()) <= _ORDER.index("integration/")


class ByGroup(LoadFileScheduling):  # type: ignore[misc]
    """By file, and the files of a group as one. A worker may have collected less than others (`--waiting`):
    those take first what it cannot take."""

    registered_collections: dict[Any, list[str]]

    def schedule(self) -> None:
        if self.collection is None:
            # What the first of them has collected is what is to be played.
            found = sorted(self.registered_collections.items(), key=lambda each: -len(each[1]))
            self.registered_collections = dict(found)
        super().schedule()

    def _check_nodes_have_same_collection(self) -> bool:
        whole, *others = map(set, self.registered_collections.values())
        waiting = self.config.option.waiting and all(each <= whole for each in others)
        return waiting or bool(super()._check_nodes_have_same_collection())

    def _assign_work_unit(self, node: Any) -> None:
        places, fewest = self._places(node), min(map(self._places, self.registered_collections), key=len)
        able = [scope for scope, unit in self.workqueue.items() if next(iter(unit)) in places]
        if not able:
            node.shutdown()
            return
        scope = next((each for each in able if next(iter(self.workqueue[each])) not in fewest), able[0])
        unit = self.assigned_work[node][scope] = self.workqueue.pop(scope)
        node.send_runtest_some([places[nodeid] for nodeid, done in unit.items() if not done])

    @cache  # noqa: B019
    def _places(self, node: Any) -> dict[str, int]:
        return {nodeid: place for place, nodeid in enumerate(self.registered_collections[node])}

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        group = _turn(file)
        return f"group {group}" if group < len(_GROUPS) else file
