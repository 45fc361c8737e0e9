"""Reads of the veille domain: one summary, the public list, the desk."""
