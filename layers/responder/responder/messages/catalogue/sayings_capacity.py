"""What throttling and denied calls break, words inside their sentences, and what remains for a person."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "broken.sessions_table_throttles": (
        "Liveness のセッションテーブル（DynamoDB）への要求がスロットリングされています",
        "DynamoDB throttles requests to the liveness sessions table",
    ),
    "broken.create_session_throttles": (
        "セッション作成（CreateLivenessSession）の呼び出しが Lambda でスロットリングされています",
        "Lambda throttles session creation (CreateLivenessSession)",
    ),
    "broken.get_result_throttles": (
        "結果取得（GetLivenessResult）の呼び出しが Lambda でスロットリングされています",
        "Lambda throttles the fetching of results (GetLivenessResult)",
    ),
    "broken.images_access_denied": (
        "Liveness の処理が権限エラー（AccessDenied）になっています",
        "Liveness calls are denied (AccessDenied)",
    ),
    "say.reads": ("読み込み", "reads"),
    "say.writes": ("書き込み", "writes"),
    "say.limit.key_range": ("一部のキーへの集中", "one key range"),
    "say.limit.provisioned": ("プロビジョニング済み容量", "provisioned capacity"),
    "say.limit.account": ("アカウントの上限", "the limit of the account"),
    "say.limit.maximum": ("設定された最大スループット", "the maximum set on it"),
    "say.limit.unnamed": ("理由は不明", "the limit is not named"),
    "say.denial": (
        "{action} が {code} で {count} 件（{functions}、{reason}）",
        "{action} denied with {code}, {count} ({functions}; {reason})",
    ),
    "say.denied.not_allowed": ("ロールのポリシーに許可がない", "no policy of the role allows it"),
    "say.denied.role_denies": ("ロールのポリシーが明示的に拒否", "a policy of the role denies it"),
    "say.denied.bucket_denies": (
        "リソース側のポリシーが明示的に拒否",
        "the resource's policy denies it",
    ),
    "say.denied.not_granted": ("リソース側のポリシーに許可がない", "the resource's policy does not allow it"),
    "say.denied.boundary": ("権限境界", "permissions boundary"),
    "say.denied.organization": ("組織のポリシー（SCP / RCP）", "policy of the organization (SCP or RCP)"),
    "say.denied.endpoint": ("VPC エンドポイントポリシー", "VPC endpoint policy"),
    "say.denied.session": ("セッションポリシー", "session policy"),
    "say.denied.public_block": ("パブリックアクセスブロック", "public access block"),
    "say.denied.unsaid": ("AWS は理由を示していない", "AWS names no reason"),
    "say.target.ours": ("サービスのリソース", "the service's own resource"),
    "say.target.other": ("想定外のリソース", "a resource that is not the service's"),
    "say.target.unnamed": ("記載なし", "a resource that is not named"),
    "say.role.own": ("ロール {role}", "the role {role}"),
    "say.role.other": ("{role} 以外のロール", "another role than {role}"),
    "say.role.unnamed": ("記載なし", "a caller that is not named"),
    "step.spread_keys": (
        "どのキーに集中しているかを CloudWatch Contributor Insights で確認し、アクセスの分散を開発チームに依頼する。",
        "Find the hot keys with CloudWatch Contributor Insights and have the developers spread the requests.",
    ),
    "step.on_demand_maximum": (
        "テーブルの最大オンデマンドスループットを確認し、意図したものでなければ引き上げを開発チームに依頼する。",
        "Check the table's maximum on-demand throughput; if it is not intended, have the developers raise it.",
    ),
    "step.on_demand_key_range": (
        "どのキーに集中しているかを CloudWatch Contributor Insights で確認し、アクセスの分散を開発チームに依頼する。",
        "Find the hot keys with CloudWatch Contributor Insights and have the developers spread the requests.",
    ),
    "step.on_demand_account": (
        "Service Quotas で DynamoDB のテーブル単位のスループット上限の引き上げを申請する。先に呼び出しを減らす。",
        "Request a higher table-level throughput of DynamoDB in Service Quotas. Reduce the calls first.",
    ),
    "step.on_demand_unnamed": (
        "急な増加なら 30 分ほどでテーブルが追従する。続く場合は最大スループット、アカウントの上限、ホットキーを確認する。",
        "After a sudden rise the table catches up within about 30 min. If it lasts, check its maxima, the account's limits and hot keys.",
    ),
    "step.ask_who_switched_off": (
        "関数を止めた人と理由を確認する。意図したものなら元に戻さない。",
        "Ask who stopped the function and why. If it was meant, leave it.",
    ),
    "step.raise_reserved_concurrency": (
        "予約済み同時実行数の引き上げを開発チームに提案する（アカウントの共有枠を 100 以上残す）。",
        "Propose a higher reserved concurrency to the developers (leave at least 100 unreserved).",
    ),
    "step.raise_account_concurrency": (
        "Service Quotas で Lambda の同時実行数（Concurrent executions）の引き上げを申請し、枠を使っている他の関数を確認する。",
        "Request a higher Lambda quota (Concurrent executions) in Service Quotas, and see which other functions use it up.",
    ),
    "step.check_execution_role": (
        "関数の実行ロールが変更されていないか確認する。意図した変更なら、その権限を開発チームに確認する。",
        "Check whether the function's execution role was changed; if it was meant, ask the developers for its rights.",
    ),
    "step.send_no_public_acl": (
        "パブリックアクセスブロックは解除しない。公開 ACL・公開ポリシーを付けない要求に直すよう開発チームに依頼する。",
        "Do not lift the public access block. Have the developers send requests without public ACLs or policies.",
    ),
    "step.check_above": (
        "組織のポリシー、権限境界、VPC エンドポイントの管理者に確認する。サービスのロールを広げても直らない。",
        "Ask whoever owns the organization's policies, the boundary or the VPC endpoint. Widening the role cannot help.",
    ),
    "step.remove_deny": (
        "明示的な Deny は許可より優先される。Deny を追加した人と理由を確認し、開発チームと見直す。",
        "An explicit Deny beats every Allow. Ask who added it and why, and review it with the developers.",
    ),
    "step.review_bucket_deny": (
        "バケットポリシーの該当する Deny を、追加した人とセキュリティ責任者に確認する。意図した保護なら外さない。",
        "Review the Deny of the bucket policy with whoever added it and the security owner. If it protects on purpose, leave it.",
    ),
    "step.check_key": (
        "KMS キーポリシーとロールの KMS 権限（kms:GenerateDataKey、kms:Decrypt）、キーの状態を確認する。",
        "Check the key policy, the role's rights (kms:GenerateDataKey, kms:Decrypt) and the state of the key.",
    ),
}
