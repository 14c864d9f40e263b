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
    "check.security.inline.gone": (
        "{role} に、手順書のインラインポリシー {policy} がありません。",
        "{role} lacks the inline policy that the manual names: {policy}.",
    ),
    "check.security.inline.unknown": (
        "{role} に、手順書にないインラインポリシー {policy} があります。",
        "{role} has an inline policy that the manual does not know: {policy}.",
    ),
    "check.security.who": (
        "必要なものか、追加した人に確認してください。不要なら delete-role-policy で削除できます",
        "Ask whoever added it; delete-role-policy removes it",
    ),
    "check.security.who.attached": (
        "サービスに必要なものか、アタッチした人に確認してから外してください",
        "Ask whoever attached it whether the service needs it, before it is detached",
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
    "check.security.boundary": (
        "アクセス許可の境界 {policy} があるため、実際の権限はその範囲に限られます",
        "The permissions boundary {policy} allows no more than it says itself",
    ),
    "check.security.wide.allowed": (
        "対象を絞らずに許可されている操作: {actions}",
        "Allowed without naming a resource: {actions}",
    ),
    "check.security.public": (
        "{bucket} のバケットポリシーが、誰にでもアクセスを許可しています。",
        "The bucket policy of {bucket} lets anybody in.",
    ),
    "check.security.foreign": (
        "{bucket} のバケットポリシーが、外部にアクセスを許可しています。",
        "The bucket policy of {bucket} lets outsiders in.",
    ),
    "check.security.conditional": (
        "{bucket} のバケットポリシーが、条件付きで外部にアクセスを許可しています。",
        "The bucket policy of {bucket} lets outsiders in under conditions.",
    ),
    "check.security.conditions": (
        "その条件で、意図しない相手を確実に除外できているか確認してください",
        "See whether the conditions really keep everybody else out",
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
    "check.security.plain": (
        "{bucket} に、TLS なしのアクセスを拒否するポリシーはありません（手順書でも求めていません）。",
        "No policy of {bucket} refuses access without TLS; the manual does not ask for one.",
    ),
    "check.security.plain.how": (
        "拒否したい場合は、このコマンドで設定できます。AWS SDK は標準で TLS を使うため影響を受けません",
        "The command makes it refuse that; AWS's SDKs use TLS by default and are not affected",
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
    "check.security.suspended": (
        "{bucket} のバージョニングは停止中です。これから上書き・削除される画像は復元できません。",
        "Versioning of {bucket} is suspended: what is deleted from now on cannot be restored.",
    ),
    "check.security.versions": ("{bucket} のバージョニング: {state}", "Versioning of {bucket}: {state}"),
}
