"""Suites that every implementation of a protocol passes, through its public names alone."""
