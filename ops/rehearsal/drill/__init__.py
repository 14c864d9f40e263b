"""Rehearsals of the whole chain on a local AWS."""
