"""What the playbooks say: what is broken, causes, reasons, what was ruled out."""

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
        "Liveness のリクエストがサービス側のエラーで失敗しています",
        "Liveness requests fail with service errors",
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
    "cause.unknown": ("原因を特定できませんでした", "Cause unknown"),
    "cause.access_denied": (
        "AWS API の呼び出しが権限不足で拒否されています（IAM またはバケットポリシー）",
        "AWS API calls are denied (IAM or bucket policy)",
    ),
    "cause.throttling": ("API がスロットリングされています（呼び出し過多）", "The API throttles our calls"),
    "cause.quota": ("サービスクォータの上限に達しています", "A service quota is used up"),
    "cause.internal": (
        "AWS サービス側の内部エラーです",
        "An AWS service answers with internal errors",
    ),
    "cause.configuration": (
        "呼び出し先のリソースが見つかりません（設定の誤り）",
        "A resource that is called does not exist (wrong configuration)",
    ),
    "cause.import_error": (
        "Lambda がモジュールを読み込めません（デプロイの不備）",
        "Lambda cannot import its module (a bad deployment)",
    ),
    "cause.timeout": ("Lambda が制限時間内に終わっていません", "The Lambda function runs into its time-out"),
    "cause.memory": ("Lambda のメモリが足りません", "The Lambda function runs out of memory"),
    "cause.unexpected": (
        "アプリケーションの想定外の例外です（コードの不具合の可能性）",
        "Unexpected exceptions in the application (possibly a defect)",
    ),
    "cause.other": (
        "コードの付かないサービスエラー（LivenessServiceError）です",
        "Service errors without a code (LivenessServiceError)",
    ),
    "cause.release": (
        "直前の変更が原因とみられます（{target}）: {fault}",
        "A change just before is the likely cause ({target}): {fault}",
    ),
    "cause.sessions_ended": (
        "セッション切れ・不明セッションだけで、正常な動作です（利用者が中断）",
        "Only expired or unknown sessions: normal, users gave up",
    ),
    "cause.table_throttled": (
        "DynamoDB のセッション表がスロットリングされています（キャパシティ不足）",
        "The DynamoDB sessions table is throttled (too little capacity)",
    ),
    "cause.cold_starts": ("Lambda のコールドスタートが多発しています", "Many Lambda cold starts"),
    "cause.environment": (
        "{function} の環境変数が想定と違います",
        "Environment variables of {function} differ from what is expected",
    ),
    "cause.unfinished": (
        "検証を終えずに離脱したセッションが多数です（スコア 0 が失敗 {failed} 件中 {count} 件）",
        "Many sessions were never finished (score 0 in {count} of {failed} failures)",
    ),
    "cause.near_threshold": (
        "しきい値 {threshold} のすぐ下の失敗が多数です（失敗 {failed} 件中 {count} 件）",
        "Many failures just below the threshold of {threshold} ({count} of {failed})",
    ),
    "cause.low_scores": (
        "実際にスコアが低い失敗です（{failed} 件中 {count} 件）。照明・カメラ、またはなりすましの試み",
        "Scores are really low ({count} of {failed}): light, camera, or spoofing attempts",
    ),
    "cause.amber": (
        "平均 90〜92 % は、手順書では「正常」でもあり「アラート」でもある範囲です（黄）",
        "An average of 90-92 % is both normal and alarming in the manual (amber)",
    ),
    "cause.passed_by": ("平均はすでに 92 % 以上に戻っています", "The average is already back above 92 %"),
    "why.logs_unread": (
        "ログを読めないため、エラーの種類を判断できません",
        "The logs could not be read, so the kind of error is not known",
    ),
    "why.metrics_unread": ("必要なメトリクスを読めませんでした", "The metrics needed could not be read"),
    "why.no_scores": ("直近 1 時間にスコアの記録がありません", "No score was recorded in the last hour"),
    "why.no_fault_seen": (
        "直近 1 時間のログにサービス側のエラーは見つかりませんでした",
        "No service error in the logs of the last hour",
    ),
    "why.looks_failed": (
        "読めなかった調査項目があり、原因を絞り込めません",
        "Some looks failed, so the cause cannot be narrowed down",
    ),
    "why.nothing_proven": (
        "スロットリング、下流のエラー、メモリ不足、コールドスタートのいずれも確認できませんでした",
        "None of throttling, downstream errors, memory or cold starts is proven",
    ),
    "why.no_playbook": (
        "このアラーム専用の手順がないため、共通の調査だけを行いました",
        "This alarm has no playbook; only the general looks were made",
    ),
    "why.sessions_ended": (
        "直近 1 時間の失敗 {count} 件はすべてセッション切れ・入力誤りです",
        "All {count} failures of the last hour are ended sessions or wrong input",
    ),
    "why.leading": ("最も多いのは {leading}", "Most frequent: {leading}"),
    "why.leading_rate": (
        "最も多いのは {leading}。{function} は直近 {minutes} 分の {invocations} 件中 {faulty} 件（{percent} %）が失敗",
        "Most frequent: {leading}. {function} failed {faulty} of {invocations} requests ({percent} %) in the last"
        " {minutes} min",
    ),
    "why.rollout": (
        "{function} のサービス側エラーが直近 {minutes} 分で {percent} %（{invocations} 件中 {faulty} 件、"
        "うち直近 15 分に {recent} 件）で、5 % を超えています",
        "Service faults of {function} are {percent} % over the last {minutes} min ({faulty} of {invocations},"
        " {recent} of them in the last 15 min), above 5 %",
    ),
    "why.on_demand": (
        "直近 15 分のうち {minutes} 分でスロットリングが発生（{events} 件）",
        "Throttled in {minutes} of the last 15 minutes ({events} events)",
    ),
    "why.memory": (
        "メモリ使用量の最大が {size} MB 中 {used} MB（n={samples}）",
        "Peak memory is {used} of {size} MB (n={samples})",
    ),
    "why.cold": (
        "コールドスタートが {percent} %、1 回あたり約 {seconds} 秒の遅れ（n={samples}）",
        "{percent} % cold starts, each adding about {seconds} s (n={samples})",
    ),
    "why.environment": ("違いのある変数名: {variables}", "Variables that differ: {variables}"),
    "why.few_checks": (
        "直近 1 時間の検証が {samples} 件しかなく、判断に必要な {enough} 件に足りません",
        "Only {samples} checks in the last hour; {enough} are needed to judge",
    ),
    "why.rate_normal": (
        "直近 1 時間の成功率は {percent} %（n={samples}）で、目標の 95 % を満たしています",
        "The success rate of the last hour is {percent} % (n={samples}), within the target of 95 %",
    ),
    "why.success_rate": (
        "直近 1 時間の成功率は {percent} %（{samples} 件中 {failed} 件が失敗）",
        "The success rate of the last hour is {percent} % ({failed} of {samples} failed)",
    ),
    "why.scores": (
        "直近 1 時間の平均は {average} %、スコア 0 を除くと {finished} %（n={samples}）",
        "Average of the last hour {average} %, without score 0 {finished} % (n={samples})",
    ),
    "why.scores_trend": (
        "直近 1 時間の平均は {average} %、スコア 0 を除くと {finished} %（n={samples}）。"
        "先週の同じ時間は {week} %（n={week_samples}）",
        "Average of the last hour {average} %, without score 0 {finished} % (n={samples});"
        " the same hour last week {week} % (n={week_samples})",
    ),
    "out.health": (
        "AWS Health に関連する障害情報はありません",
        "AWS Health shows no related event",
    ),
    "out.changes": (
        "直前のデプロイ・設定変更はありません",
        "No deployment or configuration change just before",
    ),
    "out.table": ("DynamoDB のスロットリングはありません", "No DynamoDB throttling"),
    "say.leading": (
        "{code}（{operation}）{of} 件中 {count} 件",
        "{code} ({operation}), {count} of {of}",
    ),
    "say.sample_short": (
        "失敗 {faulty} 件 / 呼び出し {invocations} 件では件数が足りません（20 件以上の呼び出し、5 件以上の失敗、"
        "うち直近 15 分に 3 件以上が必要）",
        "{faulty} failures in {invocations} requests are too few (20 requests, 5 failures, 3 of them in the last"
        " 15 min are needed)",
    ),
    "say.few_reports": ("REPORT 行が {samples} 件しかありません", "Only {samples} REPORT lines"),
}
