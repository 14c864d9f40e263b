"""Bringing back what was lost, and keeping what would be: each shown first, done only with --yes."""
