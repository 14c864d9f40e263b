"""The scheduled checks: one module per question of the manual's daily, weekly and monthly lists."""
