"""One module per alarm: what is broken, and what must come of it."""
