"""`make deploy`: preflight, then the change set of the command that it prints: shown, confirmed, executed."""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer

from liveness_ops import change_set
from liveness_ops.change_set import ChangeSet, Effect, Outcome
from liveness_ops.people import command_runner
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.options import STACK, Common, spoken
from liveness_ops.people.screen import Screen
from liveness_ops.template_tools.load import ROOT
from responder.core.context import Gateway
from responder.core.text import Text, text

_TOOLS = (ROOT / ".venv" / "bin", ROOT / ".venvs" / "sam" / "bin")
# Seconds between two looks at a stack; SAM CLI's variable, so that both wait alike.
_POLL = "SAM_CLI_POLL_DELAY"
# Of resources that are only added, the types are enough.
_COUNTED = (Effect.ADDED,)


def environment() -> dict[str, str]:
    """The environment, with this checkout's own tools first on PATH."""
    path = os.pathsep.join([*map(str, _TOOLS), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path, "SAM_CLI_TELEMETRY": "0"}


def main(arguments: list[str]) -> int:
    """`arguments`: those of `liveness-ops preflight`, and `--yes`. 0 where the stack is as it should be."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--yes", action="store_true")
    for option, default in (("profile", ""), ("region", ""), ("stack", STACK), ("language", "")):
        options.add_argument(f"--{option}", default=default)
    given, _parameters = options.parse_known_args(arguments)
    language = spoken(arguments, os.environ)
    common = Common(given.profile, given.region, given.stack, "", given.yes, language, machine=False)
    try:
        command_runner.finish(common, lambda screen: _carry_out(common, screen, arguments))
    except typer.Exit as ended:
        return ended.exit_code
    return 0


def _carry_out(common: Common, screen: Screen, arguments: list[str]) -> dict[str, Any]:
    command = _preflight(screen, [word for word in arguments if word != "--yes"])
    aws, _region = command_runner.open_aws(common)
    before = change_set.known(aws, common.stack)
    made = subprocess.run(  # noqa: S603  # nosec B607 - what preflight prints
        ["bash", "-c", command],  # noqa: S607 - the bash of this user
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    new = [change_set.read(aws, arn) for arn in change_set.known(aws, common.stack) - before]
    # Another person may have created one meanwhile. SAM CLI prints the ARN of its own, unless that failed.
    own = [changes for changes in new if changes.failed or changes.arn in made.stdout]
    if not own and made.returncode:
        print(made.stdout, file=sys.stderr)
        raise EarlyExit(Exit.NOT_DONE, text("deploy.not_made"))
    for changes in own:
        deploy(aws, screen, changes, sys.stdin.isatty(), float(os.environ.get(_POLL, "5")))
    if not own:
        screen.say(text("deploy.no_changes"))
    return {}


def _preflight(screen: Screen, arguments: list[str]) -> str:
    """The command that makes the change set. Raises EarlyExit where something blocks the deployment, or what
    a deleted stack has left behind is to be imported first."""
    words = [str(_TOOLS[0] / "liveness-ops"), "preflight", *arguments]
    preflight = subprocess.run(  # noqa: S603 - our own command
        [*words, "--json"], env=environment(), stdout=subprocess.PIPE, text=True, check=False
    )
    found = json.loads(preflight.stdout or "{}")
    for each in found.get("lines", []):
        screen.say(f"{each['weight']:8} {each['message']}", f"         {each['todo']}")
    blocked = any(each["weight"] == "blocks" for each in found.get("lines", []))
    if blocked or not found.get("command"):
        raise EarlyExit(Exit.DECLINED, found.get("message") or text("deploy.blocked"))
    command = f"{found['command']} --no-execute-changeset"
    screen.say(command)
    if found.get("adoption"):
        raise EarlyExit(Exit.DECLINED, text("deploy.adoption", adoption=found["adoption"]))
    return command


def deploy(aws: Gateway, screen: Screen, changes: ChangeSet, terminal: bool, seconds: float) -> None:
    """Execute the change set once it is confirmed, or remove it.

    `terminal`: whether a person can answer. `seconds`: between two looks at the stack. Raises EarlyExit where
    it was not executed or failed, and AwsError.
    """
    with _removed_unless_confirmed(aws, screen, changes):
        if changes.empty:
            change_set.remove(aws, changes)
            screen.say(text("deploy.no_changes"))
            return
        _confirm(screen, changes, terminal)
    screen.changing.set()
    screen.say(text("deploy.executing"))
    _show_outcome(screen, change_set.execute(aws, changes, seconds))


@contextmanager
def _removed_unless_confirmed(aws: Gateway, screen: Screen, changes: ChangeSet) -> Iterator[None]:
    """Also after Ctrl-C."""
    try:
        yield
    except (EarlyExit, KeyboardInterrupt):
        change_set.remove(aws, changes)
        screen.say(text("deploy.removed"))
        raise


def _confirm(screen: Screen, changes: ChangeSet, terminal: bool) -> None:
    if changes.failed:
        why = text("deploy.refused", reason=changes.reason)
        raise EarlyExit(Exit.NOT_DONE, why, more=[text("deploy.refused_todo")])
    _show(screen, changes)
    if lost := [change.logical_id for change in changes.changes if change.loses_data]:
        why = text("deploy.loses_data", names=", ".join(lost))
        raise EarlyExit(Exit.DECLINED, why, more=[text("deploy.loses_data_todo")])
    if not (terminal or screen.yes):
        raise EarlyExit(Exit.DECLINED, text("deploy.no_terminal"))
    screen.confirm(text("deploy.question"), declined=text("deploy.declined"))


def _show(screen: Screen, changes: ChangeSet) -> None:
    """What happens to how many resources, and to which; of those that are added the types."""
    for effect in Effect:
        affected = changes.of(effect)
        if effect in _COUNTED:
            named = [
                f"{count} {kind}" for kind, count in Counter(each.kind for each in affected).most_common()
            ]
        else:
            named = [f"{change.logical_id} ({change.kind})" for change in affected]
        screen.say(_line(effect, len(affected)), *(f"  {name}" for name in named))


def _line(effect: Effect, count: int) -> Text:
    return text(f"deploy.{effect}", count=count)


def _show_outcome(screen: Screen, outcome: Outcome) -> None:
    if outcome.done:
        screen.say(text("deploy.done", status=outcome.status), style="bold")
        return
    failures = [f"  {logical_id}: {reason}" for logical_id, reason in outcome.failures]
    screen.say(*failures)
    raise EarlyExit(Exit.NOT_DONE, text("deploy.failed", status=outcome.status))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
