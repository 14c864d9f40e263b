"""Steps of the manual that look something up or change something. What to paste is in `commands`."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "step.with_command": ("{step}\n{command}", "{step}\n{command}"),
    "step.success_rate": (
        "現状確認: 直近 1 時間の成功数と失敗数を見る。成功率 = 成功 ÷（成功 + 失敗）。20 件未満なら率では判断しない。",
        "Look at successes and failures of the last hour. Rate = successes ÷ both; below 20 checks it says nothing.",
    ),
    "step.confidence": (
        "現状確認: 直近 1 時間の信頼度を見る。スコア 0 は未完了のセッションなので、本当に低いスコアと分けて考える。",
        "Look at the confidence of the last hour. Score 0 is an unfinished session, not a low score.",
    ),
    "step.durations": (
        "実行時間確認: p99 を見る（平均ではタイムアウトが隠れる）。",
        "Look at the p99 duration (the average hides time-outs).",
    ),
    "step.table_throttling": (
        "DynamoDB スロットリング確認: Read/WriteThrottleEvents を見る（手順書の UserErrors には出ない）。",
        "Look for DynamoDB throttling in Read/WriteThrottleEvents (the manual's UserErrors does not show it).",
    ),
    "step.error_logs": (
        "エラーログ確認: 行数ではなく RequestId の数で数える。",
        "Look at the error log. Count request ids, not lines.",
    ),
    "step.failure_reasons": (
        "失敗理由分析: 失敗ログを見る（手順書の is_live=False では 1 件も見つからない）。",
        "Look at why checks fail (the manual's filter is_live=False finds nothing).",
    ),
    "step.check_environment": (
        "Lambda 関数状態確認: 状態、最終更新、環境変数の名前を見る（値は表示しない）。",
        "Check the function's state, last update and the names of its variables (not their values).",
    ),
    "step.alarm_state": (
        "ALARM 状態のアラームと条件を確認する。",
        "Check which alarms are in ALARM, and their conditions.",
    ),
    "step.check_permissions": (
        "IAM 権限確認: サービスロールのポリシー、権限境界、S3 バケットポリシーを見る。権限は広げず、差分を開発チームに提案する。",
        "Check permissions: the service role's policies and boundary, the bucket policy. Widen nothing; propose the difference to the developers.",
    ),
    "step.check_quota": (
        "クォータ確認: Rekognition Face Liveness（呼び出し/秒、同時セッション数）と Lambda の同時実行数を見る。",
        "Check quotas: Rekognition Face Liveness (calls per second, concurrent sessions) and Lambda concurrency.",
    ),
    "step.rollout_by_hand": (
        "緊急対応（エラー率 > 5% のときだけ）: 4 関数すべてで Liveness API を無効化し、DetectFaces に戻す。"
        "なりすましを防げなくなるため、セキュリティ責任者に必ず伝える。",
        "Emergency only (error rate > 5%): fall back to DetectFaces on all four functions. It opens the door to spoofing: tell the security owner.",
    ),
    "step.repair_environment_by_hand": (
        "環境変数修正: NAME と VALUE を置き換えて実行する。手順書のコマンドは他の変数をすべて消すので使わない。",
        "Repair a variable: put in NAME and VALUE. Do not use the manual's command, which deletes all other variables.",
    ),
    "step.capacity_by_hand": (
        "スロットリングがあればテーブルをオンデマンドモードに変更する。先に現在の容量を控える（切り替えは 24 時間に 4 回まで）。",
        "If the table is throttled, switch it to on-demand. Note its present capacity first (at most 4 switches in 24 h).",
    ),
    "step.provisioned_by_hand": (
        "コールドスタートが原因ならプロビジョニング済み同時実行数を設定する。ALIAS は実際に呼ばれているエイリアス（なければ費用だけかかる）。",
        "If cold starts are the cause, set provisioned concurrency. ALIAS is the alias that is really invoked (without one it only costs money).",
    ),
    "step.make_alias": (
        "バージョンを発行してエイリアスを作り、API Gateway の呼び出し先をそのエイリアスに変える（CDK で行うのが望ましい）。",
        "Publish a version, make an alias and let API Gateway invoke it (better done in CDK).",
    ),
    "step.memory_by_hand": (
        "メモリ不足か CPU 待ちなら Lambda のメモリを増やす。Rekognition の応答待ちは短くならない。",
        "If memory or CPU is short, raise the function's memory. It does not shorten waiting for Rekognition.",
    ),
    "step.export_variables": (
        "変更前に環境変数をファイルに控える。値を含むので共有しない。",
        "Before a change, save the variables to a file. It holds values: do not share it.",
    ),
}
