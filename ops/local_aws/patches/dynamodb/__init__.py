"""DynamoDB: tables, backups, scaling."""
