"""CloudFormation: what it refuses, and what ministack drops of a template."""
