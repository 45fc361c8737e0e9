"""Answering a search, and asking the index worker for something."""
