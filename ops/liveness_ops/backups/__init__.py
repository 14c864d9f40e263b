"""Restore what was lost, and protect what could be lost: each step is shown first and done only with
--yes."""
