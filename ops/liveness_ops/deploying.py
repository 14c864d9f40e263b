"""`make deploy`: preflight, then the change set of the command that it prints: shown, confirmed, executed."""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from tempfile import TemporaryFile

import typer

from liveness_ops import change_set
from liveness_ops.change_set import ChangeSet, Effect, Outcome
from liveness_ops.people import command_runner
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.options import STACK, Common, spoken
from liveness_ops.people.screen import Screen
from liveness_ops.template_tools.load import ROOT
from responder.core.context import Gateway
from responder.core.errors import AwsError
from responder.core.plain_data import Json
from responder.core.text import Text, text

_TOOLS = (ROOT / ".venv" / "bin", ROOT / ".venvs" / "sam" / "bin")
# Seconds between two looks at a stack; SAM CLI's variable, so that both wait alike.
_POLL = "SAM_CLI_POLL_DELAY"
# Options that preflight has, too.
_PREFLIGHT = ("profile", "region", "stack", "language")


def environment() -> dict[str, str]:
    """The environment, with this checkout's own tools first on PATH."""
    path = os.pathsep.join([*map(str, _TOOLS), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path, "SAM_CLI_TELEMETRY": "0"}


def main(arguments: list[str]) -> int:
    """`arguments`: those of `liveness-ops preflight`, `--yes`, and what the Makefile's DELETES and PARAMETERS
    have. 0 where the stack is as it should be."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--yes", action="store_true")
    options.add_argument("--deletes", default="")
    options.add_argument("--parameters", default="")
    for option, default in (("profile", ""), ("region", ""), ("stack", STACK), ("language", "")):
        options.add_argument(f"--{option}", default=default)
    given, others = options.parse_known_args(arguments)
    language = spoken(arguments, os.environ)
    common = Common(given.profile, given.region, given.stack, "", given.yes, language, machine=False)
    words = [f"--{name}={value}" for name in _PREFLIGHT if (value := getattr(given, name))]
    words += [*others, *_pairs(given.parameters)]
    accepted = frozenset(given.deletes.replace(",", " ").split())
    try:
        command_runner.finish(common, lambda screen: _carry_out(common, screen, words, accepted))
    except typer.Exit as ended:
        return ended.exit_code
    return 0


def _pairs(typed: str) -> list[str]:
    """`NAME=VALUE NAME=VALUE`; a value may have blanks, as a schedule does."""
    with suppress(ValueError):
        if set(typed) & {"'", '"'}:
            return shlex.split(typed)
    return [each for each in re.split(r"\s+(?=[A-Za-z0-9]+=)", typed.strip()) if each]


def _carry_out(common: Common, screen: Screen, arguments: list[str], accepted: frozenset[str]) -> Json:
    seconds, terminal = _poll(), sys.stdin.isatty()
    command, target = _preflight(screen, arguments)
    screen = replace(screen, target=target)
    if not (terminal or screen.yes):
        raise EarlyExit(Exit.DECLINED, text("deploy.no_terminal"))
    aws, _region = command_runner.open_aws(common)
    made = _made(aws, screen, common.stack, command, seconds)
    if made:
        deploy(aws, screen, replace(made, accepted=accepted), terminal, seconds)
    else:
        screen.say(text("deploy.no_changes"))
    return {}


def _poll() -> float:
    """Seconds between two looks at the stack. Raises EarlyExit where the variable has no such number."""
    given = os.environ.get(_POLL, "5")
    if not re.fullmatch(r"\d{1,4}(\.\d+)?", given, re.ASCII):
        raise EarlyExit(Exit.USAGE, text("deploy.bad_delay", name=_POLL, value=given))
    return float(given)


def _made(aws: Gateway, screen: Screen, stack: str, command: str, seconds: float) -> ChangeSet | None:
    """The change set that the command makes; None where nothing changes. Raises EarlyExit where none was
    made."""
    before, begun, code = change_set.known(aws, stack), time.time(), None
    with TemporaryFile("w+") as output:
        try:
            code = subprocess.run(  # noqa: S603  # nosec B607 - what preflight prints
                ["bash", "-c", command],  # noqa: S607 - the bash of this user
                cwd=ROOT,
                env=environment(),
                stdout=output,
                check=False,
            ).returncode
        finally:
            output.seek(0)
            printed = output.read()
            new = change_set.known(aws, stack) - before
            arn = change_set.own(new, printed, begun)
            made = change_set.read(aws, arn) if arn else None
            # Ctrl-C, or SAM CLI lost its connection: CloudFormation makes it all the same.
            if made and code != 0 and not (code and made.failed):
                _remove(aws, screen, arn, seconds)
                made = None
            elif new and not made and code != 0:
                screen.note(text("deploy.uncertain", names="\n".join(sorted(new))))
    if code and not made:
        print(printed, file=sys.stderr)
        raise EarlyExit(Exit.NOT_DONE, text("deploy.not_made"))
    return made


def _preflight(screen: Screen, arguments: list[str]) -> tuple[str, Text]:
    """The command that makes the change set, and the line that names where.

    Raises EarlyExit where something blocks the deployment, or what a deleted stack has left behind is to be
    imported first.
    """
    words = [str(_TOOLS[0] / "liveness-ops"), "preflight", *arguments]
    preflight = subprocess.run(  # noqa: S603 - our own command
        [*words, "--json"], env=environment(), capture_output=True, text=True, check=False
    )
    found = json.loads(preflight.stdout or "{}")
    if "lines" not in found:
        raise EarlyExit(Exit(preflight.returncode), preflight.stderr.strip())
    screen.note(preflight.stderr.strip())
    for each in found["lines"]:
        said = text(f"preflight.weight_{each['weight']}", said=each["message"])
        screen.say(said, text("preflight.todo", todo=each["todo"]))
    blocked = any(each["weight"] == "blocks" for each in found["lines"])
    if blocked or not found["command"]:
        raise EarlyExit(Exit.DECLINED, text("deploy.blocked"))
    command = f"{found['command']} --no-execute-changeset"
    screen.say(command)
    if found["adoption"]:
        raise EarlyExit(Exit.DECLINED, text("deploy.adoption", adoption=found["adoption"]))
    where = (found[name] for name in ("account", "region", "stack", "principal"))
    return command, command_runner.target(*where)


def deploy(aws: Gateway, screen: Screen, changes: ChangeSet, terminal: bool, seconds: float) -> None:
    """Execute the change set once it is confirmed, or remove it.

    `terminal`: whether a person can answer. `seconds`: between two looks at the stack. Raises EarlyExit where
    it was not executed or failed, and AwsError.
    """
    if changes.empty:
        screen.say(text("deploy.no_changes"))
        _remove(aws, screen, changes.arn, seconds)
        return
    try:
        _confirm(screen, changes, terminal)
    except (EarlyExit, KeyboardInterrupt):
        _remove(aws, screen, changes.arn, seconds)
        raise
    screen.name_target()
    screen.changing.set()
    screen.say(text("deploy.executing"))
    try:
        outcome = change_set.execute(aws, changes, seconds)
    except (AwsError, KeyboardInterrupt):
        screen.note(text("deploy.unknown_end", stack=changes.stack, region=changes.stack.split(":")[3]))
        raise
    _show_outcome(screen, outcome)


def _remove(aws: Gateway, screen: Screen, arn: str, seconds: float) -> None:
    """Remove a change set and say so, or why it stays."""
    try:
        change_set.remove(aws, arn, seconds)
    except AwsError as error:
        screen.note(text("deploy.stays", arn=arn, call=str(error)))
    else:
        screen.note(text("deploy.removed"))


def _confirm(screen: Screen, changes: ChangeSet, terminal: bool) -> None:
    if changes.failed:
        why = text("deploy.refused", reason=changes.reason)
        raise EarlyExit(Exit.NOT_DONE, why, more=[text("deploy.refused_todo")])
    _show(screen, changes)
    if changes.lost:
        why = text("deploy.loses_data", names=", ".join(changes.lost))
        todo = text("deploy.loses_data_todo", names=" ".join(changes.lost))
        raise EarlyExit(Exit.DECLINED, why, more=[todo])
    if not (terminal or screen.yes):
        raise EarlyExit(Exit.DECLINED, text("deploy.no_terminal"))
    screen.confirm(text("deploy.question"), declined=text("deploy.declined"))


def _show(screen: Screen, changes: ChangeSet) -> None:
    """What happens to how many resources, and to which; of those that are added the types."""
    for effect in Effect:
        affected = changes.of(effect)
        if not affected:
            continue
        named = [f"{change.logical_id} ({change.kind})" for change in affected]
        if effect is Effect.ADDED:
            # Of resources that are only added, the types are enough.
            counted = Counter(each.kind for each in affected).most_common()
            named = [f"{count} {kind}" for kind, count in counted]
        said = text(f"deploy.{effect}", count=len(affected))
        screen.say(said, *(f"  {name}" for name in named))


def _show_outcome(screen: Screen, outcome: Outcome) -> None:
    if outcome.done:
        screen.say(text("deploy.done", status=outcome.status), style="bold")
        return
    screen.say(*(f"  {logical_id}: {reason}" for logical_id, reason in outcome.failures))
    raise EarlyExit(Exit.NOT_DONE, text("deploy.failed", status=outcome.status))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
