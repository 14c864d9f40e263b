"""Recent changes in sentences. Pure."""

from collections import Counter

from responder.core import console_links
from responder.core.context import Context
from responder.core.finding import Finding, Subject, Tone
from responder.core.text import Text, text
from responder.evidence.facts import Dependency, Modification, Modifications
from responder.evidence.facts.around import TRAIL_DELAY
from responder.evidence.saying import stamp

MOST = 10


def tell(look: str, fact: Modifications, context: Context) -> tuple[Finding, ...]:
    """What changed, newest first; then what could not be asked. "None" is only said of what was looked at."""
    foreign = [change for change in fact.changes if change.foreign]
    suspects = fact.before(context.since)
    incomplete = not fact.reach(context.since)
    if suspects:
        key, tone = "evidence.changes.suspect", Tone.AMBER
    elif foreign:
        key, tone = "evidence.changes", Tone.INFO if incomplete else Tone.NORMAL
    else:
        key = "evidence.changes.known_only" if fact.changes else "evidence.changes.none"
        tone = Tone.UNKNOWN if incomplete else Tone.NORMAL
    since = fact.since if fact.whole_since is None else fact.whole_since
    until = stamp(context.now - TRAIL_DELAY)
    count = len(suspects or foreign)
    said = text(key, count=count, since=stamp(since), until=until, watched=watched(fact))
    late = (text("evidence.changes.capped", since=stamp(since)),) if since > fact.since else ()
    details = (*(_line(change, context) for change in fact.changes[:MOST]), *fact.unasked, *late)
    link = console_links.trail(context.settings.region, fact.changes[0].target if fact.changes else "")
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
