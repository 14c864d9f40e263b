import os

# Whole copies of the repository are checked: `make recipe` and `make proof` do so, `make test` does not.
collect_ignore = [] if os.environ.get("PROOF") or os.environ.get("RECIPE") else ["test_recipe.py"]
