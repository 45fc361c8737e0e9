"""Reads of notices: what waits for a person, who wants what, which digests are due."""
