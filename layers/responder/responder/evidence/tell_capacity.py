"""Consumed against provisioned in sentences. Pure."""

from datetime import timedelta

from responder.core import console_links
from responder.core.context import Context
from responder.core.finding import Finding, Subject, Tone
from responder.core.text import Text, Value, text
from responder.evidence.facts.capacity import PartLoad, TableCapacity


def tell(look: str, fact: TableCapacity, context: Context) -> tuple[Finding, ...]:
    """One finding; a line for each part and kind that consumed or was throttled."""
    recent, hour = (context.ago(minutes=minutes) for minutes in (15, 60))
    events, minutes = sum(each.events(recent) for each in fact.parts), fact.throttled_minutes(recent)
    earlier = sum(each.events(hour) for each in fact.parts)
    said = text(
        "evidence.capacity.throttled" if earlier else "evidence.capacity.calm",
        table=fact.name,
        billing=fact.billing,
        **({"events": round(events), "minutes": minutes, "hour": round(earlier)} if earlier else {}),
    )
    details = [line for each in fact.parts for line in _part(fact, each, context)]
    tone = Tone.RED if events else Tone.AMBER if earlier else Tone.NORMAL
    numbers = {"throttle_events": float(events), "throttled_minutes": float(minutes)}
    link = console_links.table(context.settings.region, fact.name)
    return (
        Finding(
            look,
            tone,
            said,
            None,
            tuple(details),
            numbers,
            link,
            subject=Subject.TABLE,
            over=timedelta(hours=1),
        ),
    )


def name_of(fact: TableCapacity, load: PartLoad) -> str:
    """The part as people call it."""
    return load.part or fact.name


def _part(fact: TableCapacity, load: PartLoad, context: Context) -> list[Text]:
    recent = context.ago(minutes=15)
    events, peak = load.events(recent), load.peak(recent)
    if not (events or peak):
        return []
    values: dict[str, Value] = {"name": name_of(fact, load), "events": round(events), "peak": peak}
    kind = text(f"say.{load.kind}s")
    if fact.on_demand:
        most = load.maximum
        said = text("evidence.capacity.demand", kind=kind, **values)
        lines = [said, *([text("evidence.capacity.maximum", most=most)] if most else [])]
    else:
        lines = [text("evidence.capacity.part", kind=kind, provisioned=load.provisioned, **values)]
    lines += [
        text("evidence.capacity.limit", limit=text(f"say.limit.{limit}"), events=round(count))
        for limit, count in load.limits.items()
    ]
    return [*lines, *([text("evidence.capacity.hot", name=values["name"])] if load.hot(recent) else [])]
