"""What is said of the backups of the sessions table."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "check.backups.stuck": (
        "完了していないバックアップがあります: {stuck}。{others}",
        "A backup was never finished: {stuck}. {others}",
    ),
    "check.backups.none_whole": (
        "{table} の自動バックアップで、リストアできるものがありません。完了していないもの: {stuck}。",
        "There is no backup of {table} of ours that could be restored; never finished: {stuck}.",
    ),
    "check.backups.stuck_since": (
        "{name} は {hours} 時間前から {status} のままです。リストアには使えません。続くようなら AWS サポートに問い合わせてください",
        "{name} has been {status} for {hours} hours and cannot be restored; if it stays so, ask AWS Support",
    ),
    "check.backups.part": ("バックアップの一覧", "the list of backups"),
    "check.backups": (
        "{table} のバックアップは {count} 個。最新は {newest} 日前、最も古いものは {oldest} 日前です。",
        "There are {count} backups of {table}; the newest is {newest} days old, the oldest {oldest}.",
    ),
    "check.backups.none": (
        "{table} の自動バックアップで、リストアできるものがありません。",
        "There is no backup of {table} of ours that could be restored.",
    ),
    "check.backups.off": (
        "{table} の自動バックアップは、パラメーター BackupSchedule が空のため停止しています。",
        "Backups of {table} are off: the parameter BackupSchedule is empty.",
    ),
    "check.backups.late": (
        "予定では {days} 日ごとです。ロググループと失敗の一覧を確認してください",
        "One is due every {days} days: look at the log of the function and at what failed",
    ),
    "check.backups.unpruned": (
        "保存期間の {days} 日を過ぎたものが削除されていません",
        "Some are kept longer than the {days} days that they are meant to be",
    ),
    "check.backups.others": (
        "ほかの名前のバックアップが {count} 個あります。自動では削除しません",
        "{count} more have other names; those are never deleted by us",
    ),
    "cause.backup_failed": (
        "{table} のバックアップが完了しませんでした。サービスには影響ありません",
        "The backup of {table} was not finished; the service itself is not affected",
    ),
    "step.backup_by_hand": (
        "原因を取り除き、もう一度実行する",
        "Remove the cause and run it again",
    ),
    "command.backup_by_hand": (
        "aws lambda invoke --region {region} --function-name {function} /dev/stdout",
        "aws lambda invoke --region {region} --function-name {function} /dev/stdout",
    ),
}
