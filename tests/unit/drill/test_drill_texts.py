"""The drill's own catalogue has words for everything that a drill can show."""

import re
from string import Formatter

import pytest

from liveness_ops.people.options import Language
from rehearsal.drill import incident_events
from rehearsal.drill.catalogue import parts
from rehearsal.drill.difference import About
from rehearsal.drill.page import TEMPLATE
from rehearsal.drill.results import OUTCOMES
from rehearsal.drill.words import catalogue, outcome, say, title
from rehearsal.world.build import World
from responder.core.command import RestoreVerdict
from responder.core.finding import Tone
from responder.core.report import ReportKind
from responder.followup.messages.report import TOPICS

# Keys that are put together from a name.
FAMILIES = {
    "happens": [
        name for name, kind in vars(incident_events).items() if hasattr(kind, "apply") and name[0] != "_"
    ],
    "differs": [*About],
    "meaning": [*OUTCOMES, *Tone],
    "world": [part for world in World for part in (world, f"{world}.is")],
    "timeline": [],
    "list.part": [*parts(), "timelines"],
    "sent": [
        *ReportKind,
        *(f"{topic.kind}.{name}" for name, topic in TOPICS.items()),
        *(f"{ReportKind.COMMAND}.{verdict}" for verdict in RestoreVerdict),
    ],
}
SOURCES = "".join(
    path.read_text("utf-8")
    for path in (*TEMPLATE.parent.iterdir(), TEMPLATE.parents[1] / "commands.py")
    if path.suffix in (".py", ".j2")
)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("family", FAMILIES)
def test_everything_that_can_be_shown_has_words(family: str) -> None:
    # What has the common words of its kind needs no separate ones.
    plain = {"progress.escalate", "closed.close", "failure.broken", "reminder.remind", "escalation.escalate"}
    wanted = {f"{family}.{name}" for name in FAMILIES[family] if name not in plain}
    assert wanted - catalogue().keys() == set()


def test_every_entry_is_used() -> None:
    families = tuple(f"{family}." for family in FAMILIES)
    used = set(re.findall(r"""["']([a-z_.]+)["']""", SOURCES))
    assert {key for key in catalogue() if not key.startswith(families)} - used == set()


def test_both_languages_have_the_same_values() -> None:
    for key, entry in catalogue().items():
        japanese = entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr
        assert japanese, key
        assert fields(japanese) == fields(entry.msgid_plural or entry.msgid), key
        assert not re.search(r"\d %", japanese), key


def test_one_scenario_is_singular_in_english() -> None:
    assert say("run.begin", Language.EN, count=1).startswith("1 scenario ")
    assert say("run.begin", Language.EN, count=2).startswith("2 scenarios ")


def test_a_message_is_named_by_its_topic_else_by_its_kind() -> None:
    assert title("progress gone", Language.EN) == "Alarm missing"
    assert title("escalation 3", Language.EN) == "Escalation to level 3"
    assert title("unheard-of", Language.JA) == "unheard-of"


@pytest.mark.parametrize(
    ("key", "said"), [("guard.one_more", "もう 1 人の承認待ち"), ("guard.paused", "見送り")]
)
def test_what_waits_for_a_second_approval_is_named_as_in_the_mail(key: str, said: str) -> None:
    because = {"key": key, "values": {}, "text": ""}
    assert outcome({"result": "refused", "because": because}, Language.JA) == said
    assert outcome({"result": "refused", "because": None}, Language.JA) == "見送り"
