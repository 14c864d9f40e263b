"""Mutation testing of what decides: every small change of the code that no test notices is listed."""
