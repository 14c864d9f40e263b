"""What only a message in Slack says: the state of the incident, its buttons, its calls."""

MESSAGES: dict[str, tuple[str, str]] = {
    "slack.unsolved": ("未解決", "unsolved"),
    "slack.escalated": ("未解決・要対応", "unsolved, act now"),
    "slack.normal": ("様子見（異常なし）", "watching, nothing to fix"),
    "slack.held": ("対処済み・効果を確認中", "remedy in force, not proven yet"),
    "slack.mitigated": ("緩和・復旧は未確認", "mitigated, recovery not proven"),
    "slack.recovered": ("復旧", "recovered"),
    "slack.closed": ("終了", "closed"),
    "slack.superseded": ("新しいインシデントに引き継ぎ", "continued in a newer incident"),
    "slack.asked": ("承認待ち", "waits for approval"),
    "slack.taken": ("対応中（{person}）", "taken by {person}"),
    "slack.title": ("{state} [{severity}] {alarm}", "{state} [{severity}] {alarm}"),
    "slack.calls": ("{level} への連絡です。", "Calling {level}."),
    "slack.pointer_link": ("インシデントのメッセージを開く", "Open the incident's message"),
    "slack.pointer_where": (
        "に、インシデント {incident} のメッセージがあります。",
        "has the message of incident {incident}.",
    ),
    "slack.pointer_at": (
        "{at} 時点 · この投稿は更新されません。最新の状態と操作ボタンは、当番のチャンネルにあります。",
        "As of {at} · this is not updated: how it stands now, and the buttons, are in on-call's channel.",
    ),
    "slack.unreached": (
        "{level} のチャンネル {channel} に連絡できませんでした（{code}）。担当者に直接連絡してください。",
        "{level} was not called in its channel {channel} ({code}). Call them yourself.",
    ),
    "slack.since": ("発報", "Since"),
    "slack.newest": ("{at} 時点 · 詳細はスレッド", "As of {at} · details in the thread"),
    "slack.more": ("… ほか {count} 件", "… and {count} more"),
    "slack.waits": ("承認待ち: {remedy}（{until} まで）", "Waits for approval: {remedy} (until {until})"),
    "slack.two_people": ("実行には 2 人の承認が必要です。", "Two people have to approve it."),
    "slack.unread": (
        "現在の設定は読めませんでした（{reason}）。最後に確認したのは {at} です",
        "What is set now could not be read ({reason}); last seen at {at}",
    ),
    "slack.in_force": ("有効な変更: {remedy}（{end}）", "In force: {remedy} ({end})"),
    "slack.acknowledge": ("対応する（ack）", "Acknowledge"),
    "slack.approve": ("承認", "Approve"),
    "slack.reject": ("却下", "Reject"),
    "slack.take_back": ("元に戻す", "Take back"),
    "slack.pause": ("自動対応を停止", "Pause automation"),
    "slack.sure": ("確認", "Are you sure?"),
    "slack.no": ("キャンセル", "Cancel"),
    "slack.sure_approve": (
        "「{remedy}」を承認します。{consequence}すぐに実行されます（2 人の承認が要るものは、そろってから）。",
        "You approve: {remedy}. {consequence} It is carried out at once (with two people, after the second).",
    ),
    "slack.sure_take_back": (
        "「{remedy}」を依頼します。承認が必要な場合は、先に承認を求めます。",
        "You order: {remedy}. Where that needs an approval, it is asked for first.",
    ),
    "slack.sure_pause": (
        "2 時間、すべての自動の変更を止めます（元に戻す操作も止まります）。調査と通知は続きます。",
        "For two hours nothing is changed automatically, nor taken back. Looking and telling go on.",
    ),
    "slack.graph": ("{alarm}（直近 3 時間）", "{alarm} (last 3 hours)"),
    "slack.no_graph": ("グラフを表示できません: {reason}。", "There is no graph: {reason}."),
    "slack.too_long": (
        "全文は Slack に入り切りません。メールかコンソールで確認してください。",
        "Too long for Slack. The whole text is in the e-mail.",
    ),
}
