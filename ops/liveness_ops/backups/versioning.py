"""enable-versioning: never without an end for old versions, or faces outlive what was promised."""

from collections.abc import Iterable
from functools import partial

from liveness_ops.backups import steps
from liveness_ops.backups.steps import Step
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.operator_session import OperatorSession
from responder.checks.storage.lifecycle import (
    AUDIT,
    LEAST_OLD_DAYS,
    LifecycleRule,
    added,
    kept,
    prefix_of,
    promises,
)
from responder.core.errors import Missing
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.core.text import text

_NO_RULES = "NoSuchLifecycleConfiguration"
_SIZE = "TransitionDefaultMinimumObjectSize"


@frozen
class Bucket:
    """Its status."""

    rules: tuple[Data, ...]
    more: Data
    on: bool
    mfa: bool


def enable(session: OperatorSession, do: bool) -> Json:
    """Show; with `do` the rules first, then, once S3 has them, the versions.

    Raises:
        EarlyExit: MFA Delete is on; a person changed the bucket meanwhile, or the rules are not there after
            they were written.
    """
    seen = _read(session)
    planned = _plan(session, seen)
    about: Json = {"bucket": session.settings.bucket, "dry_run": not do}
    if not planned:
        session.screen.say(text("ops.versioning_on", bucket=session.settings.bucket), style="green")
        return {**about, "steps": []}
    if seen.mfa:
        # S3 takes neither of the two then: no rules at all, no change of versioning but by the root user.
        raise EarlyExit(Exit.NOT_DONE, text("ops.mfa_delete", bucket=session.settings.bucket))
    shown = steps.show(session, planned)
    others = [each.get("ID", "-") for each in mended(seen.rules, session.settings) if _endless(each)]
    if others:
        session.screen.say(text("ops.versions_endless", rules=", ".join(others)))
    session.screen.say(text("ops.versions_stay"), text("check.storage.cdk"))
    if do:
        if _read(session) != seen:
            raise EarlyExit(Exit.NOT_DONE, text("ops.bucket_changed", bucket=session.settings.bucket))
        steps.carry_out(session, planned, guard=partial(_guard, session))
        session.screen.say(text("ops.versioning_on", bucket=session.settings.bucket), style="green")
    else:
        steps.rehearsed(session)
    return {**about, "steps": shown, "endless": others}


def _guard(session: OperatorSession, step: Step) -> None:
    if step.operation == "put_bucket_versioning" and _lacks(_read(session).rules, session.settings):
        raise EarlyExit(Exit.NOT_DONE, text("ops.rules_missing", bucket=session.settings.bucket))


def _read(session: OperatorSession) -> Bucket:
    where = {"Bucket": session.settings.bucket}
    state = session.aws.call("s3", "get_bucket_versioning", **where)
    try:
        found = session.aws.call("s3", "get_bucket_lifecycle_configuration", **where)
    except Missing as error:
        if error.code != _NO_RULES:
            raise
        found = {}
    more = {_SIZE: found[_SIZE]} if _SIZE in found else {}
    on, mfa = (state.get(name) == "Enabled" for name in ("Status", "MFADelete"))
    return Bucket(tuple(found.get("Rules", [])), more, on, mfa)


def _plan(session: OperatorSession, seen: Bucket) -> tuple[Step, ...]:
    where, found = {"Bucket": session.settings.bucket}, []
    if _lacks(seen.rules, session.settings):
        rules = mended(seen.rules, session.settings)
        asked = {**where, **seen.more, "LifecycleConfiguration": {"Rules": rules}}
        said = text("ops.step_rules", days=session.settings.audit_days)
        found.append(Step(said, "s3", "put_bucket_lifecycle_configuration", asked))
    if not seen.on:
        asked = {**where, "VersioningConfiguration": {"Status": "Enabled"}}
        found.append(Step(text("ops.step_versioning"), "s3", "put_bucket_versioning", asked))
    return tuple(found)


def _lacks(rules: Iterable[LifecycleRule], settings: Settings) -> bool:
    listed = [dict(each) for each in rules]
    return mended(listed, settings) != listed


def mended(rules: Iterable[LifecycleRule], settings: Settings) -> list[Json]:
    """Rules that keep every promise also with versions, and all other rules as they are. Current and old days
    of audit images are at most one more than promised; what ends sooner stays so."""
    listed = [dict(each) for each in rules]
    for prefix, promised in promises(settings):
        found = kept(listed, prefix)
        days = min(found.current or promised, promised)
        most = promised + LEAST_OLD_DAYS - days
        ends: Json = {}
        # Of other prefixes only old versions get an end: current objects are not deleted.
        if prefix == AUDIT and (found.current is None or found.current > promised):
            ends["Expiration"] = {"Days": days}
        if found.old is None or found.old > most:
            ends["NoncurrentVersionExpiration"] = {"NoncurrentDays": max(most, LEAST_OLD_DAYS)}
        if ends:
            _put(listed, prefix, ends)
    return listed


def _put(listed: list[Json], prefix: str, ends: Data) -> None:
    """Into the rule in force that is of this very prefix, else into a new one."""
    for each in listed:
        if each.get("Status") == "Enabled" and prefix_of(each) == prefix:
            each.update(ends)
            return
    named = f"liveness-versions-{prefix.strip('/')}"
    listed.append(added(listed, named, prefix, {"Status": "Enabled", **ends}))


def _endless(rule: LifecycleRule) -> bool:
    on = rule.get("Status") == "Enabled" and "Days" in rule.get("Expiration", {})
    return on and "NoncurrentVersionExpiration" not in rule
