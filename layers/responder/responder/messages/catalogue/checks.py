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
        "確認した {green} 件に、対応の必要なものは見つかりませんでした",
        "Nothing that needs a person was found in the {green} things checked",
    ),
    "checks.news.nothing": (
        "チェックが一つも実行されていません。この結果からは何も分かりません",
        "No check was run; this says nothing about the service",
    ),
    "checks.failed": (
        "「{name}」を確認できませんでした: {reason}。",
        "“{name}” could not be checked: {reason}.",
    ),
    "checks.mends": (
        "このコマンドは次の項目にも使います: {findings}",
        "This command is also for: {findings}",
    ),
    "checks.mends_more": ("ほか {count} 件", "{count} more"),
    "checks.command_above": (
        "コマンドは上の「{title}」の項目と同じです。",
        "The command is the one shown above under “{title}”.",
    ),
    "checks.new": ("【新規】", "[new] "),
    "checks.new_since": ("前回（{day}）から新しく見つかったもの: {count} 件", "{count} new since {day}"),
    "checks.no_before": (
        "比べられる前回のレポートがないため、「新規」の印は付いていません。",
        "There is no earlier report to compare with; nothing is marked as new.",
    ),
    "checks.before_unread": (
        "前回のレポートを読めなかったため（{reason}）、「新規」の印は付いていません。",
        "The earlier report could not be read ({reason}); nothing is marked as new.",
    ),
    "checks.accepted": (
        "受容中: {count} 件（最初の期限 {until}）",
        "Accepted: {count} (the first one until {until})",
    ),
    "checks.accepted.title": ("受容中の項目", "Accepted"),
    "checks.accepted.by": (
        "{person} が {until} まで受容しています（理由: {reason}）",
        "Accepted by {person} until {until} ({reason})",
    ),
    "checks.accepted.ends": (
        "{section}「{said}」の受容は {until} に終わります（{person}）。翌日からまた報告します。",
        "{section}: {person}'s acceptance ends on {until}, and from the next day on it is told again: {said}",
    ),
    "checks.again.ended": (
        "{person} が {until} まで受容していましたが、期限が過ぎました。",
        "It was accepted by {person} until {until}.",
    ),
    "checks.again.worse": (
        "{person} が {until} まで受容していましたが、悪化しました。",
        "It was accepted by {person} until {until}; it is worse now.",
    ),
    "checks.again.changed": (
        "{person} が {until} まで受容していましたが、内容が変わりました。",
        "It was accepted by {person} until {until}; the facts are others now.",
    ),
    "checks.unaccepted": (
        "受容された項目を読めなかったため（{reason}）、すべて報告しています。",
        "What was accepted could not be read ({reason}); everything is told.",
    ),
    "checks.accept_how": (
        "すぐに変えられない「近日対応」の項目は、期限を決めて受容できます（最長 90 日）: "
        "liveness-ops check accept ID --until 日付 --reason 理由",
        "What is for “soon” and cannot be changed soon can be accepted until a day, 90 days ahead at most: "
        "liveness-ops check accept ID --until DATE --reason TEXT",
    ),
    "checks.next": ("次の手順: 手順書「{chapter}」", "Next: the manual's chapter “{chapter}”"),
    "checks.same_cause": (
        "同じ原因による項目がほかに {count} 件あります（レポートを参照）",
        "More findings of the same cause: {count} (see the report)",
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
        "レポートを保存できませんでした: {reason}。",
        "The report could not be filed: {reason}.",
    ),
    "checks.partly_filed": (
        "レポートの一部を保存できませんでした: {reason}。",
        "A part of the report could not be filed: {reason}.",
    ),
    "checks.no_bucket": ("保存先のバケットが設定されていません", "no bucket for it is set"),
    "checks.normal_range": ("正常範囲 {floor} – {ceiling}", "normal range {floor} – {ceiling}"),
    "checks.normal_most": ("正常範囲 {ceiling} 以下", "normal up to {ceiling}"),
    "checks.normal_least": ("正常範囲 {floor} 以上", "normal from {floor}"),
    "checks.no_points": ("データがありません。", "There is no data."),
    "checks.unit.a_day": ("件/日", "a day"),
    "checks.unit.points": ("点", "points"),
    "checks.unit.s": ("秒", "s"),
    "checks.unit.other": ("{unit}", "{unit}"),
    "checks.chart_desc": (
        "{title}（{unit}）: {points} 点、最小 {lowest}、最大 {highest}、最後 {last}",
        "{title} ({unit}): {points} points, lowest {lowest}, highest {highest}, last {last}",
    ),
    "checks.section.alarms": ("アラームの状態", "Alarms"),
    "checks.section.alarm_audit": ("アラームの監査", "Alarm audit"),
    "checks.section.readiness": ("自動対応の準備状況", "Readiness of the automation"),
    "checks.section.figures": ("主要な指標", "Key figures"),
    "checks.section.functions": ("Lambda 関数", "Lambda functions"),
    "checks.section.configuration": ("関数の設定", "Configuration of the functions"),
    "checks.section.cost": ("コスト", "Cost"),
    "checks.section.performance": ("パフォーマンス", "Performance"),
    "checks.section.security": ("セキュリティ監査", "Security audit"),
    "checks.section.dashboard": ("ダッシュボード", "Dashboard"),
    "checks.section.exposure": ("画像バケットのアクセス設定", "Access to the images bucket"),
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
