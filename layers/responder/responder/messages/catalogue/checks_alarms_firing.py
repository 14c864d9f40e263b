"""What the alarm audit says about alarms that cannot, or hardly, go off, and why."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "check.alarms.never": (
        "{alarm} は発報できません（{condition}）。",
        "{alarm} can never go off ({condition}).",
    ),
    "check.alarms.hardly": (
        "{alarm} はほとんど発報しません（{condition}）。",
        "{alarm} hardly ever goes off ({condition}).",
    ),
    "check.alarms.corrected": (
        "{alarm} は当てになりませんが、修正版の {corrected} が監視しています。",
        "{alarm} cannot be relied on; its corrected version {corrected} watches instead.",
    ),
    "check.alarms.ones": (
        "{metric} は 1 件ごとに値 1 で送られ、0 が送られることはありません。",
        "{metric} is put as the value 1 for each, and never as 0.",
    ),
    "check.alarms.cut": (
        "{function} はタイムアウトの {seconds} 秒で打ち切られます。",
        "{function} is ended at its time-out of {seconds} s.",
    ),
    "check.alarms.absent": (
        "サービスは、このディメンションの {metric} というメトリクスを送りません。",
        "The service puts no metric {metric} with these dimensions.",
    ),
    "check.alarms.at_least": (
        "データがあれば、{metric} の {statistic} は必ず {low} 以上です。",
        "Wherever there is data, {statistic} of {metric} is at least {low}.",
    ),
    "check.alarms.between": (
        "データがあれば、{metric} の {statistic} は必ず {low} から {high} の間です。",
        "Wherever there is data, {statistic} of {metric} lies between {low} and {high}.",
    ),
    "check.alarms.math_between": (
        "計算式 {expression} の値は必ず {low} から {high} の間です。",
        "What {expression} comes to always lies between {low} and {high}.",
    ),
    "check.alarms.parameter": (
        "閾値は、このスタックのパラメーター {parameter} で決まります。",
        "The threshold is this stack's parameter {parameter}.",
    ),
    "check.alarms.gaps": (
        "データがない期間も違反になりません（欠落データの扱い: {missing}）。",
        "A gap does not breach either (missing data: {missing}).",
    ),
    "check.alarms.share": (
        "ほかの実行が {usual} 秒かかるとしても、平均が閾値を超えるには、{function} の実行の {percent} % がタイムアウト（{seconds} 秒）に達する必要があります。",
        "Even where the others take {usual} s, {percent} % of the runs of {function} would have to end at its time-out of {seconds} s for the average to breach.",
    ),
    "check.alarms.tail": (
        "タイムアウトは平均ではなく、最大値や p99 に現れます。",
        "A time-out shows in the maximum or in p99, not in the average.",
    ),
    "check.alarms.counts": (
        "通常のセッション数は {minutes} 分間に {least} から {most} 件です。",
        "There are usually {least} to {most} sessions in {minutes} min.",
    ),
    "check.alarms.odds": (
        "1 日 {sessions} セッションのときに全件が失敗し続けても、1 時間以内に発報する確率は {percent} % です。",
        "Even if every one of {sessions} sessions a day failed, the chance that it goes off within an hour is {percent} %.",
    ),
    "check.alarms.quiet": (
        "{alarm}: 全件が失敗した場合に 1 時間以内に発報する確率は、1 日 {busy} セッションなら {most} %、{quiet} セッションなら {least} % です。",
        "{alarm}: if every session failed, the chance that it goes off within an hour is {most} % at {busy} sessions a day, {least} % at {quiet}.",
    ),
}
