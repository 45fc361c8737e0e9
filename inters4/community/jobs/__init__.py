"""Background work of communities."""
