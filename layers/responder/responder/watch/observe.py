"""From one look to the next: calm, recovery, acknowledgements, the step of the way back."""

from dataclasses import replace
from datetime import timedelta

from responder.alarm import State
from responder.watch.calm import soaked
from responder.watch.memory import Watch
from responder.watch.seen import Seen


def observe(seen: Seen, watch: Watch) -> Watch:
    """What is to be remembered of this look."""
    return _recovery(seen, _step(seen, _acks(seen, _calm(seen, watch))))


def _calm(seen: Seen, watch: Watch) -> Watch:
    quiet = seen.traffic.requests if seen.traffic and seen.rollout is None else watch.quiet
    same = watch.calm_from is not None and watch.calm == seen.mark
    if seen.state is State.INSUFFICIENT_DATA and same:
        # At night no data comes after OK: it lasts all the same.
        return replace(watch, quiet=quiet)
    if seen.state is not State.OK:
        return replace(watch, calm="", calm_from=None, quiet=0, recovered=None)
    if same:
        return replace(watch, quiet=quiet)
    return replace(
        watch,
        calm=seen.mark,
        calm_from=seen.now,
        quiet=0,
        recovered=None,
        mitigated=watch.mitigated or seen.now,
    )


def _recovery(seen: Seen, watch: Watch) -> Watch:
    """The fault is gone, and traffic proves it: with nobody on the check nothing is proved."""
    end = soaked(watch)
    if watch.recovered is not None or end is None or seen.now < end or seen.lowered or not watch.quiet:
        return watch
    return replace(watch, recovered=watch.calm_from)


def _acks(seen: Seen, watch: Watch) -> Watch:
    new = [each for each in seen.acks if watch.acks.get(each.person) != each.at]
    if not new:
        return watch
    return replace(
        watch,
        acks={**watch.acks, **{each.person: each.at for each in new}},
        held=seen.now + timedelta(minutes=watch.terms.hold),
        held_by=new[-1].person,
    )


def _step(seen: Seen, watch: Watch) -> Watch:
    percent = str(seen.rollout.percent) if seen.rollout else ""
    if percent == watch.step:
        return watch
    return replace(watch, step=percent, step_at=seen.now if percent else None)
