"""What is said of people's decisions."""

MESSAGES: dict[str, tuple[str, str]] = {
    "guard.one_more": (
        "{person} が承認済みです。{people} 人の承認が必要なため、別の人の承認を待っています",
        "{person} approved it; {people} different people are needed, so it waits for another one",
    ),
}
