"""What is said of the clock that calls the checks and the backup."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "check.schedules.part": (
        "週次・月次のチェックが実行されたか",
        "whether the weekly and the monthly check ran",
    ),
    "check.schedules.filed": (
        "{check}は予定どおり実行されています。最新のレポートは {day} です。",
        "{check}: ran in time, the last report is of {day}.",
    ),
    "check.schedules.early": (
        "{check}のレポートはまだありません。記録の開始が {since} のため、{days} 日間は遅れとみなしません。",
        "{check}: no report yet, and none is late: there are records since {since}, and one is due within {days} days.",
    ),
    "check.schedules.late": (
        "{check}のレポートが {days} 日を過ぎてもありません。起動していないか、レポートを保存できていません。",
        "{check}: no report for more than {days} days. It is not started, or cannot file what it finds.",
    ),
    "check.schedules.look": (
        "スケジュールの確認: aws scheduler get-schedule --region {region} --name {function}",
        "Look at its schedule: aws scheduler get-schedule --region {region} --name {function}",
    ),
    "check.schedules.failures": (
        "失敗した実行の確認: liveness-ops failures {where}",
        "Look whether it failed: liveness-ops failures {where}",
    ),
    "check.schedules.backup_early": (
        "{table} のバックアップは期限前です。記録の開始が {since} のため、{days} 日間は遅れとみなしません。",
        "No backup of {table} is late yet: there are records since {since}, and one is due within {days} days.",
    ),
}
