"""The report of an incident: built from what is on record, measured, rendered and filed."""
