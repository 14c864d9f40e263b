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
        "正常範囲の外ですが、この件数では偶然もありえます",
        "Outside the normal range, but with so few samples it may be chance",
    ),
    "checks.figure.both": (
        "手順書では 90 超が正常、92 未満がアラームです。その間の値です",
        "The manual calls above 90 normal and below 92 an alarm: this lies between",
    ),
    "checks.figure.zeros": (
        "うち {zeros} 件は信頼度 0（本人が完了する前の確認、または中断）。除いた平均は {real}",
        "{zeros} of the results have the score 0 (asked before the user finished, or given up); the average without them is {real}",
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
        "呼び出しがありません。使われていないか、関数名の設定が違います",
        "It was not invoked: it is not in use, or it has another name than the parameters say",
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
}
