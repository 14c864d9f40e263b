"""The monthly security audit."""
