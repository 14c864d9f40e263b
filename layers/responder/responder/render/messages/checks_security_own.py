"""What the monthly security audit says of our own stack."""

MESSAGES: dict[str, tuple[str, str]] = {
    "check.security.no_functions": (
        "スタック {stack} の Lambda 関数が見つかりません。",
        "No function of the stack {stack} was found.",
    ),
    "check.security.layers": (
        "このスタックの関数 {count} 個は、このアカウントのレイヤーだけを使っています。",
        "All functions of this stack ({count}) use layers of this account only.",
    ),
    "check.security.layers.foreign": (
        "このスタックの関数が、別のアカウントのレイヤーを使っています（{count} 件）。",
        "Functions of this stack use layers of another account: {count}.",
    ),
    "check.security.layer": ("{function}: {layer}", "{function}: {layer}"),
    "check.security.no_roles": (
        "スタック {stack} のテンプレートからロールを読み取れません。",
        "No role could be read from the template of the stack {stack}.",
    ),
    "check.security.roles": (
        "このスタックのロールと管理ポリシー {count} 個の権限は、テンプレートの範囲内です。",
        "All roles and managed policies of this stack ({count}) have only what the template gives.",
    ),
    "check.security.role.wider": (
        "このスタックの {role} に、テンプレートにない権限があります。",
        "{role} of this stack has more than the template gives it.",
    ),
    "check.security.beyond.inline": (
        "追加されたインラインポリシー: {names}",
        "Inline policies added: {names}",
    ),
    "check.security.beyond.attached": (
        "追加でアタッチされたポリシー: {names}",
        "Policies attached besides: {names}",
    ),
    "check.security.beyond.actions": (
        "テンプレートのポリシーに加えられた、または広げられた許可: {names}",
        "Added to the template's own policies, or allowed on more: {names}",
    ),
    "check.security.beyond.trusted": (
        "テンプレートにないのに、このロールを引き受けられる相手: {names}",
        "May assume the role besides: {names}",
    ),
    "check.security.beyond.undenied": (
        "テンプレートにあり、今は外されている拒否（Deny）: {names}",
        "Denied by the template, but not any more: {names}",
    ),
    "check.security.by_hand": (
        "sam deploy では元に戻りません。テンプレートが変わらない限り、手で加えた変更は残ります",
        "sam deploy does not take this back while the template stays as it is",
    ),
}
