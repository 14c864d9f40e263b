"""The weekly check of the images bucket and the sessions table."""
