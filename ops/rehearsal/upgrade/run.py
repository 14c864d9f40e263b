"""`make upgrade FROM=<commit>`: deploy that commit, this checkout over it, and that commit again."""

import argparse
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from liveness_ops.people.options import Language
from local_aws.client import LocalAws, StartError
from rehearsal.drill import state
from rehearsal.drill.stack import parameters
from rehearsal.first_deployment import CHANNEL, secret
from rehearsal.upgrade import after, back, before, rows
from rehearsal.upgrade.checkout import PRESENT, Checkout, CommitError, UpgradeError, checked_out
from rehearsal.upgrade.course import Course
from rehearsal.upgrade.stand import Stand
from rehearsal.world.build import World, build
from rehearsal.world.names import REGION
from tests.fakes.slack_server import TEAM, SlackServer

_WORLD = World.ROLLED_OUT
_ENDED = 130
# So long ago everything that is there was made.
_DAYS = 12
# In minutes.
_A_DAY = 24 * 60


def step[Found](name: str, do: Callable[..., Found], *given: object) -> Found:
    """Do it and print its line. Raises UpgradeError with the name where it does not hold."""
    begun = time.monotonic()
    try:
        found = do(*given)
    except Exception as error:
        raise UpgradeError(f"✗ {name}\n{error}") from error
    more = f": {found}" if isinstance(found, str) else ""
    print(f"✓ {name}{more} ({time.monotonic() - begun:.0f} s)", flush=True)
    return found


def first(stand: Stand) -> None:
    """The first deployment of the old version, with Slack."""
    wanted = {
        **parameters(_WORLD, Language.EN),
        "SlackSecretArn": secret(stand.aws, stand.slack),
        "SlackChannel": f"{TEAM}/{CHANNEL}",
    }
    stand.deploy(stand.old, wanted)
    stand.aws.age(_DAYS)


def given(stand: Stand) -> None:
    """Everything that the version which is deployed has when another one is deployed over it."""
    step("a settings document of every key", before.settings, stand)
    step("a mode is lowered", before.modes, stand)
    step("findings of the daily check are accepted", before.accepted, stand)
    purposes = ("two people", "lease", "unsolved")
    step("incidents for two people, with a lease, and without a remedy", stand.broken, *purposes)
    step("one is acknowledged", before.acknowledged, stand)
    step("a message in each queue", before.failures, stand)
    step("an incident with an open proposal", stand.broken, "proposal")
    step("the first of two people approves", before.approved, stand)
    step("a stop with an end", before.stopped, stand)


def to_the_end(stand: Stand) -> None:
    """The incidents of the version before end under the one that is deployed."""
    step("the stop still counts", after.stop_counts, stand)
    step("the first of two people does not count twice, the second one does", after.second_approval, stand)
    step("the open proposal is approved and carried out", after.carried_out, stand)
    step("the alarm with the lease recovers", stand.recovers, "lease")
    step("the watchdog restarts dead follow-ups", after.restarted, stand, "proposal", "unsolved")
    step("alarms recover: what was carried out goes back, and incidents end", after.recovered, stand)
    step("the acknowledgement counts to its end", after.acknowledgement_ends, stand)


def write(stand: Stand, folder: Path) -> None:
    """The rows that the old version has while its incidents are open, and once they are closed."""
    step(f"{stand.old.name} is deployed", first, stand)
    step("two people are registered", before.people, stand)
    given(stand)
    present = rows.stored(stand)
    to_the_end(stand)
    step("the rows are written", rows.write, folder, present, rows.stored(stand))


def replaced(stand: Stand, version: Checkout) -> None:
    """Everything of the version that is deployed continues under this one."""
    shown, findings = after.seen(stand), before.still_accepted(stand)
    name = f"{version.name} is deployed over it; no row, parameter or message changes"
    step(name, after.deployed, stand, version)
    step("its console shows the same", lambda: after.same(shown, after.seen(stand)))
    step("the follow-ups continue with the version they began with, whose code is there", after.alive, stand)
    step("every setting is valid and in force", after.settings, stand)
    step("accepted findings are still accepted", after.daily_check, stand, findings)
    step("every message of the queues is handled", after.handled, stand)
    to_the_end(stand)


def upgrade(stand: Stand) -> None:
    """The present version over the old one, and the old one again."""
    was = state.read(stand.aws.client)
    nothing_left = partial(step, "nothing is left, nothing came twice", after.ended, stand, was)
    step(f"{stand.old.name} is deployed", first, stand)
    step("two people are registered", before.people, stand)
    given(stand)
    replaced(stand, PRESENT)
    nothing_left()
    # An alarm that comes back within hours is answered otherwise: at the level it had, with less automation.
    step("a day passes", stand.minutes, _A_DAY)
    given(stand)
    step(f"settings that {stand.old.name} does not know are put aside", back.put_aside, stand)
    replaced(stand, stand.old)
    step("an act of each half was no help: its remedy is only asked for", back.only_asked_for, stand)
    nothing_left()
    step("a setting that is not put aside sends it to observe", back.unknown_setting, stand)


def packages(old: Checkout) -> None:
    """Say where the packages of the old version are others."""
    there, here = old.requirements(), PRESENT.requirements()
    if differing := sorted(name for name in there | here if there.get(name) != here.get(name)):
        print(f"  {old.name} runs its console with the packages of this checkout. Other pins:")
        print(f"  {', '.join(differing)}")


def main(arguments: list[str]) -> int:
    """Exit status 1 where a step does not hold, 2 where the commit cannot be checked out, 130 where it is
    ended by Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("commit", nargs="?", default="")
    options.add_argument(
        "--rows", type=Path, help="write what the commit stores into this folder; nothing is upgraded"
    )
    wanted, begun = options.parse_args(arguments), time.monotonic()
    try:
        with checked_out(wanted.commit) as old, SlackServer(channels=(CHANNEL,)) as slack:
            packages(old)
            with LocalAws(region=REGION) as aws:
                aws.settings(evaluates=0, retries_on_clock=1)
                build(aws.client, _WORLD)
                stand = Stand(aws, slack, old, Course(aws))
                upgrade(stand) if wanted.rows is None else write(stand, wanted.rows)
    except (CommitError, StartError, UpgradeError) as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, CommitError) else 1
    except KeyboardInterrupt:
        return _ENDED
    done = "The upgrade and the return lose nothing" if wanted.rows is None else "Done"
    print(f"{done} ({time.monotonic() - begun:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
