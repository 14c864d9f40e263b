"""The words of the first line: what is broken, what we did, what you must do."""

MESSAGES: dict[str, tuple[str, str]] = {
    "report.command": ("{alarm} への指示の結果です", "Result of a command for {alarm}"),
    "report.normal": (
        "{alarm} が発報しましたが、対処が要る異常は見つかりません: {cause}",
        "{alarm} went off, but nothing that needs fixing was found: {cause}",
    ),
    "report.broken": ("{alarm} が ALARM です", "{alarm} is in ALARM"),
    "did.nothing": ("自動では何も変更していません。", "Nothing was changed automatically."),
    "did.crashed": (
        "自動対応が途中で失敗しました。",
        "The automation failed half-way.",
    ),
    "did.applied": ("{remedy}を実施しました。", "Done: {remedy}."),
    "did.started": ("{remedy}を実施しました（反映中）。", "Done, taking effect: {remedy}."),
    "did.partial": ("{remedy}は一部だけ実施できました。", "Only partly done: {remedy}."),
    "did.already": ("{remedy}はすでに設定済みでした。", "Already so: {remedy}."),
    "did.asked": ("{remedy}には承認が必要です。", "Waiting for approval: {remedy}."),
    "did.observed": ("{remedy}を提案します（未実施）。", "Only proposed: {remedy}."),
    "did.refused": ("{remedy}は見送りました。", "Not done: {remedy}."),
    "did.failed": ("{remedy}は失敗しました。", "Failed: {remedy}."),
    "did.stepped": (
        "{remedy}を実施しました（元の値への途中です）。",
        "Done, not at the old value yet: {remedy}.",
    ),
    "did.taken_back": ("{remedy}を元に戻しました。", "Taken back: {remedy}."),
    "did.kept": ("手動で変更された値を残しました: {remedy}。", "Left as changed by hand: {remedy}."),
    "must.approve": ("承認か却下をしてください（{until} まで）。", "Approve or reject it (by {until})."),
    "must.continue": (
        "反映を自動で確認しています。",
        "Whether it takes effect is being watched.",
    ),
    "must.go_on": (
        "この段階を自動で確認し、次の段階の承認を求めます。",
        "This step is being watched; then you are asked for the next one.",
    ),
    "must.finish": (
        "残りを確認し、手で直してください。",
        "Check what is left and put it right by hand.",
    ),
    "must.by_hand": ("下の手順で、手で対応してください。", "Follow the steps below by hand."),
    "must.restore": (
        "原因の解消を急いでください。復旧したら、元に戻す手順を自動で知らせます。",
        "Fix the cause soon. Once it recovers, you are told how it is restored.",
    ),
    "must.act": ("「次の作業」を上から行ってください。", "Work through What you do below."),
    "must.read_reason": (
        "変更はしていません。下の理由を確認してください。",
        "Nothing was changed; the reason is below.",
    ),
    "must.watch": ("回復を見守ってください。", "Watch it recover."),
    "security.lowered": ("【セキュリティ低下中】", "[SECURITY LOWERED]"),
    "security.rollout_to_zero": (
        "Liveness 検証が無効になっており、写真や動画によるなりすましを防げません。",
        "The liveness check is off; photos and videos can pass.",
    ),
    "security.rollout_to_zero_unreleased": (
        "Liveness 検証は $LATEST では無効ですが、切り替えていないエイリアスがあり、"
        "その利用者には以前の値が使われています。",
        "The liveness check is off in $LATEST, but not every alias has been moved to it; "
        "users of the others have the check as before.",
    ),
    "security.lower_threshold_unreleased": (
        "信頼度閾値は $LATEST では下がっていますが、切り替えていないエイリアスがあり、"
        "その利用者には以前の値が使われています。",
        "The confidence threshold is lowered in $LATEST, but not every alias has been moved to it; "
        "users of the others have the threshold as before.",
    ),
    "security.rollout_to_zero_in_part": (
        "Liveness 検証が一部の関数で無効になっており、そこでは写真や動画によるなりすましを防げません。",
        "The liveness check is off in some of the functions; photos and videos can pass there.",
    ),
    "security.lower_threshold_in_part": (
        "一部の関数で信頼度閾値を下げています。そこではなりすましが通りやすくなっています。",
        "The confidence threshold is lowered in some of the functions; spoofing passes more easily there.",
    ),
    "security.rollout_restoring": (
        "Liveness 検証を元に戻している途中です。戻り切るまで、写真や動画によるなりすましを防げません。",
        "The liveness check is coming back; until it is, photos and videos can pass.",
    ),
    "security.lower_threshold": (
        "信頼度閾値を下げています。なりすましが通りやすくなっています。",
        "The confidence threshold is lowered; spoofing passes more easily.",
    ),
}
