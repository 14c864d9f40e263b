"""What the reports of the scheduled checks say around what was found."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "checks.title": ("{rhythm} {day}", "{rhythm} of {day}"),
    "checks.rhythm.daily": ("日次チェック", "Daily check"),
    "checks.rhythm.weekly": ("週次チェック", "Weekly check"),
    "checks.rhythm.monthly": ("月次チェック", "Monthly check"),
    "checks.light.red": ("今日対応", "today"),
    "checks.light.amber": ("近日対応", "soon"),
    "checks.light.unknown": ("未確認", "not checked"),
    "checks.light.green": ("正常", "fine"),
    "checks.news.red": (
        "今日、人の対応が必要です。今日対応 {red} 件、近日対応 {amber} 件、未確認 {unknown} 件、正常 {green} 件",
        "Somebody has to act today: {red} for today, {amber} for soon, {unknown} not checked, {green} fine",
    ),
    "checks.news.amber": (
        "近いうちに人の対応が必要です。近日対応 {amber} 件、未確認 {unknown} 件、正常 {green} 件",
        "Somebody has to act soon: {amber} for soon, {unknown} not checked, {green} fine",
    ),
    "checks.news.unknown": (
        "確認できなかった項目があります。未確認 {unknown} 件、正常 {green} 件",
        "Not everything could be checked: {unknown} not checked, {green} fine",
    ),
    "checks.news.green": (
        "すべて正常です。確認した {green} 件に、対応の必要なものはありません",
        "All is well: nothing to do about any of the {green} things checked",
    ),
    "checks.news.nothing": (
        "チェックが一つも実行されていません。この結果からは何も分かりません",
        "No check was run; this says nothing about the service",
    ),
    "checks.failed": (
        "「{name}」を確認できませんでした: {reason}",
        "“{name}” could not be checked: {reason}",
    ),
    "checks.to_do": ("対応が必要なもの", "What needs a person"),
    "checks.none_to_do": ("ありません。", "Nothing."),
    "checks.made": ("作成", "Made"),
    "checks.at": ("{at}", "{at}"),
    "checks.chapter": ("手順書", "Manual"),
    "checks.command": ("対処コマンド", "Command"),
    "checks.source": ("コンソールで見る", "Show in the console"),
    "checks.page": ("レポート", "Report"),
    "checks.more": ("ほか {count} 件はレポートにあります", "{count} more are in the report"),
    "checks.not_filed": (
        "レポートを保存できませんでした: {reason}",
        "The report could not be filed: {reason}",
    ),
    "checks.partly_filed": (
        "レポートの一部を保存できませんでした: {reason}",
        "A part of the report could not be filed: {reason}",
    ),
    "checks.no_bucket": ("保存先のバケットが設定されていません", "no bucket for it is set"),
    "checks.normal_range": ("正常範囲 {floor} – {ceiling}", "normal range {floor} – {ceiling}"),
    "checks.normal_most": ("正常範囲 {ceiling} 以下", "normal up to {ceiling}"),
    "checks.normal_least": ("正常範囲 {floor} 以上", "normal from {floor}"),
    "checks.no_points": ("データがありません。", "There is no data."),
    "checks.chart_desc": (
        "{title}（{unit}）: {points} 点、最小 {lowest}、最大 {highest}、最後 {last}",
        "{title} ({unit}): {points} points, lowest {lowest}, highest {highest}, last {last}",
    ),
    "checks.section.alarms": ("アラームの状態", "Alarms"),
    "checks.section.alarm_audit": ("アラームの監査", "Alarm audit"),
    "checks.section.readiness": ("自動対応の準備状況", "Readiness of the automation"),
    "checks.section.figures": ("主要な指標", "Key figures"),
    "checks.section.functions": ("Lambda 関数", "Lambda functions"),
    "checks.section.cost": ("コスト", "Cost"),
    "checks.section.performance": ("パフォーマンス", "Performance"),
    "checks.section.security": ("セキュリティ監査", "Security audit"),
    "checks.section.storage": ("画像の保管", "Image storage"),
    "checks.section.table": ("セッションテーブル", "Sessions table"),
    "checks.section.backups": ("バックアップ", "Backups"),
    "checks.section.schedules": ("定期実行", "Scheduled runs"),
    "cause.check_failed": (
        "{rhythm}が実行できませんでした。今日の状態は誰も確認していません",
        "The {rhythm} could not be carried out; nobody has looked at the state of the service",
    ),
    "step.check_by_hand": ("手元で同じチェックを実行する", "Run the same check by hand"),
    "command.check_by_hand": ("liveness-ops check {rhythm} {where}", "liveness-ops check {rhythm} {where}"),
    "step.check_log": ("失敗の理由をログで確認する", "See in the log why it failed"),
    "command.check_log": (
        "aws logs tail /aws/lambda/{function} --region {region} --since 3h",
        "aws logs tail /aws/lambda/{function} --region {region} --since 3h",
    ),
}
