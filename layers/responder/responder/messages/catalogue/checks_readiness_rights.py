"""What the check of readiness says of the rights of our functions."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "check.ready.permission": (
        "{functions} 個のアラーム関数のロールで、対応に必要な {count} 件の操作がすべて許可されています"
        "（ポリシーシミュレーター）。",
        "The roles of {functions} alarm functions may make all {count} calls of remedies (as simulated).",
    ),
    "check.ready.permission_denied": (
        "対応に必要な操作のうち {count} 件が許可されていません。対応は実行時に失敗します。",
        "Calls of remedies that are not allowed, and would fail when they are needed: {count}.",
    ),
    "check.ready.denied": (
        "{function}: {resource} への {action} が許可されていません。",
        "{function} may not {action} on {resource}.",
    ),
    "check.ready.denied.explicit": (
        "{function}: {resource} への {action} が明示的に拒否（Deny）されています。",
        "{function}: an explicit Deny forbids {action} on {resource}.",
    ),
    "check.ready.denied.boundary": (
        "{function}: {resource} への {action} が、ロールのアクセス許可の境界（permissions boundary）で許可されていません。",
        "{function}: the permissions boundary of its role does not allow {action} on {resource}.",
    ),
    "check.ready.denied.organization": (
        "{function}: {resource} への {action} が、組織のサービスコントロールポリシー（SCP）で許可されていません。",
        "{function}: a service control policy of the organization does not allow {action} on {resource}.",
    ),
    "check.ready.permission_unread": (
        "対応の権限を確認できません。{reason}。",
        "The permissions of remedies could not be tried: {reason}.",
    ),
    "check.ready.permission_unclear": (
        "ポリシーシミュレーターが答えなかった操作があります: {actions}",
        "The policy simulator gave no answer about: {actions}",
    ),
    "check.ready.not_deployed": (
        "アラーム関数 {function} がありません。そのアラームには誰も応答しません。",
        "The alarm function {function} does not exist; nothing answers its alarm.",
    ),
    "check.ready.no_role": (
        "アラーム関数 {function} のロールがありません。この関数は動けません。",
        "The role of the alarm function {function} does not exist; the function cannot run.",
    ),
}
