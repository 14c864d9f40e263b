"""What the monthly security audit says."""

MESSAGES: dict[str, tuple[str, str]] = {
    "check.security.part.trust": ("ロール {role} の信頼ポリシー", "the trust policy of the role {role}"),
    "check.security.part.inline": (
        "ロール {role} のインラインポリシー",
        "the inline policies of the role {role}",
    ),
    "check.security.part.attached": (
        "ロール {role} のアタッチ済みポリシー",
        "the attached policies of the role {role}",
    ),
    "check.security.part.policy": ("ポリシー {policy}", "the policy {policy}"),
    "check.security.part.bucket_policy": ("バケットポリシー（{bucket}）", "the bucket policy of {bucket}"),
    "check.security.part.block": (
        "パブリックアクセスブロック（{bucket}）",
        "the public access block of {bucket}",
    ),
    "check.security.part.encryption": ("暗号化設定（{bucket}）", "the encryption of {bucket}"),
    "check.security.part.versions": ("バージョニング（{bucket}）", "versioning of {bucket}"),
    "check.security.part.functions": ("このスタックの Lambda 関数", "the functions of this stack"),
    "check.security.part.stack": ("スタック {stack} のテンプレート", "the template of the stack {stack}"),
    "check.security.part.roles": ("このスタックのロール {count} 個", "roles of this stack ({count})"),
    "check.security.trust": (
        "{role} を引き受けられるのは Lambda だけです。",
        "Only Lambda can assume {role}.",
    ),
    "check.security.trust.wide": (
        "{role} を Lambda 以外も引き受けられます。",
        "Others than Lambda can assume {role}.",
    ),
    "check.security.trusted": ("許可先: {who}", "Let in: {who}"),
    "check.security.guest": ("許可先: {who}（{sid}）", "Let in: {who} ({sid})"),
    "check.security.guest.if": ("条件付きの許可先: {who}（{sid}）", "Let in under conditions: {who} ({sid})"),
    "check.security.inline.unknown": (
        "{role} に、手順書にないインラインポリシー {policy} があります。",
        "{role} has an inline policy that the manual does not know: {policy}.",
    ),
    "check.security.who": (
        "必要なものか、追加した人に確認してください。不要なら delete-role-policy で削除できます",
        "Ask whoever added it; delete-role-policy removes it",
    ),
    "check.security.attached": (
        "{role} にアタッチされたポリシーは、Lambda の実行用だけです: {names}。",
        "Attached to {role} are only policies for running on Lambda: {names}.",
    ),
    "check.security.attached.none": ("なし", "none"),
    "check.security.attached.unknown": (
        "{role} に、手順書にないポリシー {policy} がアタッチされています。",
        "A policy that the manual does not know is attached to {role}: {policy}.",
    ),
    "check.security.narrow": (
        "{role} の {policy} に、広すぎる許可はありません。",
        "{policy} of {role} allows nothing too wide.",
    ),
    "check.security.wide": (
        "{role} の {policy} に、ワイルドカードによる広すぎる許可が {count} 件あります。",
        "{policy} of {role} allows too much by wildcards: {count}.",
    ),
    "check.security.wide.one": ("{action} → {resource}", "{action} on {resource}"),
    "check.security.wide.allowed": (
        "すべてのリソースに許可されている操作（データを持つサービスではありません）: {actions}",
        "Allowed on every resource, of services that hold no data of others: {actions}",
    ),
    "check.security.public": (
        "{bucket} のバケットポリシーが、誰にでもアクセスを許可しています。",
        "The bucket policy of {bucket} lets anybody in.",
    ),
    "check.security.foreign": (
        "{bucket} のバケットポリシーが、外部にアクセスを許可しています。",
        "The bucket policy of {bucket} lets outsiders in.",
    ),
    "check.security.closed": (
        "{bucket} のバケットポリシーは、外部にアクセスを許可していません。",
        "The bucket policy of {bucket} lets nobody in from outside.",
    ),
    "check.security.tls": (
        "{bucket} は TLS なしのアクセスを拒否します。",
        "{bucket} refuses access without TLS.",
    ),
    "check.security.no_tls": (
        "{bucket} に、TLS なしのアクセスを拒否するポリシーがありません。",
        "No policy of {bucket} refuses access without TLS.",
    ),
    "check.security.blocked": (
        "{bucket} のパブリックアクセスブロックは、4 項目とも有効です。",
        "The public access block of {bucket} is on, all four parts.",
    ),
    "check.security.not_blocked": (
        "{bucket} のパブリックアクセスブロックに無効な項目があります: {names}。",
        "Parts of the public access block of {bucket} are off: {names}.",
    ),
    "check.security.encrypted": ("{bucket} は {how} で暗号化されます。", "{bucket} is encrypted with {how}."),
    "check.security.no_versions": (
        "{bucket} のバージョニングが無効です。削除された画像は復元できません。",
        "Versioning of {bucket} is off: what is deleted cannot be restored.",
    ),
    "check.security.no_versions.how": (
        "旧バージョンの有効期限と必ず一緒に有効にします。期限がないと、顔画像が約束の日数を超えて残ります",
        "Only together with an end for old versions, else faces outlive the days promised",
    ),
    "check.security.versions": ("{bucket} のバージョニング: {state}", "Versioning of {bucket}: {state}"),
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
        "このスタックのロール {count} 個の権限は、テンプレートの範囲内です。",
        "All roles of this stack ({count}) have only what the template gives.",
    ),
    "check.security.roles.wider": (
        "このスタックのロール {count} 個に、テンプレートにない権限があります。",
        "Roles of this stack have more than the template gives: {count}.",
    ),
    "check.security.role.wider": ("{role}: {what}", "{role}: {what}"),
}
