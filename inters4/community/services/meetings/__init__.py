"""Verbs of meetings."""
