"""What is said of the rehearsal of a restore."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "checks.rhythm.rehearsal": ("リストア訓練", "Restore rehearsal"),
    "checks.section.rehearsal": ("リストア訓練", "Restore rehearsal"),
    "cause.rehearsal_failed": (
        "リストア訓練を実行できませんでした。サービスには影響ありません。バックアップからリストアできるかどうかは確認できていません",
        "The restore rehearsal could not be carried out. The service itself is not affected; whether a backup can be restored is not known",
    ),
    "check.rehearsal.part": ("前回のリストア訓練の記録", "the record of the last restore rehearsal"),
    "check.rehearsal.tables": ("訓練用テーブルの残り", "whether tables of rehearsals are left"),
    "check.rehearsal.table": ("訓練用テーブル {table}", "the rehearsal table {table}"),
    "check.rehearsal.off": (
        "{table} のバックアップのリストア訓練は、設定 restore_rehearsal が false のため行っていません。バックアップからリストアできるかどうかは確認していません。",
        "Restoring a backup of {table} is not rehearsed (the setting restore_rehearsal is false): whether one can be restored is not known.",
    ),
    "check.rehearsal.never": (
        "{table} のバックアップのリストア訓練は、まだ一度も行われていません。有効にした後の最初の 10 時に始まります。",
        "Restoring a backup of {table} has not been rehearsed yet; the first rehearsal begins at 10:00 after it was switched on.",
    ),
    "check.rehearsal.schedule": (
        "前日もこの表示だった場合は、スケジュールを確認してください: aws scheduler get-schedule --region {region} --name {function}",
        "If this was here the day before, look at its schedule: aws scheduler get-schedule --region {region} --name {function}",
    ),
    "check.rehearsal.would_cost": (
        "バックアップ {backup} のリストア訓練 1 回の料金は約 {cost} です（us-east-1 の定価。リストアしたサイズ、テーブルがある間の保存、1 回の読み取り）。",
        "One rehearsal with the backup {backup} would cost about {cost} (list price of us-east-1: its size restored, kept while the table is there, read once).",
    ),
    "check.rehearsal.nothing_to_restore": (
        "{table} には、リストアできるオンデマンドバックアップがありません。訓練しても料金はかかりません。",
        "There is no on-demand backup of {table} that could be restored; a rehearsal would cost nothing.",
    ),
    "check.rehearsal.pending": (
        "{day} のリストア訓練は実行中です（バックアップ {backup}、テーブル {table}）。",
        "The restore rehearsal of {day} is under way (backup {backup}, table {table}).",
    ),
    "check.rehearsal.restored": (
        "バックアップ {backup} を実際にリストアできました（{day}）。{minutes} 分以内に完了し、キーとインデックスは一致、件数は {items} 件（バックアップ時の記録は約 {expected} 件）です。",
        "The backup {backup} was really restored ({day}), within {minutes} minutes: keys and indexes are the same, {items} items (about {expected} when it was made).",
    ),
    "check.rehearsal.differs": (
        "バックアップ {backup} からリストアしたテーブルは、元のテーブルと異なります（{day}）: {what}",
        "The table restored from the backup {backup} differs from the one it was made of ({day}): {what}",
    ),
    "check.rehearsal.outdated": (
        "バックアップ {backup} はリストアできましたが、現在のテーブルとはキーまたはインデックスが異なります（{day}）: {what}。バックアップの後に変更されています。",
        "The backup {backup} was restored, but the table of today has other keys or indexes ({day}): {what}. They were changed after it was made.",
    ),
    "check.rehearsal.fewer": (
        "バックアップ {backup} からリストアしたテーブルは {items} 件しかありません。バックアップ時の記録は約 {expected} 件です（{day}）。",
        "The table restored from the backup {backup} has only {items} items; there were about {expected} when it was made ({day}).",
    ),
    "check.rehearsal.more": (
        "バックアップ {backup} からリストアしたテーブルは {items} 件あり、バックアップ時の記録（約 {expected} 件）よりはるかに多くなっています（{day}）。",
        "The table restored from the backup {backup} has {items} items, far more than the {expected} or so when it was made ({day}).",
    ),
    "check.rehearsal.empty": (
        "バックアップ {backup} からリストアしたテーブルは空です。バックアップ時の記録は約 {expected} 件です（{day}）。",
        "The table restored from the backup {backup} is empty; there were about {expected} items when it was made ({day}).",
    ),
    "check.rehearsal.cut": (
        "バックアップ {backup} はリストアできましたが、件数は {items} 件まで数えて打ち切りました。バックアップ時の記録は約 {expected} 件で、比較できていません（{day}）。",
        "The backup {backup} was restored, but counting was cut at {items} items; about {expected} were there when it was made, so that the count is not compared ({day}).",
    ),
    "check.rehearsal.refused": (
        "バックアップ {backup} をリストアできません。AWS の応答: {code}（{day}）。",
        "The backup {backup} cannot be restored: AWS answers {code} ({day}).",
    ),
    "check.rehearsal.late": (
        "バックアップ {backup} のリストアが 5 時間たっても完了しません。テーブル {table} の状態: {status}（{day}）。",
        "Restoring the backup {backup} was not finished after five hours; the table {table} is {status} ({day}).",
    ),
    "check.rehearsal.no_backup": (
        "リストア訓練を行っていません（{day}）。リストアできるオンデマンドバックアップがありません。AWS Backup とポイントインタイムリカバリからのリストアは訓練の対象外です。",
        "Not rehearsed ({day}): there is no on-demand backup that can be restored. Restoring from AWS Backup or to a point in time is not rehearsed.",
    ),
    "check.rehearsal.foreign": (
        "リストア訓練を行っていません（{day}）。この訓練のものではないテーブル {table} が既にあります。",
        "Not rehearsed ({day}): there is a table {table} that this rehearsal did not make.",
    ),
    "check.rehearsal.unread": (
        "リストア訓練を最後まで行えませんでした（{day}）。AWS が許可しなかった操作: {code}。バックアップの良否は分かりません。",
        "The rehearsal could not be carried out ({day}): AWS refused us {code}, which says nothing of the backup.",
    ),
    "check.rehearsal.untouched": (
        "{table} には触れていません。不要と確認できたら、作成した人が削除してください",
        "{table} was not touched; its owner has to delete it once nobody needs it",
    ),
    "check.rehearsal.of": (
        "対象: {backup}（{made} 作成、{size}）",
        "Of {backup}, made at {made}, {size}",
    ),
    "check.rehearsal.margin": (
        "バックアップ時の件数は DynamoDB が約 6 時間ごとに更新する概数です。その間に増減しうる {least} 件または {percent}% までの差は一致とみなします",
        "The count of then is DynamoDB's, renewed every six hours or so: up to {least} items or {percent}%, which may come or expire in that time, count as the same",
    ),
    "check.rehearsal.cost": (
        "この訓練の料金は約 {cost}（us-east-1 の定価）",
        "This rehearsal cost about {cost} (list price of us-east-1)",
    ),
    "check.rehearsal.untested": (
        "確認していないもの: 項目の内容、元のキャパシティ（訓練はオンデマンドで行います）、TTL、ポイントインタイムリカバリ、オートスケーリング、タグ、ストリーム、削除保護、アラーム、サービスのロールの権限。いずれもリストアでは戻りません。liveness-ops restore-table が設定します",
        "Not tested: what stands in the items, the capacity of before (it is restored on demand), and what no restore brings back: TTL, point-in-time recovery, auto scaling, tags, streams, deletion protection, alarms, the service's rights on the new table. liveness-ops restore-table puts most of it again and names the rest",
    ),
    "check.rehearsal.old": (
        "最後のリストア訓練は {day} で、{days} 日を過ぎています。起動していないか、記録を保存できていません。",
        "The last restore rehearsal was on {day}, more than {days} days ago: it is not started, or cannot keep its record.",
    ),
    "check.rehearsal.stopped": (
        "{day} に始まったリストア訓練が終わっていません（段階: {stage}）。次の起動で続きを行います。",
        "The restore rehearsal of {day} has not ended (stage: {stage}); its next start goes on with it.",
    ),
    "check.rehearsal.remains": (
        "訓練用テーブル {table} はまだ削除できていません。次の起動で再び削除し、{hours} 時間を過ぎると日次チェックが知らせます。",
        "The rehearsal table {table} is not deleted yet; the next starts try again, and after {hours} hours the daily check reports it.",
    ),
    "check.rehearsal.leftover": (
        "リストア訓練のテーブル {table} が {hours} 時間残っています。セッションの写し（社員 ID を含む）が保存され、料金がかかり続けます。",
        "The rehearsal table {table} has been left for {hours} hours: it holds a copy of the sessions, employee ids included, and costs money.",
    ),
    "check.rehearsal.leftover_foreign": (
        "訓練用の名前のテーブル {table} が {hours} 時間残っていますが、セッションテーブルのバックアップから作られたものではありません。削除する前に、誰が作成したかを確認してください。",
        "The table {table} has the name of a rehearsal and has been there for {hours} hours, but was not made of a backup of the sessions table: ask who made it before it is deleted.",
    ),
    "check.rehearsal.made_of": ("元のバックアップ: {backup}", "It was made of the backup {backup}"),
    "check.rehearsal.caution": (
        "{table} とその全項目が完全に削除されます（元のバックアップと {service} は残ります）。リストアの作業に使っている人がいないか、当番に確認してから実行してください。",
        "{table} and all its items are deleted for good (the backup and {service} stay). Ask on-call first whether anybody is using it to restore something.",
    ),
}
