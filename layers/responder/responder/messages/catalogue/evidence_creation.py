"""How long session creation takes, in sentences."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "evidence.look.creation_time": ("セッション作成時間", "the session creation time"),
    "evidence.creation_time": (
        "セッション作成時間の p90 は直近 {hours} 時間で {p90} 秒（基準 {limit} 秒）。平均 {average} 秒、最大 {maximum} 秒（{samples} 件）。",
        "Session creation takes {p90} s at p90 in {hours} h (limit {limit} s); average {average}, maximum {maximum} s ({samples} sessions).",
    ),
    "evidence.creation_time.recent": (
        "直近 15 分: p90 {p90} 秒、平均 {average} 秒、最大 {maximum} 秒（{samples} 件）。",
        "Last 15 min: p90 {p90}, average {average}, maximum {maximum} s ({samples} sessions).",
    ),
    "evidence.creation_time.nothing": (
        "直近 3 時間、作成時間の記録がありません。",
        "No creation time was recorded in 3 h.",
    ),
    "evidence.creation_time.nothing_recent": (
        "直近 15 分に作成時間の記録はありません。",
        "No creation time was recorded in the last 15 min.",
    ),
    "evidence.creation_time.few": (
        "3 時間で {samples} 件だけなので p90 では判断しません（{enough} 件以上が必要）。",
        "Only {samples} sessions in 3 h: no judgement by p90 below {enough}.",
    ),
    "evidence.creation_time.killed": (
        "関数内での計測です。タイムアウトで強制終了した要求と、コールドスタートの初期化は含みません。Lambda の Duration と併せて見ます。",
        "Measured inside the function: without requests killed by the time-out, without a cold start's initialisation. Read it beside Lambda's Duration.",
    ),
}
