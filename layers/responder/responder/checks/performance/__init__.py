"""The monthly performance report."""
