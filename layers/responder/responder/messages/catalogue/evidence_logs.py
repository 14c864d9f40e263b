"""What the looks at logs say."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "evidence.fault.session_ended": ("セッション終了・期限切れ", "session ended"),
    "evidence.fault.caller_input": ("入力の誤り", "caller's input"),
    "evidence.fault.access_denied": ("権限エラー", "access denied"),
    "evidence.fault.throttling": ("スロットリング", "throttling"),
    "evidence.fault.quota": ("クォータ超過", "quota exceeded"),
    "evidence.fault.internal": ("AWS 側の内部エラー", "internal error of AWS"),
    "evidence.fault.configuration": ("設定の誤り", "configuration"),
    "evidence.fault.import_error": ("モジュールの読み込み失敗", "import error"),
    "evidence.fault.timeout": ("タイムアウト", "time-out"),
    "evidence.fault.memory": ("メモリ不足", "out of memory"),
    "evidence.fault.connection": ("接続できない", "no connection"),
    "evidence.fault.read_timeout": ("応答待ちのタイムアウト", "no answer in time"),
    "evidence.fault.connection_lost": ("接続の切断", "connection lost"),
    "evidence.fault.tls": ("TLS の検証エラー", "TLS validation"),
    "evidence.fault.proxy": ("プロキシに接続できない", "proxy not reached"),
    "evidence.fault.validation": ("パラメーターの検証エラー", "invalid parameters"),
    "evidence.fault.credentials": ("認証情報のエラー", "credentials"),
    "evidence.fault.client_setup": ("SDK クライアントの設定エラー", "client set up wrongly"),
    "evidence.fault.variable": ("環境変数の不足・誤り", "environment variable"),
    "evidence.fault.response": ("応答を解釈できない", "answer not understood"),
    "evidence.fault.unexpected": ("想定外の例外", "unexpected exception"),
    "evidence.fault.refused": ("その他の AWS エラーコード", "another error code of AWS"),
    "evidence.fault.other": ("その他のサービスエラー", "other service error"),
    "evidence.failures.total": (
        "失敗した要求: 直近 15 分 {recent} 件、1 時間 {hour} 件、3 時間 {all} 件（ログより、要求ごとに 1 件）。",
        "Failed requests: {recent} in 15 min, {hour} in 1 h, {all} in 3 h (from the logs, one per request).",
    ),
    "evidence.failures.nothing": (
        "直近 3 時間のログに、サービス側の原因で失敗した要求はありません。",
        "The logs of the last 3 h show no request that failed through the service.",
    ),
    "evidence.failures.nothing_seen": (
        "読めた範囲のログに、サービス側の原因で失敗した要求はありません。",
        "The part of the logs that could be read shows no request that failed through the service.",
    ),
    "evidence.failures.normal": (
        "正常な失敗（利用者側の原因）: 直近 15 分 {recent} 件、1 時間 {hour} 件、3 時間 {all} 件。対応は不要です。",
        "Normal failures (caused by users): {recent} in 15 min, {hour} in 1 h, {all} in 3 h. Nothing to do.",
    ),
    "evidence.failures.unread": (
        "{function} のログを読めませんでした: {reason}。このログの失敗は数に入っていません。",
        "Could not read the log of {function}: {reason}. Its failures are not counted.",
    ),
    "evidence.failures.group": (
        "{function}: {fault}（{code}） 15 分 {recent}、1 時間 {hour}、3 時間 {all} 件",
        "{function}: {fault} ({code}) {recent} in 15 min, {hour} in 1 h, {all} in 3 h",
    ),
    "evidence.failures.group_of_operation": (
        "{function}: {fault}（{operation} の {code}） 15 分 {recent}、1 時間 {hour}、3 時間 {all} 件",
        "{function}: {fault} ({code} of {operation}) {recent} in 15 min, {hour} in 1 h, {all} in 3 h",
    ),
    "evidence.failures.capped": (
        "{function} のログは量が多く、{start} 以降だけを読み切りました。それより前の件数は「少なくとも」です。",
        "The log of {function} is long: it was read completely only since {start}; counts before that are minimums.",
    ),
    "evidence.cold_starts": (
        "{function}: コールドスタートは 1 時間に最後まで実行された {reports} 回中 {cold} 回（{percent}%）。",
        "{function}: {cold} of {reports} completed runs in 1 h were cold starts ({percent}%).",
    ),
    "evidence.cold_starts.nothing": (
        "{function}: 1 時間、最後まで実行された記録（REPORT 行）がありません。",
        "{function}: no REPORT line of a completed run in 1 h.",
    ),
    "evidence.cold_starts.cut_short": (
        "途中で打ち切られた実行は数えていません（タイムアウト {timed_out} 回、メモリ不足 {out_of_memory} 回）。",
        "Runs that were cut short are not counted ({timed_out} timed out, {out_of_memory} out of memory).",
    ),
    "evidence.cold_starts.cost": (
        "初期化は平均 {average} 秒、最大 {maximum} 秒。初期化後の実行は、コールドスタートで平均 {cold} 秒、それ以外で {warm} 秒。",
        "Initialisation: average {average} s, maximum {maximum} s. The run itself: average {cold} s after a cold start, {warm} s otherwise.",
    ),
    "evidence.cold_starts.memory": (
        "メモリの最大使用量は {used} / {size} MB。",
        "Memory used: at most {used} of {size} MB.",
    ),
    "evidence.cold_starts.memory_full": (
        "メモリの最大使用量は {used} / {size} MB で、余裕がありません。",
        "Memory used: at most {used} of {size} MB, nearly full.",
    ),
}
