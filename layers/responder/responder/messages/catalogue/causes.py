"""The causes that playbooks can name."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "cause.rate_normal": (
        "成功率はすでに正常範囲に戻っています",
        "The success rate is already back to normal",
    ),
    "cause.unknown": (
        "原因を特定できませんでした",
        "Cause unknown",
    ),
    "cause.access_denied": (
        "AWS API の呼び出しが権限不足で拒否されています（IAM またはバケットポリシー）",
        "AWS API calls are denied (IAM or bucket policy)",
    ),
    "cause.throttling": (
        "API がスロットリングされています（呼び出し過多）",
        "The API throttles our calls",
    ),
    "cause.quota": (
        "サービスクォータの上限に達しています",
        "A service quota is used up",
    ),
    "cause.internal": (
        "AWS サービス側の内部エラーです",
        "An AWS service answers with internal errors",
    ),
    "cause.configuration": (
        "呼び出し先のリソースが見つかりません（設定の誤り）",
        "A resource that is called does not exist (wrong configuration)",
    ),
    "cause.refused": (
        "AWS が呼び出しを拒否しています（エラーコード {code}）",
        "AWS refuses the calls with the code {code}",
    ),
    "cause.import_error": (
        "Lambda がモジュールを読み込めません（デプロイの不備）",
        "Lambda cannot import its module (a bad deployment)",
    ),
    "cause.slow_rekognition": (
        "リクエストが Rekognition の応答を待ったまま、タイムアウトで打ち切られています（{share}）",
        "Requests wait for Rekognition until the time-out kills them ({share})",
    ),
    "cause.slow_table": (
        "リクエストが DynamoDB テーブルの応答を待ったまま、タイムアウトで打ち切られています（{share}）",
        "Requests wait for the DynamoDB table until the time-out kills them ({share})",
    ),
    "cause.slow_images": (
        "リクエストが S3 の応答を待ったまま、タイムアウトで打ち切られています（{share}）",
        "Requests wait for S3 until the time-out kills them ({share})",
    ),
    "cause.slow_network": (
        "AWS への接続（ネットワークまたは TLS）に失敗し、リクエストがタイムアウトで打ち切られています（{share}）",
        "Connections to AWS fail (network or TLS) until the time-out kills the requests ({share})",
    ),
    "cause.slow_dependency": (
        "リクエストが呼び出し先の応答を待ったまま、タイムアウトで打ち切られています（{share}）。どの呼び出し先かは特定できません",
        "Requests wait for a dependency, not known which, until the time-out kills them ({share})",
    ),
    "cause.memory": (
        "Lambda のメモリが足りません",
        "The Lambda function runs out of memory",
    ),
    "cause.unexpected": (
        "アプリケーションの想定外の例外です（コードの不具合の可能性）",
        "Unexpected exceptions in the application (possibly a defect)",
    ),
    "cause.other": (
        "コードの付かないサービスエラー（LivenessServiceError）です",
        "Service errors without a code (LivenessServiceError)",
    ),
    "say.changed_by": ("変更者 {by}", "by {by}"),
    "say.changed_by_unknown": ("変更者は不明", "by whom is not known"),
    "cause.release": (
        "直前の変更が原因とみられます（{target}: {what}、{at}、{who}）: {fault}",
        "A change just before is the likely cause ({target}: {what}, {at}, {who}): {fault}",
    ),
    "cause.change": (
        "コード以外の直前の変更が原因とみられます（{target}: {what}、{at}、{who}）: {fault}",
        "A change just before, not of the code, is the likely cause ({target}: {what}, {at}, {who}): {fault}",
    ),
    "cause.sessions_ended": (
        "セッション切れ・不明セッションだけで、正常な動作です（利用者が中断）",
        "Only expired or unknown sessions: normal, users gave up",
    ),
    "cause.table_throttled": (
        "DynamoDB のセッションテーブルがスロットリングされています（キャパシティ不足）",
        "The DynamoDB sessions table is throttled (too little capacity)",
    ),
    "cause.cold_starts": (
        "Lambda のコールドスタート（初期化）で遅くなっています",
        "Lambda cold starts (initialisation) make requests slow",
    ),
    "cause.environment": (
        "{function} の環境変数が不足しているか、想定と違います: {variables}",
        "Environment variables of {function} are missing or wrong: {variables}",
    ),
    "cause.table_absent": (
        "セッションテーブル {table} が存在しません",
        "The sessions table {table} does not exist",
    ),
    "cause.table_unusable": (
        "セッションテーブル {table} が使えない状態です（{status}）",
        "The sessions table {table} cannot be used (status {status})",
    ),
    "cause.index_absent": (
        "セッションテーブル {table} にインデックス {index} がありません",
        "The sessions table {table} has no index {index}",
    ),
    "cause.index_unusable": (
        "セッションテーブル {table} のインデックス {index} が使えない状態です（{status}）",
        "Index {index} of the sessions table {table} cannot be used (status {status})",
    ),
    "cause.bucket_absent": (
        "画像バケット {bucket} が存在しません",
        "The images bucket {bucket} does not exist",
    ),
    "cause.object_absent": (
        "読み出そうとしたオブジェクトが画像バケットにありません",
        "An object that is read is not in the images bucket",
    ),
    "cause.key_unusable": (
        "{resource} を暗号化する KMS キーが使えません（無効、削除予定、または存在しない）",
        "The KMS key that encrypts {resource} cannot be used (disabled, to be deleted, or gone)",
    ),
    "cause.permission_absent": (
        "ロール {role} のポリシーに {actions} の権限がありません",
        "The policy of the role {role} does not allow {actions}",
    ),
    "cause.policy_absent": (
        "ロール {role} のポリシー {policy} が存在しません",
        "The policy {policy} of the role {role} does not exist",
    ),
    "cause.role_absent": (
        "サービスのロール {role} が存在しません",
        "The service's role {role} does not exist",
    ),
    "cause.unfinished": (
        "検証を終えずに離脱したセッションが多数です（スコア 0 が失敗 {failed} 件中 {count} 件）",
        "Many sessions were never finished (score 0 in {count} of {failed} failures)",
    ),
    "cause.near_threshold": (
        "閾値 {threshold} のすぐ下の失敗が多数です（失敗 {failed} 件中 {count} 件）",
        "Many failures just below the threshold of {threshold} ({count} of {failed})",
    ),
    "cause.low_scores": (
        "実際にスコアが低い失敗です（{failed} 件中 {count} 件）。照明・カメラ、またはなりすましの試み",
        "Scores are really low ({count} of {failed}): light, camera, or spoofing attempts",
    ),
    "cause.amber": (
        "平均 90〜92% は、手順書では「正常」でもあり「アラート」でもある範囲です（黄）",
        "An average of 90-92% is both normal and alarming in the manual (amber)",
    ),
    "cause.passed_by": (
        "平均はすでに 92% 以上に戻っています",
        "The average is already back above 92%",
    ),
}
