"""The looks at CloudWatch figures."""

from datetime import timedelta

import pytest

from responder.core.errors import Denied, Unreachable
from responder.core.finding import Finding, Tone
from responder.core.liveness_function import LivenessFunction
from responder.core.plain_data import Data, Json
from responder.evidence.invocations import Invocations
from responder.evidence.scores import ScoreSpread
from responder.evidence.service import QuotaHeadroom, ServiceMetrics
from responder.evidence.timing import Timing
from tests.fakes import FakeAws
from tests.unit.evidence.worlds import CREATE, RESULT, Figures, ago, context, keys

OWN = "FaceAuth/Liveness"


def all_keys(finding: Finding) -> set[str]:
    return keys(finding.said, *finding.details)


def test_invocations_are_one_request_for_both_functions(aws: FakeAws, figures: Figures) -> None:
    figures.put(
        "AWS/Lambda", "Invocations", [(ago(minutes=3), 40), (ago(minutes=50), 60)], FunctionName=CREATE
    )
    figures.put("AWS/Lambda", "Errors", [(ago(minutes=3), 2)], FunctionName=CREATE)
    figures.put(OWN, "SessionCreated", [(ago(minutes=3), 1)])
    traffic = Invocations().look(context(aws))
    assert aws.count("cloudwatch", "get_metric_data") == 1
    assert traffic.functions[CREATE].invocations.total == 100
    create, result = Invocations().findings(traffic, context(aws))
    assert (create.said.values["invocations"], create.said.values["hour_invocations"]) == (40, 100)
    assert (create.tone, result.tone) == (Tone.AMBER, Tone.INFO)


def test_any_throttle_is_amber(aws: FakeAws, figures: Figures) -> None:
    figures.put("AWS/Lambda", "Throttles", [(ago(minutes=3), 1)], FunctionName=RESULT)
    _, result = Invocations().findings(Invocations().look(context(aws)), context(aws))
    assert result.tone is Tone.AMBER
    assert "evidence.invocations.throttled" in all_keys(result)


def test_an_answer_that_lacks_a_metric_is_not_read_as_zero(aws: FakeAws) -> None:
    page = {"MetricDataResults": [{"Id": "m0", "StatusCode": "Forbidden", "Timestamps": [], "Values": []}]}
    aws.answer("cloudwatch", "get_metric_data", page)
    with pytest.raises(Denied):
        Invocations().look(context(aws))


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"MetricDataResults": [{"Id": "m0", "StatusCode": "Complete", "Values": [1.0]}]},
        {"MetricDataResults": [{"Id": "m0", "StatusCode": "Complete", "Timestamps": [ago(minutes=1)]}]},
    ],
)
def test_an_answer_without_its_parts_is_not_read_as_zero(aws: FakeAws, page: Json) -> None:
    aws.answer("cloudwatch", "get_metric_data", page)
    with pytest.raises(Unreachable):
        Invocations().look(context(aws))


def test_datapoints_that_come_in_pages_are_joined(aws: FakeAws) -> None:
    pages: list[Data] = [
        {
            "MetricDataResults": [
                {"Id": "m0", "StatusCode": code, "Timestamps": [ago(minutes=at)], "Values": [1.0]}
            ],
            **more,
        }
        for code, at, more in (("PartialData", 1, {"NextToken": "2"}), ("Complete", 2, {}))
    ]
    aws.answer("cloudwatch", "get_metric_data", pages)
    series = Invocations().look(context(aws)).functions[CREATE].invocations
    assert series.points == ((ago(minutes=2), 1.0), (ago(minutes=1), 1.0))


def test_an_answer_that_stays_partial_is_not_read_as_all_of_it(aws: FakeAws) -> None:
    page = {
        "MetricDataResults": [
            {"Id": "m0", "StatusCode": "PartialData", "Timestamps": [ago(minutes=1)], "Values": [1.0]}
        ]
    }
    aws.answer("cloudwatch", "get_metric_data", page)
    with pytest.raises(Unreachable):
        Invocations().look(context(aws))


def test_the_window_is_aligned_to_whole_minutes(aws: FakeAws, figures: Figures) -> None:
    Invocations().look(context(aws))
    (asked,) = aws.sent("cloudwatch", "get_metric_data")
    assert (asked["StartTime"].second, asked["EndTime"].second) == (0, 0)
    assert asked["EndTime"] - asked["StartTime"] == timedelta(hours=3)


def rated(aws: FakeAws, figures: Figures, success: int, failure: int) -> Finding:
    figures.put(OWN, "SuccessCount", [(ago(minutes=30), 1.0)] * success)
    figures.put(OWN, "FailureCount", [(ago(minutes=30), 1.0)] * failure)
    return ServiceMetrics().findings(ServiceMetrics().look(context(aws)), context(aws))[0]


def test_the_success_rate_says_its_sample(aws: FakeAws, figures: Figures) -> None:
    finding = rated(aws, figures, 90, 10)
    assert (finding.tone, finding.samples, finding.numbers["success_percent_1h"]) == (Tone.RED, 100, 90.0)


def test_a_rate_of_three_requests_is_only_noted(aws: FakeAws, figures: Figures) -> None:
    finding = rated(aws, figures, 2, 1)
    assert finding.tone is Tone.INFO
    assert "evidence.share.few" in all_keys(finding)


def test_no_requests_give_no_rate(aws: FakeAws, figures: Figures) -> None:
    assert "evidence.share.none" in all_keys(rated(aws, figures, 0, 0))


def test_sessions_that_expire_are_normal_and_a_longer_expiry_is_ruled_out(
    aws: FakeAws, figures: Figures
) -> None:
    figures.put(OWN, "SessionCreated", [(ago(minutes=30), 20.0)])
    figures.put(OWN, "SessionExpired", [(ago(minutes=20), 8.0)])
    ended = ServiceMetrics().findings(ServiceMetrics().look(context(aws)), context(aws))[-1]
    assert ended.tone is Tone.NORMAL
    assert "evidence.service.three_minutes" in all_keys(ended)


def test_service_errors_are_amber(aws: FakeAws, figures: Figures) -> None:
    figures.put(OWN, "VerificationError", [(ago(minutes=5), 1.0)])
    assert ServiceMetrics().findings(ServiceMetrics().look(context(aws)), context(aws))[1].tone is Tone.AMBER


def scored(aws: FakeAws, figures: Figures, *values: float, minutes: int = 30) -> Finding:
    figures.put(OWN, "ConfidenceScore", [(ago(minutes=minutes), value) for value in values])
    (finding,) = ScoreSpread().findings(ScoreSpread().look(context(aws)), context(aws))
    return finding


def test_scores_fall_into_bands_and_the_threshold_passes(aws: FakeAws, figures: Figures) -> None:
    scored(aws, figures, 0, 0, 30, 50, 70, 80, 85, 89.9, 90.0, 99)
    scores = ScoreSpread().look(context(aws))
    assert scores.bands == {"zero": 2, "low": 2, "middle": 2, "near": 2, "pass": 2}
    assert sum(scores.bands.values()) == scores.samples


def test_between_90_and_92_the_manual_says_both(aws: FakeAws, figures: Figures) -> None:
    finding = scored(aws, figures, *[91.0] * 10)
    assert finding.tone is Tone.AMBER
    assert "evidence.scores.both" in all_keys(finding)


@pytest.mark.parametrize(("value", "tone"), [(95.0, Tone.NORMAL), (92.0, Tone.NORMAL), (90.0, Tone.RED)])
def test_outside_of_that_it_is_one_or_the_other(
    aws: FakeAws, figures: Figures, value: float, tone: Tone
) -> None:
    assert scored(aws, figures, *[value] * 10).tone is tone


def test_zeros_are_separated_from_really_low_scores(aws: FakeAws, figures: Figures) -> None:
    finding = scored(aws, figures, *[0.0] * 3, *[98.0] * 7)
    assert "evidence.scores.zeros" in all_keys(finding)


def test_four_scores_are_too_few_to_judge(aws: FakeAws, figures: Figures) -> None:
    finding = scored(aws, figures, *[50.0] * 4)
    assert finding.tone is Tone.INFO
    assert "evidence.few" in all_keys(finding)


def test_this_hour_is_compared_with_the_same_hour_a_week_ago(aws: FakeAws, figures: Figures) -> None:
    figures.put(OWN, "ConfidenceScore", [(ago(days=7, minutes=30), 97.0)] * 6)
    finding = scored(aws, figures, *[91.0] * 10, minutes=5)
    assert {"evidence.scores.week_fell", "evidence.scores.recent"} <= all_keys(finding)


def test_no_score_is_no_average(aws: FakeAws, figures: Figures) -> None:
    finding = scored(aws, figures)
    assert (finding.said.key, finding.samples) == ("evidence.scores.nothing", 0)


def timed(aws: FakeAws, figures: Figures, milliseconds: float) -> Finding:
    figures.put(
        "AWS/Lambda",
        "Duration",
        [(ago(minutes=5), 200.0), (ago(minutes=5), milliseconds)],
        FunctionName=RESULT,
    )
    figures.put(OWN, "VerificationTime", [(ago(minutes=5), 1.5)])
    (finding,) = Timing(LivenessFunction.RESULT).findings(
        Timing(LivenessFunction.RESULT).look(context(aws)), context(aws)
    )
    return finding


def test_the_tail_of_the_duration_is_compared_with_the_alarm_line(aws: FakeAws, figures: Figures) -> None:
    assert timed(aws, figures, 14_500).tone is Tone.RED


def test_a_fast_function_is_normal_and_its_own_time_is_doubted(aws: FakeAws, figures: Figures) -> None:
    finding = timed(aws, figures, 900)
    assert finding.tone is Tone.NORMAL
    assert "evidence.timing.own" in all_keys(finding)


def test_durations_are_seconds(aws: FakeAws, figures: Figures) -> None:
    timed(aws, figures, 14_500)
    fact = Timing(LivenessFunction.RESULT).look(context(aws))
    assert (fact.duration.minimum, fact.duration.maximum, fact.recent.samples) == (0.2, 14.5, 2)
    assert (fact.verification.average, fact.function) == (1.5, RESULT)


def test_session_creation_is_measured_by_its_own_metric(aws: FakeAws, figures: Figures) -> None:
    figures.put(OWN, "SessionCreationTime", [(ago(minutes=5), 6.0)])
    assert Timing(LivenessFunction.CREATE).look(context(aws)).verification.maximum == 6.0


@pytest.mark.parametrize(("sessions", "tone"), [(60, Tone.NORMAL), (1300, Tone.AMBER)])
def test_the_busiest_minute_is_held_against_the_quota(
    aws: FakeAws, figures: Figures, sessions: int, tone: Tone
) -> None:
    figures.put(OWN, "SessionCreated", [(ago(minutes=20), float(sessions))])
    (finding,) = QuotaHeadroom().findings(QuotaHeadroom().look(context(aws)), context(aws))
    assert (finding.numbers["peak"], finding.tone) == (sessions / 60, tone)
