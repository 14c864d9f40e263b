"""The order in which files are handed out to workers, and which go to one worker together: those that share a
local AWS, so that it starts and is deployed once."""

import re
from functools import cache

from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

# The long ones first: all workers have something to do until the end.
_STAGES = {
    "the drill": r"e2e/",
    "our stack": r"integration/test_(checks|console\.|people|rehearsal|restore)|proof/test_backtest",
    "our stack beside a Slack": r"integration/test_slack_in|proof/test_races",
    "the service": r"integration/test_(first_deployment|preflight|safety_audit|uninstall)",
    "nothing else": r"integration/test_(alarm_audit|limits|local_aws_(?!start)|our_stack|role_sessions)",
}
_ORDER = (*_STAGES.values(), "recipe/", "integration/", "proof/", "unit/timelines/", "template/", "unit/")


def turn(nodeid: str) -> int:
    """When it is handed out."""
    return _turn(nodeid.partition("::")[0])


@cache
def _turn(file: str) -> int:
    path = file.removeprefix("tests/")
    return next(turn for turn, each in enumerate(_ORDER) if re.match(each, path))


class ByStage(LoadFileScheduling):  # type: ignore[misc]
    """By file, and the files of a stage as one."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        stage = _turn(file)
        return f"stage {stage}" if stage < len(_STAGES) else file
