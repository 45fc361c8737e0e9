"""Writing pages, and the life of a question."""
