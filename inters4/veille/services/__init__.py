"""Verbs that change what is watched, found and summarised."""
