"""Denied calls in sentences: never a word of the log line itself. Pure."""

from collections import Counter
from datetime import timedelta

from responder.core import console_links
from responder.core.context import Context
from responder.core.finding import Finding, Subject, Tone
from responder.core.text import Text, text
from responder.evidence.facts.denied import QUIET, DeniedCall, DeniedRequests
from responder.evidence.logs import group_of
from responder.evidence.tell_failures import capped

MOST_GROUPS = 8
QUERY = (
    "fields @timestamp, @requestId | filter @message like /AccessDenied/ | sort @timestamp desc | limit 200"
)


def tell(look: str, fact: DeniedRequests, context: Context) -> tuple[Finding, ...]:
    """The counts, then each kind, then the logs that could not be read."""
    recent, hour = (
        sum(each.at >= context.now - timedelta(minutes=minutes) for each in fact.denials)
        for minutes in (15, 60)
    )
    counts = {"recent": recent, "hour": hour, "all": len(fact.denials)}
    if fact.denials:
        going_on = any(context.now - each.at < QUIET for each in fact.denials)
        said, tone = text("evidence.denied", **counts), Tone.RED if going_on else Tone.AMBER
    else:
        clean = fact.whole(fact.since) and not fact.unparsed
        said = text("evidence.denied.none" if clean else "evidence.denied.none_seen")
        tone = Tone.NORMAL if clean else Tone.INFO
    groups = Counter((each.function, each.what) for each in fact.denials)
    details = [_group(*key, count, context) for key, count in groups.most_common(MOST_GROUPS)]
    if fact.unparsed:
        details.append(text("evidence.denied.unparsed", count=fact.unparsed))
    details += capped(fact.complete_since, fact.since)
    numbers = {name: float(count) for name, count in counts.items()}
    link = _link(context, context.settings.functions)
    found = [
        Finding(
            look,
            tone,
            said,
            len(fact.denials),
            tuple(details),
            numbers,
            link,
            subject=Subject.DENIALS,
            over=timedelta(hours=3),
        )
    ]
    found += [_unread(look, name, why, context) for name, why in fact.unread.items()]
    return tuple(found)


def _group(function: str, what: DeniedCall, count: int, context: Context) -> Text:
    return text(
        "evidence.denied.group",
        function=function,
        role=_role(what, context),
        action=what.action or what.operation,
        code=what.code,
        target=text(f"say.target.{what.target}"),
        reason=text(f"say.denied.{what.reason}"),
        count=count,
    )


def _role(what: DeniedCall, context: Context) -> Text:
    role = context.settings.service_role
    key = {True: "own", False: "other", None: "unnamed"}[what.own_role]
    return text(f"say.role.{key}", **({} if what.own_role is None else {"role": role}))


def _unread(look: str, name: str, why: Text, context: Context) -> Finding:
    said = text("evidence.failures.unread", function=name, reason=why)
    return Finding(look, Tone.UNKNOWN, said, link=_link(context, (name,)), subject=Subject.DENIALS)


def _link(context: Context, functions: tuple[str, ...]) -> str:
    groups = [group_of(function) for function in functions]
    return console_links.insights(context.settings.region, groups, context.ago(hours=3), context.now, QUERY)
