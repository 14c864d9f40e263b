"""What on-call is told of a change that concerns every incident, before it is made."""

MESSAGES: dict[str, tuple[str, str]] = {
    "notice.mode": (
        "{person} が{what}を変更します。",
        "{person} is changing a mode: {what}.",
    ),
    "notice.settings": (
        "{person} が設定文書を変更します。",
        "{person} is changing the settings document.",
    ),
    "notice.setting": ("{key}: {before} → {after}", "{key}: {before} → {after}"),
    "notice.default": ("既定値", "default"),
    "notice.person": ("{person}: {before} → {after}", "{person}: {before} → {after}"),
    "notice.identities": ("{person}: ID を変更", "{person}: identities changed"),
    "notice.not_registered": ("登録なし", "not registered"),
    "notice.no_class": ("承認できる種類なし", "no class"),
    "notice.failed": (
        "{person} による変更は反映されていない可能性があります（{call}）。現在の値を確認してください。",
        "The change by {person} may not have been made ({call}). Check the present value.",
    ),
    "notice.not_sent": (
        "変更は有効ですが、オンコールに通知できませんでした（{call}）。",
        "The change is in effect, but on-call could not be told ({call}).",
    ),
    # --- self-test
    "notice.self_test": (
        "セルフテスト: {stack} の通知が届くことを確認するテスト通知です。障害ではなく、対応は不要です。",
        "Self-test: this message shows that messages of {stack} arrive. "
        "Nothing is wrong, and no action is needed.",
    ),
    "notice.self_test_mode": (
        "監視対象のサービスは確認も変更もしていません。現在のモード: {mode}、有効な停止: {stops} 件",
        "The service was neither checked nor changed. Current mode: {mode}; active stops: {stops}",
    ),
    "notice.self_test_no_mode": ("読み取れません（observe として動作）", "unreadable (it only observes)"),
    "notice.self_test_ready": (
        "次の作業 1: 現在の環境で動作しない対処を確認する: liveness-ops check daily {options}",
        "Next, 1: see which remedies do not work here yet: liveness-ops check daily {options}",
    ),
    "notice.self_test_people": (
        "次の作業 2: 承認できる人を登録する（docs/people.ja.md）: liveness-ops settings {options}",
        "Next, 2: register who may approve (docs/people.md): liveness-ops settings {options}",
    ),
    "notice.self_test_week": (
        "次の作業 3: 1 週間は observe のまま、メッセージに書かれた「実行しなかった対処」を確認する。"
        "その後、自動対応を有効にする: liveness-ops mode auto {options}",
        "Next, 3: leave it in mode observe for a week and read what it would have done. "
        "Then let it act: liveness-ops mode auto {options}",
    ),
    "notice.self_test_stop": (
        "すべての対処を直ちに止めるコマンド: "
        "aws ssm put-parameter --region {region} --name {path}/stops/everything --type String --value stop",
        "To stop every action at once: "
        "aws ssm put-parameter --region {region} --name {path}/stops/everything --type String --value stop",
    ),
}
