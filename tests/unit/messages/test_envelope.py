import json
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from responder.core.reasons import FailureKind
from responder.core.refusals import Refusal
from responder.core.report import Report
from responder.core.text import text
from responder.core.verdict import Outcome, RuledOut
from responder.messages.language import say
from responder.messages.mail import LIMIT, Envelope, envelope
from responder.messages.plain_text import LONGEST
from tests.laid_out import headline, machine
from tests.proof.summary import WHOLE
from tests.rows import all_rows, in_both_languages
from tests.unit.followup.report_samples import REPORTS
from tests.unit.messages.samples import ACTS, ASKS, FAULTS, HUGE, LEASE, OURS, SAMPLES, UNDO

LONG = text("report.all", parts="詳細" * 8_000)
CLAIMS = {
    "findings": replace(ACTS, findings=ACTS.findings * 500),
    "details": replace(ACTS, findings=(replace(ACTS.findings[1], details=(FAULTS,) * 5_000),)),
    "said": replace(ACTS, findings=tuple(replace(ACTS.findings[1], said=LONG) for _ in range(20))),
    "warnings": replace(ACTS, warnings=(LONG,) * 20),
    "outcomes": replace(ASKS, outcomes=ASKS.outcomes * 60),
    "leases": replace(ACTS, leases=(LEASE,) * 110),
    "links": replace(ACTS, links=ACTS.links * 350),
    "link": replace(ACTS, links=((FAULTS, "https://x/" + "x" * 300_000),)),
    "steps": replace(OURS, verdict=replace(OURS.verdict, steps=OURS.verdict.steps * 50)),
    "alarm": replace(ACTS, alarm="x" * 300_000),
    "incident": replace(ACTS, incident="x" * 300_000, id="y" * 300_000),
    "why": replace(
        ACTS, verdict=replace(ACTS.verdict, why=LONG, ruled_out=(RuledOut.CHANGES(watched=(LONG,)),) * 30)
    ),
    "change": replace(
        ACTS,
        outcomes=(replace(ACTS.outcomes[0], changes=(replace(LEASE.changes[0], before="x" * 300_000),)),),
    ),
}


def size(sent: Envelope) -> int:
    attributes = sum(len(name.encode()) + len(value.encode()) for name, value in sent.attributes.items())
    return len(sent.message.encode()) + attributes + len(sent.subject)


@all_rows("language", ["ja", "en"])
@all_rows("report", [*SAMPLES.values(), *REPORTS.values()])
def test_a_usual_report_is_not_cut(report: Report, language: str) -> None:
    data = json.loads(envelope(report, language).bodies["sqs"])
    for part in ("findings", "warnings", "course"):
        assert len(data[part]) == len(getattr(report, part))


def test_as_much_as_sns_accepts_is_not_cut() -> None:
    many = replace(ACTS, findings=ACTS.findings * 40)
    sent = envelope(many, "ja")
    assert len(json.loads(sent.bodies["sqs"])["findings"]) == len(many.findings)
    assert size(sent) > LIMIT / 2


def test_each_protocol_gets_its_own_body() -> None:
    bodies = json.loads(envelope(ACTS, "ja").message)
    assert set(bodies) == {"default", "email", "lambda", "sqs", "http", "https"}
    assert bodies["default"] == bodies["email"]
    assert bodies["lambda"] == bodies["sqs"] == bodies["http"]
    assert json.loads(bodies["sqs"])["schema"] == "liveness-responder/report/1"
    assert json.loads(bodies["https"])["source"] == "custom"


def test_attributes_route() -> None:
    assert envelope(replace(ACTS, level=2), "ja").attributes == {
        "severity": "high",
        "alarm": "FaceAuth-Liveness-HighErrorRate",
        "incident": "FaceAuth-Liveness-HighErrorRate-20261123T180700Z",
        "kind": "response",
        "level": "2",
    }


def test_two_megabytes_are_cut_and_said_to_be_cut() -> None:
    assert len(json.dumps(machine(HUGE, "ja"), ensure_ascii=False).encode()) > 2_000_000
    sent = envelope(HUGE, "ja")
    data = json.loads(sent.bodies["sqs"])
    assert size(sent) <= LIMIT
    assert data["findings"]
    assert data["warnings"][-1]["key"] == "report.cut"
    assert "3,975 行を省略しました" in sent.bodies["email"]


@pytest.mark.slow
@all_rows("name", sorted(CLAIMS))
def test_nothing_is_too_long_to_be_sent(name: str) -> None:
    sent = envelope(CLAIMS[name], "ja")
    assert size(sent) <= LIMIT
    assert sent.bodies["email"].startswith("【セキュリティ低下中】") == bool(CLAIMS[name].leases)
    assert json.loads(sent.bodies["sqs"])["kind"] == CLAIMS[name].kind.value
    assert (json.loads(sent.bodies["sqs"])["security_lowered_by"] is not None) == bool(CLAIMS[name].leases)
    assert json.loads(sent.bodies["https"])["metadata"]["threadId"]


@settings(deadline=None)
@given(word=st.text(max_size=50))
def test_no_character_stops_a_message(word: str) -> None:
    report: Report = replace(
        ACTS,
        alarm=word,
        incident=word,
        region=word,
        warnings=(Refusal.MUTED(name=word).text,),
        links=((text("label.alarm"), word),),
    )
    sent = envelope(report, "ja")
    assert json.loads(sent.message.encode())
    assert all(sent.attributes.values())


# What costs most in JSON inside of JSON, with the usual letters: quotes, backslashes, controls, half a pair.
LETTERS = ("x", "詳", "🔥", '"', "\\", "\x01", "\ud800", "`", "&")
PLACES = (
    "because",
    "also",
    "changes",
    "outcomes",
    "warnings",
    "leases",
    "links",
    "course",
    "why",
    "ruled_out",
)
STEP = text("step.check_health")


def monster(base: Report, places: frozenset[str], word: str, many: int) -> Report:
    """The report with a huge word in some of its places, many times over."""
    why = Refusal.PRECONDITION(detail=word, parts=(text("guard.muted", name=word),) * 4)
    huge = why.text
    change = replace(
        LEASE.changes[0],
        target=word,
        setting=word,
        before=word,
        after=word,
        note=FailureKind.DENIED(action=word),
    )

    def act(one: Outcome) -> Outcome:
        return replace(
            one,
            because=why if "because" in places else one.because,
            also=(huge,) * many if "also" in places else one.also,
            changes=(change,) * many if "changes" in places else one.changes,
        )

    verdict = replace(
        base.verdict,
        why=huge if "why" in places else base.verdict.why,
        ruled_out=(RuledOut.CHANGES(watched=(huge,)),) * many if "ruled_out" in places else (),
        steps=(STEP, *((huge,) * many if "steps" in places else ())),
    )
    return replace(
        base,
        verdict=verdict,
        outcomes=tuple(map(act, base.outcomes)) * (many if "outcomes" in places else 1),
        warnings=(huge,) * many if "warnings" in places else (),
        leases=(replace(LEASE, scope=word, by=word, changes=(change,) * 9),) * many
        if "leases" in places
        else base.leases,
        links=((huge, "https://x/" + word),) * many if "links" in places else base.links,
        course=((huge, huge),) * many if "course" in places else base.course,
    )


@pytest.mark.slow
@in_both_languages
@settings(deadline=None, max_examples=40 if WHOLE else 2, phases=[Phase.generate])
@given(
    base=st.sampled_from((ACTS, ASKS)),
    places=st.frozensets(st.sampled_from((*PLACES, "steps")), min_size=1),
    letter=st.sampled_from(LETTERS),
    longest=st.sampled_from((10, 200, 1_000, 5_000)),
    many=st.sampled_from((1, 6, 15)),
)
def test_a_monstrous_report_fits_and_still_says_what_to_do(
    language: str, base: Report, places: frozenset[str], letter: str, longest: int, many: int
) -> None:
    report = monster(base, places, letter * longest, many)
    sent = envelope(report, language)
    mail = sent.bodies["email"]
    assert size(sent) <= LIMIT
    assert len(mail) <= LONGEST
    assert mail.startswith(headline(report, language))
    assert say(STEP, language) in mail
    # What is left out beside so much is shown by the console.
    undone = say(UNDO, language), f"liveness-ops revert {report.incident} "
    assert any(each in mail for each in (*undone, f"liveness-ops show {report.incident} "))
    data, chat = json.loads(sent.bodies["sqs"]), json.loads(sent.bodies["https"])
    assert data["headline"] == headline(report, language)
    assert data["steps"][0]["text"] == say(STEP, language)
    assert data["outcomes"][0]["undo"]["key"] == UNDO.key
    assert chat["content"]["nextSteps"]
