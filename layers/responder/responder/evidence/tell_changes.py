"""Recent changes in sentences. Pure."""

from datetime import timedelta

from responder import links
from responder.context import Context
from responder.evidence.saying import stamp
from responder.facts import Modification, Modifications
from responder.finding import Finding, Tone
from responder.text import Text, text

SHORTLY_BEFORE = timedelta(minutes=60)
MOST = 10


def tell(look: str, fact: Modifications, context: Context) -> tuple[Finding, ...]:
    """What changed, newest first; then who could not be asked."""
    foreign = [change for change in fact.changes if not change.ours]
    suspects = [change for change in foreign if shortly_before(change, context)]
    key = (
        "evidence.changes.suspect"
        if suspects
        else "evidence.changes.none"
        if not foreign
        else "evidence.changes"
    )
    tone = Tone.AMBER if suspects else Tone.NORMAL
    if not suspects and fact.unasked:
        tone = Tone.UNKNOWN if not foreign else Tone.INFO
    said = text(key, count=len(suspects or foreign), since=stamp(fact.since))
    details = (*(_line(change, context) for change in fact.changes[:MOST]), *fact.unasked)
    link = links.trail(context.settings.region, fact.changes[0].target if fact.changes else "")
    return (Finding(look, tone, said, len(fact.changes), details, link=link),)


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
        else "evidence.changes.by"
        if change.by
        else "evidence.changes.unnamed"
    )
    values = {"by": change.by} if change.by and not change.ours else {}
    return text(key, at=stamp(change.at), when=when, target=change.target, what=change.what, **values)
