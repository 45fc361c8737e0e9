"""Reads of communities; `visibility` says who reads what."""
