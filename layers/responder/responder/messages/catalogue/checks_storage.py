"""What the scheduled checks say of the images bucket."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "check.storage.part.size": ("バケットのサイズ", "the size of the bucket"),
    "check.storage.part.sample": (
        "{prefix} の使用量と最も古い画像",
        "the size of {prefix} and its oldest image",
    ),
    "check.storage.part.rules": ("ライフサイクルルール", "the lifecycle rules"),
    "check.storage.part.versions": ("バージョニングの状態", "the state of versioning"),
    "check.storage.chart": ("画像バケットのサイズ", "Size of the images bucket"),
    "check.storage.no_size": (
        "{bucket} のストレージメトリクスは、この {days} 日間ありません。",
        "There has been no storage metric of {bucket} for {days} days.",
    ),
    "check.storage.no_size.why": (
        "空または作成直後のバケットには 1 日 1 回のメトリクスがありません。バケット名の誤りも考えられます",
        "An empty or new bucket has none of these daily metrics; the bucket's name may also be wrong",
    ),
    "check.storage.size": (
        "画像バケットは {size}、オブジェクト {objects} 個（{day}）。{days} 日前の {before} から {change}。",
        "The images bucket holds {size} in {objects} objects ({day}): {change} against {before} {days} days before.",
    ),
    "check.storage.size.old": (
        "画像バケットのサイズは {day} を最後に更新されていません（{size}、オブジェクト {objects} 個）。",
        "There is no figure of the images bucket since {day} ({size} in {objects} objects).",
    ),
    "check.storage.size.first": (
        "画像バケットは {size}、オブジェクト {objects} 個（{day}）。1 週間前のデータはありません。",
        "The images bucket holds {size} in {objects} objects ({day}); there is no figure of a week before.",
    ),
    "check.storage.size.fast": (
        "1 週間で 1.5 倍を超えるペースです。セッション数とライフサイクルルールを確認してください",
        "More than half as much again in a week: compare it with the sessions and the lifecycle rules",
    ),
    "check.storage.size.what": (
        "バケット全体の値で、旧バージョンと未完了のアップロードを含みます（CloudWatch、1 日 1 回）",
        "Of the whole bucket, old versions and half uploads included (CloudWatch, once a day)",
    ),
    "check.storage.empty": ("{prefix} に画像はありません。", "There are no images under {prefix}."),
    "check.storage.sample": (
        "{prefix} は {size}、オブジェクト {count} 個。最も古いものは {age} 日前です（約束は {promised} 日）。",
        "{prefix} holds {size} in {count} objects; the oldest is {age} days old (promised: {promised}).",
    ),
    "check.storage.sample.cut": (
        "{prefix} は少なくとも {size}、オブジェクト {count} 個以上。途中までの確認で、その中で最も古いものは {age} 日前です（約束は {promised} 日）。",
        "{prefix} holds at least {size} in {count} objects; not all were counted. The oldest of these is {age} days old (promised: {promised}).",
    ),
    "check.storage.outlived": (
        "{prefix} の {count} 個のうち {late} 個が、約束の {promised} 日を過ぎても残っています（最も古いものは {age} 日前）。",
        "{late} of {count} objects under {prefix} have outlived the promised {promised} days (the oldest is {age} days old).",
    ),
    "check.storage.sample.size": (
        "合計 {size}、オブジェクト {count} 個",
        "{size} in {count} objects altogether",
    ),
    "check.storage.sample.least": (
        "少なくとも {size}、オブジェクト {count} 個以上",
        "At least {size} in {count} objects",
    ),
    "check.storage.sample.rest": (
        "キー順に先頭から数え、上限（200,000 個または 10 秒）で打ち切りました。残りにはさらに古いものがある可能性があります",
        "Counted in the order of keys up to the limit (200,000 objects or 10 seconds); the rest may hold older ones",
    ),
    "check.storage.never": (
        "{prefix} を {promised} 日で削除する有効なルールがありません。",
        "No rule in force deletes {prefix} after {promised} days.",
    ),
    "check.storage.old_never": (
        "{prefix} は {days} 日で見えなくなりますが、旧バージョンは削除されず残り続けます（約束は {promised} 日）。",
        "{prefix} is hidden after {days} days, but its old versions stay for ever (promised: {promised} days).",
    ),
    "check.storage.too_long": (
        "{prefix} は {days} 日（旧バージョンを含めて {whole} 日）残ります。約束は {promised} 日です。",
        "{prefix} is kept for {days} days ({whole} with old versions); {promised} were promised.",
    ),
    "check.storage.old_too_long": (
        "{prefix} は {days} 日の後、旧バージョンとしてさらに {old} 日、合わせて {whole} 日残ります。約束は {promised} 日です。",
        "{prefix} is kept for {days} days and then as an old version for {old} more, {whole} in all; {promised} were promised.",
    ),
    "check.storage.too_short": (
        "{prefix} は {days} 日で見えなくなります（旧バージョンを含めて {whole} 日で削除）。手順書では {promised} 日です。",
        "{prefix} is gone from view after {days} days (deleted after {whole} with old versions); the manual keeps it for {promised}.",
    ),
    "check.storage.kept": (
        "{prefix} は {days} 日（旧バージョンを含めて {whole} 日）で削除されます（約束は {promised} 日）。",
        "{prefix} is deleted after {days} days ({whole} with old versions; promised: {promised}).",
    ),
    "check.storage.several": (
        "ライフサイクルルールが約束どおりでないプレフィックスが {count} 個あります: {findings}",
        "Prefixes whose lifecycle rules do not keep what was promised: {count}. {findings}",
    ),
    "check.storage.whole_list": (
        "コマンドは、ほかのルールも含めて一覧全体を書き込みます。レポートの後にルールが変わっていれば、何もしません",
        "The command writes the whole list, other rules included, and does nothing where a rule was changed "
        "after this report",
    ),
    "check.storage.caution": (
        "実行から約 2 日のうちに、次のものが削除され、元に戻せません: {lost}。"
        "法的な保全や進行中の調査に必要なものがないか、実行前にデータの責任者に確認してください",
        "Within about two days S3 deletes for good: {lost}. Ask the owner of the data first whether a legal "
        "hold or a running investigation needs any of it",
    ),
    "check.storage.caution.longer": (
        "削除が早まるものはありませんが、画像が今より長く残ります。実行前に、日数を変更した人とデータの責任者に確認してください",
        "Deletes nothing sooner, but images are kept longer than now. Ask who changed the days, and the owner "
        "of the data, first",
    ),
    "check.storage.lost.older": (
        "{prefix} の {days} 日を過ぎたすべてのオブジェクト",
        "every object of {prefix} that is older than {days} days",
    ),
    "check.storage.lost.between": (
        "{prefix} の {days} 日を過ぎたオブジェクト（今は {until} 日まで残ります）",
        "objects of {prefix} that are older than {days} days (kept until day {until} now)",
    ),
    "check.storage.lost.old": (
        "{prefix} の、上書きや削除から {days} 日を過ぎた旧バージョン",
        "old versions of {prefix}, {days} days after they were overwritten or deleted",
    ),
    "check.storage.by_hand.long": (
        "ルールが多く、1 行のコマンドに収まりません。一覧を見て直してください",
        "The rules are too many for one line: look at the list and change it",
    ),
    "check.storage.by_hand.named": (
        "個々のオブジェクトを指すルールがあるため、ここには書き出しません。一覧を見て直してください",
        "A rule names a single object, so the list is not written out here: look at it and change it",
    ),
    "check.storage.by_hand.other": (
        "ほかのルールが先に削除するため、足すだけでは直りません。一覧を見て、そのルールの範囲か日数を直してください",
        "Another rule ends it first, so adding one does not help: look at the list and change that rule",
    ),
    "check.storage.cdk": (
        "CDK にも同じ変更を入れてください。次の cdk deploy で元に戻ります",
        "Change it in the CDK stack, too: the next cdk deploy undoes it",
    ),
}
