"""Why a playbook believes in a cause, and what it ruled out."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "why.logs_unread": (
        "ログを読めないため、エラーの種類を判断できません",
        "The logs could not be read, so the kind of error is not known",
    ),
    "why.metrics_unread": (
        "必要なメトリクスを読めませんでした",
        "The metrics needed could not be read",
    ),
    "why.no_scores": (
        "直近 1 時間にスコアの記録がありません",
        "No score was recorded in the last hour",
    ),
    "why.no_fault_seen": (
        "直近 1 時間のログにサービス側のエラーは見つかりませんでした",
        "No service error in the logs of the last hour",
    ),
    "why.input_refused": (
        "直近 1 時間の失敗 {count} 件のうち {refused} 件は、呼び出し側が送った値を AWS が無効としたものです",
        "AWS called a value that the caller sent invalid in {refused} of the {count} failures of the last hour",
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
    "why.leading": (
        "最も多いのは {leading}",
        "Most frequent: {leading}",
    ),
    "why.leading_rate": (
        (
            "最も多いのは {leading}。{function} は直近 {minutes} 分の "
            "{invocations} 件中 {faulty} 件（{percent}%）が失敗"
        ),
        (
            "Most frequent: {leading}. {function} failed {faulty} of {invocations} "
            "requests ({percent}%) in the last {minutes} min"
        ),
    ),
    "why.rollout": (
        (
            "{function} のサービス側エラー率が直近 {minutes} 分で {percent}%（{invocations} "
            "件中 {faulty} 件、直近 15 分に {recent} 件）あり、基準の 5% を超えています"
        ),
        (
            "Service faults of {function} are {percent}% over the last {minutes} min ({faulty} "
            "of {invocations}, {recent} in the last 15 min), above the limit of 5%"
        ),
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
        "最後まで実行された {samples} 回のうち {percent}% がコールドスタートで、平均 {cold} 秒（うち初期化 {init} 秒）。通常の実行は平均 {warm} 秒です",
        "{percent}% of {samples} completed runs are cold starts: {cold} s on average, {init} s of it initialisation; warm runs take {warm} s",
    ),
    "why.hanging": (
        "直近 1 時間に {killed} 件がタイムアウトで打ち切られました",
        "{killed} requests were killed at the time-out in the last hour",
    ),
    "why.hanging_ended": (
        "直近 1 時間に {killed} 件がタイムアウトで打ち切られました。最後まで実行された {ended} 件（コールドスタートを除く）は平均 {seconds} 秒です",
        "{killed} requests were killed at the time-out in the last hour; of {ended} completed runs the warm ones took {seconds} s on average",
    ),
    "say.killed": (
        "直近 1 時間に {killed} 件。全体に占める割合は不明",
        "{killed} in the last hour, of an unknown number",
    ),
    "say.killed_share": (
        "直近 {minutes} 分の {invocations} 件中 {killed} 件、{percent}%",
        "{killed} of {invocations} in the last {minutes} min, {percent}%",
    ),
    "why.environment": (
        "違いのある変数名: {variables}",
        "Variables that differ: {variables}",
    ),
    "why.absent": (
        "直近 1 時間に、これと一致する失敗が {count} 件あります",
        "{count} requests of the last hour failed in the way that fits this",
    ),
    "why.changed_before": (
        "{why}。アラーム前の 1 時間の変更: {target}（{what}、{at}、{who}）",
        "{why}. Changed in the hour before the alarm: {target} ({what}, {at}, {who})",
    ),
    "why.table_described": (
        "DynamoDB の DescribeTable の結果です",
        "DynamoDB says so (DescribeTable)",
    ),
    "why.few_checks": (
        "直近 1 時間の検証が {samples} 件しかなく、判断に必要な {enough} 件に足りません",
        "Only {samples} checks in the last hour; {enough} are needed to judge",
    ),
    "why.rate_normal": (
        "直近 1 時間の成功率は {percent}%（n={samples}）で、目標の 95% を満たしています",
        "The success rate of the last hour is {percent}% (n={samples}), within the target of 95%",
    ),
    "why.success_rate": (
        "直近 1 時間の成功率は {percent}%（{samples} 件中 {failed} 件が失敗）",
        "The success rate of the last hour is {percent}% ({failed} of {samples} failed)",
    ),
    "why.scores": (
        "直近 1 時間の平均は {average}%、スコア 0 を除くと {finished}%（n={samples}）",
        "Average of the last hour {average}%, without score 0 {finished}% (n={samples})",
    ),
    "why.scores_trend": (
        (
            "直近 1 時間の平均は {average}%、スコア 0 を除くと {finished}%（n={samples}）。"
            "先週の同じ時間は {week}%（n={week_samples}）"
        ),
        (
            "Average of the last hour {average}%, without score 0 {finished}% "
            "(n={samples}); the same hour last week {week}% (n={week_samples})"
        ),
    ),
    "why.contradicted": (
        "「{believed}」と考えましたが、{subjects}に異常が見られるため、原因は特定できません",
        "It looked like this: {believed} But {subjects} are not well, so the cause is not known",
    ),
    "out.health": (
        "AWS Health に関連する障害情報はありません",
        "AWS Health shows no related event",
    ),
    "out.changes": (
        "アラーム前の 1 時間の変更は、{until} までの記録では見つかりません（{watched}）",
        "No change found in the hour before the alarm, as known up to {until} ({watched})",
    ),
    "out.table": (
        "DynamoDB のスロットリングはありません",
        "No DynamoDB throttling",
    ),
    "say.leading": (
        "{code}（{operation}）{of} 件中 {count} 件",
        "{code} ({operation}), {count} of {of}",
    ),
    "say.leading_bare": ("{code} {of} 件中 {count} 件", "{code}, {count} of {of}"),
    "say.sample_short": (
        (
            "失敗 {faulty} 件 / 呼び出し {invocations} 件では件数が足りません"
            "（20 件以上の呼び出し、5 件以上の失敗、うち直近 15 分に 3 件以上が必要）"
        ),
        (
            "{faulty} failures in {invocations} requests are too few (20 requests, "
            "5 failures, 3 of them in the last 15 min are needed)"
        ),
    ),
    "say.few_reports": (
        "REPORT 行が {samples} 件しかありません",
        "Only {samples} REPORT lines",
    ),
}
