"""template.yaml as data, and what a new alarm needs in it."""
