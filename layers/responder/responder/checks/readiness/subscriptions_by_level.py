"""Is somebody subscribed to the topic for each level of the escalation?"""

from collections.abc import Iterable, Sequence

from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.checks.readiness.filter_policies import ALL, LEVELS, SEVERITIES
from responder.checks.readiness.subscriptions import PEOPLE, Listener, subscribed
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.settings import Settings
from responder.core.text import text
from responder.evidence.base import reason

_CHAPTER = "エスカレーションフロー"
_PARAMETERS = {"1": "OnCallEmail", "2": "Level2Email", "3": "Level3Email", "4": "Level4Email"}


def listeners(context: Context) -> tuple[CheckItem, ...]:
    """Filter policies are read for each; an address is never shown."""
    try:
        found = subscribed(context, context.settings.topic)
    except AwsError as error:
        return (_unread(error),)
    errors = {each.error.operation: each.error for each in found if each.error is not None}
    return (*map(_unread, errors.values()), *judged(found, context.settings))


def judged(found: Sequence[Listener], settings: Settings) -> tuple[CheckItem, ...]:
    """On-call, who hears all, is no further level: one has somebody where a person begins to hear. Pure."""
    confirmed = [each for each in found if each.confirmed]
    people = [each for each in confirmed if each.protocol in PEOPLE]
    heard = {pair for each in people for pair in each.begins()} | _by_slack(confirmed, settings)
    maybe = any(each.hears is None for each in people)
    waiting = sum(each.waiting for each in found if each.protocol in PEOPLE)
    lacking = [level for level in LEVELS if not {(level, each) for each in SEVERITIES} <= heard]
    items = [_unheard(level, heard, maybe) for level in lacking]
    if waiting:
        items.append(
            CheckItem(
                Checked.UNCONFIRMED.of(),
                CheckStatus.AMBER,
                text("check.ready.unconfirmed", count=waiting),
                (),
                _CHAPTER,
            )
        )
    if not items:
        said = text("check.ready.listeners", count=len(confirmed))
        items.append(CheckItem(Checked.SUBSCRIPTIONS.of(), CheckStatus.GREEN, said, (), _CHAPTER))
    return tuple(items)


def _by_slack(confirmed: Iterable[Listener], settings: Settings) -> set[tuple[str, str]]:
    posts = f"{settings.stack}-slack-post"
    if not settings.slack_secret or not any(each.function == posts for each in confirmed):
        return set()
    called = [part.strip().partition("=")[0] for part in settings.slack_level_mentions.split(",")]
    return {pair for pair in ALL if pair[0] in (LEVELS[0], *called)}


def _unheard(level: str, heard: set[tuple[str, str]], maybe: bool) -> CheckItem:
    if maybe:
        return CheckItem(
            Checked.LEVEL.of(level),
            CheckStatus.UNKNOWN,
            text("check.ready.level_unknown", level=level),
            (),
            _CHAPTER,
        )
    light = CheckStatus.RED if level == LEVELS[0] else CheckStatus.AMBER
    details = (text("check.ready.subscribe", parameter=_PARAMETERS[level]),)
    missing = [severity for severity in SEVERITIES if (level, severity) not in heard]
    if len(missing) == len(SEVERITIES):
        return CheckItem(
            Checked.LEVEL.of(level), light, text("check.ready.level_unheard", level=level), details, _CHAPTER
        )
    said = text("check.ready.level_partly", level=level, severity=text(f"severity.{missing[0]}"))
    return CheckItem(Checked.LEVEL.of(level), light, said, (text("check.ready.filtered"),), _CHAPTER)


def _unread(error: AwsError) -> CheckItem:
    return CheckItem(
        Checked.SUBSCRIPTIONS_READ.of(error.operation),
        CheckStatus.UNKNOWN,
        text("check.ready.listeners_unread", reason=reason(error)),
        (),
        _CHAPTER,
    )
