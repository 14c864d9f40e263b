"""What the daily check says of the configuration of the functions."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "check.configuration.part": ("関数の設定", "the configuration of the functions"),
    "check.configuration.reserved_of": (
        "{functions} の予約済み同時実行数",
        "the reserved concurrency of {functions}",
    ),
    "check.configuration.before": (
        "前日の関数の設定",
        "the configuration of the functions on the day before",
    ),
    "check.configuration.unreadable": (
        "設定 deployed_functions を読み取れないため、関数の設定を比べられません。",
        "The setting deployed_functions cannot be read, so the functions' configuration is not compared.",
    ),
    "check.configuration.off": (
        "{function} は停止しています: 予約済み同時実行数が 0 のため、呼び出しはすべて拒否されます（デプロイ時は予約なし）。",
        "{function} is switched off: its reserved concurrency is 0, so every invocation is turned away (as deployed nothing is reserved).",
    ),
    "check.configuration.off.before": (
        "{function} は停止しています: 予約済み同時実行数が 0 のため、呼び出しはすべて拒否されます（以前の値は {reserved}）。",
        "{function} is switched off: its reserved concurrency is 0, so every invocation is turned away (the value before was {reserved}).",
    ),
    "check.configuration.off.ask": (
        "誰かが意図して止めた可能性があります（攻撃や費用の急増への対応など）。設定した人に確認してから実行してください。誰かは CloudTrail の PutFunctionConcurrency で分かります",
        "It may have been stopped on purpose (an attack, a cost that ran away): ask the person who set it first. CloudTrail names them at PutFunctionConcurrency",
    ),
    "check.configuration.drifted.ask": (
        "今のタイムアウトとメモリは、デプロイ時の値で上書きされます。実行前に、変更した人（CloudTrail の UpdateFunctionConfiguration）に確認してください",
        "The present time-out and memory are overwritten with the deployed ones. Ask who changed them first (CloudTrail, UpdateFunctionConfiguration)",
    ),
    "check.configuration.drifted": (
        "{functions} の設定が変わっています: {differences}。",
        "The configuration of {functions} has changed: {differences}.",
    ),
    "check.configuration.not_as": (
        "{field} {now}（デプロイ時は {wanted}）",
        "{field} {now} (as deployed: {wanted})",
    ),
    "check.configuration.not_as.since": (
        "{field} {now}（デプロイ時は {wanted}、{day} には {before}）",
        "{field} {now} (as deployed: {wanted}; on {day}: {before})",
    ),
    "check.configuration.changed": (
        "{field} {now}（{day} には {before}）",
        "{field} {now} (on {day}: {before})",
    ),
    "check.configuration.few": (
        "予約済み同時実行数 {reserved}（デプロイ時は予約なし。同時に処理できる数がこれに限られ、超えた利用者は拒否されます）",
        "reserved concurrency {reserved} (as deployed nothing is reserved; no more run at once, further users are turned away)",
    ),
    "check.configuration.vpc_gone": (
        "VPC に接続されていません（デプロイ時は接続。社内の AD などに届きません）",
        "it is not connected to the VPC (as deployed it is; it does not reach the company's AD and the like)",
    ),
    "check.configuration.vpc_new": (
        "VPC に接続されています（デプロイ時は接続なし）",
        "it is connected to a VPC (as deployed it is not)",
    ),
    "check.configuration.silent": (
        "ログレベル {level}（警告の行が出力されず、失敗の原因を調べられません）",
        "log level {level} (warnings are not written, so why checks fail cannot be seen)",
    ),
    "check.configuration.elsewhere": (
        "ログの出力先が {group}（自動調査は /aws/lambda/ の既定のロググループを読みます）",
        "its log group is {group} (the automation reads the default one under /aws/lambda/)",
    ),
    "check.configuration.variables": (
        "環境変数 {names}（{day} との差。名前のみ）",
        "variables {names} (against {day}; names only)",
    ),
    "check.configuration.cdk": (
        "意図した変更なら、設定 deployed_functions に新しい値を入れてください。手での変更は次の cdk deploy で元に戻ります",
        "If it is intended, put the new value into the setting deployed_functions. A change by hand is undone by the next cdk deploy",
    ),
    "check.configuration.fine": (
        "関数 {count} 個の設定は、デプロイ時および {day} と同じです。",
        "Functions configured as they were deployed and as on {day}: {count}.",
    ),
    "check.configuration.fine.alone": (
        "関数 {count} 個の設定は、デプロイ時と同じです（前日とは比べていません）。",
        "Functions configured as they were deployed: {count} (not compared with the day before).",
    ),
    "check.configuration.fine.first": (
        "関数 {count} 個の設定は、デプロイ時と同じです（前日の記録はまだありません）。",
        "Functions configured as they were deployed: {count} (there is no earlier day to compare with yet).",
    ),
    "check.configuration.summary": (
        "{function}: {memory} MB、タイムアウト {timeout} 秒、予約済み同時実行数 {reserved}、{runtime}",
        "{function}: {memory} MB, time-out {timeout} s, reserved concurrency {reserved}, {runtime}",
    ),
    "check.configuration.field.memory": ("メモリ（MB）", "memory (MB)"),
    "check.configuration.field.timeout": ("タイムアウト（秒）", "time-out (s)"),
    "check.configuration.field.reserved": ("予約済み同時実行数", "reserved concurrency"),
    "check.configuration.field.vpc": ("VPC", "VPC"),
    "check.configuration.field.log_format": ("ログの形式", "log format"),
    "check.configuration.field.log_level": ("ログレベル", "log level"),
    "check.configuration.field.runtime": ("ランタイム", "runtime"),
    "check.configuration.field.handler": ("ハンドラー", "handler"),
    "check.configuration.field.layers": ("レイヤー", "layers"),
    "check.configuration.field.role": ("実行ロール", "execution role"),
    "check.configuration.field.architecture": ("アーキテクチャ", "architecture"),
    "check.configuration.field.storage": ("一時ストレージ（MB）", "ephemeral storage (MB)"),
    "check.configuration.field.key": ("環境変数の KMS キー", "KMS key of the variables"),
}
