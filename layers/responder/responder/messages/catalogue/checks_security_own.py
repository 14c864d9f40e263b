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
        "このスタックのロールと管理ポリシー {count} 個に、テンプレートにない権限は見つかりませんでした。",
        "Nothing beyond the template was found in the roles and managed policies of this stack ({count}).",
    ),
    "check.security.roles.what": (
        "比べたもの: ポリシー、操作、リソース、条件、拒否（Deny）、信頼ポリシー。"
        "足りない権限は日次チェックで調べます",
        "Compared: policies, actions, resources, conditions, denials, trust. What is missing is a "
        "matter of the daily check",
    ),
    "check.security.role.wider": (
        "このスタックの {role} に、テンプレートにない権限があります: {names}。",
        "{role} of this stack has more than the template gives it: {names}.",
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
    "check.security.other_role": (
        "サービスの関数が、このチェックで調べているロール {role} 以外で動いています: {functions}。",
        "Functions of the service run under another role than {role}, which is the one looked at: "
        "{functions}.",
    ),
    "check.security.strange_role": (
        "このスタックの関数が、このスタックのものではないロールで動いています: {functions}。",
        "Functions of this stack run under a role that is not of this stack: {functions}.",
    ),
    "check.security.other_role.one": ("{function}: ロール {role}", "{function}: role {role}"),
    "check.security.caution.own": (
        "{role} から、次のサービスへの追加の権限がなくなります: {lost}。実行前に、"
        "追加した人に確認してください",
        "{role} loses what was added for: {lost}. Ask who added it first",
    ),
    "check.security.caution.layers": (
        "{functions} からレイヤーが外れます。監視などのために追加されたものか、"
        "追加した人に確認してから実行してください",
        "Takes the layer off {functions}. Ask who added it first: it may serve monitoring",
    ),
    "check.security.by_hand": (
        "sam deploy では元に戻りません。テンプレートが変わらない限り、手で加えた変更は残ります",
        "sam deploy does not take this back while the template stays as it is",
    ),
}
