"""Who watches the watchers: open incidents that nobody follows, changes that nobody takes back."""
