"""What is broken, one phrase per alarm: the start of every message."""

MESSAGES: dict[str, tuple[str, str]] = {
    "broken.low_success_rate": (
        "顔の本人確認（Liveness）の成功率が下がっています",
        "Fewer face-liveness checks succeed than normal",
    ),
    "broken.low_confidence": (
        "Liveness の信頼度スコアが下がっています",
        "Liveness confidence scores are lower than normal",
    ),
    "broken.slow_verification": (
        "Liveness の結果確認に時間がかかっています",
        "Liveness results take too long",
    ),
    "broken.high_error_rate": (
        "Liveness の検証エラーが増えています",
        "Liveness verification errors are up",
    ),
    "broken.create_session_errors": (
        "セッション作成（CreateLivenessSession）の Lambda がエラーで落ちています",
        "Session creation (CreateLivenessSession) fails in Lambda",
    ),
    "broken.get_result_errors": (
        "結果取得（GetLivenessResult）の Lambda がエラーで落ちています",
        "Fetching results (GetLivenessResult) fails in Lambda",
    ),
    "broken.create_session_timeouts": (
        "セッション作成（CreateLivenessSession）が時間切れ寸前まで遅くなっています",
        "Session creation (CreateLivenessSession) is close to its time-out",
    ),
    "broken.get_result_timeouts": (
        "結果取得（GetLivenessResult）が時間切れ寸前まで遅くなっています",
        "Fetching results (GetLivenessResult) is close to its time-out",
    ),
    "broken.unknown_alarm": (
        "手順書（プレイブック）のないアラームが発報しました",
        "An alarm without a playbook went off",
    ),
}
