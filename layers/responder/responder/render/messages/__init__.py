"""The catalogue: one dictionary per room, key -> (Japanese, English)."""
