"""What the scheduled checks say of the service's figures and of its functions."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "checks.unread": ("{what}を確認できませんでした: {reason}。", "Could not check {what}: {reason}."),
    "checks.figures": ("サービスのメトリクス", "the service's metrics"),
    "checks.functions": ("Lambda 関数のメトリクス", "the metrics of the Lambda functions"),
    "checks.none": ("データなし", "no data"),
    "checks.share": ("{percent}%（{samples} 件中）", "{percent}% (of {samples})"),
    "checks.share.few": (
        "{percent}%（{samples} 件のみ。判断には足りません）",
        "{percent}% (of only {samples}: too few to judge by)",
    ),
    "checks.mean.points": ("{value}（{samples} 件）", "{value} ({samples} scores)"),
    "checks.mean.points.few": (
        "{value}（{samples} 件のみ。判断には足りません）",
        "{value} (only {samples} scores: too few to judge by)",
    ),
    "checks.mean.seconds": ("{value} 秒（{samples} 件）", "{value} s ({samples} requests)"),
    "checks.mean.seconds.few": (
        "{value} 秒（{samples} 件のみ。判断には足りません）",
        "{value} s (only {samples} requests: too few to judge by)",
    ),
    "checks.figure.sessions": ("セッション作成数", "Sessions created"),
    "checks.figure.unverified": ("結果のないセッション", "Sessions without a result"),
    "checks.figure.answered": ("結果またはエラーのあるセッション", "Sessions with a result or an error"),
    "checks.figure.unanswered": (
        "{day} に作成されたセッション {created} 件のうち、結果またはエラーがあったのは {answered} 件だけです。",
        "Of {created} sessions created on {day} only {answered} had a result or an error.",
    ),
    "checks.figure.unanswered.why": (
        "結果を返す関数が停止または制限されていると、メトリクスは何も送られず、エラー率にも現れません",
        "A function for results that is stopped or throttled puts no metric at all, not even an error",
    ),
    "checks.figure.success": ("成功率", "Success rate"),
    "checks.figure.confidence": ("平均信頼度", "Average confidence"),
    "checks.figure.time": ("平均検証時間", "Average verification time"),
    "checks.figure.errors": ("エラー率", "Error rate"),
    "checks.figure.creation": ("セッション作成のエラー率", "Error rate of creating sessions"),
    "checks.range.sessions": ("1 日 100〜1,000 件", "100 to 1,000 a day"),
    "checks.range.success": ("95% 以上", "at least 95%"),
    "checks.range.confidence": ("90 超、アラームは 92 未満", "above 90, alarm below 92"),
    "checks.range.time": ("30 秒未満", "under 30 s"),
    "checks.range.errors": ("1% 以下", "at most 1%"),
    "checks.range.creation": ("1% 以下", "at most 1%"),
    "checks.figure": (
        "{figure}（{day}）: {value}。正常範囲は {range}。",
        "{figure} on {day}: {value}. Normal: {range}.",
    ),
    "checks.figure.compared": (
        "前日（{day}）: {before}、前週の同じ曜日（{week_day}）: {week}",
        "The day before ({day}): {before}; the same weekday a week before ({week_day}): {week}",
    ),
    "checks.figure.chance": (
        "正常範囲の外ですが、偶然の可能性があります（{samples} 件では、実際の率は {low}〜{high}% のどこか）",
        "Outside the normal range, but it may be chance: with {samples} samples the true rate lies between {low} and {high}%",
    ),
    "checks.figure.none_since": (
        "{last} を最後に、{days} 日間セッションがありません。それまでの同じ曜日は最大 {best} 件でした",
        "There has been no session for {days} days (the last on {last}). Before that the same weekdays had up to {best}",
    ),
    "checks.figure.usual": (
        "直近 8 週間の同じ曜日は最大 {best} 件です",
        "The same weekday had up to {best} in the last eight weeks",
    ),
    "checks.figure.no_values": (
        "このため、成功率・信頼度・検証時間・エラー率の値もありません",
        "So there is no value of the success rate, the confidence, the time and the error rate either",
    ),
    "checks.beside": (
        "{real}。完了しなかった {zeros} 件を含めると {whole}",
        "{real}; with the {zeros} that were not finished {whole}",
    ),
    "checks.figure.both": (
        "手順書では 90 超が正常、92 未満がアラームです。その間の値です",
        "The manual calls above 90 normal and below 92 an alarm: this lies between",
    ),
    "checks.figure.zeros": (
        "信頼度 0 の結果（本人が完了する前の確認、または中断）は全体の {share}。{most}% を超えると要確認です。判定は、これを除いた値で行います",
        "Results with the score 0 (asked for before the user finished, or given up) are {share} of all; above {most}% they want a look. The light is that of the others",
    ),
    "checks.figure.time_blind": (
        "関数内で測る値です。タイムアウトした要求は含まれません（Lambda の実行時間も確認）",
        "Measured inside the function: requests that timed out are not in it (see the durations of the functions)",
    ),
    "checks.figure.creation.rate": (
        "セッション作成のエラー率: {rate}",
        "Error rate of creating sessions: {rate}",
    ),
    "checks.figure.errors.rate": (
        "結果を求めた要求のエラー率: {rate}",
        "Error rate of requests for a result: {rate}",
    ),
    "checks.function": (
        "{function}: エラー率は昨日 {yesterday}、今日 0 時以降 {today}。スロットリング {throttles} 件（正常は 0 件）。",
        "{function}: error rate yesterday {yesterday}, today since midnight {today}. Throttled: {throttles} (normal: 0).",
    ),
    "checks.function.uncalled": (
        "昨日も今日も呼び出しのない関数が {count} 個あります: {functions}。",
        "Functions without an invocation yesterday and today: {count} ({functions}).",
    ),
    "checks.function.uncalled.why": (
        "使われていないか、関数名の設定が違います",
        "They are not in use, or have other names than the parameters say",
    ),
    "checks.function.invocations": (
        "昨日の呼び出し回数: {functions}。正常範囲はそれぞれ 1 日 100〜1,000 回。",
        "Invocations yesterday: {functions}. Normal: 100 to 1,000 a day for each.",
    ),
    "checks.function.invocations.of": ("{function} {count} 回", "{function} {count}"),
    "checks.function.invocations.many": (
        "セッション数と比べてください。結果の問い合わせや再試行が多いと、セッション数を上回ります",
        "Compare it with the sessions: frequent requests for a result, and retries, make it more than those",
    ),
    "checks.function.slow": (
        "{function}: エラー率は昨日 {yesterday}、今日 0 時以降 {today}。スロットリング {throttles} 件（正常は 0 件）。最長の実行時間は {longest} 秒（手順書のアラート閾値 {limit} 秒）。",
        "{function}: error rate yesterday {yesterday}, today since midnight {today}. Throttled: {throttles} (normal: 0). The longest invocation took {longest} s (the manual's alert line: {limit} s).",
    ),
    "checks.month.figure": (
        "{figure}（{month}）: {value}、前月は {before}。正常範囲は {range}。",
        "{figure} in {month}: {value}; the month before: {before}. Normal: {range}.",
    ),
    "checks.month.sessions": (
        "総セッション数（{month}）: {count} 件、1 日平均 {a_day} 件。前月は {before} 件、1 日平均 {before_a_day} 件。正常範囲は {range}。",
        "Sessions in {month}: {count}, {a_day} a day. The month before: {before}, {before_a_day} a day. Normal: {range}.",
    ),
    "checks.month.unverified": (
        "作成後に結果が得られなかったセッション（{month}）: 約 {count} 件、{share}。前月は {before}。目安は {most}% 以下。",
        "Sessions created in {month} that never had a result: about {count}, {share}. The month before: {before}. Rule of thumb: at most {most}%.",
    ),
    "checks.month.unverified.why": (
        "作成数から、信頼度 0 以外の結果の数を引いた概数です。中断された確認にも料金がかかることがあります",
        "Sessions created less results with a score above 0; a check that is given up may be billed, too",
    ),
    "checks.month.bad_days": (
        "{month} のうち {count} 日は、明らかに正常範囲の外でした: {days}。",
        "Days of {month} that were surely outside the normal range: {count} ({days}).",
    ),
    "checks.month.bad_days.more": ("ほかに {count} 日（グラフを参照）", "And {count} more: see the charts"),
    "checks.month.bad_day": ("{day}: {figures}", "{day}: {figures}"),
    "checks.month.bad_day.sessions": (
        "セッション {count} 件（同じ曜日は最大 {best} 件）",
        "{count} sessions (the same weekday had up to {best})",
    ),
    "checks.month.bad_day.figure": ("{figure} {value}", "{figure} {value}"),
}
