"""What the console says while it brings something back."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "ops.step": ("手順 {number}: {said}", "Step {number}: {said}"),
    "ops.doing": ("手順 {number} を実行しています: {said}", "Step {number} is being done: {said}"),
    "ops.rehearsed": (
        "ここまでは表示だけで、何も変更していません。実行するには --yes を付けてください。",
        "Nothing was changed. With --yes it is done as shown.",
    ),
    "ops.step_failed": (
        "手順 {number} に失敗しました（{call}）。それより前の手順は完了しています。残りの手順は上記のとおりです。",
        "Step {number} failed ({call}); what came before it is done, what is left is shown above.",
    ),
    "ops.step_waits": (
        "テーブル {table} はまだ作成中です。ACTIVE になったら、上記の残りの手順を実行してください。",
        "The table {table} is still being made. Once it is ACTIVE, run the steps shown above that are left.",
    ),
    "ops.steps_left": ("残りの手順:", "Left to do:"),
    "ops.restoring": (
        "{made} のバックアップ {backup} から、新しいテーブル {table} を作成します。既存のテーブルは変更しません。",
        "The backup {backup} of {made} becomes a new table {table}; no table that exists is changed.",
    ),
    "ops.resuming": (
        "テーブル {table} は、{made} のバックアップ {backup} から作成されています。足りないものだけを設定し、すでにある設定は変更しません。",
        "The table {table} was made from the backup {backup} of {made}; it gets what it lacks, what it has stays.",
    ),
    "ops.nothing_missing": (
        "テーブル {table} に足りないものはありません。",
        "The table {table} lacks nothing.",
    ),
    "ops.run_again": (
        "同じコマンドをもう一度実行すると、足りないものだけを設定します。",
        "The same command again goes on with what is missing.",
    ),
    "ops.alarm_exists": (
        "アラーム {alarm} が作成されていたため、上書きしませんでした。",
        "Somebody made an alarm {alarm} meanwhile; it is not written over.",
    ),
    "ops.restored": ("テーブル {table} を作成しました。", "The table {table} is there."),
    "ops.by_hand": ("このあと人が行うこと:", "Left for a person:"),
    "ops.step_restore": (
        "テーブル {table} を作成し、ACTIVE になるのを待つ",
        "make the table {table} and wait until it is ACTIVE",
    ),
    "ops.step_restore_on_demand": (
        "テーブル {table} を、今の元テーブルと同じオンデマンドで作成し、ACTIVE になるのを待つ",
        "make the table {table}, on demand as the old one is today, and wait until it is ACTIVE",
    ),
    "ops.step_wait": (
        "作成中のテーブル {table} が ACTIVE になるのを待つ",
        "wait until the table {table}, which is being made, is ACTIVE",
    ),
    "ops.step_ttl": ("TTL を {attribute} で有効にする", "switch TTL on, by {attribute}"),
    "ops.step_pitr": (
        "ポイントインタイムリカバリを有効にする（{days} 日間）",
        "switch point-in-time recovery on ({days} days)",
    ),
    "ops.step_tags": ("タグ {count} 個を付ける", "put its {count} tags"),
    "ops.step_target": (
        "オートスケーリングの対象を登録する: {dimension}",
        "register with auto scaling: {dimension}",
    ),
    "ops.step_policy": ("スケーリングポリシーを設定する: {dimension}", "put its scaling policy: {dimension}"),
    "ops.step_action": (
        "スケジュールされたスケーリング {name} を設定する: {dimension}",
        "put its scheduled scaling {name}: {dimension}",
    ),
    "ops.step_alarm": ("アラーム {alarm} を作成する", "make the alarm {alarm}"),
    "ops.hand_rights": (
        "- 使う関数の設定と、ロール {role} の権限を {table} に向ける（バックアップには含まれません）",
        "- point the functions and the rights of the role {role} at {table} (no backup has them)",
    ),
    "ops.hand_alarms": (
        "- 次のアラームは自動では作成できないため、{table} 用に作成する: {alarms}",
        "- make these alarms for {table}, which cannot be put again by a machine: {alarms}",
    ),
    "ops.hand_on_demand": (
        "- {table} はオンデマンドのため、容量とオートスケーリングは設定していません。プロビジョンドに戻すときに設定する",
        "- {table} is on demand, so no capacity and no auto scaling is set: set them when it is to be provisioned",
    ),
    "ops.hand_indexes": (
        "- バックアップにないインデックスのオートスケーリングは {table} に設定していません: {indexes}",
        "- the backup has no such index, so {table} has no auto scaling for it: {indexes}",
    ),
    "ops.hand_also": (
        "- 元のテーブルにある設定を付ける: {settings}",
        "- set what the old table has: {settings}",
    ),
    "ops.hand_gone": (
        "- 元のテーブル {table} がないため、タグは読めませんでした。TTL はバックアップ時の設定です",
        "- the table {table} is gone: its tags could not be read; TTL is as it was in the backup",
    ),
    "ops.hand_rows": (
        "- セッションは 10 分で期限が切れるため、戻した行のほとんどはもう使われません",
        "- sessions end after ten minutes: most of the rows that come back are of no more use",
    ),
    "ops.table_exists": (
        "テーブル {table} はすでにあります。上書きはしません。--to で別の名前を指定してください。",
        "There is a table {table} already, and nothing is overwritten; name another one with --to.",
    ),
    "ops.table_name": (
        "--to はテーブル名です（英数字と _ . - で 3〜255 文字）。",
        "--to has to be the name of a table: 3 to 255 letters, digits, _, . and -.",
    ),
    "ops.backups": ("{table} のバックアップ（{count} 個）", "{count} backups of {table}"),
    "ops.backup_line": ("{made} {backup}（{what}）", "{made} {backup} ({what})"),
    "ops.backup_making": ("作成中", "being made"),
    "ops.backup_ours": ("保存期間内", "kept"),
    "ops.backup_over": ("保存期間切れ", "over its time"),
    "ops.backup_other": ("ほかの名前のため自動削除の対象外", "another name: never deleted by us"),
    "ops.step_backup": ("バックアップ {backup} を作成する", "make the backup {backup}"),
    "ops.step_prune": (
        "保存期間を過ぎたバックアップ {backup} を削除する",
        "delete {backup}, which is over its time",
    ),
    "ops.backup_made": (
        "リストアできるバックアップがあります: {backup}",
        "There is a backup that can be restored: {backup}",
    ),
    "ops.backups_pruned": (
        "保存期間を過ぎたため削除しました: {backups}",
        "Over their time and deleted: {backups}",
    ),
    "ops.no_backup": (
        "{table} のリストアできるバックアップがありません。",
        "There is no backup of {table} that could be restored.",
    ),
    "ops.backup_unknown": ("そのバックアップはありません。", "There is no such backup."),
    "ops.backup_unfit": (
        "これは {table} のリストアできるバックアップではありません。",
        "That is no backup of {table} that could be restored.",
    ),
}
