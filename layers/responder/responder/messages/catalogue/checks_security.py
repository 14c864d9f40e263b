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
    "check.security.part.acl": ("ACL（{bucket}）", "the ACL of {bucket}"),
    "check.security.part.ownership": (
        "オブジェクト所有者の設定（{bucket}）",
        "the object ownership setting of {bucket}",
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
    "check.security.trust.none": (
        "信頼ポリシーが Lambda を許可していないため、Lambda は {role} を引き受けられません。"
        "サービスの関数は実行できません。",
        "The trust policy does not let Lambda assume {role}: the functions of the service cannot run.",
    ),
    "check.security.who.trusted": (
        "デプロイや担当者が使っている場合があります。許可を外す前に、"
        "信頼ポリシーを追加した人に確認してください",
        "A deployment or a person may use it: ask who added it before it is taken out",
    ),
    "check.security.caution.trust": (
        "{who} はこのロールを引き受けられなくなります。実行前に、信頼ポリシーを追加した人に確認してください",
        "{who} can no longer assume the role. Ask who added it to the trust policy first",
    ),
    "check.security.trusted": ("許可先: {who}", "Let in: {who}"),
    "check.security.guest": ("許可先: {who}（{sid}）", "Let in: {who} ({sid})"),
    "check.security.guest.if": ("条件付きの許可先: {who}（{sid}）", "Let in under conditions: {who} ({sid})"),
    "check.security.inline.gone": (
        "{role} に、手順書のインラインポリシー {policy} がありません。",
        "{role} lacks the inline policy that the manual names: {policy}.",
    ),
    "check.security.inline.gone.out": (
        "{role} に、手順書のインラインポリシー {policy} がなく、必要な権限が足りません: {actions}。"
        "サービスは動作しません。",
        "{role} lacks the inline policy that the manual names, {policy}, and with it rights that the "
        "service needs: {actions}. The service does not work.",
    ),
    "check.security.lacks": (
        "{role} に、サービスに必要な権限が足りません: {actions}。ライブネス検査は動作しません。",
        "{role} lacks rights that the service needs: {actions}. The liveness check does not work.",
    ),
    "check.security.lacks.some": (
        "{role} に、サービスに必要な権限が足りません: {actions}。",
        "{role} lacks rights that the service needs: {actions}.",
    ),
    "check.security.lacks.if": (
        "{role} がサービスに必要な権限を持つかどうかは、条件またはキー自身のポリシーによります: {actions}。",
        "Whether {role} has the rights that the service needs depends on conditions or on "
        "a key's own policy: {actions}.",
    ),
    "check.security.lacks.none": (
        "{role} は、ライブネスの 2 つの関数に必要な権限を持っています。",
        "{role} has the rights that the two liveness functions need.",
    ),
    "check.security.needed": ("確認した権限: {actions}", "Rights looked for: {actions}"),
    "check.security.lack.absent": (
        "{action}: どのポリシーも許可していません。{effect}",
        "{action}: no policy allows it. {effect}",
    ),
    "check.security.lack.denied": (
        "{action}: 許可はありますが、明示的な拒否（Deny）またはアクセス許可の境界により使えません。{effect}",
        "{action}: allowed, but taken away by an explicit Deny or the permissions boundary. {effect}",
    ),
    "check.security.lack.if": (
        "{action}: 許可または拒否に条件があり、このチェックでは判定できません。{effect}",
        "{action}: allowed or denied under a condition, which this check does not judge. {effect}",
    ),
    "check.security.lack.key": (
        "{action}: ロールのどのポリシーも、バケットのキーに対して許可していません。"
        "キー自身のポリシーが許可している可能性があります。{effect}",
        "{action}: no policy of the role allows it on the bucket's key; the key's own policy may. {effect}",
    ),
    "check.security.without.kms": (
        "これがないと画像の保存と読み取りができません",
        "Without it no image can be stored or read",
    ),
    "check.security.without.vital": (
        "これがないとライブネス検査は動作しません",
        "Without it the liveness check does not work",
    ),
    "check.security.without.cloudwatch": (
        "これがないとメトリクスが送られず、アラームが反応しません",
        "Without it no metric is sent, and alarms stay silent",
    ),
    "check.security.without.logs": (
        "これがないとログが残らず、原因を調べられません",
        "Without it nothing is logged, and no cause can be found",
    ),
    "check.security.without.ec2": (
        "これがないと VPC 内の関数はネットワークに接続できなくなることがあります",
        "Without it functions in a VPC can lose their way to the network",
    ),
    "check.security.restore": (
        "サービスの CDK スタックを再デプロイするか、開発チームに権限の追加を依頼してください",
        "Deploy the service's CDK stack again, or ask the development team to add the rights",
    ),
    "check.security.taken": (
        "{role} に許可されている操作を、明示的な拒否（Deny）が打ち消しています: {actions}。",
        "A Deny takes away what the policies of {role} allow: {actions}.",
    ),
    "check.security.taken.more": (
        "サービスが使う操作であれば失敗します。拒否を追加した人に確認してください",
        "Where the service uses one of these, it fails. Ask who added the Deny",
    ),
    "check.security.inline.unknown": (
        "{role} に、手順書にないインラインポリシー {policy} があります。",
        "{role} has an inline policy that the manual does not know: {policy}.",
    ),
    "check.security.who": (
        "{policy} が必要なものか、追加した人に確認してください",
        "Ask who added {policy} whether the service needs it",
    ),
    "check.security.who.attached": (
        "サービスに必要なものか、アタッチした人に確認してから外してください",
        "Ask who attached it whether the service needs it, before it is detached",
    ),
    "check.security.attached.excess": (
        "手順書にないポリシー {policy} が {role} にアタッチされています。{found}",
        "A policy that the manual does not know, {policy}, is attached to {role}. {found}",
    ),
    "check.security.attached.needed": (
        "このポリシーを外すと、サービスに必要な権限がなくなります。"
        "先に必要な権限だけのポリシーを用意してください",
        "Without this policy the service lacks rights that it needs: first give it a policy of those alone",
    ),
    "check.security.caution.detach": (
        "外すと、次のサービスへの権限がなくなります: {lost}。ログイン（Cognito など）"
        "がこのポリシーに頼っていると失敗します。実行前に、アタッチした人と開発チームに確認してください",
        "Takes away all rights for: {lost}. Logins (Cognito and others) fail where they rely on it. Ask "
        "who attached it and the development team first",
    ),
    "check.security.lost.every": ("すべて", "everything"),
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
        "{role} の {policy} に、調べた種類の過大な許可は見つかりませんでした。",
        "None of the excessive rights looked for was found in {policy} of {role}.",
    ),
    "check.security.narrow.what": (
        "調べたもの: 権限の追加・別のロールとしての実行・他者へのアクセス許可につながる操作"
        "（{day} 時点の一覧）、サービスが使うと分かっていない変更や起動の操作、"
        "操作やリソースのワイルドカード、サービスのもの以外のデータ・鍵・関数への権限",
        "Looked for: actions that give rights, run code as another role or let others in (list of "
        "{day}), changes that the service is not known to make, wildcards in actions and resources, "
        "rights on data, keys and functions that are not the service's",
    ),
    "check.security.narrow.services": (
        "権限のあるサービス（個々の操作が必要かどうかは調べていません）: {services}",
        "Services with any right (whether each action is needed was not looked at): {services}",
    ),
    "check.security.escalates": (
        "{role} の {policy} により、自分の権限を増やすことや、別の権限で動くことができます: {actions}。",
        "{policy} of {role} lets it gain rights or act with those of others: {actions}.",
    ),
    "check.security.wide": (
        "{role} の {policy} に、"
        "サービスに必要と分かっている範囲を超える許可が {count} 件あります: {actions}。",
        "{policy} of {role} allows more than the service is known to need ({count}): {actions}.",
    ),
    "check.security.excess": ("{action} → {resource}: {why}", "{action} on {resource}: {why}"),
    "check.security.why.escalates": (
        "権限の追加、または別の権限での実行が可能",
        "gains rights, or acts with those of others",
    ),
    "check.security.why.grants": ("他者にアクセスを許可できる", "can let others in"),
    "check.security.why.unused": (
        "サービスが使うと分かっている操作ではない",
        "not among what the service is known to use",
    ),
    "check.security.why.others": (
        "サービスのもの以外にも及ぶ",
        "reaches what is not the service's",
    ),
    "check.security.why.wildcard": ("ワイルドカード", "a wildcard"),
    "check.security.why.includes": ("たとえば {actions} を含む", "includes {actions}"),
    "check.security.why.conditional": (
        "条件付き（条件は判定していません）",
        "under a condition, which is not judged",
    ),
    "check.security.excluded": (
        "明示的な拒否（Deny）またはアクセス許可の境界により使えないため、数えていません: {actions}",
        "Not counted, because a Deny or the permissions boundary takes it away: {actions}",
    ),
    "check.security.unjudged": (
        "IAM について、このチェックで調べていないことがあります。",
        "Some things about IAM are not looked at by this check.",
    ),
    "check.security.unjudged.more": (
        "調べていないもの: 組織の SCP・RCP、条件（Condition）の意味、個々の操作が本当に必要か、"
        "ログイン関数だけに必要な権限、ほかのリソース側のポリシー（KMS キー、キュー、"
        "シークレットなど）、オブジェクトごとの ACL、S3 アクセスポイント",
        "Not looked at: SCPs and RCPs of the organization, what conditions mean, whether each action is "
        "really needed, rights that only the login functions need, policies of other resources (KMS "
        "keys, queues, secrets), ACLs of single objects, S3 access points",
    ),
    "check.security.part.replication": ("{bucket} のレプリケーション", "the replication of {bucket}"),
    "check.security.replication.none": (
        "{bucket} にレプリケーションの設定はありません。",
        "{bucket} has no replication to another bucket.",
    ),
    "check.security.replication": (
        "{bucket} のオブジェクトが、別のバケットにコピーされています: {where}。",
        "Objects of {bucket} are copied to another bucket: {where}.",
    ),
    "check.security.replication.how": (
        "コピー先には、このバケットの保持期間もアクセス制御も適用されません。設定した人と目的を確認してください",
        "Neither retention nor access rules of this bucket hold for the copies: ask who set it and why",
    ),
    "check.security.part.shared": ("リソースポリシー（{names}）", "resource policies ({names})"),
    "check.security.shared.none": (
        "関数 {count} 件のリソースポリシーに、アカウント外への許可は見つかりませんでした。",
        "No outsider was found in the resource policies of {count} functions.",
    ),
    "check.security.shared.topic": (
        "通知トピック {name} のポリシーに、アカウント外への許可は見つかりませんでした。",
        "No outsider was found in the policy of the topic {name}.",
    ),
    "check.security.shared.which": ("確認した対象: {names}", "Looked at: {names}"),
    "check.security.shared.url": (
        "{name} は、関数 URL によりサインインなしで誰でも呼び出せます。",
        "Anybody can call {name} through a function URL, without signing in.",
    ),
    "check.security.shared.open": (
        "{name} のリソースポリシーが、アカウント外に許可を与えています: {who}。",
        "The resource policy of {name} lets outsiders in: {who}.",
    ),
    "check.security.shared.conditional": (
        "{name} のリソースポリシーが、条件付きでアカウント外に許可を与えています: {who}。",
        "The resource policy of {name} lets outsiders in under conditions: {who}.",
    ),
    "check.security.shared.deputy": (
        "{name} のリソースポリシーが、送信元を限定せずに AWS サービスを許可しています: {who}。",
        "The resource policy of {name} lets in AWS services without a source: {who}.",
    ),
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
        "{bucket} のバケットポリシーに、外部へのアクセス許可は見つかりませんでした。",
        "No statement that lets outsiders in was found in the bucket policy of {bucket}.",
    ),
    "check.security.closed.what": (
        "調べたもの: 匿名ユーザー、別のアカウント、フェデレーション、対象を限定しない AWS サービスへの許可",
        "Looked for: anonymous users, other accounts, federated users, AWS services without a named source",
    ),
    "check.security.deputy": (
        "{bucket} のバケットポリシーが、AWS サービス {who} に、"
        "誰のための操作かを限定せずにアクセスを許可しています。",
        "The bucket policy of {bucket} lets AWS services in for anyone's resources: {who}.",
    ),
    "check.security.deputy.how": (
        "別のアカウントが、そのサービスを使ってこのバケットにアクセスできます。"
        "aws:SourceAccount または aws:SourceArn の条件を加えてください",
        "Another account can have the service act on this bucket. Add a condition on aws:SourceAccount "
        "or aws:SourceArn",
    ),
    "check.security.guest.any": (
        "許可先: {who}（{sid}）。誰のための操作かの限定なし",
        "Let in: {who} ({sid}), for anyone",
    ),
    "check.security.guest.for": (
        "許可先: {who}（{sid}）。このアカウント以外のための操作も可能: {sources}",
        "Let in: {who} ({sid}), also for {sources}",
    ),
    "check.security.caution.tls": (
        "TLS を使わない {bucket} へのアクセスができなくなります。"
        "実行前に、バケットを使うチームに確認してください",
        "Requests to {bucket} without TLS are refused from then on. Ask the teams that use the bucket first",
    ),
    "check.security.caution.block": (
        "公開のポリシーや ACL で {bucket} にアクセスしている人は、アクセスできなくなります。"
        "実行前に、ブロックを外した人に確認してください",
        "Those who reach {bucket} by a public policy or ACL no longer can. Ask who lifted the block first",
    ),
    "check.security.caution.policy": (
        "{who} はこのバケットにアクセスできなくなります。実行前に、許可を追加した人に確認してください",
        "{who} can no longer reach the bucket. Ask who let them in first",
    ),
    "check.security.refused": (
        "{bucket} のバケットポリシーが、サービスのロール {role} を拒否しています: {actions}（{sids}）。",
        "The bucket policy of {bucket} keeps the service's role {role} out: {actions} ({sids}).",
    ),
    "check.security.refused.if": (
        "{bucket} のバケットポリシーが、"
        "条件によってサービスのロール {role} を拒否します: {actions}（{sids}）。",
        "Under a condition the bucket policy of {bucket} keeps the service's role {role} out: {actions} "
        "({sids}).",
    ),
    "check.security.acl.off": (
        "{bucket} では ACL が無効です（BucketOwnerEnforced）。",
        "ACLs do not count in {bucket} (BucketOwnerEnforced).",
    ),
    "check.security.acl.none": (
        "{bucket} の ACL に、所有者以外への許可は見つかりませんでした。",
        "No grant to anyone but the owner was found in the ACL of {bucket}.",
    ),
    "check.security.acl.objects": (
        "ACL が有効なため、オブジェクトごとの ACL でも許可できます。それらは調べていません",
        "ACLs count in this bucket, so objects can have their own; those are not looked at",
    ),
    "check.security.acl.red": (
        "{bucket} の ACL が、所有者以外にアクセスを許可しています: {who}。",
        "The ACL of {bucket} lets others than the owner in: {who}.",
    ),
    "check.security.acl.amber": (
        "{bucket} の ACL に、所有者以外への許可が残っています: {who}。",
        "The ACL of {bucket} still has grants to others than the owner: {who}.",
    ),
    "check.security.acl.grant": ("{who}: {right}", "{who}: {right}"),
    "check.security.acl.how": (
        "パブリックアクセスブロックが止めるのは、全員への許可だけです。誰が必要としているかを確認し、"
        "不要なら ACL を private に戻して BucketOwnerEnforced を設定してください",
        "The public access block only stops what is for everyone. Ask who needs the access. Where it is "
        "not needed, set the ACL to private and BucketOwnerEnforced",
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
    "check.security.encrypted.unset": (
        "{bucket} にデフォルト暗号化の設定はありません。"
        "新しいオブジェクトは S3 が AES256 で暗号化します（2023 年 1 月以降の仕様）。",
        "{bucket} has no default encryption set; S3 itself encrypts new objects with AES256 (since "
        "January 2023).",
    ),
    "check.security.encrypted.foreign": (
        "{bucket} は別のアカウントの KMS キーで暗号化されます: {key}。そのアカウントがキーを止めると、"
        "画像を読めなくなります。",
        "{bucket} is encrypted with a KMS key of another account: {key}. If that account stops the key, "
        "images cannot be read.",
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
