"""What the console says about a self-test."""

MESSAGES: dict[str, tuple[str, str]] = {
    "ops.self_test_begins": (
        "セルフテスト用のアラームを発報し、最大 {seconds} 秒待ちます。"
        "すべての宛先に、対応不要と明記したテスト通知が届きます。",
        "Raising the alarm of the self-test and waiting at most {seconds} s. "
        "Every address gets a message that says it is a test.",
    ),
    "ops.self_test": ("セルフテストの結果（{stack}）", "Self-test of {stack}"),
    "ops.self_test_col_light": ("結果", "Result"),
    "ops.self_test_col_part": ("対象", "Part"),
    "ops.self_test_col_said": ("内容", "What was found"),
    "ops.light_green": ("正常", "ok"),
    "ops.light_amber": ("注意", "warning"),
    "ops.light_red": ("異常", "FAILED"),
    "ops.light_unknown": ("確認不可", "UNKNOWN"),
    "ops.self_test_part_alarm": ("アラーム → EventBridge → 関数", "alarm, EventBridge, function"),
    "ops.self_test_part_settings": ("設定とモード", "settings and modes"),
    "ops.self_test_part_sns": ("通知トピックへの送信", "message to SNS"),
    "ops.self_test_part_slack": ("Slack {which}", "Slack {which}"),
    "ops.self_test_part_address": ("通知先 {which}", "address {which}"),
    "ops.self_test_part_last_resort": (
        "CloudWatch → 最終連絡先トピック",
        "CloudWatch to the last-resort topic",
    ),
    "ops.self_test_part_last_resort_address": ("最終連絡先 {which}", "last resort {which}"),
    "ops.self_test_part_people": ("担当者用の入口（people）", "entry for people"),
    "ops.self_test_heard": ("{seconds} 秒で応答", "answered after {seconds} s"),
    "ops.self_test_silent": ("{seconds} 秒待っても応答なし", "no answer within {seconds} s"),
    "ops.self_test_another": (
        "別のセルフテスト {id} が実行中か、直前に実行されました。送信は 1 分に 1 回だけです。"
        "このテストは行っていません。1 分後に再実行してください。",
        "Another self-test, {id}, is running or has just run, and only one a minute is sent. "
        "This one was not made; run it again in a minute.",
    ),
    "ops.self_test_look": (
        "原因の確認:\naws logs tail {group} --region {region} --since 15m\nliveness-ops failures {options}",
        "To see why:\naws logs tail {group} --region {region} --since 15m\nliveness-ops failures {options}",
    ),
    "ops.self_test_settings": (
        "読み取り可。モード: {mode}、有効な停止: {stops} 件",
        "read; mode: {mode}, active stops: {stops}",
    ),
    "ops.self_test_problem": ("使用不可: {why}", "unusable: {why}"),
    "ops.self_test_no_mode": (
        "全体のモードを読み取れません（observe として動作）",
        "the global mode cannot be read, so it only observes",
    ),
    "ops.self_test_told": ("SNS が受け付け済み", "accepted by SNS"),
    "ops.self_test_untold": ("SNS に送れません: {why}", "not accepted by SNS: {why}"),
    "ops.self_test_unknown": ("結果が記録されていません", "no result was recorded"),
    "ops.self_test_posted": ("投稿済み", "posted"),
    "ops.self_test_unposted": ("投稿できません（{code}）", "not posted ({code})"),
    "ops.self_test_slack_silent": ("時間内に投稿の結果が届きません", "no result in time"),
    "ops.self_test_slack_secret": (
        "シークレットを読み取れません（{code}）",
        "the secret could not be read ({code})",
    ),
    "ops.self_test_confirmed": (
        "確認済み（レベル: {levels}）。メールのリンクでは解除できません。",
        "confirmed (levels: {levels}); no link in a mail can unsubscribe it",
    ),
    "ops.self_test_every_level": ("すべて", "all"),
    "ops.self_test_by_link": (
        "確認済み（レベル: {levels}）。ただし、メールのリンクを開くだけで解除されます。",
        "confirmed (levels: {levels}), but the link in any mail unsubscribes it",
    ),
    "ops.self_test_renew": (
        "{address}: リンクでの解除を防ぐ手順: docs/first-deployment.ja.md の「宛先を確認する」",
        "{address}: to prevent that, see docs/first-deployment.md, Confirm the addresses.",
    ),
    "ops.self_test_pending": (
        "未確認。この宛先には何も届きません。",
        "not confirmed: nothing reaches this address",
    ),
    "ops.self_test_confirm": (
        "{address}: SNS の確認メールにあるリンクの Token= の値で確認する:\naws sns confirm-subscription "
        "--region {region} --topic-arn {topic} --authenticate-on-unsubscribe true --token TOKEN",
        "{address}: confirm it with the value of Token= in the link of the mail from SNS:\naws sns "
        "confirm-subscription --region {region} --topic-arn {topic} --authenticate-on-unsubscribe true "
        "--token TOKEN",
    ),
    "ops.self_test_gone": (
        "スタックには設定されていますが、登録されていません（確認の期限切れ、または解除）。",
        "configured in the stack, but not subscribed: the confirmation expired, or it was unsubscribed",
    ),
    "ops.self_test_subscribe": (
        "{address}: 再登録する:\naws sns subscribe --region {region} --topic-arn {topic} --protocol email "
        "--notification-endpoint {address}",
        "{address}: subscribe it again:\naws sns subscribe --region {region} --topic-arn {topic} "
        "--protocol email --notification-endpoint {address}",
    ),
    "ops.self_test_nobody": ("宛先が 1 件もありません。", "no address is configured"),
    "ops.self_test_unread": ("確認できません（{call}）", "could not be checked ({call})"),
    "ops.self_test_sent": ("CloudWatch が送信済み", "CloudWatch sent the alarm"),
    "ops.self_test_unsent": (
        "CloudWatch が送信した記録がありません",
        "CloudWatch has no record of sending the alarm",
    ),
    "ops.self_test_red": (
        "{count} 件に問題があります。アラームは元に戻しました。インシデントは作成していません。",
        "Failed: {count}. The alarm was set back to OK; no incident was opened.",
    ),
    "ops.self_test_green": (
        "問題はありません。アラームは元に戻しました。インシデントは作成していません。",
        "Nothing failed. The alarm was set back to OK; no incident was opened.",
    ),
}
