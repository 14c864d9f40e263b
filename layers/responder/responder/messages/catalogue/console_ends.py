"""How a command of the console ends when it could not go on."""

MESSAGES: dict[str, tuple[str, str]] = {
    "ops.aws_failed": ("{said}。{hint}", "{said}. {hint}"),
    "ops.hint_login": (
        "使える認証情報がありません。ログインするか --profile を指定してください。",
        "There are no usable credentials: log in, or name --profile.",
    ),
    "ops.hint_expired": (
        "認証情報の期限が切れています。ログインし直してください。",
        "The credentials have expired: log in again.",
    ),
    "ops.hint_keys": (
        "この認証情報は AWS に受け付けられません。プロファイルを確認してください。",
        "AWS does not accept these credentials: check the profile.",
    ),
    "ops.hint_denied": (
        "OperatorPolicy が付いているか、スタック名とリージョンが正しいか確認してください。",
        "Is OperatorPolicy attached to you, and are stack and Region right?",
    ),
    "ops.hint_where": (
        "リージョン、エンドポイント、ネットワークを確認してください。",
        "Check Region, endpoint and network.",
    ),
    "ops.no_such_stack": (
        "リージョン {region} にスタック {stack} はありません。--region と --stack を確認してください。",
        "There is no stack {stack} in {region}: check --region and --stack.",
    ),
    "ops.interrupted": (
        "中断しました。実行中だった操作は完了している可能性があります。"
        "show、mode、leases で確認してください。",
        "Interrupted. What was under way may have been done: look with show, mode or leases.",
    ),
    "ops.broken_row": (
        "記録 {row} が壊れていて読めません。インシデントのテーブルで、その行を直すか削除してください。",
        "The record {row} is broken and cannot be read. Mend or delete its row in the table of incidents.",
    ),
    "ops.broken": (
        "予期しないエラーです（{kind}）。ここまでの操作は取り消されません。"
        "詳細は LIVENESS_OPS_DEBUG=1 を付けて実行してください。",
        "An unexpected error ({kind}); what was done before it stands. For details run it with "
        "LIVENESS_OPS_DEBUG=1.",
    ),
}
