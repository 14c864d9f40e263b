"""What the check of readiness says of people: their modes and pauses, who approves, who is told."""

MESSAGES: dict[str, tuple[str, str]] = {
    # Modes and pauses.
    "check.ready.modes": ("全体のモードは {mode} です。", "The global mode is {mode}."),
    "check.ready.mode_of": ("{remedy}: {mode}", "{remedy}: {mode}"),
    "check.ready.mode_observe": (
        "全体のモードが observe です。自動対応は何も変更しません。",
        "The global mode is observe: nothing is changed.",
    ),
    "check.ready.mode_missing": (
        "全体のモードがないか、読める値ではありません。observe とみなされ、何も変更しません。",
        "The global mode is missing or no mode; it counts as observe, and nothing is changed.",
    ),
    "check.ready.modes_observe": (
        "モードが observe のため、提案だけになる対応があります: {remedies}",
        "Only proposed, because their mode is observe: {remedies}",
    ),
    "check.ready.modes_missing": (
        "モードがないか読める値ではないため、observe とみなされる対応があります: {remedies}",
        "Without a readable mode, which counts as observe: {remedies}",
    ),
    "check.ready.modes_unread": (
        "モードと停止設定を読めません。自動対応は何も変更しません。{reason}。",
        "Modes and pauses could not be read, and nothing is changed then: {reason}.",
    ),
    "check.ready.stops_left": (
        "終わった停止設定が {count} 件残っています（watchdog が削除できていません）。",
        "Stops that have ended are left: {count}. The watchdog could not remove them.",
    ),
    "check.ready.no_pause": ("有効な停止設定はありません。", "No pause is in force."),
    # People.
    "check.ready.approvers": ("どの種類の対応にも承認者がいます。", "Every class of remedy has approvers."),
    "check.ready.approvers_of": ("{kind}: {count} 人", "{kind}: {count}"),
    "check.ready.no_approver": (
        "「{kind}」を承認できる人が登録されていません: {remedies}",
        "Nobody may approve what {kind}: {remedies}",
    ),
    "check.ready.one_approver": (
        "「{remedy}」には 2 人の承認が必要ですが、1 人しか登録されていません。",
        "{remedy} takes two people, and one is declared.",
    ),
    "check.ready.declare_approvers": (
        "設定文書（SSM の /スタック名/settings）に登録してください（docs/people.ja.md）。",
        "Register them in the settings document (/STACK/settings in SSM; see docs/people.md).",
    ),
    "check.ready.approver_arn": (
        "Slack を使わないスタックでは、承認者に IAM の ARN が必要です。",
        "Without Slack an approver needs an ARN of IAM as identity.",
    ),
    # Roles whose sessions are registered.
    "check.ready.roles_bound": (
        "登録されたロールは、どれもセッション名を本人の名前に固定しています（{count} 件）。",
        "Every registered role binds the names of its sessions to the people ({count}).",
    ),
    "check.ready.role_unbound": (
        "ロール {role} のセッションは人とみなしません。{people} はこのセッションでは回答できません: {why}。",
        "Sessions of the role {role} do not count as people, so {people} cannot answer with them: {why}.",
    ),
    "check.ready.role_unread": (
        "ロール {role} を確認できず、{people} のセッションを人とみなせるか分かりません。{reason}。",
        "Not known whether sessions of the role {role} count as people ({people}): {reason}.",
    ),
    "check.ready.bind_role": (
        "IAM Identity Center を使うか、信頼ポリシーでセッション名を固定してください（docs/people.ja.md）。",
        "Use IAM Identity Center, or force the name of the session in the trust policy (docs/people.md).",
    ),
    # Who hears it.
    "check.ready.listeners": (
        "レベル 1 から 4 まで、それぞれ通知を受け取る人がいます（購読 {count} 件）。",
        "Each level from 1 to 4 has somebody who hears it ({count} subscriptions).",
    ),
    "check.ready.level_unheard": (
        "レベル {level} の通知を受け取る人がいません。",
        "Nobody is subscribed for level {level}.",
    ),
    "check.ready.level_partly": (
        "レベル {level} の通知のうち、重要度「{severity}」のものが届かないことがあります。",
        "Not every message for level {level} of severity {severity} has somebody who hears it.",
    ),
    "check.ready.filtered": (
        "購読のフィルターポリシーを確認してください。",
        "See the filter policies of the subscriptions.",
    ),
    "check.ready.level_unknown": (
        "レベル {level} の通知を受け取る人がいるか分かりません。",
        "Not known whether somebody hears level {level}.",
    ),
    "check.ready.subscribe": (
        "スタックのパラメーター {parameter} にアドレスを設定し、届いたメールで確認してください。",
        "Set the stack's parameter {parameter}, and confirm the mail that comes.",
    ),
    "check.ready.unconfirmed": (
        "確認されていない購読が {count} 件あります。確認するまで何も届きません。",
        "Subscriptions that nobody has confirmed yet: {count}. Nothing arrives there.",
    ),
    "check.ready.listeners_unread": (
        "通知の購読を確認できません。{reason}。",
        "The subscriptions could not be read: {reason}.",
    ),
}
