"""Pauses and modes, as a person sets them from a terminal."""

MESSAGES: dict[str, tuple[str, str]] = {
    # --- pause, resume
    "ops.no_time": (
        "時刻「{typed}」を読めません。例: 2h、1h30m、22:00、22:00JST、2026-02-04T22:00、2026-02-04T13:00Z",
        'Cannot read the time "{typed}". For example: 2h, 1h30m, 22:00, 22:00JST, 2026-02-04T22:00, '
        "2026-02-04T13:00Z",
    ),
    "ops.pause_why": ("停止の理由（--reason）を書いてください。", "Say why with --reason."),
    "ops.pause_past": (
        "終わり（{until}）が始まりより前か、過ぎています。何も書き込んでいません。",
        "The end ({until}) is past, or before the beginning. Nothing was written.",
    ),
    "ops.pause_long": (
        "長い停止です: {days} 日後の {date} まで。",
        "That is long: until {date}, {days} days from now.",
    ),
    "ops.pause_name": (
        "停止設定の名前に使えるのは英数字と _ . - で、64 文字までです（everything は使えません）。",
        "The name of a pause has letters, digits, _ . and -, 64 at most, and is not everything.",
    ),
    "ops.paused": (
        "停止設定「{name}」: 次の対応から {until} まで、自動対応は何も変更しません。",
        'The pause "{name}": from the next response on until {until} the automation changes nothing.',
    ),
    "ops.window": (
        "停止設定「{name}」を予約しました: {since} から {until} まで、自動対応は何も変更しません。",
        'The pause "{name}" is announced: from {since} until {until} the automation changes nothing.',
    ),
    "ops.pause_means": (
        "調査と通知は続きます。自動で元に戻す処理も、その間は止まります。",
        "Looking and telling go on; taking back waits as well.",
    ),
    "ops.pause_undo": ("再開: liveness-ops resume {name}", "To end it: liveness-ops resume {name}"),
    "ops.pause_taken": (
        "同じ名前の停止設定があります。上書きしません。別の名前にしてください: {pause}",
        "There is a pause of this name; it is not written over. Take another name: {pause}",
    ),
    "ops.pause_line": (
        "{name}  設定者 {who}、理由: {why}（{until} まで）",
        "{name}  by {who}: {why} (until {until})",
    ),
    "ops.pause_planned": (
        "{name}  予約、設定者 {who}、理由: {why}（{since} から {until} まで）",
        "{name}  announced by {who}: {why} (from {since} until {until})",
    ),
    "ops.pauses": ("停止設定:", "Pauses:"),
    "ops.paused_now": (
        "停止中です。モードにかかわらず、今は何も変更しません。",
        "Paused: whatever the modes say, nothing is changed right now.",
    ),
    "ops.nothing_paused": ("停止設定はありません。", "Nothing is paused."),
    "ops.several_pauses": (
        "停止設定が複数あります。名前を指定してください。",
        "There are several pauses. Name one.",
    ),
    "ops.ask_resume": ("{who} が設定した停止を解除しますか", "{who} paused it. End it?"),
    "person.resumed": (
        "停止設定「{name}」を解除しました（設定者 {who}、理由: {why}）。次の対応から有効です。",
        'The pause "{name}" is ended ({who} had paused: {why}). It counts from the next response on.',
    ),
    "ops.still_paused": ("まだ停止中です:", "Still paused by:"),
    # --- mode
    "ops.modes": ("モード（全体: {mode}）", "Modes (global: {mode})"),
    "ops.col_id": ("ID", "Id"),
    "ops.col_remedy": ("対応", "Action"),
    "ops.col_own": ("設定", "Own mode"),
    "ops.col_ceiling": ("上限", "Ceiling"),
    "ops.col_effective": ("実際のモード", "Effective"),
    "ops.unreadable": ("なし（observe 扱い）", "none (counts as observe)"),
    "ops.no_remedy": (
        "対応「{remedy}」はありません。指定できるもの: {known}",
        'There is no remedy "{remedy}". Known: {known}',
    ),
    "ops.no_mode": (
        "モード「{mode}」はありません。observe、approve、auto のどれかです。",
        'There is no mode "{mode}"; it is observe, approve or auto.',
    ),
    "ops.people": ("登録されている人（{count} 人）", "Registered people ({count})"),
    "ops.col_person": ("名前", "Name"),
    "ops.col_identities": ("ID", "Identities"),
    "ops.col_may": ("承認できる種類", "May approve"),
    "ops.person_changed": ("{name}: {before} → {after}", "{name}: {before} → {after}"),
    "ops.ask_settings": (
        "設定文書をこのファイルに置き換えますか（変更: {count} 件）",
        "Replace the settings document with this file (changes: {count})?",
    ),
    "ops.settings": ("設定", "Settings"),
    "ops.col_setting": ("項目", "Key"),
    "ops.col_value": ("値", "Value"),
    "ops.col_source": ("設定元", "From"),
    "ops.col_meaning": ("意味", "Meaning"),
    "ops.from_document": ("設定文書", "document"),
    "ops.from_default": ("既定値", "default"),
    "ops.settings_fallback": (
        "モードは observe として扱い、承認は受け付けません。時間と連絡先には、使える最新の版を使います。",
        "Modes count as observe and approvals are refused; for times and contacts the newest usable version "
        "counts:",
    ),
    "ops.settings_valid": (
        "正しい設定文書です（人: {people}、設定: {settings}、{bytes} / {most} バイト）。",
        "Valid settings document (people: {people}, settings: {settings}, {bytes} of {most} bytes).",
    ),
    "ops.settings_never_set": (
        "設定文書はまだ設定されていません。テンプレートの最初の設定（/スタック名/first-settings）が有効です。",
        "The settings document has not been set yet; the template's first settings (/STACK/first-settings) "
        "count.",
    ),
    "ops.settings_history": ("設定文書の履歴", "History of the settings document"),
    "ops.lines": ("{lines}", "{lines}"),
    "ops.settings_unusable": ("使えない版", "not usable"),
    "ops.col_version": ("版", "Version"),
    "ops.col_at": ("日時", "At"),
    "ops.col_set_by": ("変更した人", "By"),
    "ops.col_changed": ("変更点", "Changed"),
    "ops.unreadable_file": ("{file} を読み取れません（{kind}）。", "{file} cannot be read ({kind})."),
    "ops.ask_mode": ("{mode} にしますか", "Set it to {mode}?"),
    "person.mode_set": ("{what}: {before} → {mode}", "{what}: {before} → {mode}"),
    "person.mode_held": (
        "全体のモードの方が厳しいため、実際には {mode} です。",
        "The global mode is stricter: in effect it is {mode}.",
    ),
    "ops.everywhere": ("すべての対応", "every action"),
    "ops.means_observe": (
        "{what}: 次の対応から、何をするかを伝えるだけになります。元に戻す処理も止まります。",
        "{what}: from the next response on it only says what would be done; taking back waits as well.",
    ),
    "ops.means_approve": (
        "{what}: 次の対応から、人が承認したものだけ実行します。",
        "{what}: from the next response on it asks a person first.",
    ),
    "ops.means_auto": (
        "{what}: 次の対応から、条件を満たせば承認なしで実行します。",
        "{what}: from the next response on it acts by itself where every guard allows it.",
    ),
}
