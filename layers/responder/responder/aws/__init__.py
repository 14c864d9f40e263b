"""The only room that imports boto3. Errors are translated here."""
