"""The five commands: each re-reads everything that its command names before it touches anything."""
