"""What is wrong with the settings document, and what follows from it."""

_NO = "設定文書（SSM の /スタック名/settings）"

MESSAGES: dict[str, tuple[str, str]] = {
    "settings.missing": (
        f"{_NO}がありません",
        "the settings document (/STACK/settings in SSM) does not exist",
    ),
    "settings.deleted": (
        f"{_NO}が削除されています（テンプレートの最初の設定は代わりに使いません）",
        "the settings document (/STACK/settings in SSM) was deleted; the template's first settings do not "
        "replace it",
    ),
    "settings.not_json": (f"{_NO}が JSON ではありません", "the settings document is not JSON"),
    "settings.too_large": (
        f"{_NO}が 4 KB を超えています",
        "the settings document is larger than 4 KB",
    ),
    "settings.unknown_key": (
        f"{_NO}に未知の項目 {{where}} があります",
        "the settings document holds an unknown key, {where}",
    ),
    "settings.wrong_type": (
        f"{_NO}の {{where}} の型が違います",
        "the value of {where} in the settings document has the wrong type",
    ),
    "settings.not_whole": (
        f"{_NO}の {{where}} は整数で指定してください（15 のように。15.0 は使えません）",
        "{where} in the settings document must be a whole number (15, not 15.0)",
    ),
    "settings.bad_value": (
        f"{_NO}の {{where}} に使えない値があります",
        "{where} in the settings document holds a value that is not allowed",
    ),
    "settings.out_of_range": (
        f"{_NO}の値が範囲外です: {{where}}",
        "a value in the settings document is out of range: {where}",
    ),
    "settings.bad_count": (
        f"{_NO}の要素の数が範囲外です: {{where}}",
        "a list in the settings document has too few or too many entries: {where}",
    ),
    "settings.not_ascending": (
        f"{_NO}の {{where}} は小さい順に、重複なく並べてください",
        "the numbers of {where} in the settings document must be in ascending order, without repeats",
    ),
    "settings.contradiction": (
        f"{_NO}の {{where}} が矛盾しています（既定値も含めて比べます）",
        "two values in the settings document contradict each other, defaults included: {where}",
    ),
    "settings.bad_name": (
        f"{_NO}の {{where}} は名前として使えません（文字、数字、空白、. _ - @ ' + ・だけで、64 文字まで）",
        "{where} in the settings document is not a valid name (letters, digits, blanks and . _ - @ ' +; "
        "up to 64 characters)",
    ),
    "settings.reserved": (
        f"{_NO}の {{where}} は、自動で行われたことを示す名前のため使えません",
        "{where} in the settings document is reserved for automatic actions and cannot be a person's name",
    ),
    "settings.no_identity": (
        f"{_NO}の {{where}} に slack も aws もありません",
        "{where} in the settings document has neither slack nor aws",
    ),
    "settings.unknown_role": (
        f"{_NO}の {{where}} が、roles にないロールを指しています",
        "{where} in the settings document names a role that is not in roles",
    ),
    "settings.twice": (
        f"{_NO}に {{where}} が重複しています",
        "{where} appears twice in the settings document",
    ),
    "settings.same_name": (
        f"{_NO}の {{where}} は同じ名前とみなされます（大文字・全角の違いは区別しません）",
        "the names {where} in the settings document count as the same name (capitals and full-width letters "
        "make no difference)",
    ),
    "settings.shared": (
        f"{_NO}の {{where}} に同じ ID が登録されています",
        "one identity in the settings document belongs to two people: {where}",
    ),
    "settings.refused_to_all": (
        "設定文書がないか正しくないため、本人を確認できません。何も実行していません。"
        "内容は liveness-ops settings と日次チェックで確認できます。",
        "The settings document is missing or invalid, so you cannot be identified. Nothing was done. "
        "liveness-ops settings and the daily check say what is wrong.",
    ),
    "settings.refused": (
        "{reason}。モードは observe として扱い、承認・却下・確認応答は受け付けません",
        "All modes are treated as observe; approvals, rejections and acknowledgements are refused: {reason}",
    ),
}
