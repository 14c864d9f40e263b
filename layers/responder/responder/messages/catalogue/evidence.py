"""What the looks say: shared words, looks that failed, figures of CloudWatch."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "evidence.none": ("データなし", "no data"),
    "evidence.few": (
        "件数が {samples} 件しかなく、判断には足りません。",
        "Only {samples} samples: too few to judge by.",
    ),
    "evidence.share": ("{percent}%（{samples} 件中）", "{percent}% (of {samples})"),
    "evidence.share.few": (
        "{percent}%（{samples} 件のみ。判断には足りません）",
        "{percent}% (of only {samples}: too few to judge by)",
    ),
    "evidence.share.none": ("該当なし", "no requests"),
    "evidence.look.failures": ("エラーログ", "the error logs"),
    "evidence.look.invocations": ("Lambda の呼び出し数", "the Lambda invocations"),
    "evidence.look.service": ("サービスのメトリクス", "the service's metrics"),
    "evidence.look.scores": ("信頼度スコア", "the confidence scores"),
    "evidence.look.timing": ("実行時間", "the durations"),
    "evidence.look.cold_starts": ("コールドスタート", "the cold starts"),
    "evidence.look.configuration": ("Lambda の設定", "the Lambda configuration"),
    "evidence.look.table": ("セッションテーブルの設定", "the sessions table"),
    "evidence.look.table_pressure": ("セッションテーブルの負荷", "the load on the sessions table"),
    "evidence.look.changes": ("直近の変更", "recent changes"),
    "evidence.look.health": ("AWS Health ", "AWS Health"),
    "evidence.look.access": ("サービスの IAM ロール", "the service's IAM role"),
    "evidence.look.headroom": ("クォータの余裕", "the quota headroom"),
    "evidence.look.switches": ("モードと停止設定", "the modes, pauses and mute rules"),
    "evidence.look.ledger": ("変更の記録", "the record of changes"),
    "evidence.look.incident": ("インシデントの記録", "the record of the incident"),
    "evidence.look.head": ("前回までの通知の記録", "what was told before"),
    "evidence.look.alarm": ("アラームの現在の状態", "the present state of the alarm"),
    "evidence.not_seen_here": (
        "この情報源には現れていません（対象期間の違いか、反映の遅れです）: {said}",
        "Not seen in this source (another period, or figures that are still to come): {said}",
    ),
    "say.subject.bucket": ("バケットポリシー", "the bucket's policy"),
    "say.subject.changes": ("直前の変更", "recent changes"),
    "say.subject.cold_starts": ("コールドスタート", "cold starts"),
    "say.subject.concurrency": ("Lambda のスロットリング", "Lambda throttles"),
    "say.subject.configuration": ("関数の設定", "the functions' configuration"),
    "say.subject.denials": ("拒否された呼び出し", "denied calls"),
    "say.subject.duration": ("実行時間", "durations"),
    "say.subject.health": ("AWS Health", "AWS Health"),
    "say.subject.memory": ("メモリ", "memory"),
    "say.subject.ours": ("自動対応", "the automation"),
    "say.subject.quota": ("クォータ", "the quota"),
    "say.subject.requests": ("ログのエラー", "errors in the logs"),
    "say.subject.reservation": ("予約済み同時実行数", "reserved concurrency"),
    "say.subject.rights": ("実行ロールの権限", "the execution role's rights"),
    "say.subject.scores": ("スコア", "scores"),
    "say.subject.sessions": ("終了したセッション", "ended sessions"),
    "say.subject.success_rate": ("成功率", "the success rate"),
    "say.subject.table": ("テーブルのスロットリング", "table throttling"),
    "say.subject.table_state": ("テーブルの状態", "the table's state"),
    "evidence.failed": ("{look}を確認できませんでした: {reason}。", "Could not check {look}: {reason}."),
    "evidence.failed.denied": ("権限 {action} がありません", "the permission {action} is missing"),
    "evidence.failed.not_subscribed": (
        "{action} を使えるサポートプランではありません。リンク先の公開ページで確認してください",
        "the support plan does not include {action}; look at the public page behind the link",
    ),
    "evidence.failed.missing": ("対象が見つかりません（{action}）", "it does not exist ({action})"),
    "evidence.failed.throttled": ("AWS が {action} を制限しました", "AWS throttled {action}"),
    "evidence.failed.unreachable": ("時間内に {action} の応答がありません", "no answer to {action} in time"),
    "evidence.failed.late": ("時間内に終わりませんでした", "it did not finish in time"),
    "evidence.failed.other": ("{action} が {code} で失敗しました", "{action} failed with {code}"),
    "evidence.failed.unreadable": ("記録 {row} が壊れています", "the record {row} is broken"),
    "evidence.failed.ours": (
        "自動対応側のエラーです（{kind}）",
        "an error of the automation itself ({kind})",
    ),
    "evidence.invocations": (
        "{function}: 直近 15 分は呼び出し {invocations}、エラー {errors}、スロットリング {throttles}。1 時間では {hour_invocations}、{hour_errors}、{hour_throttles}。",
        "{function}: {invocations} invocations, {errors} errors, {throttles} throttles in 15 min; {hour_invocations}, {hour_errors}, {hour_throttles} in 1 h.",
    ),
    "evidence.invocations.throttled": (
        "Lambda がスロットリングしています（1 時間に {count} 件）。正常値は 0 です。",
        "Lambda throttles ({count} in 1 h); normal is 0.",
    ),
    "evidence.service.rate": (
        "成功率: 直近 15 分は {recent}、1 時間は {hour}。",
        "Success rate: {recent} in 15 min, {hour} in 1 h.",
    ),
    "evidence.service.errors": (
        "検証エラー: 直近 15 分 {errors} 件、1 時間 {hour_errors} 件。セッション作成エラー: {creation_errors} 件、{hour_creation_errors} 件（作成は {created} 件、{hour_created} 件）。",
        "Verification errors: {errors} in 15 min, {hour_errors} in 1 h. Session creation errors: {creation_errors}, {hour_creation_errors} (created: {created}, {hour_created}).",
    ),
    "evidence.service.ended": (
        "正常な動作: 1 時間にセッションが見つからない {not_found} 件、期限切れ {expired} 件（利用者の中断や時間切れ）。",
        "Normal: {not_found} sessions not found and {expired} expired in 1 h (users give up or run out of time).",
    ),
    "evidence.service.three_minutes": (
        "Rekognition のセッションは 3 分で切れます。アプリ側の有効期限を延ばしても効果はありません。",
        "Rekognition ends a session after 3 min: extending the application's expiry cannot help.",
    ),
    "evidence.scores": (
        "信頼度の平均は {average}%（1 時間、{samples} 件）。",
        "Average confidence {average}% (1 h, {samples} scores).",
    ),
    "evidence.scores.nothing": ("1 時間、信頼度スコアの記録がありません。", "No confidence scores in 1 h."),
    "evidence.scores.recent": (
        "直近 15 分の平均は {average}%（{samples} 件）。",
        "Average of the last 15 min: {average}% ({samples} scores).",
    ),
    "evidence.scores.both": (
        "90〜92% は、手順書では正常（90% 超）でありアラーム対象（92% 未満）でもあります。",
        "Between 90% and 92% the manual calls it normal (above 90%) and alarming (below 92%) at once.",
    ),
    "evidence.scores.zeros": (
        "スコア 0 が {count} 件（{percent}%）あり、平均を下げています。多くは途中で終了したセッションで、本当の低スコアではありません。",
        "{count} scores ({percent}%) are 0 and drag the average down: mostly unfinished sessions, not real low scores.",
    ),
    "evidence.scores.percentiles": ("p10 {p10}、p50 {p50}、p90 {p90}", "p10 {p10}, p50 {p50}, p90 {p90}"),
    "evidence.scores.bands": (
        "内訳: 0 が {zero} 件、50 以下 {low} 件、50〜80 {middle} 件、80〜{threshold} 未満 {near} 件、{threshold} 以上 {passed} 件",
        "Bands: {zero} at 0, {low} up to 50, {middle} from 50 to 80, {near} from 80 to below {threshold}, {passed} at {threshold} or above",
    ),
    "evidence.scores.week": (
        "1 週間前の同時間帯は {before}%（{samples} 件）、差は {change} ポイント。",
        "The same hour a week ago: {before}% ({samples} scores), a change of {change} points.",
    ),
    "evidence.scores.week_fell": (
        "1 週間前の同時間帯の {before}%（{samples} 件）から下がりました（{change} ポイント）。",
        "The same hour a week ago: {before}% ({samples} scores). It fell ({change} points).",
    ),
    "evidence.scores.no_week": (
        "1 週間前の同時間帯のデータはありません。",
        "No scores in the same hour a week ago.",
    ),
    "evidence.timing": (
        "{function}: 1 時間の p99 は {p99} 秒（アラーム基準 {limit} 秒）。平均 {average}、最小 {minimum}、最大 {maximum} 秒（{samples} 件）。",
        "{function}: p99 {p99} s in 1 h (alarm line {limit} s); average {average}, minimum {minimum}, maximum {maximum} s ({samples} invocations).",
    ),
    "evidence.timing.recent": (
        "直近 15 分: p99 {p99}、平均 {average}、最小 {minimum}、最大 {maximum} 秒（{samples} 件）。",
        "Last 15 min: p99 {p99}, average {average}, minimum {minimum}, maximum {maximum} s ({samples} invocations).",
    ),
    "evidence.timing.nothing": (
        "{function}: 1 時間、実行がありません。",
        "{function}: no invocations in 1 h.",
    ),
    "evidence.timing.nothing_recent": (
        "直近 15 分の実行はありません。",
        "No invocations in the last 15 min.",
    ),
    "evidence.timing.own_nothing": (
        "{metric} は 1 時間に 1 件もありません。タイムアウトで強制終了した要求は記録されません。",
        "{metric}: nothing in 1 h. Requests killed by the time-out never report it.",
    ),
    "evidence.timing.own": (
        "{metric}: 平均 {average}、最大 {maximum} 秒（{samples} 件）。タイムアウトで強制終了した要求は記録されないため、遅さの判断には使えません。",
        "{metric}: average {average}, maximum {maximum} s ({samples}). Requests killed by the time-out never report it, so it cannot show them.",
    ),
    "evidence.headroom": (
        "セッション作成のピークは毎秒 {peak} 件（1 分平均）、クォータは毎秒 {quota} 件。1 分未満の集中は見えません。",
        "Sessions were created at {peak} a second at the peak (average of a minute), the quota is {quota}. Bursts within a minute cannot be seen.",
    ),
}
