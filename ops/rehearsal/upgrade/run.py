"""`make upgrade FROM=<commit>`: deploy that commit, this checkout over it, and that commit again."""

import argparse
import signal
import sys
import time
from collections.abc import Callable
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
    """Everything that the old version has when it is upgraded."""
    step("two people are registered", before.people, stand)
    step("a settings document of every key", before.settings, stand)
    step("a mode is lowered", before.modes, stand)
    step("incidents with a lease, and without a remedy", stand.broken, "lease", "unsolved")
    step("one is acknowledged", before.acknowledged, stand)
    step("a message in each queue", before.failures, stand)
    step("findings of the daily check are accepted", before.accepted, stand)
    step("an incident with an open proposal", stand.broken, "proposal")
    step("a stop with an end", before.stopped, stand)


def to_the_end(stand: Stand, version: Checkout) -> None:
    """The incidents of the old version end under this one."""
    step("the stop still counts", after.stop_counts, stand)
    step("the alarm with the lease recovers", stand.recovers, "lease")
    step("the watchdog restarts dead follow-ups", after.restarted, stand, version, ("proposal", "unsolved"))
    step("the stop has ended, the open proposal is approved: its incident ends", after.proposal_ends, stand)
    step("the acknowledgement counts to its end", after.acknowledgement_ends, stand)


def write(stand: Stand, folder: Path) -> None:
    """The rows that the old version has while its incidents are open, and once they are closed."""
    step(f"{stand.old.name} is deployed", first, stand)
    given(stand)
    present = rows.stored(stand)
    to_the_end(stand, stand.old)
    step("the rows are written", rows.write, folder, present, rows.stored(stand))


def upgrade(stand: Stand) -> None:
    """Everything of the old version continues under the present one."""
    old, was = stand.old, state.read(stand.aws.client)
    step(f"{old.name} is deployed", first, stand)
    given(stand)
    shown, findings = after.seen(stand, old), before.still_accepted(stand)
    step(f"{PRESENT.name} is deployed; no row, parameter or message changes", after.deployed, stand, PRESENT)
    step("its console shows the same", lambda: after.same(shown, after.seen(stand, PRESENT)))
    step("the follow-ups continue with the version they began with, whose code is there", after.alive, stand)
    step("every setting is valid and in force", after.settings, stand)
    step("accepted findings are still accepted", after.accepted, stand, findings)
    step("every message of the queues is handled", after.handled, stand)
    to_the_end(stand, PRESENT)
    step("nothing is left, nothing came twice", after.ended, stand, was)
    returned(stand, was)


def returned(stand: Stand, was: state.State) -> None:
    """Everything of the present version continues under the old one."""
    old = stand.old
    step("incidents are opened", stand.broken, *back.LATER)
    step(f"settings that {old.name} does not know are set", back.every_key, stand)
    step("and put aside again", back.put_aside, stand)
    step(f"{old.name} is deployed again; no row, parameter or message changes", after.deployed, stand, old)
    step("every setting is valid and in force", after.settings, stand, old)
    step("its watchdog restarts a dead follow-up", after.restarted, stand, old, ("later unsolved",))
    step(f"the incidents of {PRESENT.name} end", back.followed, stand, was)
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
