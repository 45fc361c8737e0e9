"""Reads of home: its pages, and the questions box."""
