"""Recent changes in sentences. Pure."""

from collections import Counter
from datetime import timedelta

from responder import links
from responder.context import Context
from responder.evidence.saying import stamp
from responder.facts import Dependency, Modification, Modifications
from responder.finding import Finding, Subject, Tone
from responder.text import Text, text

SHORTLY_BEFORE = timedelta(minutes=60)
MOST = 10


def tell(look: str, fact: Modifications, context: Context) -> tuple[Finding, ...]:
    """What changed, newest first; then what could not be asked. "None" is only said of what was looked at."""
    foreign = [change for change in fact.changes if change.foreign]
    suspects = [change for change in foreign if shortly_before(change, context)]
    incomplete = bool(fact.unasked) or (fact.whole_since or fact.since) > context.since - SHORTLY_BEFORE
    if suspects:
        key, tone = "evidence.changes.suspect", Tone.AMBER
    elif foreign:
        key, tone = "evidence.changes", Tone.INFO if incomplete else Tone.NORMAL
    else:
        key, tone = "evidence.changes.none", Tone.UNKNOWN if incomplete else Tone.NORMAL
    since = fact.since if fact.whole_since is None else fact.whole_since
    said = text(key, count=len(suspects or foreign), since=stamp(since), watched=watched(fact))
    late = (text("evidence.changes.capped", since=stamp(since)),) if since > fact.since else ()
    details = (*(_line(change, context) for change in fact.changes[:MOST]), *fact.unasked, *late)
    link = links.trail(context.settings.region, fact.changes[0].target if fact.changes else "")
    return (
        Finding(
            look,
            tone,
            said,
            len(fact.changes),
            details,
            link=link,
            subject=Subject.CHANGES,
            over=context.now - since,
        ),
    )


def watched(fact: Modifications) -> tuple[Text, ...]:
    """What was looked at, by kind."""
    kinds = Counter(fact.watched.values())
    return tuple(text(f"say.dependency.{kind}", count=kinds[kind]) for kind in Dependency if kinds[kind])


def shortly_before(change: Modification, context: Context) -> bool:
    """Within the hour before the alarm started."""
    return context.since - SHORTLY_BEFORE <= change.at <= context.since


def _line(change: Modification, context: Context) -> Text:
    minutes = round((context.since - change.at).total_seconds() / 60)
    when = (
        text("evidence.changes.before", minutes=minutes)
        if minutes >= 0
        else text("evidence.changes.after", minutes=-minutes)
    )
    key = (
        "evidence.changes.ours"
        if change.ours
        else "evidence.changes.scaling"
        if change.scaling
        else "evidence.changes.by"
        if change.by
        else "evidence.changes.unnamed"
    )
    values = {"by": change.by} if change.by and change.foreign else {}
    return text(key, at=stamp(change.at), when=when, target=change.target, what=change.what, **values)
