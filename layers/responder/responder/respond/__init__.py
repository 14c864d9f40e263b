"""The response, step by step: what happens around a playbook's pure decision."""
