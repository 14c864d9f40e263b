"""The weekly look at the images bucket and the sessions table."""
