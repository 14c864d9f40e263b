"""What the scheduled checks say of the sessions table."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "check.table.on_demand": (
        "{table} はオンデマンド課金です（デプロイ時と同じ）。",
        "{table} is billed on demand, as it was deployed.",
    ),
    "check.table.provisioned": (
        "{table} はプロビジョニング済みキャパシティ（読み込み {read}、書き込み {write}）です。デプロイ時はオンデマンドで、混雑時にスロットリングします。",
        "{table} has provisioned capacity (read {read}, write {write}); as deployed it is on demand. At a busy minute it is throttled.",
    ),
    "check.table.provisioned.limit": (
        "オンデマンドへの切り替えは 24 時間に 4 回までです。CDK にも同じ設定があるか確認してください",
        "It can be switched to on-demand four times in 24 hours. See whether the CDK stack says the same",
    ),
    "check.table.encrypted_by_aws.drift": (
        "デプロイ時は AWS マネージドキー（KMS、aws/dynamodb）です。AWS 所有のキーでは、キーの利用が CloudTrail に残りません",
        "As deployed it is encrypted with the AWS managed key (KMS, aws/dynamodb); with a key that AWS owns CloudTrail shows no use of the key",
    ),
    "check.table.part.items": ("{table} の設定と件数", "the settings and items of {table}"),
    "check.table.part.ttl": ("{table} の TTL の設定", "the setting of TTL of {table}"),
    "check.table.part.pitr": (
        "{table} のポイントインタイムリカバリの設定",
        "point-in-time recovery of {table}",
    ),
    "check.table.part.encryption": ("{table} の暗号化", "the encryption of {table}"),
    "check.table.gone": ("テーブル {table} がありません: {reason}。", "There is no table {table}: {reason}."),
    "check.table.items": ("{table} は {count} 件、{size} です。", "{table} holds {count} items, {size}."),
    "check.table.six_hours": (
        "件数とサイズは、DynamoDB が約 6 時間ごとに更新する値です",
        "DynamoDB updates these figures about every six hours",
    ),
    "check.table.many": (
        "{most} 件を超えています。TTL による削除が追いついているか確認してください",
        "More than {most}: see whether TTL still deletes them",
    ),
    "check.table.ttl": (
        "{table} の TTL は {attribute} で有効です。",
        "TTL of {table} is on, by {attribute}.",
    ),
    "check.table.ttl.off": (
        "{table} の TTL が無効です。{wanted} を過ぎたセッションが残り続けます。",
        "TTL of {table} is off: sessions stay after {wanted}.",
    ),
    "check.table.ttl.other": (
        "{table} の TTL が {wanted} ではなく {attribute} を見ています。",
        "TTL of {table} looks at {attribute}, not at {wanted}.",
    ),
    "check.table.caution.ttl_on": (
        "{table} で {wanted} を過ぎているすべての行が約 2 日以内に削除され、元に戻せません。調査に必要な行がないか、実行前にデータの責任者に確認してください",
        "Every row of {table} that is past {wanted} is deleted for good within about two days. Ask the owner of the data first whether an investigation needs any",
    ),
    "check.table.caution.ttl_off": (
        "{attribute} による行の削除が止まります。実行前に、この属性を設定した人に確認してください",
        "Rows are no longer deleted by {attribute}. Ask who chose that attribute first",
    ),
    "check.table.caution.provisioned": (
        "設定されたキャパシティとその費用の上限がなくなります。実行前に、切り替えた人（CloudTrail の UpdateTable）に確認してください",
        "The capacity that was set, and with it the limit to its cost, is gone. Ask who switched it first (CloudTrail, UpdateTable)",
    ),
    "check.table.ttl.first_off": (
        "いったん無効にし、1 時間以上たってから expires_at で有効にしてください",
        "Switch it off first; it can be switched on by expires_at an hour later",
    ),
    "check.table.ttl.disabling": (
        "いま無効化の処理中です。有効に戻せるのは、無効にしてから約 1 時間後です",
        "It is being switched off right now; it can be switched on again about an hour after that",
    ),
    "check.table.ttl.late": (
        "削除は通常 2 日以内で、10 分後ではありません。それまでは期限切れの行も読み出されます",
        "Rows are deleted within two days as a rule, not after ten minutes, and can be read until then",
    ),
    "check.table.pitr": (
        "{table} はポイントインタイムリカバリが有効です（{days} 日間）。",
        "Point-in-time recovery of {table} is on ({days} days).",
    ),
    "check.table.pitr.short": (
        "{table} のポイントインタイムリカバリは {days} 日前までしか戻せません（目安は {least} 日以上）。",
        "Point-in-time recovery of {table} goes back no more than {days} days (at least {least} to reach the weekly backup).",
    ),
    "check.table.pitr.off": (
        "{table} のポイントインタイムリカバリが無効です。",
        "Point-in-time recovery of {table} is off.",
    ),
    "check.table.key_lost": (
        "{table} は暗号化キーを使えなくなっています。そのままでは 7 日後にアーカイブされます。",
        "{table} cannot use its encryption key any more; it is archived after seven days of this.",
    ),
    "check.table.encrypted": (
        "{table} は KMS キーで暗号化されています。",
        "{table} is encrypted with a key of KMS.",
    ),
    "check.table.encrypted_by_aws": (
        "{table} は AWS 所有のキーで暗号化されています（SSEDescription なし）。",
        "{table} is encrypted with a key that AWS owns (no SSEDescription).",
    ),
}
