"""One incident of each kind of alarm, from ALARM to its end."""

from liveness_ops.drill import kinds
from liveness_ops.drill.follow import At, Follow, Told
from liveness_ops.drill.happenings import Recovers
from liveness_ops.drill.kinds import Kind
from liveness_ops.drill.scenario import Expect, Scenario
from liveness_ops.drill.scenarios._shared import failing
from liveness_ops.drill.story import story_of
from liveness_ops.drill.words import Words
from liveness_ops.world.endings import GET, service_error
from liveness_ops.world.traffic import normal

# OK after five minutes, and closed once that has lasted for ten.
ENDS = Follow(
    script=(At(5, Recovers()),),
    told=(Told(0, "response"), Told(15, "closed close", "report.{language}.html")),
)


def _unforeseen(name: str, ja: str, en: str, kind: Kind | None) -> Scenario:
    alarm = kind.name if kind else story_of("unknown-alarm").name
    words = Words(
        f"手順書にない{ja}。OK に戻り、インシデントを閉じる", f"{en} without a playbook: OK again, and closed"
    )
    expect = Expect(cause="cause.unknown", says=(alarm,))
    return Scenario("unknown-alarm", name, words, expect, traffic=normal(), kind=kind, follow=ENDS)


SCENARIOS = (
    _unforeseen("metric", "メトリクスアラーム", "A metric alarm", None),
    _unforeseen(
        "percentile",
        "パーセンタイルのアラーム",
        "An alarm on a percentile",
        kinds.percentile("FaceAuth-SlowTail"),
    ),
    _unforeseen("composite", "複合アラーム", "A composite alarm", kinds.composite("FaceAuth-Degraded")),
    _unforeseen(
        "anomaly-band",
        "異常検出のアラーム",
        "An anomaly detection alarm",
        kinds.anomaly_band("FaceAuth-OddVolume"),
    ),
    _unforeseen("log-alarm", "ログアラーム", "A log alarm", kinds.log_alarm("FaceAuth-Refused")),
    Scenario(
        "high-error-rate",
        "metric-math",
        Words(
            "同じ名前のメトリクス数式のアラームに置き換わっている。同じ手順で答え、インシデントを閉じる",
            "Replaced by metric math under the same name: its playbook answers, and the incident is closed",
        ),
        Expect(
            cause="cause.internal",
            results={"rollout_to_zero": "observed"},
            because={"rollout_to_zero": "guard.mode_observe"},
        ),
        traffic=failing(service_error("InternalServerError", GET)),
        modes={"": "observe"},
        kind=kinds.metric_math(story_of("high-error-rate").name),
        follow=ENDS,
    ),
)
